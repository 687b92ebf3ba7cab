// SPDX-License-Identifier: MIT
#include <QAbstractItemModelTester>
#include <QFile>
#include <QSignalSpy>
#include <QTest>

#include "models/localtarget.h"
#include "models/partname.h"
#include "transferrig.h"
#include "trees.h"

using namespace Qt::StringLiterals;
using namespace voidrun;
using namespace voidrun::test;
using State = TransferModel::State;
using Conflict = TransferRequest::Conflict;

namespace
{

constexpr int Patience = 60'000;  // ms
constexpr qint64 Big = 512LL << 20;

bool makeBig(const QString &path, qint64 size = Big)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.resize(size);
}

}  // namespace

// What a person does to transfers, and what a restart does, with the real engine.
class TestTransferQueue : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();

    void pausedOnesGoOn_data();
    void pausedOnesGoOn();
    void retryTakesOnlyWhatFailed_data();
    void retryTakesOnlyWhatFailed();
    void orderIsKept();
    void aSmallOneNeverStarves();
    void queueSurvivesTheApplication_data();
    void queueSurvivesTheApplication();
    void aBrokenStoreIsNoStore_data();
    void aBrokenStoreIsNoStore();
    void aSecondApplicationKeepsNothing();
    void restartedEngineIsTakenUpAgain();
    void modesAndTimesAreKept();
    void linksInTheSandboxStay();
    void leftOversAreSwept();
    void namesAreAnsweredOneByOne();
    void bothSidesAreCompared_data();
    void bothSidesAreCompared();

private:
    TransferRig m_rig;
};

void TestTransferQueue::initTestCase()
{
    QVERIFY2(m_rig.start(), qPrintable(m_rig.box().problem()));
}

void TestTransferQueue::init()
{
    m_rig.renew();
}

void TestTransferQueue::pausedOnesGoOn_data()
{
    QTest::addColumn<bool>("isUpload");
    QTest::newRow("upload") << true;
    QTest::newRow("download") << false;
}

void TestTransferQueue::pausedOnesGoOn()
{
    QFETCH(bool, isUpload);
    const QAbstractItemModelTester tester(m_rig.model());
    QVERIFY(writeFile(m_rig.local(u"d/small"_s), "small"));
    QVERIFY(makeBig(m_rig.local(u"d/big"_s)));
    if (!isUpload)
        m_rig.run(u"mkdir d && printf small > d/small && truncate -s %1 d/big"_s.arg(Big));
    QSignalSpy finished(m_rig.model(), &TransferModel::transferFinished);
    QSignalSpy paused(m_rig.model(), &TransferModel::transferPaused);
    const int id = isUpload ? m_rig.upload({u"d"_s}) : m_rig.download({u"d"_s});
    QTRY_VERIFY_WITH_TIMEOUT(m_rig.item(id)->bytesDone > 0, Patience);
    m_rig.model()->pause(id);
    RIG_REACHES(m_rig, id, State::Paused);
    QCOMPARE(m_rig.model()->activeCount(), 0);
    QCOMPARE(m_rig.item(id)->filesFailed, 0);
    QCOMPARE(paused.count(), 1);
    QCOMPARE(finished.count(), 0);
    m_rig.model()->resume(id);
    RIG_REACHES(m_rig, id, State::Done);  // not asked about what it made itself
    QCOMPARE(m_rig.item(id)->filesDone, 2);
    QCOMPARE(m_rig.item(id)->bytesDone, m_rig.item(id)->bytesTotal);
    if (isUpload)
        QTRY_COMPARE(m_rig.run(u"find . -printf '%p %s %y\\n' | grep f | sort"_s),
                     u"./d/big %1 f\n./d/small 5 f\n"_s.arg(Big));
    else
        QCOMPARE(treeOf(m_rig.local(u"down"_s)).keys(), QByteArrayList({"d", "d/big", "d/small"}));
}

void TestTransferQueue::retryTakesOnlyWhatFailed_data()
{
    QTest::addColumn<int>("files");
    QTest::newRow("one by one") << 8;
    QTest::newRow("in pieces") << 100;
}

void TestTransferQueue::retryTakesOnlyWhatFailed()
{
    QFETCH(int, files);
    for (int i = 1; i < files; ++i)
        QVERIFY(writeFile(m_rig.local(u"d/f%1"_s.arg(i)), "content"));
    QVERIFY(QFile::link(u"/nowhere"_s, m_rig.local(u"d/broken"_s)));
    const int id = m_rig.upload({u"d"_s});
    RIG_REACHES(m_rig, id, State::Failed);
    QCOMPARE(m_rig.item(id)->filesDone, files - 1);
    QCOMPARE(m_rig.item(id)->failures.size(), 1);
    QCOMPARE(m_rig.item(id)->failures.first().subject, m_rig.local(u"d/broken"_s));
    QCOMPARE(m_rig.model()->index(0, TransferModel::StateColumn).data().toString(),
             u"%1 of %2 file(s) copied"_s.arg(files - 1).arg(files));
    const QString before = m_rig.run(u"stat -c '%n %i' d/f* | sort"_s);
    QVERIFY(QFile::remove(m_rig.local(u"d/broken"_s)));
    QVERIFY(writeFile(m_rig.local(u"d/broken"_s), "whole now"));
    m_rig.model()->retry(id);
    QTRY_COMPARE(m_rig.item(id)->state, State::Done);
    QCOMPARE(m_rig.item(id)->filesDone, files);
    QCOMPARE(m_rig.run(u"cat d/broken"_s), u"whole now"_s);
    QCOMPARE(m_rig.run(u"stat -c '%n %i' d/f* | sort"_s), before);  // the same files still
}

void TestTransferQueue::orderIsKept()
{
    const QAbstractItemModelTester tester(m_rig.model());
    QVERIFY(makeBig(m_rig.local(u"a"_s)));
    for (const QString &name : {u"b"_s, u"c"_s, u"d"_s})
        QVERIFY(writeFile(m_rig.local(name), name.toUtf8()));
    m_rig.model()->setConcurrency(1);
    QCOMPARE(m_rig.model()->concurrency(), 1);
    QSignalSpy finished(m_rig.model(), &TransferModel::transferFinished);
    const int a = m_rig.upload({u"a"_s});
    QTRY_VERIFY_WITH_TIMEOUT(m_rig.item(a)->bytesDone > 0, Patience);
    const int b = m_rig.upload({u"b"_s});
    const int c = m_rig.upload({u"c"_s});
    const int d = m_rig.upload({u"d"_s});
    m_rig.model()->move(d, -1);
    m_rig.model()->move(d, -1);
    m_rig.model()->move(b, 1);
    m_rig.model()->move(a, -1);  // is the first already
    QTRY_COMPARE_WITH_TIMEOUT(finished.count(), 4, Patience);
    const QList<QVariantList> expected{{a}, {d}, {c}, {b}};
    QCOMPARE(QList<QVariantList>(finished), expected);
}

void TestTransferQueue::aSmallOneNeverStarves()
{
    for (int i = 0; i < 40; ++i)
        QVERIFY(QDir().mkpath(m_rig.local(u"many"_s)) &&
                makeBig(m_rig.local(u"many/f%1"_s.arg(i)), 16 << 20));
    QVERIFY(writeFile(m_rig.local(u"small"_s), "small"));
    const int many = m_rig.upload({u"many"_s});
    QTRY_VERIFY_WITH_TIMEOUT(m_rig.item(many)->bytesDone > 0, Patience);
    const int small = m_rig.upload({u"small"_s});
    RIG_REACHES(m_rig, small, State::Done);
    QCOMPARE(m_rig.item(many)->state, State::Running);
    m_rig.model()->cancelAll();
    RIG_REACHES(m_rig, many, State::Cancelled);
}

void TestTransferQueue::queueSurvivesTheApplication_data()
{
    pausedOnesGoOn_data();
}

void TestTransferQueue::queueSurvivesTheApplication()
{
    QFETCH(bool, isUpload);
    QVERIFY(writeFile(m_rig.local(u"d/small"_s), "small"));
    QVERIFY(makeBig(m_rig.local(u"d/big"_s)));
    if (!isUpload)
        m_rig.run(u"mkdir d && printf small > d/small && truncate -s %1 d/big"_s.arg(Big));
    m_rig.model()->setConcurrency(2);
    const int id = isUpload ? m_rig.upload({u"d"_s}) : m_rig.download({u"d"_s});
    QTRY_VERIFY_WITH_TIMEOUT(m_rig.item(id)->bytesDone > 0, Patience);
    const ConnectionProfile profile = m_rig.item(id)->request.profile;
    m_rig.restartModel();
    QSignalSpy restored(m_rig.model(), &TransferModel::transfersRestored);
    QVERIFY(restored.wait());
    QCOMPARE(m_rig.model()->rowCount(), 1);
    QCOMPARE(m_rig.model()->concurrency(), 2);
    const int again = m_rig.model()->index(0, 0).data(TransferModel::IdRole).toInt();
    QCOMPARE(m_rig.item(again)->state, State::Paused);
    QCOMPARE(m_rig.model()->index(0, TransferModel::StateColumn).data().toString(),
             u"Interrupted"_s);
    const QByteArray kept = readFile(m_rig.local(u"state/transfers"_s));
    QVERIFY(!kept.isEmpty());
    const QByteArray key16(reinterpret_cast<const char *>(profile.apiKey.utf16()),
                           profile.apiKey.size() * 2);
    QVERIFY(!kept.contains(profile.apiKey.toUtf8()) && !kept.contains(key16));
    // Nothing starts by itself, nor without a connection.
    m_rig.model()->resume(again);
    QCOMPARE(m_rig.item(again)->state, State::Paused);
    QCOMPARE(m_rig.item(again)->error.reason, Error::Reason::NotConnected);
    m_rig.model()->updateProfile(profile);
    QCOMPARE(m_rig.item(again)->state, State::Paused);
    m_rig.model()->resume(again);
    RIG_REACHES(m_rig, again, State::Done);
    if (isUpload)
        QTRY_COMPARE(m_rig.run(u"find . -printf '%p %s %y\\n' | grep f | sort"_s),
                     u"./d/big %1 f\n./d/small 5 f\n"_s.arg(Big));
    else
        QCOMPARE(treeOf(m_rig.local(u"down"_s)).keys(), QByteArrayList({"d", "d/big", "d/small"}));
    // What is done is not kept.
    m_rig.restartModel();
    QSignalSpy loaded(m_rig.model(), &QAbstractItemModel::rowsInserted);
    RIG_REACHES(m_rig, m_rig.upload({u"d/small"_s}), State::Done);
    QCOMPARE(m_rig.model()->rowCount(), 1);
}

void TestTransferQueue::aBrokenStoreIsNoStore_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("text") << QByteArray("hello");
    QTest::newRow("another version") << QByteArray("VRTQ\xff\xff\0\0\0\4\0\0\0\1", 14);
    QTest::newRow("cut") << QByteArray("VRTQ\0\1\0\0\0\4\0\0\0\5\0\0", 16);
    QTest::newRow("huge count") << QByteArray("VRTQ\0\1\0\0\0\4\x7f\xff\xff\xff\xff\xff\xff\xff",
                                              18);
}

void TestTransferQueue::aBrokenStoreIsNoStore()
{
    QFETCH(QByteArray, content);
    m_rig.endModel();
    QVERIFY(writeFile(m_rig.local(u"state/transfers"_s), content));
    m_rig.restartModel();
    QVERIFY(writeFile(m_rig.local(u"f"_s), "f"));
    RIG_REACHES(m_rig, m_rig.upload({u"f"_s}), State::Done);
    QCOMPARE(m_rig.model()->rowCount(), 1);
}

void TestTransferQueue::aSecondApplicationKeepsNothing()
{
    QVERIFY(makeBig(m_rig.local(u"big"_s)));
    const int id = m_rig.upload({u"big"_s});
    QTRY_VERIFY_WITH_TIMEOUT(m_rig.item(id)->bytesDone > 0, Patience);
    const QByteArray kept = readFile(m_rig.local(u"state/transfers"_s));
    QVERIFY(!kept.isEmpty());
    {
        TransferModel second(m_rig.local(u"state/transfers"_s));
        second.setConcurrency(3);
        QTRY_VERIFY(m_rig.item(id)->bytesDone > 0);
    }
    QCOMPARE(readFile(m_rig.local(u"state/transfers"_s)), kept);
    m_rig.model()->cancelAll();
    RIG_REACHES(m_rig, id, State::Cancelled);
}

void TestTransferQueue::restartedEngineIsTakenUpAgain()
{
    TransferRig rig;
    QVERIFY2(rig.start(), qPrintable(rig.box().problem()));
    rig.renew();
    QVERIFY(makeBig(rig.local(u"big"_s), 1LL << 30));
    const int id = rig.upload({u"big"_s});
    QTRY_VERIFY_WITH_TIMEOUT(rig.item(id)->bytesDone > 0, Patience);
    rig.box().engine().kill9();
    RIG_REACHES(rig, id, State::Failed);
    QVERIFY2(rig.box().engine().start(), qPrintable(rig.box().engine().problem()));
    QSignalSpy finished(rig.model(), &TransferModel::transferFinished);
    rig.model()->updateProfile(rig.box().engine().profile());
    QTRY_COMPARE_WITH_TIMEOUT(rig.item(id)->state, State::Done, Patience);
    QCOMPARE(finished.count(), 1);
    QCOMPARE(rig.item(id)->filesDone, 1);
}

void TestTransferQueue::modesAndTimesAreKept()
{
    const QDateTime longAgo = QDateTime::fromSecsSinceEpoch(1'500'000'000);
    QVERIFY(writeFile(m_rig.local(u"run"_s), "new", true));
    QVERIFY(writeFile(m_rig.local(u"plain"_s), "new"));
    QVERIFY(writeFile(m_rig.local(u"private"_s), "new"));
    for (const QString &name : {u"run"_s, u"plain"_s, u"private"_s}) {
        QFile file(m_rig.local(name));
        QVERIFY(file.open(QIODevice::ReadWrite));
        QVERIFY(file.setFileTime(longAgo, QFile::FileModificationTime));
    }
    m_rig.run(u"printf old > private; chmod 600 private"_s);
    const int up = m_rig.upload({u"run"_s, u"plain"_s, u"private"_s}, Conflict::Overwrite);
    RIG_REACHES(m_rig, up, State::Done);
    QCOMPARE(m_rig.run(u"stat -c '%n %a %Y' *; cat *"_s),
             u"plain 644 1500000000\nprivate 600 1500000000\nrun 755 1500000000\nnewnewnew"_s);
    const int down = m_rig.download({u"run"_s, u"plain"_s});
    RIG_REACHES(m_rig, down, State::Done);
    QCOMPARE(QFileInfo(m_rig.local(u"down/plain"_s)).lastModified(), longAgo);
    QVERIFY(QFileInfo(m_rig.local(u"down/run"_s)).isExecutable());
    QVERIFY(!QFileInfo(m_rig.local(u"down/plain"_s)).isExecutable());
}

void TestTransferQueue::linksInTheSandboxStay()
{
    QVERIFY(writeFile(m_rig.local(u"link"_s), "new"));
    m_rig.run(u"printf old > file; ln -s file link"_s);
    RIG_REACHES(m_rig, m_rig.upload({u"link"_s}, Conflict::Overwrite), State::Done);
    QCOMPARE(m_rig.run(u"readlink link; cat file"_s), u"file\nnew"_s);
}

void TestTransferQueue::leftOversAreSwept()
{
    m_rig.run(
        u"mkdir d; touch .a.abcdef.voidrun-part d/.b.abcdef.voidrun-part "
        u".young.abcdef.voidrun-part; "
        "mkdir .1.abcdef.voidrun-part; "
        "touch -d '3 days ago' .a.abcdef.voidrun-part .1.abcdef.voidrun-part "
        "d/.b.abcdef.voidrun-part"_s);
    QVERIFY(writeFile(m_rig.local(u"d/f"_s), "f"));
    RIG_REACHES(m_rig, m_rig.upload({u"d"_s}, Conflict::Overwrite), State::Done);
    QTRY_COMPARE(m_rig.run(u"find . | sort"_s), u".\n./.young.abcdef.voidrun-part\n./d\n./d/f\n"_s);
}

void TestTransferQueue::namesAreAnsweredOneByOne()
{
    const QStringList names{u"a"_s, u"b"_s, u"c"_s};
    for (const QString &name : names)
        QVERIFY(writeFile(m_rig.local(name), "new"));
    m_rig.run(u"printf old > a; printf old > b; printf old > c"_s);
    const int id = m_rig.upload(names);
    RIG_REACHES(m_rig, id, State::Asking);
    m_rig.model()->resolve(
        id,
        {{u"a"_s, Conflict::Overwrite}, {u"b"_s, Conflict::Skip}, {u"c"_s, Conflict::KeepBoth}});
    RIG_REACHES(m_rig, id, State::Done);
    QCOMPARE(m_rig.run(u"for f in *; do echo \"$f $(cat \"$f\")\"; done"_s),
             u"a new\nb old\nc old\nc (2) new\n"_s);
}

void TestTransferQueue::bothSidesAreCompared_data()
{
    pausedOnesGoOn_data();
}

void TestTransferQueue::bothSidesAreCompared()
{
    QFETCH(bool, isUpload);
    const QDateTime time = QDateTime::fromSecsSinceEpoch(1'600'000'000);
    const QString here = isUpload ? u"f"_s : u"down/f"_s;
    QVERIFY(writeFile(m_rig.local(here), "here"));
    QFile file(m_rig.local(here));
    QVERIFY(file.open(QIODevice::ReadWrite));
    QVERIFY(file.setFileTime(time, QFile::FileModificationTime));
    m_rig.run(u"printf 'in there' > f; touch -d @1700000000 f"_s);
    const int id = isUpload ? m_rig.upload({u"f"_s}) : m_rig.download({u"f"_s});
    RIG_REACHES(m_rig, id, State::Asking);
    QCOMPARE(m_rig.item(id)->comparisons.size(), 1);
    const TransferConflict conflict = m_rig.item(id)->comparisons.first();
    const TransferConflict::Side &local = isUpload ? conflict.source : conflict.target;
    const TransferConflict::Side &guest = isUpload ? conflict.target : conflict.source;
    QCOMPARE(local.size, 4);
    QCOMPARE(guest.size, 8);
    QCOMPARE(local.modified.toSecsSinceEpoch(), 1'600'000'000);
    QCOMPARE(guest.modified.toSecsSinceEpoch(), 1'700'000'000);
    m_rig.model()->cancel(id);
    RIG_REACHES(m_rig, id, State::Cancelled);
}

QTEST_GUILESS_MAIN(TestTransferQueue)
#include "tst_transferqueue.moc"
