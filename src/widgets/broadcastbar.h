// SPDX-License-Identifier: MIT
#pragma once

#include <QFrame>

class QLabel;

namespace voidrun
{

class TerminalBroadcast;

// Above the terminals for as long as what is typed goes to several of them: says to which, and
// stops it. GUI thread.
class BroadcastBar : public QFrame
{
    Q_OBJECT

public:
    explicit BroadcastBar(TerminalBroadcast *broadcast, QWidget *parent = nullptr);

private:
    void update();

    TerminalBroadcast *m_broadcast;
    QLabel *m_label;
};

}  // namespace voidrun
