// SPDX-License-Identifier: MIT
// How the terminals come back in the next run.
#include "terminalarea.h"
#include "terminalpanel.h"
#include "terminaltabs.h"
#include "terminalview.h"
#include "terminalwindow.h"

namespace voidrun
{

SavedTerminals TerminalPanel::saved() const
{
    SavedTerminals saved;
    QHash<const TerminalView *, int> places;
    for (const TerminalView *view : terminals()) {
        if (view->session()->kind() == TerminalSession::Kind::Temporary)
            continue;
        SavedTerminal terminal = view->session()->saved();
        terminal.sandboxName = view->sandboxName();
        terminal.number = view->number();
        terminal.title = m_titles.value(view);
        terminal.key = m_keys.value(view);
        places.insert(view, int(saved.terminals.size()));
        saved.terminals.append(terminal);
    }
    const auto placeOf = [&](const TerminalView *view) { return places.value(view, -1); };
    saved.main = m_area->layoutOf(placeOf);
    for (const TerminalWindow *window : m_windows)
        saved.windows.append({window->saveGeometry(), window->area()->layoutOf(placeOf)});
    return saved;
}

void TerminalPanel::setKeys(const SavedTerminals &saved)
{
    qsizetype at = 0;
    for (const TerminalView *view : terminals()) {
        if (view->session()->kind() != TerminalSession::Kind::Temporary &&
            at < saved.terminals.size())
            m_keys.insert(view, saved.terminals.at(at++).key);
    }
}

void TerminalPanel::restore(
    const SavedTerminals &saved,
    const std::function<TerminalSession *(const SavedTerminal &)> &makeSession)
{
    QList<bool> taken(saved.terminals.size(), false);
    const auto fill = [&](TerminalTabs *group, const TerminalLayout &layout) {
        for (const int place : layout.tabs) {
            if (place < 0 || place >= saved.terminals.size() || taken.at(place))
                continue;
            taken[place] = true;
            const SavedTerminal &terminal = saved.terminals.at(place);
            TerminalSession *session = makeSession(terminal);
            if (!session)
                continue;
            TerminalView *view = makeView(session, terminal.sandboxName, terminal.number);
            m_titles.insert(view, terminal.title);
            m_keys.insert(view, terminal.key);
            group->insertView(-1, view, {});
            updateTab(view);
        }
        if (group->count() > 0)
            group->setCurrentIndex(qBound(0, layout.current, group->count() - 1));
    };
    m_area->show();
    m_area->restore(saved.main, fill);
    for (const SavedTerminals::Window &kept : saved.windows) {
        TerminalWindow *window = makeWindow();
        window->restoreGeometry(kept.geometry);
        window->area()->restore(kept.layout, fill);
    }
    removeEmptyGroups();
    Q_EMIT currentChanged();
}

}  // namespace voidrun
