// SPDX-License-Identifier: MIT
#include <QAbstractItemView>
#include <QDialogButtonBox>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QToolButton>
#include <QtTest>

#include "conflictdialog.h"
#include "desktopundertest.h"
#include "dragoutdata.h"
#include "filetreeview.h"
#include "models/transfermodel.h"
#include "noticebar.h"
#include "sandboxpanel.h"
#include "scriptedguest.h"
#include "support/filesizelimit.h"
#include "support/guigap.h"
#include "support/residentsize.h"
#include "support/scriptedserver.h"
#include "trees.h"

using namespace voidrun;
using namespace Qt::StringLiterals;

// Servers that are broken or hostile, met by a person in the real window: a sentence is shown, the
// old file is intact, and nothing else is on the disk.
class TestWindowFaults : public QObject, private test::DesktopUnderTest
{
    Q_OBJECT

private:
    static constexpr qsizetype Size = 100'000;
    using Reply = test::ScriptedReply;
    using Tree = QMap<QByteArray, QByteArray>;

    std::unique_ptr<test::ScriptedGuest> m_guest;

    MainWindow *window() const { return m_desktop->window(); }
    FilePanel *files() const { return window()->currentFiles(); }
    QAbstractItemView *view() const
    {
        return files()->findChild<QAbstractItemView *>(u"fileView"_s);
    }
    QString downloads() const { return m_work->filePath(u"Downloads"_s); }

    QStringList names() const
    {
        QStringList names;
        for (int row = 0; row < view()->model()->rowCount(); ++row)
            names.append(view()->model()->index(row, 0).data().toString());
        return names;
    }

    bool isListed() const
    {
        return QTest::qWaitFor([this] {
            return files() && files()->model()->folderState() == FsModel::FolderState::Loaded;
        });
    }

    void click(const QString &name) const
    {
        const QModelIndex index = view()->model()->index(int(names().indexOf(name)), 0);
        QTest::mouseClick(view()->viewport(), Qt::LeftButton, {},
                          view()->visualRect(index).center());
    }

    // Chooses the file with the mouse and presses Download; what exists is to be overwritten.
    bool download(const QString &name)
    {
        click(name);
        QTest::mouseClick(files()->findChild<QToolButton *>(u"downloadButton"_s), Qt::LeftButton);
        QPointer<ConflictDialog> dialog;
        if (!QTest::qWaitFor([&] {
                dialog = window()->findChild<ConflictDialog *>();
                return dialog && dialog->isVisible();
            }))
            return false;
        const auto *box = dialog->findChild<QDialogButtonBox *>();
        for (QAbstractButton *button : box->buttons()) {
            if (box->buttonRole(button) == QDialogButtonBox::DestructiveRole) {
                QTest::mouseClick(button, Qt::LeftButton);
                return true;
            }
        }
        return false;
    }

    TransferModel::State state() const
    {
        const TransferModel *transfers = m_desktop->transfers();
        const QModelIndex last = transfers->index(transfers->rowCount() - 1, 0);
        return last.data(TransferModel::ItemRole).value<TransferModel::Item>().state;
    }

private Q_SLOTS:
    void initTestCase() { Q_INIT_RESOURCE(app); }

    void init()
    {
        m_work = std::make_unique<QTemporaryDir>();
        QSettings(m_work->filePath(u"settings.ini"_s), QSettings::IniFormat)
            .setValue(u"downloads/folder"_s, downloads());
        QVERIFY(test::writeFile(downloads() % u"/data.bin"_s, "old"));
        m_guest = std::make_unique<test::ScriptedGuest>();
        m_guest->setFile(u"/app/data.bin"_s, QByteArray(Size, 'n'));
        m_guest->setFolder(u"/app"_s, {test::ScriptedGuest::entry(u"data.bin"_s, Size)});
        QVERIFY(start());
        Q_EMIT window()->connectionAdded(m_guest->profile());
        QTRY_VERIFY(isLoaded(*m_desktop) && sandboxesOf(*m_desktop)->rowCount() == 1);
        window()->sandboxPanel()->setCurrentSandbox(test::ScriptedGuest::sandboxId());
        QTRY_VERIFY(files());
    }

    void cleanup()
    {
        shutDown();
        m_guest.reset();
    }

    void badDownloadsKeepTheOldFile_data()
    {
        QTest::addColumn<Reply>("reply");
        QTest::addColumn<QString>("said");
        const QByteArray body(Size, 'n');
        const QByteArray type = "application/octet-stream";
        const auto cut = [&](Reply::End end) {
            Reply reply = Reply::with(200, type, body);
            return reply.cut(reply.bytes.size() - Size / 2, end);
        };
        QTest::newRow("cut with FIN") << cut(Reply::End::Fin) << u"connection"_s;
        QTest::newRow("cut with RST") << cut(Reply::End::Rst) << u"connection"_s;
        const QByteArray half = body.first(Size / 2);
        QTest::newRow("ends early without a length")
            << Reply{.bytes = "HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\n\r\n" + half,
                     .end = Reply::End::Fin}
            << u"data.bin"_s;
        QTest::newRow("a page to sign in")
            << Reply::with(200, "text/html", "<html><b>Sign in</b></html>") << u"127.0.0.1"_s;
        QTest::newRow("another host")
            << Reply::with(302, "text/plain", {}, "Location: http://127.0.0.2:9/x\r\n")
            << u"127.0.0.2"_s;
        QTest::newRow("forbidden") << Reply::json(403, R"({"error":"not yours"})") << u"data.bin"_s;
        QTest::newRow("chunked and cut")
            << Reply{.bytes = "HTTP/1.1 200 OK\r\nContent-Type: " + type +
                              "\r\nTransfer-Encoding: chunked\r\n\r\nC350\r\n" + half + "\r\n",
                     .end = Reply::End::Fin}
            << u"connection"_s;
    }

    void badDownloadsKeepTheOldFile()
    {
        QFETCH(Reply, reply);
        QFETCH(QString, said);
        QVERIFY(isListed());
        m_guest->setDownloadReply(u"/app/data.bin"_s, reply);
        QVERIFY(download(u"data.bin"_s));
        QTRY_COMPARE_WITH_TIMEOUT(state(), TransferModel::State::Failed, 60'000);
        QTRY_VERIFY(!window()->noticeText().isEmpty());
        const QString notice = window()->noticeText();
        QVERIFY2(notice.contains(u"data.bin"_s), qPrintable(notice));
        QVERIFY2(notice.contains(said), qPrintable(notice));
        QVERIFY2(!notice.contains(u'<') && !notice.contains(u'{'), qPrintable(notice));
        QTRY_COMPARE(test::treeOf(downloads()), (Tree{{"data.bin", "-old"}}));
    }

    // One after the other in one window. The key goes nowhere else.
    void refusedDownloadsKeepTheOldFile()
    {
        QVERIFY(isListed());
        const test::ScriptedServer other;
        const QString port = u"127.0.0.1:%1"_s.arg(other.port());
        const QByteArray half(Size / 2, 'n');
        const QByteArray gzip = QByteArray::fromHex("1f8b0800000000000003edc1") + half;
        QList<std::pair<Reply, QString>> replies{
            {Reply::with(302, "text/plain", {}, "Location: https://" + port.toLatin1() + "/x\r\n"),
             port},
            {Reply{.bytes = "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n"
                            "Content-Encoding: gzip\r\n\r\n" +
                            gzip,
                   .end = Reply::End::Fin},
             u"data.bin"_s},
            {Reply::with(500, "text/plain", {}, "Retry-After: 1\r\n"), u"data.bin"_s}};
        for (const int status : {301, 303, 307, 308})
            replies.append({Reply::with(status, "text/plain", {},
                                        "Location: http://" + port.toLatin1() + "/x\r\n"),
                            port});
        // Longer than anyone waits.
        for (const int status : {408, 425, 429, 502, 503, 504, 529})
            replies.append({Reply::with(status, "text/plain", {}, "Retry-After: 99999999\r\n"),
                            u"data.bin"_s});
        auto *bar = window()->findChild<NoticeBar *>();
        for (const auto &[reply, said] : std::as_const(replies)) {
            const QByteArray head = reply.bytes.left(60);
            m_guest->setDownloadReply(u"/app/data.bin"_s, reply);
            bar->hideText();
            QVERIFY2(download(u"data.bin"_s), head.constData());
            QTRY_VERIFY2(state() == TransferModel::State::Failed, head.constData());
            QTRY_VERIFY2(window()->noticeText().contains(u"data.bin"_s), head.constData());
            const QString notice = window()->noticeText();
            QVERIFY2(notice.contains(said), qPrintable(notice));
            QVERIFY2(!notice.contains(u'<') && !notice.contains(u'{'), qPrintable(notice));
            QCOMPARE(test::treeOf(downloads()), (Tree{{"data.bin", "-old"}}));
        }
        QCOMPARE(m_guest->callCount(u"GET download /app/data.bin"_s), int(replies.size()));
        QCOMPARE(other.connections(), 0);
    }

    // A server that is busy is asked again, after the time that it names, and not before.
    void aBusyServerIsAskedAgain()
    {
        QVERIFY(isListed());
        m_guest->setDownloadReply(u"/app/data.bin"_s,
                                  Reply::with(503, "text/plain", {}, "Retry-After: 2\r\n"));
        QVERIFY(download(u"data.bin"_s));
        const QString call = u"GET download /app/data.bin"_s;
        QTRY_COMPARE(m_guest->callCount(call), 1);
        QElapsedTimer clock;
        clock.start();
        m_guest->clearDownloadReply(u"/app/data.bin"_s);
        QTRY_COMPARE(state(), TransferModel::State::Done);
        QVERIFY2(clock.elapsed() > 1500, qPrintable(QString::number(clock.elapsed())));
        QCOMPARE(m_guest->callCount(call), 2);
    }

    // What a folder of the sandbox names goes nowhere else, and what is no file is not opened.
    void oddNamesAndLinksOfAFolderStayInIt()
    {
        using Guest = test::ScriptedGuest;
        m_guest->setFolder(u"/app/odd"_s, {Guest::entry(u"../x"_s, 1), Guest::entry(u"/etc/x"_s, 1),
                                           Guest::entry(u".."_s, 1), Guest::entry(u"good"_s, 4),
                                           Guest::entry(u"link"_s, 4, false, u"Lrwxrwxrwx"_s),
                                           Guest::entry(u"fifo"_s, 0, false, u"prw-r--r--"_s),
                                           Guest::entry(u"device"_s, 0, false, u"Dcrw-rw-rw-"_s),
                                           Guest::entry(u"line\nbreak"_s, 4)});
        for (const QString &name : {u"good"_s, u"link"_s, u"fifo"_s, u"device"_s, u"line\nbreak"_s})
            m_guest->setFile(u"/app/odd/"_s % name, "good");
        m_guest->setFile(u"/app/odd/fifo"_s, {}, 010644);
        m_guest->setFile(u"/app/odd/device"_s, {}, 020666);
        m_guest->setFolder(u"/app"_s, {Guest::entry(u"odd"_s, 0, true, u"drwxr-xr-x"_s)});
        files()->refresh();
        QTRY_COMPARE(names(), QStringList{u"odd"_s});
        click(u"odd"_s);
        QTest::mouseClick(files()->findChild<QToolButton *>(u"downloadButton"_s), Qt::LeftButton);
        QTRY_VERIFY(m_desktop->transfers()->rowCount() == 1);
        QTRY_VERIFY(TransferModel::isFinal(state()));
        const Tree tree = test::treeOf(downloads());
        QCOMPARE(tree.value("odd/good"), "-good");
        for (const QByteArray &path : tree.keys())
            QVERIFY2(path == "data.bin" || path == "odd" || path == "odd/good" ||
                         path == "odd/line\nbreak",
                     path.constData());
        QVERIFY(!QFile::exists(m_work->filePath(u"x"_s)));
        QCOMPARE(m_guest->callCount(u"GET download /app/odd/link"_s), 0);
        QCOMPARE(m_guest->callCount(u"GET download /app/odd/fifo"_s), 0);
        QCOMPARE(m_guest->callCount(u"GET download /app/odd/device"_s), 0);
    }

    // More than anyone can want is cut off with a sentence; the window paints on, and keeps little.
    void anEndlessListingIsCutOff()
    {
        QVERIFY(isListed());
        Reply reply;
        reply.bytes =
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n"
            R"({"status":"success","data":{"success":true,"files":[)";
        constexpr qsizetype Announced = 100 * 1024 * 1024;
        const QByteArray entry = R"({"name":"nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn","size":1},)";
        reply.bytes.reserve(Announced + entry.size());
        while (reply.bytes.size() < Announced)
            reply.bytes += entry;
        reply.slice = 1024 * 1024;
        m_guest->setFolderReply(u"/app/endless"_s, reply);
        const qint64 before = test::residentKiB();
        test::GuiGap gap;
        gap.start();
        qint64 most = 0;
        files()->openFolder(u"/app/endless"_s);
        const auto *label = files()->findChild<QLabel *>(u"messageLabel"_s);
        QTRY_VERIFY_WITH_TIMEOUT(
            (most = std::max(most, test::residentKiB()),
             label->isVisible() && label->text().contains(u"could not be opened"_s)),
            30'000);
        qInfo("grown by %lld KiB, longest gap %.0f ms: %s", most - before, gap.longest(),
              qPrintable(label->text()));
        constexpr qint64 AnswerAndServer = 64 * 1024 + 16 * 1024;  // KiB; both are in this process
        QVERIFY(most - before < 64 * 1024 + AnswerAndServer);
        constexpr double Longest = 250;  // ms; the bound is 100 without the server in this thread
        QVERIFY(gap.longest() < Longest);
    }

    void listingsThatAreNoneAreSaid()
    {
        QVERIFY(isListed());
        const QByteArray type = "application/json";
        constexpr qsizetype Much = 80 * 1024 * 1024;
        const QList<Reply> replies{
            Reply::with(200, type, R"({"status":"success","data":)" + QByteArray(100'000, '[')),
            Reply::with(200, type, "{}", "X-Filler: " + QByteArray(1024 * 1024, 'x') + "\r\n"),
            // Without the four bytes that Qt puts before it.
            Reply::with(200, type, qCompress(QByteArray(Much, ' '), 1).sliced(4),
                        "Content-Encoding: deflate\r\n"),
            Reply::with(200, "text/html", "<html><b>Sign in</b></html>"),
            Reply::with(200, type, R"({"status":"success","data":{"success":true,"files":7}})")};
        const auto *label = files()->findChild<QLabel *>(u"messageLabel"_s);
        for (qsizetype i = 0; i < replies.size(); ++i) {
            const QString folder = u"/app/bad%1"_s.arg(i);
            m_guest->setFolderReply(folder, replies[i]);
            files()->openFolder(folder);
            QTRY_VERIFY2(label->isVisible() && label->text().contains(folder) &&
                             label->text().contains(u"could not be opened"_s),
                         qPrintable(label->text()));
            QVERIFY2(!label->text().contains(u'<') && !label->text().contains(u'{'),
                     qPrintable(label->text()));
        }
    }

    void aFullDiskKeepsTheOldFile()
    {
        QVERIFY(isListed());
        const test::FileSizeLimit limit(Size / 2);
        QVERIFY(limit.isSet());
        QVERIFY(download(u"data.bin"_s));
        QTRY_COMPARE(state(), TransferModel::State::Failed);
        QTRY_VERIFY2(window()->noticeText().contains(u"File too large"_s),
                     qPrintable(window()->noticeText()));
        QCOMPARE(test::treeOf(downloads()), (Tree{{"data.bin", "-old"}}));
    }

    // What stands in the way of a file is not replaced, and nobody is offered to do so.
    void aFolderInTheWayStays()
    {
        QVERIFY(isListed());
        QVERIFY(QFile::remove(downloads() % u"/data.bin"_s));
        QVERIFY(test::writeFile(downloads() % u"/data.bin/mine"_s, "kept"));
        click(u"data.bin"_s);
        QTest::mouseClick(files()->findChild<QToolButton *>(u"downloadButton"_s), Qt::LeftButton);
        QPointer<ConflictDialog> dialog;
        QTRY_VERIFY((dialog = window()->findChild<ConflictDialog *>()) && dialog->isVisible());
        const auto *box = dialog->findChild<QDialogButtonBox *>();
        QAbstractButton *both = nullptr;
        for (QAbstractButton *button : box->buttons()) {
            if (box->buttonRole(button) == QDialogButtonBox::DestructiveRole)
                QVERIFY(!button->isVisible());
            if (button->text().remove(u'&') == u"Keep both"_s)
                both = button;
        }
        QVERIFY(both);
        QTest::mouseClick(both, Qt::LeftButton);
        QTRY_COMPARE(state(), TransferModel::State::Done);
        QCOMPARE(test::treeOf(downloads()), (Tree{{"data (2).bin", '-' + QByteArray(Size, 'n')},
                                                  {"data.bin", "d"},
                                                  {"data.bin/mine", "-kept"}}));
    }

    void aSilentServerIsCancelledAtOnce()
    {
        QVERIFY(isListed());
        Reply reply = Reply::with(200, "application/octet-stream", QByteArray(Size, 'n'));
        reply.slice = 1;
        reply.pause = std::chrono::seconds(10);
        m_guest->setDownloadReply(u"/app/data.bin"_s, reply);
        QVERIFY(download(u"data.bin"_s));
        QTRY_COMPARE(state(), TransferModel::State::Running);
        for (auto *button : window()->findChildren<QToolButton *>()) {
            if (button->isVisible() && button->isEnabled() && button->text() == u"Cancel"_s)
                QTest::mouseClick(button, Qt::LeftButton);
        }
        QTRY_COMPARE_WITH_TIMEOUT(state(), TransferModel::State::Cancelled, 1000);
        QTRY_COMPARE(test::treeOf(downloads()), (Tree{{"data.bin", "-old"}}));
    }

    // Files that are copied or dragged are fetched for other programs; that is seen, and can be
    // ended with the mouse.
    void fetchingForAnotherProgramIsShownAndCancelled()
    {
        QVERIFY(isListed());
        Reply reply = Reply::with(200, "application/octet-stream", QByteArray(Size, 'n'));
        reply.slice = Size / 2;
        reply.pause = std::chrono::seconds(10);
        m_guest->setDownloadReply(u"/app/data.bin"_s, reply);
        const auto *bar = window()->findChild<NoticeBar *>();
        const auto *progress = bar->findChild<QProgressBar *>();
        auto *cancel = bar->findChild<QPushButton *>(u"cancelButton"_s);
        auto *list = files()->findChild<FileTreeView *>();
        for (const bool isDrag : {false, true}) {
            QVERIFY(QTest::qWaitForWindowActive(window()));
            files()->selectPath(u"/app/data.bin"_s);
            list->setFocus();
            const QModelIndexList rows{files()->model()->indexOf(u"/app/data.bin"_s)};
            DragOutData dragged(files()->model()->mimeData(rows));
            if (isDrag)
                Q_EMIT list->dragOutStarted(&dragged, false);
            else
                QTest::keyClick(list, Qt::Key_C, Qt::ControlModifier);
            QTRY_VERIFY(progress->isVisible());
            QTRY_VERIFY2(progress->value() > 300, qPrintable(QString::number(progress->value())));
            QVERIFY(progress->accessibleName().contains(u"data.bin"_s));
            if (const QString folder = qEnvironmentVariable("VOIDRUN_PICTURES"); !folder.isEmpty())
                window()->grab().save(folder % u"/fetching.png"_s);
            QCOMPARE(state(), TransferModel::State::Running);
            QTest::mouseClick(cancel, Qt::LeftButton);
            QTRY_COMPARE_WITH_TIMEOUT(state(), TransferModel::State::Cancelled, 1000);
            QVERIFY(!bar->isVisible());
            QVERIFY(!dragged.isFetched());
        }
    }

    void hostileNamesAreNotShownOrVisiblyEscaped()
    {
        const auto entry = [](const QString &name) { return test::ScriptedGuest::entry(name, 1); };
        m_guest->setFolder(
            u"/app"_s,
            {entry(u"../x"_s), entry(u"/etc/x"_s), entry(u".."_s), entry(u"nul"_s + QChar(0)),
             entry(QString(5000, u'y')), entry(u"line\nbreak"_s), entry(u"\u001b[31mred"_s),
             entry(u"abc\u202etxt.exe"_s), entry(u"Twin"_s), entry(u"twin"_s)});
        files()->refresh();
        QTRY_COMPARE(names().size(), 5);
        for (const QString &name : names()) {
            for (const QChar c : name)
                QVERIFY2(c.isPrint() && c != QChar(0x202e), qPrintable(name));
        }
    }
};

QTEST_MAIN(TestWindowFaults)
#include "tst_windowfaults.moc"
