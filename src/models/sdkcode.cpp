// SPDX-License-Identifier: MIT
#include "sdkcode.h"

#include "api/profile.h"

using namespace Qt::StringLiterals;

namespace voidrun::sdkcode
{

namespace
{

// A text between double quotes, as Python, JavaScript and JSON read it.
QString literal(const QString &text)
{
    QString quoted = u"\""_s;
    for (const QChar c : text) {
        if (c == u'"' || c == u'\\')
            quoted += QString(u'\\') + c;
        else if (c == u'\n')
            quoted += "\\n"_L1;
        else if (c == u'\t')
            quoted += "\\t"_L1;
        else if (c.unicode() < 0x20 || c.unicode() == 0x7f || c.unicode() == 0x2028 ||
                 c.unicode() == 0x2029)
            quoted += u"\\u%1"_s.arg(int(c.unicode()), 4, 16, QChar(u'0'));
        else
            quoted += c;
    }
    return quoted + u'"';
}

QString variables(const RunRequest &request)
{
    QStringList entries;
    for (const auto &[name, value] : request.environment.asKeyValueRange())
        entries.append(literal(name) % u": "_s % literal(value));
    return u'{' + entries.join(u", "_s) + u'}';
}

bool isDefault(const QUrl &baseUrl)
{
    return baseUrl == ConnectionProfile::hostedBaseUrl() ||
           baseUrl == QUrl(u"https://api.void-run.com/api"_s);  // of newer SDKs
}

QString address(const QUrl &baseUrl)
{
    return literal(baseUrl.toString(QUrl::FullyEncoded));
}

QString languageWord(Language language)
{
    switch (language) {
        case Language::Python:
            return u"python"_s;
        case Language::JavaScript:
        case Language::Node:
            return u"javascript"_s;
        case Language::TypeScript:
            return u"typescript"_s;
        case Language::Bash:
        case Language::Sh:
            return u"bash"_s;
    }
    return {};  // of another version
}

}  // namespace

QString python(const QUrl &baseUrl, const RunRequest &request)
{
    QStringList arguments;
    if (request.isCode)
        arguments = {literal(request.text),
                     u"language="_s + literal(languageWord(request.language))};
    else
        arguments = {u"command="_s + literal(request.text)};
    if (!request.folder.isEmpty())
        arguments.append(u"cwd="_s + literal(request.folder));
    if (!request.environment.isEmpty())
        arguments.append(u"env="_s + variables(request));
    arguments.append(u"timeout=%1"_s.arg(request.timeout));
    return u"from voidrun import VoidRun\n\n"
           "sandbox = VoidRun(%1).get_sandbox(%2)\n"
           "result = sandbox.%3(\n    %4,\n)\n"
           "print(%5)\n"_s.arg(isDefault(baseUrl) ? QString() : u"base_url="_s + address(baseUrl),
                               literal(request.sandboxId),
                               request.isCode ? u"interpreter.run_code"_s : u"exec"_s,
                               arguments.join(u",\n    "_s),
                               request.isCode ? u"result.stdout"_s : u"result.data.stdout"_s);
}

QString typeScript(const QUrl &baseUrl, const RunRequest &request)
{
    QStringList options;
    if (request.isCode)
        options.append(u"language: "_s + literal(languageWord(request.language)));
    else
        options.append(u"command: "_s + literal(request.text));
    if (!request.folder.isEmpty())
        options.append(u"cwd: "_s + literal(request.folder));
    if (!request.environment.isEmpty())
        options.append(u"env: "_s + variables(request));
    options.append(u"timeout: %1"_s.arg(request.timeout));
    const QString call =
        request.isCode ? u"runCode("_s % literal(request.text) % u", {\n  "_s : u"exec({\n  "_s;
    return u"import { VoidRun } from \"@voidrun/sdk\";\n\n"
           "const sandbox = await new VoidRun({"_s %
           (isDefault(baseUrl) ? QString() : u" baseUrl: "_s % address(baseUrl) % u' ') %
           u"}).getSandbox("_s % literal(request.sandboxId) %
           u");\nconst result = await sandbox."_s % call % options.join(u",\n  "_s) %
           u",\n});\nconsole.log("_s %
           (request.isCode ? u"result.stdout"_s : u"result.data?.stdout"_s) % u");\n"_s;
}

}  // namespace voidrun::sdkcode
