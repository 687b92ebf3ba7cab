// SPDX-License-Identifier: MIT
#pragma once

#include <QWidget>

namespace voidrun
{

class TerminalArea;
class TerminalBroadcast;

// A window with terminals that were moved out of the main one. Closing it ends nothing: they go
// back. GUI thread.
class TerminalWindow : public QWidget
{
    Q_OBJECT

public:
    explicit TerminalWindow(TerminalBroadcast *broadcast);

    TerminalArea *area() const { return m_area; }

Q_SIGNALS:
    void closing();

protected:
    void closeEvent(QCloseEvent *event) override;

private:
    TerminalArea *m_area;
};

}  // namespace voidrun
