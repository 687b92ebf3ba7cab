// SPDX-License-Identifier: MIT
#include "remotelook.h"

#include <QPointer>

#include "api/client.h"
#include "guestcheck.h"
#include "ownerror.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

constexpr uint AnyExecutable = 0111;

// The steps of one look. Deletes itself at its end or with its context.
class Look : public QObject
{
public:
    using Done = std::function<void(const Result<RemoteLook> &)>;

    Look(Client *client, const QString &sandboxId, const QString &path, QObject *context,
         const Done &done)
        : QObject(context), m_client(client), m_sandboxId(sandboxId), m_done(done)
    {
        m_look.path = path;
    }

    void start()
    {
        if (!m_client)
            return end(std::unexpected(closed()));
        m_client->stat(m_sandboxId, m_look.path)
            ->onFinished(this, [this](const Result<FileStat> &stat) { takeStat(stat); });
    }

private:
    static Error closed() { return ownError(Error::Kind::Cancelled, Error::Reason::Closed); }

    void takeStat(const Result<FileStat> &stat)
    {
        if (!m_client)
            return end(std::unexpected(closed()));
        if (!stat && !meansMissing(stat.error()))
            return end(std::unexpected(stat.error()));
        if (!stat)
            return checkSandbox();
        if (stat->type == "symbolic link"_L1 && !m_isFollowed)
            return follow();
        if (stat->isDir())
            return end(std::unexpected(
                ownError(Error::Kind::InvalidInput, Error::Reason::IsFolder, m_look.path)));
        if (!stat->isRegular())
            return end(std::unexpected(
                ownError(Error::Kind::InvalidInput, Error::Reason::NotAFile, m_look.path)));
        m_look.file = {.exists = true, .size = stat->size, .modified = stat->mtime, .hash = {}};
        m_look.isExecutable = (stat->mode & AnyExecutable) != 0;
        readHash();
    }

    // The same status tells that the file is missing and that the sandbox is.
    void checkSandbox()
    {
        m_client->sandbox(m_sandboxId)->onFinished(this, [this](const Result<Sandbox> &sandbox) {
            if (sandbox)
                end(m_look);
            else
                end(std::unexpected(sandbox.error()));
        });
    }

    void follow()
    {
        m_isFollowed = true;
        ExecRequest request;
        request.command = u"readlink -f -- "_s + posixQuoted(m_look.path);
        m_client->exec(m_sandboxId, request)
            ->onFinished(this, [this](const Result<ExecResult> &result) {
                if (!result)
                    return end(std::unexpected(result.error()));
                QString target = result->stdOut;
                if (target.endsWith(u'\n'))
                    target.chop(1);
                if (result->exitCode != 0 || !target.startsWith(u'/'))
                    return end(std::unexpected(
                        ownError(Error::Kind::InvalidInput, Error::Reason::IsLink, m_look.path)));
                m_look.path = target;
                start();
            });
    }

    void readHash()
    {
        GuestCheck check;
        check.add(m_look.path, true);
        ExecRequest request;
        request.command = check.command();
        m_client->exec(m_sandboxId, request)
            ->onFinished(this, [this, check](const Result<ExecResult> &result) {
                if (result && result->exitCode == 0)
                    m_look.file.hash = check.parse(result->stdOut).value(0).hash;
                end(m_look);
            });
    }

    void end(const Result<RemoteLook> &result)
    {
        const Done done = std::move(m_done);
        deleteLater();
        done(result);
    }

    QPointer<Client> m_client;
    QString m_sandboxId;
    Done m_done;
    RemoteLook m_look;
    bool m_isFollowed = false;
};

}  // namespace

void lookAt(Client *client, const QString &sandboxId, const QString &path, QObject *context,
            const std::function<void(const Result<RemoteLook> &)> &done)
{
    (new Look(client, sandboxId, path, context, done))->start();
}

}  // namespace voidrun
