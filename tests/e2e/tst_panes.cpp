// SPDX-License-Identifier: MIT
#include <QAction>
#include <QClipboard>
#include <QComboBox>
#include <QTemporaryDir>
#include <QToolButton>
#include <QtTest>

#include "desktopundertest.h"
#include "filetreeview.h"
#include "localpanel.h"
#include "models/transfermodel.h"
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

private Q_SLOTS:
    void initTestCase()
    {
        Q_INIT_RESOURCE(app);
        QStandardPaths::setTestModeEnabled(true);
    }

    void init()
    {
        m_work = std::make_unique<QTemporaryDir>();
        QVERIFY(start());
        QVERIFY(makeSandbox(u"first"_s));
        QVERIFY(makeSandbox(u"second"_s));
        // The new one is chosen by itself.
        QTRY_COMPARE(window()->currentFiles()->model()->sandboxId(), idOf(u"second"_s));
        window()->sandboxPanel()->setCurrentSandbox(idOf(u"first"_s));
        QVERIFY(test::makeOddTree(m_work->filePath(u"tree"_s)));
        QVERIFY(upload(u"first"_s, {m_work->filePath(u"tree"_s)}));
        QTRY_VERIFY(window()->currentFiles()->model()->indexOf(u"/app/tree"_s).isValid());
    }

    void cleanup() { shutDown(); }

    void pastedIntoAnotherSandbox()
    {
        window()->currentFiles()->selectPath(u"/app/tree"_s);
        auto *view = window()->currentFiles()->findChild<FileTreeView *>();
        view->setFocus();
        QTest::keyClick(view, Qt::Key_C, Qt::ControlModifier);
        window()->sandboxPanel()->setCurrentSandbox(idOf(u"second"_s));
        QTRY_COMPARE(window()->currentFiles()->model()->sandboxId(), idOf(u"second"_s));
        QTRY_COMPARE(window()->currentFiles()->model()->folderState(),
                     FsModel::FolderState::Loaded);
        auto *other = window()->currentFiles()->findChild<FileTreeView *>();
        other->setFocus();
        QTest::keyClick(other, Qt::Key_V, Qt::ControlModifier);
        QVERIFY(transfersDone(3));
        QTRY_VERIFY(window()->currentFiles()->model()->indexOf(u"/app/tree"_s).isValid());
        const QString result = fetch(u"second"_s, u"/app/tree"_s, u"result"_s);
        QCOMPARE(test::treeOf(result % u"/tree"_s), test::treeOf(m_work->filePath(u"tree"_s)));
        // Nothing is left of what went through this computer.
        const QString passing = m_desktop->transfers()->passingFolder();
        QVERIFY(QDir(passing).exists());
        QTRY_VERIFY(QDir(passing).isEmpty(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot));
    }

    void secondPaneShowsAnotherSandbox()
    {
        QTest::keyClick(window(), Qt::Key_F3);
        QTRY_VERIFY(pane() && pane()->isVisible());
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

    void secondPaneShowsThisComputer()
    {
        QTest::keyClick(window(), Qt::Key_F3);
        QTRY_VERIFY(pane() && pane()->isVisible());
        LocalPanel *local = pane()->localPanel();
        QVERIFY(QDir().mkpath(m_work->filePath(u"here"_s)));
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
        drop(local->findChild<QTreeView *>()->viewport(), *dragOf(u"/app/tree"_s));
        QVERIFY(transfersDone(2));
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
};

QTEST_MAIN(TestPanes)
#include "tst_panes.moc"
