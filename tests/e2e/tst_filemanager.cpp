// SPDX-License-Identifier: MIT
#include <QAbstractItemView>
#include <QClipboard>
#include <QMimeData>
#include <QProcess>
#include <QtTest>

#include "desktopundertest.h"
#include "models/transfermodel.h"
#include "mousedrag.h"
#include "trees.h"

using namespace voidrun;
using namespace Qt::StringLiterals;

// Real drags with the mouse between the window and a file manager that is not ours (pcmanfm-qt),
// side by side on the screen.
class TestFileManager : public QObject, private test::DesktopUnderTest
{
    Q_OBJECT

private:
    // In the file manager's window, with the settings of its first start: its one folder's name,
    // and a place where nothing is.
    static constexpr QPoint Entry{204, 140};
    static constexpr QPoint Beside{400, 300};
    static constexpr QPoint Corner{940, 60};

    QProcess m_manager;
    QPoint m_origin;  // of the file manager's window

    static QByteArray xdotool(const QStringList &arguments)
    {
        QProcess process;
        process.start(u"xdotool"_s, arguments);
        process.waitForFinished(10'000);
        return process.readAllStandardOutput();
    }

    bool startManager(const QString &folder)
    {
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(u"HOME"_s, m_work->filePath(u"home"_s));
        environment.insert(u"XDG_CONFIG_HOME"_s, m_work->filePath(u"home/.config"_s));
        m_manager.setProcessEnvironment(environment);
        m_manager.start(u"pcmanfm-qt"_s, {u"--new-window"_s, folder});
        QByteArray id;
        const bool shown = QTest::qWaitFor(
            [&] {
                id = xdotool({u"search"_s, u"--onlyvisible"_s, u"--class"_s, u"pcmanfm-qt"_s})
                         .split('\n')
                         .first();
                return !id.isEmpty();
            },
            20'000);
        const QString window = QString::fromLatin1(id);
        xdotool({u"windowsize"_s, window, u"640"_s, u"480"_s, u"windowmove"_s, window,
                 QString::number(Corner.x()), QString::number(Corner.y())});
        static const QRegularExpression position(u"X=(\\d+)\\s+Y=(\\d+)"_s);
        const bool moved = QTest::qWaitFor(
            [&] {
                const auto match = position.match(
                    QString::fromLatin1(xdotool({u"getwindowgeometry"_s, u"--shell"_s, window})));
                m_origin = QPoint(match.captured(1).toInt(), match.captured(2).toInt());
                const QPoint way = m_origin - Corner;
                return qAbs(way.x()) < 20 && qAbs(way.y()) < 50;
            },
            10'000);
        return shown && moved;
    }

    static void drag(const QPoint &from, const QPoint &to)
    {
        QProcess process;
        process.start(u"xdotool"_s, test::dragSteps(from, to, 1000));
        (void)QTest::qWaitFor([&] { return process.state() == QProcess::NotRunning; }, 20'000);
    }

    QAbstractItemView *fileView() const
    {
        return m_desktop->window()->currentFiles()->findChild<QAbstractItemView *>(u"fileView"_s);
    }

    QModelIndex row(const QString &name) const
    {
        for (int i = 0; i < fileView()->model()->rowCount(); ++i) {
            if (fileView()->model()->index(i, 0).data().toString() == name)
                return fileView()->model()->index(i, 0);
        }
        return {};
    }

    bool transfersDone(int count) const
    {
        return QTest::qWaitFor(
            [&] {
                return m_desktop->transfers()->rowCount() == count &&
                       m_desktop->transfers()->activeCount() == 0;
            },
            30'000);
    }

private Q_SLOTS:
    void initTestCase()
    {
        Q_INIT_RESOURCE(app);
        m_work = std::make_unique<QTemporaryDir>();
        QVERIFY(start());
        m_desktop->window()->setGeometry(20, 40, 900, 850);
        QVERIFY(makeSandbox(u"target"_s));
        QVERIFY(QDir().mkpath(m_work->filePath(u"home"_s)));
        QVERIFY(test::makeOddTree(m_work->filePath(u"box/given"_s)));
        QVERIFY2(startManager(m_work->filePath(u"box"_s)),
                 m_manager.readAllStandardError().constData());
    }

    void cleanupTestCase()
    {
        m_manager.kill();
        m_manager.waitForFinished();
        m_desktop->transfers()->cancelAll();
        shutDown();
    }

    void aFolderIsDraggedIn()
    {
        const QWidget *viewport = fileView()->viewport();
        const QPoint middle = viewport->mapToGlobal(viewport->rect().center());
        // The file manager may still be reading its folder.
        const auto hasBegun = [this] { return m_desktop->transfers()->rowCount() > 0; };
        for (int attempt = 0; attempt < 6 && !QTest::qWaitFor(hasBegun, 1500); ++attempt)
            drag(m_origin + Entry, middle);
        QVERIFY(transfersDone(1));
        QTRY_VERIFY(row(u"given"_s).isValid());
        m_desktop->window()->download(idOf(u"target"_s), {u"/app/given"_s},
                                      m_work->filePath(u"check"_s));
        QVERIFY(transfersDone(2));
        QCOMPARE(test::treeOf(m_work->filePath(u"check/given"_s)),
                 test::treeOf(m_work->filePath(u"box/given"_s)));
    }

    void filesAreDraggedOut()
    {
        QVERIFY(test::makeOddTree(m_work->filePath(u"made/result"_s)));
        m_desktop->window()->upload(idOf(u"target"_s), {m_work->filePath(u"made/result"_s)},
                                    u"/app"_s);
        QVERIFY(transfersDone(3));
        QTRY_VERIFY(row(u"result"_s).isValid());
        const QPoint from =
            fileView()->viewport()->mapToGlobal(fileView()->visualRect(row(u"result"_s)).center());
        drag(from, m_origin + Beside);
        const QPoint copyHere =
            m_origin + Beside + QPoint(50, 12);  // in the menu that it asks with
        const auto hasBegun = [this] { return QFile::exists(m_work->filePath(u"box/result"_s)); };
        for (int attempt = 0; attempt < 6 && !QTest::qWaitFor(hasBegun, 1500); ++attempt)
            xdotool({u"mousemove"_s, QString::number(copyHere.x()), QString::number(copyHere.y()),
                     u"click"_s, u"1"_s});
        QTRY_COMPARE_WITH_TIMEOUT(test::treeOf(m_work->filePath(u"box/result"_s)),
                                  test::treeOf(m_work->filePath(u"made/result"_s)), 20'000);
    }

    // Once they are here: the file manager is told, and pastes them.
    void filesAreCopiedAndPasted()
    {
        QVERIFY(test::makeOddTree(m_work->filePath(u"made/copied"_s)));
        const int before = m_desktop->transfers()->rowCount();
        m_desktop->window()->upload(idOf(u"target"_s), {m_work->filePath(u"made/copied"_s)},
                                    u"/app"_s);
        QVERIFY(transfersDone(before + 1));
        QTRY_VERIFY(row(u"copied"_s).isValid());
        m_desktop->window()->activateWindow();
        m_desktop->window()->currentFiles()->selectPath(u"/app/copied"_s);
        fileView()->setFocus();
        QTest::keyClick(fileView(), Qt::Key_C, Qt::ControlModifier);
        const auto offered = [] {
            return QGuiApplication::clipboard()->mimeData()->data(
                u"x-special/gnome-copied-files"_s);
        };
        QTRY_VERIFY(offered().startsWith("copy\nfile:///"));
        const QPoint beside = m_origin + Beside + QPoint(60, 60);
        const auto hasBegun = [this] { return QFile::exists(m_work->filePath(u"box/copied"_s)); };
        for (int attempt = 0; attempt < 6 && !QTest::qWaitFor(hasBegun, 1500); ++attempt) {
            QProcess keys;
            keys.start(u"xdotool"_s,
                       {u"mousemove"_s, QString::number(beside.x()), QString::number(beside.y()),
                        u"click"_s, u"1"_s, u"sleep"_s, u"0.3"_s, u"key"_s, u"ctrl+v"_s});
            // The file manager asks us for the files meanwhile.
            (void)QTest::qWaitFor([&] { return keys.state() == QProcess::NotRunning; }, 10'000);
        }
        QTRY_COMPARE_WITH_TIMEOUT(test::treeOf(m_work->filePath(u"box/copied"_s)),
                                  test::treeOf(m_work->filePath(u"made/copied"_s)), 20'000);
    }
};

QTEST_MAIN(TestFileManager)
#include "tst_filemanager.moc"
