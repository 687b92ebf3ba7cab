// SPDX-License-Identifier: MIT
#include <QAccessible>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QScrollBar>
#include <QSpinBox>
#include <QTableView>
#include <QTableWidget>
#include <QToolButton>
#include <QTreeView>
#include <QtTest>

#include "accessiblenames.h"
#include "codeeditor.h"
#include "enginesandbox.h"
#include "environmenttable.h"
#include "folderdialog.h"
#include "models/connection.h"
#include "models/runhistory.h"
#include "models/runsmodel.h"
#include "models/sandboxmodel.h"
#include "outputpanel.h"
#include "outputview.h"
#include "problemlabel.h"
#include "resultcard.h"
#include "runhistorypanel.h"
#include "runpanel.h"

using namespace voidrun;
using namespace Qt::StringLiterals;

// The Run panel of a real sandbox, with mouse and keys.
class TestRunPanel : public QObject
{
    Q_OBJECT

private:
    test::EngineSandbox m_sandbox;
    std::unique_ptr<Connection> m_connection;
    std::unique_ptr<RunPanel> m_panel;

    template<class T>
    T *part(const QString &name) const
    {
        return m_panel->findChild<T *>(name);
    }

    OutputView *view() const { return m_panel->outputPanel()->view(); }
    ResultCard *card() const { return part<ResultCard>(u"resultCard"_s); }
    QString title() const { return part<QLabel>(u"titleLabel"_s)->text(); }

    void choose(const QString &kind)
    {
        auto *box = part<QComboBox>(u"kindBox"_s);
        box->setFocus();
        for (int i = 0; i < box->count() && box->currentText() != kind; ++i)
            QTest::keyClick(box, Qt::Key_Down);
        QCOMPARE(box->currentText(), kind);
    }

    void write(const QString &text)
    {
        auto *editor = part<CodeEditor>(u"editor"_s);
        editor->setFocus();
        QTest::keyClick(editor, Qt::Key_A, Qt::ControlModifier);
        QTest::keyClick(editor, Qt::Key_Delete);
        for (const QChar c : text) {
            if (c == u'\n')
                QTest::keyClick(editor, Qt::Key_Return);
            else
                QTest::keyClicks(editor, QString(c));
        }
    }

    void pressRun()
    {
        QTest::keyClick(part<CodeEditor>(u"editor"_s), Qt::Key_Return, Qt::ControlModifier);
    }

    bool ended()
    {
        return QTest::qWaitFor([this] { return card()->isVisible(); }, 30'000);
    }

private Q_SLOTS:
    void initTestCase()
    {
        Q_INIT_RESOURCE(app);
        QStandardPaths::setTestModeEnabled(true);
        QVERIFY2(m_sandbox.start(), qPrintable(m_sandbox.problem()));
        m_connection = std::make_unique<Connection>(m_sandbox.engine().profile());
        m_connection->sandboxes()->refresh();
        QTRY_COMPARE(m_connection->sandboxes()->rowCount(), 1);
    }

    void init()
    {
        m_panel = std::make_unique<RunPanel>(m_connection.get(), m_sandbox.id());
        m_panel->resize(1000, 700);
        m_panel->show();
        QVERIFY(QTest::qWaitForWindowActive(m_panel.get()));
    }

    void cleanup() { m_panel.reset(); }

    void aCommandRunsWithTheKeys()
    {
        write(u"echo good; echo bad >&2; exit 3"_s);
        pressRun();
        QVERIFY(!part<QPushButton>(u"runButton"_s)->isEnabled());
        QVERIFY(ended());
        QTRY_VERIFY(view()->visibleLines().contains(u"good"_s));
        QVERIFY(view()->visibleLines().contains(u"bad"_s));
        QCOMPARE(title(), u"Ended with an error"_s);
        QVERIFY(part<QLabel>(u"factsLabel"_s)->text().contains(u"Exit code 3"_s));
        QVERIFY(card()->accessibleName().contains(u"error"_s));
        // Again, by the card.
        QTest::mouseClick(part<QPushButton>(u"againButton"_s), Qt::LeftButton);
        QVERIFY(!card()->isVisible());
        QVERIFY(ended());
    }

    void pythonGivesATable()
    {
        choose(u"Python"_s);
        write(u"import json\nprint(json.dumps([{'name': 'a', 'n': 1}, {'name': 'b', 'n': 2}]))"_s);
        pressRun();
        QVERIFY(ended());
        QCOMPARE(title(), u"Finished without errors"_s);
        auto *table = part<QTableView>(u"valueTable"_s);
        QVERIFY(table->isVisible());
        QCOMPARE(table->model()->rowCount(), 2);
        QCOMPARE(table->model()->columnCount(), 2);
    }

    void anObjectIsATreeAndAPictureIsSeen()
    {
        choose(u"Python"_s);
        write(u"print('{\"a\": {\"b\": [1, 2]}}')"_s);
        pressRun();
        QVERIFY(ended());
        QVERIFY(part<QTreeView>(u"valueTree"_s)->isVisible());
        QCOMPARE(part<QTreeView>(u"valueTree"_s)->model()->index(0, 0).data().toString(), u"a"_s);
        QByteArray png;
        QBuffer buffer(&png);
        buffer.open(QIODevice::WriteOnly);
        QImage red(40, 30, QImage::Format_RGB32);
        red.fill(Qt::red);
        QVERIFY(red.save(&buffer, "PNG"));
        write(u"print('data:image/png;base64,%1')"_s.arg(QString::fromLatin1(png.toBase64())));
        pressRun();
        QVERIFY(ended());
        QCOMPARE(part<QLabel>(u"imageLabel"_s)->pixmap().size(), QSize(40, 30));
        QVERIFY(part<QLabel>(u"imageLabel"_s)->isVisible());
    }

    void longCodeRunsWhole()
    {
        RunRequest request;
        request.sandboxId = m_sandbox.id();
        request.isCode = true;
        QString text = u"n = 0\n"_s;
        while (text.size() < 20'000)
            text += u"n += 1\n"_s;
        text += u"print(n)"_s;
        request.text = text;
        m_panel->run(request);
        QCOMPARE(m_panel->job()->request().text, text);
        QVERIFY(ended());
        const QString first = QString::number(text.count(u"+="_s));
        QTRY_COMPARE(view()->visibleLines(), first);
        // Again at once, while it appears in the field.
        auto *editor = part<CodeEditor>(u"editor"_s);
        QTest::mouseClick(part<QPushButton>(u"againButton"_s), Qt::LeftButton);
        QVERIFY(editor->isReadOnly());
        QCOMPARE(editor->wholeText(), text);
        QCOMPARE(m_panel->job()->request().text, text);
        QVERIFY(ended());
        QTRY_COMPARE(view()->visibleLines(), first);
        QTRY_VERIFY(!editor->isReadOnly());
        QCOMPARE(editor->wholeText(), text);
        // Nor does a change of what it is drop the rest.
        m_panel->setRequest(request);
        QVERIFY(editor->isReadOnly());
        auto *kind = part<QComboBox>(u"kindBox"_s);
        kind->setFocus();
        QTest::keyClick(kind, Qt::Key_Down);
        QTRY_VERIFY(!editor->isReadOnly());
        QCOMPARE(editor->wholeText(), text);
    }

    void whatIsMissingIsInstalledAndThenItIsRunAgain()
    {
        // A package manager of our own, before the sandbox's on the path of its programs.
        const QString made = m_sandbox.run(
            uR"sh(cat > /usr/local/bin/apt-get <<'END'
#!/bin/sh
echo "apt $*"
[ "$1" = install ] || exit 0
mkdir -p /app/tools
printf '#!/bin/sh\necho I am node\n' > /app/tools/node
chmod 755 /app/tools/node
END
chmod 755 /usr/local/bin/apt-get)sh"_s);
        QCOMPARE(made, QString());
        RunRequest request;
        request.sandboxId = m_sandbox.id();
        request.text = u"node --version"_s;
        request.environment.insert(u"PATH"_s, u"/app/tools"_s);
        m_panel->run(request);
        QVERIFY(ended());
        QCOMPARE(title(), u"“node” is not installed"_s);
        auto *install = part<QPushButton>(u"installButton"_s);
        QCOMPARE(install->text(), u"Install node"_s);
        QTest::mouseClick(install, Qt::LeftButton);
        QVERIFY(ended());
        QCOMPARE(title(), u"Finished without errors"_s);
        QTRY_VERIFY(view()->visibleLines().contains(u"apt install -y nodejs"_s));
        QTest::mouseClick(part<QPushButton>(u"againButton"_s), Qt::LeftButton);
        QVERIFY(ended());
        QCOMPARE(m_panel->job()->request().text, request.text);
        QTRY_COMPARE(view()->visibleLines(), u"I am node"_s);
        QCOMPARE(m_sandbox.run(u"rm -r /usr/local/bin/apt-get /app/tools"_s), QString());
    }

    void aScreenReaderTellsErrorsApart()
    {
        write(u"echo good; sleep 0.2; echo bad >&2"_s);
        pressRun();
        QVERIFY(ended());
        QTRY_VERIFY(view()->visibleLines().contains(u"bad"_s));
        QAccessibleInterface *output = QAccessible::queryAccessibleInterface(view());
        QVERIFY(output && output->textInterface());
        QAccessibleTextInterface *text = output->textInterface();
        QCOMPARE(text->text(0, text->characterCount()), u"good\nerror: bad\n"_s);
        QVERIFY(output->state().readOnly);
        int start = 0;
        int end = 0;
        QCOMPARE(text->textAtOffset(7, QAccessible::LineBoundary, &start, &end), u"error: bad\n"_s);
        const QRect place = text->characterRect(7);
        QVERIFY(view()->rect().translated(view()->mapToGlobal(QPoint())).contains(place.center()));
        QCOMPARE(text->offsetAtPoint(place.center()), 5);
    }

    void environmentRowsHaveNames()
    {
        QTest::mouseClick(part<QToolButton>(u"environmentButton"_s), Qt::LeftButton);
        auto *environment = part<EnvironmentTable>(u"environmentTable"_s);
        environment->setVariables({{u"TOKEN"_s, u"s3cret"_s}}, {u"TOKEN"_s});
        auto *table = environment->findChild<QTableWidget *>();
        const auto name = [table](int row, int column) {
            return table->item(row, column)->data(Qt::AccessibleTextRole).toString();
        };
        QCOMPARE(name(0, 0), u"Name TOKEN"_s);
        QCOMPARE(name(0, 1), u"Value of TOKEN, hidden"_s);
        QCOMPARE(name(0, 2), u"Keep the value of TOKEN in the history"_s);
        QCOMPARE(name(1, 1), u"Value of a new variable"_s);
        table->item(1, 0)->setText(u"PLACE"_s);
        QCOMPARE(name(1, 1), u"Value of PLACE, hidden"_s);
    }

    void everyPartHasAName()
    {
        write(u"echo named"_s);
        pressRun();
        QVERIFY(ended());
        QTest::mouseClick(part<QToolButton>(u"environmentButton"_s), Qt::LeftButton);
        QTest::mouseClick(part<QToolButton>(u"historyButton"_s), Qt::LeftButton);
        QTRY_VERIFY(m_panel->findChild<RunHistoryPanel *>());
        QCOMPARE(test::withoutName(m_panel.get()), QString());
        QTest::mouseClick(part<QToolButton>(u"environmentButton"_s), Qt::LeftButton);
        QTest::mouseClick(part<QToolButton>(u"historyButton"_s), Qt::LeftButton);
        // At 200 % a screen of 1600 by 1000 has half of that, less the list of sandboxes.
        QVERIFY2(m_panel->minimumSizeHint().width() <= 560,
                 qPrintable(QString::number(m_panel->minimumSizeHint().width())));
    }

    void theHistoryIsUsedWithTheMouse()
    {
        auto *environment = part<EnvironmentTable>(u"environmentTable"_s);
        environment->setVariables({{u"PLACE"_s, u"kept"_s}, {u"TOKEN"_s, u"s3cret"_s}},
                                  {u"TOKEN"_s});
        write(u"echo needle $PLACE"_s);
        pressRun();
        QVERIFY(ended());
        environment->setVariables({}, {});
        write(u"echo hay"_s);
        pressRun();
        QVERIFY(ended());
        QTest::mouseClick(part<QToolButton>(u"historyButton"_s), Qt::LeftButton);
        auto *panel = m_panel->findChild<RunHistoryPanel *>();
        QTRY_VERIFY(panel && panel->isVisible());
        auto *list = panel->findChild<QTreeView *>(u"historyView"_s);
        auto *search = panel->findChild<QLineEdit *>(u"searchEdit"_s);
        const auto all = list->model()->rowCount();
        QVERIFY(all >= 2);
        search->setFocus();
        QTest::keyClicks(search, u"NEEDLE"_s);
        QCOMPARE(list->model()->rowCount(), 1);
        const auto clickFirst = [list] {
            QTest::mouseClick(list->viewport(), Qt::LeftButton, {},
                              list->visualRect(list->model()->index(0, 0)).center());
        };
        clickFirst();
        const auto record = [list] {
            return list->model()->index(0, 0).data(RunHistory::RecordRole).value<RunRecord>();
        };
        // Pinned, it stays when the others are removed.
        auto *pin = panel->findChild<QToolButton *>(u"pinButton"_s);
        QTest::mouseClick(pin, Qt::LeftButton);
        QVERIFY(record().isPinned);
        QCOMPARE(pin->text(), u"Unpin"_s);
        // A value that was to be kept is, the other one is asked for again.
        QCOMPARE(record().request.environment.value(u"PLACE"_s), u"kept"_s);
        QCOMPARE(record().request.environment.value(u"TOKEN"_s), QString());
        QSignalSpy notice(m_panel.get(), &RunPanel::notice);
        const RunJob *before = m_panel->job();
        QTest::mouseClick(panel->findChild<QToolButton *>(u"runButton"_s), Qt::LeftButton);
        QCOMPARE(m_panel->job(), before);
        QCOMPARE(notice.count(), 1);
        QVERIFY(notice.first().first().toString().contains(u"TOKEN"_s));
        QVERIFY(environment->isVisible());
        QCOMPARE(environment->variables().value(u"PLACE"_s), u"kept"_s);
        // The menu copies it as code.
        const auto choose = [&](const QString &entry) {
            const QPoint point(20, 10);
            QContextMenuEvent event(QContextMenuEvent::Mouse, point,
                                    list->viewport()->mapToGlobal(point));
            QCoreApplication::sendEvent(list->viewport(), &event);
            auto *menu = panel->findChild<QMenu *>();
            if (!QTest::qWaitFor([menu] { return menu->isVisible(); }))
                return false;
            for (QAction *action : menu->actions()) {
                if (action->text().remove(u'&') == entry && action->isEnabled()) {
                    menu->setActiveAction(action);
                    QTest::keyClick(menu, Qt::Key_Return);
                    return QTest::qWaitFor([menu] { return !menu->isVisible(); });
                }
            }
            return false;
        };
        QVERIFY(choose(u"Copy as curl"_s));
        QVERIFY(QGuiApplication::clipboard()->text().contains(u"needle $PLACE"_s));
        QVERIFY(QGuiApplication::clipboard()->text().startsWith(u"curl"_s));
        QVERIFY(choose(u"Copy as Python"_s));
        QVERIFY(QGuiApplication::clipboard()->text().contains(
            m_sandbox.engine().profile().baseUrl.toString()));
        search->clear();
        QVERIFY(choose(u"Remove all but pinned ones"_s));
        QCOMPARE(list->model()->rowCount(), 1);
        QVERIFY(record().isPinned);
        clickFirst();
        QVERIFY(choose(u"Remove from the history"_s));
        QCOMPARE(list->model()->rowCount(), 0);
    }

    void stopEndsIt()
    {
        write(u"echo on; sleep 4711"_s);
        pressRun();
        QTRY_VERIFY_WITH_TIMEOUT(view()->visibleLines().contains(u"on"_s), 20'000);
        QTest::mouseClick(part<QPushButton>(u"stopButton"_s), Qt::LeftButton);
        QVERIFY(ended());
        QCOMPARE(title(), u"Stopped"_s);
        QVERIFY(part<QLabel>(u"textLabel"_s)->text().contains(u"sleep 4711"_s));
        QCOMPARE(m_sandbox.run(u"pgrep -f 'sleep 471[1]' || true"_s), QString());
    }

    void badInputIsSaidBesideItsField()
    {
        pressRun();
        QVERIFY(part<ProblemLabel>(u"textProblem"_s)->isVisible());
        write(u"pwd"_s);
        QVERIFY(!part<ProblemLabel>(u"textProblem"_s)->isVisible());
        part<QSpinBox>(u"timeBox"_s)->setValue(301);
        pressRun();
        QVERIFY(part<ProblemLabel>(u"timeProblem"_s)->isVisible());
        part<QSpinBox>(u"timeBox"_s)->setValue(60);
        auto *folder = part<QLineEdit>(u"folderEdit"_s);
        folder->setText(u"app"_s);
        pressRun();
        QVERIFY(part<ProblemLabel>(u"folderProblem"_s)->isVisible());
        folder->setText(u"/no/such"_s);
        pressRun();
        QVERIFY(ended());
        QCOMPARE(title(), u"There is no such folder"_s);
        QVERIFY(part<ProblemLabel>(u"folderProblem"_s)->isVisible());
    }

    void aLanguageOfAnotherVersionIsNotRunAsACommand()
    {
        RunRequest request;
        request.sandboxId = m_sandbox.id();
        request.isCode = true;
        request.language = Language(77);
        request.text = u"touch /app/was-run"_s;
        m_panel->run(request);
        QVERIFY(!m_panel->job());
        auto *problem = part<ProblemLabel>(u"textProblem"_s);
        QVERIFY(problem->isVisible() && problem->text().contains(u"language"_s));
        pressRun();
        QVERIFY(!m_panel->job());
        QVERIFY(problem->isVisible());
        choose(u"Bash"_s);
        QVERIFY(!problem->isVisible());
        pressRun();
        QVERIFY(ended());
        QCOMPARE(m_panel->job()->request().language, Language::Bash);
        QCOMPARE(m_sandbox.run(u"rm /app/was-run"_s), QString());
        // Other words for what is in the list are chosen there.
        request.language = Language::Node;
        m_panel->setRequest(request);
        QCOMPARE(part<QComboBox>(u"kindBox"_s)->currentText(), u"JavaScript"_s);
    }

    void aFolderIsPickedFromTheSandbox()
    {
        QCOMPARE(m_sandbox.run(u"mkdir -p /app/inner && touch /app/file"_s), QString());
        QTest::mouseClick(part<QToolButton>(u"folderButton"_s), Qt::LeftButton);
        auto *dialog = m_panel->findChild<FolderDialog *>();
        QVERIFY(dialog);
        auto *tree = dialog->findChild<QTreeView *>();
        QTRY_COMPARE(tree->currentIndex().data().toString(), u"app"_s);
        tree->setFocus();
        QTest::keyClick(tree, Qt::Key_Right);
        QTRY_COMPARE(tree->model()->rowCount(tree->currentIndex()), 1);  // no files
        QTest::keyClick(tree, Qt::Key_Down);
        QTest::keyClick(dialog, Qt::Key_Return);
        QTRY_COMPARE(part<QLineEdit>(u"folderEdit"_s)->text(), u"/app/inner"_s);
        QVERIFY(QTest::qWaitForWindowActive(m_panel.get()));
        write(u"pwd"_s);
        pressRun();
        QVERIFY(ended());
        QTRY_VERIFY(view()->visibleLines().contains(u"/app/inner"_s));
    }

    void outputIsSearchedCopiedAndSaved()
    {
        write(u"seq 1 100000; printf '\\033[31mred\\033[0m\\n'"_s);
        pressRun();
        QVERIFY(ended());
        QTRY_VERIFY(view()->visibleLines().contains(u"100000\nred"_s));
        auto *search = part<QLineEdit>(u"searchEdit"_s);
        search->setFocus();
        QTest::keyClicks(search, u"5000"_s);
        QTRY_VERIFY(view()->visibleLines().contains(u"\n5000\n"_s) ||
                    part<QLabel>(u"foundLabel"_s)->text().contains(u"Line"_s));
        QTest::keyClick(search, Qt::Key_Return);
        QTRY_VERIFY(view()->visibleLines().contains(u"5000"_s));
        // All of it.
        view()->setFocus();
        QTest::keyClick(view(), Qt::Key_A, Qt::ControlModifier);
        QTest::keyClick(view(), Qt::Key_C, Qt::ControlModifier);
        QTRY_VERIFY(QGuiApplication::clipboard()->text().endsWith(u"\n99999\n100000\nred"_s));
        QTemporaryDir folder;
        QSignalSpy saved(m_panel.get(), &RunPanel::notice);
        m_panel->outputPanel()->saveTo(folder.filePath(u"out"_s));
        QTRY_COMPARE(saved.count(), 1);
        QFile file(folder.filePath(u"out"_s));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QVERIFY(file.readAll().endsWith("100000\n\x1b[31mred\x1b[0m\n"));
        // Long lines are broken or not.
        QVERIFY(view()->isWrapped());
        QTest::mouseClick(part<QToolButton>(u"wrapButton"_s), Qt::LeftButton);
        QVERIFY(!view()->isWrapped());
        QTest::keyClick(view(), Qt::Key_Home);
        QTRY_VERIFY(view()->visibleLines().startsWith(u"1\n2\n3"_s));
    }

    void environmentIsHiddenAndUsed()
    {
        auto *table = part<EnvironmentTable>(u"environmentTable"_s);
        QTest::mouseClick(part<QToolButton>(u"environmentButton"_s), Qt::LeftButton);
        QVERIFY(table->isVisible());
        table->setVariables({{u"TOKEN"_s, u"s3cret"_s}}, {u"TOKEN"_s});
        QCOMPARE(part<QToolButton>(u"environmentButton"_s)->text(), u"Environment (1)"_s);
        write(u"echo $TOKEN | tr 3 e"_s);
        pressRun();
        QVERIFY(ended());
        QTRY_VERIFY(view()->visibleLines().contains(u"secret"_s));
    }

    void whatIsBeingTypedIntoTheEnvironmentCounts()
    {
        write(u"echo name=$NAME"_s);
        QTest::mouseClick(part<QToolButton>(u"environmentButton"_s), Qt::LeftButton);
        auto *table = part<EnvironmentTable>(u"environmentTable"_s)->findChild<QTableWidget *>();
        const auto click = [table](int column) {
            QTest::mouseClick(table->viewport(), Qt::LeftButton, {},
                              table->visualItemRect(table->item(0, column)).center());
        };
        click(0);
        QTRY_VERIFY(qobject_cast<QLineEdit *>(QApplication::focusWidget()));
        QTest::keyClicks(QApplication::focusWidget(), u"NAME"_s);
        click(1);
        QTRY_VERIFY(qobject_cast<QLineEdit *>(QApplication::focusWidget()) &&
                    table->item(0, 0)->text() == u"NAME"_s);
        QTest::keyClicks(QApplication::focusWidget(), u"typed"_s);
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(ended());
        QTRY_COMPARE(view()->visibleLines(), u"name=typed"_s);
        // Dots are painted in place of the value, as many as for any other.
        QTRY_VERIFY(QApplication::focusWidget() == table);
        const auto picture = [table] {
            return table->viewport()->grab(table->visualItemRect(table->item(0, 1))).toImage();
        };
        table->clearSelection();
        const QImage dots = picture();
        table->item(0, 1)->setText(u"another, longer one"_s);
        QCOMPARE(picture(), dots);
        auto *show = part<EnvironmentTable>(u"environmentTable"_s)->findChild<QCheckBox *>();
        QTest::mouseClick(show, Qt::LeftButton, {}, QPoint(8, show->height() / 2));
        QVERIFY(show->isChecked());
        QVERIFY(picture() != dots);
    }

    void runningWakesASleepingSandboxAndSaysSo()
    {
        m_connection->sandboxes()->sleep(m_sandbox.id());
        QTRY_VERIFY_WITH_TIMEOUT(m_connection->sandboxes()->sandbox(m_sandbox.id())->isAsleep(),
                                 20'000);
        write(u"echo awake"_s);
        pressRun();
        QVERIFY(part<QLabel>(u"statusLabel"_s)->text().contains(u"Waking"_s));
        QVERIFY(ended());
        QVERIFY(part<QLabel>(u"statusLabel"_s)->text().contains(u"was woken"_s));
        QTRY_VERIFY_WITH_TIMEOUT(m_connection->sandboxes()->sandbox(m_sandbox.id())->isRunning(),
                                 20'000);
    }
};

QTEST_MAIN(TestRunPanel)
#include "tst_runpanel.moc"
