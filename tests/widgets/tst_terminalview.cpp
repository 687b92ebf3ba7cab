// SPDX-License-Identifier: MIT
#include <QClipboard>
#include <QElapsedTimer>
#include <QFrame>
#include <QLabel>
#include <QMessageBox>
#include <QPushButton>
#include <QTabBar>
#include <QtTest>

#include "emulator.h"
#include "enginesandbox.h"
#include "models/connection.h"
#include "models/terminalsession.h"
#include "terminalpanel.h"
#include "terminalview.h"

using namespace voidrun;
using namespace Qt::StringLiterals;

// Terminals of a real sandbox: what a person types and sees.
class TestTerminalView : public QObject
{
    Q_OBJECT

private:
    test::EngineSandbox m_sandbox;
    std::unique_ptr<Connection> m_connection;
    std::unique_ptr<TerminalPanel> m_panel;

    TerminalView *open()
    {
        TerminalView *view = m_panel->addTerminal(
            m_connection->createTerminalSession(m_sandbox.id(), nullptr), u"box"_s);
        return view;
    }

    static bool atPrompt(const TerminalView *view)
    {
        return view->text().trimmed().endsWith(u'$') || view->text().trimmed().endsWith(u'#');
    }

    static QWidget *display(const TerminalView *view)
    {
        return view->terminal()->focusProxy() ? view->terminal()->focusProxy() : view->terminal();
    }

    static void type(const TerminalView *view, const QString &text)
    {
        for (const QChar c : text) {
            if (c == u'\n')
                QTest::keyClick(display(view), Qt::Key_Return);
            else
                QTest::keyClick(display(view), c.toLatin1());
        }
    }

private Q_SLOTS:
    void initTestCase()
    {
        Q_INIT_RESOURCE(app);
        QVERIFY2(m_sandbox.start(), qPrintable(m_sandbox.problem()));
        m_connection = std::make_unique<Connection>(m_sandbox.engine().profile());
    }

    void init()
    {
        m_panel = std::make_unique<TerminalPanel>();
        m_panel->resize(900, 500);
        m_panel->show();
        QVERIFY(QTest::qWaitForWindowActive(m_panel.get()));
    }

    void cleanup() { m_panel.reset(); }

    void typedCommandsRun()
    {
        TerminalView *view = open();
        QTRY_VERIFY_WITH_TIMEOUT(atPrompt(view), 20'000);
        type(view, u"echo $((6*7))-ok > /app/typed; cat /app/typed\n"_s);
        QTRY_VERIFY_WITH_TIMEOUT(view->text().contains(u"\n42-ok"_s), 20'000);
        QCOMPARE(m_sandbox.run(u"cat /app/typed"_s), u"42-ok\n"_s);
    }

    void sizeIsRightFromTheStartAndAfterResizing()
    {
        TerminalView *view = open();
        QTRY_VERIFY_WITH_TIMEOUT(atPrompt(view), 20'000);
        type(view, u"stty size\n"_s);
        const auto size = [view] {
            return u"%1 %2"_s.arg(view->terminal()->screenLinesCount())
                .arg(view->terminal()->screenColumnsCount());
        };
        QTRY_VERIFY2_WITH_TIMEOUT(view->text().contains(size()),
                                  qPrintable(size() % u" is not in:\n"_s % view->text()), 20'000);
        const QString before = size();
        m_panel->resize(620, 380);
        QTRY_VERIFY(size() != before);
        // The new size arrives in the guest; asked until it does.
        QTRY_VERIFY_WITH_TIMEOUT(
            m_sandbox
                .run(u"for t in /proc/[0-9]*/fd/0; do stty size < $t 2>/dev/null; done; true"_s)
                .contains(size()),
            20'000);
    }

    void aFloodLeavesTheWindowAliveAndControlCWorks()
    {
        TerminalView *view = open();
        QTRY_VERIFY_WITH_TIMEOUT(atPrompt(view), 20'000);
        QElapsedTimer clock;
        clock.start();
        qint64 last = 0;
        qint64 longest = 0;
        QTimer ticker;
        connect(&ticker, &QTimer::timeout, this, [&] {
            longest = qMax(longest, clock.elapsed() - last);
            last = clock.elapsed();
        });
        type(view, u"yes 0123456789\n"_s);
        QTRY_VERIFY_WITH_TIMEOUT(view->text().contains(u"0123456789\n0123456789"_s), 20'000);
        last = clock.elapsed();
        ticker.start(1);
        QTRY_VERIFY_WITH_TIMEOUT(
            clock.elapsed() - last < 1000 && view->terminal()->historyLinesCount() > 5000, 30'000);
        QTest::keyClick(display(view), Qt::Key_C, Qt::ControlModifier);
        QTRY_VERIFY_WITH_TIMEOUT(atPrompt(view), 30'000);
        QVERIFY2(longest < 1000, qPrintable(u"the window stood still for %1 ms"_s.arg(longest)));
    }

    void pasteOfSeveralLinesAsks()
    {
        TerminalView *view = open();
        QTRY_VERIFY_WITH_TIMEOUT(atPrompt(view), 20'000);
        QGuiApplication::clipboard()->setText(u"echo o''ne\necho t\x1b''wo\n"_s);
        QTest::keyClick(display(view), Qt::Key_V, Qt::ControlModifier | Qt::ShiftModifier);
        QPointer<QMessageBox> box = view->findChild<QMessageBox *>();
        QTRY_VERIFY(box && box->isVisible());
        QVERIFY(!view->text().contains(u"echo"_s));
        for (QAbstractButton *button : box->buttons()) {
            if (box->buttonRole(button) == QMessageBox::AcceptRole)
                QTest::mouseClick(button, Qt::LeftButton);
        }
        // The shell holds a bracketed paste until Return is pressed.
        QTRY_VERIFY_WITH_TIMEOUT(view->text().contains(u"echo t''wo"_s), 20'000);
        QTest::keyClick(display(view), Qt::Key_Return);
        QTRY_VERIFY_WITH_TIMEOUT(
            view->text().contains(u"\none"_s) && view->text().contains(u"\ntwo"_s), 20'000);
    }

    void anEndedShellSaysSoAndAKeyOpensANewOne()
    {
        TerminalView *view = open();
        QTRY_VERIFY_WITH_TIMEOUT(atPrompt(view), 20'000);
        type(view, u"exit\n"_s);
        QTRY_COMPARE_WITH_TIMEOUT(view->session()->state(), TerminalSession::State::Ended, 20'000);
        auto *banner = view->findChild<QFrame *>(QString(), Qt::FindDirectChildrenOnly);
        QVERIFY(banner && banner->isVisible());
        QTest::keyClick(display(view), Qt::Key_Space);
        QTRY_COMPARE_WITH_TIMEOUT(view->session()->state(), TerminalSession::State::Live, 20'000);
        QTRY_VERIFY_WITH_TIMEOUT(atPrompt(view), 20'000);
    }

    void hugeResizeSequencesAreIgnored()
    {
        TerminalView *view = open();
        QTRY_VERIFY_WITH_TIMEOUT(atPrompt(view), 20'000);
        const int columns = view->terminal()->screenColumnsCount();
        type(view, u"printf '\\033[8;10000;10000t'; echo un''harmed\n"_s);
        QTRY_VERIFY_WITH_TIMEOUT(view->text().contains(u"unharmed"_s), 20'000);
        QCOMPARE(view->terminal()->screenColumnsCount(), columns);
    }

    void altAndALetterBelongToTheShell()
    {
        TerminalView *view = open();
        QTRY_VERIFY_WITH_TIMEOUT(atPrompt(view), 20'000);
        type(view, u"echo one tw"_s);
        QTest::keyClick(display(view), Qt::Key_B, Qt::AltModifier);  // a word back
        type(view, u"x"_s);
        QTest::keyClick(display(view), Qt::Key_Return);
        QTRY_VERIFY_WITH_TIMEOUT(view->text().contains(u"\none xtw"_s), 20'000);
    }
};

QTEST_MAIN(TestTerminalView)
#include "tst_terminalview.moc"
