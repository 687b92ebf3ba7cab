// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>

#include <memory>
#include <variant>

#include "options.h"
#include "profile.h"
#include "reply.h"
#include "types.h"

class QIODevice;

namespace voidrun
{

class TerminalStream;
class Transport;
struct Request;

using Done = std::monostate;

// The VoidRun API as typed calls, for one connection profile. Lives in one thread (any); every
// reply and stream that it makes lives there too and ends, cancelled, when the client is deleted.
// Each call names its section of the wire contract; errors are those of Error::Kind.
class Client : public QObject
{
    Q_OBJECT

public:
    explicit Client(const ConnectionProfile &profile, QObject *parent = nullptr);
    Client(const ConnectionProfile &profile, const TransportOptions &options,
           QObject *parent = nullptr);
    ~Client() override;

    const ConnectionProfile &profile() const;

    // Which node a sandbox is on (section 1). Every answer that holds a sandbox is remembered by
    // itself; a second client, such as one for transfers, is told by its owner.
    void rememberNode(const QString &sandboxId, const QString &nodeId);

    // --- section 6: service
    Reply<ServerVersion> *version();
    Reply<QList<Image>> *images();

    // --- section 2: sandboxes
    // page counts from 1; limit 1 to 100.
    Reply<SandboxPage> *listSandboxes(int page = 1, int limit = 100,
                                      const QMap<QString, QString> &labels = {});
    // Never repeated by itself: a lost answer may have made a sandbox.
    Reply<Sandbox> *createSandbox(const SandboxSpec &spec);
    Reply<Sandbox> *sandbox(const QString &id);
    Reply<Done> *deleteSandbox(const QString &id);

    // --- section 3: running; never repeated by itself
    Reply<ExecResult> *exec(const QString &id, const ExecRequest &request);

    // --- section 4: files. Paths are absolute in the guest, at most 4096 bytes, without NUL.
    Reply<QList<FileEntry>> *listFiles(const QString &id, const QString &path);
    Reply<FileStat> *stat(const QString &id, const QString &path);
    // Writes the body to `sink` (open for writing, outlives the reply) as it comes; memory stays
    // bounded. Gives the number of bytes. A body cut short is an error whatever the framing:
    // where the server names no length, the size is compared with stat().
    Reply<qint64> *download(const QString &id, const QString &path, QIODevice *sink);
    // Sends all of `source` (open for reading, outlives the reply, size known) from its current
    // position. An existing file is replaced only when everything arrived.
    Reply<Done> *upload(const QString &id, const QString &path, QIODevice *source);
    Reply<Done> *remove(const QString &id, const QString &path);  // recursive
    Reply<Done> *createFile(const QString &id, const QString &path);
    Reply<Done> *mkdir(const QString &id, const QString &path);  // with parents
    Reply<Done> *move(const QString &id, const QString &from, const QString &to);
    Reply<Done> *copy(const QString &id, const QString &from, const QString &to);
    Reply<Done> *chmod(const QString &id, const QString &path, uint mode);

    // --- section 5: terminals
    Reply<PtySession> *createPtySession(const QString &id, int cols, int rows);
    Reply<QList<PtySession>> *listPtySessions(const QString &id);
    Reply<Done> *deletePtySession(const QString &id, const QString &sessionId);
    Reply<Done> *resizePtySession(const QString &id, const QString &sessionId, int cols, int rows);
    Reply<Done> *executeInPty(const QString &id, const QString &sessionId, const QString &command);
    Reply<QString> *ptyBuffer(const QString &id, const QString &sessionId);
    // Attaches to a session; with an empty sessionId a temporary terminal that ends with its
    // socket. Owned by the caller (no parent). See TerminalStream for reconnecting.
    TerminalStream *openTerminal(const QString &id, const QString &sessionId);
    TerminalStream *openTerminal(const QString &id, const QString &sessionId,
                                 const StreamOptions &options);

private:
    Reply<Sandbox> *withNode(Reply<Sandbox> *reply);
    Reply<Done> *fileCall(const QString &id, const Request &request, const QStringList &paths);
    Reply<Done> *ptyCall(const QString &id, const QString &sessionId, const Request &request);

    std::unique_ptr<Transport> m_transport;
};

}  // namespace voidrun
