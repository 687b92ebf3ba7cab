// SPDX-License-Identifier: MIT
#include <QtTest>

#include "models/outages.h"

using namespace voidrun;
using namespace Qt::StringLiterals;
using Kind = Error::Kind;
using Say = Outages::Say;

namespace
{

Error errorOf(Kind kind, int status = 0)
{
    Error error;
    error.kind = kind;
    error.httpStatus = status;
    return error;
}

}  // namespace

// What is said of the errors of one outage.
class TestOutages : public QObject
{
    Q_OBJECT

private:
    const QDateTime m_start = QDateTime::fromSecsSinceEpoch(1'800'000'000);

private Q_SLOTS:
    void everyOtherErrorIsSaid()
    {
        Outages outages;
        for (int i = 0; i < 2; ++i) {
            QCOMPARE(outages.say(u"a"_s, errorOf(Kind::NotFound, 404)), Say::Itself);
            QCOMPARE(outages.say(u"a"_s, errorOf(Kind::Timeout, 504)), Say::Itself);
            QCOMPARE(outages.say(u"a"_s, errorOf(Kind::LocalFile)), Say::Itself);
        }
        QVERIFY(!outages.end(u"a"_s));
    }

    void oneOutageIsSaidOnce()
    {
        Outages outages;
        QCOMPARE(outages.say(u"a"_s, errorOf(Kind::Unreachable), m_start), Say::Outage);
        for (int second = 1; second < 600; second += 30) {
            const QDateTime now = m_start.addSecs(second);
            QCOMPARE(outages.say(u"a"_s, errorOf(Kind::Unreachable), now), Say::Nothing);
            QCOMPARE(outages.say(u"a"_s, errorOf(Kind::ConnectionLost), now), Say::Nothing);
        }
        QVERIFY(outages.end(u"a"_s));
        QVERIFY(!outages.end(u"a"_s));
        QCOMPARE(outages.say(u"a"_s, errorOf(Kind::Unreachable), m_start), Say::Outage);
    }

    void aCutSaysWhatWasCut()
    {
        Outages outages;
        QCOMPARE(outages.say(u"a"_s, errorOf(Kind::ConnectionLost), m_start), Say::Itself);
        QCOMPARE(outages.say(u"a"_s, errorOf(Kind::ConnectionLost), m_start), Say::Nothing);
        QCOMPARE(outages.say(u"a"_s, errorOf(Kind::Unreachable), m_start), Say::Nothing);
    }

    void connectionsAreApart()
    {
        Outages outages;
        QCOMPARE(outages.say(u"a"_s, errorOf(Kind::Unreachable), m_start), Say::Outage);
        QCOMPARE(outages.say(u"b"_s, errorOf(Kind::Unreachable), m_start), Say::Outage);
    }

    void aLaterOneIsAnother()
    {
        Outages outages;
        QCOMPARE(outages.say(u"a"_s, errorOf(Kind::Unreachable), m_start), Say::Outage);
        QCOMPARE(outages.say(u"a"_s, errorOf(Kind::Unreachable), m_start.addSecs(61)), Say::Outage);
    }
};

QTEST_GUILESS_MAIN(TestOutages)
#include "tst_outages.moc"
