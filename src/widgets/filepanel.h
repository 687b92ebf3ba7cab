// SPDX-License-Identifier: MIT
#pragma once

#include <QPointer>
#include <QStringList>
#include <QTimer>
#include <QUrl>
#include <QWidget>

#include <memory>

#include "api/error.h"
#include "api/types.h"

namespace voidrun
{

namespace Ui
{
class FilePanel;
}

class DragOutFlow;
class FileActions;
class FileProxyModel;
class FsModel;
class PreviewDialog;

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
    void hiddenShownChanged(bool shown);
    void problem(const QString &sentence);
    void notice(const QString &sentence);

private:
    void connectModel();
    void connectView();
    void connectActions();
    void setUpBar();
    void updateState();
    void updateList();
    void updateKnownFolders();
    void showMessage(const QString &text, const QString &button);
    void navigate(const QString &path, bool remember);
    void activate(const QModelIndex &index);
    void downloadSelected();
    void upload(const QList<QUrl> &files, const QString &folder);
    QStringList selectedPaths() const;
    QString wayOut() const;
    void showContextMenu(const QPoint &position);
    void copyToClipboard(bool cut);
    void paste();
    void showFilter();
    void hideFilter();
    void askUpload(bool folder);
    void askName(bool folder);
    void askDelete();
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
    QStringList m_back;
    QStringList m_forward;
    QString m_selectWhenLoaded;
    QString m_sandboxName;
    Error m_error;
    QPointer<PreviewDialog> m_preview;
    QTimer m_previewTimer;
};

}  // namespace voidrun
