// SPDX-License-Identifier: MIT
#include <QAction>
#include <QClipboard>
#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QTemporaryDir>
#include <QToolButton>
#include <QtTest>

#include "conflictdialog.h"
#include "desktopundertest.h"
#include "filetreeview.h"
#include "localpanel.h"
#include "models/folderfollower.h"
#include "models/transfermodel.h"
#include "noticebar.h"
#include "sandboxpanel.h"
#include "sidepane.h"
#include "trees.h"

using namespace voidrun;
using namespace Qt::StringLiterals;

// Files between sandboxes, and between a sandbox and this computer in the second pane, in the whole
// application.
class TestPanes : public QObject, private test::DesktopUnderTest
{
    Q_OBJECT

private:
    QStringList m_changes;  // of the first sandbox's files

    MainWindow *window() const { return m_desktop->window(); }
    SidePane *pane() const { return window()->findChild<SidePane *>(); }

    bool transfersDone(int count) const
    {
        const TransferModel *transfers = m_desktop->transfers();
        return QTest::qWaitFor(
            [&] { return transfers->rowCount() >= count && transfers->activeCount() == 0; },
            30'000);
    }

    bool upload(const QString &sandbox, const QStringList &paths)
    {
        const int before = m_desktop->transfers()->rowCount();
        window()->upload(idOf(sandbox), paths, u"/app"_s);
        return transfersDone(before + 1);
    }

    // What lies in a sandbox, brought out.
    QString fetch(const QString &sandbox, const QString &path, const QString &folder)
    {
        const int before = m_desktop->transfers()->rowCount();
        QDir().mkpath(m_work->filePath(folder));
        window()->download(idOf(sandbox), {path}, m_work->filePath(folder));
        return transfersDone(before + 1) ? m_work->filePath(folder) : QString();
    }

    void drop(QWidget *view, const QMimeData &data)
    {
        const QPoint point(view->width() / 2, view->height() - 10);
        QDragEnterEvent enter(point, Qt::CopyAction | Qt::MoveAction, &data, Qt::LeftButton, {});
        QCoreApplication::sendEvent(view, &enter);
        QDragMoveEvent move(point, Qt::CopyAction | Qt::MoveAction, &data, Qt::LeftButton, {});
        QCoreApplication::sendEvent(view, &move);
        QVERIFY(move.isAccepted());
        QDropEvent dropped(point, Qt::CopyAction | Qt::MoveAction, &data, Qt::LeftButton, {});
        QCoreApplication::sendEvent(view, &dropped);
    }

    std::unique_ptr<QMimeData> dragOf(const QString &path) const
    {
        const FsModel *model = window()->currentFiles()->model();
        return std::unique_ptr<QMimeData>(model->mimeData({model->indexOf(path)}));
    }

    bool choose(const QString &text)
    {
        auto *choice = pane()->findChild<QComboBox *>();
        const int row = choice->findText(text);
        choice->setCurrentIndex(row);
        Q_EMIT choice->activated(row);
        return row >= 0;
    }

    // Copies or cuts in the first sandbox, and pastes in the second.
    bool paste(Qt::Key copyOrCut, const QString &path)
    {
        const auto type = [this](Qt::Key key) {
            auto *view = window()->currentFiles()->findChild<FileTreeView *>();
            view->setFocus();
            QTest::keyClick(view, key, Qt::ControlModifier);
        };
        if (!QTest::qWaitForWindowActive(window()))
            return false;
        window()->currentFiles()->selectPath(path);
        type(copyOrCut);
        window()->sandboxPanel()->setCurrentSandbox(idOf(u"second"_s));
        const bool isShown = QTest::qWaitFor([this] {
            const FsModel *model = window()->currentFiles()->model();
            return model->sandboxId() == idOf(u"second"_s) &&
                   model->folderState() == FsModel::FolderState::Loaded;
        });
        if (isShown)
            type(Qt::Key_V);
        return isShown;
    }

    bool openPane()
    {
        if (!QTest::qWaitForWindowActive(window()))
            return false;
        QTest::keyClick(window(), Qt::Key_F3);
        return QTest::qWaitFor([this] { return pane() && pane()->isVisible(); });
    }

    bool press(const QString &text) const
    {
        for (auto *button : window()->findChildren<QPushButton *>()) {
            if (button->isVisible() && button->text().remove(u'&') == text) {
                QTest::mouseClick(button, Qt::LeftButton);
                return true;
            }
        }
        return false;
    }

    TransferModel::Item lastTransfer() const
    {
        const TransferModel *transfers = m_desktop->transfers();
        return transfers->index(transfers->rowCount() - 1, 0)
            .data(TransferModel::ItemRole)
            .value<TransferModel::Item>();
    }

    void noteChange(const QString &path) { m_changes.append(path); }

    void keepPicture(const QString &name) const
    {
        if (const QString folder = qEnvironmentVariable("VOIDRUN_PICTURES"); !folder.isEmpty())
            window()->grab().save(folder % u'/' % name);
    }

private Q_SLOTS:
    void initTestCase()
    {
        Q_INIT_RESOURCE(app);
        QStandardPaths::setTestModeEnabled(true);
        m_work = std::make_unique<QTemporaryDir>();
        QVERIFY(start());
        QVERIFY(makeSandbox(u"first"_s));
        QVERIFY(makeSandbox(u"second"_s));
        // The new one is chosen by itself.
        QTRY_COMPARE(window()->currentFiles()->model()->sandboxId(), idOf(u"second"_s));
        QVERIFY(test::makeOddTree(m_work->filePath(u"tree"_s)));
        QVERIFY(QDir().mkpath(m_work->filePath(u"here"_s)));
    }

    void init()
    {
        window()->sandboxPanel()->setCurrentSandbox(idOf(u"first"_s));
        QVERIFY(upload(u"first"_s, {m_work->filePath(u"tree"_s)}));
        FsModel *model = window()->currentFiles()->model();
        QTRY_VERIFY(model->indexOf(u"/app/tree"_s).isValid());
        m_changes.clear();
        for (const auto signal : {&FsModel::fileMade, &FsModel::modeChanged})
            connect(model, signal, this, &TestPanes::noteChange, Qt::UniqueConnection);
    }

    // Both sandboxes are empty again, and the second pane is shut.
    void cleanup()
    {
        for (const QString &name : {u"first"_s, u"second"_s}) {
            window()->sandboxPanel()->setCurrentSandbox(idOf(name));
            FsModel *model = window()->currentFiles()->model();
            QTRY_COMPARE(model->folderState(), FsModel::FolderState::Loaded);
            QSignalSpy finished(model, &FsModel::changesFinished);
            model->remove({u"/app/tree"_s, u"/app/back"_s});
            QTRY_VERIFY(!finished.isEmpty());
            model->refresh();
            QTRY_VERIFY(model->folderState() == FsModel::FolderState::Loaded &&
                        model->rowCount() == 0);
        }
        if (pane())
            window()->findChild<QAction *>(u"secondPaneAction"_s)->setChecked(false);
        window()->findChild<NoticeBar *>()->hideText();
        m_desktop->transfers()->clearFinished();
    }

    void cleanupTestCase() { shutDown(); }

    void secondPaneShowsThisComputer()
    {
        QVERIFY(openPane());
        QVERIFY(choose(u"This computer"_s));
        LocalPanel *local = pane()->localPanel();
        local->openFolder(m_work->filePath(u"here"_s));
        QCOMPARE(local->folder(), m_work->filePath(u"here"_s));
        // This connection is not asked for what belongs to another one.
        QMimeData foreign;
        foreign.setData(FsModel::pathsMimeType(),
                        R"({"sandbox":"0123456789abcdef01234567","paths":["/app/tree"]})");
        drop(local->findChild<QTreeView *>()->viewport(), foreign);
        QTRY_VERIFY2(window()->noticeText().contains(u"another connection"_s),
                     qPrintable(window()->noticeText()));
        QCOMPARE(m_desktop->transfers()->rowCount(), 1);
        QCOMPARE(local->folder(), m_work->filePath(u"here"_s));
        drop(local->findChild<QTreeView *>()->viewport(), *dragOf(u"/app/tree"_s));
        QVERIFY(transfersDone(2));
        QCOMPARE(QDir::cleanPath(lastTransfer().request.target), m_work->filePath(u"here"_s));
        QVERIFY2(lastTransfer().state == TransferModel::State::Done,
                 qPrintable(window()->noticeText()));
        QCOMPARE(test::treeOf(m_work->filePath(u"here/tree"_s)),
                 test::treeOf(m_work->filePath(u"tree"_s)));
        // And back, under another name.
        QVERIFY(QDir().rename(m_work->filePath(u"here/tree"_s), m_work->filePath(u"here/back"_s)));
        auto *view = local->findChild<QTreeView *>();
        QTRY_COMPARE(view->model()->rowCount(view->rootIndex()), 1);
        QTRY_COMPARE(view->model()->index(0, 0, view->rootIndex()).data().toString(), u"back"_s);
        view->setCurrentIndex(view->model()->index(0, 0, view->rootIndex()));
        for (auto *button : local->findChildren<QToolButton *>()) {
            if (button->text() == u"Upload"_s)
                QTest::mouseClick(button, Qt::LeftButton);
        }
        QVERIFY(transfersDone(3));
        QTRY_VERIFY(window()->currentFiles()->model()->indexOf(u"/app/back"_s).isValid());
    }

    void pastedIntoAnotherSandbox()
    {
        QVERIFY(paste(Qt::Key_C, u"/app/tree"_s));
        QVERIFY(transfersDone(3));
        QTRY_VERIFY(window()->currentFiles()->model()->indexOf(u"/app/tree"_s).isValid());
        const QString result = fetch(u"second"_s, u"/app/tree"_s, u"result"_s);
        QCOMPARE(test::treeOf(result % u"/tree"_s), test::treeOf(m_work->filePath(u"tree"_s)));
        // Nothing is left of what went through this computer.
        const QString passing = m_desktop->transfers()->passingFolder();
        QVERIFY(QDir(passing).exists());
        QTRY_VERIFY(QDir(passing).isEmpty(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot));
    }

    void cutAndPastedIntoAnotherSandboxMoves()
    {
        const FsModel *source = window()->currentFiles()->model();
        QVERIFY(paste(Qt::Key_X, u"/app/tree"_s));
        QTRY_VERIFY2(window()->noticeText().contains(u"trash"_s),
                     qPrintable(window()->noticeText()));
        QVERIFY(!source->indexOf(u"/app/tree"_s).isValid());
        QCOMPARE(lastTransfer().state, TransferModel::State::Done);
        // And it can be taken back.
        QVERIFY(press(u"Undo"_s));
        QTRY_VERIFY(source->indexOf(u"/app/tree"_s).isValid());
        const QString result = fetch(u"second"_s, u"/app/tree"_s, u"moved"_s);
        QCOMPARE(test::treeOf(result % u"/tree"_s), test::treeOf(m_work->filePath(u"tree"_s)));
    }

    // Where a part fails nothing is taken away; once that part has arrived too, all is.
    void cutAndPartlyFailedRemovesNothing()
    {
        FsModel *source = window()->currentFiles()->model();
        const QString secret = u"/app/tree/secret"_s;
        source->makeFile(u"/app/tree"_s, u"secret"_s);
        QTRY_VERIFY(m_changes.contains(secret));
        source->changeMode(secret, 0);
        QTRY_COMPARE(m_changes.count(secret), 2);
        QVERIFY(paste(Qt::Key_X, u"/app/tree"_s));
        QTRY_COMPARE(lastTransfer().state, TransferModel::State::Failed);
        QSignalSpy listed(source, &FsModel::loadingFinished);
        source->refresh();
        QTRY_VERIFY(!listed.isEmpty());
        QVERIFY(source->indexOf(u"/app/tree"_s).isValid());
        source->changeMode(secret, 0644);
        QTRY_COMPARE(m_changes.count(secret), 3);
        window()->findChild<NoticeBar *>()->hideText();
        m_desktop->transfers()->retry(lastTransfer().id);
        QTRY_VERIFY2(window()->noticeText().contains(u"trash"_s),
                     qPrintable(window()->noticeText()));
        QVERIFY(!source->indexOf(u"/app/tree"_s).isValid());
        const QString result = fetch(u"second"_s, u"/app/tree"_s, u"late"_s);
        QVERIFY(QFile::exists(result % u"/tree/secret"_s));
    }

    // A name that is skipped has not arrived.
    void cutAndSkippedRemovesNothing()
    {
        QVERIFY(upload(u"second"_s, {m_work->filePath(u"tree"_s)}));
        QVERIFY(paste(Qt::Key_X, u"/app/tree"_s));
        QTRY_COMPARE(lastTransfer().state, TransferModel::State::Asking);
        QTRY_VERIFY(window()->findChild<ConflictDialog *>());
        QVERIFY(press(u"Skip"_s));
        QTRY_VERIFY2(window()->noticeText().contains(u"nothing was taken"_s),
                     qPrintable(window()->noticeText()));
        const QString result = fetch(u"first"_s, u"/app/tree"_s, u"kept"_s);
        QCOMPARE(test::treeOf(result % u"/tree"_s), test::treeOf(m_work->filePath(u"tree"_s)));
    }

    // Neither pane wakes a sandbox by showing it; both say that it sleeps, and wake it when asked.
    void asleepIsSaidInBothPanes()
    {
        const QString id = idOf(u"second"_s);
        window()->sandboxPanel()->setCurrentSandbox(id);
        QTRY_COMPARE(window()->currentFiles()->model()->sandboxId(), id);
        const FilePanel *seen = window()->currentFiles();
        SandboxModel *sandboxes = sandboxesOf(*m_desktop);
        const auto isAsleep = [&] { return sandboxes->sandbox(id)->isAsleep(); };
        const auto button = [](const FilePanel *panel) {
            return panel->findChild<QPushButton *>(u"messageButton"_s);
        };
        const auto text = [](const FilePanel *panel) {
            return panel->findChild<QLabel *>(u"messageLabel"_s)->text();
        };
        // A watch that was asked for before the sandbox slept would reach it afterwards.
        QTRY_VERIFY(seen->findChild<FolderFollower *>()->isLive());
        sandboxes->sleep(id);
        QTRY_VERIFY_WITH_TIMEOUT(isAsleep(), 20'000);
        QTRY_VERIFY(button(seen)->isVisible());
        QCOMPARE(text(seen), u"“second” is asleep. Your files are safe."_s);
        window()->sandboxPanel()->setCurrentSandbox(idOf(u"first"_s));
        QVERIFY(openPane());
        QVERIFY(choose(u"second"_s));
        QTRY_COMPARE(pane()->panels().size(), 1);
        const FilePanel *beside = pane()->panels().first();
        QTRY_VERIFY(button(beside)->isVisible());
        QCOMPARE(text(beside), text(seen));
        window()->sandboxPanel()->setCurrentSandbox(id);
        keepPicture(u"asleep.png"_s);
        // The window's own Refresh asks for the sandboxes only.
        QSignalSpy refreshed(sandboxes, &SandboxModel::loadingFinished);
        window()->findChild<QAction *>(u"refreshAction"_s)->trigger();
        QTRY_VERIFY(!refreshed.isEmpty());
        QVERIFY(isAsleep());
        QTest::mouseClick(button(beside), Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(beside->model()->folderState(), FsModel::FolderState::Loaded,
                                  20'000);
        QTRY_VERIFY(!isAsleep());
        QTRY_VERIFY(!seen->isResting());
        QVERIFY(!beside->isResting());
    }

    void secondPaneShowsAnotherSandbox()
    {
        QVERIFY(openPane());
        QVERIFY(choose(u"second"_s));
        QTRY_COMPARE(pane()->panels().size(), 1);
        FilePanel *files = pane()->panels().first();
        QTRY_COMPARE(files->model()->folderState(), FsModel::FolderState::Loaded);
        drop(files->findChild<FileTreeView *>()->viewport(), *dragOf(u"/app/tree"_s));
        QVERIFY(transfersDone(3));
        QTRY_VERIFY(files->model()->indexOf(u"/app/tree"_s).isValid());
        QTest::keyClick(window(), Qt::Key_F3);
        QTRY_VERIFY(!pane()->isVisible());
    }
};

QTEST_MAIN(TestPanes)
#include "tst_panes.moc"
