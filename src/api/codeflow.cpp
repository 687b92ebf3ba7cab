// SPDX-License-Identifier: MIT
#include "codeflow.h"

#include <QJsonArray>
#include <QUuid>

#include <algorithm>

#include "clientcalls.h"
#include "jsontext.h"

namespace voidrun
{

using namespace Qt::StringLiterals;

namespace
{

constexpr qsizetype maxInline = 1000;  // characters
constexpr qsizetype maxCode = 16LL * 1024 * 1024;

QLatin1StringView programOf(Language language)
{
    switch (language) {
        case Language::Python:
            return "python3"_L1;
        case Language::JavaScript:
        case Language::Node:
            return "node"_L1;
        case Language::TypeScript:
            return "tsx"_L1;
        case Language::Bash:
            return "bash"_L1;
        case Language::Sh:
            return "sh"_L1;
    }
    Q_UNREACHABLE_RETURN({});
}

QLatin1StringView codeOption(Language language)
{
    const bool isNode = language == Language::JavaScript || language == Language::Node ||
                        language == Language::TypeScript;
    return isNode ? "-e"_L1 : "-c"_L1;
}

// The last line of the output: what it says as JSON, else as it is.
QVariant resultOf(const QStringList &lines)
{
    const auto last = std::ranges::find_if(lines.rbegin(), lines.rend(), [](const QString &line) {
        return !line.trimmed().isEmpty();
    });
    if (last == lines.rend())
        return {};
    // Qt parses no bare values, only a list of them.
    const QJsonArray values =
        parseJson(u"[%1]"_s.arg(*last).toUtf8()).value_or(QJsonDocument()).array();
    return values.size() == 1 ? values.first().toVariant() : QVariant(*last);
}

QStringList linesOf(const QString &text)
{
    QStringList lines = text.split(u'\n');
    if (lines.last().isEmpty())
        lines.removeLast();
    return lines;
}

}  // namespace

std::optional<Error> checkCode(const QString &code)
{
    if (code.trimmed().isEmpty())
        return check(false, u"there is no code to run"_s);
    if (code.contains(QChar(0)))
        return check(false, u"the code holds a NUL character, which no program text may have"_s);
    if (!code.isValidUtf16())
        return check(false, u"the code is not valid text"_s);
    return check(code.size() <= maxCode, u"the code is over 16 million characters"_s);
}

QString inlineCommand(Language language, const QString &code)
{
    // A leading minus would be taken for an option; so would, by some shells, a plus.
    const bool isPlain = code.size() < maxInline && !code.contains("\n\n"_L1) &&
                         !code.startsWith(u'-') && !code.startsWith(u'+');
    if (!isPlain)
        return {};
    return u"%1 %2 '%3'"_s.arg(programOf(language), codeOption(language),
                               QString(code).replace(u'\'', "'\\''"_L1));
}

QString fileCommand(Language language, const QString &path)
{
    return u"trap 'rm -f %2' EXIT; %1 %2"_s.arg(programOf(language), path);
}

QString fileEnding(Language language)
{
    switch (language) {
        case Language::Python:
            return u".py"_s;
        case Language::JavaScript:
        case Language::Node:
            return u".js"_s;
        case Language::TypeScript:
            return u".ts"_s;
        case Language::Bash:
        case Language::Sh:
            return u".sh"_s;
    }
    Q_UNREACHABLE_RETURN({});
}

CodeResult codeResult(const ExecResult &result)
{
    CodeResult code;
    code.success = result.exitCode == 0;
    code.stdOut = result.stdOut;
    code.stdErr = result.stdErr;
    code.exitCode = result.exitCode;
    code.logs = {linesOf(result.stdOut), linesOf(result.stdErr)};
    code.results = resultOf(code.logs.stdOut);
    if (!code.success)
        code.error =
            result.stdErr.isEmpty() ? u"exit status %1"_s.arg(result.exitCode) : result.stdErr;
    return code;
}

CodeFlow::CodeFlow(Client &client, const QString &sandboxId, const CodeRequest &request)
    : QObject(&client),
      m_client(client),
      m_sandboxId(sandboxId),
      m_request(request),
      m_reply(new Reply<CodeResult>(&client))
{
    connect(m_reply, &ReplyBase::abortRequested, this, [this] {
        m_result = std::unexpected(makeError(Error::Kind::Cancelled, {}));
        if (m_step)
            m_step->abort();
        if (m_reply)
            m_reply->setResult(m_result);
    });
    const QString command = inlineCommand(request.language, request.code);
    if (command.isEmpty())
        upload();
    else
        run(command);
}

void CodeFlow::upload()
{
    m_path = "/tmp/voidrun-"_L1 + QUuid::createUuid().toString(QUuid::Id128) +
             fileEnding(m_request.language);
    m_code.setData(m_request.code.toUtf8());
    m_code.open(QIODevice::ReadOnly);
    auto *step = m_client.upload(m_sandboxId, m_path, &m_code);
    m_step = step;
    step->onFinished(this, [this](const Result<Done> &uploaded) {
        if (uploaded) {
            run(fileCommand(m_request.language, m_path));
            return;
        }
        m_result = std::unexpected(uploaded.error());
        removeFile();
    });
}

void CodeFlow::run(const QString &command)
{
    auto *step = m_client.exec(m_sandboxId, {.command = command,
                                             .timeout = m_request.timeout,
                                             .env = m_request.env,
                                             .cwd = m_request.cwd});
    m_step = step;
    step->onFinished(this, [this](const Result<ExecResult> &result) {
        m_result = result.transform(codeResult);
        if (m_path.isEmpty())
            finish();
        else
            removeFile();
    });
}

void CodeFlow::removeFile()
{
    // How that goes changes nothing: mostly the file is gone already.
    m_client.remove(m_sandboxId, m_path)->onFinished(this, [this](const Result<Done> &) {
        finish();
    });
}

void CodeFlow::finish()
{
    if (m_reply)
        m_reply->setResult(m_result);
    deleteLater();
}

}  // namespace voidrun
