// SPDX-License-Identifier: MIT
#include "terminalwindow.h"

#include <QCloseEvent>
#include <QVBoxLayout>

#include "broadcastbar.h"
#include "terminalarea.h"

namespace voidrun
{

namespace
{
constexpr QSize FirstSize(820, 520);
}

TerminalWindow::TerminalWindow(TerminalBroadcast *broadcast)
    : QWidget(nullptr, Qt::Window), m_area(new TerminalArea(this))
{
    setWindowTitle(tr("Terminals — VoidRun"));
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(new BroadcastBar(broadcast, this));
    layout->addWidget(m_area, 1);
    resize(FirstSize);
}

void TerminalWindow::closeEvent(QCloseEvent *event)
{
    event->accept();
    Q_EMIT closing();
}

}  // namespace voidrun
