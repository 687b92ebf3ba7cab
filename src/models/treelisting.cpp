// SPDX-License-Identifier: MIT
#include "treelisting.h"

#include "api/client.h"
#include "guestcheck.h"
#include "ownerror.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

constexpr int Timeout = 120;  // s
// Of uploads on their way, which the local engine does not tell either.
constexpr auto PassingNames = ".voidrun-upload-*"_L1;
// Ended by a zero byte, so that a name may hold anything.
constexpr auto Format = "%y %m %s %T@ %C@ %P\\0"_L1;
constexpr qsizetype Fields = 6;

// The folder itself comes first: without it an answer says nothing.
QString commandFor(const QString &folder, bool recursive, bool withHidden)
{
    QString find = u"cd "_s % posixQuoted(folder) % u" && find ."_s;
    if (!recursive)
        find += u" -maxdepth 1"_s;
    find += u" -name '"_s % (withHidden ? PassingNames : ".?*"_L1) % u"' -prune -o -printf '"_s %
            Format % u'\'';
    // A folder that may not be read is left out; the others count.
    return find % u" 2>/dev/null | head -z -n %1"_s.arg(TreeListing::MaxEntries + 2);
}

qint64 milliseconds(QStringView seconds, bool *isTime)
{
    return qint64(seconds.toDouble(isTime) * 1000);
}

}  // namespace

TreeListing::TreeListing(Client *client, const QString &sandboxId, QObject *parent)
    : QObject(parent), m_client(client), m_sandboxId(sandboxId)
{
}

TreeListing::~TreeListing()
{
    if (m_reply)
        m_reply->abort();
}

bool TreeListing::parse(const QString &output, Tree *tree)
{
    if (!output.endsWith(QChar(QChar::Null)))
        return false;
    bool hasRoot = false;
    for (const QStringView line : QStringView(output).chopped(1).split(QChar(QChar::Null))) {
        const QList<QStringView> fields = line.split(QChar(u' '));
        if (fields.size() < Fields)
            return false;
        TreeEntry entry;
        bool isMode = false;
        bool isSize = false;
        bool isModified = false;
        bool isChanged = false;
        entry.kind = fields[0] == "f"_L1   ? TreeEntry::Kind::File
                     : fields[0] == "d"_L1 ? TreeEntry::Kind::Folder
                                           : TreeEntry::Kind::Other;
        entry.mode = fields[1].toUInt(&isMode, 8);
        entry.size = fields[2].toLongLong(&isSize);
        entry.modified = milliseconds(fields[3], &isModified);
        entry.changed = milliseconds(fields[4], &isChanged);
        if (!isMode || !isSize || !isModified || !isChanged)
            return false;
        // The name may have spaces.
        const QStringView name = line.sliced(fields[5].data() - line.data());
        if (name.isEmpty())
            hasRoot = true;
        else
            tree->insert(name.toString(), entry);
    }
    return hasRoot;
}

void TreeListing::start(const QString &folder, bool recursive, bool withHidden)
{
    if (!m_client)
        return fail(ownError(Error::Kind::Cancelled, Error::Reason::Closed, folder));
    ExecRequest request;
    request.command = commandFor(folder, recursive, withHidden);
    request.timeout = Timeout;
    auto *reply = m_client->exec(m_sandboxId, request);
    m_reply = reply;
    reply->onFinished(this,
                      [this, folder](const Result<ExecResult> &result) { take(result, folder); });
}

void TreeListing::take(const Result<ExecResult> &result, const QString &folder)
{
    if (!result)
        return fail(result.error());
    Tree tree;
    if (result->exitCode != 0 || !parse(result->stdOut, &tree))
        return fail(ownError(Error::Kind::CommandFailed, result->stdErr.trimmed(), folder));
    if (tree.size() > MaxEntries)
        return fail(ownError(Error::Kind::TooLarge,
                             u"more than %1 files and folders"_s.arg(MaxEntries), folder));
    deleteLater();
    Q_EMIT finished(tree);
}

void TreeListing::fail(const Error &error)
{
    deleteLater();
    Q_EMIT failed(error);
}

}  // namespace voidrun
