// SPDX-License-Identifier: MIT
#include "engineundertest.h"

// Life cycle, listing, and what outlives an engine.
class TestEngineSandboxes : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void createAnswersWithAllFields();
    void badRequests_data();
    void badRequests();
    void nameTaken();
    void emptyIdsAreAccepted();
    void pagesAndLabels();
    void changeAutoSleep();
    void sleepAndWake();
    void agentThatDiesIsStartedAgain();
    void deleteLeavesNothing();
    void restartKeepsSandboxes();
    void damagedSandboxIsLeftAlone();
    void replacedMountPointsAreHarmless();
    void images();

private:
    std::unique_ptr<EngineUnderTest> m_engine;
};

void TestEngineSandboxes::init()
{
    if (m_engine)
        return;
    m_engine = std::make_unique<EngineUnderTest>();
    QVERIFY2(m_engine->start(), m_engine->log().constData());
}

void TestEngineSandboxes::cleanup()
{
    // Refused requests leave nothing, and their test checks that: one engine serves all its rows.
    if (!m_engine->sandboxFolders().isEmpty())
        m_engine.reset();
}

void TestEngineSandboxes::createAnswersWithAllFields()
{
    const QJsonObject fields{{u"name"_s, u"my.sandbox-1"_s},
                             {u"cpu"_s, 2},
                             {u"mem"_s, 2048},
                             {u"envVars"_s, QJsonObject{{u"GREETING"_s, u"hello there"_s}}},
                             {u"labels"_s, QJsonObject{{u"team"_s, u"red"_s}}},
                             {u"autoSleep"_s, false},
                             {u"publishPorts"_s, QJsonArray{8080, 3000}}};
    const Answer answer = m_engine->post(u"/sandboxes"_s, fields);
    QCOMPARE(answer.status, 201);
    QCOMPARE(answer.object().value("status"_L1).toString(), u"success"_s);
    const QJsonObject sandbox = answer.data().toObject();
    for (const QString &name : fields.keys())
        QCOMPARE(sandbox.value(name), fields.value(name));
    static const QRegularExpression id(u"^[0-9a-f]{24}$"_s);
    QVERIFY(id.match(sandbox.value("id"_L1).toString()).hasMatch());
    QVERIFY(sandbox.value("image"_L1).toString().startsWith(u"code:"_s));
    QCOMPARE(sandbox.value("status"_L1).toString(), u"running"_s);
    QCOMPARE(sandbox.value("region"_L1).toString(), u"local"_s);
    QVERIFY(QDateTime::fromString(sandbox.value("createdAt"_L1).toString(), Qt::ISODateWithMs)
                .isValid());
    const Answer shown = m_engine->get(u"/sandboxes/"_s + sandbox.value("id"_L1).toString());
    QCOMPARE(shown.status, 200);
    QCOMPARE(shown.data().toObject(), sandbox);
    QCOMPARE(m_engine->output(sandbox.value("id"_L1).toString(), u"echo $GREETING"_s),
             u"hello there\n"_s);
}

void TestEngineSandboxes::badRequests_data()
{
    QTest::addColumn<QByteArray>("body");
    const auto row = [](const char *name, const QByteArray &body) { QTest::newRow(name) << body; };
    row("not JSON", "name=x");
    row("not an object", "[1]");
    row("empty", "");
    row("no name", "{}");
    row("empty name", R"({"name":""})");
    row("name is a number", R"({"name":1})");
    row("capital", R"({"name":"Abc"})");
    row("underscore", R"({"name":"a_b"})");
    row("leading dash", R"({"name":"-a"})");
    row("trailing dash", R"({"name":"a-"})");
    row("two dots", R"({"name":"a..b"})");
    row("slash", R"({"name":"a/b"})");
    row("dots", R"({"name":".."})");
    row("long part", R"({"name":")" + QByteArray(64, 'a') + "\"}");
    row("long", R"({"name":")" + QByteArray(QByteArray(50, 'a') + '.').repeated(6) + "a\"}");
    row("cpu 0", R"({"name":"a","cpu":0})");
    row("cpu 9", R"({"name":"a","cpu":9})");
    row("cpu text", R"({"name":"a","cpu":"2"})");
    row("cpu fraction", R"({"name":"a","cpu":1.5})");
    row("mem small", R"({"name":"a","mem":512})");
    row("mem large", R"({"name":"a","mem":16385})");
    row("unknown image", R"({"name":"a","image":"nothing"})");
    row("env list", R"({"name":"a","envVars":["A"]})");
    row("env number", R"({"name":"a","envVars":{"A":1}})");
    row("env name", R"({"name":"a","envVars":{"A=B":"1"}})");
    row("env NUL", R"({"name":"a","envVars":{"A":"x\u0000y"}})");
    row("env large", R"({"name":"a","envVars":{"A":")" + QByteArray(70'000, 'x') + "\"}}");
    row("labels text", R"({"name":"a","labels":"k=v"})");
    row("autoSleep text", R"({"name":"a","autoSleep":"yes"})");
    row("five ports", R"({"name":"a","publishPorts":[1,2,3,4,5]})");
    row("port 0", R"({"name":"a","publishPorts":[0]})");
    row("port twice", R"({"name":"a","publishPorts":[80,80]})");
    row("sync text", R"({"name":"a","sync":"no"})");
    row("deep", R"({"name":)" + QByteArray(100'000, '['));
}

void TestEngineSandboxes::badRequests()
{
    QFETCH(QByteArray, body);
    const Answer answer = m_engine->call("POST", u"/sandboxes"_s, body);
    QCOMPARE(answer.status, 400);
    QVERIFY(!answer.error().isEmpty());
    QCOMPARE(m_engine->sandboxFolders(), QStringList());
}

void TestEngineSandboxes::nameTaken()
{
    const QString first = m_engine->createSandbox(u"one"_s);
    const Answer second = m_engine->post(u"/sandboxes"_s, {{u"name"_s, u"one"_s}});
    QCOMPARE(second.status, 409);
    QVERIFY(!second.error().isEmpty());
    QCOMPARE(m_engine->call("DELETE", u"/sandboxes/"_s + first).status, 200);
    QVERIFY(!m_engine->createSandbox(u"one"_s).isEmpty());
}

void TestEngineSandboxes::emptyIdsAreAccepted()
{
    QVERIFY(!m_engine
                 ->createSandbox(u"one"_s, {{u"orgId"_s, u""_s},
                                            {u"userId"_s, u""_s},
                                            {u"sync"_s, true},
                                            {u"unheardOf"_s, 1}})
                 .isEmpty());
}

void TestEngineSandboxes::pagesAndLabels()
{
    for (int i = 0; i < 5; ++i) {
        const QJsonObject labels{{u"parity"_s, i % 2 == 0 ? u"even"_s : u"odd"_s},
                                 {u"number"_s, QString::number(i)}};
        QVERIFY(!m_engine->createSandbox(u"box-%1"_s.arg(i), {{u"labels"_s, labels}}).isEmpty());
    }
    const Answer second = m_engine->get(u"/sandboxes?page=2&limit=2"_s);
    QCOMPARE(second.data().toArray().size(), 2);
    QCOMPARE(second.data().toArray().at(0).toObject().value("name"_L1).toString(), u"box-2"_s);
    const QJsonObject meta{{u"page"_s, 2}, {u"limit"_s, 2}, {u"total"_s, 5}, {u"totalPages"_s, 3}};
    QCOMPARE(second.object().value("meta"_L1).toObject(), meta);
    QCOMPARE(m_engine->get(u"/sandboxes?page=9&limit=2"_s).data().toArray().size(), 0);
    QCOMPARE(m_engine->get(u"/sandboxes?labels=parity=even"_s).data().toArray().size(), 3);
    QCOMPARE(m_engine->get(u"/sandboxes?labels=parity=even,number=2"_s).data().toArray().size(), 1);
    QCOMPARE(m_engine->get(u"/sandboxes?labels=parity%3Dodd"_s).data().toArray().size(), 2);
    QCOMPARE(m_engine->get(u"/sandboxes?labels=parity=none"_s).data().toArray().size(), 0);
    for (const QString &bad :
         {u"page=0"_s, u"page=x"_s, u"limit=0"_s, u"limit=101"_s, u"page=-1"_s, u"labels=parity"_s})
        QCOMPARE(m_engine->get(u"/sandboxes?"_s + bad).status, 400);
}

void TestEngineSandboxes::changeAutoSleep()
{
    const QString path = u"/sandboxes/"_s + m_engine->createSandbox(u"one"_s);
    const Answer changed = m_engine->call("PATCH", path, R"({"autoSleep":false})");
    QCOMPARE(changed.status, 200);
    QCOMPARE(changed.data().toObject().value("autoSleep"_L1).toBool(true), false);
    QCOMPARE(m_engine->call("PATCH", path, R"({"autoSleep":"no"})").status, 400);
    QCOMPARE(m_engine->call("PATCH", path, R"({"cpu":2})").status, 400);
    QCOMPARE(m_engine->call("PATCH", path, R"({"autoSleep":true,"cpu":2})").status, 400);
    m_engine->stop();
    QVERIFY(m_engine->start());
    QCOMPARE(m_engine->get(path).data().toObject().value("autoSleep"_L1).toBool(true), false);
}

void TestEngineSandboxes::sleepAndWake()
{
    const QString id = m_engine->createSandbox(u"one"_s);
    const QString path = u"/sandboxes/"_s + id;
    m_engine->exec(id,
                   u"echo kept > /root/file; (setsid sleep 31415 &) ; echo > /usr/local/mine"_s);
    const Answer asleep = m_engine->post(path + u"/sleep"_s);
    QCOMPARE(asleep.status, 200);
    QCOMPARE(asleep.data().toObject().value("status"_L1).toString(), u"snapshotted"_s);
    QCOMPARE(m_engine->sandboxProcesses(), QStringList());
    QCOMPARE(EngineUnderTest::processesWith(u"31415"_s), QStringList());
    QCOMPARE(m_engine->post(path + u"/sleep"_s).status, 200);
    QCOMPARE(m_engine->output(id, u"cat /root/file; ls /usr/local/mine"_s),
             u"kept\n/usr/local/mine\n"_s);
    QCOMPARE(m_engine->get(path).data().toObject().value("status"_L1).toString(), u"running"_s);
    for (const QString &word : {u"/stop"_s, u"/wake"_s, u"/pause"_s, u"/resume"_s, u"/start"_s})
        QCOMPARE(m_engine->post(path + word).status, 200);
    QCOMPARE(m_engine->output(id, u"echo up"_s), u"up\n"_s);
}

void TestEngineSandboxes::agentThatDiesIsStartedAgain()
{
    const QString id = m_engine->createSandbox(u"one"_s);
    const QStringList agents = EngineUnderTest::processesWith(u"agent"_s + QChar(0) + id);
    for (const QString &agent : agents)
        QProcess::execute(u"kill"_s, {u"-9"_s, agent.section(u' ', 0, 0)});
    const QString path = u"/sandboxes/"_s + id;
    QTRY_COMPARE(m_engine->get(path).data().toObject().value("status"_L1).toString(),
                 u"snapshotted"_s);
    QCOMPARE(m_engine->output(id, u"echo again"_s), u"again\n"_s);
}

void TestEngineSandboxes::deleteLeavesNothing()
{
    const QString id = m_engine->createSandbox(u"one"_s);
    // A deep tree, a closed folder and a link out.
    m_engine->exec(id,
                   u"p=/app; for i in $(seq 300); do p=$p/d; done; mkdir -p $p; "
                   "mkdir -m 000 /app/closed; ln -s / /app/out; touch /usr/bin/mine"_s);
    QCOMPARE(m_engine->call("DELETE", u"/sandboxes/"_s + id).status, 200);
    QCOMPARE(m_engine->get(u"/sandboxes/"_s + id).status, 404);
    QCOMPARE(m_engine->call("DELETE", u"/sandboxes/"_s + id).status, 404);
    QCOMPARE(m_engine->sandboxFolders(), QStringList());
    QTRY_COMPARE(EngineUnderTest::processesWith(id), QStringList());
    QTRY_VERIFY(QDir(m_engine->stateDirectory() + u"/trash"_s)
                    .entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot)
                    .isEmpty());
}

void TestEngineSandboxes::restartKeepsSandboxes()
{
    const QString id = m_engine->createSandbox(u"one"_s);
    m_engine->exec(id, u"echo kept > file; chmod 4711 file"_s);
    const QJsonObject before = m_engine->get(u"/sandboxes/"_s + id).data().toObject();
    m_engine->stop();
    QVERIFY(m_engine->start());
    QJsonObject after = m_engine->get(u"/sandboxes/"_s + id).data().toObject();
    QCOMPARE(after.take("status"_L1).toString(), u"snapshotted"_s);
    QJsonObject expected = before;
    expected.remove("status"_L1);
    QCOMPARE(after, expected);
    QCOMPARE(m_engine->output(id, u"cat file; stat -c %a file"_s), u"kept\n4711\n"_s);
}

void TestEngineSandboxes::damagedSandboxIsLeftAlone()
{
    const QString good = m_engine->createSandbox(u"good"_s);
    const QString bad = m_engine->createSandbox(u"bad"_s);
    m_engine->stop();
    const QString folder = m_engine->stateDirectory() + u"/sandboxes/"_s + bad;
    QFile file(folder + u"/sandbox.json"_s);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("{\"id\":");
    file.close();
    QVERIFY(m_engine->start());
    QCOMPARE(m_engine->get(u"/sandboxes"_s).data().toArray().size(), 1);
    QCOMPARE(m_engine->get(u"/sandboxes/"_s + good).status, 200);
    QVERIFY(QDir(folder + u"/rootfs/app"_s).exists());
}

// What a guest leaves where bwrap mounts must not lead out at the next start.
void TestEngineSandboxes::replacedMountPointsAreHarmless()
{
    const QString id = m_engine->createSandbox(u"one"_s);
    QCOMPARE(m_engine->post(u"/sandboxes/"_s + id + u"/sleep"_s).status, 200);
    const QDir root(m_engine->stateDirectory() + u"/sandboxes/"_s + id + u"/rootfs"_s);
    const QString outside = m_engine->folder() + u"/outside"_s;
    QVERIFY(QDir().mkdir(outside));
    for (const QString &name : {u"run"_s, u"dev"_s, u"usr"_s, u"var"_s}) {
        QVERIFY(QDir(root.filePath(name)).removeRecursively());
        QVERIFY(QFile::link(outside, root.filePath(name)));
    }
    QCOMPARE(m_engine->output(id, u"echo fine; ls -d /run/voidrun"_s), u"fine\n/run/voidrun\n"_s);
    QVERIFY(QDir(outside).isEmpty());
}

void TestEngineSandboxes::images()
{
    const Answer list = m_engine->get(u"/images"_s);
    const QJsonObject image = QJsonDocument::fromJson(list.body).array().at(0).toObject();
    QCOMPARE(image.value("name"_L1).toString(), u"code"_s);
    QCOMPARE(m_engine->get(u"/images/name/code"_s).object(), image);
    QCOMPARE(m_engine->get(u"/images/"_s + image.value("id"_L1).toString()).object(), image);
    QCOMPARE(m_engine->get(u"/images/name/none"_s).status, 404);
}

QTEST_GUILESS_MAIN(TestEngineSandboxes)
#include "tst_enginesandboxes.moc"
