// SPDX-License-Identifier: MIT
#pragma once

#include <QPointer>
#include <QWidget>

#include <memory>

#include "models/processesmodel.h"
#include "models/runtypes.h"

namespace voidrun
{

namespace Ui
{
class ProcessPanel;
}

class Connection;
class OutputPanel;
class RunJob;

// The background processes of one sandbox: what runs, what it writes, and how to end it. GUI
// thread.
class ProcessPanel : public QWidget
{
    Q_OBJECT

public:
    ProcessPanel(Connection *connection, const QString &sandboxId, QWidget *parent = nullptr);
    ~ProcessPanel() override;

    ProcessesModel *model() const { return m_model.get(); }
    OutputPanel *outputPanel() const;
    // Asks what to start; `request` fills the fields.
    void askStart(const RunRequest *request = nullptr);

Q_SIGNALS:
    void problem(const QString &sentence);
    void notice(const QString &sentence);
    void ended(const QString &sentence);  // a process that a person wanted to be told of

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    void connectModel();
    void connectButtons();
    void updateState();
    void showOutput(qint64 pid);
    void openPorts(const QList<PublicUrl> &urls);
    qint64 current() const;

    std::unique_ptr<Ui::ProcessPanel> m_ui;
    QPointer<Connection> m_connection;
    const QString m_sandboxId;
    std::unique_ptr<ProcessesModel> m_model;
    QPointer<RunJob> m_job;  // whose output is shown
    qint64 m_wanted = 0;     // just started: to be chosen once it is listed
};

}  // namespace voidrun
