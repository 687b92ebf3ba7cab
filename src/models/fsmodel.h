// SPDX-License-Identifier: MIT
#pragma once

#include <QAbstractItemModel>
#include <QCollator>
#include <QDateTime>
#include <QHash>
#include <QPointer>
#include <QSet>
#include <QUrl>

#include <memory>
#include <vector>

#include "api/error.h"
#include "api/types.h"
#include "fslisting.h"

namespace voidrun
{

class Client;
class FileDetails;
class FileReader;
class FileSearch;
class FolderFollower;
class FsOperations;
class ReplyBase;
struct FsOperation;

// The files of one sandbox as a lazy tree: a folder is listed when a view asks for it (touching
// the guest only because the person opened it). Folders first, then names in natural order; other
// orders through a proxy. Folders are changed by diffs, never reset, so that selection and scroll
// stay; a large folder is sorted in a worker and shown a part at a time. Lives in the GUI thread.
//
// Drag and drop: a drop of local files emits uploadRequested(); a drop of this model's own items
// moves them in the guest. Dragging out is started by the view (the bytes must be fetched first);
// mimeData() carries the guest paths as "application/x-voidrun-paths" (JSON with sandbox and
// paths).
class FsModel : public QAbstractItemModel
{
    Q_OBJECT

public:
    enum Column { NameColumn, SizeColumn, ModifiedColumn, PermissionsColumn, ColumnCount };
    enum Role { PathRole = Qt::UserRole + 1, EntryRole, IsDirRole, SizeRole, ModifiedRole };
    enum class FolderState { NotLoaded, Loading, Loaded, Failed };
    Q_ENUM(FolderState)

    FsModel(Client *client, const QString &sandboxId, QObject *parent = nullptr);
    ~FsModel() override;

    const QString &sandboxId() const { return m_sandboxId; }

    // The folder shown at the top; absolute. Setting it resets the model and lists it anew; until
    // then nothing is listed, whatever views ask for.
    QString rootPath() const;
    void setRootPath(const QString &path);
    FolderState folderState(const QModelIndex &folder = {}) const;

    QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    QModelIndex parent(const QModelIndex &child) const override;
    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    bool hasChildren(const QModelIndex &parent = {}) const override;
    bool canFetchMore(const QModelIndex &parent) const override;
    void fetchMore(const QModelIndex &parent) override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    // Qt::EditRole on NameColumn renames; true means asked, the answer comes as a signal.
    bool setData(const QModelIndex &index, const QVariant &value, int role) override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;
    QStringList mimeTypes() const override;
    QMimeData *mimeData(const QModelIndexList &indexes) const override;
    bool canDropMimeData(const QMimeData *data, Qt::DropAction action, int row, int column,
                         const QModelIndex &parent) const override;
    bool dropMimeData(const QMimeData *data, Qt::DropAction action, int row, int column,
                      const QModelIndex &parent) override;
    Qt::DropActions supportedDropActions() const override;
    Qt::DropActions supportedDragActions() const override;

    QString path(const QModelIndex &index) const;  // the root path for an invalid index
    FileEntry entry(const QModelIndex &index) const;
    // The same without its path, at no cost: for sorting and filtering.
    const FileEntry &listedEntry(const QModelIndex &index) const;
    QModelIndex indexOf(const QString &path) const;  // invalid when it is not loaded

    // Lists the root and every loaded or failed folder again.
    void refresh();
    // The same for one folder; one that no view has asked for yet is left alone. What lies below a
    // folder that is not known yet is found by listing the nearest known one.
    void refreshFolder(const QString &path);
    // What a watch of the root told. What it does not tell stays: permissions are shown as unknown
    // where they may have changed.
    void applyEvents(const QList<WatchEvent> &events);
    // Lists the root once more, unseen but for what has changed; false where it is too large.
    bool catchUp();
    // None of these replaces anything: a target that exists is a Conflict.
    void makeFolder(const QString &parentPath, const QString &name);
    void makeFile(const QString &parentPath, const QString &name);
    void remove(const QStringList &paths);  // for good
    // Into the sandbox's trash (guesttrash.h); what lies below another of them goes with it.
    void moveToTrash(const QStringList &paths);
    void putBack(const QStringList &trashPaths);  // what is there again by now is a Conflict
    void emptyTrash();
    void move(const QStringList &paths, const QString &targetFolder);
    // Into the folder that they are in: as "name (2)", the next free one.
    void copy(const QStringList &paths, const QString &targetFolder);
    // To where it is to be, also over a file that is there if `replaces`: for what was asked about.
    void moveTo(const QString &from, const QString &to, bool replaces);
    void copyTo(const QString &from, const QString &to, bool replaces);
    void changeMode(const QString &path, uint mode);  // permission bits, 0 to 07777
    // Into an archive beside it; of a name with the format's ending.
    void compress(const QString &path, ArchiveFormat format);
    // Into a folder that is made, with its parents, where there is none; files in it that are in
    // the archive too are replaced.
    void extract(const QString &archive, const QString &folder);
    // Where extract() replaces nothing: a new folder beside the archive, named after it.
    QString freeFolderFor(const QString &archive) const;
    static bool isArchive(const QString &path);  // by its name: one that can be extracted

    // What a listing does not say of one file or folder; owned by `parent`.
    FileDetails *createDetails(const QString &path, QObject *parent);
    // Reads parts of files; owned by `parent`, or by the caller where that is null.
    FileReader *createReader(QObject *parent);
    // Another of the same sandbox, that shows nothing yet; owned by `parent`.
    FsModel *createOther(QObject *parent) const;
    // Finds files below folders; owned by `parent`.
    FileSearch *createSearch(QObject *parent);
    // Keeps the root fresh while it is seen; owned by `parent`, which does not outlive the model.
    FolderFollower *createFollower(QObject *parent);

    // The paths that mimeData() of a model of this sandbox carries; empty for anything else.
    static QStringList guestPathsOf(const QMimeData *data, const QString &sandboxId);
    static bool hasGuestPaths(const QMimeData *data);  // of any sandbox
    static QString sandboxOf(const QMimeData *data);   // whose paths it carries; empty for none
    static QString pathsMimeType();

    // Whether a name can be given to a file: not empty, not "." or "..", no '/' or NUL, at most
    // 255 bytes as UTF-8.
    static bool isValidName(const QString &name);

Q_SIGNALS:
    void loadingStarted(const QString &path);
    void loadingFinished(const QString &path);
    void loadingFailed(const QString &path, const voidrun::Error &error);
    // Around what nobody who looks at the rows has asked for.
    void aboutToFollow();
    void followed();
    void renamed(const QString &from, const QString &to);  // or moved
    void copied(const QString &from, const QString &to);
    void folderMade(const QString &path);
    void fileMade(const QString &path);
    void removed(const QString &path);
    void trashed(const QString &path, const QString &trashPath);
    void trashingFailed(const QString &path, const voidrun::Error &error);
    void modeChanged(const QString &path);
    void compressed(const QString &path, const QString &archive);
    void extracted(const QString &archive, const QString &folder);
    // A change did not work; `error.subject` is the path.
    void operationFailed(const QString &path, const voidrun::Error &error);
    void changesFinished();  // none is under way any more
    void uploadRequested(const QList<QUrl> &localFiles, const QString &targetFolder);

private:
    struct Node;
    using Nodes = std::vector<std::unique_ptr<Node>>;

    Node *node(const QModelIndex &index) const;
    Node *nodeAt(const QString &path) const;
    QModelIndex indexOf(const Node *node, int column = NameColumn) const;
    QString folderPath(const QModelIndex &index) const;

    void list(Node *folder);
    void finishListing(Node *folder, const Result<QList<FileEntry>> &result);
    void announceState(const Node *folder);
    void refreshBelow(Node *folder);

    void takeListing(Node *folder, FsListing listing);
    Nodes merge(Node *folder, FsListing &listing);  // gives what is new, taken out of it
    void showArriving(Node *folder);
    void finishLoading(Node *folder);
    void removeChildren(Node *folder, const std::vector<bool> &keep);
    void insertChildren(Node *folder, Nodes sorted);
    template<class Rearrange>
    void reorder(Node *folder, Rearrange rearrange);
    void announceChanges(Node *folder, std::vector<int> rows);
    void removeNode(Node *node);
    void renameNode(Node *node, const QString &name);

    QString nameInRoot(const QString &path) const;
    bool isRootListing() const;
    void applyWaiting();
    void loseRoot();
    FileEntry changed(const FileEntry &before, bool isNew, const WatchEvent &event);
    bool losesMode(const WatchEvent &event) const;
    void apply(const WatchEvent &event);
    void applyAll(const QList<WatchEvent> &events);
    void takeTouched(const QHash<QString, FileEntry> &touched, const QSet<QString> &gone,
                     const QSet<QString> &withoutMode);

    void applyOperation(const FsOperation &operation);
    void reportFailure(const QString &path, const Error &error);
    void refreshTouched();

    QPointer<Client> m_client;
    QString m_sandboxId;
    QCollator m_collator;
    std::unique_ptr<FsOperations> m_operations;
    QPointer<ReplyBase> m_catchUp;
    QList<WatchEvent> m_waitingEvents;  // while the root is being listed
    QDateTime m_listedAt;               // when the root was asked for last
    bool m_knowsSizes = false;          // the server tells the sizes of files
    QSet<QString> m_touched;  // folders to list again when the operations under way are through
    std::unique_ptr<Node> m_root;
    bool m_isRootChosen = false;
};

}  // namespace voidrun
