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

// The contract's objects to and from JSON: the only place that knows the names of fields. Every
// form that the contract lists is accepted. Pure functions, any thread. Errors: NotVoidRun naming
// what is wrong; CommandFailed where the answer says that the tool in the guest failed.
namespace voidrun::codec
{

Result<Sandbox> sandbox(const Response &response);
Result<SandboxPage> sandboxPage(const Response &response);
Result<ExecResult> execResult(const Response &response);
// `directory` completes entries that come without a path.
Result<QList<FileEntry>> fileEntries(const Response &response, const QString &directory);
Result<FileStat> fileStat(const Response &response, const QString &path);
Result<PtySession> ptySession(const Response &response);
Result<QList<PtySession>> ptySessions(const Response &response);
Result<QString> ptyBuffer(const Response &response);
Result<ServerVersion> serverVersion(const Response &response);
Result<QList<Image>> images(const Response &response);
// Any answer that says nothing but "done": an envelope, a tool's result, plain text or nothing.
Result<std::monostate> done(const Response &response);

QByteArray toJson(const SandboxSpec &spec);
QByteArray toJson(const ExecRequest &request);
QByteArray terminalSizeJson(int cols, int rows);
QByteArray commandJson(const QString &command);

// A file mode in any of the contract's forms: "0644", "755", "drwxr-xr-x", hex text ("81a4",
// "0x1ed"), or a number (st_mode, or the Go form with its own type bits). Gives a st_mode; type
// bits are 0 where the form does not tell.
std::optional<uint> parseMode(const QJsonValue &value);
// Always hex where it is text: stat's form.
std::optional<uint> parseHexMode(const QJsonValue &value);

}  // namespace voidrun::codec
