// SPDX-License-Identifier: MIT
#include <QTest>

#include <atomic>
#include <thread>

#include "api/terminalqueue.h"

using namespace voidrun;

// The queue between the two threads of a terminal.
class TerminalQueueTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tellsOncePerNotice();
    void readsInPieces();
    void workerWaitsAboveTheHighMark();
    void inputWakesTheWorker();
    void closeWakesTheWorkerAndDropsOutput();
    void inputIsBounded();
};

void TerminalQueueTest::tellsOncePerNotice()
{
    TerminalQueue queue;
    QVERIFY(queue.append("a"));
    QVERIFY(!queue.append("b"));
    queue.noticed();
    QCOMPARE(queue.read(10).bytes, "ab");
    QVERIFY(queue.append("c"));
    queue.noticed();
    const auto nothing = queue.read(0);
    QVERIFY(nothing.bytes.isEmpty());
    QVERIFY(nothing.tellAgain);
    QVERIFY(!queue.read(0).tellAgain);
}

void TerminalQueueTest::readsInPieces()
{
    TerminalQueue queue;
    QByteArray all;
    QByteArray got;
    for (int i = 0; i < 3000; ++i) {
        const QByteArray piece = QByteArray::number(i) + ',';
        all += piece;
        queue.append(piece);
        if (i % 3 == 0)
            got += queue.read(7).bytes;
    }
    QCOMPARE(queue.bytesAvailable(), all.size() - got.size());
    while (queue.bytesAvailable() > 0)
        got += queue.read(1000).bytes;
    QCOMPARE(got, all);
}

void TerminalQueueTest::workerWaitsAboveTheHighMark()
{
    TerminalQueue queue;
    queue.append(QByteArray(TerminalQueue::highMark, 'x'));
    std::atomic<bool> woke = false;
    std::jthread worker([&] {
        queue.waitForRoom(false);
        woke = true;
    });
    QVERIFY(!QTest::qWaitFor([&] { return woke.load(); }, 50));
    QVERIFY(!woke);
    queue.read(1);
    QTRY_VERIFY(woke);
}

void TerminalQueueTest::inputWakesTheWorker()
{
    TerminalQueue queue;
    queue.append(QByteArray(TerminalQueue::highMark, 'x'));
    std::atomic<int> wake = -1;
    std::jthread worker([&] { wake = static_cast<int>(queue.waitForRoom(true)); });
    QCOMPARE(queue.write("\x03"), TerminalQueue::Written::QueuedFirst);
    QTRY_COMPARE(wake, static_cast<int>(TerminalQueue::Wake::Input));
    QCOMPARE(queue.takeInput(100), "\x03");
}

void TerminalQueueTest::closeWakesTheWorkerAndDropsOutput()
{
    TerminalQueue queue;
    queue.append(QByteArray(TerminalQueue::highMark, 'x'));
    std::atomic<int> wake = -1;
    std::jthread worker([&] { wake = static_cast<int>(queue.waitForRoom(true)); });
    queue.close();
    QTRY_COMPARE(wake, static_cast<int>(TerminalQueue::Wake::Closed));
    QCOMPARE(queue.bytesAvailable(), 0);
    QCOMPARE(queue.write("x"), TerminalQueue::Written::Refused);
    QVERIFY(!queue.append("x"));
}

void TerminalQueueTest::inputIsBounded()
{
    TerminalQueue queue;
    QCOMPARE(queue.write(QByteArray(TerminalQueue::maxInput, 'x')),
             TerminalQueue::Written::QueuedFirst);
    QCOMPARE(queue.write("y"), TerminalQueue::Written::Refused);
    QCOMPARE(queue.takeInput(10).size(), 10);
    QCOMPARE(queue.write("y"), TerminalQueue::Written::Queued);
}

QTEST_GUILESS_MAIN(TerminalQueueTest)
#include "tst_terminalqueue.moc"
