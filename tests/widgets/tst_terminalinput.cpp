// SPDX-License-Identifier: MIT
#include <QCheckBox>
#include <QClipboard>
#include <QDesktopServices>
#include <QDropEvent>
#include <QInputMethodEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMessageBox>
#include <QMimeData>
#include <QSignalSpy>
#include <QToolButton>
#include <QtTest>

#include "terminalsearchbar.h"
#include "terminalsettings.h"
#include "terminalundertest.h"

using namespace voidrun;
using namespace Qt::StringLiterals;

// What a person gives to a terminal of a real sandbox: text by an input method, files, pasted
// lines, clicks on links; and how they find what is there.
class TestTerminalInput : public QObject
{
    Q_OBJECT

public Q_SLOTS:
    void takeUrl(const QUrl &url) { m_opened.append(url); }

private:
    test::TerminalUnderTest m_terminal;
    TerminalSettings m_settings{nullptr};
    QList<QUrl> m_opened;

    void drop(const QMimeData &data)
    {
        QDragEnterEvent enter(QPoint(20, 20), Qt::CopyAction, &data, Qt::LeftButton,
                              Qt::NoModifier);
        QCoreApplication::sendEvent(m_terminal.display(), &enter);
        QVERIFY(enter.isAccepted());
        QDropEvent event(QPointF(20, 20), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(m_terminal.display(), &event);
    }
    QMessageBox *question() const { return m_terminal.view()->findChild<QMessageBox *>(); }
    static void sayYes(QMessageBox *box)
    {
        for (QAbstractButton *button : box->buttons()) {
            if (box->buttonRole(button) == QMessageBox::AcceptRole)
                QTest::mouseClick(button, Qt::LeftButton);
        }
    }

private Q_SLOTS:
    void initTestCase()
    {
        Q_INIT_RESOURCE(app);
        QVERIFY2(m_terminal.start(), qPrintable(m_terminal.problem()));
    }
    void init()
    {
        QVERIFY(m_terminal.open());
        m_settings.setOptions({});
        m_terminal.view()->setSettings(&m_settings);
    }
    void cleanup() { m_terminal.close(); }

    void inputMethod()
    {
        m_terminal.type(u"cat > /app/composed\n"_s);
        QTRY_VERIFY(m_terminal.view()->isCommandRunning());
        QInputMethodEvent preedit(u"ka"_s, {});
        QCoreApplication::sendEvent(m_terminal.display(), &preedit);
        QInputMethodEvent commit;
        commit.setCommitString(u"é漢か\U0001F680@"_s);
        QCoreApplication::sendEvent(m_terminal.display(), &commit);
        m_terminal.type(u"\n"_s);
        QTest::keyClick(m_terminal.display(), Qt::Key_D, Qt::ControlModifier);
        QTRY_COMPARE_WITH_TIMEOUT(m_terminal.run(u"cat /app/composed"_s), u"é漢か\U0001F680@\n"_s,
                                  20'000);
    }

    void localFilesAreAskedFor()
    {
        QSignalSpy dropped(m_terminal.view(), &TerminalView::filesDropped);
        QMimeData data;
        data.setUrls({QUrl::fromLocalFile(u"/tmp/a b.txt"_s)});
        drop(data);
        QTRY_VERIFY(question() && question()->isVisible());
        QVERIFY(question()->text().contains(u"a b.txt"_s));
        QVERIFY(dropped.isEmpty());
        sayYes(question());
        QCOMPARE(dropped.size(), 1);
        QCOMPARE(dropped.constFirst().constFirst().toStringList(), QStringList{u"/tmp/a b.txt"_s});
        m_terminal.type(u"printf '<%s>\\n' "_s);
        m_terminal.view()->typePaths({u"/app/a b.txt"_s, u"/app/it's\n"_s});
        m_terminal.type(u"\n"_s);
        QTRY_VERIFY2(m_terminal.text().contains(u"\n</app/a b.txt>\n</app/it's\n>"_s),
                     qPrintable(m_terminal.text().right(300)));
    }

    void pasteCanBeRemembered()
    {
        m_terminal.view()->paste(u"one\ntwo\n"_s);
        QTRY_VERIFY(question() && question()->isVisible());
        question()->checkBox()->setChecked(true);
        sayYes(question());
        QVERIFY(!m_settings.options().askBeforePaste);
        QVERIFY(m_terminal.shows(u"two"_s));
        QTest::keyClick(m_terminal.display(), Qt::Key_C, Qt::ControlModifier);
        QTRY_VERIFY_WITH_TIMEOUT(m_terminal.text().contains(u"^C"_s) && m_terminal.isAtPrompt(),
                                 20'000);
        m_terminal.view()->paste(u"printf 'straight%s' a\n\x1b[201~"_s);
        QTest::keyClick(m_terminal.display(), Qt::Key_Return);
        QVERIFY(m_terminal.shows(u"straighta"_s));
    }

    void linksShowTheirWholeAddress()
    {
        QDesktopServices::setUrlHandler(u"https"_s, this, "takeUrl");
        m_terminal.type(u"clear; echo https://example.org/a?b=c\n"_s);
        QTRY_VERIFY_WITH_TIMEOUT(m_terminal.screen().value(0).startsWith(u"https://example.org"_s),
                                 20'000);
        Q_EMIT m_terminal.view()->terminal()->urlActivated(QUrl(u"file:///etc/passwd"_s), false);
        QVERIFY(!question());
        Q_EMIT m_terminal.view()->terminal()->urlActivated(QUrl(u"https://example.org/a?b=c"_s),
                                                           false);
        QTRY_VERIFY(question() && question()->isVisible());
        QVERIFY(question()->informativeText().contains(u"https://example.org/a?b=c"_s));
        QVERIFY(m_opened.isEmpty());
        sayYes(question());
        QCOMPARE(m_opened, QList<QUrl>{QUrl(u"https://example.org/a?b=c"_s)});
        QDesktopServices::unsetUrlHandler(u"https"_s);
    }

    void searchFindsOlderAndNewer()
    {
        m_terminal.type(u"clear; seq 1 300\n"_s);
        QTRY_VERIFY2(m_terminal.text().contains(u"\n300\n"_s),
                     qPrintable(m_terminal.text().right(300)));
        QTest::keyClick(m_terminal.display(), Qt::Key_F, Qt::ControlModifier | Qt::ShiftModifier);
        auto *bar = m_terminal.view()->findChild<TerminalSearchBar *>();
        QTRY_VERIFY(bar->isVisible());
        auto *edit = bar->findChild<QLineEdit *>();
        QTest::keyClicks(edit, u"299"_s);
        auto *label = bar->findChild<QLabel *>();
        QTRY_COMPARE(label->text(), u"1 of 1"_s);
        edit->selectAll();
        QTest::keyClicks(edit, u"29"_s);
        QTRY_COMPARE(label->text(), u"13 of 13"_s);  // 29, 129, 229, 290 to 299
        QTest::keyClick(edit, Qt::Key_Return);
        QCOMPARE(label->text(), u"12 of 13"_s);
        QTest::keyClick(edit, Qt::Key_Return, Qt::ShiftModifier);
        QTest::keyClick(edit, Qt::Key_Return, Qt::ShiftModifier);
        QCOMPARE(label->text(), u"1 of 13"_s);
        edit->selectAll();
        QTest::keyClicks(edit, u"no such"_s);
        QTRY_COMPARE(label->text(), u"Not found"_s);
        QTest::keyClick(edit, Qt::Key_Escape);
        QVERIFY(!bar->isVisible());
        QVERIFY(m_terminal.display()->hasFocus());
    }

    void bellIsTold()
    {
        QSignalSpy bell(m_terminal.view(), &TerminalView::bellRang);
        m_terminal.type(u"printf '\\a'\n"_s);
        QTRY_COMPARE_WITH_TIMEOUT(bell.size(), 1, 20'000);
    }

    void commandsAreKnownToRun()
    {
        QVERIFY(!m_terminal.view()->isCommandRunning());
        m_terminal.type(u"sleep 1\n"_s);
        QTRY_VERIFY(m_terminal.view()->isCommandRunning());
        QTRY_VERIFY_WITH_TIMEOUT(!m_terminal.view()->isCommandRunning(), 20'000);
    }
};

QTEST_MAIN(TestTerminalInput)
#include "tst_terminalinput.moc"
