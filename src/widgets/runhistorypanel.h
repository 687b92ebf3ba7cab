// SPDX-License-Identifier: MIT
#pragma once

#include <QPointer>
#include <QWidget>

#include <memory>
#include <optional>

#include "models/runhistory.h"

class QMenu;
class QSortFilterProxyModel;

namespace voidrun
{

namespace Ui
{
class RunHistoryPanel;
}

class Connection;

// What was run before: to be found, run again, pinned, or taken as code. GUI thread.
class RunHistoryPanel : public QWidget
{
    Q_OBJECT

public:
    explicit RunHistoryPanel(Connection *connection, QWidget *parent = nullptr);
    ~RunHistoryPanel() override;

Q_SIGNALS:
    // Into the fields, to be changed there.
    void editRequested(const voidrun::RunRequest &request);
    void runRequested(const voidrun::RunRequest &request);
    void notice(const QString &sentence);

private:
    void setUpMenu();
    void updateButtons();
    std::optional<RunRecord> current() const;
    int currentRow() const;
    void runCurrent();
    void copyText(const QString &text);

    std::unique_ptr<Ui::RunHistoryPanel> m_ui;
    QPointer<Connection> m_connection;
    RunHistory *m_history;
    std::unique_ptr<QSortFilterProxyModel> m_proxy;
    QMenu *m_menu;
};

}  // namespace voidrun
