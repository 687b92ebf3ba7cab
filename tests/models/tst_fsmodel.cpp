// SPDX-License-Identifier: MIT
#include <QAbstractItemModelTester>
#include <QJsonDocument>
#include <QMimeData>
#include <QSignalSpy>
#include <QTest>

#include "api/client.h"
#include "models/fsmodel.h"
#include "scriptedguest.h"

using namespace Qt::StringLiterals;
using namespace voidrun;
using voidrun::test::ScriptedGuest;
using State = FsModel::FolderState;

// FsModel against a sandbox that holds what each test needs.
class TestFsModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void nothingIsListedUnasked();
    void foldersFirstThenNaturalOrder();
    void rootPathIsNormalised();
    void columns();
    void subfoldersAreListedWhenAsked();
    void failedFolderCanBeListedAgain();
    void badNamesAreLeftOut();
    void diffKeepsPersistentIndexes();
    void fileThatBecameAFolder();
    void scatteredChangesKeepPersistentIndexes();
    void hundredThousandEntries();
    void refreshAsksOnlyForKnownFolders();
    void resetWhileListing();
    void renameMovesTheRow();
    void renamedFolderKeepsItsFiles();
    void renameIsRefused_data();
    void renameIsRefused();
    void makeFolderAndFile();
    void makeNeverTouchesWhatExists();
    void removeTakesTheRowOut();
    void failedRemoveIsReported();
    void moveRefusesAFolderIntoItself();
    void twoMovesOntoOneName();
    void flags();
    void dragCarriesPaths();
    void dropOfLocalFiles();
    void dropOfOwnItemsMoves();
    void dropIsRefused_data();
    void dropIsRefused();

private:
    QStringList names(const QString &folder = u"/w"_s) const;
    bool open(const QString &path = u"/w"_s);
    QModelIndex at(const QString &path) const { return m_model->indexOf(path); }

    std::unique_ptr<ScriptedGuest> m_guest;
    std::unique_ptr<Client> m_client;
    std::unique_ptr<FsModel> m_model;
    std::unique_ptr<QAbstractItemModelTester> m_tester;
};

void TestFsModel::init()
{
    m_guest = std::make_unique<ScriptedGuest>();
    m_client = std::make_unique<Client>(m_guest->profile());
    m_model = std::make_unique<FsModel>(m_client.get(), ScriptedGuest::sandboxId());
    m_guest->setFolder(u"/w"_s,
                       {ScriptedGuest::entry(u"b10.txt"_s, 10),
                        ScriptedGuest::entry(u"sub"_s, 0, true, u"drwxr-xr-x"_s),
                        ScriptedGuest::entry(u"a.txt"_s, 1), ScriptedGuest::entry(u"b2.txt"_s, 2)});
    m_guest->setFolder(u"/w/sub"_s, {ScriptedGuest::entry(u"inner"_s, 5)});
}

void TestFsModel::cleanup()
{
    m_tester.reset();
    m_model.reset();
    m_client.reset();
    m_guest.reset();
}

QStringList TestFsModel::names(const QString &folder) const
{
    QStringList names;
    const QModelIndex parent = at(folder);
    for (int row = 0; row < m_model->rowCount(parent); ++row)
        names.append(m_model->index(row, 0, parent).data().toString());
    return names;
}

bool TestFsModel::open(const QString &path)
{
    QSignalSpy finished(m_model.get(), &FsModel::loadingFinished);
    if (path == u"/w"_s)
        m_model->setRootPath(path);
    else
        m_model->fetchMore(at(path));
    if (!m_tester) {
        // Not before: it would have everything listed.
        m_tester = std::make_unique<QAbstractItemModelTester>(m_model.get());
        m_tester->setUseFetchMore(false);
    }
    return finished.wait() && finished.first().first().toString() == path;
}

void TestFsModel::nothingIsListedUnasked()
{
    QCOMPARE(m_model->rootPath(), u"/"_s);
    QCOMPARE(m_model->folderState(), State::NotLoaded);
    QVERIFY(!m_model->canFetchMore({}));  // or a view would wake a sandbox
    m_model->fetchMore({});
    m_model->refreshFolder(u"/w/sub"_s);
    QCOMPARE(m_model->folderState(), State::NotLoaded);
    QVERIFY(open());
    QCOMPARE(m_guest->calls(), QStringList({u"GET /w"_s}));
    QCOMPARE(m_model->folderState(at(u"/w/sub"_s)), State::NotLoaded);
}

void TestFsModel::foldersFirstThenNaturalOrder()
{
    QVERIFY(open());
    QCOMPARE(names(), QStringList({u"sub"_s, u"a.txt"_s, u"b2.txt"_s, u"b10.txt"_s}));
}

void TestFsModel::rootPathIsNormalised()
{
    QSignalSpy resets(m_model.get(), &FsModel::modelReset);
    m_model->setRootPath(u"//w/./sub/..//"_s);
    QCOMPARE(m_model->rootPath(), u"/w"_s);
    QCOMPARE(m_model->path({}), u"/w"_s);
    QCOMPARE(resets.count(), 1);
    QTRY_COMPARE(m_model->folderState(), State::Loaded);
    QCOMPARE(m_guest->calls(), QStringList({u"GET /w"_s}));
}

void TestFsModel::columns()
{
    QJsonObject file = ScriptedGuest::entry(u"line\nbreak"_s, 2048, false, u"-rwxr-s--T"_s);
    file.insert(u"modTime"_s, u"2024-05-06T07:08:09Z"_s);
    m_guest->setFolder(u"/w"_s, {file, ScriptedGuest::entry(u"d"_s, 4096, true)});
    QVERIFY(open());
    const auto text = [&](int row, int column) {
        return m_model->index(row, column).data().toString();
    };
    QCOMPARE(text(1, FsModel::NameColumn), u"line\u240Abreak"_s);
    QCOMPARE(m_model->index(1, 0).data(Qt::EditRole).toString(), u"line\nbreak"_s);
    QCOMPARE(text(1, FsModel::SizeColumn), QLocale().formattedDataSize(2048));
    QCOMPARE(text(0, FsModel::SizeColumn), QString());
    QCOMPARE(text(1, FsModel::PermissionsColumn), u"rwxr-s--T"_s);
    const QDateTime time = QDateTime::fromString(u"2024-05-06T07:08:09Z"_s, Qt::ISODate);
    QCOMPARE(text(1, FsModel::ModifiedColumn),
             QLocale().toString(time.toLocalTime(), QLocale::ShortFormat));
    QCOMPARE(text(0, FsModel::ModifiedColumn), QString());
    QCOMPARE(m_model->index(1, 0).data(FsModel::PathRole).toString(), u"/w/line\nbreak"_s);
    QCOMPARE(m_model->entry(m_model->index(1, 0)).path, u"/w/line\nbreak"_s);
    QVERIFY(m_model->index(0, 0).data(FsModel::IsDirRole).toBool());
    QCOMPARE(m_model->headerData(0, Qt::Horizontal, Qt::DisplayRole).toString(), u"Name"_s);
}

void TestFsModel::subfoldersAreListedWhenAsked()
{
    QVERIFY(open());
    const QModelIndex sub = at(u"/w/sub"_s);
    QVERIFY(m_model->hasChildren(sub));
    QVERIFY(m_model->canFetchMore(sub));
    QVERIFY(!m_model->canFetchMore(at(u"/w/a.txt"_s)));
    m_model->fetchMore(sub);
    QCOMPARE(m_model->folderState(sub), State::Loading);
    QVERIFY(!m_model->canFetchMore(sub));
    QTRY_COMPARE(m_model->folderState(sub), State::Loaded);
    QCOMPARE(names(u"/w/sub"_s), QStringList({u"inner"_s}));
    QCOMPARE(m_model->parent(at(u"/w/sub/inner"_s)), sub);
    QVERIFY(!at(u"/w/sub/other"_s).isValid());
}

void TestFsModel::failedFolderCanBeListedAgain()
{
    QVERIFY(open());
    QSignalSpy failed(m_model.get(), &FsModel::loadingFailed);
    m_guest->setStatus(u"/w/sub"_s, 500);
    m_model->fetchMore(at(u"/w/sub"_s));
    QVERIFY(failed.wait());
    QCOMPARE(failed.first().first().toString(), u"/w/sub"_s);
    QCOMPARE(failed.first().at(1).value<Error>().subject, u"/w/sub"_s);
    QCOMPARE(m_model->folderState(at(u"/w/sub"_s)), State::Failed);
    QVERIFY(!m_model->canFetchMore(at(u"/w/sub"_s)));  // or views would ask for ever
    m_guest->clearStatus(u"/w/sub"_s);
    m_model->refreshFolder(u"/w/sub"_s);
    QTRY_COMPARE(m_model->folderState(at(u"/w/sub"_s)), State::Loaded);
    QCOMPARE(names(u"/w/sub"_s), QStringList({u"inner"_s}));
    // A failure of what was loaded keeps what is known.
    m_guest->setStatus(u"/w/sub"_s, 500);
    m_model->refreshFolder(u"/w/sub"_s);
    QTRY_COMPARE(m_model->folderState(at(u"/w/sub"_s)), State::Failed);
    QCOMPARE(names(u"/w/sub"_s), QStringList({u"inner"_s}));
}

void TestFsModel::badNamesAreLeftOut()
{
    m_guest->setFolder(u"/w"_s,
                       {ScriptedGuest::entry(u"../x"_s), ScriptedGuest::entry(u"/etc/x"_s),
                        ScriptedGuest::entry(u".."_s), ScriptedGuest::entry(u"."_s),
                        ScriptedGuest::entry(u""_s), ScriptedGuest::entry(u"n"_s + QChar(0)),
                        ScriptedGuest::entry(QString(5000, u'x')), ScriptedGuest::entry(u"ok"_s),
                        ScriptedGuest::entry(u"ok"_s), ScriptedGuest::entry(u"OK"_s)});
    QVERIFY(open());
    QCOMPARE(m_model->rowCount(), 2);
    QVERIFY(names().contains(u"ok"_s));
    QVERIFY(names().contains(u"OK"_s));
}

void TestFsModel::diffKeepsPersistentIndexes()
{
    QVERIFY(open());
    QVERIFY(open(u"/w/sub"_s));
    const QPersistentModelIndex b10 = at(u"/w/b10.txt"_s);
    const QPersistentModelIndex inner = at(u"/w/sub/inner"_s);
    const QPersistentModelIndex a = at(u"/w/a.txt"_s);
    QSignalSpy resets(m_model.get(), &FsModel::modelReset);
    QSignalSpy changes(m_model.get(), &FsModel::dataChanged);
    m_guest->setFolder(
        u"/w"_s, {ScriptedGuest::entry(u"sub"_s, 0, true, u"drwxr-xr-x"_s),
                  ScriptedGuest::entry(u"asub"_s, 0, true), ScriptedGuest::entry(u"b10.txt"_s, 99),
                  ScriptedGuest::entry(u"b3.txt"_s), ScriptedGuest::entry(u"zz"_s)});
    QSignalSpy finished(m_model.get(), &FsModel::loadingFinished);
    m_model->refreshFolder(u"/w"_s);
    QVERIFY(finished.wait());
    QCOMPARE(names(), QStringList({u"asub"_s, u"sub"_s, u"b3.txt"_s, u"b10.txt"_s, u"zz"_s}));
    QCOMPARE(b10.row(), 3);
    QCOMPARE(b10.data(FsModel::SizeRole).toLongLong(), 99);
    QVERIFY(!a.isValid());
    QVERIFY(inner.isValid());
    QCOMPARE(inner.parent().row(), 1);
    QCOMPARE(resets.count(), 0);
    QCOMPARE(changes.count(), 1);
}

void TestFsModel::fileThatBecameAFolder()
{
    QVERIFY(open());
    const QPersistentModelIndex a = at(u"/w/a.txt"_s);
    m_guest->setFolder(
        u"/w"_s, {ScriptedGuest::entry(u"a.txt"_s, 0, true), ScriptedGuest::entry(u"b2.txt"_s, 2)});
    QSignalSpy finished(m_model.get(), &FsModel::loadingFinished);
    m_model->refresh();
    QVERIFY(finished.wait());
    QVERIFY(!a.isValid());
    QCOMPARE(names(), QStringList({u"a.txt"_s, u"b2.txt"_s}));
    QVERIFY(m_model->canFetchMore(at(u"/w/a.txt"_s)));
}

void TestFsModel::scatteredChangesKeepPersistentIndexes()
{
    // Every other name goes and every other one comes: more ranges than are announced one by one.
    QJsonArray before;
    QJsonArray after;
    for (int i = 0; i < 1000; ++i) {
        const QJsonObject entry = ScriptedGuest::entry(u"f%1"_s.arg(i), i);
        if (i % 2 == 0)
            before.append(entry);
        if (i % 4 != 0)
            after.append(entry);
    }
    m_guest->setFolder(u"/w"_s, before);
    QVERIFY(open());
    QList<QPersistentModelIndex> kept;
    for (int i = 2; i < 1000; i += 4)
        kept.append(at(u"/w/f%1"_s.arg(i)));
    m_guest->setFolder(u"/w"_s, after);
    QSignalSpy finished(m_model.get(), &FsModel::loadingFinished);
    QSignalSpy resets(m_model.get(), &FsModel::modelReset);
    m_model->refresh();
    QVERIFY(finished.wait());
    QCOMPARE(resets.count(), 0);
    QCOMPARE(m_model->rowCount(), 750);
    for (int row = 0, i = 0; row < 750; ++row, ++i) {
        if (i % 4 == 0)
            ++i;
        QCOMPARE(m_model->index(row, 0).data().toString(), u"f%1"_s.arg(i));
    }
    for (int i = 0; i < kept.size(); ++i)
        QCOMPARE(kept.at(i).data().toString(), u"f%1"_s.arg(i * 4 + 2));
}

void TestFsModel::hundredThousandEntries()
{
    constexpr int Count = 100'000;
    QJsonArray entries;
    for (int i = 0; i < Count; ++i)
        entries.append(ScriptedGuest::entry(u"file %1.txt"_s.arg((i * 7919LL) % Count), i));
    m_guest->setFolder(u"/w"_s, entries);
    m_tester.reset();
    QSignalSpy inserted(m_model.get(), &FsModel::rowsInserted);
    QSignalSpy finished(m_model.get(), &FsModel::loadingFinished);
    m_model->setRootPath(u"/w"_s);
    QVERIFY(finished.wait(60'000));
    QCOMPARE(m_model->rowCount(), Count);
    // What fits a screen first, the rest in some parts.
    QCOMPARE(inserted.first().at(2).toInt() + 1, 500);
    QVERIFY2(inserted.count() > 2 && inserted.count() < 50,
             QByteArray::number(inserted.count()).constData());
    for (int row : {0, 1, 999, Count - 1})
        QCOMPARE(m_model->index(row, 0).data().toString(), u"file %1.txt"_s.arg(row));
    // The same again with a third of it replaced. How long merging takes is bounded far above what
    // it needs and far below what comparing all with all would.
    for (int i = 0; i < Count; i += 3)
        entries[i] = ScriptedGuest::entry(u"other %1"_s.arg(i));
    m_guest->setFolder(u"/w"_s, entries);
    qint64 merging = 0;
    QElapsedTimer clock;
    connect(m_model.get(), &FsModel::layoutAboutToBeChanged, this, [&] {
        if (!clock.isValid())
            clock.start();
    });
    connect(m_model.get(), &FsModel::loadingFinished, this, [&] { merging = clock.elapsed(); });
    m_model->refresh();
    QVERIFY(finished.wait(60'000));
    QCOMPARE(m_model->rowCount(), Count);
    QVERIFY(clock.isValid());
    QVERIFY2(merging < 3000, qPrintable(u"merging took %1 ms"_s.arg(merging)));
}

void TestFsModel::refreshAsksOnlyForKnownFolders()
{
    QVERIFY(open());
    m_guest->clearCalls();
    m_model->refresh();
    QTRY_COMPARE(m_model->folderState(), State::Loaded);
    QCOMPARE(m_guest->calls(), QStringList({u"GET /w"_s}));
    QVERIFY(open(u"/w/sub"_s));
    m_guest->clearCalls();
    m_model->refresh();
    QTRY_COMPARE(m_guest->calls().size(), 2);
    // What lies below a folder that is not known shows in the nearest known one.
    m_guest->clearCalls();
    m_model->refreshFolder(u"/w/new/deep"_s);
    QTRY_COMPARE(m_guest->calls(), QStringList({u"GET /w"_s}));
    m_model->refreshFolder(u"/elsewhere"_s);
    QTRY_COMPARE(m_model->folderState(), State::Loaded);
    QCOMPARE(m_guest->calls().size(), 1);
}

void TestFsModel::resetWhileListing()
{
    m_guest->setDelay(std::chrono::milliseconds(100));
    m_guest->setFolder(u"/v"_s, {ScriptedGuest::entry(u"v"_s)});
    QSignalSpy finished(m_model.get(), &FsModel::loadingFinished);
    QSignalSpy failed(m_model.get(), &FsModel::loadingFailed);
    m_model->setRootPath(u"/w"_s);
    m_model->setRootPath(u"/v"_s);
    QVERIFY(finished.wait());
    QCOMPARE(names(u"/v"_s), QStringList({u"v"_s}));
    QCOMPARE(finished.count(), 1);
    QCOMPARE(failed.count(), 0);
    // And the model may go while a listing is under way.
    m_model->refresh();
    m_tester.reset();
    m_model.reset();
}

void TestFsModel::renameMovesTheRow()
{
    QVERIFY(open());
    m_guest->setFile(u"/w/a.txt"_s, "a");
    const QPersistentModelIndex a = at(u"/w/a.txt"_s);
    QSignalSpy renamed(m_model.get(), &FsModel::renamed);
    QVERIFY(m_model->setData(a, u"b5.txt"_s, Qt::EditRole));
    QVERIFY(renamed.wait());
    QCOMPARE(renamed.first(), QVariantList({u"/w/a.txt"_s, u"/w/b5.txt"_s}));
    QCOMPARE(names(), QStringList({u"sub"_s, u"b2.txt"_s, u"b5.txt"_s, u"b10.txt"_s}));
    QCOMPARE(a.row(), 2);
    QCOMPARE(m_guest->content(u"/w/b5.txt"_s), QByteArray("a"));
    // And back to the front, and to a place beside.
    QVERIFY(m_model->setData(a, u"a.txt"_s, Qt::EditRole));
    QVERIFY(renamed.wait());
    QCOMPARE(a.row(), 1);
    QVERIFY(m_model->setData(a, u"aa.txt"_s, Qt::EditRole));
    QVERIFY(renamed.wait());
    QCOMPARE(names(), QStringList({u"sub"_s, u"aa.txt"_s, u"b2.txt"_s, u"b10.txt"_s}));
    QVERIFY(!m_model->setData(a, u"aa.txt"_s, Qt::EditRole));  // nothing to do
}

void TestFsModel::renamedFolderKeepsItsFiles()
{
    QVERIFY(open());
    QVERIFY(open(u"/w/sub"_s));
    const QPersistentModelIndex inner = at(u"/w/sub/inner"_s);
    QSignalSpy renamed(m_model.get(), &FsModel::renamed);
    QVERIFY(m_model->setData(at(u"/w/sub"_s), u"other"_s, Qt::EditRole));
    QVERIFY(renamed.wait());
    QVERIFY(inner.isValid());
    QCOMPARE(m_model->path(inner), u"/w/other/inner"_s);
}

void TestFsModel::renameIsRefused_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<bool>("asked");
    QTest::addColumn<int>("kind");
    const auto invalid = static_cast<int>(Error::Kind::InvalidInput);
    QTest::newRow("empty") << u""_s << false << invalid;
    QTest::newRow("dots") << u".."_s << false << invalid;
    QTest::newRow("slash") << u"a/b"_s << false << invalid;
    QTest::newRow("NUL") << u"a"_s + QChar(0) << false << invalid;
    QTest::newRow("too long") << QString(256, u'a') << false << invalid;
    QTest::newRow("taken") << u"b2.txt"_s << true << static_cast<int>(Error::Kind::Conflict);
    QTest::newRow("taken by a folder")
        << u"sub"_s << true << static_cast<int>(Error::Kind::Conflict);
    QTest::newRow("broken server") << u"broken"_s << true << static_cast<int>(Error::Kind::Server);
}

void TestFsModel::renameIsRefused()
{
    QFETCH(QString, name);
    QFETCH(bool, asked);
    QVERIFY(open());
    m_guest->setFile(u"/w/a.txt"_s, "a");
    m_guest->setFile(u"/w/b2.txt"_s, "b2");
    m_guest->setStatus(u"/w/broken"_s, 500);
    QSignalSpy failed(m_model.get(), &FsModel::operationFailed);
    QCOMPARE(m_model->setData(at(u"/w/a.txt"_s), name, Qt::EditRole), asked);
    QTRY_COMPARE(failed.count(), 1);
    QCOMPARE(failed.first().first().toString(), u"/w/a.txt"_s);
    QTEST(static_cast<int>(failed.first().at(1).value<Error>().kind), "kind");
    QCOMPARE(names(), QStringList({u"sub"_s, u"a.txt"_s, u"b2.txt"_s, u"b10.txt"_s}));
    QCOMPARE(m_guest->content(u"/w/b2.txt"_s), QByteArray("b2"));
    for (const QString &call : m_guest->calls())
        QVERIFY(!call.contains(u"move"_s));
}

void TestFsModel::makeFolderAndFile()
{
    QVERIFY(open());
    QSignalSpy folder(m_model.get(), &FsModel::folderMade);
    QSignalSpy file(m_model.get(), &FsModel::fileMade);
    m_guest->clearCalls();
    m_model->makeFolder(u"/w"_s, u"new folder"_s);
    m_model->makeFile(u"/w"_s, u"new+file"_s);
    QTRY_COMPARE(folder.count(), 1);
    QTRY_COMPARE(file.count(), 1);
    QCOMPARE(folder.first().first().toString(), u"/w/new folder"_s);
    QVERIFY(m_guest->hasFolder(u"/w/new folder"_s));
    // The folder that shows them is listed once for both.
    QTRY_COMPARE(m_guest->callCount(u"GET /w"_s), 1);
    QCOMPARE(m_guest->callCount(u"POST create /w/new+file"_s), 1);
    QSignalSpy failed(m_model.get(), &FsModel::operationFailed);
    m_model->makeFolder(u"/w"_s, u"a/b"_s);
    m_model->makeFile(u"/w"_s, u".."_s);
    QCOMPARE(failed.count(), 2);
}

void TestFsModel::makeNeverTouchesWhatExists()
{
    QVERIFY(open());
    m_guest->setFile(u"/w/a.txt"_s, "kept");
    QSignalSpy failed(m_model.get(), &FsModel::operationFailed);
    m_model->makeFile(u"/w"_s, u"a.txt"_s);
    m_model->makeFolder(u"/w"_s, u"sub"_s);
    QTRY_COMPARE(failed.count(), 2);
    QCOMPARE(failed.first().at(1).value<Error>().kind, Error::Kind::Conflict);
    QCOMPARE(m_guest->content(u"/w/a.txt"_s), QByteArray("kept"));
}

void TestFsModel::removeTakesTheRowOut()
{
    QVERIFY(open());
    QSignalSpy removed(m_model.get(), &FsModel::removed);
    m_model->remove({u"/w/a.txt"_s, u"/w/sub"_s});
    QTRY_COMPARE(removed.count(), 2);
    QCOMPARE(names(), QStringList({u"b2.txt"_s, u"b10.txt"_s}));
}

void TestFsModel::failedRemoveIsReported()
{
    QVERIFY(open());
    m_guest->setStatus(u"/w/a.txt"_s, 403);
    QSignalSpy failed(m_model.get(), &FsModel::operationFailed);
    m_model->remove({u"/w/a.txt"_s});
    QVERIFY(failed.wait());
    QCOMPARE(failed.first().at(1).value<Error>().subject, u"/w/a.txt"_s);
    QVERIFY(at(u"/w/a.txt"_s).isValid());
}

void TestFsModel::moveRefusesAFolderIntoItself()
{
    QVERIFY(open());
    QSignalSpy failed(m_model.get(), &FsModel::operationFailed);
    m_model->move({u"/w/sub"_s}, u"/w/sub"_s);
    m_model->move({u"/w/sub"_s}, u"/w/sub/deeper"_s);
    m_model->move({u"/w/sub"_s}, u"/w"_s);  // is there already: nothing to do
    QCOMPARE(failed.count(), 2);
    QCOMPARE(failed.first().at(1).value<Error>().kind, Error::Kind::InvalidInput);
    QCOMPARE(m_guest->calls(), QStringList({u"GET /w"_s}));
}

void TestFsModel::twoMovesOntoOneName()
{
    QVERIFY(open());
    QVERIFY(open(u"/w/sub"_s));
    m_guest->setFile(u"/w/x"_s, "first");
    m_guest->setFile(u"/v/x"_s, "second");
    QSignalSpy renamed(m_model.get(), &FsModel::renamed);
    QSignalSpy failed(m_model.get(), &FsModel::operationFailed);
    m_guest->clearCalls();
    m_model->move({u"/w/x"_s, u"/v/x"_s}, u"/w/sub"_s);
    QTRY_COMPARE(renamed.count() + failed.count(), 2);
    QCOMPARE(failed.count(), 1);
    QCOMPARE(failed.first().at(1).value<Error>().kind, Error::Kind::Conflict);
    QCOMPARE(m_guest->content(u"/w/sub/x"_s), QByteArray("first"));
    QCOMPARE(m_guest->content(u"/v/x"_s), QByteArray("second"));
    QTRY_COMPARE(m_guest->callCount(u"GET /w/sub"_s), 1);
}

void TestFsModel::flags()
{
    QVERIFY(open());
    QCOMPARE(m_model->flags({}), Qt::ItemIsDropEnabled);
    const Qt::ItemFlags file = m_model->flags(at(u"/w/a.txt"_s));
    const Qt::ItemFlags folder = m_model->flags(at(u"/w/sub"_s));
    QVERIFY(file.testFlags(Qt::ItemIsEditable | Qt::ItemIsDragEnabled));
    QVERIFY(!file.testFlag(Qt::ItemIsDropEnabled));
    QVERIFY(folder.testFlags(Qt::ItemIsEditable | Qt::ItemIsDragEnabled | Qt::ItemIsDropEnabled));
    QVERIFY(!m_model->flags(m_model->index(0, FsModel::SizeColumn)).testFlag(Qt::ItemIsEditable));
}

void TestFsModel::dragCarriesPaths()
{
    QVERIFY(open());
    const std::unique_ptr<QMimeData> data(m_model->mimeData(
        {at(u"/w/a.txt"_s), m_model->index(1, FsModel::SizeColumn), at(u"/w/sub"_s)}));
    QVERIFY(data);
    QVERIFY(!data->hasUrls());
    const QJsonObject object =
        QJsonDocument::fromJson(data->data(u"application/x-voidrun-paths"_s)).object();
    QCOMPARE(object.value("sandbox"_L1).toString(), ScriptedGuest::sandboxId());
    QCOMPARE(object.value("paths"_L1).toArray(), QJsonArray({u"/w/a.txt"_s, u"/w/sub"_s}));
    QVERIFY(m_model->mimeTypes().contains(u"application/x-voidrun-paths"_s));
}

void TestFsModel::dropOfLocalFiles()
{
    QVERIFY(open());
    QSignalSpy uploads(m_model.get(), &FsModel::uploadRequested);
    QMimeData data;
    data.setUrls({QUrl::fromLocalFile(u"/tmp/100% + #1"_s), QUrl(u"https://example.org/x"_s),
                  QUrl(u"file://otherhost/share/x"_s), QUrl::fromLocalFile(u"/tmp/line\nbreak"_s)});
    QVERIFY(m_model->canDropMimeData(&data, Qt::CopyAction, -1, -1, at(u"/w/sub"_s)));
    QVERIFY(m_model->dropMimeData(&data, Qt::CopyAction, -1, -1, at(u"/w/sub"_s)));
    QCOMPARE(uploads.count(), 1);
    const auto files = uploads.first().first().value<QList<QUrl>>();
    QCOMPARE(files.size(), 2);
    QCOMPARE(files.at(0).toLocalFile(), u"/tmp/100% + #1"_s);
    QCOMPARE(files.at(1).toLocalFile(), u"/tmp/line\nbreak"_s);
    QCOMPARE(uploads.first().at(1).toString(), u"/w/sub"_s);
    QVERIFY(m_model->dropMimeData(&data, Qt::CopyAction, 2, 0, {}));
    QCOMPARE(uploads.last().at(1).toString(), u"/w"_s);
}

void TestFsModel::dropOfOwnItemsMoves()
{
    QVERIFY(open());
    QVERIFY(open(u"/w/sub"_s));
    m_guest->setFile(u"/w/a.txt"_s, "a");
    const std::unique_ptr<QMimeData> data(m_model->mimeData({at(u"/w/a.txt"_s)}));
    QSignalSpy renamed(m_model.get(), &FsModel::renamed);
    m_guest->clearCalls();
    QVERIFY(m_model->dropMimeData(data.get(), Qt::MoveAction, -1, -1, at(u"/w/sub"_s)));
    QVERIFY(renamed.wait());
    QCOMPARE(renamed.first(), QVariantList({u"/w/a.txt"_s, u"/w/sub/a.txt"_s}));
    QVERIFY(!at(u"/w/a.txt"_s).isValid());
    QCOMPARE(m_guest->content(u"/w/sub/a.txt"_s), QByteArray("a"));
    QTRY_COMPARE(m_guest->callCount(u"GET /w/sub"_s), 1);
}

void TestFsModel::dropIsRefused_data()
{
    QTest::addColumn<QByteArray>("paths");
    QTest::addColumn<QString>("url");
    const QByteArray id = ScriptedGuest::sandboxId().toLatin1();
    QTest::newRow("nothing") << QByteArray() << QString();
    QTest::newRow("a web address") << QByteArray() << u"https://example.org/x"_s;
    QTest::newRow("no JSON") << QByteArray("/w/a.txt") << QString();
    QTest::newRow("another sandbox")
        << QByteArray(R"({"sandbox":"other","paths":["/w/a.txt"]})") << QString();
    QTest::newRow("relative") << QByteArray(R"({"sandbox":")" + id + R"(","paths":["a.txt"]})")
                              << QString();
    QTest::newRow("into itself") << QByteArray(R"({"sandbox":")" + id + R"(","paths":["/w/sub"]})")
                                 << QString();
}

void TestFsModel::dropIsRefused()
{
    QFETCH(QByteArray, paths);
    QFETCH(QString, url);
    QVERIFY(open());
    QMimeData data;
    if (!paths.isEmpty())
        data.setData(u"application/x-voidrun-paths"_s, paths);
    if (!url.isEmpty())
        data.setUrls({QUrl(url)});
    QVERIFY(!m_model->canDropMimeData(&data, Qt::MoveAction, -1, -1, at(u"/w/sub"_s)));
    QVERIFY(!m_model->dropMimeData(&data, Qt::MoveAction, -1, -1, at(u"/w/sub"_s)));
}

QTEST_GUILESS_MAIN(TestFsModel)
#include "tst_fsmodel.moc"
