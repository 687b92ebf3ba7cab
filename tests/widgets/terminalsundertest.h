// SPDX-License-Identifier: MIT
#pragma once

#include <QAction>
#include <QFrame>
#include <QLabel>
#include <QMenu>
#include <QMessageBox>
#include <QTabBar>
#include <QtTest>

#include <memory>

#include "emulator.h"
#include "enginesandbox.h"
#include "models/connection.h"
#include "models/sandboxmodel.h"
#include "models/terminalsession.h"
#include "support/replywait.h"
#include "terminalactions.h"
#include "terminalpanel.h"
#include "terminaltabs.h"
#include "terminalview.h"

namespace voidrun::test
{

// Terminals of real sandboxes of one engine, and how keys get into them. For one test at a time.
class TerminalsUnderTest
{
protected:
    bool startSandboxes(int count)
    {
        using namespace Qt::StringLiterals;
        if (!m_box.start())
            return false;
        m_ids = {m_box.id()};
        for (int i = 1; i < count; ++i) {
            SandboxSpec spec;
            spec.name = u"box-%1"_s.arg(i + 1);
            const auto made = answerOf(m_box.client()->createSandbox(spec));
            if (!made)
                return false;
            m_ids.append(made->id);
        }
        m_connection = std::make_unique<Connection>(m_box.engine().profile());
        return true;
    }

    bool showPanel()
    {
        m_panel = std::make_unique<TerminalPanel>();
        m_panel->resize(1100, 600);
        m_panel->show();
        return QTest::qWaitForWindowActive(m_panel.get());
    }

    TerminalView *open(int sandbox = 0)
    {
        using namespace Qt::StringLiterals;
        return m_panel->addTerminal(m_connection->createTerminalSession(m_ids.at(sandbox), nullptr),
                                    sandbox == 0 ? u"box"_s : u"box-%1"_s.arg(sandbox + 1));
    }

    TerminalView *openAtPrompt(int sandbox = 0)
    {
        TerminalView *view = open(sandbox);
        return QTest::qWaitFor([view] { return atPrompt(view); }, 20'000) ? view : nullptr;
    }

    static bool atPrompt(const TerminalView *view)
    {
        return view->text().trimmed().endsWith(u'$') || view->text().trimmed().endsWith(u'#');
    }

    static QWidget *keyboard(const TerminalView *view)
    {
        return view->terminal()->focusProxy() ? view->terminal()->focusProxy() : view->terminal();
    }

    static void type(const TerminalView *view, const QString &text)
    {
        for (const QChar c : text) {
            if (c == u'\n')
                QTest::keyClick(keyboard(view), Qt::Key_Return);
            else
                QTest::keyClick(keyboard(view), c.toLatin1());
        }
    }

    static bool shows(const TerminalView *view, const QString &text)
    {
        return QTest::qWaitFor([&] { return view->text().contains(text); }, 20'000);
    }

    static bool goesTo(const TerminalView *view, TerminalSession::State state)
    {
        return QTest::qWaitFor([&] { return view->session()->state() == state; }, 20'000);
    }

    // What the line above it says; empty where there is none.
    static QString banner(const TerminalView *view)
    {
        const auto *frame = view->findChild<QFrame *>(QString(), Qt::FindDirectChildrenOnly);
        const auto *label = frame ? frame->findChild<QLabel *>() : nullptr;
        return frame && frame->isVisible() && label ? label->text() : QString();
    }

    TerminalTabs *groupOf(const TerminalView *view) const
    {
        for (QWidget *widget : QApplication::allWidgets()) {
            auto *group = qobject_cast<TerminalTabs *>(widget);
            if (group && group->views().contains(view))
                return group;
        }
        return nullptr;
    }

    static QAbstractButton *buttonOf(const QMessageBox *box, const QString &text)
    {
        for (QAbstractButton *button : box->buttons()) {
            if (button->text().remove(u'&') == text)
                return button;
        }
        return nullptr;
    }

    EngineSandbox m_box;
    QStringList m_ids;
    std::unique_ptr<Connection> m_connection;
    std::unique_ptr<TerminalPanel> m_panel;
};

}  // namespace voidrun::test
