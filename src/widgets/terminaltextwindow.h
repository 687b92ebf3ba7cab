// SPDX-License-Identifier: MIT
#pragma once

#include <QDialog>

#include <memory>

namespace voidrun
{

namespace Ui
{
class TerminalTextWindow;
}

// What a terminal has shown, as text that can be searched and copied but not changed; a picture of
// the moment it was opened. GUI thread.
class TerminalTextWindow : public QDialog
{
    Q_OBJECT

public:
    TerminalTextWindow(const QString &title, const QString &text, QWidget *parent = nullptr);
    ~TerminalTextWindow() override;

private:
    void find(bool backwards);
    void highlight();

    std::unique_ptr<Ui::TerminalTextWindow> m_ui;
};

}  // namespace voidrun
