// SPDX-License-Identifier: MIT
#pragma once

#include <QDialog>

#include <memory>

#include "models/runtypes.h"

namespace voidrun
{

namespace Ui
{
class ProcessDialog;
}

// What is to run in the background: a command, its folder, time limit and environment. Stays open
// until that has started, so that nothing that was typed is lost. GUI thread.
class ProcessDialog : public QDialog
{
    Q_OBJECT

public:
    static constexpr int LongestTime = 900;  // s, the server's cap; 0 = none

    explicit ProcessDialog(QWidget *parent = nullptr);
    ~ProcessDialog() override;

    void setRequest(const RunRequest &request);
    // Asks for the start, unless something is wrong; one of the next two is to follow.
    void accept() override;
    void showStarted();
    void showFailure(const Error &error, bool noFolder);

Q_SIGNALS:
    void startRequested(const voidrun::CommandRequest &request);

private:
    void setWaiting(bool waiting);
    void growToFit();

    std::unique_ptr<Ui::ProcessDialog> m_ui;
};

}  // namespace voidrun
