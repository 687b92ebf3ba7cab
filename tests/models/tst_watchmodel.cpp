// SPDX-License-Identifier: MIT
#include <QAbstractItemModelTester>
#include <QRandomGenerator>
#include <QSignalSpy>
#include <QtTest>

#include "enginesandbox.h"
#include "models/connection.h"
#include "models/sandboxmodel.h"
#include "models/watchcsv.h"
#include "models/watcheventsmodel.h"
#include "models/watchfiltermodel.h"
#include "models/watchmodel.h"
#include "support/cuttingproxy.h"
#include "support/replywait.h"

using namespace voidrun;
using namespace voidrun::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using State = Watch::State;
using Kind = WatchChange::Kind;

namespace
{

StreamOptions quick()
{
    StreamOptions options;
    options.retryMin = 20ms;
    options.retryMax = 80ms;
    return options;
}

bool isPart(const QString &path, const QString &folder)
{
    return path.startsWith(folder + u'/');
}

// What is there after these changes, the oldest first, of what was there before.
QStringList pictureOf(QSet<QString> paths, const QList<WatchChange> &changes)
{
    for (const WatchChange &change : changes) {
        const auto removeAll = [&](const QString &path) {
            paths.removeIf([&](const QString &it) { return it == path || isPart(it, path); });
        };
        if (change.kind == Kind::RescanNeeded)
            continue;
        if (change.kind == Kind::Deleted) {
            removeAll(change.path);
            continue;
        }
        if (change.kind == Kind::Renamed) {
            QSet<QString> moved;
            for (const QString &path : std::as_const(paths)) {
                if (isPart(path, change.oldPath))
                    moved.insert(change.path + path.mid(change.oldPath.size()));
            }
            removeAll(change.oldPath);
            removeAll(change.path);
            paths += moved;
        }
        paths.insert(change.path);
    }
    QStringList sorted(paths.begin(), paths.end());
    sorted.sort();
    return sorted;
}

}  // namespace

// Folders of real sandboxes that are watched, also through a network that fails.
class TestWatchModel : public QObject
{
    Q_OBJECT

private:
    EngineSandbox m_sandbox;
    std::unique_ptr<CuttingProxy> m_proxy;
    std::unique_ptr<Connection> m_connection;
    std::unique_ptr<WatchModel> m_model;
    std::unique_ptr<QAbstractItemModelTester> m_tester;
    QString m_folder;
    int m_number = 0;

    ConnectionProfile profile() const
    {
        ConnectionProfile profile = const_cast<EngineSandbox &>(m_sandbox).engine().profile();
        profile.id = u"here"_s;
        profile.baseUrl = m_proxy->through(profile.baseUrl);
        return profile;
    }

    WatchEventsModel *events() const { return m_model->events(); }
    State state(int id) const { return m_model->watch(id)->state; }

    // Watches and has listed.
    int watch(bool recursive = true, bool ignoreHidden = true)
    {
        const int id =
            m_model->add(m_connection.get(), m_sandbox.id(),
                         {.path = m_folder, .recursive = recursive, .ignoreHidden = ignoreHidden});
        return QTest::qWaitFor([&] { return m_model->watch(id)->isKnown; }, 20'000) ? id : 0;
    }

    // The oldest first, "f: Created".
    QStringList rows() const
    {
        QStringList rows;
        for (int row = events()->rowCount() - 1; row >= 0; --row) {
            const WatchChange &change = events()->change(events()->index(row, 0));
            rows.append(change.path.mid(m_folder.size() + 1) % u": "_s %
                        WatchEventsModel::kindText(change));
        }
        return rows;
    }

    QList<WatchChange> changes() const
    {
        QList<WatchChange> changes;
        for (int row = events()->rowCount() - 1; row >= 0; --row)
            changes.append(events()->change(events()->index(row, 0)));
        return changes;
    }

    QStringList realTree()
    {
        QStringList paths =
            m_sandbox.run(u"find %1 -mindepth 1"_s.arg(m_folder)).split(u'\n', Qt::SkipEmptyParts);
        paths.sort();
        return paths;
    }

    // A line for the shell that changes the folder at random.
    static QString randomChanges(QRandomGenerator &random, int count)
    {
        const auto name = [&](int names) { return QString::number(random.bounded(names)); };
        QString script;
        for (int i = 0; i < count; ++i) {
            const QString f = u"d"_s % name(3) % u"/f"_s % name(6);
            const QString g = u"d"_s % name(3) % u"/f"_s % name(6);
            const QStringList all{u"mkdir -p d%1; echo x >> %2"_s.arg(name(3), f),
                                  u"rm -f %1"_s.arg(f),
                                  u"mv -f %1 %2"_s.arg(f, g),
                                  u"echo %1 > %2.tmp; mv -f %2.tmp %2"_s.arg(name(999), f),
                                  u"rm -rf d%1"_s.arg(name(3)),
                                  u"rm -rf e; mv d%1 e"_s.arg(name(3)),
                                  u"chmod 6%1%2 %3"_s.arg(name(8), name(8), f),
                                  u"mv e d%1"_s.arg(name(3)),
                                  u"echo %1 > %2"_s.arg(name(999), f)};
            script += all[random.bounded(all.size())] % u"; sleep 0.00"_s % name(9) % u"\n"_s;
        }
        return script;
    }

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY2(m_sandbox.start(), qPrintable(m_sandbox.problem()));
        m_proxy = std::make_unique<CuttingProxy>(m_sandbox.engine().port());
    }

    void init()
    {
        m_folder = u"/tmp/w%1"_s.arg(++m_number);
        QCOMPARE(m_sandbox.run(u"mkdir %1"_s.arg(m_folder)), QString());
        m_connection = std::make_unique<Connection>(profile());
        m_connection->sandboxes()->refresh();
        QTRY_VERIFY(m_connection->sandboxes()->rowCount() > 0);
        m_model = std::make_unique<WatchModel>(quick());
        m_tester = std::make_unique<QAbstractItemModelTester>(m_model.get());
    }

    void cleanup()
    {
        m_tester.reset();
        m_model.reset();
        m_connection.reset();
    }

    void changesBecomeRows()
    {
        m_sandbox.run(u"cd %1; echo a > old; echo a > gone; echo a > kept"_s.arg(m_folder));
        const int id = watch();
        QVERIFY(id > 0);
        QCOMPARE(state(id), State::Live);
        QVERIFY(!m_model->watch(id)->lastEvent.isValid());
        m_sandbox.run(
            u"cd %1; printf 12345 > new; sleep 0.1; echo b >> kept; sleep 0.1; rm gone; "
            "sleep 0.1; mv old young; sleep 0.1; chmod 600 young"_s.arg(m_folder));
        QTRY_COMPARE(rows(), QStringList({u"new: Created"_s, u"kept: Changed"_s, u"gone: Deleted"_s,
                                          u"young: Renamed from old"_s}));
        QCOMPARE(changes().first().size, std::optional<qint64>(5));
        QCOMPARE(changes().first().sandboxName, u"models-test"_s);
        QVERIFY(qAbs(m_model->watch(id)->lastEvent.secsTo(QDateTime::currentDateTime())) < 60);
    }

    void editorsChangeFiles()
    {
        m_sandbox.run(u"cd %1; echo a > plain; echo a > backed; echo a > hidden"_s.arg(m_folder));
        QVERIFY(watch() > 0);
        m_sandbox.run(
            u"cd %1; echo b > plain.tmp; mv plain.tmp plain; sleep 0.2; "
            "mv backed backed~; echo b > backed; rm backed~; sleep 0.2; "
            "echo b > .hidden.swp; mv .hidden.swp hidden; sleep 0.2; "
            "echo b > fresh.tmp; mv fresh.tmp fresh"_s.arg(m_folder));
        QTRY_COMPARE(rows(), QStringList({u"plain: Changed"_s, u"backed: Changed"_s,
                                          u"hidden: Changed"_s, u"fresh: Created"_s}));
    }

    // So quickly that the server gathers all of it.
    void foldersThatMoveTakeNothingAway()
    {
        m_sandbox.run(u"mkdir %1-aside"_s.arg(m_folder));
        const int id = watch();
        QVERIFY(id > 0);
        m_sandbox.run(
            u"cd %1; mkdir d g; touch d/x g/x; sleep 0.01; mv d e; sleep 0.01; mkdir d; "
            "touch d/x; mv g %1-aside/; sleep 0.03; mv %1-aside/g ."_s.arg(m_folder));
        const QStringList real = realTree();
        QCOMPARE(real.size(), 6);
        QTRY_COMPARE(m_model->tree(id).size(), real.size());
        QTRY_COMPARE(pictureOf({}, changes()), real);
    }

    // While the agent has not read yet what happened before.
    void foldersThatChangePlacesAtOnceAreSeen()
    {
        const int id = watch();
        QVERIFY(id > 0);
        m_sandbox.run(
            u"cd %1; for i in 1 2 3 4 5; do mkdir d; touch d/x$i; mv d e$i; done; mkdir d; "
            "touch d/last; for i in 1 2 3 4 5; do touch e$i/later; done"_s.arg(m_folder));
        const QStringList real = realTree();
        QCOMPARE(real.size(), 17);
        QTRY_COMPARE(m_model->tree(id).size(), real.size());
        QTRY_COMPARE(pictureOf({}, changes()), real);
    }

    void optionsSayWhatIsSeen()
    {
        m_sandbox.run(u"mkdir %1/d %1/.h"_s.arg(m_folder));
        const int id = watch(false, true);
        QVERIFY(id > 0);
        const QString change = u"cd %1; touch d/deep .dot .h/deep; sleep 0.2; touch last"_s;
        m_sandbox.run(change.arg(m_folder));
        QTRY_VERIFY(rows().contains(u"last: Created"_s));
        QVERIFY(!rows().join(u' ').contains(u"deep"_s) && !rows().join(u' ').contains(u".dot"_s));
        // The same folder with other options is the same watch.
        QCOMPARE(
            m_model->add(m_connection.get(), m_sandbox.id(),
                         {.path = m_folder + u"/."_s, .recursive = true, .ignoreHidden = false}),
            id);
        QCOMPARE(m_model->rowCount(), 1);
        QTRY_VERIFY_WITH_TIMEOUT(m_model->watch(id)->isKnown, 20'000);
        QVERIFY(!m_model->watch(id)->needsRescan);
        events()->clear();
        m_sandbox.run(u"cd %1; rm -r last .dot d/deep .h/deep"_s.arg(m_folder));
        QTRY_COMPARE(rows().size(), 4);
        QVERIFY(rows().contains(u".h/deep: Deleted"_s));
    }

    // Also names that no line could hold, and a folder that is a link.
    void oddNamesAndFolders()
    {
        m_sandbox.run(
            u"cd %1; mkdir real 'sp ace'; touch \"$(printf 'real/a\\nb')\" 'real/é ü' "
            u"\"real/it's\"; "
            "ln -s real link"_s.arg(m_folder));
        const QString top = m_folder;
        m_folder = top + u"/link"_s;
        const int id = watch();
        QVERIFY(id > 0);
        QCOMPARE(m_model->tree(id).keys(), QStringList({u"a\nb"_s, u"it's"_s, u"é ü"_s}));
        m_sandbox.run(u"cd %1/real; rm \"$(printf 'a\\nb')\""_s.arg(top));
        QTRY_COMPARE(m_model->tree(id).size(), 2);
    }

    void aFolderThatIsNotThereIsTold()
    {
        const int id = m_model->add(m_connection.get(), m_sandbox.id(), {.path = u"/no/such"_s});
        QTRY_COMPARE(state(id), State::Stopped);
        QCOMPARE(m_model->watch(id)->error.kind, Error::Kind::NotFound);
        m_model->remove(id);
        QCOMPARE(m_model->rowCount(), 0);
    }

    void severalSandboxesAtOnce()
    {
        SandboxSpec spec;
        spec.name = u"second"_s;
        VERIFY_ANSWER(second, m_sandbox.client()->createSandbox(spec));
        m_connection->sandboxes()->refresh();
        QTRY_COMPARE(m_connection->sandboxes()->rowCount(), 2);
        const int first = watch();
        QVERIFY(first > 0);
        const int other = m_model->add(m_connection.get(), second.id, {.path = u"/tmp"_s});
        QTRY_VERIFY_WITH_TIMEOUT(m_model->watch(other)->isKnown, 20'000);
        QVERIFY(first != other);
        m_sandbox.run(u"touch %1/here"_s.arg(m_folder));
        ExecRequest request;
        request.command = u"touch /tmp/there"_s;
        VERIFY_ANSWER(touched, m_sandbox.client()->exec(second.id, request));
        QTRY_COMPARE(events()->rowCount(), 2);
        WatchFilterModel filter(events());
        QAbstractItemModelTester tester(&filter);
        filter.setSandbox(second.id);
        QCOMPARE(filter.rowCount(), 1);
        QCOMPARE(filter.change(filter.index(0, 0)).path, u"/tmp/there"_s);
        filter.setSandbox({});
        filter.setPattern(u"HER"_s);
        QCOMPARE(filter.rowCount(), 2);
        filter.setPattern(u"*w?*/he*"_s);
        QCOMPARE(filter.rowCount(), 1);
        filter.setPattern(u"th*"_s);
        QCOMPARE(filter.rowCount(), 1);
        filter.setKind(Kind::Deleted);
        QCOMPARE(filter.rowCount(), 0);
        VERIFY_ANSWER(deleted, m_sandbox.client()->deleteSandbox(second.id));
        QTRY_COMPARE_WITH_TIMEOUT(state(other), State::Stopped, 20'000);
        QCOMPARE(m_model->watch(other)->error.kind, Error::Kind::NotFound);
        QCOMPARE(state(first), State::Live);
    }

    // After each cut a rescan makes the picture that the rows give the real tree again.
    void nothingIsMissedAfterCuts()
    {
        const int cuts = qEnvironmentVariableIntValue("VOIDRUN_LONG_TESTS") ? 200 : 20;
        m_sandbox.run(u"cd %1; mkdir d0 d1; echo a > d0/f0; echo b > d1/f1"_s.arg(m_folder));
        const int id = watch();
        QVERIFY(id > 0);
        const QStringList start = realTree();
        const QSet<QString> before(start.begin(), start.end());
        QRandomGenerator random(8);
        QSignalSpy rescanned(m_model.get(), &WatchModel::rescanned);
        int missed = 0;
        for (int round = 0; round < cuts; ++round) {
            ExecRequest request;
            request.command = u"cd %1\n"_s.arg(m_folder) % randomChanges(random, 14) % u"true"_s;
            auto *reply = m_sandbox.client()->exec(m_sandbox.id(), request);
            std::optional<Result<ExecResult>> done;
            reply->onFinished(this, [&](const Result<ExecResult> &result) { done = result; });
            QTimer::singleShot(random.bounded(150), m_proxy.get(), &CuttingProxy::cutNow);
            QTRY_VERIFY_WITH_TIMEOUT(done.has_value(), 20'000);
            QVERIFY(done->has_value());
            QTRY_VERIFY_WITH_TIMEOUT(m_model->watch(id)->needsRescan && state(id) == State::Live,
                                     20'000);
            m_model->rescan(id);
            QTRY_COMPARE_WITH_TIMEOUT(rescanned.count(), round + 1, 20'000);
            missed += rescanned.last().at(1).toInt();
            QVERIFY(!m_model->watch(id)->needsRescan);
            const QStringList real = realTree();
            QTRY_COMPARE(pictureOf(before, changes()), real);
            QCOMPARE(m_model->tree(id).size(), real.size());
        }
        qInfo("%d changes were found by rescans after %d cuts", missed, cuts);
        QVERIFY(missed > 0);
        // Nothing changed since: nothing is told.
        m_model->rescan(id);
        QTRY_COMPARE(rescanned.count(), cuts + 1);
        QCOMPARE(rescanned.last().at(1).toInt(), 0);
    }

    // Nothing of this wakes it, and it goes on by itself.
    void aSleepingSandboxIsWaitedFor()
    {
        SandboxModel *sandboxes = m_connection->sandboxes();
        const int id = watch();
        QVERIFY(id > 0);
        sandboxes->sleep(m_sandbox.id());
        QTRY_VERIFY_WITH_TIMEOUT(sandboxes->sandbox(m_sandbox.id())->isAsleep(), 20'000);
        QTRY_COMPARE_WITH_TIMEOUT(state(id), State::Asleep, 20'000);
        // So many as are allowed, all of which wait.
        for (int i = 1; i < WatchModel::MaxWatches; ++i) {
            const int more =
                m_model->add(m_connection.get(), m_sandbox.id(), {.path = u"/tmp/more%1"_s.arg(i)});
            QVERIFY(more > 0);
            QCOMPARE(state(more), State::Asleep);
        }
        QCOMPARE(m_model->add(m_connection.get(), m_sandbox.id(), {.path = u"/tmp/last"_s}), 0);
        QCOMPARE(m_model->rowCount(), WatchModel::MaxWatches);
        for (int row = WatchModel::MaxWatches - 1; row > 0; --row)
            m_model->remove(m_model->index(row, 0).data(WatchModel::IdRole).toInt());
        for (int look = 0; look < 3; ++look) {
            QSignalSpy loaded(sandboxes, &SandboxModel::loadingFinished);
            sandboxes->refresh();
            QVERIFY(loaded.wait());
            QVERIFY(sandboxes->sandbox(m_sandbox.id())->isAsleep());
        }
        QCOMPARE(state(id), State::Asleep);
        m_sandbox.run(u"touch %1/while-it-was-away"_s.arg(m_folder));  // wakes it
        sandboxes->refresh();
        QTRY_COMPARE_WITH_TIMEOUT(state(id), State::Live, 20'000);
        QVERIFY(m_model->watch(id)->needsRescan);
        m_model->rescan(id);
        QTRY_COMPARE(rows(), QStringList{u"while-it-was-away: Created"_s});
    }

    // The connection is made anew, as after a restart of the engine.
    void anotherConnectionGoesOn()
    {
        const int id = watch();
        QVERIFY(id > 0);
        m_connection.reset();
        QTRY_COMPARE(state(id), State::Stopped);
        m_sandbox.run(u"touch %1/meanwhile"_s.arg(m_folder));
        m_connection = std::make_unique<Connection>(profile());
        m_model->adopt(m_connection.get());
        QTRY_COMPARE(state(id), State::Live);
        m_model->rescan(id);
        QTRY_COMPARE(rows(), QStringList{u"meanwhile: Created"_s});
        m_model->adopt(m_connection.get());  // again: nothing happens
        QCOMPARE(state(id), State::Live);
    }

    void whatIsExportedCanBeRead()
    {
        WatchChange change;
        change.sandboxName = u"box"_s;
        change.kind = Kind::Renamed;
        change.path = u"/a,\"b\"\nc"_s;
        change.oldPath = u"/old"_s;
        change.size = 7;
        change.count = 2;
        change.time = QDateTime(QDate(2026, 11, 23), QTime(1, 2, 3, 4));
        const QString csv = QString::fromUtf8(watchCsv({change}));
        QCOMPARE(csv,
                 u"Time,Sandbox,File,What happened,Renamed from,Times,Size in bytes\r\n"
                 "2026-11-23T01:02:03.004,box,\"/a,\"\"b\"\"\nc\",Renamed,/old,2,7\r\n"_s);
    }
};

QTEST_GUILESS_MAIN(TestWatchModel)
#include "tst_watchmodel.moc"
