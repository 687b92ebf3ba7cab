// SPDX-License-Identifier: MIT
#pragma once

#include <QPersistentModelIndex>
#include <QPointer>
#include <QStringList>
#include <QTimer>
#include <QUrl>
#include <QWidget>

#include <functional>
#include <memory>

#include "api/error.h"
#include "api/types.h"

class QMimeData;
class QToolButton;

namespace voidrun
{

namespace Ui
{
class FilePanel;
}

class Clipping;
class DeleteFlow;
class DragOutFlow;
class FileActions;
class FileProxyModel;
class FileSearch;
class FolderFollower;
class FsModel;
class MoveFlow;
class Places;
class PlacesMenu;
class PreviewDialog;
class SearchPage;

// The files of one sandbox: where we are, what is there, and everything that can be done with it.
// Asks for transfers by signals and never moves a byte itself. GUI thread.
class FilePanel : public QWidget
{
    Q_OBJECT

public:
    // Takes the model as a child.
    explicit FilePanel(FsModel *model, QWidget *parent = nullptr);
    ~FilePanel() override;

    FsModel *model() const { return m_model; }
    QString folder() const;
    void openFolder(const QString &path);
    void refresh();
    void focusList();
    QList<FileEntry> selectedEntries() const;
    void selectPath(const QString &path);
    void setHiddenShown(bool shown);
    void setSandboxName(const QString &name);  // for questions
    void setPlaces(Places *places);            // outlives the panel
    // In place of the files while the sandbox does not run, so that nothing wakes it: what to say,
    // and the button that lists its files, as refresh() does. Empty: it runs. The files that were
    // listed are shown again without asking for them.
    void setRest(const QString &text, const QString &button);
    bool isResting() const { return !m_restText.isEmpty(); }
    bool isAskedFor() const;  // whether it ever listed anything
    // From now on the list is kept as the folder is, while it is seen.
    void follow();
    void setSandboxRuns(bool runs);  // as far as it is known

    // The files of a drag that was started here arrived in `localFiles`; empty: they did not.
    void dragOutFetched(int ticket, const QStringList &localFiles);

Q_SIGNALS:
    void uploadRequested(const QStringList &localPaths, const QString &targetFolder);
    void downloadRequested(const QStringList &guestPaths);
    // Fetch these into `folder` for a drag; dragOutFetched() with the ticket answers.
    void dragOutFetchRequested(int ticket, const QStringList &guestPaths, const QString &folder);
    void dragOutCancelled(int ticket);
    // Open a file for editing; `here`: with the editor of this application.
    void editRequested(const QString &guestPath, bool here);
    void terminalRequested(const QString &folder);
    void watchRequested(const QString &folder);
    void runRequested(const QString &guestPath);
    // A shell line that runs a file of this folder.
    void runInTerminalRequested(const QString &folder, const QString &command);
    void hiddenShownChanged(bool shown);
    // Files of another sandbox were pasted or dropped; the data is that of a drag or the clipboard.
    // `move`: the originals go when all of them have arrived.
    void copyFromSandboxRequested(const QMimeData *data, const QString &folder, bool move);
    void problem(const QString &sentence);
    // Likewise, where a call to the server failed.
    void failure(const QString &sentence, const voidrun::Error &error);
    void notice(const QString &sentence);
    // A notice with a button; `run` may be called at any time later.
    void offer(const QString &sentence, const QString &action, const std::function<void()> &run);

protected:
    void resizeEvent(QResizeEvent *event) override;
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    void connectModel();
    void connectView();
    void connectActions();
    void setUpBar();
    void updateState();
    void updateList();
    void updateKnownFolders();
    void completeBelow(const QString &folder);
    void leaveRest();
    void showMessage(const QString &text, const QString &button);
    void navigate(const QString &path, bool remember);
    void activate(const QModelIndex &index);
    void downloadSelected();
    static QString runCommand(const FileEntry &entry);  // empty where it cannot be run
    void upload(const QList<QUrl> &files, const QString &folder);
    QStringList selectedPaths() const;
    int selectedCount() const;
    QString wayOut() const;
    void showContextMenu(const QPoint &position);
    void connectFetching(DragOutFlow *flow);
    void copyToClipboard(bool cut);
    void paste();
    void showFilter();
    void hideFilter();
    void askUpload(bool folder);
    void askName(bool folder);
    void connectSearch();
    void searchBelow();
    void take(const QMimeData *data, const QString &folder, Qt::DropAction action);
    void compressSelected(ArchiveFormat format);
    void extractSelected();
    void askExtractTo();
    void showProperties();
    void togglePreview();
    void updatePreview();

    std::unique_ptr<Ui::FilePanel> m_ui;
    FsModel *m_model;
    FileProxyModel *m_proxy;
    FileActions *m_actions;
    DragOutFlow *m_dragOut;
    DragOutFlow *m_copyOut;  // for other programs that paste
    DeleteFlow *m_deleteFlow;
    MoveFlow *m_moveFlow;
    Clipping *m_clipping;
    FileSearch *m_search;
    SearchPage *m_searchPage;
    PlacesMenu *m_placesMenu;
    QPointer<Places> m_places;
    FolderFollower *m_follower = nullptr;
    QPersistentModelIndex m_topRow;  // while rows come and go by themselves
    QStringList m_back;
    QStringList m_forward;
    QString m_selectWhenLoaded;
    QToolButton *m_emptyUpload = nullptr;
    Error m_error;
    QString m_restText;
    QString m_restButton;
    bool m_isWaking = false;  // the person asked for its files
    QPointer<PreviewDialog> m_preview;
    QPointer<FsModel> m_completion;  // the folder a path is typed in, where that is not shown
    QTimer m_previewTimer;
};

}  // namespace voidrun
