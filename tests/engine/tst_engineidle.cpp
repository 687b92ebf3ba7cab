// SPDX-License-Identifier: MIT
#include <QWebSocket>

#include "engineundertest.h"

// Sandboxes that nobody calls fall asleep, and the next call wakes them.
class TestEngineIdle : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void fallsAsleepAndWakes();
    void withoutAutoSleepItStays();
    void changedAutoSleepCounts();
    void callUnderWayKeepsItAwake();
    void openTerminalDoesNot();
    void lookingAtItDoesNot();

private:
    QString status(const QString &id);
    QString create(const QString &name, bool autoSleep = true);
    EngineUnderTest m_engine;
};

void TestEngineIdle::initTestCase()
{
    QVERIFY2(m_engine.start({}, {u"--idle-timeout"_s, u"1"_s}), m_engine.log().constData());
}

QString TestEngineIdle::status(const QString &id)
{
    return m_engine.get(u"/sandboxes/"_s + id).data().toObject().value("status"_L1).toString();
}

QString TestEngineIdle::create(const QString &name, bool autoSleep)
{
    return m_engine.createSandbox(name, {{u"autoSleep"_s, autoSleep}});
}

void TestEngineIdle::fallsAsleepAndWakes()
{
    const QString id = create(u"one"_s);
    m_engine.exec(id, u"echo kept > file; (setsid sleep 27182 >/dev/null 2>&1 &)"_s);
    QCOMPARE(status(id), u"running"_s);
    QTRY_COMPARE(status(id), u"snapshotted"_s);
    QCOMPARE(EngineUnderTest::processesWith(u"27182"_s), QStringList());
    QCOMPARE(m_engine.output(id, u"cat file"_s), u"kept\n"_s);
    QCOMPARE(status(id), u"running"_s);
    QTRY_COMPARE(status(id), u"snapshotted"_s);
}

void TestEngineIdle::withoutAutoSleepItStays()
{
    const QString stays = create(u"stays"_s, false);
    const QString sleeps = create(u"sleeps"_s);
    QTRY_COMPARE(status(sleeps), u"snapshotted"_s);
    QVERIFY(!m_engine.exec(sleeps, u"true"_s).isEmpty());
    QTRY_COMPARE(status(sleeps), u"snapshotted"_s);
    QCOMPARE(status(stays), u"running"_s);
}

void TestEngineIdle::changedAutoSleepCounts()
{
    const QString id = create(u"changed"_s, false);
    QCOMPARE(m_engine.call("PATCH", u"/sandboxes/"_s + id, R"({"autoSleep":true})").status, 200);
    QTRY_COMPARE(status(id), u"snapshotted"_s);
}

void TestEngineIdle::callUnderWayKeepsItAwake()
{
    const QString id = create(u"busy"_s);
    QCOMPARE(m_engine.output(id, u"sleep 4; echo done"_s), u"done\n"_s);
    QTRY_COMPARE(status(id), u"snapshotted"_s);
}

void TestEngineIdle::openTerminalDoesNot()
{
    const QString id = create(u"terminal"_s);
    QWebSocket socket;
    QUrl url(m_engine.url() + u"/sandboxes/"_s + id + u"/pty"_s);
    url.setScheme(u"ws"_s);
    QNetworkRequest request(url);
    request.setRawHeader("X-API-Key", m_engine.key());
    QSignalSpy connected(&socket, &QWebSocket::connected);
    socket.open(request);
    QVERIFY(connected.wait());
    QTRY_COMPARE(status(id), u"snapshotted"_s);
    QTRY_COMPARE(socket.state(), QAbstractSocket::UnconnectedState);
}

void TestEngineIdle::lookingAtItDoesNot()
{
    const QString id = create(u"looked-at"_s);
    QTRY_COMPARE(status(id), u"snapshotted"_s);  // each look is a call, none of them to the guest
    const QString itself = u"/sandboxes/"_s + id;
    for (const QString &path : QStringList{u"/sandboxes"_s, itself, itself + u"/public-urls"_s})
        QCOMPARE(m_engine.get(path).status, 200);
    QCOMPARE(status(id), u"snapshotted"_s);
}

QTEST_GUILESS_MAIN(TestEngineIdle)
#include "tst_engineidle.moc"
