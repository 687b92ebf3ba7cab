// SPDX-License-Identifier: MIT
#include <QAbstractItemView>
#include <QDirIterator>
#include <QPointer>
#include <QProcess>
#include <QPushButton>
#include <QSettings>
#include <QTemporaryDir>
#include <QtTest>

#include "desktop.h"
#include "filepanel.h"
#include "mainwindow.h"
#include "models/connection.h"
#include "models/fsmodel.h"
#include "models/sandboxmodel.h"
#include "models/transfermodel.h"
#include "mousedrag.h"
#include "sandboxlistview.h"
#include "sandboxpanel.h"
#include "trees.h"

using namespace voidrun;
using namespace Qt::StringLiterals;

// Real drags with the mouse between the window and another program, through the X server.
class TestDragDrop : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_work;
    std::unique_ptr<Desktop> m_desktop;

    MainWindow *window() const { return m_desktop->window(); }
    SandboxModel *sandboxes() const { return window()->connection()->sandboxes(); }
    QAbstractItemView *fileView() const
    {
        return window()->currentFiles()->findChild<QAbstractItemView *>(u"fileView"_s);
    }

    QModelIndex row(const QString &name) const
    {
        for (int i = 0; i < fileView()->model()->rowCount(); ++i) {
            if (fileView()->model()->index(i, 0).data().toString() == name)
                return fileView()->model()->index(i, 0);
        }
        return {};
    }

    // Presses at `from`, moves in small steps, and lets go at `to`, in screen coordinates.
    static bool drag(const QPoint &from, const QPoint &to, int pauseMs = 300)
    {
        auto *xdotool = new QProcess;
        QObject::connect(xdotool, &QProcess::finished, xdotool, &QObject::deleteLater);
        xdotool->start(u"xdotool"_s, test::dragSteps(from, to, pauseMs));
        return true;
    }

    QString outputOf(QProcess &peer)
    {
        m_said += QString::fromUtf8(peer.readAllStandardOutput());
        return m_said;
    }

    bool startPeer(QProcess &peer, const QStringList &arguments)
    {
        m_said.clear();
        peer.start(QCoreApplication::applicationDirPath() % u"/dragpeer"_s,
                   QStringList{u"1350"_s, u"60"_s} + arguments);
        return QTest::qWaitFor([&] { return outputOf(peer).contains(u"ready"_s); }, 10'000);
    }

    QString m_said;
    static constexpr QPoint Peer{1450, 160};  // the middle of the other program's window

private Q_SLOTS:
    void initTestCase()
    {
        Q_INIT_RESOURCE(app);
        Desktop::Options options;
        options.stateDir = m_work.filePath(u"state"_s);
        options.settingsFile = m_work.filePath(u"settings.ini"_s);
        options.engineProgram = QCoreApplication::applicationDirPath() % u"/voidrun-local"_s;
        m_desktop = std::make_unique<Desktop>(options);
        m_desktop->start();
        window()->setGeometry(20, 40, 1300, 850);
        QTRY_VERIFY_WITH_TIMEOUT(
            window()->connection() && sandboxes()->loadState() == SandboxModel::LoadState::Loaded,
            30'000);
        SandboxSpec spec;
        spec.name = u"target"_s;
        sandboxes()->create(spec);
        QTRY_VERIFY_WITH_TIMEOUT(
            window()->currentFiles() &&
                window()->currentFiles()->model()->folderState() == FsModel::FolderState::Loaded,
            30'000);
        QVERIFY(QTest::qWaitForWindowActive(window()));
        QVERIFY(test::makeOddTree(m_work.filePath(u"in"_s)));
    }

    void cleanupTestCase()
    {
        if (m_desktop)
            m_desktop->transfers()->cancelAll();
        m_desktop.reset();
    }

    void aFolderFromAFileManagerArrivesWhole()
    {
        QProcess peer;
        QVERIFY(startPeer(peer, {u"give"_s, m_work.filePath(u"in"_s)}));
        QVERIFY(drag(Peer,
                     fileView()->viewport()->mapToGlobal(fileView()->viewport()->rect().center())));
        QTRY_VERIFY_WITH_TIMEOUT(
            m_desktop->transfers()->rowCount() == 1 && m_desktop->transfers()->activeCount() == 0,
            60'000);
        QTRY_VERIFY_WITH_TIMEOUT(row(u"in"_s).isValid(), 20'000);
        // The other program is told that its files were copied: it must not delete them.
        QTRY_VERIFY_WITH_TIMEOUT(outputOf(peer).contains(u"dragged %1"_s.arg(int(Qt::CopyAction))),
                                 10'000);
        peer.kill();
        peer.waitForFinished();
    }

    void theFolderDraggedOutIsTheSame()
    {
        QProcess peer;
        const QString out = m_work.filePath(u"out"_s);
        QVERIFY(QDir().mkpath(out));
        QVERIFY(startPeer(peer, {u"take"_s, out}));
        const QRect rect = fileView()->visualRect(row(u"in"_s));
        QVERIFY(
            drag(fileView()->viewport()->mapToGlobal(QPoint(60, rect.center().y())), Peer, 3000));
        QTRY_VERIFY_WITH_TIMEOUT(outputOf(peer).contains(u"dropped 1"_s), 60'000);
        QCOMPARE(test::treeOf(out % u"/in"_s), test::treeOf(m_work.filePath(u"in"_s)));
        peer.kill();
        peer.waitForFinished();
    }

    // Inside the list a drag moves, and with Ctrl it copies.
    void aFileDraggedWithCtrlIsCopied()
    {
        FsModel *model = window()->currentFiles()->model();
        model->makeFile(u"/app"_s, u"plain.txt"_s);
        model->makeFolder(u"/app"_s, u"there"_s);
        QTRY_VERIFY(row(u"plain.txt"_s).isValid() && row(u"there"_s).isValid());
        const auto at = [this](const QString &name) {
            const QRect rect = fileView()->visualRect(row(name));
            return fileView()->viewport()->mapToGlobal(QPoint(60, rect.center().y()));
        };
        QProcess xdotool;
        // Held once the button is down: before, it would add to what is selected.
        QStringList steps = test::dragSteps(at(u"plain.txt"_s), at(u"there"_s), 300);
        const qsizetype held = steps.indexOf(u"mousedown"_s) + 2;
        steps = steps.first(held) + QStringList{u"keydown"_s, u"ctrl"_s} + steps.sliced(held) +
                QStringList{u"keyup"_s, u"ctrl"_s};
        xdotool.start(u"xdotool"_s, steps);
        QTRY_COMPARE_WITH_TIMEOUT(xdotool.state(), QProcess::NotRunning, 20'000);
        model->fetchMore(model->indexOf(u"/app/there"_s));
        QTRY_VERIFY(model->indexOf(u"/app/there/plain.txt"_s).isValid());
        QVERIFY(row(u"plain.txt"_s).isValid());
        xdotool.start(u"xdotool"_s, test::dragSteps(at(u"in"_s), at(u"there"_s), 300));
        QTRY_VERIFY_WITH_TIMEOUT(model->indexOf(u"/app/there/in"_s).isValid(), 20'000);
        QVERIFY(!row(u"in"_s).isValid());
    }

    void aFileDroppedOnASandboxRowGoesIntoIt()
    {
        QFile file(m_work.filePath(u"on the row.txt"_s));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("row\n");
        file.close();
        QProcess peer;
        QVERIFY(startPeer(peer, {u"give"_s, file.fileName()}));
        auto *list = window()->findChild<SandboxListView *>();
        const QPoint target =
            list->viewport()->mapToGlobal(list->visualRect(list->model()->index(0, 0)).center());
        QVERIFY(drag(Peer, target));
        QTRY_VERIFY_WITH_TIMEOUT(row(u"on the row.txt"_s).isValid(), 30'000);
        peer.kill();
        peer.waitForFinished();
    }
};

QTEST_MAIN(TestDragDrop)
#include "tst_dragdrop.moc"
