// SPDX-License-Identifier: MIT
#pragma once

#include <QElapsedTimer>
#include <QEventLoop>
#include <QTest>
#include <QTimer>
#include <QWidget>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <memory>
#include <vector>

#include "emulator.h"
#include "enginesandbox.h"
#include "models/connection.h"
#include "models/terminalsession.h"
#include "terminalpanel.h"
#include "terminalpump.h"
#include "terminalview.h"

namespace voidrun::bench
{

constexpr int Limit = 120'000;  // ms for anything that should take seconds

inline double median(std::vector<double> values)
{
    std::ranges::sort(values);
    return values[values.size() / 2];
}

[[noreturn]] inline void giveUp(const QString &why)
{
    std::printf("terminal: %s\n", qUtf8Printable(why));
    std::fflush(stdout);
    std::exit(1);
}

// In a real event loop: QTest's waits sleep in between. Looks every 2 ms.
inline void waitFor(const std::function<bool()> &done, const char *what)
{
    QEventLoop loop;
    QElapsedTimer clock;
    clock.start();
    QTimer look;
    QObject::connect(&look, &QTimer::timeout, &loop, [&] {
        if (done())
            loop.quit();
        else if (clock.hasExpired(Limit))
            giveUp(QStringLiteral("waited in vain for ") + QLatin1StringView(what));
    });
    look.start(2);
    loop.exec();
}

inline void spend(int milliseconds)
{
    QEventLoop loop;
    QTimer::singleShot(milliseconds, &loop, &QEventLoop::quit);
    loop.exec();
}

inline void report(const char *what, double value, const char *unit, double goal)
{
    std::printf("terminal: %s: %.2f %s; goal: at most %.2f: %s\n", what, value, unit, goal,
                value <= goal ? "held" : "NOT held");
    std::fflush(stdout);
}

// One tab as a person has it, and when it last got output and was last painted.
class Tab : public QObject
{
public:
    explicit Tab(TerminalView *view) : m_view(view), m_display(view->terminal()->focusProxy())
    {
        m_clock.start();
        m_display->installEventFilter(this);
        connect(view->findChild<TerminalPump *>(), &TerminalPump::outputShown, this,
                [this] { m_outputAt = now(); });
        connect(view->terminal(), &QTermWidget::bell, this, [this] { m_bellAt = now(); });
    }

    TerminalView *view() const { return m_view; }
    QWidget *display() const { return m_display; }
    double now() const { return double(m_clock.nsecsElapsed()) / 1e6; }  // ms
    double outputAt() const { return m_outputAt; }
    double bellAt() const { return m_bellAt; }
    double paintedAt() const { return m_paintedAt; }
    bool isPaintedSince(double time) const { return time >= 0 && m_paintedAt >= time; }
    bool isAtPrompt() const { return m_view->text().trimmed().endsWith(u'$'); }
    // Quiet for a moment, and the last thing is a prompt.
    bool isQuietAtPrompt() const { return now() - m_outputAt > 40 && isAtPrompt(); }
    void type(const QByteArray &text) { m_view->session()->write(text); }
    void control(Qt::Key key) { QTest::keyClick(m_display, key, Qt::ControlModifier); }
    void forgetBell() { m_bellAt = -1; }

protected:
    bool eventFilter(QObject *, QEvent *event) override
    {
        if (event->type() == QEvent::Paint)
            m_paintedAt = now();
        return false;
    }

private:
    TerminalView *m_view;
    QWidget *m_display;
    QElapsedTimer m_clock;
    double m_outputAt = -1;
    double m_bellAt = -1;
    double m_paintedAt = -1;
};

// The real engine with a sandbox, and a window of terminals of it.
class TerminalRig
{
public:
    TerminalRig()
    {
        if (!m_sandbox.start())
            giveUp(m_sandbox.problem());
        m_connection = std::make_unique<Connection>(m_sandbox.engine().profile());
        m_panel.resize(1000, 700);
        m_panel.show();
        if (!QTest::qWaitForWindowActive(&m_panel))
            giveUp(QStringLiteral("the window is not shown"));
    }

    test::EngineSandbox &sandbox() { return m_sandbox; }
    TerminalPanel *panel() { return &m_panel; }

    // Without waiting for its prompt.
    std::unique_ptr<Tab> open()
    {
        return std::make_unique<Tab>(m_panel.addTerminal(
            m_connection->createTerminalSession(m_sandbox.id(), nullptr), QStringLiteral("bench")));
    }
    std::unique_ptr<Tab> openAtPrompt()
    {
        auto tab = open();
        waitFor([&] { return tab->isAtPrompt(); }, "a prompt");
        return tab;
    }
    void close(std::unique_ptr<Tab> tab)
    {
        TerminalView *view = tab->view();
        tab.reset();
        m_panel.closeTerminal(view);
    }
    // Makes the window as large as that many columns and lines need.
    void setSize(const Tab &tab, QSize size)
    {
        for (int attempt = 0; attempt < 20; ++attempt) {
            const QSize have(tab.view()->terminal()->screenColumnsCount(),
                             tab.view()->terminal()->screenLinesCount());
            if (have == size)
                return;
            const QSize cell(std::max(1, tab.display()->width() / have.width()),
                             std::max(1, tab.display()->height() / have.height()));
            const QSize step(size.width() - have.width(), size.height() - have.height());
            m_panel.resize(m_panel.width() + step.width() * cell.width(),
                           m_panel.height() + step.height() * cell.height());
            spend(200);
        }
    }

private:
    test::EngineSandbox m_sandbox;
    std::unique_ptr<Connection> m_connection;
    TerminalPanel m_panel;
};

}  // namespace voidrun::bench
