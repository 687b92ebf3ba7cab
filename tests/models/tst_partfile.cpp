// SPDX-License-Identifier: MIT
#include <QDateTime>
#include <QDir>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "models/localtarget.h"
#include "trees.h"

using namespace Qt::StringLiterals;
using namespace voidrun;

// PartFile and LocalTarget: how a download reaches the disk.
class TestPartFile : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void appearsOnlyWhenCommitted();
    void droppedFileLeavesNothing();
    void keepsModeAndTime();
    void replacesOnlyWhenTold();
    void longNames();
    void refusesNamesThatLeave_data();
    void refusesNamesThatLeave();
    void neverGoesThroughALink();
    void folderInTheWay();
    void sweepTakesOnlyWhatIsStale();
    void missingTargetIsMade();
};

namespace
{

QStringList filesIn(const QString &path)
{
    return QDir(path).entryList(QDir::AllEntries | QDir::Hidden | QDir::System |
                                QDir::NoDotAndDotDot);
}

}  // namespace

void TestPartFile::appearsOnlyWhenCommitted()
{
    const QTemporaryDir dir;
    const auto target = LocalTarget::open(dir.path());
    QVERIFY(target);
    auto part = target->createFile({u"out.txt"_s});
    QVERIFY(part);
    QCOMPARE((*part)->device()->write("whole"), 5);
    const QStringList before = filesIn(dir.path());
    QCOMPARE(before.size(), 1);
    QVERIFY(QRegularExpression(u"^\\.out\\.txt\\.[a-z0-9]{6}\\.voidrun-part$"_s)
                .match(before.first())
                .hasMatch());
    QVERIFY((*part)->commit(false, {}, false));
    part->reset();
    QCOMPARE(filesIn(dir.path()), QStringList({u"out.txt"_s}));
    QCOMPARE(test::readFile(dir.filePath(u"out.txt"_s)), QByteArray("whole"));
}

void TestPartFile::droppedFileLeavesNothing()
{
    const QTemporaryDir dir;
    QVERIFY(test::writeFile(dir.filePath(u"out.txt"_s), "old"));
    const auto target = LocalTarget::open(dir.path());
    auto part = target->createFile({u"out.txt"_s});
    QVERIFY(part);
    (*part)->device()->write("ha");
    part->reset();
    QCOMPARE(filesIn(dir.path()), QStringList({u"out.txt"_s}));
    QCOMPARE(test::readFile(dir.filePath(u"out.txt"_s)), QByteArray("old"));
}

void TestPartFile::keepsModeAndTime()
{
    const QTemporaryDir dir;
    const auto target = LocalTarget::open(dir.path());
    auto part = target->createFile({u"run"_s});
    const QDateTime time = QDateTime::fromSecsSinceEpoch(1'600'000'000);
    QVERIFY((*part)->commit(true, time, false));
    const QFileInfo file(dir.filePath(u"run"_s));
    QVERIFY(file.isExecutable());
    QVERIFY(!file.permission(QFile::WriteOther));
    QCOMPARE(file.lastModified(), time);
}

void TestPartFile::replacesOnlyWhenTold()
{
    const QTemporaryDir dir;
    QVERIFY(test::writeFile(dir.filePath(u"f"_s), "old"));
    const auto target = LocalTarget::open(dir.path());
    for (bool replace : {false, true}) {
        auto part = target->createFile({u"f"_s});
        QVERIFY(part);
        (*part)->device()->write("new");
        const Result<void> kept = (*part)->commit(false, {}, replace);
        QCOMPARE(kept.has_value(), replace);
        if (!kept)
            QCOMPARE(kept.error().kind, Error::Kind::Conflict);
        part->reset();
        QCOMPARE(test::readFile(dir.filePath(u"f"_s)), QByteArray(replace ? "new" : "old"));
        QCOMPARE(filesIn(dir.path()).size(), 1);
    }
}

void TestPartFile::longNames()
{
    const QTemporaryDir dir;
    const auto target = LocalTarget::open(dir.path());
    const QString name(255, u'n');
    auto part = target->createFile({name});
    QVERIFY(part);
    QVERIFY((*part)->commit(false, {}, false));
    QCOMPARE(filesIn(dir.path()), QStringList({name}));
}

void TestPartFile::refusesNamesThatLeave_data()
{
    QTest::addColumn<QStringList>("parts");
    QTest::newRow("up") << QStringList{u".."_s, u"x"_s};
    QTest::newRow("up in one") << QStringList{u"../x"_s};
    QTest::newRow("absolute") << QStringList{u"/etc/x"_s};
    QTest::newRow("dot") << QStringList{u"."_s};
    QTest::newRow("empty") << QStringList{u""_s};
    QTest::newRow("NUL") << QStringList{u"a"_s + QChar(0) + u"b"_s};
    QTest::newRow("nothing") << QStringList{};
}

void TestPartFile::refusesNamesThatLeave()
{
    QFETCH(QStringList, parts);
    const QTemporaryDir dir;
    QVERIFY(QDir().mkpath(dir.filePath(u"in"_s)));
    const auto target = LocalTarget::open(dir.filePath(u"in"_s));
    QVERIFY(!target->createFile(parts));
    QVERIFY(!target->makeFolder(parts));
    QCOMPARE(filesIn(dir.path()), QStringList({u"in"_s}));
    QCOMPARE(filesIn(dir.filePath(u"in"_s)), QStringList());
}

void TestPartFile::neverGoesThroughALink()
{
    const QTemporaryDir dir;
    QVERIFY(QDir().mkpath(dir.filePath(u"in"_s)));
    QVERIFY(QDir().mkpath(dir.filePath(u"out"_s)));
    QVERIFY(QFile::link(dir.filePath(u"out"_s), dir.filePath(u"in/link"_s)));
    QVERIFY(test::writeFile(dir.filePath(u"out/f"_s), "safe"));
    QVERIFY(QFile::link(dir.filePath(u"out/f"_s), dir.filePath(u"in/f"_s)));
    const auto target = LocalTarget::open(dir.filePath(u"in"_s));
    QVERIFY(!target->createFile({u"link"_s, u"x"_s}));
    const Result<void> folder = target->makeFolder({u"link"_s});
    QVERIFY(!folder);
    QCOMPARE(folder.error().kind, Error::Kind::Conflict);
    QVERIFY(!target->makeFolder({u"link"_s, u"deeper"_s}));
    // A file replaces the link itself, never what it points to.
    auto part = target->createFile({u"f"_s});
    QVERIFY(part);
    (*part)->device()->write("new");
    QVERIFY((*part)->commit(false, {}, true));
    QCOMPARE(test::readFile(dir.filePath(u"out/f"_s)), QByteArray("safe"));
    QVERIFY(!QFileInfo(dir.filePath(u"in/f"_s)).isSymLink());
    QCOMPARE(filesIn(dir.filePath(u"out"_s)), QStringList({u"f"_s}));
}

void TestPartFile::folderInTheWay()
{
    const QTemporaryDir dir;
    QVERIFY(QDir().mkpath(dir.filePath(u"name"_s)));
    QVERIFY(test::writeFile(dir.filePath(u"file"_s), "kept"));
    const auto target = LocalTarget::open(dir.path());
    const auto part = target->createFile({u"name"_s});
    QVERIFY(!part);
    QCOMPARE(part.error().kind, Error::Kind::Conflict);
    const auto folder = target->makeFolder({u"file"_s});
    QVERIFY(!folder);
    QCOMPARE(folder.error().kind, Error::Kind::Conflict);
    QVERIFY(target->makeFolder({u"name"_s}));
    QCOMPARE(target->kindOf({u"name"_s}), LocalTarget::Kind::Folder);
    QCOMPARE(target->kindOf({u"file"_s}), LocalTarget::Kind::File);
    QCOMPARE(target->kindOf({u"none"_s}), LocalTarget::Kind::Missing);
}

void TestPartFile::sweepTakesOnlyWhatIsStale()
{
    const QTemporaryDir dir;
    const QDateTime longAgo = QDateTime::currentDateTime().addDays(-1);
    const auto make = [&](const QString &name, bool old) {
        QVERIFY(test::writeFile(dir.filePath(name), "x"));
        QFile file(dir.filePath(name));
        QVERIFY(file.open(QIODevice::ReadWrite));
        if (old)
            QVERIFY(file.setFileTime(longAgo, QFile::FileModificationTime));
    };
    make(u".stale.abc123.voidrun-part"_s, true);
    make(u".young.abc123.voidrun-part"_s, false);
    make(u".locked.abc123.voidrun-part"_s, false);
    make(u".locked-long.abc123.voidrun-part"_s, true);
    make(u"visible.abc123.voidrun-part"_s, true);
    make(u".voidrun-part"_s, true);
    make(u".other"_s, true);
    QVERIFY(QDir().mkpath(dir.filePath(u".folder.abc123.voidrun-part"_s)));
    const UniqueFd lock(::open(
        QFile::encodeName(dir.filePath(u".locked.abc123.voidrun-part"_s)).constData(), O_RDONLY));
    QCOMPARE(::flock(lock.value(), LOCK_EX | LOCK_NB), 0);
    const UniqueFd other(
        ::open(QFile::encodeName(dir.filePath(u".locked-long.abc123.voidrun-part"_s)).constData(),
               O_RDONLY));
    QCOMPARE(::flock(other.value(), LOCK_EX | LOCK_NB), 0);
    QStringList expected = filesIn(dir.path());
    // Nobody writes to these, however young they are: a writer holds the lock.
    expected.removeOne(u".stale.abc123.voidrun-part"_s);
    expected.removeOne(u".young.abc123.voidrun-part"_s);
    QVERIFY(LocalTarget::open(dir.path()));
    QCOMPARE(filesIn(dir.path()), expected);
}

void TestPartFile::missingTargetIsMade()
{
    const QTemporaryDir dir;
    QVERIFY(LocalTarget::open(dir.filePath(u"a/b"_s)));
    QVERIFY(QFileInfo(dir.filePath(u"a/b"_s)).isDir());
    QVERIFY(test::writeFile(dir.filePath(u"file"_s), {}));
    QVERIFY(!LocalTarget::open(dir.filePath(u"file"_s)));
    QVERIFY(!LocalTarget::open(u"relative"_s));
}

QTEST_GUILESS_MAIN(TestPartFile)
#include "tst_partfile.moc"
