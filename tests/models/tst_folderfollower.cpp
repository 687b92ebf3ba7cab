// SPDX-License-Identifier: MIT
#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QtTest>

#include <algorithm>

#include "enginesandbox.h"
#include "models/connection.h"
#include "models/folderfollower.h"
#include "models/fsmodel.h"
#include "models/sandboxmodel.h"
#include "support/cuttingproxy.h"

using namespace voidrun;
using namespace voidrun::test;
using namespace Qt::StringLiterals;

// The folder that is shown, of a real sandbox, kept as it is by a watch.
class TestFolderFollower : public QObject
{
    Q_OBJECT

private:
    EngineSandbox m_sandbox;
    std::unique_ptr<CuttingProxy> m_proxy;
    std::unique_ptr<Connection> m_connection;
    std::unique_ptr<FsModel> m_model;
    std::unique_ptr<QAbstractItemModelTester> m_tester;
    std::unique_ptr<FolderFollower> m_follower;
    std::unique_ptr<QSignalSpy> m_listings;
    QString m_folder;
    int m_number = 0;

    QString run(const QString &command)
    {
        return m_sandbox.run(u"cd %1 && "_s.arg(m_folder) + command);
    }

    QStringList names() const
    {
        QStringList names;
        for (int row = 0; row < m_model->rowCount(); ++row) {
            const QModelIndex index = m_model->index(row, 0);
            names.append(index.data(Qt::EditRole).toString() +
                         (index.data(FsModel::IsDirRole).toBool() ? u"/"_s : QString()));
        }
        return names;
    }

    QString column(const QString &name, int column) const
    {
        return m_model->indexOf(m_folder % u'/' % name).siblingAtColumn(column).data().toString();
    }

    // The tester lists folders below, as a view that opens them does.
    qsizetype rootListings() const
    {
        return std::ranges::count_if(*m_listings, [this](const QList<QVariant> &started) {
            return started.first().toString() == m_folder;
        });
    }

    // Shown, followed, and listed for the second time.
    bool open(const QString &content)
    {
        run(content);
        m_model->setRootPath(m_folder);
        m_listings = std::make_unique<QSignalSpy>(m_model.get(), &FsModel::loadingStarted);
        QSignalSpy caughtUp(m_model.get(), &FsModel::followed);
        m_follower->setSeen(true);
        return QTest::qWaitFor([&] { return m_follower->isLive() && caughtUp.count() > 0; },
                               20'000);
    }

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY2(m_sandbox.start(), qPrintable(m_sandbox.problem()));
        m_proxy = std::make_unique<CuttingProxy>(m_sandbox.engine().port());
    }

    void init()
    {
        m_folder = u"/tmp/f%1"_s.arg(++m_number);
        QCOMPARE(m_sandbox.run(u"mkdir "_s + m_folder), QString());
        ConnectionProfile profile = m_sandbox.engine().profile();
        profile.baseUrl = m_proxy->through(profile.baseUrl);
        m_connection = std::make_unique<Connection>(profile);
        m_connection->sandboxes()->refresh();
        QTRY_COMPARE(m_connection->sandboxes()->rowCount(), 1);
        m_model.reset(m_connection->createFsModel(m_sandbox.id(), nullptr));
        m_tester = std::make_unique<QAbstractItemModelTester>(m_model.get());
        m_follower.reset(m_model->createFollower(nullptr));
    }

    void cleanup()
    {
        m_follower.reset();
        m_tester.reset();
        m_model.reset();
        m_connection.reset();
    }

    void rowsComeChangeAndGo()
    {
        QVERIFY(open(u"mkdir d; echo a > a; echo b > b; echo c > c"_s));
        const QPersistentModelIndex kept = m_model->indexOf(m_folder + u"/c"_s);
        run(u"printf 12345 > new; mkdir e; rm a; echo more >> c; touch d/below"_s);
        QTRY_COMPARE(names(), QStringList({u"d/"_s, u"e/"_s, u"b"_s, u"c"_s, u"new"_s}));
        QTRY_COMPARE(m_model->indexOf(m_folder + u"/c"_s).data(FsModel::SizeRole).toInt(), 7);
        QCOMPARE(m_model->indexOf(m_folder + u"/new"_s).data(FsModel::SizeRole).toInt(), 5);
        const auto modified =
            m_model->indexOf(m_folder + u"/new"_s).data(FsModel::ModifiedRole).toDateTime();
        QVERIFY(qAbs(modified.secsTo(QDateTime::currentDateTime())) < 60);
        // A file that is renamed keeps its row's place in what is selected.
        const QPersistentModelIndex moving = m_model->indexOf(m_folder + u"/b"_s);
        run(u"mv b z; mv new d/; echo x > tmp; mv tmp c"_s);
        QTRY_COMPARE(names(), QStringList({u"d/"_s, u"e/"_s, u"c"_s, u"z"_s}));
        QVERIFY(moving.isValid());
        QCOMPARE(moving.data(Qt::EditRole).toString(), u"z"_s);
        QVERIFY(kept.isValid());
        QCOMPARE(kept.data(Qt::EditRole).toString(), u"c"_s);
        QCOMPARE(rootListings(), 0);  // nobody asked for one
    }

    void permissionsThatNobodyToldAreNotClaimed()
    {
        QVERIFY(open(u"echo a > a; echo b > b; chmod 640 a b"_s));
        QCOMPARE(column(u"a"_s, FsModel::PermissionsColumn), u"rw-r-----"_s);
        run(u"chmod 755 a; echo c > c; echo b >> b"_s);
        QTRY_COMPARE(column(u"a"_s, FsModel::PermissionsColumn), u"…"_s);
        QTRY_COMPARE(column(u"c"_s, FsModel::PermissionsColumn), u"…"_s);
        QCOMPARE(column(u"b"_s, FsModel::PermissionsColumn), u"rw-r-----"_s);
        m_model->refresh();
        QTRY_COMPARE(column(u"a"_s, FsModel::PermissionsColumn), u"rwxr-xr-x"_s);
        QVERIFY(column(u"c"_s, FsModel::PermissionsColumn).startsWith(u"rw"_s));
    }

    void manyAtOnceAreOneWalk()
    {
        QVERIFY(open(u"for i in $(seq 300); do echo a > old$i; done"_s));
        run(u"for i in $(seq 1000); do echo a > new$i; done; rm old1*; mv old2 renamed; mkdir dir; "
            "for i in $(seq 1000); do echo bb > new$i; done"_s);
        const QString listed = m_sandbox.run(u"ls -1 %1 | wc -l"_s.arg(m_folder)).trimmed();
        QTRY_COMPARE(QString::number(m_model->rowCount()), listed);
        QTRY_COMPARE(m_model->indexOf(m_folder + u"/new1000"_s).data(FsModel::SizeRole).toInt(), 3);
        QVERIFY(m_model->indexOf(m_folder + u"/renamed"_s).isValid());
        QVERIFY(!m_model->indexOf(m_folder + u"/old2"_s).isValid());
        QCOMPARE(names().first(), u"dir/"_s);
        // In the order of a listing.
        const QStringList followed = names();
        QSignalSpy loaded(m_model.get(), &FsModel::loadingFinished);
        m_model->refresh();
        QVERIFY(loaded.wait());
        QCOMPARE(names(), followed);
    }

    void aFolderThatGoesIsTold()
    {
        QVERIFY(open(u"touch a"_s));
        QSignalSpy failed(m_model.get(), &FsModel::loadingFailed);
        m_sandbox.run(u"rm -r "_s + m_folder);
        QTRY_COMPARE(failed.count(), 1);
        QCOMPARE(failed.first().at(1).value<Error>().kind, Error::Kind::NotFound);
        QCOMPARE(m_model->rowCount(), 0);
        QVERIFY(!m_follower->isLive());
    }

    void anotherFolderIsFollowedAndNoneThatIsNotSeen()
    {
        QVERIFY(open(u"mkdir d; touch a"_s));
        m_model->setRootPath(m_folder + u"/d"_s);
        QVERIFY(!m_follower->isLive());
        QTRY_VERIFY(m_follower->isLive());
        run(u"touch b d/below"_s);
        QTRY_COMPARE(names(), QStringList{u"below"_s});
        m_follower->setSeen(false);
        QVERIFY(!m_follower->isLive());
        run(u"touch d/unseen"_s);
        m_follower->setSeen(true);  // looked at again: what was missed comes with it
        QTRY_COMPARE(names(), QStringList({u"below"_s, u"unseen"_s}));
    }

    void afterACutNothingIsMissing()
    {
        QVERIFY(open(u"touch a"_s));
        m_proxy->setRefusing(true);
        m_proxy->cutNow();
        QTRY_VERIFY(!m_follower->isLive());
        run(u"touch meanwhile; rm a"_s);
        QSignalSpy outdated(m_follower.get(), &FolderFollower::outdated);
        m_proxy->setRefusing(false);
        QTRY_COMPARE_WITH_TIMEOUT(names(), QStringList{u"meanwhile"_s}, 20'000);
        QCOMPARE(outdated.count(), 0);
        QCOMPARE(rootListings(), 0);
    }

    void aSleepingSandboxIsLeftAlone()
    {
        QVERIFY(open(u"touch a"_s));
        SandboxModel *sandboxes = m_connection->sandboxes();
        sandboxes->sleep(m_sandbox.id());
        QTRY_VERIFY_WITH_TIMEOUT(sandboxes->sandbox(m_sandbox.id())->isAsleep(), 20'000);
        QTRY_VERIFY(!m_follower->isLive());
        m_follower->setSandboxRuns(false);
        m_follower->setSeen(false);
        m_follower->setSeen(true);
        // Also where the list of sandboxes is not up to date.
        m_follower->setSandboxRuns(true);
        QSignalSpy loaded(sandboxes, &SandboxModel::loadingFinished);
        for (int look = 0; look < 3; ++look) {
            sandboxes->refresh();
            QVERIFY(loaded.wait());
            QVERIFY(sandboxes->sandbox(m_sandbox.id())->isAsleep());
        }
        QVERIFY(!m_follower->isLive());
        m_follower->setSandboxRuns(false);
        run(u"touch awake"_s);  // wakes it
        m_follower->setSandboxRuns(true);
        QTRY_VERIFY_WITH_TIMEOUT(m_follower->isLive(), 20'000);
        QTRY_COMPARE(names(), QStringList({u"a"_s, u"awake"_s}));
    }
};

QTEST_GUILESS_MAIN(TestFolderFollower)
#include "tst_folderfollower.moc"
