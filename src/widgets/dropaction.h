// SPDX-License-Identifier: MIT
#pragma once

#include <QDropEvent>

namespace voidrun
{

// What is asked for files of a sandbox that are dragged: Ctrl copies, Shift moves. IgnoreAction:
// nothing in particular; as in file managers they are moved then within their sandbox, and copied
// into another.
inline Qt::DropAction chosenAction(const QDropEvent *event)
{
    if (event->modifiers() & Qt::ControlModifier)
        return Qt::CopyAction;
    return event->modifiers() & Qt::ShiftModifier ? Qt::MoveAction : Qt::IgnoreAction;
}

}  // namespace voidrun
