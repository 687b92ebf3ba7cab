// SPDX-License-Identifier: MIT
#include <QWheelEvent>
#include <QtTest>

#include "terminalundertest.h"

using namespace voidrun;
using namespace Qt::StringLiterals;

// Full-screen programs of the sandbox in a real terminal, by keys and mouse.
class TestTerminalPrograms : public QObject
{
    Q_OBJECT

private:
    test::TerminalUnderTest m_terminal;

    void key(Qt::Key code, Qt::KeyboardModifiers modifiers = {})
    {
        QTest::keyClick(m_terminal.display(), code, modifiers);
    }
    bool firstLineIs(const QString &start)
    {
        return QTest::qWaitFor([&] { return m_terminal.screen().value(0).startsWith(start); },
                               20'000);
    }

private Q_SLOTS:
    void initTestCase()
    {
        Q_INIT_RESOURCE(app);
        QVERIFY2(m_terminal.start(), qPrintable(m_terminal.problem()));
        m_terminal.run(u"seq -f 'line %04g' 1000 > /app/lines"_s);
    }

    void init() { QVERIFY(m_terminal.open()); }
    void cleanup() { m_terminal.close(); }

    void vim()
    {
        m_terminal.type(u"vim -u NONE -N --cmd 'set mouse=a showmode' /app/lines\n"_s);
        QVERIFY(firstLineIs(u"line 0001"_s));
        // A click puts the cursor there.
        QTest::mouseClick(m_terminal.display(), Qt::LeftButton, {}, m_terminal.cell(5, 3));
        m_terminal.type(u"i"_s);
        QVERIFY(m_terminal.shows(u"-- INSERT --"_s));
        m_terminal.type(u"<here>"_s);
        key(Qt::Key_Escape);
        QTRY_COMPARE_WITH_TIMEOUT(m_terminal.screen().value(3), u"line <here>0004"_s, 20'000);
        m_terminal.panel()->resize(700, 420);
        m_terminal.type(u":wq\n"_s);
        QTRY_VERIFY_WITH_TIMEOUT(m_terminal.isAtPrompt(), 20'000);
        QCOMPARE(m_terminal.run(u"sed -n 4p /app/lines"_s), u"line <here>0004\n"_s);
    }

    void lessWithMouse()
    {
        m_terminal.type(u"less --mouse /app/lines\n"_s);
        QVERIFY(firstLineIs(u"line 0001"_s));
        const QPoint middle = m_terminal.display()->rect().center();
        QWheelEvent down(middle, m_terminal.display()->mapToGlobal(middle), {}, {0, -120},
                         Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(m_terminal.display(), &down);
        QTRY_VERIFY_WITH_TIMEOUT(!m_terminal.screen().value(0).startsWith(u"line 0001"_s), 20'000);
        m_terminal.type(u"G"_s);
        QTRY_VERIFY_WITH_TIMEOUT(m_terminal.text().contains(u"line 1000"_s), 20'000);
        m_terminal.type(u"q"_s);
        QTRY_VERIFY_WITH_TIMEOUT(m_terminal.isAtPrompt(), 20'000);
        QVERIFY(!m_terminal.text().contains(u"line 1000"_s));  // the screen before it is back
    }

    void htop()
    {
        m_terminal.type(u"htop\n"_s);
        QVERIFY(m_terminal.shows(u"F10Quit"_s));
        QVERIFY(m_terminal.text().contains(u"CPU%"_s));
        QVERIFY(m_terminal.shows(u"bash"_s));
        key(Qt::Key_F10);
        QTRY_VERIFY_WITH_TIMEOUT(m_terminal.isAtPrompt(), 20'000);
        QVERIFY(!m_terminal.text().contains(u"F10Quit"_s));
    }

    void tmux()
    {
        m_terminal.type(u"tmux -f /dev/null\n"_s);
        QVERIFY(m_terminal.shows(u"[0] 0:"_s));
        key(Qt::Key_B, Qt::ControlModifier);
        m_terminal.type(u"%"_s);
        QTRY_VERIFY_WITH_TIMEOUT(m_terminal.text().count(u'│') > 10, 20'000);
        m_terminal.type(u"echo in-$((40+2)); tput cols\n"_s);
        QVERIFY(m_terminal.shows(u"in-42"_s));
        // Half the width each: what is wider than a pane would run into the other one.
        QVERIFY(m_terminal.shows(QString::number((m_terminal.columns() - 1) / 2)));
        key(Qt::Key_B, Qt::ControlModifier);
        m_terminal.type(u"d"_s);
        QVERIFY(m_terminal.shows(u"[detached"_s));
        m_terminal.type(u"tmux kill-server; tput clear\n"_s);
        QTRY_VERIFY_WITH_TIMEOUT(m_terminal.isAtPrompt(), 20'000);
    }
};

QTEST_MAIN(TestTerminalPrograms)
#include "tst_terminalprograms.moc"
