// SPDX-License-Identifier: MIT
#pragma once

#include <QSortFilterProxyModel>
#include <QWidget>

#include <memory>

#include "api/error.h"

class QActionGroup;
class QMenu;
class QTreeView;

namespace voidrun
{

namespace Ui
{
class WatchPanel;
}

class DropFrame;
class WatchFilterModel;
class WatchModel;
struct Watch;

// The folders that are watched and what happens in them, the newest first. GUI thread.
class WatchPanel : public QWidget
{
    Q_OBJECT

public:
    // `watches` outlives it.
    explicit WatchPanel(WatchModel *watches, QWidget *parent = nullptr);
    ~WatchPanel() override;

Q_SIGNALS:
    void watchRequested();  // some folder: to be asked for
    void foldersDropped(const QString &sandboxId, const QStringList &paths);
    void fileRequested(const QString &connectionId, const QString &sandboxId, const QString &path);
    void notice(const QString &sentence);
    void problem(const QString &sentence);

protected:
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dragLeaveEvent(QDragLeaveEvent *event) override;
    void dropEvent(QDropEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void setUpViews();
    void setUpFilters();
    void setUpOptions();
    void connectModels();
    void connectButtons();
    void fillSandboxes();
    void updateState();
    void updateSummary();
    void tellRescan(int id, int missed);
    const Watch *current() const;  // null without a choice
    void activate(const QModelIndex &index);
    void showChangeMenu(const QPoint &position);
    void setOptions(bool recursive, bool ignoreHidden);
    void askExport();
    void exportTo(const QString &path);

    std::unique_ptr<Ui::WatchPanel> m_ui;
    WatchModel *m_watches;
    std::unique_ptr<QSortFilterProxyModel> m_watchProxy;
    std::unique_ptr<WatchFilterModel> m_changes;
    QMenu *m_optionsMenu;
    QAction *m_recursive;
    QAction *m_hidden;
    QActionGroup *m_notify;
    DropFrame *m_dropFrame;
    QPersistentModelIndex m_topRow;  // while rows are inserted
};

}  // namespace voidrun
