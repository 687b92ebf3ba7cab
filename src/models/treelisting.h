// SPDX-License-Identifier: MIT
#pragma once

#include <QMap>
#include <QObject>
#include <QPointer>

#include "api/error.h"
#include "api/exectypes.h"
#include "api/reply.h"

namespace voidrun
{

class Client;

// One file or folder below a folder of a sandbox, as a listing or an event saw it. A plain value.
struct TreeEntry {
    enum class Kind { File, Folder, Other, Unknown };

    Kind kind = Kind::Unknown;
    qint64 size = -1;     // bytes; -1 where it is not known
    qint64 modified = 0;  // ms since 1970, of a listing
    qint64 changed = 0;   // ms since 1970, of a listing: also of permissions and names
    uint mode = 0;        // permission bits, of a listing
    qint64 seen = 0;      // ms since 1970: the newest event about it; 0 = none since the listing

    bool operator==(const TreeEntry &) const = default;
};
// By their paths from the folder, so that what is below a folder lies together.
using Tree = QMap<QString, TreeEntry>;

// Lists a folder and, where that is wanted, all below it by one command in the guest: for somebody
// who acted, because it wakes the sandbox. Deletes itself after its answer. GUI thread.
class TreeListing : public QObject
{
    Q_OBJECT

public:
    static constexpr int MaxEntries = 20'000;

    TreeListing(Client *client, const QString &sandboxId, QObject *parent);
    ~TreeListing() override;

    void start(const QString &folder, bool recursive, bool withHidden);

    // Of the command; false where the text is not its output.
    static bool parse(const QString &output, Tree *tree);

Q_SIGNALS:
    void finished(const voidrun::Tree &tree);
    // TooLarge where there are more than MaxEntries.
    void failed(const voidrun::Error &error);

private:
    void take(const Result<ExecResult> &result, const QString &folder);
    void fail(const Error &error);

    QPointer<Client> m_client;
    QString m_sandboxId;
    QPointer<ReplyBase> m_reply;
};

}  // namespace voidrun
