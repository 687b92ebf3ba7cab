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
    void atRandomMoments();
    void bubblewrapKilled();
    void whileDeleting();
    void diskFullWhileCreating();

private:
    static QByteArray someCall(quint32 kind, const QString &id, int round,
                               const EngineUnderTest &engine);
    static void busyWait(quint32 microseconds);
    static void checkNothingIsLost(EngineUnderTest &engine, const QStringList &kept,
                                   bool engineKilled, bool closely);
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

// The seed is printed; VOIDRUN_SEED repeats a run.
void TestEngineKill::atRandomMoments()
{
    const int rounds = qEnvironmentVariableIsSet("VOIDRUN_LONG_TESTS") ? 1000 : 200;
    const uint seed = qEnvironmentVariableIntValue("VOIDRUN_SEED") > 0
                          ? uint(qEnvironmentVariableIntValue("VOIDRUN_SEED"))
                          : QRandomGenerator::global()->bounded(1u, 1u << 30);
    qInfo() << rounds << "rounds, seed" << seed;
    QRandomGenerator random(seed);
    EngineUnderTest engine;
    QVERIFY2(engine.start(), engine.log().constData());
    QStringList kept;
    for (int i = 0; i < 3; ++i) {
        kept << engine.createSandbox(u"kept-%1"_s.arg(i));
        engine.exec(kept.last(), u"echo precious > file"_s);
    }
    for (int round = 0; round < rounds; ++round) {
        const QString id = kept.at(int(random.bounded(3)));
        const QByteArray call = someCall(random.bounded(7), id, round, engine);
        QTcpSocket socket;
        socket.connectToHost(u"127.0.0.1"_s, engine.port());
        QVERIFY(socket.waitForConnected());
        socket.write(call);
        socket.flush();
        busyWait(random.bounded(30'000));
        const quint32 victim = random.bounded(4);
        if (victim == 0) {
            engine.killHard();
        } else {
            const char *program[] = {"", "bwrap", "/run/voidrun/agent ", "pasta"};
            for (const QString &process : EngineUnderTest::processesWith(id)) {
                if (process.contains(QLatin1StringView(program[victim])))
                    ::kill(process.section(u' ', 0, 0).toInt(), SIGKILL);
            }
        }
        const bool last = round + 1 == rounds;
        if (victim == 0 || round % 20 == 0 || last)
            checkNothingIsLost(engine, kept, victim == 0, round % 10 == 0 || last);
        if (QTest::currentTestFailed()) {
            qWarning() << "round" << round << "victim" << victim << call;
            return;
        }
    }
}

// A request that is not waited for.
QByteArray TestEngineKill::someCall(quint32 kind, const QString &id, int round,
                                    const EngineUnderTest &engine)
{
    const QByteArray one = "/api/sandboxes/" + id.toUtf8();
    const QByteArray name = "new-" + QByteArray::number(round);
    const std::pair<QByteArray, QByteArray> calls[] = {
        {"POST /api/sandboxes", R"({"name":")" + name + "\"}"},
        {"POST " + one + "/exec", R"({"command":"echo > other; sleep 1"})"},
        {"POST " + one + "/sleep", "{}"},
        {"POST " + one + "/wake", "{}"},
        {"PATCH " + one, R"({"autoSleep":true})"},
        {"PATCH " + one + "/publish-ports", R"({"publishPorts":[19090]})"},
        {"POST /api/orgs/apikeys", R"({"keyName":"x"})"},
    };
    const auto &[line, body] = calls[kind];
    return line + " HTTP/1.1\r\nHost: 127.0.0.1\r\nX-API-Key: " + engine.key() +
           "\r\nContent-Length: " + QByteArray::number(body.size()) + "\r\n\r\n" + body;
}

void TestEngineKill::busyWait(quint32 microseconds)
{
    QElapsedTimer timer;
    timer.start();
    while (timer.nsecsElapsed() < qint64(microseconds) * 1000)
        continue;
}

// After the engine was killed nothing may be left of it; another one finds all that was there.
void TestEngineKill::checkNothingIsLost(EngineUnderTest &engine, const QStringList &kept,
                                        bool engineKilled, bool closely)
{
    if (engineKilled) {
        QTRY_VERIFY2_WITH_TIMEOUT(engine.sandboxProcesses().isEmpty(),
                                  qPrintable(engine.sandboxProcesses().join(u'\n')), 20'000);
        QFile mounts(u"/proc/self/mountinfo"_s);
        QVERIFY(mounts.open(QIODevice::ReadOnly));
        QVERIFY(!mounts.readAll().contains(engine.stateDirectory().toUtf8()));
        QVERIFY2(engine.start(), engine.log().constData());
        for (const QString &id : engine.sandboxFolders()) {
            const QDir folder(engine.stateDirectory() + u"/sandboxes/"_s + id);
            QVERIFY2(!folder.exists(u"agent.sock"_s), qPrintable(id));
            QVERIFY2(!folder.exists(u"sandbox.json.new"_s), qPrintable(id));
        }
        QVERIFY(QDir(engine.stateDirectory() + u"/building"_s).isEmpty());
    }
    // A sandbox that is being made has its folder first.
    QJsonArray list;
    QTRY_COMPARE((list = engine.get(u"/sandboxes?limit=100"_s).data().toArray()).size(),
                 engine.sandboxFolders().size());
    for (const QJsonValue &value : list) {
        const QString id = value.toObject().value("id"_L1).toString();
        if (kept.contains(id) && !closely)
            continue;
        // A call that had already reached what was killed is answered with an error.
        const QString command = kept.contains(id) ? u"cat file"_s : u"echo precious"_s;
        QTRY_COMPARE(engine.output(id, command), u"precious\n"_s);
        if (!kept.contains(id))
            QCOMPARE(engine.call("DELETE", u"/sandboxes/"_s + id).status, 200);
    }
    for (const QString &id : kept)
        QCOMPARE(engine.get(u"/sandboxes/"_s + id).status, 200);
    for (const QJsonValue &key :
         QJsonDocument::fromJson(engine.get(u"/orgs/apikeys"_s).body).array())
        engine.call("DELETE", u"/orgs/apikeys/"_s + key.toObject().value("id"_L1).toString());
}

void TestEngineKill::bubblewrapKilled()
{
    EngineUnderTest engine;
    QVERIFY2(engine.start(), engine.log().constData());
    const QString id = engine.createSandbox(u"one"_s);
    engine.exec(id, u"echo kept > file; (setsid nohup sleep 28284 >/dev/null 2>&1 &)"_s);
    const QStringList outer =
        EngineUnderTest::processesWith(u"/run/voidrun/agent"_s + QChar(0) + id).filter(u"bwrap"_s);
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

// The state directory on a small file system of its own: each attempt to make a sandbox either
// works or says why not, and leaves nothing.
void TestEngineKill::diskFullWhileCreating()
{
    QTemporaryDir outer;
    QFile script(outer.filePath(u"small-disk"_s));
    QVERIFY(script.open(QIODevice::WriteOnly));
    script.write(R"(#!/usr/bin/python3
import ctypes,os,sys
c=ctypes.CDLL(None,use_errno=True)
uid,gid=os.getuid(),os.getgid()
if c.unshare(0x20000 if uid==0 else 0x10020000)!=0: sys.exit("unshare")
if uid:
  for name,text in (("setgroups","deny"),("uid_map",f"{uid} {uid} 1"),("gid_map",f"{gid} {gid} 1")):
    open("/proc/self/"+name,"w").write(text)
c.mount(None,b"/",None,0x4000|(1<<18),None)
state=sys.argv[1]
os.makedirs(state,exist_ok=True)
if c.mount(b"tmpfs",state.encode(),b"tmpfs",0,b"size=24m,mode=700")!=0: sys.exit("mount")
os.execv(sys.argv[2],sys.argv[2:])
)");
    script.close();
    QVERIFY(script.setPermissions(QFile::Permissions(0x7755)));
    EngineUnderTest engine;
    QVERIFY2(engine.start({script.fileName(), engine.stateDirectory()}), engine.log().constData());
    int made = 0;
    Answer answer;
    for (; made < 40; ++made) {
        answer = engine.post(u"/sandboxes"_s, {{u"name"_s, u"box-%1"_s.arg(made)}});
        if (answer.status != 201)
            break;
        const QString id = answer.data().toObject().value("id"_L1).toString();
        engine.exec(id, u"head -c 2M /dev/zero > /app/data"_s);
    }
    QVERIFY2(answer.status == 507, answer.body.constData());
    QVERIFY2(answer.error().contains(u"no space"_s), answer.body.constData());
    QCOMPARE(engine.get(u"/sandboxes?limit=100"_s).data().toArray().size(), made);
    QCOMPARE(engine.get(u"/version"_s).status, 200);
    // Room again.
    const QJsonArray all = engine.get(u"/sandboxes?limit=100"_s).data().toArray();
    const QString first = all.first().toObject().value("id"_L1).toString();
    QCOMPARE(engine.call("DELETE", u"/sandboxes/"_s + first).status, 200);
    answer = {};  // made once, however often it is looked at
    QTRY_VERIFY2(
        answer.status == 201 ||
            (answer = engine.post(u"/sandboxes"_s, {{u"name"_s, u"again"_s}})).status == 201,
        answer.body.constData());
}

QTEST_GUILESS_MAIN(TestEngineKill)
#include "tst_enginekill.moc"
