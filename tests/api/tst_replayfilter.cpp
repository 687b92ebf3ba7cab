// SPDX-License-Identifier: MIT
#include <QRandomGenerator>
#include <QTest>

#include <algorithm>

#include "api/replayfilter.h"

using namespace voidrun;

namespace
{

// Lines that differ, as a terminal's do.
QByteArray sample(int lines)
{
    QByteArray text;
    for (int i = 0; i < lines; ++i)
        text += "line " + QByteArray::number(i * 7919) + " \x1b[3" + QByteArray::number(i % 8) +
                "m\xc3\xa4\x1b[0m\r\n";
    return text;
}

// A server that keeps the last `ring` bytes of its output and replays them on attach, or not.
QByteArray onAttach(const QByteArray &soFar, qsizetype ring, bool replays)
{
    return replays ? soFar.last(std::min(ring, soFar.size())) : QByteArray();
}

qsizetype naiveOverlap(const QByteArray &text, const QByteArray &start)
{
    for (qsizetype k = std::min(text.size(), start.size()); k > 0; --k) {
        if (text.endsWith(start.first(k)))
            return k;
    }
    return 0;
}

}  // namespace

// Nothing lost and nothing doubled, whether or not the server replays, cut at every byte.
class ReplayFilterTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void overlapEqualsTheObviousOne();
    void cutAtEveryByte_data();
    void cutAtEveryByte();
    void cutAgainWhileCollecting_data();
    void cutAgainWhileCollecting();
    void tenThousandCuts_data();
    void tenThousandCuts();
    void bufferFillsTheCut_data();
    void bufferFillsTheCut();
    void bufferOfSomethingElseIsLeftOut();
    void fullRingStartsLater();
    void ringBoundsWhatIsCollected();
    void shortChanceMatchIsNoReplay();
    void replayCutShortAtTheEndIsDropped();
    void nothingWasShownBefore();
};

void ReplayFilterTest::overlapEqualsTheObviousOne()
{
    QRandomGenerator random(42);
    const auto text = [&random](int length) {
        QByteArray bytes;
        for (int i = 0; i < length; ++i)
            bytes += random.bounded(2) ? 'a' : 'b';
        return bytes;
    };
    for (int round = 0; round < 20000; ++round) {
        const QByteArray a = text(random.bounded(13));
        const QByteArray b = text(random.bounded(13));
        QCOMPARE(ReplayFilter::overlap(a, b), naiveOverlap(a, b));
    }
}

void ReplayFilterTest::cutAtEveryByte_data()
{
    QTest::addColumn<bool>("replays");
    QTest::addColumn<int>("ring");
    QTest::addColumn<int>("missed");  // bytes printed while the client was away
    QTest::newRow("replays all") << true << 1 << 0;
    QTest::newRow("replays all, more came") << true << 1 << 50;
    QTest::newRow("replays the end") << true << 300 << 0;
    QTest::newRow("replays the end, more came") << true << 300 << 100;
    QTest::newRow("does not replay") << false << 0 << 0;
}

void ReplayFilterTest::cutAtEveryByte()
{
    QFETCH(bool, replays);
    QFETCH(int, ring);
    QFETCH(int, missed);
    const QByteArray all = sample(40);
    const qsizetype keep = ring == 1 ? all.size() : ring;
    for (qsizetype cut = 0; cut + missed <= all.size(); ++cut) {
        ReplayFilter filter;
        QByteArray shown = filter.feed(all.first(cut));
        filter.reattached();
        const qsizetype resumed = cut + missed;
        const QByteArray replay = onAttach(all.first(resumed), keep, replays);
        shown += filter.feed(replay);
        shown += filter.feed(all.sliced(resumed));
        shown += filter.settle();
        QVERIFY2(shown == all, QByteArray::number(cut).constData());
        QVERIFY(!filter.isCollecting());
    }
}

void ReplayFilterTest::bufferFillsTheCut_data()
{
    QTest::addColumn<int>("ring");        // of the server's buffer
    QTest::addColumn<int>("missed");      // bytes printed while the client was away
    QTest::addColumn<int>("before");      // printed after that, before the buffer was asked for
    QTest::addColumn<int>("meanwhile");   // before it was made
    QTest::addColumn<int>("afterwards");  // before it was merged
    QTest::newRow("nothing happened") << 1 << 0 << 0 << 0 << 0;
    QTest::newRow("only during the cut") << 1 << 200 << 0 << 0 << 0;
    QTest::newRow("and afterwards") << 1 << 200 << 70 << 0 << 0;
    QTest::newRow("and while it was asked for") << 1 << 200 << 70 << 30 << 20;
    QTest::newRow("only while it was asked for") << 1 << 0 << 0 << 30 << 20;
    QTest::newRow("only later") << 1 << 0 << 0 << 0 << 90;
    QTest::newRow("the end of it") << 500 << 150 << 70 << 30 << 20;
}

void ReplayFilterTest::bufferFillsTheCut()
{
    QFETCH(int, ring);
    QFETCH(int, missed);
    QFETCH(int, before);
    QFETCH(int, meanwhile);
    QFETCH(int, afterwards);
    const QByteArray all = sample(40);
    const qsizetype more = missed + before + meanwhile + afterwards;
    for (qsizetype cut = 0; cut + more <= all.size(); ++cut) {
        ReplayFilter filter;
        QByteArray shown = filter.feed(all.first(cut));
        filter.reattached();
        qsizetype printed = cut + missed;
        const auto print = [&](int bytes) {
            shown += filter.feed(QByteArrayView(all).sliced(printed, bytes));
            printed += bytes;
        };
        print(before);
        const qsizetype least = filter.collected();
        print(meanwhile);
        const QByteArray buffer =
            all.first(printed).last(std::min(ring == 1 ? printed : qsizetype(ring), printed));
        print(afterwards);
        shown += filter.merge(buffer, least);
        QVERIFY2(shown == all.first(printed), QByteArray::number(cut).constData());
        QVERIFY(!filter.isCollecting());
    }
}

void ReplayFilterTest::bufferOfSomethingElseIsLeftOut()
{
    for (const QByteArray &buffer : {QByteArray("something else"), sample(4)}) {
        ReplayFilter filter;
        filter.feed(sample(40).last(900));
        filter.reattached();
        filter.feed("new\r\n");
        QCOMPARE(filter.merge(buffer, filter.collected()), QByteArray("new\r\n"));
    }
}

void ReplayFilterTest::cutAgainWhileCollecting_data()
{
    QTest::addColumn<bool>("replays");
    QTest::newRow("replays") << true;
    QTest::newRow("does not replay") << false;
}

// The second cut at every byte of what the first re-attachment brings.
void ReplayFilterTest::cutAgainWhileCollecting()
{
    QFETCH(bool, replays);
    const QByteArray all = sample(30);
    const qsizetype first = 400;
    const QByteArray replay = onAttach(all.first(first), 300, replays);
    const qsizetype most = replay.size() + 200;
    for (qsizetype k = 0; k <= most; ++k) {
        ReplayFilter filter;
        QByteArray shown = filter.feed(all.first(first));
        filter.reattached();
        const QByteArray stream = replay + all.sliced(first);
        shown += filter.feed(stream.first(k));
        filter.reattached();
        const qsizetype second = first + std::max<qsizetype>(0, k - replay.size());
        shown += filter.feed(onAttach(all.first(second), 300, replays));
        shown += filter.feed(all.sliced(second));
        shown += filter.finish();
        QVERIFY2(shown == all, QByteArray::number(k).constData());
    }
}

void ReplayFilterTest::tenThousandCuts_data()
{
    QTest::addColumn<bool>("replays");
    QTest::newRow("replays") << true;
    QTest::newRow("does not replay") << false;
}

// One session cut 10,000 times at random bytes, of the replay or after it.
void ReplayFilterTest::tenThousandCuts()
{
    QFETCH(bool, replays);
    constexpr qsizetype ring = 2000;
    const QByteArray all = sample(20'000);
    QRandomGenerator random(replays ? 1 : 2);
    ReplayFilter filter;
    QByteArray shown;
    qsizetype sent = 0;  // of the output, and come here
    for (int cuts = 0; cuts < 10'000; ++cuts) {
        const qsizetype missed = replays ? random.bounded(20) : 0;  // printed while it was away
        sent = std::min(sent + missed, all.size());
        const QByteArray replay = onAttach(all.first(sent), ring, replays);
        const qsizetype fresh = std::min<qsizetype>(random.bounded(80), all.size() - sent);
        const QByteArray stream = replay + all.sliced(sent, fresh);
        const qsizetype cut = random.bounded(4) ? stream.size() : random.bounded(stream.size() + 1);
        for (qsizetype at = 0; at < cut; at += 700)
            shown += filter.feed(stream.sliced(at, std::min<qsizetype>(700, cut - at)));
        sent += std::max<qsizetype>(0, cut - replay.size());
        // The line was quiet for long enough; a replay does not stall in its first few bytes.
        const bool mayBeQuiet = cut >= std::min(replay.size(), ReplayFilter::minimumMatch);
        if (mayBeQuiet && random.bounded(3) && !filter.isWithinHistory())
            shown += filter.settle();
        QVERIFY2(all.startsWith(shown), QByteArray::number(cuts).constData());
        filter.reattached();
    }
    shown += filter.feed(onAttach(all.first(sent), ring, replays));
    shown += filter.finish();
    QVERIFY(shown == all.first(sent));
}

void ReplayFilterTest::fullRingStartsLater()
{
    // More than our history, in pieces as a socket gives them.
    const QByteArray all = sample(40000);
    QVERIFY(all.size() > 3 * ReplayFilter::ringSize);
    for (const qsizetype cut : {all.size() / 2, all.size() - 100000}) {
        ReplayFilter filter;
        QByteArray shown;
        for (qsizetype at = 0; at < cut; at += 10007)
            shown += filter.feed(all.sliced(at, std::min<qsizetype>(10007, cut - at)));
        filter.reattached();
        const qsizetype resumed = cut + 5000;
        const QByteArray coming =
            onAttach(all.first(resumed), ReplayFilter::ringSize, true) + all.sliced(resumed);
        for (qsizetype at = 0; at < coming.size(); at += 4096)
            shown += filter.feed(coming.sliced(at, std::min<qsizetype>(4096, coming.size() - at)));
        shown += filter.settle();
        QCOMPARE(shown.size(), all.size());
        QVERIFY(shown == all);
    }
}

void ReplayFilterTest::ringBoundsWhatIsCollected()
{
    ReplayFilter filter;
    filter.feed("prompt");
    filter.reattached();
    QVERIFY(filter.isCollecting());
    const QByteArray flood(ReplayFilter::ringSize, 'x');
    QCOMPARE(filter.feed(flood), flood);
    QVERIFY(!filter.isCollecting());
}

void ReplayFilterTest::shortChanceMatchIsNoReplay()
{
    ReplayFilter filter;
    filter.feed(sample(10).append("$ "));
    filter.reattached();
    filter.feed("$ ls\r\n");
    QCOMPARE(filter.settle(), "$ ls\r\n");
}

void ReplayFilterTest::replayCutShortAtTheEndIsDropped()
{
    const QByteArray all = sample(20);
    ReplayFilter filter;
    filter.feed(all);
    filter.reattached();
    filter.feed(all.first(100));
    QVERIFY(filter.isWithinHistory());
    QCOMPARE(filter.finish(), QByteArray());
}

void ReplayFilterTest::nothingWasShownBefore()
{
    ReplayFilter filter;
    filter.reattached();
    QVERIFY(filter.feed("$ ").isEmpty());
    QVERIFY(!filter.foundReplay());
    QCOMPARE(filter.settle(), "$ ");
    // Not from a server without replays: all that it has printed is new.
    ReplayFilter other;
    other.reattached();
    QCOMPARE(other.merge("hello\r\n$ ", 0), "hello\r\n$ ");
}

QTEST_GUILESS_MAIN(ReplayFilterTest)
#include "tst_replayfilter.moc"
