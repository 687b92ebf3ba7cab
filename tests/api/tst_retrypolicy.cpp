// SPDX-License-Identifier: MIT
#include <QDateTime>
#include <QLocale>
#include <QTest>

#include <algorithm>

#include "api/retrypolicy.h"

using namespace voidrun;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using Kind = Error::Kind;

// When a call is repeated, and after how long.
class RetryPolicyTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void retryAfter_data();
    void retryAfter();
    void retryAfterDate();
    void pausesStayInBounds();
    void pausesGrowUntilAConnectionHolds();
    void kinds_data();
    void kinds();
};

void RetryPolicyTest::retryAfter_data()
{
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<qint64>("milliseconds");
    QTest::newRow("absent") << QByteArray() << 0LL;
    QTest::newRow("seconds") << QByteArray(" 7 ") << 7000LL;
    QTest::newRow("negative") << QByteArray("-5") << 0LL;
    QTest::newRow("nonsense") << QByteArray("soon") << 0LL;
    QTest::newRow("past date") << QByteArray("Wed, 21 Oct 2015 07:28:00 GMT") << 0LL;
    QTest::newRow("overflow") << QByteArray("99999999999999999999") << 0LL;
    QTest::newRow("absurd") << QByteArray("9223372036854775807") << 1000000000LL;
}

void RetryPolicyTest::retryAfter()
{
    QFETCH(QByteArray, header);
    QFETCH(qint64, milliseconds);
    QCOMPARE(parseRetryAfter(header).count(), milliseconds);
}

void RetryPolicyTest::retryAfterDate()
{
    const QDateTime later = QDateTime::currentDateTimeUtc().addSecs(60);
    const QString date = QLocale::c().toString(later, u"ddd, dd MMM yyyy HH:mm:ss"_s) + u" GMT"_s;
    const auto pause = parseRetryAfter(date.toLatin1());
    QVERIFY(pause > 50s && pause <= 61s);
}

void RetryPolicyTest::pausesStayInBounds()
{
    for (int tries = 0; tries < 40; ++tries) {
        for (int i = 0; i < 50; ++i) {
            const auto pause = jitteredPause(tries, 500ms, 30s);
            QVERIFY(pause >= 500ms);
            QVERIFY(pause <= 30s);
            if (tries == 0)
                QVERIFY(pause <= 1s);
        }
    }
}

void RetryPolicyTest::pausesGrowUntilAConnectionHolds()
{
    const StreamOptions options;
    ReconnectPauses pauses(options);
    QVERIFY(pauses.next(6000) <= 2 * options.retryMin);
    std::chrono::milliseconds longest{0};
    for (int i = 0; i < 40; ++i) {
        const auto pause = pauses.next(0);
        QVERIFY(pause >= options.retryMin && pause <= options.retryMax);
        longest = std::max(longest, pause);
    }
    QVERIFY(longest > 4 * options.retryMin);
    QVERIFY(pauses.next(6000) <= 2 * options.retryMin);
    QVERIFY(pauses.next(4000) <= 4 * options.retryMin);  // held too short: it goes on growing
}

void RetryPolicyTest::kinds_data()
{
    QTest::addColumn<Kind>("kind");
    QTest::addColumn<int>("repeats");  // how often at most
    QTest::newRow("lost") << Kind::ConnectionLost << 5;
    QTest::newRow("overloaded") << Kind::Overloaded << 5;
    QTest::newRow("unavailable") << Kind::Unavailable << 5;
    QTest::newRow("unreachable") << Kind::Unreachable << 2;
    QTest::newRow("timeout") << Kind::Timeout << 0;
    QTest::newRow("TLS") << Kind::Tls << 0;
    QTest::newRow("key") << Kind::Unauthorized << 0;
    QTest::newRow("not found") << Kind::NotFound << 0;
    QTest::newRow("cancelled") << Kind::Cancelled << 0;
    QTest::newRow("redirected") << Kind::Redirected << 0;
    QTest::newRow("not ours") << Kind::NotVoidRun << 0;
}

void RetryPolicyTest::kinds()
{
    QFETCH(Kind, kind);
    QFETCH(int, repeats);
    Error error;
    error.kind = kind;
    const TransportOptions options;
    for (int i = 0; i < 8; ++i)
        QCOMPARE(retryPause(error, i, 0ms, options).has_value(), i < repeats);
    if (repeats) {
        QVERIFY(*retryPause(error, 0, 7s, options) >= 7s);
        QVERIFY(*retryPause(error, 0, 300s, options) >= 300s);
        QVERIFY(!retryPause(error, 0, 301s, options));
    }
}

QTEST_GUILESS_MAIN(RetryPolicyTest)
#include "tst_retrypolicy.moc"
