// SPDX-License-Identifier: MIT
#include "terminalactions.h"

#include <QAction>
#include <QMenu>

#include "icons.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{
constexpr int MostTabKeys = 9;
}

TerminalActions::TerminalActions(QWidget *panel)
    : QObject(panel),
      splitRight(make(panel, u"splitRightAction"_s, u"split"_s, tr("Split &right"),
                      {QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_E)})),
      splitDown(make(panel, u"splitDownAction"_s, u"splitdown"_s, tr("Split &down"),
                     {QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_O)})),
      moveRight(make(panel, u"moveTerminalAction"_s, u"split"_s, tr("&Move beside"))),
      moveDown(make(panel, u"moveDownAction"_s, u"splitdown"_s, tr("Move &below"))),
      moveOut(make(panel, u"moveOutAction"_s, u"float"_s, tr("Move to a ne&w window"))),
      moveBack(make(panel, u"moveBackAction"_s, u"back"_s, tr("Move back to the &main window"))),
      sibling(make(panel, u"siblingAction"_s, u"terminal"_s, tr("&New terminal in this sandbox"))),
      temporary(make(panel, u"temporaryAction"_s, {}, tr("New &temporary terminal"))),
      sessions(make(panel, u"sessionsAction"_s, u"eye"_s, tr("R&unning sessions…"))),
      broadcast(make(panel, u"broadcastAction"_s, u"broadcast"_s,
                     tr("Type into this terminal &together with others"))),
      broadcastAll(make(panel, u"broadcastAllAction"_s, {}, tr("Type into &all that are shown"))),
      stopBroadcast(
          make(panel, u"stopBroadcastAction"_s, {}, tr("Stop typing into se&veral terminals"))),
      saveOutput(make(panel, u"saveOutputAction"_s, u"download"_s, tr("&Save output…"))),
      whatRan(make(panel, u"whatRanAction"_s, u"text"_s, tr("What ran &here"))),
      close(make(panel, u"closeTerminalAction"_s, u"close"_s, tr("&Close terminal"),
                 {QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_W)})),
      next(make(panel, u"nextTerminalAction"_s, {}, tr("Ne&xt terminal"),
                {QKeySequence(Qt::CTRL | Qt::Key_PageDown), QKeySequence(Qt::CTRL | Qt::Key_Tab)})),
      previous(make(panel, u"previousTerminalAction"_s, {}, tr("&Previous terminal"),
                    {QKeySequence(Qt::CTRL | Qt::Key_PageUp),
                     QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Tab)})),
      larger(make(panel, u"largerTextAction"_s, {}, tr("&Larger text"),
                  {QKeySequence(Qt::CTRL | Qt::Key_Plus), QKeySequence(Qt::CTRL | Qt::Key_Equal)})),
      smaller(make(panel, u"smallerTextAction"_s, {}, tr("Smaller te&xt"),
                   {QKeySequence(Qt::CTRL | Qt::Key_Minus)})),
      snippets(new QMenu(tr("Snipp&ets"), panel))
{
    broadcast->setCheckable(true);
    snippets->setObjectName(u"snippetsMenu"_s);
    makeGoActions(panel);
    update({});
}

QAction *TerminalActions::make(QWidget *panel, const QString &name, const QString &icon,
                               const QString &text, const QList<QKeySequence> &keys)
{
    auto *action = new QAction(text, panel);
    action->setObjectName(name);
    if (!icon.isEmpty())
        action->setIcon(themedIcon(icon));
    action->setShortcuts(keys);
    m_all.append(action);
    return action;
}

void TerminalActions::makeGoActions(QWidget *panel)
{
    for (int place = 0; place < MostTabKeys; ++place) {
        QAction *action =
            make(panel, u"tab%1Action"_s.arg(place + 1), {}, tr("Go to terminal %1").arg(place + 1),
                 {QKeySequence(Qt::ALT | Qt::Key(Qt::Key_1 + place))});
        connect(action, &QAction::triggered, this, [this, place] { Q_EMIT tabRequested(place); });
    }
    const std::tuple<Qt::Key, Qt::Edge, QString> sides[] = {
        {Qt::Key_Left, Qt::LeftEdge, tr("Go to the terminals at the left")},
        {Qt::Key_Right, Qt::RightEdge, tr("Go to the terminals at the right")},
        {Qt::Key_Up, Qt::TopEdge, tr("Go to the terminals above")},
        {Qt::Key_Down, Qt::BottomEdge, tr("Go to the terminals below")}};
    for (const auto &[key, side, text] : sides) {
        QAction *action = make(panel, {}, {}, text, {QKeySequence(Qt::ALT | key)});
        // The same keys go through the folders of a file list.
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        connect(action, &QAction::triggered, this,
                [this, side = side] { Q_EMIT focusRequested(side); });
        m_sides.append(action);
    }
}

void TerminalActions::update(const Context &context)
{
    for (QAction *action : {sibling, temporary, sessions, splitRight, splitDown})
        action->setEnabled(context.canStart);
    for (QAction *action : {saveOutput, whatRan, close, next, previous, larger, smaller})
        action->setEnabled(context.hasTerminal);
    for (QAction *action : {moveRight, moveDown})
        action->setEnabled(context.canMove);
    moveOut->setEnabled(context.hasTerminal && (!context.isOutside || context.canMove));
    moveBack->setEnabled(context.isOutside);
    moveBack->setVisible(context.isOutside);
    broadcast->setEnabled(context.canType);
    broadcast->setChecked(context.isMember);
    broadcastAll->setEnabled(context.canType);
    stopBroadcast->setEnabled(context.isBroadcasting);
    snippets->setEnabled(true);  // the list can always be edited
    for (QAction *action : m_sides)
        action->setEnabled(context.isSplit);
}

void TerminalActions::fillMenu(QMenu *menu) const
{
    menu->addAction(close);
    menu->addAction(temporary);
    menu->addAction(sessions);
    menu->addSeparator();
    fillPlaces(menu);
    menu->addSeparator();
    fillContent(menu);
    menu->addSeparator();
    menu->addActions({next, previous});
    menu->addSeparator();
    menu->addActions({larger, smaller});
}

void TerminalActions::fillTabMenu(QMenu *menu) const
{
    menu->addActions({sibling, temporary, sessions});
    menu->addSeparator();
    fillPlaces(menu);
    menu->addSeparator();
    fillContent(menu);
    menu->addSeparator();
    menu->addAction(close);
}

void TerminalActions::fillPlaces(QMenu *menu) const
{
    menu->addActions({splitRight, splitDown, moveRight, moveDown, moveOut, moveBack});
}

void TerminalActions::fillContent(QMenu *menu) const
{
    menu->addActions({broadcast, broadcastAll, stopBroadcast});
    menu->addSeparator();
    menu->addMenu(snippets);
    menu->addActions({saveOutput, whatRan});
}

void TerminalActions::addTo(QWidget *window) const
{
    window->addActions(m_all);
}

}  // namespace voidrun
