// SPDX-License-Identifier: MIT
#pragma once

#include <QPointer>
#include <QTimer>
#include <QWidget>

#include <memory>

namespace voidrun
{

namespace Ui
{
class OutputPanel;
}

class OutputLog;
class OutputView;

// The output of a program with what can be done with it: search, wrap, copy, save. GUI thread.
class OutputPanel : public QWidget
{
    Q_OBJECT

public:
    explicit OutputPanel(QWidget *parent = nullptr);
    ~OutputPanel() override;

    void setLog(OutputLog *log);  // outlives its time here; null: nothing
    OutputView *view() const;
    // Writes all of it; notice() or problem() follows.
    void saveTo(const QString &path);

Q_SIGNALS:
    void notice(const QString &sentence);
    void problem(const QString &sentence);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void search(bool forward, bool fromHere);
    void askSave();
    void updateBar();

    std::unique_ptr<Ui::OutputPanel> m_ui;
    QPointer<OutputLog> m_log;
    QTimer m_timer;
};

}  // namespace voidrun
