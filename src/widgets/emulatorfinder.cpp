// SPDX-License-Identifier: MIT
#include "emulatorfinder.h"

#include <QChildEvent>
#include <QCoreApplication>

#include "emulator.h"

namespace voidrun
{

EmulatorFinder::EmulatorFinder()
{
    QCoreApplication::instance()->installEventFilter(this);
}

// The objects are still being made when this comes; what they are is asked afterwards.
bool EmulatorFinder::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::ChildAdded && !watched->isWidgetType() && !watched->parent())
        m_candidates.append(watched);
    return false;
}

Konsole::Emulation *EmulatorFinder::emulation() const
{
    for (const QPointer<QObject> &candidate : m_candidates) {
        if (auto *emulation = qobject_cast<Konsole::Emulation *>(candidate.get()))
            return emulation;
    }
    return nullptr;
}

}  // namespace voidrun
