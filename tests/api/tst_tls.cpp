// SPDX-License-Identifier: MIT
#include <QBuffer>
#include <QDeadlineTimer>
#include <QElapsedTimer>
#include <QRandomGenerator>
#include <QSslConfiguration>
#include <QTest>

#include <algorithm>

#include "api/client.h"
#include "api/terminalstream.h"
#include "support/engineprocess.h"
#include "support/replywait.h"
#include "support/residentsize.h"
#include "support/tlsproxy.h"

using namespace voidrun;
using namespace voidrun::test;
using namespace Qt::StringLiterals;
using Kind = Error::Kind;

// The real engine behind TLS and HTTP/2: what is refused for good, and that all works.
class TlsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void badCertificateIsFinal_data();
    void badCertificateIsFinal();
    void trustedServerIsUsedOverHttp2();
    void bodiesAreHeldBack();

private:
    ConnectionProfile profile(const QString &host) const
    {
        ConnectionProfile profile = m_engine->profile();
        profile.baseUrl = m_proxy->baseUrl(host);
        return profile;
    }
    void trust(bool trusted)
    {
        QSslConfiguration configuration = m_before;
        if (trusted)
            configuration.addCaCertificate(m_proxy->authority());
        QSslConfiguration::setDefaultConfiguration(configuration);
    }

    const QSslConfiguration m_before = QSslConfiguration::defaultConfiguration();
    std::unique_ptr<EngineProcess> m_engine;
    std::unique_ptr<TlsProxy> m_proxy;
};

void TlsTest::initTestCase()
{
    m_engine = std::make_unique<EngineProcess>();
    QVERIFY2(m_engine->start(), qPrintable(m_engine->problem()));
    m_proxy = std::make_unique<TlsProxy>(m_engine->port());
    QVERIFY2(m_proxy->start(), qPrintable(m_proxy->problem()));
}

void TlsTest::cleanupTestCase()
{
    trust(false);
    m_proxy.reset();
    m_engine.reset();
}

void TlsTest::badCertificateIsFinal_data()
{
    QTest::addColumn<bool>("trusted");
    QTest::addColumn<QString>("host");
    QTest::newRow("unknown authority") << false << u"localhost"_s;
    QTest::newRow("another host's") << true << u"127.0.0.1"_s;
}

void TlsTest::badCertificateIsFinal()
{
    QFETCH(bool, trusted);
    QFETCH(QString, host);
    trust(trusted);
    QElapsedTimer timer;
    timer.start();
    Client client(profile(host));
    const auto result = answerOf(client.listSandboxes());
    QVERIFY(!result);
    QCOMPARE(result.error().kind, Kind::Tls);
    QVERIFY(!result.error().detail.isEmpty());
    const std::unique_ptr<TerminalStream> terminal(
        client.openTerminal(u"0123456789abcdef01234567"_s, u"s"_s));
    std::optional<Error> end;
    connect(terminal.get(), &TerminalStream::finished, this,
            [&end](const Error &error) { end = error; });
    QTRY_VERIFY(end);
    QVERIFY2(end->kind == Kind::Tls, qPrintable(end->detail));
    QVERIFY2(timer.elapsed() < 5000, "it was tried again");
    QCOMPARE(m_proxy->requests(), QStringList());  // not a byte of ours was read
}

void TlsTest::trustedServerIsUsedOverHttp2()
{
    trust(true);
    Client client(profile(u"localhost"_s));
    VERIFY_ANSWER(sandbox, client.createSandbox({}));
    QByteArray bytes(5 * 1024 * 1024 + 7, Qt::Uninitialized);
    QRandomGenerator random(7);
    std::ranges::generate(bytes, [&random] { return static_cast<char>(random.generate()); });
    QBuffer source(&bytes);
    QVERIFY(source.open(QIODevice::ReadOnly));
    VERIFY_ANSWER(uploaded, client.upload(sandbox.id, u"/tmp/big"_s, &source));
    QBuffer sink;
    QVERIFY(sink.open(QIODevice::WriteOnly));
    VERIFY_ANSWER(count, client.download(sandbox.id, u"/tmp/big"_s, &sink));
    QVERIFY(sink.data() == bytes);
    VERIFY_ANSWER(session, client.createPtySession(sandbox.id, 80, 24));
    const std::unique_ptr<TerminalStream> terminal(client.openTerminal(sandbox.id, session.id));
    QByteArray shown;
    connect(terminal.get(), &TerminalStream::dataAvailable, this,
            [&] { shown += terminal->read(1 << 20); });
    QTRY_COMPARE(terminal->state(), TerminalStream::State::Live);
    QVERIFY(terminal->write("echo $((6*7))\r"));
    QTRY_VERIFY(shown.contains("42"));
    const QStringList requests = m_proxy->requests();
    QVERIFY(!requests.isEmpty());
    // WebSockets are HTTP/1.1, and what is large has connections of its own.
    for (const QString &request : requests) {
        const bool isLong = request.contains("/pty/sessions/"_L1) ||
                            request.contains("/files/upload"_L1) ||
                            request.contains("/files/download"_L1);
        QVERIFY2(request.startsWith(isLong ? "HTTP/1.1 "_L1 : "HTTP/2.0 "_L1), qPrintable(request));
    }
    QVERIFY(
        requests.join(u'\n').contains("POST /api/sandboxes/"_L1 + sandbox.id + "/files/upload"_L1));
}

// While the one who takes a body is busy, the server waits: nothing heaps up here.
void TlsTest::bodiesAreHeldBack()
{
    constexpr qint64 Size = 400LL * 1024 * 1024;
    trust(true);
    Client client(profile(u"localhost"_s));
    VERIFY_ANSWER(sandbox, client.createSandbox({}));
    VERIFY_ANSWER(made,
                  client.exec(sandbox.id, {.command = u"truncate -s %1 /tmp/big"_s.arg(Size)}));
    class Slow : public QIODevice
    {
    public:
        qint64 size = 0;
        qint64 most = 0;  // KiB resident

    protected:
        static void beBusy()
        {
            const QDeadlineTimer over(150);
            while (!over.hasExpired()) {
            }
        }
        qint64 readData(char *, qint64) override { return -1; }
        qint64 writeData(const char *, qint64 count) override
        {
            if (size == 0 || size / (32 << 20) != (size + count) / (32 << 20))
                beBusy();
            size += count;
            most = std::max(most, residentKiB());
            return count;
        }
    };
    Slow sink;
    QVERIFY(sink.open(QIODevice::WriteOnly));
    const qint64 before = residentKiB();
    const auto count = answerOf(client.download(sandbox.id, u"/tmp/big"_s, &sink), 60000);
    QVERIFY2(count, problemOf(count).constData());
    QCOMPARE(sink.size, Size);
    const qint64 grown = (sink.most - before) / 1024;
    QVERIFY2(grown < 64, qPrintable(u"%1 MiB"_s.arg(grown)));
}

QTEST_GUILESS_MAIN(TlsTest)
#include "tst_tls.moc"
