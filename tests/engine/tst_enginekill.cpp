// SPDX-License-Identifier: MIT
#include <QRandomGenerator>
#include <csignal>

#include "engineundertest.h"

// kill -9 at any moment: no process is left, no sandbox is lost.
class TestEngineKill : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whileSandboxesWork();
    void whileCreating_data();
    void whileCreating();
    void bubblewrapKilled();
    void whileDeleting();
};

void TestEngineKill::whileSandboxesWork()
{
    EngineUnderTest engine;
    QVERIFY2(engine.start(), engine.log().constData());
    QStringList ids;
    for (int i = 0; i < 3; ++i) {
        ids << engine.createSandbox(u"box-%1"_s.arg(i));
        engine.exec(ids.last(),
                    u"echo %1 > file; (setsid nohup sleep 26457 >/dev/null 2>&1 &)"_s.arg(i));
        QCOMPARE(engine.post(u"/sandboxes/"_s + ids.last() + u"/pty/sessions"_s).status, 200);
    }
    QVERIFY(engine.sandboxProcesses().size() >= 6);
    engine.killHard();
    QTRY_COMPARE(engine.sandboxProcesses(), QStringList());
    QTRY_COMPARE(EngineUnderTest::processesWith(u"26457"_s), QStringList());
    QVERIFY2(engine.start(), engine.log().constData());
    QCOMPARE(engine.get(u"/sandboxes"_s).data().toArray().size(), 3);
    for (int i = 0; i < 3; ++i)
        QCOMPARE(engine.output(ids.at(i), u"cat file"_s), QString::number(i) + u'\n');
}

void TestEngineKill::whileCreating_data()
{
    QTest::addColumn<int>("delayUs");
    // From before the folder is there until after the agent answers.
    for (int us = 0; us <= 40'000; us += us < 20'000 ? 2'000 : 10'000)
        QTest::addRow("%d us", us) << us;
}

void TestEngineKill::whileCreating()
{
    QFETCH(int, delayUs);
    EngineUnderTest engine;
    QVERIFY2(engine.start(), engine.log().constData());
    const QString kept = engine.createSandbox(u"kept"_s);
    engine.exec(kept, u"echo precious > file"_s);
    const QByteArray body = R"({"name":"new"})";
    QTcpSocket socket;
    socket.connectToHost(u"127.0.0.1"_s, engine.port());
    QVERIFY(socket.waitForConnected());
    socket.write("POST /api/sandboxes HTTP/1.1\r\nHost: 127.0.0.1\r\nX-API-Key: " + engine.key() +
                 "\r\nContent-Length: 14\r\n\r\n" + body);
    socket.flush();
    QElapsedTimer timer;
    timer.start();
    while (timer.nsecsElapsed() < delayUs * 1000LL)
        continue;
    engine.killHard();
    QTRY_COMPARE(engine.sandboxProcesses(), QStringList());
    QVERIFY2(engine.start(), engine.log().constData());
    const QJsonArray list = engine.get(u"/sandboxes"_s).data().toArray();
    QCOMPARE(list.size(), engine.sandboxFolders().size());
    QVERIFY(list.size() == 1 || list.size() == 2);
    for (const QJsonValue &sandbox : list)
        QCOMPARE(engine.output(sandbox.toObject().value("id"_L1).toString(), u"echo ok"_s),
                 u"ok\n"_s);
    QCOMPARE(engine.output(kept, u"cat file"_s), u"precious\n"_s);
    QTRY_VERIFY(QDir(engine.stateDirectory() + u"/building"_s).isEmpty());
    QTRY_VERIFY(QDir(engine.stateDirectory() + u"/trash"_s).isEmpty());
}

void TestEngineKill::bubblewrapKilled()
{
    EngineUnderTest engine;
    QVERIFY2(engine.start(), engine.log().constData());
    const QString id = engine.createSandbox(u"one"_s);
    engine.exec(id, u"echo kept > file; (setsid nohup sleep 28284 >/dev/null 2>&1 &)"_s);
    const QStringList outer = EngineUnderTest::processesWith(u"/run/voidrun/agent"_s + QChar(0) + id)
                                  .filter(u"bwrap"_s);
    QVERIFY(!outer.isEmpty());
    for (const QString &process : outer)
        ::kill(process.section(u' ', 0, 0).toInt(), SIGKILL);
    QTRY_COMPARE(EngineUnderTest::processesWith(u"28284"_s), QStringList());
    QTRY_COMPARE(engine.sandboxProcesses(), QStringList());
    QCOMPARE(engine.output(id, u"cat file"_s), u"kept\n"_s);
}

void TestEngineKill::whileDeleting()
{
    EngineUnderTest engine;
    QVERIFY2(engine.start(), engine.log().constData());
    const QString id = engine.createSandbox(u"one"_s);
    engine.exec(id,
                u"for i in $(seq 20); do mkdir d$i; touch d$i/$(seq -s' ' 500 | "
                "sed \"s# # d$i/#g\"); done"_s);
    QTcpSocket socket;
    socket.connectToHost(u"127.0.0.1"_s, engine.port());
    QVERIFY(socket.waitForConnected());
    socket.write("DELETE /api/sandboxes/" + id.toUtf8() +
                 " HTTP/1.1\r\nHost: 127.0.0.1\r\nX-API-Key: " + engine.key() + "\r\n\r\n");
    QVERIFY(socket.waitForReadyRead());
    engine.killHard();
    QVERIFY2(engine.start(), engine.log().constData());
    QCOMPARE(engine.get(u"/sandboxes"_s).data().toArray().size(), 0);
    QTRY_VERIFY(QDir(engine.stateDirectory() + u"/trash"_s).isEmpty());
    QCOMPARE(engine.sandboxFolders(), QStringList());
}

QTEST_GUILESS_MAIN(TestEngineKill)
#include "tst_enginekill.moc"
