// SPDX-License-Identifier: MIT
#pragma once

#include <QHash>
#include <QPointer>
#include <QSortFilterProxyModel>
#include <QUrl>
#include <QWidget>

#include <memory>

class QMenu;

namespace voidrun
{

namespace Ui
{
class SandboxPanel;
}

class ConnectionModel;
class SandboxModel;

// The left side: which connection, which sandboxes, and what to do when there are none. GUI thread.
class SandboxPanel : public QWidget
{
    Q_OBJECT

public:
    explicit SandboxPanel(ConnectionModel *connections, QWidget *parent = nullptr);
    ~SandboxPanel() override;

    // The sandboxes to show; null while a connection is not there yet.
    void setSandboxes(SandboxModel *sandboxes);
    void setCurrentConnection(const QString &id);
    // A sentence in place of the list, with a button where `button` is not empty; an empty text
    // brings the list back.
    void showMessage(const QString &text, const QString &button = {});

    void focusList();
    QString currentSandbox() const;  // its id, or empty
    void setCurrentSandbox(const QString &id);
    // How many changed files in each nobody has looked at, shown at its row.
    void setBadges(const QHash<QString, int> &badges);

Q_SIGNALS:
    void connectionChosen(const QString &id);
    void addConnectionRequested();
    void changeConnectionRequested(const QString &id);
    void removeConnectionRequested(const QString &id);
    void messageButtonClicked();
    void newSandboxRequested();
    void deleteRequested(const QString &id);
    void terminalRequested(const QString &id);
    void watchRequested(const QString &id);
    void sleepRequested(const QString &id);
    void wakeRequested(const QString &id);
    void startRequested(const QString &id);
    void autoSleepRequested(const QString &id, bool autoSleep);
    void sandboxChosen(const QString &id);
    void filesDropped(const QString &id, const QList<QUrl> &localFiles);
    void guestFilesDropped(const QString &id, const QMimeData *data);

private:
    void updateList();
    void addLifeActions(QMenu *menu, const QModelIndex &index);
    void showContextMenu(const QPoint &position);
    QString idOf(const QModelIndex &index) const;

    std::unique_ptr<Ui::SandboxPanel> m_ui;
    ConnectionModel *m_connections;
    QPointer<SandboxModel> m_sandboxes;
    QSortFilterProxyModel m_filter;
    QString m_chosen;  // the chosen sandbox, also while the search hides it
    QString m_message;
    QString m_button;
};

}  // namespace voidrun
