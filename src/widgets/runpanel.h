// SPDX-License-Identifier: MIT
#pragma once

#include <QPointer>
#include <QTimer>
#include <QWidget>

#include <memory>
#include <optional>

#include "models/runjob.h"

namespace voidrun
{

namespace Ui
{
class RunPanel;
}

class Connection;
class OutputPanel;
class RunHistoryPanel;

// Where a person runs something in one sandbox: a command or code, what it writes as it comes, and
// how it ended. One run at a time is shown; it goes on when the panel is not seen. GUI thread.
class RunPanel : public QWidget
{
    Q_OBJECT

public:
    RunPanel(Connection *connection, const QString &sandboxId, QWidget *parent = nullptr);
    ~RunPanel() override;

    const QString &sandboxId() const { return m_sandboxId; }
    const QString &connectionId() const { return m_connectionId; }
    // Before its connection is deleted: what ran is shown as before. False where nothing did.
    bool leaveConnection();
    // Goes on with the successor of a connection that it has left.
    void adopt(Connection *connection);
    RunJob *job() const { return m_job; }
    OutputPanel *outputPanel() const;
    void focusEditor();
    // Into the fields.
    void setRequest(const RunRequest &request);
    // Likewise, for a person who is to change it there.
    void edit(const RunRequest &request);
    // Into the fields, and runs it in this sandbox as it was given, unless something is wrong with
    // it or another one runs.
    void run(const RunRequest &request);

Q_SIGNALS:
    void backgroundRequested(const voidrun::RunRequest &request);
    // What the history has of another sandbox, to be run there or to be changed first.
    void runElsewhereRequested(const voidrun::RunRequest &request);
    void editElsewhereRequested(const voidrun::RunRequest &request);
    void problem(const QString &sentence);
    void notice(const QString &sentence);

protected:
    void showEvent(QShowEvent *event) override;

private:
    void setUpFields();
    void connectButtons();
    RunRequest request() const;
    void runFields();
    void start(const RunRequest &request);
    void showJob(RunJob *job);
    bool showProblem(RunProblem problem);
    void clearProblems();
    void runInSeveral();
    void followKind();
    int currentKind() const;
    void askFolder();
    void showHistory(bool shown);
    void install(const QString &line);
    void takeEnd();
    void updateState();
    QString sandboxName() const;
    bool isAsleep() const;

    std::unique_ptr<Ui::RunPanel> m_ui;
    QPointer<Connection> m_connection;
    const QString m_connectionId;
    const QString m_sandboxId;
    QPointer<RunJob> m_job;
    std::optional<RunRequest> m_last;      // what the person ran; m_job may be what it needed
    RunHistoryPanel *m_history = nullptr;  // made when it is wanted
    QTimer m_clock;
    bool m_wakes = false;  // the sandbox slept when the run began, and nothing has come yet
    bool m_wasWoken = false;
};

}  // namespace voidrun
