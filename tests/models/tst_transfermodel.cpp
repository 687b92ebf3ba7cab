// SPDX-License-Identifier: MIT
#include <QAbstractItemModelTester>
#include <QDir>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "enginesandbox.h"
#include "models/transfermodel.h"
#include "support/replywait.h"
#include "trees.h"

using namespace Qt::StringLiterals;
using namespace voidrun;
using namespace voidrun::test;
using State = TransferModel::State;
using Conflict = TransferRequest::Conflict;
using Direction = TransferRequest::Direction;

namespace
{

constexpr int Patience = 60'000;  // ms

}  // namespace

// TransferModel with the real engine and a real sandbox.
class TestTransferModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void init();
    void cleanup();

    void folderUpAndDown();
    void singleFileUpAndDown();
    void conflictsAreAsked_data();
    void conflictsAreAsked();
    void foldersMergeOnOverwrite();
    void fileNeverReplacesAFolder_data();
    void fileNeverReplacesAFolder();
    void sameNamesNeverMix();
    void oddSourcesAreReported();
    void localConflictsAreAsked_data();
    void localConflictsAreAsked();
    void linksAreNotFollowed();
    void bigFileIsCancelledQuickly_data();
    void bigFileIsCancelledQuickly();
    void sourceThatChangesIsReported();
    void retryReplacesItsOwn();
    void finishedOnesAreCleared();
    void updatesAreMerged();
    void engineKilledInMidTransfer_data();
    void engineKilledInMidTransfer();

private:
    TransferRequest request(Direction direction, const QStringList &sources, const QString &target);
    int upload(const QStringList &sources, Conflict conflict = Conflict::Ask);
    int download(const QStringList &sources, Conflict conflict = Conflict::Ask);
    bool reach(int id, State state);
    State state(int id) const { return m_model->item(id)->state; }
    QString local(const QString &name) const { return m_dir->filePath(name); }
    QString guest(const QString &name) const { return m_folder + u'/' + name; }
    QByteArray describe(int id) const;

    std::unique_ptr<EngineSandbox> m_box;
    std::unique_ptr<QTemporaryDir> m_dir;
    std::unique_ptr<TransferModel> m_model;
    std::unique_ptr<QAbstractItemModelTester> m_tester;
    QString m_folder;  // of the sandbox, new for each test
    int m_number = 0;
};

void TestTransferModel::initTestCase()
{
    m_box = std::make_unique<EngineSandbox>();
    QVERIFY2(m_box->start(), qPrintable(m_box->problem()));
}

void TestTransferModel::cleanupTestCase()
{
    m_box.reset();
}

void TestTransferModel::init()
{
    m_dir = std::make_unique<QTemporaryDir>();
    m_model = std::make_unique<TransferModel>();
    m_tester = std::make_unique<QAbstractItemModelTester>(m_model.get());
    m_folder = u"/tmp/t%1"_s.arg(++m_number);
}

void TestTransferModel::cleanup()
{
    m_tester.reset();
    m_model.reset();
    m_dir.reset();
}

TransferRequest TestTransferModel::request(Direction direction, const QStringList &sources,
                                           const QString &target)
{
    TransferRequest request;
    request.direction = direction;
    request.profile = m_box->engine().profile();
    request.sandboxId = m_box->id();
    request.sandboxName = u"models-test"_s;
    request.sources = sources;
    request.target = target;
    return request;
}

int TestTransferModel::upload(const QStringList &sources, Conflict conflict)
{
    TransferRequest asked = request(Direction::Upload, sources, m_folder);
    asked.conflict = conflict;
    return m_model->start(asked);
}

int TestTransferModel::download(const QStringList &sources, Conflict conflict)
{
    TransferRequest asked = request(Direction::Download, sources, local(u"down"_s));
    asked.conflict = conflict;
    return m_model->start(asked);
}

bool TestTransferModel::reach(int id, State wanted)
{
    return QTest::qWaitFor([&] { return state(id) == wanted || TransferModel::isFinal(state(id)); },
                           Patience) &&
           state(id) == wanted;
}

QByteArray TestTransferModel::describe(int id) const
{
    const TransferModel::Item *item = m_model->item(id);
    return u"state %1, %2 of %3 done, %4 failed, %5 of %6 bytes, error %7: %8 %9"_s
        .arg(static_cast<int>(item->state))
        .arg(item->filesDone)
        .arg(item->filesTotal)
        .arg(item->filesFailed)
        .arg(item->bytesDone)
        .arg(item->bytesTotal)
        .arg(static_cast<int>(item->error.kind))
        .arg(item->error.code + item->error.detail, item->error.subject)
        .toUtf8();
}

#define VERIFY_REACHES(id, wanted) QVERIFY2(reach(id, wanted), describe(id).constData())

void TestTransferModel::folderUpAndDown()
{
    QVERIFY(makeOddTree(local(u"up/odd"_s)));
    QSignalSpy changed(m_model.get(), &TransferModel::guestFolderChanged);
    QSignalSpy finished(m_model.get(), &TransferModel::transferFinished);
    const int up = upload({local(u"up/odd"_s)});
    QCOMPARE(m_model->activeCount(), 1);
    VERIFY_REACHES(up, State::Done);
    const TransferModel::Item *item = m_model->item(up);
    QCOMPARE(item->filesDone, item->filesTotal);
    QCOMPARE(item->filesTotal, 26);
    QCOMPARE(item->bytesDone, item->bytesTotal);
    QCOMPARE(item->results, QStringList({guest(u"odd"_s)}));
    QCOMPARE(finished.count(), 1);
    QVERIFY(changed.contains(QVariantList({m_box->id(), m_folder})));
    QCOMPARE(m_model->activeCount(), 0);

    const int down = download({guest(u"odd"_s)});
    VERIFY_REACHES(down, State::Done);
    QCOMPARE(treeOf(local(u"down"_s)), treeOf(local(u"up"_s)));
    QCOMPARE(m_model->item(down)->bytesDone, m_model->item(up)->bytesDone);
    QCOMPARE(m_model->item(down)->filesDone, 26);
    QCOMPARE(m_model->item(down)->results, QStringList({local(u"down/odd"_s)}));
}

void TestTransferModel::singleFileUpAndDown()
{
    QVERIFY(writeFile(local(u"a b.txt"_s), "one file"));
    VERIFY_REACHES(upload({local(u"a b.txt"_s)}), State::Done);
    QCOMPARE(m_box->run(u"cat '%1/a b.txt'"_s.arg(m_folder)), u"one file"_s);
    VERIFY_REACHES(download({guest(u"a b.txt"_s)}), State::Done);
    QCOMPARE(readFile(local(u"down/a b.txt"_s)), QByteArray("one file"));
}

void TestTransferModel::conflictsAreAsked_data()
{
    QTest::addColumn<int>("answer");
    QTest::addColumn<QString>("listing");
    QTest::newRow("overwrite") << static_cast<int>(Conflict::Overwrite) << u"f.txt=new,g=g,"_s;
    QTest::newRow("keep both") << static_cast<int>(Conflict::KeepBoth)
                               << u"f (2).txt=new,f.txt=old,g=g,"_s;
    QTest::newRow("skip") << static_cast<int>(Conflict::Skip) << u"f.txt=old,g=g,"_s;
}

void TestTransferModel::conflictsAreAsked()
{
    QFETCH(int, answer);
    QFETCH(QString, listing);
    m_box->run(u"mkdir -p %1; printf old > %1/f.txt"_s.arg(m_folder));
    QVERIFY(writeFile(local(u"f.txt"_s), "new"));
    QVERIFY(writeFile(local(u"g"_s), "g"));
    QSignalSpy conflicts(m_model.get(), &TransferModel::conflictsFound);
    const int id = upload({local(u"f.txt"_s), local(u"g"_s)});
    VERIFY_REACHES(id, State::Asking);
    QCOMPARE(conflicts.count(), 1);
    QCOMPARE(conflicts.first().at(1).toStringList(), QStringList({u"f.txt"_s}));
    QCOMPARE(m_model->item(id)->conflicts, QStringList({u"f.txt"_s}));
    QCOMPARE(m_model->activeCount(), 1);
    // Nothing was written yet.
    QCOMPARE(m_box->run(u"ls %1"_s.arg(m_folder)), u"f.txt\n"_s);
    m_model->resolve(id, static_cast<Conflict>(answer));
    VERIFY_REACHES(id, State::Done);
    const QString show = u"cd %1; for f in *; do printf '%s=' \"$f\"; cat \"$f\"; printf ,; done"_s;
    QCOMPARE(m_box->run(show.arg(m_folder)), listing);
}

void TestTransferModel::foldersMergeOnOverwrite()
{
    m_box->run(u"mkdir -p %1/d/sub; cd %1/d; printf old > a; printf kept > sub/b"_s.arg(m_folder));
    QVERIFY(writeFile(local(u"d/a"_s), "new"));
    QVERIFY(writeFile(local(u"d/sub/c"_s), "c"));
    const int id = upload({local(u"d"_s)}, Conflict::Overwrite);
    VERIFY_REACHES(id, State::Done);
    QCOMPARE(m_box->run(u"cd %1/d; cat a sub/b sub/c"_s.arg(m_folder)), u"newkeptc"_s);
}

void TestTransferModel::fileNeverReplacesAFolder_data()
{
    QTest::addColumn<QString>("existing");  // what makes it in the sandbox, in the folder
    QTest::addColumn<QString>("source");
    QTest::addColumn<QString>("refused");
    QTest::newRow("file on folder")
        << u"mkdir name; printf kept > name/in"_s << u"name"_s << u"name"_s;
    QTest::newRow("folder on file") << u"printf kept > name"_s << u"name/in"_s << u"name"_s;
    QTest::newRow("file on folder, deeper")
        << u"mkdir -p name/deep; printf kept > name/deep/in"_s << u"name/deep"_s << u"name/deep"_s;
    QTest::newRow("folder on file, deeper")
        << u"mkdir name; printf kept > name/deep"_s << u"name/deep/in"_s << u"name/deep"_s;
}

void TestTransferModel::fileNeverReplacesAFolder()
{
    QFETCH(QString, existing);
    QFETCH(QString, source);
    QFETCH(QString, refused);
    m_box->run(u"mkdir -p %1; cd %1; %2"_s.arg(m_folder, existing));
    const QString before = m_box->run(u"cd %1; find . | sort"_s.arg(m_folder));
    QVERIFY(writeFile(local(source), "new"));
    const int id = upload({local(u"name"_s)}, Conflict::Overwrite);
    VERIFY_REACHES(id, State::Failed);
    const Error error = m_model->item(id)->error;
    QCOMPARE(error.kind, Error::Kind::Conflict);
    QCOMPARE(error.subject, guest(refused));
    QVERIFY(error.reason == Error::Reason::FolderInTheWay ||
            error.reason == Error::Reason::FileInTheWay);
    QCOMPARE(m_box->run(u"cd %1; find . | sort"_s.arg(m_folder)), before);
    QCOMPARE(m_box->run(u"cat $(find %1 -type f)"_s.arg(m_folder)), u"kept"_s);
}

void TestTransferModel::sameNamesNeverMix()
{
    QVERIFY(writeFile(local(u"one/same"_s), "1"));
    QVERIFY(writeFile(local(u"two/same"_s), "2"));
    const int id = upload({local(u"one/same"_s), local(u"two/same"_s)}, Conflict::Overwrite);
    VERIFY_REACHES(id, State::Done);
    QCOMPARE(m_box->run(u"cd %1; cat same 'same (2)'"_s.arg(m_folder)), u"12"_s);
}

void TestTransferModel::oddSourcesAreReported()
{
    QVERIFY(writeFile(local(u"d/good"_s), "good"));
    QVERIFY(QFile::link(u"/usr"_s, local(u"d/link"_s)));
    const int id = upload({local(u"d"_s)});
    VERIFY_REACHES(id, State::Failed);
    const TransferModel::Item *item = m_model->item(id);
    QCOMPARE(item->filesFailed, 1);
    QCOMPARE(item->filesDone, 1);
    QCOMPARE(item->error.kind, Error::Kind::LocalFile);
    QCOMPARE(item->error.subject, local(u"d/link"_s));
    QCOMPARE(m_box->run(u"cat %1/d/good"_s.arg(m_folder)), u"good"_s);
}

void TestTransferModel::localConflictsAreAsked_data()
{
    QTest::addColumn<int>("answer");
    QTest::addColumn<QStringList>("names");
    QTest::addColumn<QByteArray>("content");
    QTest::newRow("overwrite") << static_cast<int>(Conflict::Overwrite) << QStringList{u"f.txt"_s}
                               << QByteArray("new");
    QTest::newRow("keep both") << static_cast<int>(Conflict::KeepBoth)
                               << QStringList{u"f (2).txt"_s, u"f.txt"_s} << QByteArray("old");
    QTest::newRow("skip") << static_cast<int>(Conflict::Skip) << QStringList{u"f.txt"_s}
                          << QByteArray("old");
}

void TestTransferModel::localConflictsAreAsked()
{
    QFETCH(int, answer);
    QFETCH(QStringList, names);
    QFETCH(QByteArray, content);
    m_box->run(u"mkdir -p %1; printf new > %1/f.txt"_s.arg(m_folder));
    QVERIFY(writeFile(local(u"down/f.txt"_s), "old"));
    const int id = download({guest(u"f.txt"_s)});
    VERIFY_REACHES(id, State::Asking);
    QCOMPARE(readFile(local(u"down/f.txt"_s)), QByteArray("old"));
    m_model->resolve(id, static_cast<Conflict>(answer));
    VERIFY_REACHES(id, State::Done);
    QCOMPARE(QDir(local(u"down"_s)).entryList(QDir::Files | QDir::Hidden), names);
    QCOMPARE(readFile(local(u"down/f.txt"_s)), content);
}

void TestTransferModel::linksAreNotFollowed()
{
    m_box->run(
        u"mkdir -p %1/d; cd %1; ln -s /etc/passwd d/link; ln -s d top; mkfifo d/pipe; "
        "printf in > d/file"_s.arg(m_folder));
    const int id = download({guest(u"top"_s), guest(u"d"_s)});
    VERIFY_REACHES(id, State::Failed);
    const TransferModel::Item *item = m_model->item(id);
    QCOMPARE(item->linksSkipped, 1);
    QCOMPARE(item->filesFailed, 2);  // the link that was asked for, and the pipe
    QCOMPARE(item->error.subject, guest(u"top"_s));
    QCOMPARE(treeOf(local(u"down"_s)),
             (QMap<QByteArray, QByteArray>{{"d", "d"}, {"d/file", "-in"}}));
}

void TestTransferModel::bigFileIsCancelledQuickly_data()
{
    QTest::addColumn<bool>("isUpload");
    QTest::newRow("upload") << true;
    QTest::newRow("download") << false;
}

void TestTransferModel::bigFileIsCancelledQuickly()
{
    QFETCH(bool, isUpload);
    constexpr qint64 Size = 2LL << 30;
    if (isUpload) {
        QFile file(local(u"big"_s));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.resize(Size));
    } else {
        m_box->run(u"mkdir -p %1; truncate -s %2 %1/big"_s.arg(m_folder).arg(Size));
    }
    const int id = isUpload ? upload({local(u"big"_s)}) : download({guest(u"big"_s)});
    QTRY_VERIFY_WITH_TIMEOUT(m_model->item(id)->bytesDone > 0, Patience);
    QElapsedTimer clock;
    clock.start();
    m_model->cancel(id);
    VERIFY_REACHES(id, State::Cancelled);
    QVERIFY2(clock.elapsed() < 1000, qPrintable(QString::number(clock.elapsed())));
    if (!isUpload)
        QCOMPARE(treeOf(local(u"down"_s)).size(), 0);
    // The others go on.
    QVERIFY(writeFile(local(u"small"_s), "small"));
    VERIFY_REACHES(upload({local(u"small"_s)}), State::Done);
    if (isUpload)
        QTRY_COMPARE(m_box->run(u"ls %1"_s.arg(m_folder)), u"small\n"_s);
}

void TestTransferModel::sourceThatChangesIsReported()
{
    constexpr qint64 Size = 256 << 20;
    QFile file(local(u"big"_s));
    QVERIFY(file.open(QIODevice::ReadWrite) && file.resize(Size));
    const int id = upload({local(u"big"_s)});
    QTRY_VERIFY_WITH_TIMEOUT(m_model->item(id)->bytesDone > 0, Patience);
    QVERIFY(file.seek(Size - 1) && file.write("x") == 1 && file.flush());
    VERIFY_REACHES(id, State::Failed);
    QCOMPARE(m_model->item(id)->error.kind, Error::Kind::LocalFile);
    QCOMPARE(m_model->item(id)->error.subject, local(u"big"_s));
    QCOMPARE(m_model->item(id)->filesDone, 0);
}

void TestTransferModel::retryReplacesItsOwn()
{
    QVERIFY(writeFile(local(u"d/a"_s), "first"));
    QVERIFY(QFile::link(u"/nowhere"_s, local(u"d/b"_s)));
    const int id = upload({local(u"d"_s)});
    VERIFY_REACHES(id, State::Failed);
    QVERIFY(QFile::remove(local(u"d/b"_s)));
    QVERIFY(writeFile(local(u"d/b"_s), "b"));
    QVERIFY(writeFile(local(u"d/a"_s), "second"));
    m_model->retry(id);
    QTRY_COMPARE(state(id), State::Done);  // not asked: it made the folder itself
    QCOMPARE(m_box->run(u"cat %1/d/a %1/d/b"_s.arg(m_folder)), u"secondb"_s);
    QCOMPARE(m_model->item(id)->filesFailed, 0);
    QCOMPARE(m_model->rowCount(), 1);
}

void TestTransferModel::finishedOnesAreCleared()
{
    QVERIFY(writeFile(local(u"a"_s), "a"));
    m_box->run(u"mkdir -p %1; touch %1/b"_s.arg(m_folder));
    QVERIFY(writeFile(local(u"b"_s), "b"));
    const int done = upload({local(u"a"_s)});
    const int asking = upload({local(u"b"_s)});
    VERIFY_REACHES(done, State::Done);
    VERIFY_REACHES(asking, State::Asking);
    m_model->clearFinished();
    QCOMPARE(m_model->rowCount(), 1);
    QVERIFY(!m_model->item(done));
    m_model->cancelAll();
    VERIFY_REACHES(asking, State::Cancelled);
    QCOMPARE(m_model->index(0, TransferModel::StateColumn).data().toString(), u"Cancelled"_s);
    QCOMPARE(m_model->index(0, TransferModel::NameColumn).data().toString(), u"b"_s);
}

void TestTransferModel::updatesAreMerged()
{
    for (int i = 0; i < 300; ++i)
        QVERIFY(writeFile(local(u"many/f%1"_s.arg(i)), "x"));
    QSignalSpy changes(m_model.get(), &TransferModel::dataChanged);
    QElapsedTimer clock;
    clock.start();
    const int id = upload({local(u"many"_s)});
    VERIFY_REACHES(id, State::Done);
    const qint64 allowed = clock.elapsed() / 100 + 3;
    QVERIFY2(changes.count() <= allowed,
             qPrintable(u"%1 updates, %2 allowed"_s.arg(changes.count()).arg(allowed)));
    QCOMPARE(m_box->run(u"ls %1/many | wc -l"_s.arg(m_folder)).trimmed(), u"300"_s);
}

void TestTransferModel::engineKilledInMidTransfer_data()
{
    QTest::addColumn<bool>("isUpload");
    QTest::newRow("upload") << true;
    QTest::newRow("download") << false;
}

void TestTransferModel::engineKilledInMidTransfer()
{
    QFETCH(bool, isUpload);
    EngineSandbox box;
    QVERIFY2(box.start(), qPrintable(box.problem()));
    constexpr qint64 Size = 2LL << 30;
    TransferRequest asked = request(Direction::Upload, {local(u"big"_s)}, u"/tmp"_s);
    if (isUpload) {
        QFile file(local(u"big"_s));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.resize(Size));
    } else {
        box.run(u"truncate -s %1 /tmp/big"_s.arg(Size));
        asked = request(Direction::Download, {u"/tmp/big"_s}, local(u"down"_s));
    }
    asked.profile = box.engine().profile();
    asked.sandboxId = box.id();
    const int id = m_model->start(asked);
    QTRY_VERIFY_WITH_TIMEOUT(m_model->item(id)->bytesDone > 0, Patience);
    box.engine().kill9();
    VERIFY_REACHES(id, State::Failed);
    const Error error = m_model->item(id)->error;
    QVERIFY2(error.kind == Error::Kind::ConnectionLost || error.kind == Error::Kind::Unreachable,
             describe(id).constData());
    QCOMPARE(m_model->item(id)->filesFailed, 1);
    QCOMPARE(treeOf(local(u"down"_s)).size(), 0);
}

QTEST_GUILESS_MAIN(TestTransferModel)
#include "tst_transfermodel.moc"
