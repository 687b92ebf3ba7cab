// SPDX-License-Identifier: MIT
#include "fsmodel.h"

#include <QCoreApplication>
#include <QThreadPool>
#include <QTimer>

#include <chrono>

#include "api/client.h"
#include "filedetails.h"
#include "filereader.h"
#include "filesearch.h"
#include "folderfollower.h"
#include "fsnode.h"
#include "fsoperations.h"
#include "guestpath.h"
#include "ownerror.h"
#include "visibletext.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

constexpr size_t SortedHere = 2000;  // entries: some milliseconds
constexpr size_t FirstRows = 500;
constexpr size_t LaterRows = 10'000;
constexpr std::chrono::milliseconds BetweenParts(20);

FileEntry rootEntry(const QString &path)
{
    FileEntry entry;
    entry.path = path;
    entry.isDir = true;
    return entry;
}

}  // namespace

FsModel::FsModel(Client *client, const QString &sandboxId, QObject *parent)
    : QAbstractItemModel(parent),
      m_client(client),
      m_sandboxId(sandboxId),
      m_collator(nameCollator()),
      m_operations(std::make_unique<FsOperations>(client, sandboxId)),
      m_root(std::make_unique<Node>(nullptr, rootEntry(u"/"_s), m_collator))
{
    connect(m_operations.get(), &FsOperations::succeeded, this, &FsModel::applyOperation);
    connect(m_operations.get(), &FsOperations::failed, this,
            [this](const FsOperation &operation, const Error &error) {
                if (operation.kind == FsOperation::Kind::Trash)
                    Q_EMIT trashingFailed(operation.from, error);
                else
                    reportFailure(operation.subject(), error);
            });
    connect(m_operations.get(), &FsOperations::idle, this, [this] {
        refreshTouched();
        Q_EMIT changesFinished();
    });
}

FsModel::~FsModel() = default;

QString FsModel::rootPath() const
{
    return m_root->entry.path;
}

void FsModel::setRootPath(const QString &path)
{
    beginResetModel();
    m_isRootChosen = true;
    m_waitingEvents.clear();
    if (m_catchUp)
        m_catchUp->abort();
    m_catchUp = nullptr;
    m_root = std::make_unique<Node>(nullptr, rootEntry(guestpath::clean(path)), m_collator);
    endResetModel();
    if (m_root->state == FolderState::NotLoaded)  // a view may have asked already
        list(m_root.get());
}

FsModel::FolderState FsModel::folderState(const QModelIndex &folder) const
{
    return node(folder)->state;
}

FsModel::Node *FsModel::node(const QModelIndex &index) const
{
    return index.isValid() ? static_cast<Node *>(index.internalPointer()) : m_root.get();
}

FsModel::Node *FsModel::nodeAt(const QString &path) const
{
    const QString clean = guestpath::clean(path);
    const QString root = rootPath();
    if (!guestpath::isInside(clean, root))
        return nullptr;
    Node *node = m_root.get();
    for (const QString &name : clean.mid(root.size()).split(u'/', Qt::SkipEmptyParts)) {
        node = node->child(name);
        if (!node)
            return nullptr;
    }
    return node;
}

QModelIndex FsModel::indexOf(const Node *node, int column) const
{
    return node->parent ? createIndex(node->row, column, node) : QModelIndex();
}

QModelIndex FsModel::indexOf(const QString &path) const
{
    const Node *found = nodeAt(path);
    return found ? indexOf(found) : QModelIndex();
}

QModelIndex FsModel::index(int row, int column, const QModelIndex &parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    return createIndex(row, column, node(parent)->children[static_cast<size_t>(row)].get());
}

QModelIndex FsModel::parent(const QModelIndex &child) const
{
    return child.isValid() ? indexOf(node(child)->parent) : QModelIndex();
}

int FsModel::rowCount(const QModelIndex &parent) const
{
    return parent.column() > 0 ? 0 : static_cast<int>(node(parent)->children.size());
}

int FsModel::columnCount(const QModelIndex &) const
{
    return ColumnCount;
}

bool FsModel::hasChildren(const QModelIndex &parent) const
{
    if (parent.column() > 0)
        return false;
    const Node *folder = node(parent);
    return folder->isFolder() &&
           (folder->state != FolderState::Loaded || !folder->children.empty());
}

bool FsModel::canFetchMore(const QModelIndex &parent) const
{
    const Node *folder = node(parent);
    // Views ask also while they are hidden, and that would wake a sandbox.
    const bool isWanted = folder != m_root.get() || m_isRootChosen;
    return isWanted && parent.column() <= 0 && folder->isFolder() &&
           folder->state == FolderState::NotLoaded;
}

void FsModel::fetchMore(const QModelIndex &parent)
{
    if (canFetchMore(parent))
        list(node(parent));
}

QString FsModel::path(const QModelIndex &index) const
{
    return node(index)->path();
}

FileEntry FsModel::entry(const QModelIndex &index) const
{
    FileEntry entry = node(index)->entry;
    entry.path = path(index);
    return entry;
}

const FileEntry &FsModel::listedEntry(const QModelIndex &index) const
{
    return node(index)->entry;
}

void FsModel::refresh()
{
    refreshBelow(m_root.get());
}

void FsModel::refreshBelow(Node *folder)
{
    if (folder != m_root.get() && folder->state == FolderState::NotLoaded)
        return;
    // Copied: listing tells the views at once, and they may ask for anything.
    std::vector<QString> below;
    for (const auto &child : folder->children) {
        if (child->isFolder() && child->state != FolderState::NotLoaded)
            below.push_back(child->path());
    }
    list(folder);
    for (const QString &path : below) {
        if (Node *child = nodeAt(path))
            refreshBelow(child);
    }
}

void FsModel::refreshFolder(const QString &path)
{
    QString known = guestpath::clean(path);
    if (!guestpath::isInside(known, rootPath()))
        return;
    Node *folder = nodeAt(known);
    while (!folder) {
        known = guestpath::parent(known);
        folder = nodeAt(known);
    }
    if (folder->isFolder() && folder->state != FolderState::NotLoaded)
        list(folder);
}

void FsModel::list(Node *folder)
{
    if (folder->state == FolderState::Loading) {
        folder->listAgain = true;
        return;
    }
    folder->state = FolderState::Loading;
    if (folder == m_root.get())
        m_listedAt = QDateTime::currentDateTimeUtc();
    folder->self = std::make_shared<Node *>(folder);
    const QString path = folder->path();
    if (m_client) {
        auto *reply = m_client->listFiles(m_sandboxId, path);
        folder->listing = reply;
        reply->onFinished(this, [this, weak = std::weak_ptr(folder->self)](
                                    const Result<QList<FileEntry>> &result) {
            if (const auto alive = weak.lock())
                finishListing(*alive, result);
        });
    } else {
        finishListing(
            folder, std::unexpected(ownError(Error::Kind::Cancelled, Error::Reason::Closed, path)));
        return;
    }
    Q_EMIT loadingStarted(path);
}

void FsModel::finishListing(Node *folder, const Result<QList<FileEntry>> &result)
{
    folder->listing = nullptr;
    if (!result) {
        const QString path = folder->path();
        const bool again = std::exchange(folder->listAgain, false);
        folder->state = FolderState::Failed;
        if (folder == m_root.get())
            m_waitingEvents.clear();
        announceState(folder);
        Error error = result.error();
        if (error.subject.isEmpty())
            error.subject = path;
        Q_EMIT loadingFailed(path, error);
        if (Node *same = again ? nodeAt(path) : nullptr)
            list(same);
        return;
    }
    if (result->size() <= qsizetype(SortedHere))
        return takeListing(folder, sortedListing(*result, m_collator));
    const auto take = [self = QPointer(this), weak = std::weak_ptr(folder->self)](
                          const std::shared_ptr<FsListing> &listing) {
        if (const auto alive = weak.lock(); self && alive)
            self->takeListing(*alive, std::move(*listing));
    };
    QThreadPool::globalInstance()->start([entries = *result, take] {
        const auto listing = std::make_shared<FsListing>(sortedListing(entries, nameCollator()));
        QMetaObject::invokeMethod(qApp, [take, listing] { take(listing); }, Qt::QueuedConnection);
    });
}

void FsModel::takeListing(Node *folder, FsListing listing)
{
    const bool wasEmpty = folder->children.empty();
    Nodes added = merge(folder, listing);
    if (listing.size() > SortedHere)  // freeing it takes as long as merging it
        QThreadPool::globalInstance()->start([old = std::move(listing)] {});
    if (!wasEmpty || added.size() <= FirstRows) {
        insertChildren(folder, std::move(added));
        return finishLoading(folder);
    }
    folder->arriving = std::move(added);
    folder->arrived = 0;
    showArriving(folder);
}

// The rows that fit a screen at once, the others when the window has nothing else to do.
void FsModel::showArriving(Node *folder)
{
    const size_t first = folder->arrived;
    const size_t count =
        std::min(first == 0 ? FirstRows : LaterRows, folder->arriving.size() - first);
    const auto begin = std::make_move_iterator(folder->arriving.begin() + ptrdiff_t(first));
    Nodes part(begin, begin + ptrdiff_t(count));
    folder->arrived += count;
    insertChildren(folder, std::move(part));
    if (folder->arrived == folder->arriving.size()) {
        Nodes().swap(folder->arriving);
        return finishLoading(folder);
    }
    QTimer::singleShot(BetweenParts, this, [this, weak = std::weak_ptr(folder->self)] {
        if (const auto alive = weak.lock())
            showArriving(*alive);
    });
}

void FsModel::finishLoading(Node *folder)
{
    const QString path = folder->path();
    const bool again = std::exchange(folder->listAgain, false);
    folder->state = FolderState::Loaded;
    announceState(folder);
    if (!again && folder == m_root.get())
        applyWaiting();
    Q_EMIT loadingFinished(path);
    if (Node *same = again ? nodeAt(path) : nullptr)
        list(same);
}

// Whether it can be opened may have changed.
void FsModel::announceState(const Node *folder)
{
    if (const QModelIndex index = indexOf(folder); index.isValid())
        Q_EMIT dataChanged(index, index);
}

FileDetails *FsModel::createDetails(const QString &path, QObject *parent)
{
    return new FileDetails(m_client, m_sandboxId, path, parent);
}

FileReader *FsModel::createReader(QObject *parent)
{
    return new FileReader(m_client, m_sandboxId, parent);
}

FsModel *FsModel::createOther(QObject *parent) const
{
    return new FsModel(m_client, m_sandboxId, parent);
}

FileSearch *FsModel::createSearch(QObject *parent)
{
    return new FileSearch(m_client, m_sandboxId, parent);
}

FolderFollower *FsModel::createFollower(QObject *parent)
{
    return new FolderFollower(m_client, this, parent);
}

bool FsModel::isValidName(const QString &name)
{
    return guestpath::isValidName(name);
}

}  // namespace voidrun
