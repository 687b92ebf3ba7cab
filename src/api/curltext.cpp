// SPDX-License-Identifier: MIT
#include "curltext.h"

#include "codeflow.h"
#include "jsoncodec.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

QString quoted(QString text)
{
    return u'\'' + text.replace(u'\'', "'\\''"_L1) + u'\'';
}

QString call(const QString &url, const QString &rest)
{
    return u"curl -sN -H \"X-API-Key: $VR_API_KEY\" %1 \\\n  %2"_s.arg(rest, quoted(url));
}

QString sandboxUrl(const QUrl &baseUrl, const QString &sandboxId)
{
    return baseUrl.toString(QUrl::FullyEncoded | QUrl::StripTrailingSlash) % u"/sandboxes/"_s %
           sandboxId;
}

}  // namespace

QString curlText(const QUrl &baseUrl, const QString &sandboxId, const ExecRequest &request)
{
    return call(sandboxUrl(baseUrl, sandboxId) % u"/exec-stream"_s,
                u"-H 'Content-Type: application/json' \\\n  -d "_s +
                    quoted(QString::fromUtf8(codec::toJson(request)))) %
           u'\n';
}

QString curlText(const QUrl &baseUrl, const QString &sandboxId, const CodeRequest &request)
{
    ExecRequest run;
    run.command = inlineCommand(request.language, request.code);
    run.timeout = request.timeout;
    run.env = request.env;
    run.cwd = request.cwd;
    if (!run.command.isEmpty())
        return curlText(baseUrl, sandboxId, run);
    const QString path = u"/tmp/code"_s + fileEnding(request.language);
    run.command = fileCommand(request.language, path);
    return u"printf '%s' "_s % quoted(request.code) % u" |\n  "_s %
           call(sandboxUrl(baseUrl, sandboxId) % u"/files/upload?path="_s % path,
                u"-H 'Content-Type: application/octet-stream' --data-binary @-"_s) %
           u"\n"_s % curlText(baseUrl, sandboxId, run);
}

}  // namespace voidrun
