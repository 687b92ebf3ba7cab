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

// What is to run in the background: a command, its folder, time limit and environment. GUI thread.
class ProcessDialog : public QDialog
{
    Q_OBJECT

public:
    static constexpr int LongestTime = 900;  // s, the server's cap; 0 = none

    explicit ProcessDialog(QWidget *parent = nullptr);
    ~ProcessDialog() override;

    void setRequest(const RunRequest &request);
    void accept() override;

Q_SIGNALS:
    void startRequested(const voidrun::CommandRequest &request);

private:
    std::unique_ptr<Ui::ProcessDialog> m_ui;
};

}  // namespace voidrun
