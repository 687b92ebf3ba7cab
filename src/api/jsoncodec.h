// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QJsonValue>
#include <QList>

#include <optional>
#include <variant>

#include "error.h"
#include "request.h"
#include "types.h"

// The contract's objects to and from JSON, in the *codec.cpp files: with streamcodec.h the only
// place that knows the names of fields. Every form that the contract lists is accepted. Pure
// functions, any thread. Errors: NotVoidRun naming what is wrong; CommandFailed where the answer
// says that the tool in the guest failed.
namespace voidrun::codec
{

// Section 2
Result<Sandbox> sandbox(const Response &response);
Result<SandboxPage> sandboxPage(const Response &response);
Result<QList<PublicUrl>> publicUrls(const Response &response);
QByteArray toJson(const SandboxSpec &spec);
QByteArray autoSleepJson(bool autoSleep);
QByteArray publishPortsJson(const QList<int> &ports);

// Section 3
Result<ExecResult> execResult(const Response &response);
Result<GuestCommand> startedCommand(const Response &response);
Result<QList<GuestCommand>> commands(const Response &response);
Result<ExitStatus> commandExit(const Response &response);
Result<SessionAnswer> sessionAnswer(const Response &response);
// What `session-exec` takes; empty fields are left out.
struct SessionRequest {
    enum class Action { Create, Exec, Input, Resize, Close };
    Action action = Action::Create;
    QString sessionId{};
    QString shell{};
    QString command{};
    QString input{};
    int cols = 0;
    int rows = 0;
};
QByteArray toJson(const ExecRequest &request);
QByteArray toJson(const CommandRequest &request);
QByteArray toJson(const SessionRequest &request);
QByteArray sessionCommandJson(const QString &sessionId, const QString &command);
QByteArray pidJson(qint64 pid);

// Section 4
// `directory` completes entries that come without a path.
Result<QList<FileEntry>> fileEntries(const Response &response, const QString &directory);
Result<FileStat> fileStat(const Response &response, const QString &path);
// What a tool in the guest printed.
Result<QString> toolOutput(const Response &response);
Result<QStringList> toolLines(const Response &response);
Result<DiskUsage> diskUsage(const Response &response);
Result<QString> watchSession(const Response &response);
QByteArray toJson(const WatchRequest &request);
// Any answer that says nothing but "done": an envelope, a tool's result, plain text or nothing.
Result<std::monostate> done(const Response &response);

// Section 5
Result<PtySession> ptySession(const Response &response);
Result<QList<PtySession>> ptySessions(const Response &response);
Result<QString> ptyBuffer(const Response &response);
QByteArray terminalSizeJson(int cols, int rows);
QByteArray commandJson(const QString &command);

// Section 6
Result<ServerVersion> serverVersion(const Response &response);
Result<Image> image(const Response &response);
Result<QList<Image>> images(const Response &response);
Result<User> user(const Response &response);
Result<QList<User>> users(const Response &response);
Result<QList<ApiKey>> apiKeys(const Response &response);
Result<NewApiKey> newApiKey(const Response &response);
QByteArray keyNameJson(const QString &name);
QByteArray isActiveJson(bool active);

// A file mode in any of the contract's forms: "0644", "755", "drwxr-xr-x", hex text ("81a4",
// "0x1ed"), or a number (st_mode, or the Go form with its own type bits). Gives a st_mode; type
// bits are 0 where the form does not tell.
std::optional<uint> parseMode(const QJsonValue &value);
// Always hex where it is text: stat's form.
std::optional<uint> parseHexMode(const QJsonValue &value);

}  // namespace voidrun::codec
