// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>

#include <chrono>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <variant>

#include "options.h"
#include "profile.h"
#include "reply.h"
#include "types.h"

class QIODevice;

namespace voidrun
{

class EventStream;
class TerminalStream;
class Transport;
class WatchStream;
struct Request;
struct Response;
enum class StreamFormat : int;

using Done = std::monostate;

// The VoidRun API as typed calls, for one connection profile. Lives in one thread (any); every
// reply and stream that it makes lives there too. Replies and event streams end, cancelled, when
// the client is deleted. Sections are those of the wire contract.
//
// Errors: a call that cannot work (a bad id, path or number) is InvalidInput and is not sent; nor
// is one without key or address (MissingKey, MissingBaseUrl). Any call may fail on its way
// (Unreachable to TooLarge of Error::Kind) or by the status of its answer (BadRequest to Server).
// What a call adds to that is said beside it.
// Limits: 10 s to connect, 30 s of silence, but 60 s until a terminal or a watch answers, 120 s
// until a sandbox is made, woken or gone, 300 s until a tool has worked on files; transfers may
// last for ever as long as bytes move. What reads or deletes, and the two settings of a sandbox,
// is repeated, at most five times, when it fails on its way or the server is overloaded; nothing
// else is ever sent twice.
class Client : public QObject
{
    Q_OBJECT

public:
    explicit Client(const ConnectionProfile &profile, QObject *parent = nullptr);
    Client(const ConnectionProfile &profile, const TransportOptions &options,
           QObject *parent = nullptr);
    ~Client() override;

    const ConnectionProfile &profile() const;
    // False from a call that did not reach the server until one does.
    bool isReachable() const;

    // Which node a sandbox is on (section 1). Every answer that holds a sandbox is remembered by
    // itself; a second client, such as one for transfers, is told by its owner.
    void rememberNode(const QString &sandboxId, const QString &nodeId);

    // --- section 2: sandboxes
    // page counts from 1; limit 1 to 100.
    Reply<SandboxPage> *listSandboxes(int page = 1, int limit = 100,
                                      const QMap<QString, QString> &labels = {});
    // A spec without a name gets "sdbx-<ms since 1970>". Conflict where the name is taken. Never
    // repeated by itself: a lost answer may have made a sandbox.
    Reply<Sandbox> *createSandbox(const SandboxSpec &spec);
    Reply<Sandbox> *sandbox(const QString &id);
    Reply<Sandbox> *setAutoSleep(const QString &id, bool autoSleep);
    Reply<Done> *deleteSandbox(const QString &id);
    Reply<Done> *sleep(const QString &id);
    Reply<Done> *wake(const QString &id);
    Reply<Done> *start(const QString &id);  // recovers one that failed, was killed or sleeps
    Reply<QList<PublicUrl>> *publicUrls(const QString &id);
    // Replaces the list: at most 4, unique, 1 to 65535.
    Reply<Done> *setPublishPorts(const QString &id, const QList<int> &ports);

    // --- section 3: running; never repeated by itself. A command that fails is a result; one that
    // could not be started is CommandFailed.
    // Time limit: the request's own and 15 s.
    Reply<ExecResult> *exec(const QString &id, const ExecRequest &request);
    std::unique_ptr<EventStream> execStream(const QString &id, const ExecRequest &request);
    Reply<GuestCommand> *runCommand(const QString &id, const CommandRequest &request);
    Reply<QList<GuestCommand>> *listCommands(const QString &id);
    // All output so far, then what follows.
    std::unique_ptr<EventStream> attachCommand(const QString &id, qint64 pid);
    // Answers when the command ends; Timeout after `limit`, at most a day.
    Reply<ExitStatus> *waitCommand(const QString &id, qint64 pid,
                                   std::chrono::seconds limit = std::chrono::hours(1));
    Reply<Done> *killCommand(const QString &id, qint64 pid);
    // Shell sessions: one shell that keeps its state between commands. An empty shell: the
    // server's.
    Reply<SessionAnswer> *createShellSession(const QString &id, const QString &shell = {});
    Reply<SessionAnswer> *execInShellSession(const QString &id, const QString &sessionId,
                                             const QString &command);
    Reply<SessionAnswer> *inputToShellSession(const QString &id, const QString &sessionId,
                                              const QString &input);
    Reply<SessionAnswer> *resizeShellSession(const QString &id, const QString &sessionId, int cols,
                                             int rows);
    Reply<SessionAnswer> *closeShellSession(const QString &id, const QString &sessionId);
    std::unique_ptr<EventStream> execInShellSessionStream(const QString &id,
                                                          const QString &sessionId,
                                                          const QString &command);
    // Runs code as the SDKs do. Code that is long goes through a file in /tmp, which is removed
    // whatever happens. A program that fails is a result, not an error.
    Reply<CodeResult> *runCode(const QString &id, const CodeRequest &request);

    // --- section 4: files. Paths are absolute in the guest, at most 4096 bytes, without NUL. A
    // tool that fails in the guest is CommandFailed with its stderr as detail.
    Reply<QList<FileEntry>> *listFiles(const QString &id, const QString &path);
    Reply<FileStat> *stat(const QString &id, const QString &path);
    // Writes the body to `sink` (open for writing, outlives the reply) as it comes; memory stays
    // bounded. Gives the number of bytes. A body cut short is ConnectionLost whatever the framing:
    // where the server names no length, the size is compared with stat(). LocalFile where `sink`
    // takes no more.
    Reply<qint64> *download(const QString &id, const QString &path, QIODevice *sink);
    // Sends all of `source` (open for reading, outlives the reply, size known) from its current
    // position. An existing file is replaced only when everything arrived. LocalFile where
    // `source` cannot be read or has changed its size meanwhile.
    Reply<Done> *upload(const QString &id, const QString &path, QIODevice *source);
    Reply<Done> *remove(const QString &id, const QString &path);  // recursive
    Reply<Done> *createFile(const QString &id, const QString &path);
    Reply<Done> *mkdir(const QString &id, const QString &path);  // with parents
    Reply<Done> *move(const QString &id, const QString &from, const QString &to);
    Reply<Done> *copy(const QString &id, const QString &from, const QString &to);
    Reply<Done> *chmod(const QString &id, const QString &path, uint mode);  // 0 to 07777
    // The first or last lines of a text, 1 to 10,000.
    enum class Part { Head, Tail };
    Reply<QString> *headTail(const QString &id, const QString &path, int lines, Part part);
    // Paths of files whose name contains `pattern` (`*` stands for anything); the first 100.
    Reply<QStringList> *search(const QString &id, const QString &path, const QString &pattern);
    Reply<DiskUsage> *diskUsage(const QString &id, const QString &path);
    // Gives the path of the archive, which is beside `path`.
    Reply<QString> *compress(const QString &id, const QString &path, ArchiveFormat format);
    Reply<Done> *extract(const QString &id, const QString &archive, const QString &folder);
    // A watch of the server, by its session's id. WatchStream does this and attaches to it.
    Reply<QString> *createWatch(const QString &id, const WatchRequest &request);
    std::unique_ptr<WatchStream> watch(const QString &id, const WatchRequest &request);
    std::unique_ptr<WatchStream> watch(const QString &id, const WatchRequest &request,
                                       const StreamOptions &options);

    // --- section 5: terminals; 1 to 500 columns, 1 to 200 rows
    Reply<PtySession> *createPtySession(const QString &id, int cols, int rows);
    Reply<QList<PtySession>> *listPtySessions(const QString &id);
    Reply<Done> *deletePtySession(const QString &id, const QString &sessionId);
    Reply<Done> *resizePtySession(const QString &id, const QString &sessionId, int cols, int rows);
    // Types `command` and a line end.
    Reply<Done> *executeInPty(const QString &id, const QString &sessionId, const QString &command);
    // What the session has printed, its last part.
    Reply<QString> *ptyBuffer(const QString &id, const QString &sessionId);
    // Attaches to a session; with an empty sessionId a temporary terminal that ends with its
    // socket. Owned by the caller (no parent). See TerminalStream for reconnecting.
    TerminalStream *openTerminal(const QString &id, const QString &sessionId);
    TerminalStream *openTerminal(const QString &id, const QString &sessionId,
                                 const StreamOptions &options);

    // --- section 6: account and service
    Reply<ServerVersion> *version();  // needs no key
    Reply<User> *me();
    Reply<QList<User>> *orgUsers();
    Reply<QList<ApiKey>> *apiKeys();
    Reply<NewApiKey> *createApiKey(const QString &name);
    Reply<Done> *deleteApiKey(const QString &keyId);
    Reply<Done> *setApiKeyActive(const QString &keyId, bool active);
    Reply<Done> *touchApiKey(const QString &keyId);
    Reply<QList<Image>> *images();
    Reply<Image> *image(const QString &imageId);
    Reply<Image> *imageByName(const QString &name);

Q_SIGNALS:
    // One for each outage and one for its end, however many calls met it.
    void reachableChanged(bool reachable);

private:
    using Checks = std::initializer_list<std::optional<Error>>;
    // Sends `request` unless one of `checks` objects; `decode` reads the answer. In clientcalls.h.
    template<class T>
    Reply<T> *call(const Checks &checks, const Request &request,
                   std::function<Result<T>(const Response &)> decode);
    Reply<Done> *doneCall(const Checks &checks, const Request &request);
    std::unique_ptr<EventStream> stream(const Checks &checks, const Request &request,
                                        StreamFormat format);
    Reply<Sandbox> *withNode(Reply<Sandbox> *reply);
    QUrl socketUrl(const QString &id, const QStringList &below) const;

    std::unique_ptr<Transport> m_transport;
};

}  // namespace voidrun
