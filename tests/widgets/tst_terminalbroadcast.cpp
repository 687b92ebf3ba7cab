// SPDX-License-Identifier: MIT
#include <QClipboard>
#include <QLabel>
#include <QPushButton>

#include "broadcastbar.h"
#include "terminalbroadcast.h"
#include "terminalsundertest.h"

using namespace voidrun;
using namespace Qt::StringLiterals;

// One keyboard for several terminals of real sandboxes.
class TestTerminalBroadcast : public QObject, private test::TerminalsUnderTest
{
    Q_OBJECT

private:
    QAction *action(const QString &name) const { return m_panel->findChild<QAction *>(name); }
    BroadcastBar *bar() const { return m_panel->findChild<BroadcastBar *>(); }

private Q_SLOTS:
    void initTestCase()
    {
        Q_INIT_RESOURCE(app);
        QVERIFY2(startSandboxes(2), qPrintable(m_box.problem()));
    }
    void init() { QVERIFY(showPanel()); }
    void cleanup() { m_panel.reset(); }

    void whatIsTypedAndPastedGoesToTheChosenOnesOnly()
    {
        TerminalView *first = openAtPrompt(0);
        TerminalView *second = openAtPrompt(1);
        TerminalView *third = openAtPrompt(0);
        QVERIFY(first && second && third);
        QVERIFY(!bar()->isVisible());
        const QIcon before = groupOf(first)->tabIcon(0);
        for (TerminalView *chosen : {first, second}) {
            m_panel->showSession(chosen->session()->sessionId());
            action(u"broadcastAction"_s)->trigger();
        }
        QVERIFY(bar()->isVisible());
        const QString said = bar()->findChild<QLabel *>(u"broadcastLabel"_s)->text();
        QVERIFY2(said.contains(u"2 terminals"_s) && said.contains(u"box-2"_s), qPrintable(said));
        QVERIFY(groupOf(first)->tabIcon(0).pixmap(32).toImage() != before.pixmap(32).toImage());
        type(first, u"echo typed-$((40+2))\n"_s);
        QVERIFY(shows(first, u"typed-42"_s) && shows(second, u"typed-42"_s));
        // Keys as keys: the arrow brings the last line back in both shells.
        QTest::keyClick(keyboard(second), Qt::Key_Up);
        QTest::keyClick(keyboard(second), Qt::Key_Return);
        const auto twice = [](const TerminalView *view) {
            return view->text().count(u"\ntyped-42"_s) == 2;
        };
        QTRY_VERIFY_WITH_TIMEOUT(twice(first) && twice(second), 20'000);
        QGuiApplication::clipboard()->setText(u"echo pasted-$((5+5)) \x1b''"_s);
        QTest::keyClick(keyboard(first), Qt::Key_V, Qt::ControlModifier | Qt::ShiftModifier);
        QTest::keyClick(keyboard(first), Qt::Key_Return);
        QVERIFY(shows(first, u"pasted-10"_s) && shows(second, u"pasted-10"_s));
        type(third, u"echo alone-$((3+3))\n"_s);
        QVERIFY(shows(third, u"alone-6"_s));
        for (const QString &text : {u"typed"_s, u"pasted"_s})
            QVERIFY(!third->text().contains(text));
        QVERIFY(!first->text().contains(u"alone"_s));
    }

    void oneClickEndsIt()
    {
        TerminalView *first = openAtPrompt(0);
        TerminalView *second = openAtPrompt(1);
        QVERIFY(first && second);
        m_panel->move(second, Qt::RightEdge);
        action(u"broadcastAllAction"_s)->trigger();
        QCOMPARE(m_panel->broadcast()->members().size(), 2);
        QTest::mouseClick(bar()->findChild<QPushButton *>(u"stopBroadcastButton"_s),
                          Qt::LeftButton);
        QVERIFY(!bar()->isVisible());
        type(first, u"echo only-$((1+1))\n"_s);
        QVERIFY(shows(first, u"only-2"_s));
        type(second, u"echo other-$((1+1))\n"_s);
        QVERIFY(shows(second, u"other-2"_s));
        QVERIFY(!second->text().contains(u"only"_s) && !first->text().contains(u"other"_s));
    }

    void whatEmulatorsAnswerIsNotRepeated()
    {
        TerminalView *first = openAtPrompt(0);
        TerminalView *second = openAtPrompt(1);
        QVERIFY(first && second);
        for (const TerminalView *view : {first, second})
            type(view, u"cat -v\n"_s);
        QVERIFY(shows(first, u"cat -v"_s) && shows(second, u"cat -v"_s));
        m_panel->broadcast()->setMember(first, true);
        m_panel->broadcast()->setMember(second, true);
        // Programs ask both emulators where their cursor is. Each answer is its own terminal's.
        QCOMPARE(m_box.run(u"for t in /dev/pts/[0-9]*; do printf '\\033[6n' > $t; done"_s),
                 QString());
        QVERIFY(shows(first, u"^[["_s));
        type(first, u"end"_s);
        QVERIFY(shows(first, u"end"_s));
        QCOMPARE(first->text().count(u"^[["_s), 1);
        QVERIFY(!second->text().contains(u"^[["_s));
        for (const TerminalView *view : {first, second})
            QTest::keyClick(keyboard(view), Qt::Key_C, Qt::ControlModifier);
    }

    void closingAMemberLeavesTheOthers()
    {
        TerminalView *first = openAtPrompt(0);
        TerminalView *second = openAtPrompt(1);
        QVERIFY(first && second);
        m_panel->broadcast()->setMember(first, true);
        m_panel->broadcast()->setMember(second, true);
        m_panel->removeTerminal(second, false);
        QCOMPARE(m_panel->broadcast()->members(), QList<TerminalView *>{first});
        type(first, u"echo fine-$((1+1))\n"_s);
        QVERIFY(shows(first, u"fine-2"_s));
    }
};

QTEST_MAIN(TestTerminalBroadcast)
#include "tst_terminalbroadcast.moc"
