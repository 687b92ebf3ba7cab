// SPDX-License-Identifier: MIT
#pragma once

#include <QPointer>
#include <QStringList>
#include <QUrl>
#include <QWidget>

#include <memory>

#include "api/error.h"
#include "api/types.h"

class QTemporaryDir;

namespace voidrun
{

namespace Ui
{
class FilePanel;
}

class DragOutData;
class FileProxyModel;
class FsModel;

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
    QList<FileEntry> selectedEntries() const;
    void selectPath(const QString &path);

    // The files of a drag that was started here arrived in `localFiles`.
    void dragOutFetched(int ticket, const QStringList &localFiles);

Q_SIGNALS:
    void uploadRequested(const QStringList &localPaths, const QString &targetFolder);
    void downloadRequested(const QStringList &guestPaths);
    // Fetch these into `folder` for a drag; dragOutFetched() with the ticket answers.
    void dragOutFetchRequested(int ticket, const QStringList &guestPaths, const QString &folder);
    void dragOutCancelled(int ticket);
    void problem(const QString &sentence);
    void notice(const QString &sentence);

private:
    void setUpActions();
    void updateState();
    void showMessage(const QString &text, const QString &button);
    void navigate(const QString &path, bool remember);
    void activate(const QModelIndex &index);
    void showContextMenu(const QPoint &position);
    void askUpload(bool folder);
    void askNewFolder();
    void askDelete();
    void startDragOut(DragOutData *data, bool leftWindow);
    void endDragOut(DragOutData *data, bool dropped, bool insideWindow);

    std::unique_ptr<Ui::FilePanel> m_ui;
    FsModel *m_model;
    FileProxyModel *m_proxy;
    QStringList m_back;
    QStringList m_forward;
    QString m_selectWhenLoaded;
    Error m_error;
    std::vector<std::unique_ptr<QTemporaryDir>> m_stages;  // emptied when the panel goes
    QPointer<DragOutData> m_dragOut;
    QStringList m_dragPaths;
    int m_dragTicket = 0;
    int m_stagedTicket = 0;  // of the newest stage
    bool m_dragFetching = false;
};

}  // namespace voidrun
