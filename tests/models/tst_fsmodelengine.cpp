// SPDX-License-Identifier: MIT
#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

#include "enginesandbox.h"
#include "models/connection.h"
#include "models/fsmodel.h"
#include "models/sandboxmodel.h"

using namespace Qt::StringLiterals;
using namespace voidrun;
using namespace voidrun::test;
using State = FsModel::FolderState;

// FsModel and SandboxModel, as a Connection makes them, with the real engine and a real sandbox.
class TestFsModelEngine : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void init();
    void cleanup();

    void treeIsListed();
    void oddNamesComeBack();
    void linksAreShown();
    void renameAndRefusal();
    void danglingLinkIsNotReplaced();
    void makeMoveAndRemove();
    void foldersThatCannotBeListed();
    void sandboxesAreMadeAndDeleted();
    void connectionThatGoes();

private:
    QStringList names(const QString &path) const;
    bool list(const QString &path);

    std::unique_ptr<EngineSandbox> m_box;
    std::unique_ptr<Connection> m_connection;
    std::unique_ptr<FsModel> m_model;
    std::unique_ptr<QAbstractItemModelTester> m_tester;
    QString m_folder;
    int m_number = 0;
};

void TestFsModelEngine::initTestCase()
{
    m_box = std::make_unique<EngineSandbox>();
    QVERIFY2(m_box->start(), qPrintable(m_box->problem()));
}

void TestFsModelEngine::cleanupTestCase()
{
    m_box.reset();
}

void TestFsModelEngine::init()
{
    m_folder = u"/tmp/t%1"_s.arg(++m_number);
    QCOMPARE(m_box->run(u"mkdir %1"_s.arg(m_folder)), QString());
    m_connection = std::make_unique<Connection>(m_box->engine().profile());
    m_model.reset(m_connection->createFsModel(m_box->id(), nullptr));
}

void TestFsModelEngine::cleanup()
{
    m_tester.reset();
    m_model.reset();
    m_connection.reset();
}

QStringList TestFsModelEngine::names(const QString &path) const
{
    QStringList names;
    const QModelIndex folder = m_model->indexOf(path);
    for (int row = 0; row < m_model->rowCount(folder); ++row)
        names.append(m_model->index(row, 0, folder).data(Qt::EditRole).toString());
    return names;
}

bool TestFsModelEngine::list(const QString &path)
{
    QSignalSpy finished(m_model.get(), &FsModel::loadingFinished);
    m_model->setRootPath(path);
    m_tester = std::make_unique<QAbstractItemModelTester>(m_model.get());
    return finished.wait(30'000);
}

void TestFsModelEngine::treeIsListed()
{
    m_box->run(
        u"cd %1; mkdir -p d/e; printf 12345 > f10; printf 1 > f9; chmod 750 f9"_s.arg(m_folder));
    QVERIFY(list(m_folder));
    QCOMPARE(names(m_folder), QStringList({u"d"_s, u"f9"_s, u"f10"_s}));
    const QModelIndex f9 = m_model->indexOf(m_folder + u"/f9"_s);
    QCOMPARE(f9.siblingAtColumn(FsModel::PermissionsColumn).data().toString(), u"rwxr-x---"_s);
    QCOMPARE(m_model->indexOf(m_folder + u"/f10"_s).data(FsModel::SizeRole).toLongLong(), 5);
    const QDateTime modified = f9.data(FsModel::ModifiedRole).toDateTime();
    QVERIFY(qAbs(modified.secsTo(QDateTime::currentDateTime())) < 60);
    // The tester opens what can be opened, as a view would.
    QTRY_COMPARE(m_model->folderState(m_model->indexOf(m_folder + u"/d/e"_s)), State::Loaded);
}

void TestFsModelEngine::oddNamesComeBack()
{
    const QStringList odd{u"two words"_s, u"100%25"_s, u"a+b&c=d#e?f"_s, u"日本 🦦"_s,
                          u"-dash"_s,     u"it's"_s,   u"line\nbreak"_s, u".hidden"_s};
    for (const QString &name : odd) {
        QString quoted = name;
        quoted.replace(u"'"_s, u"'\\''"_s);
        m_box->run(u"mkdir -- '%1/%2'; touch -- '%1/%2/inside'"_s.arg(m_folder, quoted));
    }
    QVERIFY(list(m_folder));
    QCOMPARE(m_model->rowCount(), odd.size());
    for (const QString &name : odd) {
        const QModelIndex folder = m_model->indexOf(m_folder + u'/' + name);
        QVERIFY2(folder.isValid(), qPrintable(name));
        QTRY_COMPARE(m_model->folderState(folder), State::Loaded);
        QCOMPARE(names(m_folder + u'/' + name), QStringList({u"inside"_s}));
    }
}

void TestFsModelEngine::linksAreShown()
{
    m_box->run(u"cd %1; ln -s /etc/passwd file; ln -s nowhere dangling"_s.arg(m_folder));
    QVERIFY(list(m_folder));
    for (const QString &name : {u"file"_s, u"dangling"_s}) {
        const QModelIndex index = m_model->indexOf(m_folder + u'/' + name);
        QVERIFY(m_model->entry(index).isSymlink);
        QVERIFY(index.data(Qt::AccessibleTextRole).toString().contains(u"link"_s));
    }
}

void TestFsModelEngine::renameAndRefusal()
{
    m_box->run(u"cd %1; printf a > a; printf b > b; mkdir d"_s.arg(m_folder));
    QVERIFY(list(m_folder));
    QSignalSpy renamed(m_model.get(), &FsModel::renamed);
    QSignalSpy failed(m_model.get(), &FsModel::operationFailed);
    const QPersistentModelIndex a = m_model->indexOf(m_folder + u"/a"_s);
    QVERIFY(m_model->setData(a, u"b"_s, Qt::EditRole));
    QVERIFY(failed.wait());
    QCOMPARE(failed.last().at(1).value<Error>().kind, Error::Kind::Conflict);
    QVERIFY(m_model->setData(a, u"d"_s, Qt::EditRole));
    QVERIFY(failed.wait());
    QCOMPARE(m_box->run(u"cd %1; cat a b; ls d"_s.arg(m_folder)), u"ab"_s);
    QVERIFY(m_model->setData(a, u"new %41 name"_s, Qt::EditRole));
    QVERIFY(renamed.wait());
    QCOMPARE(m_box->run(u"cat '%1/new %41 name'"_s.arg(m_folder)), u"a"_s);
    QCOMPARE(a.data(Qt::EditRole).toString(), u"new %41 name"_s);
}

void TestFsModelEngine::danglingLinkIsNotReplaced()
{
    m_box->run(u"cd %1; printf a > a; ln -s nowhere b"_s.arg(m_folder));
    QVERIFY(list(m_folder));
    QSignalSpy failed(m_model.get(), &FsModel::operationFailed);
    QVERIFY(m_model->setData(m_model->indexOf(m_folder + u"/a"_s), u"b"_s, Qt::EditRole));
    QVERIFY(failed.wait());
    QCOMPARE(failed.last().at(1).value<Error>().kind, Error::Kind::Conflict);
    QCOMPARE(m_box->run(u"cd %1; cat a; readlink b"_s.arg(m_folder)), u"anowhere\n"_s);
}

void TestFsModelEngine::makeMoveAndRemove()
{
    QVERIFY(list(m_folder));
    QSignalSpy made(m_model.get(), &FsModel::folderMade);
    QSignalSpy fileMade(m_model.get(), &FsModel::fileMade);
    m_model->makeFolder(m_folder, u"d"_s);
    m_model->makeFile(m_folder, u"f"_s);
    QTRY_COMPARE(made.count() + fileMade.count(), 2);
    QTRY_COMPARE(names(m_folder), QStringList({u"d"_s, u"f"_s}));
    QSignalSpy renamed(m_model.get(), &FsModel::renamed);
    m_model->move({m_folder + u"/f"_s}, m_folder + u"/d"_s);
    QVERIFY(renamed.wait());
    QTRY_COMPARE(names(m_folder), QStringList({u"d"_s}));
    QTRY_COMPARE(names(m_folder + u"/d"_s), QStringList({u"f"_s}));
    QSignalSpy removed(m_model.get(), &FsModel::removed);
    m_model->remove({m_folder + u"/d"_s});
    QVERIFY(removed.wait());
    QCOMPARE(m_model->rowCount(), 0);
    QCOMPARE(m_box->run(u"ls %1"_s.arg(m_folder)), QString());
}

void TestFsModelEngine::foldersThatCannotBeListed()
{
    QSignalSpy failed(m_model.get(), &FsModel::loadingFailed);
    m_model->setRootPath(u"/no/such/folder"_s);
    QVERIFY(failed.wait());
    QCOMPARE(m_model->folderState(), State::Failed);
    QCOMPARE(failed.first().at(1).value<Error>().kind, Error::Kind::NotFound);
    m_box->run(u"printf x > %1/file"_s.arg(m_folder));
    m_model->setRootPath(m_folder + u"/file"_s);
    QVERIFY(failed.wait());
    QCOMPARE(m_model->rowCount(), 0);
}

void TestFsModelEngine::sandboxesAreMadeAndDeleted()
{
    SandboxModel *sandboxes = m_connection->sandboxes();
    const QAbstractItemModelTester tester(sandboxes);
    sandboxes->refresh();
    QTRY_COMPARE(sandboxes->names(), QStringList({u"models-test"_s}));
    QSignalSpy created(sandboxes, &SandboxModel::sandboxCreated);
    QSignalSpy refused(sandboxes, &SandboxModel::creatingFailed);
    SandboxSpec spec;
    spec.name = u"a-second"_s;
    sandboxes->create(spec);
    QVERIFY(created.wait(30'000));
    QCOMPARE(sandboxes->names(), QStringList({u"a-second"_s, u"models-test"_s}));
    QVERIFY(sandboxes->sandbox(sandboxes->index(0, 0).data(SandboxModel::IdRole).toString())
                ->isRunning());
    sandboxes->create(spec);
    QVERIFY(refused.wait(30'000));
    QCOMPARE(refused.first().at(1).value<Error>().kind, Error::Kind::Conflict);
    QSignalSpy deleted(sandboxes, &SandboxModel::sandboxDeleted);
    sandboxes->remove(sandboxes->index(0, 0).data(SandboxModel::IdRole).toString());
    QVERIFY(deleted.wait(30'000));
    QCOMPARE(sandboxes->names(), QStringList({u"models-test"_s}));
    sandboxes->refresh();
    QTRY_COMPARE(sandboxes->loadState(), SandboxModel::LoadState::Loaded);
    QCOMPARE(sandboxes->names(), QStringList({u"models-test"_s}));
}

void TestFsModelEngine::connectionThatGoes()
{
    QSignalSpy failed(m_model.get(), &FsModel::loadingFailed);
    m_model->setRootPath(m_folder);
    m_connection.reset();
    QTRY_COMPARE(failed.count(), 1);
    QCOMPARE(failed.first().at(1).value<Error>().kind, Error::Kind::Cancelled);
    m_model->refresh();
    QCOMPARE(m_model->folderState(), State::Failed);
    QSignalSpy refused(m_model.get(), &FsModel::operationFailed);
    m_model->remove({u"/x"_s});
    m_model->makeFolder(u"/"_s, u"x"_s);
    QTRY_COMPARE(refused.count(), 2);
}

QTEST_GUILESS_MAIN(TestFsModelEngine)
#include "tst_fsmodelengine.moc"
