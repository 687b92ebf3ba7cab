// SPDX-License-Identifier: MIT
#include "terminalbroadcast.h"

#include <QCoreApplication>
#include <QInputMethodEvent>
#include <QKeyEvent>
#include <QScopedValueRollback>

#include "emulator.h"
#include "terminalview.h"

namespace voidrun
{

namespace
{

QWidget *keyboardOf(const TerminalView *view)
{
    QWidget *display = view->terminal()->focusProxy();
    return display ? display : view->terminal();
}

// Of the window (copy, search …) or of this view alone (its scrolling).
bool staysHere(const QKeyEvent &key)
{
    const auto modifiers = key.modifiers() & ~Qt::KeypadModifier;
    if (modifiers == (Qt::ControlModifier | Qt::ShiftModifier))
        return true;
    return modifiers == Qt::ShiftModifier &&
           (key.key() == Qt::Key_Insert || key.key() == Qt::Key_PageUp ||
            key.key() == Qt::Key_PageDown || key.key() == Qt::Key_Up || key.key() == Qt::Key_Down);
}

}  // namespace

QList<TerminalView *> TerminalBroadcast::members() const
{
    QList<TerminalView *> members;
    for (const QPointer<TerminalView> &member : m_members) {
        if (member)
            members.append(member);
    }
    return members;
}

bool TerminalBroadcast::isMember(const TerminalView *view) const
{
    return m_members.contains(view);
}

void TerminalBroadcast::setMember(TerminalView *view, bool member)
{
    if (isMember(view) == member)
        return;
    if (member) {
        m_members.append(view);
        watch(view);
    } else {
        m_members.removeOne(view);
        unwatch(view);
    }
    Q_EMIT changed();
}

void TerminalBroadcast::stop()
{
    for (TerminalView *member : members())
        unwatch(member);
    m_members.clear();
    Q_EMIT changed();
}

void TerminalBroadcast::watch(TerminalView *view)
{
    keyboardOf(view)->installEventFilter(this);
    connect(view, &TerminalView::pasted, this, [this, view](const QString &text) {
        if (!isOn() || m_repeating)
            return;
        const QScopedValueRollback repeating(m_repeating, true);
        for (TerminalView *member : members()) {
            if (member != view)
                member->typePasted(text);
        }
    });
    connect(view, &QObject::destroyed, this, [this] {
        m_members.removeAll(nullptr);
        Q_EMIT changed();
    });
}

void TerminalBroadcast::unwatch(TerminalView *view)
{
    keyboardOf(view)->removeEventFilter(this);
    view->disconnect(this);
}

bool TerminalBroadcast::eventFilter(QObject *watched, QEvent *event)
{
    const bool isKey = event->type() == QEvent::KeyPress;
    if (m_repeating || !isOn() || (!isKey && event->type() != QEvent::InputMethod))
        return false;
    const QScopedValueRollback repeating(m_repeating, true);
    for (const TerminalView *member : members()) {
        QWidget *keyboard = keyboardOf(member);
        if (keyboard == watched)
            continue;
        if (!isKey) {
            const QString text = static_cast<QInputMethodEvent *>(event)->commitString();
            QInputMethodEvent committed;
            committed.setCommitString(text);
            if (!text.isEmpty())
                QCoreApplication::sendEvent(keyboard, &committed);
            continue;
        }
        const auto *key = static_cast<const QKeyEvent *>(event);
        if (staysHere(*key))
            break;
        QKeyEvent same(key->type(), key->key(), key->modifiers(), key->text(), key->isAutoRepeat(),
                       quint16(key->count()));
        QCoreApplication::sendEvent(keyboard, &same);
    }
    return false;
}

}  // namespace voidrun
