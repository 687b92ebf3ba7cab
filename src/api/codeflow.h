// SPDX-License-Identifier: MIT
#pragma once

#include <QBuffer>
#include <QObject>

#include "client.h"

namespace voidrun
{

// Why this is no code that can run. Errors: InvalidInput.
std::optional<Error> checkCode(const QString &code);
// The shell line for code that is short and plain; empty for other code, which needs a file.
QString inlineCommand(Language language, const QString &code);
// The shell line that runs code from a file and removes it.
QString fileCommand(Language language, const QString &path);
QString fileEnding(Language language);
CodeResult codeResult(const ExecResult &result);

// One run of code (contract section 3, code interpreter): as one exec, or as upload, exec and
// removal of a file in /tmp. The removal is sent whatever came before, a cancel included; so the
// flow belongs to the client and may outlive its reply.
class CodeFlow : public QObject
{
    Q_OBJECT

public:
    CodeFlow(Client &client, const QString &sandboxId, const CodeRequest &request);

    Reply<CodeResult> *reply() const { return m_reply; }

private:
    void run(const QString &command);
    void upload();
    void removeFile();
    void finish();

    Client &m_client;
    const QString m_sandboxId;
    const CodeRequest m_request;
    QString m_path;  // of the file in the sandbox; empty where none is needed
    QBuffer m_code;
    QPointer<Reply<CodeResult>> m_reply;
    QPointer<ReplyBase> m_step;  // the call under way
    Result<CodeResult> m_result;
};

}  // namespace voidrun
