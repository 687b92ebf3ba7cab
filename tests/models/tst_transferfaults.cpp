// SPDX-License-Identifier: MIT
#include <QDir>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "models/transfermodel.h"
#include "scriptedguest.h"
#include "support/filesizelimit.h"
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
}

// TransferModel against a server that is broken or hostile, and a disk that is full.
class TestTransferFaults : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void hostileNamesStayOutside_data();
    void hostileNamesStayOutside();
    void hostileSourcesAreRefused_data();
    void hostileSourcesAreRefused();
    void diskFullKeepsTheOldFile();
    void cutBodyKeepsTheOldFile();
    void wrongLengthKeepsTheOldFile();
    void wrongContentKeepsTheOldFile_data();
    void wrongContentKeepsTheOldFile();
    void uploadIsMovedOnlyWhenItIsWhole_data();
    void uploadIsMovedOnlyWhenItIsWhole();
    void manyFilesGoOneByOneWithoutTools_data();
    void manyFilesGoOneByOneWithoutTools();
    void targetThatIsNoFolder();
    void targetThatCannotBeWritten();
    void localFolderIsNotReplacedByAFile();
    void localLinkIsNotFollowed();
    void staleTemporariesAreSwept();
    void oneFailureDoesNotStopTheRest();
    void wrongKeyStopsAtOnce();
    void unreachableServerIsSaid();
    void missingTargetFolderIsMade();
    void brokenListingStopsBeforeWriting();
    void profileOfARestartedServer();
    void modelMayGoInMidTransfer();

private:
    int start(Direction direction, const QStringList &sources, Conflict conflict = Conflict::Ask);
    bool reach(int id, State state);
    const TransferModel::Item *item(int id) const { return m_model->item(id); }
    Error error(int id) const { return m_model->item(id)->error; }
    QString local(const QString &name) const { return m_dir->filePath(name); }

    std::unique_ptr<ScriptedGuest> m_guest;
    std::unique_ptr<QTemporaryDir> m_dir;
    std::unique_ptr<TransferModel> m_model;
};

void TestTransferFaults::init()
{
    m_guest = std::make_unique<ScriptedGuest>();
    m_dir = std::make_unique<QTemporaryDir>();
    m_model = std::make_unique<TransferModel>();
    m_guest->setFolder(u"/w"_s, {});
}

void TestTransferFaults::cleanup()
{
    m_model.reset();
    m_dir.reset();
    m_guest.reset();
}

int TestTransferFaults::start(Direction direction, const QStringList &sources, Conflict conflict)
{
    TransferRequest request;
    request.direction = direction;
    request.conflict = conflict;
    request.profile = m_guest->profile();
    request.sandboxId = ScriptedGuest::sandboxId();
    request.sources = sources;
    request.target = direction == Direction::Upload ? u"/w"_s : local(u"down"_s);
    return m_model->start(request);
}

bool TestTransferFaults::reach(int id, State wanted)
{
    const auto arrived = [&] {
        return item(id)->state == wanted || TransferModel::isFinal(item(id)->state);
    };
    return QTest::qWaitFor(arrived, Patience) && item(id)->state == wanted;
}

void TestTransferFaults::hostileNamesStayOutside_data()
{
    QTest::addColumn<QString>("name");
    QTest::newRow("up") << u"../x"_s;
    QTest::newRow("up twice") << u"../../x"_s;
    QTest::newRow("absolute") << u"/etc/x"_s;
    QTest::newRow("below") << u"sub/x"_s;
    QTest::newRow("dots") << u".."_s;
    QTest::newRow("dot") << u"."_s;
    QTest::newRow("empty") << u""_s;
    QTest::newRow("NUL") << u"x"_s + QChar(0) + u"y"_s;
    QTest::newRow("5,000 bytes") << QString(5000, u'x');
}

void TestTransferFaults::hostileNamesStayOutside()
{
    QFETCH(QString, name);
    m_guest->setFolder(u"/w/d"_s,
                       {ScriptedGuest::entry(name, 3), ScriptedGuest::entry(name, 0, true),
                        ScriptedGuest::entry(u"good"_s, 4)});
    m_guest->setFile(u"/w/d/good"_s, "good");
    const QString direct = u"/w/d/"_s + name;
    for (const QString &path : {direct, u"/w/x"_s, u"/x"_s, u"/etc/x"_s})
        m_guest->setFile(path, "bad");
    const int id = start(Direction::Download, {u"/w/d"_s});
    QVERIFY(reach(id, State::Failed));
    QCOMPARE(item(id)->filesFailed, 1);
    QCOMPARE(item(id)->filesDone, 1);
    QCOMPARE(error(id).kind, Error::Kind::InvalidInput);
    // The test's whole folder: nothing beside the download and its one good file.
    QCOMPARE(treeOf(m_dir->path()), (QMap<QByteArray, QByteArray>{
                                        {"down", "d"}, {"down/d", "d"}, {"down/d/good", "-good"}}));
    QVERIFY(!QFileInfo::exists(u"/etc/x"_s));
}

void TestTransferFaults::hostileSourcesAreRefused_data()
{
    QTest::addColumn<QString>("source");
    QTest::newRow("the root") << u"/"_s;
    QTest::newRow("NUL") << u"/w/x"_s + QChar(0);
    QTest::newRow("missing") << u"/w/missing"_s;
}

void TestTransferFaults::hostileSourcesAreRefused()
{
    QFETCH(QString, source);
    m_guest->setFolder(u"/"_s, {ScriptedGuest::entry(u"f"_s)});
    const int id = start(Direction::Download, {source});
    QVERIFY(reach(id, State::Failed));
    QCOMPARE(treeOf(m_dir->path()), (QMap<QByteArray, QByteArray>{{"down", "d"}}));
}

void TestTransferFaults::diskFullKeepsTheOldFile()
{
    m_guest->setFile(u"/w/big"_s, QByteArray(3'000'000, 'n'));
    QVERIFY(writeFile(local(u"down/big"_s), "old"));
    const FileSizeLimit limit(1'000'000);
    QVERIFY(limit.isSet());
    const int id = start(Direction::Download, {u"/w/big"_s}, Conflict::Overwrite);
    QVERIFY(reach(id, State::Failed));
    QCOMPARE(error(id).kind, Error::Kind::LocalFile);
    QCOMPARE(error(id).subject, local(u"down/big"_s));
    QVERIFY2(error(id).detail.contains(u"File too large"_s), qPrintable(error(id).detail));
    QCOMPARE(treeOf(local(u"down"_s)), (QMap<QByteArray, QByteArray>{{"big", "-old"}}));
}

void TestTransferFaults::cutBodyKeepsTheOldFile()
{
    QVERIFY(writeFile(local(u"down/f"_s), "old"));
    m_guest->setFile(u"/w/f"_s, QByteArray(100'000, 'n'));
    m_guest->setCutDownloads(true);
    const int id = start(Direction::Download, {u"/w/f"_s}, Conflict::Overwrite);
    QVERIFY(reach(id, State::Failed));
    QCOMPARE(treeOf(local(u"down"_s)), (QMap<QByteArray, QByteArray>{{"f", "-old"}}));
    QCOMPARE(item(id)->bytesDone, 0);
}

void TestTransferFaults::wrongLengthKeepsTheOldFile()
{
    QVERIFY(writeFile(local(u"down/f"_s), "old"));
    m_guest->setFile(u"/w/f"_s, "12345");
    m_guest->setStatedSize(u"/w/f"_s, 6);
    const int id = start(Direction::Download, {u"/w/f"_s}, Conflict::Overwrite);
    QVERIFY(reach(id, State::Failed));
    QCOMPARE(error(id).kind, Error::Kind::NotVoidRun);
    QCOMPARE(treeOf(local(u"down"_s)), (QMap<QByteArray, QByteArray>{{"f", "-old"}}));
}

void TestTransferFaults::wrongContentKeepsTheOldFile_data()
{
    QTest::addColumn<bool>("isUpload");
    QTest::newRow("upload") << true;
    QTest::newRow("download") << false;
}

void TestTransferFaults::wrongContentKeepsTheOldFile()
{
    QFETCH(bool, isUpload);
    QVERIFY(writeFile(local(isUpload ? u"f"_s : u"down/f"_s), isUpload ? "right" : "old"));
    m_guest->setFile(u"/w/f"_s, isUpload ? "old" : "right");
    m_guest->setFolder(u"/w"_s, {ScriptedGuest::entry(u"f"_s, 3)});
    m_guest->setCommandOutput(u"5 644 "_s + QString(64, u'0') + u'\n');
    const int id = isUpload ? start(Direction::Upload, {local(u"f"_s)}, Conflict::Overwrite)
                            : start(Direction::Download, {u"/w/f"_s}, Conflict::Overwrite);
    QVERIFY(reach(id, State::Failed));
    QCOMPARE(error(id).reason, Error::Reason::WrongContent);
    QCOMPARE(error(id).subject, u"/w/f"_s);
    if (isUpload) {
        QCOMPARE(m_guest->content(u"/w/f"_s), QByteArray("old"));
        QTRY_COMPARE(m_guest->calls().filter(u"DELETE"_s).size(), 1);  // its hidden file
    } else {
        QCOMPARE(treeOf(local(u"down"_s)), (QMap<QByteArray, QByteArray>{{"f", "-old"}}));
    }
}

void TestTransferFaults::uploadIsMovedOnlyWhenItIsWhole_data()
{
    QTest::addColumn<QString>("output");
    QTest::addColumn<int>("stats");
    QTest::newRow("with tools") << u"5 644 -\n"_s << 0;
    QTest::newRow("without tools") << u"- - -\n"_s << 1;
    QTest::newRow("without a shell") << u""_s << 1;
}

void TestTransferFaults::uploadIsMovedOnlyWhenItIsWhole()
{
    QFETCH(QString, output);
    QFETCH(int, stats);
    QVERIFY(writeFile(local(u"f"_s), "right"));
    m_guest->setCommandOutput(output);
    const int id = start(Direction::Upload, {local(u"f"_s)});
    QVERIFY(reach(id, State::Done));
    QCOMPARE(m_guest->content(u"/w/f"_s), QByteArray("right"));
    const QStringList calls = m_guest->calls();
    QCOMPARE(calls.size(), 4 + stats);
    const QString part = calls[1].section(u' ', 2);
    QCOMPARE(calls[0], u"GET /w"_s);
    QVERIFY2(calls[1].startsWith(u"POST upload /w/.f."_s), qPrintable(calls[1]));
    QCOMPARE(calls[2], u"POST exec"_s);
    QCOMPARE(calls.filter(u"GET stat "_s + part).size(), stats);
    QCOMPARE(calls.last(), u"POST move %1 /w/f"_s.arg(part));
}

void TestTransferFaults::manyFilesGoOneByOneWithoutTools_data()
{
    wrongContentKeepsTheOldFile_data();
}

void TestTransferFaults::manyFilesGoOneByOneWithoutTools()
{
    QFETCH(bool, isUpload);
    constexpr int Count = 150;
    QJsonArray entries;
    for (int i = 0; i < Count; ++i) {
        const QByteArray content = "content " + QByteArray::number(i);
        const QString name = u"f%1"_s.arg(i);
        if (isUpload)
            QVERIFY(writeFile(local(u"d/"_s + name), content));
        else
            m_guest->setFile(u"/w/d/"_s + name, content);
        entries.append(ScriptedGuest::entry(name, content.size()));
    }
    if (!isUpload)
        m_guest->setFolder(u"/w/d"_s, entries);
    const int id = isUpload ? start(Direction::Upload, {local(u"d"_s)})
                            : start(Direction::Download, {u"/w/d"_s});
    QVERIFY(reach(id, State::Done));
    QCOMPARE(item(id)->filesDone, Count);
    QCOMPARE(item(id)->filesTotal, Count);
    QCOMPARE(item(id)->bytesDone, item(id)->bytesTotal);
    for (int i = 0; i < Count; ++i) {
        const QByteArray content = isUpload ? m_guest->content(u"/w/d/f%1"_s.arg(i))
                                            : readFile(local(u"down/d/f%1"_s.arg(i)));
        QCOMPARE(content, "content " + QByteArray::number(i));
    }
}

void TestTransferFaults::targetThatIsNoFolder()
{
    QVERIFY(writeFile(local(u"down"_s), "a file"));
    m_guest->setFile(u"/w/f"_s, "f");
    const int id = start(Direction::Download, {u"/w/f"_s});
    QVERIFY(reach(id, State::Failed));
    QCOMPARE(error(id).subject, local(u"down"_s));
    QCOMPARE(readFile(local(u"down"_s)), QByteArray("a file"));
    QCOMPARE(m_guest->calls(), QStringList());
}

void TestTransferFaults::targetThatCannotBeWritten()
{
    // Not even root writes there.
    TransferRequest request;
    request.direction = Direction::Download;
    request.profile = m_guest->profile();
    request.sandboxId = ScriptedGuest::sandboxId();
    request.sources = {u"/w/f"_s};
    request.target = u"/proc/self/fd"_s;
    m_guest->setFile(u"/w/f"_s, "f");
    const int id = m_model->start(request);
    QVERIFY(reach(id, State::Failed));
    QCOMPARE(error(id).kind, Error::Kind::LocalFile);
    QCOMPARE(error(id).subject, u"/proc/self/fd/f"_s);
    QVERIFY(!error(id).detail.isEmpty());
}

void TestTransferFaults::localFolderIsNotReplacedByAFile()
{
    QVERIFY(writeFile(local(u"down/f/in"_s), "kept"));
    QVERIFY(writeFile(local(u"down/d"_s), "kept"));
    m_guest->setFile(u"/w/f"_s, "f");
    m_guest->setFolder(u"/w/d"_s, {ScriptedGuest::entry(u"x"_s, 1)});
    const auto before = treeOf(local(u"down"_s));
    const int id = start(Direction::Download, {u"/w/f"_s, u"/w/d"_s}, Conflict::Overwrite);
    QVERIFY(reach(id, State::Failed));
    QCOMPARE(item(id)->filesFailed, 2);
    QCOMPARE(error(id).kind, Error::Kind::Conflict);
    QCOMPARE(treeOf(local(u"down"_s)), before);
}

void TestTransferFaults::localLinkIsNotFollowed()
{
    QVERIFY(writeFile(local(u"elsewhere/x"_s), "kept"));
    QVERIFY(QDir().mkpath(local(u"down"_s)));
    QVERIFY(QFile::link(local(u"elsewhere"_s), local(u"down/d"_s)));
    m_guest->setFolder(u"/w/d"_s, {ScriptedGuest::entry(u"x"_s, 3)});
    m_guest->setFile(u"/w/d/x"_s, "new");
    const int id = start(Direction::Download, {u"/w/d"_s}, Conflict::Overwrite);
    QVERIFY(reach(id, State::Failed));
    QCOMPARE(error(id).kind, Error::Kind::Conflict);
    QCOMPARE(readFile(local(u"elsewhere/x"_s)), QByteArray("kept"));
}

void TestTransferFaults::staleTemporariesAreSwept()
{
    const QString stale = local(u"down/.f.abc123.voidrun-part"_s);
    const QString nested = local(u"down/d/.f.abc123.voidrun-part"_s);
    for (const QString &path : {stale, nested}) {
        QVERIFY(writeFile(path, "left by a killed run"));
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadWrite));
        QVERIFY(file.setFileTime(QDateTime::currentDateTime().addDays(-1),
                                 QFile::FileModificationTime));
    }
    m_guest->setFolder(u"/w/d"_s, {ScriptedGuest::entry(u"x"_s, 1)});
    m_guest->setFile(u"/w/d/x"_s, "x");
    const int id = start(Direction::Download, {u"/w/d"_s}, Conflict::Overwrite);
    QVERIFY(reach(id, State::Done));
    QCOMPARE(treeOf(local(u"down"_s)), (QMap<QByteArray, QByteArray>{{"d", "d"}, {"d/x", "-x"}}));
}

void TestTransferFaults::oneFailureDoesNotStopTheRest()
{
    QJsonArray entries;
    for (int i = 0; i < 20; ++i) {
        entries.append(ScriptedGuest::entry(u"f%1"_s.arg(i), 1));
        m_guest->setFile(u"/w/d/f%1"_s.arg(i), "x");
    }
    m_guest->setFolder(u"/w/d"_s, entries);
    m_guest->setStatus(u"/w/d/f7"_s, 500);
    m_guest->setStatus(u"/w/d/f9"_s, 404);
    const int id = start(Direction::Download, {u"/w/d"_s});
    QVERIFY(reach(id, State::Failed));
    QCOMPARE(item(id)->filesDone, 18);
    QCOMPARE(item(id)->filesFailed, 2);
    QCOMPARE(item(id)->filesTotal, 20);
    QVERIFY(!error(id).subject.isEmpty());
    QStringList failed;
    for (const Error &each : item(id)->failures)
        failed.append(each.subject);
    failed.sort();
    QCOMPARE(failed, QStringList({u"/w/d/f7"_s, u"/w/d/f9"_s}));
    QCOMPARE(treeOf(local(u"down/d"_s)).size(), 18);
    QCOMPARE(m_model->index(0, TransferModel::StateColumn).data().toString(),
             u"18 of 20 file(s) copied"_s);
}

void TestTransferFaults::wrongKeyStopsAtOnce()
{
    QJsonArray entries;
    for (int i = 0; i < 50; ++i) {
        entries.append(ScriptedGuest::entry(u"f%1"_s.arg(i), 1));
        m_guest->setStatus(u"/w/d/f%1"_s.arg(i), 401);
    }
    m_guest->setFolder(u"/w/d"_s, entries);
    const int id = start(Direction::Download, {u"/w/d"_s});
    QVERIFY(reach(id, State::Failed));
    QCOMPARE(error(id).kind, Error::Kind::Unauthorized);
    QCOMPARE(item(id)->filesFailed, 50);
    QVERIFY2(m_guest->calls().size() < 10, qPrintable(m_guest->calls().join(u'\n')));
}

void TestTransferFaults::unreachableServerIsSaid()
{
    QVERIFY(writeFile(local(u"f"_s), "f"));
    TransferRequest request;
    request.profile = m_guest->profile();
    request.profile.baseUrl.setPort(1);  // nobody is there
    request.sandboxId = ScriptedGuest::sandboxId();
    request.sources = {local(u"f"_s)};
    request.target = u"/w"_s;
    const int id = m_model->start(request);
    QVERIFY(reach(id, State::Failed));
    QCOMPARE(error(id).kind, Error::Kind::Unreachable);
    QCOMPARE(item(id)->filesFailed, 1);
}

void TestTransferFaults::missingTargetFolderIsMade()
{
    m_guest->remove(u"/w"_s);
    QVERIFY(writeFile(local(u"f"_s), "f"));
    const int id = start(Direction::Upload, {local(u"f"_s)});
    QVERIFY(reach(id, State::Done));
    QCOMPARE(m_guest->content(u"/w/f"_s), QByteArray("f"));
}

void TestTransferFaults::brokenListingStopsBeforeWriting()
{
    m_guest->setStatus(u"/w"_s, 500);
    QVERIFY(writeFile(local(u"f"_s), "f"));
    const int id = start(Direction::Upload, {local(u"f"_s)}, Conflict::Overwrite);
    QVERIFY(reach(id, State::Failed));
    QCOMPARE(m_guest->calls(), QStringList({u"GET /w"_s}));
}

void TestTransferFaults::profileOfARestartedServer()
{
    QVERIFY(writeFile(local(u"f"_s), "f"));
    m_guest->setStatus(u"/w"_s, 500);
    const int id = start(Direction::Upload, {local(u"f"_s)});
    QVERIFY(reach(id, State::Failed));
    m_guest = std::make_unique<ScriptedGuest>();
    m_guest->setFolder(u"/w"_s, {});
    m_model->updateProfile(m_guest->profile());
    m_model->retry(id);
    QTRY_COMPARE(item(id)->state, State::Done);
    QCOMPARE(m_guest->content(u"/w/f"_s), QByteArray("f"));
}

void TestTransferFaults::modelMayGoInMidTransfer()
{
    m_guest->setDelay(std::chrono::milliseconds(300));
    QVERIFY(writeFile(local(u"up/f"_s), QByteArray(1'000'000, 'f')));
    m_guest->setFile(u"/w/g"_s, "g");
    QSignalSpy changes(m_model.get(), &TransferModel::dataChanged);
    const int up = start(Direction::Upload, {local(u"up"_s)});
    const int down = start(Direction::Download, {u"/w/g"_s});
    QTRY_VERIFY(m_guest->calls().size() >= 3);
    QVERIFY(!TransferModel::isFinal(item(up)->state));
    QVERIFY(!TransferModel::isFinal(item(down)->state));
    QElapsedTimer clock;
    clock.start();
    m_model.reset();
    QVERIFY2(clock.elapsed() < 1000, qPrintable(QString::number(clock.elapsed())));
    QVERIFY(!QFileInfo::exists(local(u"down/g"_s)));
    QCOMPARE(treeOf(local(u"down"_s)).size(), 0);
}

QTEST_GUILESS_MAIN(TestTransferFaults)
#include "tst_transferfaults.moc"
