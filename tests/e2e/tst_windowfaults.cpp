// SPDX-License-Identifier: MIT
#include <QAbstractItemView>
#include <QDialogButtonBox>
#include <QPushButton>
#include <QToolButton>
#include <QtTest>

#include "conflictdialog.h"
#include "desktopundertest.h"
#include "models/transfermodel.h"
#include "sandboxpanel.h"
#include "scriptedguest.h"
#include "support/filesizelimit.h"
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

    // Chooses the file with the mouse and presses Download; what exists is to be overwritten.
    bool download(const QString &name)
    {
        const QModelIndex index = view()->model()->index(int(names().indexOf(name)), 0);
        QTest::mouseClick(view()->viewport(), Qt::LeftButton, {},
                          view()->visualRect(index).center());
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
        QCOMPARE(test::treeOf(downloads()), (Tree{{"data.bin", "-old"}}));
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
