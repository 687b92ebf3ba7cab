// SPDX-License-Identifier: MIT
#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "models/localscanner.h"
#include "trees.h"

using namespace Qt::StringLiterals;
using namespace voidrun;

class TestLocalScanner : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void findsEverything();
    void refuses_data();
    void refuses();
    void linkToAFileIsItsContent();
    void deepFolders();
    void manyFilesInSmallSteps();
};

namespace
{

// Runs a scanner to its end, a few files a step, as the transfers do.
QList<Error> scan(LocalScanner &scanner, int step = 7)
{
    QList<Error> failures;
    bool more = true;
    while (more) {
        more = scanner.step(step);
        failures += scanner.takeFailures();
    }
    return failures;
}

}  // namespace

void TestLocalScanner::findsEverything()
{
    const QTemporaryDir dir;
    const QString top = dir.filePath(u"tree"_s);
    QVERIFY(test::makeOddTree(top));
    LocalScanner scanner({top + u'/', dir.filePath(u"tree/binary.bin"_s)});
    QCOMPARE(scan(scanner), QList<Error>());
    QMap<QByteArray, QByteArray> found;
    int sources = 0;
    const auto &entries = scanner.entries();
    for (int i = 0; i < static_cast<int>(entries.size()); ++i) {
        const LocalScanner::Entry &entry = entries[static_cast<size_t>(i)];
        QVERIFY(entry.parent < i);
        if (entry.parent < 0) {
            ++sources;
            continue;
        }
        const QByteArray path = scanner.localPath(i);
        const QByteArray content = test::readFile(QFile::decodeName(path));
        QCOMPARE(entry.size, entry.isDir ? 0 : content.size());
        found.insert(path.mid(QFile::encodeName(top).size() + 1),
                     entry.isDir ? QByteArray("d") : (entry.isExecutable ? 'x' : '-') + content);
    }
    QCOMPARE(sources, 2);
    QCOMPARE(found, test::treeOf(top));
}

void TestLocalScanner::refuses_data()
{
    QTest::addColumn<QString>("name");
    QTest::newRow("pipe") << u"pipe"_s;
    QTest::newRow("socket") << u"socket"_s;
    QTest::newRow("link to a folder") << u"folder link"_s;
    QTest::newRow("link to itself") << u"loop"_s;
    QTest::newRow("link to nothing") << u"dangling"_s;
    QTest::newRow("link to a device") << u"device link"_s;
    QTest::newRow("link to a pipe") << u"pipe link"_s;
    QTest::newRow("bad UTF-8") << u"bad utf-8"_s;
    QTest::newRow("missing") << u"missing"_s;
}

void TestLocalScanner::refuses()
{
    QFETCH(QString, name);
    const QTemporaryDir dir;
    const QByteArray top = QFile::encodeName(dir.path()) + "/tree/";
    QVERIFY(QDir().mkpath(dir.filePath(u"tree"_s)));
    QVERIFY(test::writeFile(dir.filePath(u"tree/good"_s), "good"));
    const QByteArray path = top + name.toLatin1();
    const QByteArray pipe = QFile::encodeName(dir.filePath(u"a pipe"_s));
    QCOMPARE(::mkfifo(pipe.constData(), 0600), 0);
    if (name == u"pipe"_s) {
        QCOMPARE(::mkfifo(path.constData(), 0600), 0);
    } else if (name == u"socket"_s) {
        const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        qstrncpy(address.sun_path, path.constData(), sizeof address.sun_path);
        QCOMPARE(::bind(fd, reinterpret_cast<const sockaddr *>(&address), sizeof address), 0);
        ::close(fd);
    } else if (name == u"bad utf-8"_s) {
        const QByteArray bad = top + "bad\xff";
        QCOMPARE(::mkdir(bad.constData(), 0700), 0);
    } else if (name != u"missing"_s) {
        const QByteArray target = name == u"folder link"_s   ? QByteArray("/usr")
                                  : name == u"loop"_s        ? QByteArray("loop")
                                  : name == u"device link"_s ? QByteArray("/dev/null")
                                  : name == u"pipe link"_s   ? pipe
                                                             : QByteArray("nowhere");
        QCOMPARE(::symlink(target.constData(), path.constData()), 0);
    }
    QStringList sources{dir.filePath(u"tree"_s)};
    if (name == u"missing"_s)
        sources.append(QFile::decodeName(path));
    LocalScanner scanner(sources);
    const QList<Error> failures = scan(scanner);
    QCOMPARE(failures.size(), 1);
    QCOMPARE(failures.first().kind, Error::Kind::LocalFile);
    QVERIFY(!failures.first().detail.isEmpty());
    QVERIFY(failures.first().subject.startsWith(dir.path()));
    QCOMPARE(scanner.entries().size(), 2);             // the rest is there
    ::rmdir(QByteArray(top + "bad\xff").constData());  // which QTemporaryDir cannot
}

void TestLocalScanner::linkToAFileIsItsContent()
{
    const QTemporaryDir dir;
    QVERIFY(test::writeFile(dir.filePath(u"real"_s), "12345", true));
    QVERIFY(QFile::link(dir.filePath(u"real"_s), dir.filePath(u"link"_s)));
    LocalScanner scanner({dir.filePath(u"link"_s)});
    QCOMPARE(scan(scanner), QList<Error>());
    QCOMPARE(scanner.entries().size(), 1);
    QCOMPARE(scanner.entries().front().name, QByteArray("link"));
    QCOMPARE(scanner.entries().front().size, 5);
    QVERIFY(scanner.entries().front().isExecutable);
}

void TestLocalScanner::deepFolders()
{
    const QTemporaryDir dir;
    QString path = dir.filePath(u"deep"_s);
    constexpr int Depth = 200;
    for (int i = 1; i < Depth; ++i)
        path += u"/d"_s;
    QVERIFY(QDir().mkpath(path));
    LocalScanner scanner({dir.filePath(u"deep"_s)});
    QCOMPARE(scan(scanner), QList<Error>());
    QCOMPARE(scanner.entries().size(), Depth);
    QCOMPARE(QFile::decodeName(scanner.localPath(Depth - 1)), path);
}

void TestLocalScanner::manyFilesInSmallSteps()
{
    const QTemporaryDir dir;
    constexpr int Count = 2000;
    for (int i = 0; i < Count; ++i)
        QVERIFY(test::writeFile(dir.filePath(u"f%1"_s.arg(i)), {}));
    LocalScanner scanner({dir.path()});
    QVERIFY(scanner.step(100));
    QVERIFY(scanner.entries().size() <= 100);
    scan(scanner);
    QCOMPARE(scanner.entries().size(), Count + 1);
}

QTEST_GUILESS_MAIN(TestLocalScanner)
#include "tst_localscanner.moc"
