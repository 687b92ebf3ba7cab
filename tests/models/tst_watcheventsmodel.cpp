// SPDX-License-Identifier: MIT
#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QtTest>

#include "models/watcheventsmodel.h"

using namespace voidrun;
using namespace Qt::StringLiterals;
using Type = WatchEvent::Type;
using Kind = WatchChange::Kind;

namespace
{

const QDateTime Start = QDateTime::fromSecsSinceEpoch(1'800'000'000);

struct Step {
    Type type;
    QString path;
    QString oldPath = {};
    int at = 0;  // ms after the start
    WatchEventsModel::Before before = {.targetWasThere = {}, .hasParts = false};
};

QList<Step> steps(std::initializer_list<Step> list)
{
    return list;
}

}  // namespace

Q_DECLARE_METATYPE(QList<Step>)

// What becomes of events on their way into rows.
class TestWatchEventsModel : public QObject
{
    Q_OBJECT

private:
    void add(const Step &step, int watch = 1)
    {
        WatchEvent event;
        event.type = step.type;
        event.path = step.path;
        event.oldPath = step.oldPath;
        event.timestamp = Start.addMSecs(step.at);
        m_model->add({.watch = watch, .sandboxId = u"id"_s, .sandboxName = u"box"_s}, event,
                     step.before);
    }
    // The oldest first.
    QStringList rows() const
    {
        QStringList rows;
        for (int row = m_model->rowCount() - 1; row >= 0; --row) {
            const QString path =
                m_model->index(row, WatchEventsModel::PathColumn).data().toString();
            rows.append(path % u": "_s %
                        m_model->index(row, WatchEventsModel::KindColumn).data().toString());
        }
        return rows;
    }

    std::unique_ptr<WatchEventsModel> m_model;
    std::unique_ptr<QAbstractItemModelTester> m_tester;

private Q_SLOTS:
    void init()
    {
        m_model = std::make_unique<WatchEventsModel>();
        m_tester = std::make_unique<QAbstractItemModelTester>(m_model.get());
    }

    void cleanup()
    {
        m_tester.reset();
        m_model.reset();
    }

    void foldsWhatIsOneChange_data()
    {
        QTest::addColumn<QList<Step>>("events");
        QTest::addColumn<QStringList>("expected");
        QTest::newRow("each kind") << steps({{Type::Created, u"/a"_s},
                                             {Type::Modified, u"/b"_s},
                                             {Type::Deleted, u"/c"_s},
                                             {Type::Renamed, u"/d/e"_s, u"/d/f"_s},
                                             {Type::Renamed, u"/g"_s, u"/d/g"_s},
                                             {Type::Chmod, u"/h"_s},
                                             {Type::Rescan, u"/"_s}})
                                   << QStringList{u"/a: Created"_s,
                                                  u"/b: Changed"_s,
                                                  u"/c: Deleted"_s,
                                                  u"/d/e: Renamed from f"_s,
                                                  u"/g: Renamed from /d/g"_s,
                                                  u"/h: Permissions changed"_s,
                                                  u"/: Changes may have been missed"_s};
        QTest::newRow("repeated writes")
            << steps({{Type::Modified, u"/a"_s, {}, 0},
                      {Type::Modified, u"/b"_s, {}, 10},
                      {Type::Modified, u"/a"_s, {}, 9000},
                      {Type::Modified, u"/a"_s, {}, 18'000}})
            << QStringList{u"/a: Changed 3 time(s)"_s, u"/b: Changed"_s};
        QTest::newRow("writes that are far apart")
            << steps({{Type::Modified, u"/a"_s, {}, 0}, {Type::Modified, u"/a"_s, {}, 20'000}})
            << QStringList{u"/a: Changed"_s, u"/a: Changed"_s};
        QTest::newRow("a new file that is written") << steps({{Type::Created, u"/a"_s},
                                                              {Type::Modified, u"/a"_s},
                                                              {Type::Chmod, u"/a"_s},
                                                              {Type::Modified, u"/a"_s}})
                                                    << QStringList{u"/a: Created"_s};
        QTest::newRow("written aside and renamed")
            << steps({{Type::Created, u"/.a.tmp"_s},
                      {Type::Modified, u"/.a.tmp"_s},
                      {Type::Renamed, u"/a"_s, u"/.a.tmp"_s}})
            << QStringList{u"/a: Changed"_s};
        QTest::newRow("written aside and renamed, twice")
            << steps({{Type::Created, u"/t1"_s},
                      {Type::Renamed, u"/a"_s, u"/t1"_s, 10},
                      {Type::Created, u"/t2"_s, {}, 500},
                      {Type::Renamed, u"/a"_s, u"/t2"_s, 510}})
            << QStringList{u"/a: Changed 2 time(s)"_s};
        QTest::newRow("written aside and renamed to what was not there")
            << steps({{Type::Created, u"/t"_s},
                      {Type::Renamed,
                       u"/a"_s,
                       u"/t"_s,
                       0,
                       {.targetWasThere = false, .hasParts = false}}})
            << QStringList{u"/a: Created"_s};
        QTest::newRow("a new folder with files in it that is renamed")
            << steps({{Type::Created, u"/d"_s},
                      {Type::Created, u"/d/f"_s},
                      {Type::Renamed,
                       u"/e"_s,
                       u"/d"_s,
                       0,
                       {.targetWasThere = false, .hasParts = true}}})
            << QStringList{u"/d: Created"_s, u"/d/f: Created"_s, u"/e: Renamed from d"_s};
        QTest::newRow("a folder with files in it that goes and comes back")
            << steps({{Type::Created, u"/d/f"_s},
                      {Type::Deleted, u"/d"_s, {}, 0, {.targetWasThere = {}, .hasParts = true}},
                      {Type::Created, u"/d"_s},
                      {Type::Created, u"/d/f"_s}})
            << QStringList{u"/d/f: Created"_s, u"/d: Deleted"_s, u"/d: Created"_s,
                           u"/d/f: Created"_s};
        QTest::newRow("told twice")
            << steps({{Type::Created, u"/a"_s},
                      {Type::Created, u"/a"_s},
                      {Type::Deleted, u"/b"_s},
                      {Type::Deleted, u"/b"_s},
                      {Type::Rescan, u"/"_s},
                      {Type::Rescan, u"/"_s},
                      {Type::Created, u"/c"_s},
                      {Type::Rescan, u"/"_s}})
            << QStringList{u"/a: Created"_s, u"/b: Deleted"_s, u"/: Changes may have been missed"_s,
                           u"/c: Created"_s, u"/: Changes may have been missed"_s};
        QTest::newRow("the old one kept aside meanwhile")
            << steps({{Type::Renamed, u"/a~"_s, u"/a"_s},
                      {Type::Created, u"/a"_s},
                      {Type::Modified, u"/a"_s},
                      {Type::Deleted, u"/a~"_s}})
            << QStringList{u"/a: Changed"_s};
        QTest::newRow("removed and made anew")
            << steps({{Type::Deleted, u"/a"_s}, {Type::Created, u"/a"_s}})
            << QStringList{u"/a: Changed"_s};
        QTest::newRow("made and removed")
            << steps({{Type::Created, u"/a"_s}, {Type::Deleted, u"/a"_s}})
            << QStringList{u"/a: Created"_s, u"/a: Deleted"_s};
    }

    void foldsWhatIsOneChange()
    {
        QFETCH(QList<Step>, events);
        QFETCH(QStringList, expected);
        for (const Step &event : events)
            add(event);
        QTRY_COMPARE(m_model->waitingCount(), 0);
        QTRY_COMPARE(rows(), expected);
        // One at a time it is the same.
        m_model->clear();
        for (const Step &event : events) {
            add(event);
            m_model->setPaused(true);
            m_model->setPaused(false);
        }
        QCOMPARE(rows(), expected);
    }

    void watchesKeepApart()
    {
        add({Type::Modified, u"/a"_s}, 1);
        add({Type::Modified, u"/a"_s}, 2);
        QTRY_COMPARE(m_model->rowCount(), 2);
    }

    void toldOnceABatch()
    {
        QSignalSpy arrived(m_model.get(), &WatchEventsModel::changesArrived);
        for (int i = 0; i < 100; ++i)
            add({Type::Modified, u"/a"_s});
        add({Type::Created, u"/b"_s});
        QTRY_COMPARE(arrived.count(), 1);
        const auto changes = arrived.first().first().value<QList<WatchChange>>();
        QCOMPARE(changes.size(), 2);
        QCOMPARE(changes.first().count, 100);
        QCOMPARE(changes.last().path, u"/b"_s);
    }

    void nothingIsShownWhilePaused()
    {
        QSignalSpy waiting(m_model.get(), &WatchEventsModel::waitingCountChanged);
        m_model->setPaused(true);
        add({Type::Created, u"/a"_s});
        QTRY_COMPARE(waiting.count(), 1);
        QCOMPARE(waiting.last().first().toInt(), 1);
        QCOMPARE(m_model->rowCount(), 0);
        m_model->setPaused(false);
        QCOMPARE(m_model->rowCount(), 1);
        QCOMPARE(waiting.last().first().toInt(), 0);
    }

    void keepsTheLastAndCountsTheOthers()
    {
        constexpr int More = 1234;
        m_tester.reset();  // it looks at every row each time
        QSignalSpy dropped(m_model.get(), &WatchEventsModel::droppedCountChanged);
        for (int i = 0; i < WatchEventsModel::MaxRows; ++i)
            add({Type::Created, u"/f%1"_s.arg(i)});
        QTRY_COMPARE(m_model->rowCount(), WatchEventsModel::MaxRows);
        QCOMPARE(dropped.count(), 0);
        for (int i = 0; i < More; ++i)
            add({Type::Created, u"/g%1"_s.arg(i)});
        QTRY_COMPARE(m_model->droppedCount(), More);
        QCOMPARE(m_model->rowCount(), WatchEventsModel::MaxRows);
        QCOMPARE(m_model->change(m_model->index(0, 0)).path, u"/g%1"_s.arg(More - 1));
        m_model->clear();
        QCOMPARE(m_model->rowCount(), 0);
        QCOMPARE(m_model->droppedCount(), 0);
    }

    void whatWaitsIsBoundedToo()
    {
        m_tester.reset();
        m_model->setPaused(true);
        for (int i = 0; i < WatchEventsModel::MaxRows + 10; ++i)
            add({Type::Created, u"/f%1"_s.arg(i)});
        QCOMPARE(m_model->waitingCount(), WatchEventsModel::MaxRows);
        m_model->setPaused(false);
        QTRY_COMPARE(m_model->rowCount(), WatchEventsModel::MaxRows);
        QCOMPARE(m_model->droppedCount(), 10);
    }
};

QTEST_GUILESS_MAIN(TestWatchEventsModel)
#include "tst_watcheventsmodel.moc"
