// SPDX-License-Identifier: MIT
#pragma once

#include <QRegularExpression>
#include <QTest>

#include <memory>

#include "emulator.h"
#include "enginesandbox.h"
#include "models/connection.h"
#include "models/terminalsession.h"
#include "terminalpanel.h"
#include "terminalview.h"

namespace voidrun::test
{

// A terminal of a real sandbox in a real window, as a person has it: from the program in the
// sandbox through engine, socket and filter to the emulator's screen.
class TerminalUnderTest
{
public:
    static constexpr int Patience = 20'000;  // ms

    // False with `problem()` otherwise.
    bool start()
    {
        if (!m_sandbox.start())
            return false;
        m_connection = std::make_unique<Connection>(m_sandbox.engine().profile());
        return true;
    }
    const QString &problem() const { return m_sandbox.problem(); }
    EngineSandbox &sandbox() { return m_sandbox; }
    QString run(const QString &command) { return m_sandbox.run(command); }

    // A new terminal at its prompt in a new window.
    bool open(QSize size = {900, 560})
    {
        close();
        m_panel = std::make_unique<TerminalPanel>();
        m_panel->resize(size);
        m_panel->show();
        if (!QTest::qWaitForWindowActive(m_panel.get()))
            return false;
        m_view = m_panel->addTerminal(m_connection->createTerminalSession(m_sandbox.id(), nullptr),
                                      QStringLiteral("box"));
        return QTest::qWaitFor([this] { return isAtPrompt(); }, Patience);
    }
    void close()
    {
        if (m_panel && m_view)
            m_panel->closeTerminal(m_view);
        m_panel.reset();
        m_view = nullptr;
    }

    TerminalView *view() const { return m_view; }
    TerminalPanel *panel() const { return m_panel.get(); }
    QWidget *display() const { return m_view->terminal()->focusProxy(); }
    int columns() const { return m_view->terminal()->screenColumnsCount(); }
    int lines() const { return m_view->terminal()->screenLinesCount(); }
    QString text() const { return m_view->text(); }
    // The screen without its history, line by line; wrapped lines are one.
    QStringList screen() const
    {
        QStringList all = text().split(u'\n');
        while (!all.isEmpty() && all.constLast().isEmpty())
            all.removeLast();
        return all.mid(qMin(all.size(), qsizetype(m_view->terminal()->historyLinesCount())));
    }
    bool isAtPrompt() const
    {
        const QString shown = text().trimmed();
        return shown.endsWith(u'$') || shown.endsWith(u'#');
    }
    bool shows(const QString &wanted) const
    {
        return QTest::qWaitFor([&] { return text().contains(wanted); }, Patience);
    }

    void type(const QString &typed) const
    {
        for (const QChar c : typed) {
            if (c == u'\n')
                QTest::keyClick(display(), Qt::Key_Return);
            else
                QTest::keyClick(display(), c.toLatin1());
        }
    }
    // Where that cell is drawn, in the display's coordinates; counted from 0.
    QPoint cell(int column, int line) const
    {
        const QSize size = display()->inputMethodQuery(Qt::ImCursorRectangle).toRect().size();
        const int margin = m_view->terminal()->getMargin();
        return {margin + column * size.width() + size.width() / 2,
                margin + line * size.height() + size.height() / 2};
    }

private:
    EngineSandbox m_sandbox;
    std::unique_ptr<Connection> m_connection;
    std::unique_ptr<TerminalPanel> m_panel;
    TerminalView *m_view = nullptr;
};

}  // namespace voidrun::test
