// SPDX-License-Identifier: MIT
#include <QDialogButtonBox>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QProcess>
#include <QPushButton>
#include <QSettings>
#include <QTemporaryDir>
#include <QToolButton>
#include <QtTest>

#include <algorithm>
#include <csignal>

#include "conflictdialog.h"
#include "connectiondialog.h"
#include "desktopundertest.h"
#include "editorwindow.h"
#include "engineprocess.h"
#include "filepanel.h"
#include "filetreeview.h"
#include "mainwindow.h"
#include "models/connection.h"
#include "models/fsmodel.h"
#include "models/openedits.h"
#include "models/sandboxmodel.h"
#include "models/terminalsession.h"
#include "models/transfermodel.h"
#include "newsandboxdialog.h"
#include "sandboxpanel.h"
#include "support/engineprocess.h"
#include "support/scriptedserver.h"
#include "terminalpanel.h"
#include "terminalview.h"
#include "trees.h"

using namespace voidrun;
using namespace Qt::StringLiterals;

// The whole application with its real engine: what a person is told when things go wrong, and that
// nothing is lost.
class TestDesktop : public QObject, private test::DesktopUnderTest
{
    Q_OBJECT

private:
    QString startTitle() const
    {
        const auto *label = m_desktop->window()->findChild<QLabel *>(u"titleLabel"_s);
        return label->isVisible() ? label->text() : QString();
    }
    QString startText() const
    {
        return m_desktop->window()->findChild<QLabel *>(u"textLabel"_s)->text();
    }
    QPushButton *startButton() const
    {
        return m_desktop->window()->findChild<QPushButton *>(u"mainButton"_s);
    }

    void addConnection(const QUrl &url, const QString &key)
    {
        ConnectionProfile profile;
        profile.name = u"Other"_s;
        profile.baseUrl = url;
        profile.apiKey = key;
        Q_EMIT m_desktop->window()->connectionAdded(profile);
    }

private Q_SLOTS:
    void initTestCase() { Q_INIT_RESOURCE(app); }
    void init() { m_work = std::make_unique<QTemporaryDir>(); }
    void cleanup() { shutDown(); }

    void crashedEngineIsSaidAndStartedAgainWithAllSandboxes()
    {
        QVERIFY(start());
        QVERIFY(makeSandbox(u"kept"_s));
        QVERIFY(test::writeFile(m_work->filePath(u"precious.txt"_s), "precious"));
        const QString id =
            sandboxesOf(*m_desktop)->index(0, 0).data(SandboxModel::IdRole).toString();
        m_desktop->window()->upload(id, {m_work->filePath(u"precious.txt"_s)}, u"/app"_s);
        QTRY_VERIFY(m_desktop->transfers()->rowCount() == 1 &&
                    m_desktop->transfers()->activeCount() == 0);
        QCOMPARE(::kill(pid_t(m_desktop->engine()->processId()), SIGKILL), 0);
        QTRY_COMPARE_WITH_TIMEOUT(startTitle(), u"The local engine is not running"_s, 10'000);
        QVERIFY2(startText().contains(u"still there"_s), qPrintable(startText()));
        QVERIFY2(!startText().contains(u"could not be started"_s), qPrintable(startText()));
        QTest::mouseClick(startButton(), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(isLoaded(*m_desktop), 30'000);
        QCOMPARE(sandboxesOf(*m_desktop)->names(), QStringList{u"kept"_s});
        // Looking at it wakes nothing; its button does.
        m_desktop->window()->sandboxPanel()->setCurrentSandbox(id);
        QTRY_VERIFY(m_desktop->window()->currentFiles());
        auto *wake =
            m_desktop->window()->currentFiles()->findChild<QPushButton *>(u"messageButton"_s);
        QTRY_VERIFY(wake->isVisible());
        QVERIFY(sandboxesOf(*m_desktop)->sandbox(id)->isAsleep());
        QTest::mouseClick(wake, Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(
            m_desktop->window()->currentFiles() && m_desktop->window()
                                                       ->currentFiles()
                                                       ->model()
                                                       ->indexOf(u"/app/precious.txt"_s)
                                                       .isValid(),
            30'000);
    }

    void twoApplicationsOnOneStateFolderShareIt()
    {
        QVERIFY(start());
        QVERIFY(makeSandbox(u"shared"_s));
        Desktop second(options(u"second.ini"_s));
        second.start();
        QTRY_VERIFY_WITH_TIMEOUT(isLoaded(second), 30'000);
        QCOMPARE(sandboxesOf(second)->names(), QStringList{u"shared"_s});
        // The engine belongs to the first; when that goes, the second can start its own.
        m_desktop.reset();
        auto *title = second.window()->findChild<QLabel *>(u"titleLabel"_s);
        QTRY_VERIFY_WITH_TIMEOUT(
            title->isVisible() && title->text() == u"The local engine is not running"_s, 30'000);
        QTest::mouseClick(second.window()->findChild<QPushButton *>(u"mainButton"_s),
                          Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(isLoaded(second), 30'000);
        QCOMPARE(sandboxesOf(second)->names(), QStringList{u"shared"_s});
    }

    void missingBubblewrapIsSaid()
    {
        const QByteArray path = qgetenv("PATH");
        qputenv("PATH", m_work->path().toUtf8());
        m_desktop = std::make_unique<Desktop>(options());
        m_desktop->start();
        const bool said = QTest::qWaitFor(
            [this] { return startTitle() == u"The local engine is not running"_s; }, 20'000);
        qputenv("PATH", path);
        QVERIFY(said);
        QVERIFY2(startText().contains(u"bubblewrap"_s) || startText().contains(u"bwrap"_s),
                 qPrintable(startText()));
        QCOMPARE(startButton()->text(), u"Start it again"_s);
        QTest::mouseClick(startButton(), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(isLoaded(*m_desktop), 30'000);
    }

    void takenNameKeepsTheFields()
    {
        QVERIFY(start());
        QVERIFY(makeSandbox(u"mine"_s));
        SandboxSpec spec;
        spec.name = u"mine"_s;
        spec.mem = 2048;
        sandboxesOf(*m_desktop)->create(spec);  // as when another program took the name meanwhile
        QTRY_VERIFY_WITH_TIMEOUT(m_desktop->window()->findChild<NewSandboxDialog *>(), 20'000);
        auto *dialog = m_desktop->window()->findChild<NewSandboxDialog *>();
        auto *problem = dialog->findChild<QLabel *>(u"problemLabel"_s);
        QTRY_VERIFY(problem->isVisible());
        QVERIFY2(problem->text().contains(u"“mine”"_s), qPrintable(problem->text()));
        dialog->reject();
        QCOMPARE(sandboxesOf(*m_desktop)->rowCount(), 1);
    }

    void deletionNamesTheSandboxAndHappens()
    {
        QVERIFY(start());
        QVERIFY(makeSandbox(u"doomed"_s));
        m_desktop->window()->findChild<QAction *>(u"deleteSandboxAction"_s)->trigger();
        QPointer<QMessageBox> box = m_desktop->window()->findChild<QMessageBox *>();
        QTRY_VERIFY(box && box->isVisible());
        QVERIFY(box->text().contains(u"doomed"_s));
        QCOMPARE(box->defaultButton(), box->button(QMessageBox::Cancel));
        for (QAbstractButton *button : box->buttons()) {
            if (box->buttonRole(button) == QMessageBox::DestructiveRole) {
                QVERIFY(button->text().contains(u"doomed"_s));
                QTest::mouseClick(button, Qt::LeftButton);
            }
        }
        QTRY_COMPARE_WITH_TIMEOUT(sandboxesOf(*m_desktop)->rowCount(), 0, 20'000);
        QTRY_COMPARE(startTitle(), u"Make your first sandbox"_s);
    }

    void aSandboxIsSavedAndThenDeleted()
    {
        const QString downloads = m_work->filePath(u"Downloads"_s);
        QSettings(m_work->filePath(u"settings.ini"_s), QSettings::IniFormat)
            .setValue(u"downloads/folder"_s, downloads);
        QVERIFY(QDir().mkpath(downloads));
        QVERIFY(start());
        QVERIFY(makeSandbox(u"precious"_s));
        QVERIFY(test::writeFile(m_work->filePath(u"work.txt"_s), "kept\n"));
        m_desktop->window()->upload(idOf(u"precious"_s), {m_work->filePath(u"work.txt"_s)},
                                    u"/app"_s);
        QTRY_VERIFY(m_desktop->transfers()->rowCount() == 1 &&
                    m_desktop->transfers()->activeCount() == 0);
        m_desktop->window()->findChild<QAction *>(u"deleteSandboxAction"_s)->trigger();
        QPointer<QMessageBox> box = m_desktop->window()->findChild<QMessageBox *>();
        QTRY_VERIFY(box && box->isVisible());
        for (QAbstractButton *button : box->buttons()) {
            if (button->text().remove(u'&') == u"Save, then delete"_s)
                QTest::mouseClick(button, Qt::LeftButton);
        }
        QTRY_COMPARE_WITH_TIMEOUT(sandboxesOf(*m_desktop)->rowCount(), 0, 30'000);
        const QStringList saved = QDir(downloads).entryList(QDir::Files | QDir::Hidden);
        QCOMPARE(saved.size(), 1);
        QTRY_VERIFY2(m_desktop->window()->noticeText().contains(saved.first()),
                     qPrintable(m_desktop->window()->noticeText()));
        QProcess tar;
        tar.start(u"tar"_s,
                  {u"-xOzf"_s, downloads % u'/' % saved.first(), u"--wildcards"_s, u"*work.txt"_s});
        QVERIFY(tar.waitForFinished());
        QCOMPARE(tar.readAllStandardOutput(), "kept\n");
    }

    void unreachableServerIsSaid()
    {
        QVERIFY(start());
        addConnection(QUrl(u"http://127.0.0.1:9/api"_s), u"vr_x"_s);
        QTRY_VERIFY_WITH_TIMEOUT(startTitle().contains(u"“Other” cannot be used"_s), 60'000);
        QVERIFY2(startText().contains(u"cannot be reached"_s), qPrintable(startText()));
        // Who tries again is told again.
        QTest::mouseClick(startButton(), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(startTitle().contains(u"“Other” cannot be used"_s), 60'000);
    }

    void wrongKeyIsSaid()
    {
        test::EngineProcess engine;
        QVERIFY2(engine.start(), qPrintable(engine.problem()));
        QVERIFY(start());
        addConnection(engine.profile().baseUrl, u"vr_wrong"_s);
        QTRY_VERIFY_WITH_TIMEOUT(startTitle().contains(u"“Other” cannot be used"_s), 30'000);
        QVERIFY2(startText().contains(u"key"_s), qPrintable(startText()));
        // And it can be put right where it is said.
        auto *change = m_desktop->window()->findChild<QPushButton *>(u"secondButton"_s);
        QVERIFY(change->isVisible());
        QTest::mouseClick(change, Qt::LeftButton);
        auto *dialog = m_desktop->window()->findChild<ConnectionDialog *>();
        QTRY_VERIFY(dialog && dialog->isVisible());
        QTest::keyClicks(dialog->findChild<QLineEdit *>(u"keyEdit"_s), engine.profile().apiKey);
        QTest::keyClick(dialog, Qt::Key_Return);
        QTRY_COMPARE_WITH_TIMEOUT(startTitle(), u"Make your first sandbox"_s, 30'000);
    }

    void missingKeyIsSaid()
    {
        QVERIFY(start());
        addConnection(QUrl(u"http://127.0.0.1:9/api"_s), QString());
        QTRY_VERIFY_WITH_TIMEOUT(startTitle().contains(u"“Other” cannot be used"_s), 30'000);
        QVERIFY2(startText().contains(u"no API key"_s), qPrintable(startText()));
    }

    void htmlInsteadOfTheApiIsSaid()
    {
        test::ScriptedServer server;
        server.setReplies(
            {test::ScriptedReply::with(200, "text/html", "<html><b>Sign in</b></html>")});
        QVERIFY(start());
        addConnection(server.baseUrl(), u"vr_x"_s);
        QTRY_VERIFY_WITH_TIMEOUT(startTitle().contains(u"“Other” cannot be used"_s), 30'000);
        QVERIFY2(startText().contains(u"VoidRun server"_s), qPrintable(startText()));
        QVERIFY(!startText().contains(u"<html>"_s));
    }

    void switchingConnectionsAndBackLosesNothing()
    {
        test::EngineProcess engine;
        QVERIFY2(engine.start(), qPrintable(engine.problem()));
        QVERIFY(start());
        QVERIFY(makeSandbox(u"here"_s));
        addConnection(engine.profile().baseUrl, engine.profile().apiKey);
        QTRY_VERIFY_WITH_TIMEOUT(isLoaded(*m_desktop) && sandboxesOf(*m_desktop)->rowCount() == 0,
                                 30'000);
        Q_EMIT m_desktop->window()->connectionChosen(u"local"_s);
        QTRY_VERIFY_WITH_TIMEOUT(isLoaded(*m_desktop) && sandboxesOf(*m_desktop)->rowCount() == 1,
                                 30'000);
        // Its terminal was open all the time.
        QCOMPARE(m_desktop->window()->terminalPanel()->liveCount(), 1);
    }

    void closingAsksOnlyWhenSomethingRuns()
    {
        QVERIFY(start());
        QVERIFY(makeSandbox(u"busy"_s));
        MainWindow *window = m_desktop->window();
        QTRY_VERIFY_WITH_TIMEOUT(window->terminalPanel()->liveCount() == 1, 20'000);
        const TerminalView *view = window->terminalPanel()->currentTerminal();
        QVERIFY(view->session()->write("sleep 1234\n"));
        QTRY_VERIFY_WITH_TIMEOUT(view->text().contains(u"sleep 1234"_s), 20'000);
        window->close();
        QPointer<QMessageBox> box;
        QTRY_VERIFY_WITH_TIMEOUT((box = window->findChild<QMessageBox *>()) && box->isVisible(),
                                 20'000);
        QVERIFY(window->isVisible());
        QVERIFY2(box->informativeText().contains(u"terminal"_s) &&
                     box->informativeText().contains(u"sleep"_s),
                 qPrintable(box->informativeText()));
        QTest::mouseClick(box->button(QMessageBox::Cancel), Qt::LeftButton);
        QTRY_VERIFY(!box);
        // A shell that waits for a command is nothing to ask about.
        QVERIFY(view->session()->write("\x03"));
        QTRY_VERIFY_WITH_TIMEOUT(
            view->text().trimmed().endsWith(u'$') || view->text().trimmed().endsWith(u'#'), 20'000);
        window->close();
        QTRY_VERIFY(!window->isVisible());
    }

    void aDroppedFolderWhereAFileIsSaysSoAndLosesNothing()
    {
        QVERIFY(start());
        QVERIFY(makeSandbox(u"box"_s));
        MainWindow *window = m_desktop->window();
        const QString id = window->sandboxPanel()->currentSandbox();
        QVERIFY(test::writeFile(m_work->filePath(u"a/thing"_s), "a file"));
        QVERIFY(test::writeFile(m_work->filePath(u"b/thing/inside"_s), "a folder"));
        window->upload(id, {m_work->filePath(u"a/thing"_s)}, u"/app"_s);
        QTRY_VERIFY(m_desktop->transfers()->activeCount() == 0);
        window->upload(id, {m_work->filePath(u"b/thing"_s)}, u"/app"_s);
        QPointer<ConflictDialog> dialog;
        QTRY_VERIFY((dialog = window->findChild<ConflictDialog *>()) && dialog->isVisible());
        const QString question = dialog->findChild<QLabel *>(u"questionLabel"_s)->text();
        QVERIFY(question.contains(u"thing"_s));
        QVERIFY(question.contains(u"box"_s));
        // What cannot be done is not offered; keeping both is.
        auto *buttons = dialog->findChild<QDialogButtonBox *>();
        QPushButton *defaultButton = nullptr;
        for (QAbstractButton *button : buttons->buttons()) {
            QVERIFY(buttons->buttonRole(button) != QDialogButtonBox::DestructiveRole ||
                    !button->isVisible());
            if (auto *push = qobject_cast<QPushButton *>(button); push && push->isDefault())
                defaultButton = push;
        }
        QVERIFY(defaultButton);
        QTest::mouseClick(defaultButton, Qt::LeftButton);
        QTRY_VERIFY(m_desktop->transfers()->activeCount() == 0);
        window->download(id, {u"/app/thing"_s, u"/app/thing (2)"_s}, m_work->filePath(u"out"_s));
        QTRY_VERIFY(m_desktop->transfers()->rowCount() == 3 &&
                    m_desktop->transfers()->activeCount() == 0);
        QCOMPARE(test::readFile(m_work->filePath(u"out/thing"_s)), "a file");
        QCOMPARE(test::readFile(m_work->filePath(u"out/thing (2)/inside"_s)), "a folder");
    }

    void anEngineThatGoesInMidTransferNamesTheFile()
    {
        QVERIFY(start());
        QVERIFY(makeSandbox(u"box"_s));
        MainWindow *window = m_desktop->window();
        QFile big(m_work->filePath(u"big.bin"_s));
        QVERIFY(big.open(QIODevice::WriteOnly) && big.resize(1024LL * 1024 * 1024));
        window->upload(window->sandboxPanel()->currentSandbox(), {big.fileName()}, u"/app"_s);
        const auto *transfers = m_desktop->transfers();
        const auto item = [transfers] {
            return transfers->index(0, 0)
                .data(TransferModel::ItemRole)
                .value<TransferModel::Item>();
        };
        QTRY_VERIFY(item().bytesDone > 0);
        QCOMPARE(::kill(pid_t(m_desktop->engine()->processId()), SIGKILL), 0);
        QTRY_COMPARE(item().state, TransferModel::State::Failed);
        QVERIFY2(item().error.subject.endsWith(u"big.bin"_s), qPrintable(item().error.subject));
    }

    void anEditThatWasNotSentIsSentByTheNextRun()
    {
        QVERIFY(start());
        QVERIFY(makeSandbox(u"box"_s));
        MainWindow *window = m_desktop->window();
        const QString id = window->sandboxPanel()->currentSandbox();
        QVERIFY(test::writeFile(m_work->filePath(u"notes.txt"_s), "old\n"));
        window->upload(id, {m_work->filePath(u"notes.txt"_s)}, u"/app"_s);
        const FilePanel *files = window->currentFiles();
        QTRY_VERIFY(files->model()->indexOf(u"/app/notes.txt"_s).isValid());
        auto *indicator = window->findChild<QToolButton *>(u"editIndicator"_s);
        QVERIFY(!indicator->isVisible());
        window->currentFiles()->selectPath(u"/app/notes.txt"_s);
        window->currentFiles()->focusList();
        QTest::keyClick(files->findChild<FileTreeView *>(), Qt::Key_F4);
        const auto editor = [] {
            const QWidgetList windows = QApplication::topLevelWidgets();
            const auto found = std::ranges::find_if(windows, [](const QWidget *widget) {
                return qobject_cast<const EditorWindow *>(widget) && widget->isVisible();
            });
            return found == windows.end() ? nullptr : *found;
        };
        QTRY_VERIFY(editor());
        QTRY_VERIFY(indicator->isVisible());
        QVERIFY(QTest::qWaitForWindowActive(editor()));
        auto *text = editor()->findChild<QPlainTextEdit *>();
        QTRY_VERIFY(!text->isReadOnly());
        QCOMPARE(::kill(pid_t(m_desktop->engine()->processId()), SIGKILL), 0);
        QTest::keyClicks(text, u"new and "_s);
        QTest::keySequence(editor(), QKeySequence::Save);
        QTRY_COMPARE(m_desktop->edits()->unsentCount(), 1);
        QVERIFY2(indicator->text().contains(u"not sent"_s), qPrintable(indicator->text()));
        window->close();
        const auto *question = window->findChild<QMessageBox *>();
        QVERIFY(question && window->isVisible());
        QVERIFY2(question->informativeText().contains(u"not sent"_s),
                 qPrintable(question->informativeText()));
        m_desktop.reset();
        QVERIFY(!editor());

        QVERIFY(start());
        QTRY_COMPARE(m_desktop->edits()->rowCount(), 1);
        const auto edit = [this] {
            return m_desktop->edits()->index(0, 0).data(OpenEdits::EditRole).value<OpenEdit>();
        };
        QTRY_COMPARE_WITH_TIMEOUT(edit().state, OpenEdit::State::Saved, 30'000);
        m_desktop->window()->download(id, {u"/app/notes.txt"_s}, m_work->filePath(u"out"_s));
        QTRY_COMPARE(test::readFile(m_work->filePath(u"out/notes.txt"_s)), "new and old\n");
    }

    void aSandboxAskedForWithoutAnEngineKeepsItsFields()
    {
        QVERIFY(start());
        MainWindow *window = m_desktop->window();
        QTest::mouseClick(startButton(), Qt::LeftButton);
        QPointer<NewSandboxDialog> dialog;
        QTRY_VERIFY((dialog = window->findChild<NewSandboxDialog *>()) && dialog->isVisible());
        auto *name = dialog->findChild<QLineEdit *>(u"nameEdit"_s);
        name->selectAll();
        QTest::keyClicks(name, u"precious"_s);
        QCOMPARE(::kill(pid_t(m_desktop->engine()->processId()), SIGKILL), 0);
        QTRY_COMPARE_WITH_TIMEOUT(startTitle(), u"The local engine is not running"_s, 20'000);
        QTest::keyClick(dialog, Qt::Key_Return);
        auto *problem = dialog->findChild<QLabel *>(u"problemLabel"_s);
        QTRY_VERIFY(problem->isVisible());
        QVERIFY2(problem->text().contains(u"stays here"_s), qPrintable(problem->text()));
        QCOMPARE(name->text(), u"precious"_s);
        dialog->reject();
    }
};

QTEST_MAIN(TestDesktop)
#include "tst_desktop.moc"
