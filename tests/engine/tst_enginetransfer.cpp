// SPDX-License-Identifier: MIT
#include <QRandomGenerator>
#include <algorithm>

#include "engineundertest.h"

// Large files both ways: every byte arrives and neither engine nor agent grows. 256 MiB, or 2 GiB
// with VOIDRUN_LONG_TESTS.
class TestEngineTransfer : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void largeFileBothWays_data();
    void largeFileBothWays();
};

namespace
{

constexpr qint64 memoryLimitKb = 64 * 1024;

// Endless bytes that depend on their place, without holding them.
class Pattern : public QIODevice
{
public:
    explicit Pattern(qint64 size) : m_size(size) { open(QIODevice::ReadOnly); }
    bool isSequential() const override { return false; }
    qint64 size() const override { return m_size; }
    static char at(qint64 place) { return static_cast<char>((place * 31) ^ (place >> 13)); }

protected:
    qint64 readData(char *data, qint64 maxSize) override
    {
        const qint64 count = std::min(maxSize, m_size - pos());
        for (qint64 i = 0; i < count; ++i)
            data[i] = at(pos() + i);
        return count;
    }
    qint64 writeData(const char *, qint64) override { return -1; }

private:
    qint64 m_size;
};

}  // namespace

void TestEngineTransfer::largeFileBothWays_data()
{
    QTest::addColumn<bool>("chunked");
    QTest::newRow("known length") << false;
    QTest::newRow("chunked") << true;
}

void TestEngineTransfer::largeFileBothWays()
{
    QFETCH(bool, chunked);
    const bool longTest = qEnvironmentVariableIsSet("VOIDRUN_LONG_TESTS");
    const qint64 size = longTest ? 2LL * 1024 * 1024 * 1024 : 256LL * 1024 * 1024;
    EngineUnderTest engine;
    QVERIFY2(engine.start(), engine.log().constData());
    const QString id = engine.createSandbox(u"one"_s);
    const QString files = u"/sandboxes/"_s + id + u"/files"_s;

    QElapsedTimer timer;
    timer.start();
    const QByteArray framing = chunked ? QByteArray("Transfer-Encoding: chunked")
                                       : QByteArray("Content-Length: " + QByteArray::number(size));
    const QByteArray request = "POST /api" + (files + u"/upload?path=/app/large"_s).toUtf8() +
                               " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n" +
                               "X-API-Key: " + engine.key() + "\r\n" + framing + "\r\n\r\n";
    QTcpSocket socket;
    socket.connectToHost(u"127.0.0.1"_s, engine.port());
    QVERIFY(socket.waitForConnected());
    socket.write(request);
    Pattern pattern(size);
    while (!pattern.atEnd()) {
        const QByteArray piece = pattern.read(256 * 1024);
        if (chunked)
            socket.write(QByteArray::number(piece.size(), 16) + "\r\n" + piece + "\r\n");
        else
            socket.write(piece);
        while (socket.bytesToWrite() > 0)
            QVERIFY(socket.waitForBytesWritten(30'000));
    }
    if (chunked)
        socket.write("0\r\n\r\n");
    QVERIFY(socket.waitForReadyRead(60'000));
    QVERIFY2(socket.readAll().startsWith("HTTP/1.1 200 "), "upload");
    const qint64 uploadMs = timer.restart();

    QNetworkAccessManager network;
    QNetworkReply *reply = network.get(engine.request(files + u"/download?path=/app/large"_s));
    reply->setReadBufferSize(1024 * 1024);
    qint64 place = 0;
    bool same = true;
    QObject::connect(reply, &QNetworkReply::readyRead, reply, [&] {
        const QByteArray piece = reply->readAll();
        for (const char byte : piece)
            same = same && byte == Pattern::at(place++);
    });
    const Answer answer = engine.finish(reply);
    for (const char byte : answer.body)
        same = same && byte == Pattern::at(place++);
    QCOMPARE(answer.status, 200);
    QCOMPARE(place, size);
    QVERIFY(same);
    const qint64 downloadMs = timer.elapsed();

    const QString enginePid = QString::number(engine.process().processId());
    const qint64 engineKb = EngineUnderTest::peakMemory(enginePid);
    qint64 agentKb = 0;
    for (const QString &agent : EngineUnderTest::processesWith(u"agent"_s + QChar(0) + id))
        agentKb = std::max(agentKb, EngineUnderTest::peakMemory(agent.section(u' ', 0, 0)));
    qInfo("%lld MiB: up %lld ms, down %lld ms; peak memory: engine %lld kB, agent %lld kB",
          static_cast<long long>(size >> 20), static_cast<long long>(uploadMs),
          static_cast<long long>(downloadMs), static_cast<long long>(engineKb),
          static_cast<long long>(agentKb));
    QVERIFY(engineKb > 0 && engineKb < memoryLimitKb);
    QVERIFY(agentKb > 0 && agentKb < memoryLimitKb);
}

QTEST_GUILESS_MAIN(TestEngineTransfer)
#include "tst_enginetransfer.moc"
