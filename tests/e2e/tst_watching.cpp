// SPDX-License-Identifier: MIT
#include <QComboBox>
#include <QDBusConnection>
#include <QDockWidget>
#include <QListView>
#include <QMenu>
#include <QProcess>
#include <QSignalSpy>
#include <QToolButton>
#include <QTreeView>
#include <QtTest>

#include "api/client.h"
#include "desktopundertest.h"
#include "filetreeview.h"
#include "models/watcheventsmodel.h"
#include "models/watchmodel.h"
#include "mousedrag.h"
#include "sandboxlistview.h"
#include "sandboxpanel.h"
#include "support/replywait.h"
#include "watchdialog.h"
#include "watchpanel.h"

using namespace voidrun;
using namespace Qt::StringLiterals;

// A desktop's notification service: shows nothing and remembers everything.
class FakeDesktop : public QObject
{
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.freedesktop.Notifications")

public:
    struct Notice {
        uint id;
        QString title;
        QString body;
        QStringList actions;
    };

    bool listen()
    {
        return m_bus.registerObject(
                   u"/org/freedesktop/Notifications"_s, this,
                   QDBusConnection::ExportAllSlots | QDBusConnection::ExportAllSignals) &&
               m_bus.registerService(u"org.freedesktop.Notifications"_s);
    }

    QList<Notice> notices;
    QList<uint> closed;

public Q_SLOTS:
    uint Notify(const QString &, uint replaces, const QString &, const QString &title,
                const QString &body, const QStringList &actions, const QVariantMap &, int)
    {
        const uint id = replaces > 0 ? replaces : ++m_last;
        notices.append({id, title, body, actions});
        Q_EMIT notified();
        return id;
    }
    void CloseNotification(uint id) { closed.append(id); }

Q_SIGNALS:
    void ActionInvoked(uint id, const QString &action);
    void NotificationClosed(uint id, uint reason);
    void notified();

private:
    QDBusConnection m_bus =
        QDBusConnection::connectToBus(QDBusConnection::SessionBus, u"desktop"_s);
    uint m_last = 0;
};

// Watching in the whole window: how a person begins it, and where it leads.
class TestWatching : public QObject, protected test::DesktopUnderTest
{
    Q_OBJECT

private:
    FakeDesktop m_notifications;

    MainWindow *window() const { return m_desktop->window(); }
    WatchModel *watches() const { return m_desktop->watches(); }
    FilePanel *files() const { return window()->currentFiles(); }
    QTreeView *changes() const
    {
        return window()->watchPanel()->findChild<QTreeView *>(u"changeView"_s);
    }

    const Watch *watchOf(const QString &folder) const
    {
        for (int row = 0; row < watches()->rowCount(); ++row) {
            const Watch *watch =
                watches()->watch(watches()->index(row, 0).data(WatchModel::IdRole).toInt());
            if (watch->request.path == folder)
                return watch;
        }
        return nullptr;
    }

    bool isKnown(const QString &folder) const
    {
        return QTest::qWaitFor([&] { return watchOf(folder) && watchOf(folder)->isKnown; }, 20'000);
    }

    // In the sandbox, not through the window.
    void run(const QString &sandbox, const QString &command)
    {
        Client client(window()->connection()->profile());
        ExecRequest request;
        request.command = command;
        VERIFY_ANSWER(result, client.exec(idOf(sandbox), request));
        QCOMPARE(result.stdErr, QString());
    }

    bool isListed(const QString &path) const
    {
        return QTest::qWaitFor([&] { return files()->model()->indexOf(path).isValid(); }, 20'000);
    }

    QModelIndex rowOf(const QAbstractItemView *view, const QString &text) const
    {
        for (int row = 0; row < view->model()->rowCount(); ++row) {
            if (view->model()->index(row, 0).data().toString() == text)
                return view->model()->index(row, 0);
        }
        return {};
    }

    // As the right mouse button does it, then the key of the entry.
    bool chooseFromMenu(QAbstractItemView *view, const QModelIndex &index, Qt::Key key)
    {
        view->setCurrentIndex(index);
        const QPoint point = view->visualRect(index).center();
        QContextMenuEvent event(QContextMenuEvent::Mouse, point,
                                view->viewport()->mapToGlobal(point));
        QCoreApplication::sendEvent(view->viewport(), &event);
        auto *menu = qobject_cast<QMenu *>(QApplication::activePopupWidget());
        if (menu)
            QTest::keyClick(menu, key);
        return menu;
    }

    // Where VOIDRUN_TEST_PICTURES names a folder for it.
    void picture(const QString &name) const
    {
        const QString folder = qEnvironmentVariable("VOIDRUN_TEST_PICTURES");
        if (!folder.isEmpty())
            QVERIFY(window()->grab().save(folder % u'/' % name % u".png"_s));
    }

private Q_SLOTS:
    void initTestCase()
    {
        Q_INIT_RESOURCE(app);
        QVERIFY(m_notifications.listen());
        QStandardPaths::setTestModeEnabled(true);
        m_work = std::make_unique<QTemporaryDir>();
        QVERIFY(start());
        window()->setGeometry(20, 40, 1300, 850);
        QVERIFY(makeSandbox(u"alpha"_s));
        QVERIFY(QTest::qWaitForWindowActive(window()));
        run(u"alpha"_s, u"mkdir -p /app/results /app/dragged; touch /app/a.txt"_s);
        files()->refresh();
        QVERIFY(isListed(u"/app/a.txt"_s));
    }

    void cleanupTestCase() { shutDown(); }

    void aFolderIsWatchedFromItsMenu()
    {
        auto *view = files()->findChild<FileTreeView *>();
        QVERIFY(chooseFromMenu(view, rowOf(view, u"results"_s), Qt::Key_F));
        QVERIFY(isKnown(u"/app/results"_s));
        QVERIFY(window()->watchPanel()->isVisible());
        run(u"alpha"_s, u"echo 1 > /app/results/new.csv"_s);
        QTRY_COMPARE(changes()->model()->rowCount(), 1);
        picture(u"watching"_s);
    }

    void aDoubleClickGoesToTheFile()
    {
        const QModelIndex row = changes()->model()->index(0, WatchEventsModel::PathColumn);
        const QPoint point = changes()->visualRect(row).center();
        QTest::keyClick(window(), Qt::Key_5, Qt::ControlModifier);  // another page
        QTest::mouseClick(changes()->viewport(), Qt::LeftButton, {}, point);
        QTest::mouseDClick(changes()->viewport(), Qt::LeftButton, {}, point);
        QTRY_COMPARE(files()->folder(), u"/app/results"_s);
        QVERIFY(files()->isVisible());
        QTRY_COMPARE(files()->selectedEntries().size(), 1);
        QCOMPARE(files()->selectedEntries().first().path, u"/app/results/new.csv"_s);
        files()->openFolder(u"/app"_s);
        QVERIFY(isListed(u"/app/a.txt"_s));
    }

    void theRowOfASandboxAsksWhichFolder()
    {
        auto *list = window()->findChild<QListView *>(u"sandboxView"_s);
        QVERIFY(chooseFromMenu(list, rowOf(list, u"alpha"_s), Qt::Key_F));
        auto *dialog = window()->findChild<WatchDialog *>();
        QVERIFY(dialog);
        QVERIFY(QTest::qWaitForWindowActive(dialog));
        auto *folder = dialog->findChild<QComboBox *>(u"folderBox"_s);
        QCOMPARE(folder->currentText(), u"/app"_s);
        QTest::keyClick(dialog, Qt::Key_Return);
        QVERIFY(isKnown(u"/app"_s));
        QVERIFY(QTest::qWaitForWindowActive(window()));
    }

    // With the mouse, through the X server.
    void aFolderIsDraggedOntoThePanel()
    {
        auto *view = files()->findChild<FileTreeView *>();
        const QRect row = view->visualRect(rowOf(view, u"dragged"_s));
        const QPoint from = view->viewport()->mapToGlobal(QPoint(60, row.center().y()));
        const QPoint to =
            changes()->viewport()->mapToGlobal(changes()->viewport()->rect().center());
        QProcess xdotool;
        xdotool.start(u"xdotool"_s, test::dragSteps(from, to, 300));
        QVERIFY(isKnown(u"/app/dragged"_s));
        QTRY_COMPARE(xdotool.state(), QProcess::NotRunning);
        QCOMPARE(watches()->rowCount(), 3);
    }

    // What an agent does is seen at once; what is selected and where the list stands is kept.
    void theListStaysFresh()
    {
        run(u"alpha"_s,
            u"mkdir /app/many; cd /app/many; for i in $(seq 100 199); do echo a > f$i; "
            "done"_s);
        files()->openFolder(u"/app/many"_s);
        QVERIFY(isListed(u"/app/many/f199"_s));
        auto *view = files()->findChild<FileTreeView *>();
        files()->selectPath(u"/app/many/f150"_s);
        view->scrollTo(rowOf(view, u"f140"_s), QAbstractItemView::PositionAtTop);
        const auto top = [&] { return view->indexAt(QPoint(1, 1)).data().toString(); };
        QCOMPARE(top(), u"f140"_s);
        run(u"alpha"_s,
            u"cd /app/many; for i in $(seq 10 19); do echo a > f$i; done; rm f120; "
            "echo more >> f150; mv f198 moved"_s);
        QTRY_COMPARE(view->model()->rowCount(), 109);
        QTRY_VERIFY(files()->model()->indexOf(u"/app/many/moved"_s).isValid());
        QCOMPARE(top(), u"f140"_s);
        QCOMPARE(files()->selectedEntries().size(), 1);
        QTRY_COMPARE(files()->selectedEntries().first().size, 7);
        picture(u"fresh-list"_s);
        files()->openFolder(u"/app"_s);
        QVERIFY(isListed(u"/app/many"_s));
    }

    // In the panel's title and at the sandbox, until somebody looks.
    void whatNobodySawIsCounted()
    {
        auto *dock = window()->findChild<QDockWidget *>(u"watchDock"_s);
        auto *list = window()->findChild<SandboxListView *>();
        QCOMPARE(dock->windowTitle(), u"Watching"_s);
        dock->hide();
        run(u"alpha"_s, u"cd /app/dragged; touch one two; echo more >> one"_s);
        QTRY_COMPARE(list->badge(idOf(u"alpha"_s)), 2);  // though two watches see each of them
        QTRY_COMPARE(dock->windowTitle(), u"Watching (2 new)"_s);
        picture(u"watch-badge"_s);
        QTest::keyClick(window(), Qt::Key_7, Qt::ControlModifier);
        QTRY_COMPARE(list->badge(idOf(u"alpha"_s)), 0);
        QCOMPARE(dock->windowTitle(), u"Watching"_s);
    }

    void theDesktopTellsOnlyWhileTheWindowIsBehind()
    {
        watches()->setNotify(watchOf(u"/app"_s)->id, Watch::Notify::Off);
        watches()->setNotify(watchOf(u"/app/dragged"_s)->id, Watch::Notify::Off);
        watches()->setNotify(watchOf(u"/app/results"_s)->id, Watch::Notify::Desktop);
        const auto make = [this](const QString &names) {
            run(u"alpha"_s, u"cd /app/results; touch "_s + names);
        };
        QSignalSpy notified(&m_notifications, &FakeDesktop::notified);
        make(u"in-front"_s);
        QVERIFY(!notified.wait(2000));  // longer than changes are gathered
        window()->showMinimized();
        QTRY_VERIFY(QGuiApplication::applicationState() != Qt::ApplicationActive);
        make(u"a b c d e f g h i j k l; echo again >> a"_s);
        QTRY_COMPARE(m_notifications.notices.size(), 1);
        const FakeDesktop::Notice first = m_notifications.notices.first();
        QCOMPARE(first.title, u"12 file(s) changed in results/"_s);
        QCOMPARE(first.body, u"In the sandbox “alpha”."_s);
        QVERIFY(first.actions.contains(u"Show"_s));
        // More of them take its place.
        make(u"m n"_s);
        QTRY_COMPARE(m_notifications.notices.size(), 2);
        QCOMPARE(m_notifications.notices.last().id, first.id);
        QCOMPARE(m_notifications.notices.last().title, u"14 file(s) changed in results/"_s);
        Q_EMIT m_notifications.ActionInvoked(first.id, u"show"_s);
        QVERIFY(QTest::qWaitForWindowActive(window()));
        QTRY_VERIFY(changes()->isVisible());
        QTRY_VERIFY(m_notifications.closed.contains(first.id));
        QCOMPARE(m_notifications.notices.size(), 2);
    }

    void thePanelIsReachedWithTheKeys()
    {
        files()->focusList();
        QTest::keyClick(window(), Qt::Key_7, Qt::ControlModifier);
        QTRY_VERIFY(changes()->hasFocus());
        QTest::keyClick(changes(), Qt::Key_Home);
        QTest::keyClick(changes(), Qt::Key_Return);
        QTRY_VERIFY(files()->findChild<FileTreeView *>()->hasFocus());
    }
};

QTEST_MAIN(TestWatching)
#include "tst_watching.moc"
