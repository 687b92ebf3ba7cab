// SPDX-License-Identifier: MIT
#include <unistd.h>

#include "engineundertest.h"

// Every call of api.md that the engine answers itself (sections 2 and 6): the good case, each bad
// one, the wrong methods. What happens inside a sandbox has a test of its own.
class TestEngineConformance : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void call_data();
    void call();
    void wrongMethod_data();
    void wrongMethod();
    void asleepSandboxes_data();
    void asleepSandboxes();
    void unknownSandbox_data() { sandboxCalls(); }
    void unknownSandbox();
    void malformedId_data() { sandboxCalls(); }
    void malformedId();

private:
    void sandboxCalls();
    QString filled(QString path) const;
    EngineUnderTest m_engine;
    QString m_id;
    QString m_key;
    QString m_image;
};

void TestEngineConformance::initTestCase()
{
    QVERIFY2(m_engine.start(), m_engine.log().constData());
    m_id = m_engine.createSandbox(u"taken"_s);
    m_key = m_engine.post(u"/orgs/apikeys"_s, {{u"keyName"_s, u"k"_s}})
                .object()
                .value("keyId"_L1)
                .toString();
    const QByteArray images = m_engine.get(u"/images"_s).body;
    m_image = QJsonDocument::fromJson(images).array().at(0).toObject().value("id"_L1).toString();
    QVERIFY(!m_id.isEmpty() && !m_key.isEmpty() && !m_image.isEmpty());
}

QString TestEngineConformance::filled(QString path) const
{
    return path.replace(u"$S"_s, m_id).replace(u"$K"_s, m_key).replace(u"$I"_s, m_image);
}

// `fields` are what the answer must have: in data or, where the contract has it bare, at its top;
// in the first entry of a list. For an error there is none, but its sentence.
void TestEngineConformance::call_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QString>("path");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("fields");
    const QString sandbox =
        u"id name image cpu mem diskMB status createdAt updatedAt createdBy orgId autoSleep region "
        "labels publishPorts"_s;
    const QString image = u"id name tag sizeGB system active orgId createdAt createdBy"_s;
    const QString user = u"id name email createdAt"_s;
    const QString key = u"id orgId name scopes createdBy createdAt isActive updatedAt"_s;
    const auto row = [](const char *name, const QByteArray &method, const QString &path,
                        const QByteArray &body, int status, const QString &fields = {}) {
        QTest::newRow(name) << method << path << body << status << fields;
    };
    row("list", "GET", u"/sandboxes"_s, "", 200, sandbox);
    row("list, page", "GET", u"/sandboxes?page=1&limit=1"_s, "", 200, sandbox);
    row("list, empty page", "GET", u"/sandboxes?page=7&limit=100"_s, "", 200);
    for (const char *bad : {"page=0", "page=-1", "page=x", "page=1.5", "limit=0", "limit=101",
                            "limit=1e1", "labels=novalue", "page=99999999999999999999"})
        row(bad, "GET", u"/sandboxes?"_s + QLatin1StringView(bad), "", 400);
    const auto create = [&](const char *name, const QByteArray &body, int status) {
        row(name, "POST", u"/sandboxes"_s, body, status, status == 201 ? sandbox : QString());
    };
    create("create", R"({"name":"good"})", 201);
    create("create, all fields",
           R"({"name":"good-2","image":"code:1.0","cpu":8,"mem":16384,"orgId":"","userId":"",)"
           R"("sync":true,"envVars":{"A":"b"},"autoSleep":false,"region":"","labels":{"k":"v"},)"
           R"("ports":[{"protocol":"http","port":18090}]})",
           201);
    create("create, nulls", R"({"name":"good-3","cpu":null,"labels":null,"envVars":null})", 201);
    create("create, taken", R"({"name":"taken"})", 409);
    create("create, no body", "", 400);
    create("create, list", "[]", 400);
    create("create, no JSON", "{name:1}", 400);
    create("create, name missing", "{}", 400);
    create("create, name number", R"({"name":7})", 400);
    create("create, name long", R"({"name":")" + QByteArray(254, 'a') + "\"}", 400);
    create("create, name wrong", R"({"name":"A b"})", 400);
    create("create, image number", R"({"name":"n","image":7})", 400);
    create("create, image unknown", R"({"name":"n","image":"none"})", 400);
    create("create, cpu text", R"({"name":"n","cpu":"1"})", 400);
    create("create, cpu large", R"({"name":"n","cpu":9})", 400);
    create("create, cpu small", R"({"name":"n","cpu":0})", 400);
    create("create, mem text", R"({"name":"n","mem":"1024"})", 400);
    create("create, mem small", R"({"name":"n","mem":1023})", 400);
    create("create, mem large", R"({"name":"n","mem":16385})", 400);
    create("create, orgId number", R"({"name":"n","orgId":1})", 400);
    create("create, userId number", R"({"name":"n","userId":1})", 400);
    create("create, sync text", R"({"name":"n","sync":"true"})", 400);
    create("create, envVars list", R"({"name":"n","envVars":[]})", 400);
    create("create, envVars number", R"({"name":"n","envVars":{"A":1}})", 400);
    create("create, autoSleep number", R"({"name":"n","autoSleep":1})", 400);
    create("create, region number", R"({"name":"n","region":1})", 400);
    create("create, labels list", R"({"name":"n","labels":["a"]})", 400);
    create("create, five ports", R"({"name":"n","publishPorts":[1,2,3,4,5]})", 400);
    create("create, port twice", R"({"name":"n","publishPorts":[1,1]})", 400);
    create("create, port large", R"({"name":"n","publishPorts":[65536]})", 400);
    create("create, port text", R"({"name":"n","publishPorts":["80"]})", 400);
    create("create, ports of numbers", R"({"name":"n","ports":[80]})", 400);
    create("create, ports text", R"({"name":"n","ports":"80"})", 400);
    row("show", "GET", u"/sandboxes/$S"_s, "", 200, sandbox);
    row("change", "PATCH", u"/sandboxes/$S"_s, R"({"autoSleep":false})", 200, sandbox);
    row("change, nothing", "PATCH", u"/sandboxes/$S"_s, "{}", 400);
    row("change, text", "PATCH", u"/sandboxes/$S"_s, R"({"autoSleep":"no"})", 400);
    row("change, unknown", "PATCH", u"/sandboxes/$S"_s, R"({"autoSleep":true,"name":"x"})", 400);
    row("change, no JSON", "PATCH", u"/sandboxes/$S"_s, "autoSleep", 400);
    row("sleep", "POST", u"/sandboxes/$S/sleep"_s, "", 200, sandbox);
    row("sleep again", "POST", u"/sandboxes/$S/sleep"_s, "{}", 200, sandbox);
    row("wake", "POST", u"/sandboxes/$S/wake"_s, "", 200, sandbox);
    row("stop", "POST", u"/sandboxes/$S/stop"_s, "", 200, sandbox);
    row("start", "POST", u"/sandboxes/$S/start"_s, "", 200, sandbox);
    row("pause", "POST", u"/sandboxes/$S/pause"_s, "", 200, sandbox);
    row("resume", "POST", u"/sandboxes/$S/resume"_s, "", 200, sandbox);
    const QString ports = u"/sandboxes/$S/publish-ports"_s;
    // Where an account may have no network, there are none; tst_enginenetwork looks at that.
    const bool hasNetwork = ::geteuid() == 0 || ::access("/dev/net/tun", R_OK | W_OK) == 0;
    row("ports", "PATCH", ports, R"({"publishPorts":[18091]})", 200, sandbox);
    row("public addresses", "GET", u"/sandboxes/$S/public-urls"_s, "", 200,
        hasNetwork ? u"port url"_s : QString());
    row("ports, none", "PATCH", ports, R"({"publishPorts":[]})", 200, sandbox);
    row("ports, other form", "PATCH", ports, R"({"ports":[{"port":18092}]})", 200, sandbox);
    row("ports, missing", "PATCH", ports, "{}", 400);
    row("ports, number", "PATCH", ports, R"({"publishPorts":80})", 400);
    row("ports, text", "PATCH", ports, R"({"publishPorts":["80"]})", 400);
    row("ports, 0", "PATCH", ports, R"({"publishPorts":[0]})", 400);
    row("ports, five", "PATCH", ports, R"({"publishPorts":[1,2,3,4,5]})", 400);
    row("version", "GET", u"/version"_s, "", 200, u"version commit buildTime engine"_s);
    row("me", "GET", u"/users/me"_s, "", 200, user + u" orgs"_s);
    row("users", "GET", u"/orgs/users"_s, "", 200, user);
    row("keys", "GET", u"/orgs/apikeys"_s, "", 200, key);
    row("new key", "POST", u"/orgs/apikeys"_s, R"({"keyName":"two"})", 201,
        u"plainKey keyId keyName orgId createdAt expiresIn"_s);
    row("new key, missing", "POST", u"/orgs/apikeys"_s, "{}", 400);
    row("new key, number", "POST", u"/orgs/apikeys"_s, R"({"keyName":2})", 400);
    row("new key, long", "POST", u"/orgs/apikeys"_s,
        R"({"keyName":")" + QByteArray(101, 'k') + "\"}", 400);
    row("new key, control", "POST", u"/orgs/apikeys"_s, R"({"keyName":"a\u0007"})", 400);
    row("activate", "POST", u"/orgs/apikeys/$K/activate"_s, R"({"isActive":false})", 200, key);
    row("activate, missing", "POST", u"/orgs/apikeys/$K/activate"_s, "{}", 400);
    row("activate, text", "POST", u"/orgs/apikeys/$K/activate"_s, R"({"isActive":"no"})", 400);
    row("touch", "PATCH", u"/orgs/apikeys/$K/touch"_s, "", 200, key + u" lastUsedAt"_s);
    const QString otherKey = u"/orgs/apikeys/0123456789abcdef01234567"_s;
    row("activate, unknown", "POST", otherKey + u"/activate"_s, R"({"isActive":true})", 404);
    row("touch, unknown", "PATCH", otherKey + u"/touch"_s, "", 404);
    row("delete key, unknown", "DELETE", otherKey, "", 404);
    row("delete key", "DELETE", u"/orgs/apikeys/$K"_s, "", 200);
    row("delete key again", "DELETE", u"/orgs/apikeys/$K"_s, "", 404);
    row("images", "GET", u"/images"_s, "", 200, image);
    row("image", "GET", u"/images/$I"_s, "", 200, image);
    row("image by name", "GET", u"/images/name/code"_s, "", 200, image);
    row("image, unknown", "GET", u"/images/0123456789abcdef01234567"_s, "", 404);
    row("image by name, unknown", "GET", u"/images/name/none"_s, "", 404);
    row("nowhere", "GET", u"/nothing"_s, "", 404);
    row("nowhere in a sandbox", "GET", u"/sandboxes/$S/nothing"_s, "", 404);
}

void TestEngineConformance::call()
{
    QFETCH(QByteArray, method);
    QFETCH(QString, path);
    QFETCH(QByteArray, body);
    QFETCH(int, status);
    QFETCH(QString, fields);
    const Answer answer = m_engine.call(method, filled(path), body);
    QVERIFY2(answer.status == status, answer.body.constData());
    if (status >= 400) {
        QVERIFY2(answer.error().endsWith(u'.'), answer.body.constData());
        return;
    }
    const QJsonDocument document = QJsonDocument::fromJson(answer.body);
    QJsonValue value = document.isArray() ? QJsonValue(document.array()) : document.object();
    if (answer.object().contains("data"_L1)) {
        QCOMPARE(answer.object().value("status"_L1).toString(), u"success"_s);
        QVERIFY(!answer.object().value("message"_L1).toString().isEmpty());
        value = answer.data();
    }
    const QJsonObject object =
        value.isArray() ? value.toArray().at(0).toObject() : value.toObject();
    for (const QString &field : fields.split(u' ', Qt::SkipEmptyParts))
        QVERIFY2(object.contains(field),
                 qPrintable(field + u" in "_s + QString::fromUtf8(answer.body)));
    if (path.startsWith(u"/sandboxes?"_s))
        QCOMPARE(answer.object().value("meta"_L1).toObject().keys(),
                 QStringList({u"limit"_s, u"page"_s, u"total"_s, u"totalPages"_s}));
}

void TestEngineConformance::wrongMethod_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("allowed");
    const QList<std::pair<QString, QString>> paths{
        {u"/version"_s, u"GET"_s},
        {u"/sandboxes"_s, u"GET POST"_s},
        {u"/sandboxes/$S"_s, u"GET PATCH DELETE"_s},
        {u"/sandboxes/$S/sleep"_s, u"POST"_s},
        {u"/sandboxes/$S/wake"_s, u"POST"_s},
        {u"/sandboxes/$S/start"_s, u"POST"_s},
        {u"/sandboxes/$S/public-urls"_s, u"GET"_s},
        {u"/sandboxes/$S/publish-ports"_s, u"PATCH"_s},
        {u"/users/me"_s, u"GET"_s},
        {u"/orgs/users"_s, u"GET"_s},
        {u"/orgs/apikeys"_s, u"GET POST"_s},
        {u"/orgs/apikeys/$K"_s, u"DELETE"_s},
        {u"/orgs/apikeys/$K/activate"_s, u"POST"_s},
        {u"/orgs/apikeys/$K/touch"_s, u"PATCH"_s},
        {u"/images"_s, u"GET"_s},
        {u"/images/$I"_s, u"GET"_s},
        {u"/images/name/code"_s, u"GET"_s},
    };
    for (const auto &[path, allowed] : paths)
        QTest::newRow(qPrintable(path)) << path << allowed;
}

void TestEngineConformance::wrongMethod()
{
    QFETCH(QString, path);
    QFETCH(QString, allowed);
    for (const QString &method : {u"GET"_s, u"POST"_s, u"PUT"_s, u"PATCH"_s, u"DELETE"_s}) {
        if (allowed.split(u' ').contains(method))
            continue;
        const Answer answer = m_engine.call(method.toLatin1(), filled(path));
        QVERIFY2(answer.status == 405, qPrintable(method));
        QVERIFY(!answer.error().isEmpty());
    }
}

// None of these wakes it but those that say so.
void TestEngineConformance::asleepSandboxes_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QString>("path");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("after");
    const auto row = [](const char *name, const QByteArray &method, const QString &path,
                        const QByteArray &body, const QString &after) {
        QTest::newRow(name) << method << path << body << after;
    };
    const QString asleep = u"snapshotted"_s;
    const QString awake = u"running"_s;
    row("list", "GET", u"/sandboxes"_s, "", asleep);
    row("show", "GET", u"/sandboxes/$S"_s, "", asleep);
    row("change", "PATCH", u"/sandboxes/$S"_s, R"({"autoSleep":false})", asleep);
    row("addresses", "GET", u"/sandboxes/$S/public-urls"_s, "", asleep);
    row("ports", "PATCH", u"/sandboxes/$S/publish-ports"_s, R"({"publishPorts":[]})", asleep);
    row("sleep", "POST", u"/sandboxes/$S/sleep"_s, "", asleep);
    row("wake", "POST", u"/sandboxes/$S/wake"_s, "", awake);
    row("start", "POST", u"/sandboxes/$S/start"_s, "", awake);
    row("exec", "POST", u"/sandboxes/$S/exec"_s, R"({"command":"true"})", awake);
    row("files", "GET", u"/sandboxes/$S/files?path=/"_s, "", awake);
    row("terminals", "GET", u"/sandboxes/$S/pty/sessions"_s, "", awake);
}

void TestEngineConformance::asleepSandboxes()
{
    QFETCH(QByteArray, method);
    QFETCH(QString, path);
    QFETCH(QByteArray, body);
    QFETCH(QString, after);
    QCOMPARE(m_engine.post(filled(u"/sandboxes/$S/sleep"_s)).status, 200);
    const Answer answer = m_engine.call(method, filled(path), body);
    QVERIFY2(answer.status == 200, answer.body.constData());
    const Answer shown = m_engine.get(filled(u"/sandboxes/$S"_s));
    QCOMPARE(shown.data().toObject().value("status"_L1).toString(), after);
}

void TestEngineConformance::sandboxCalls()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QString>("rest");
    const QList<std::pair<QByteArray, QString>> calls{
        {"GET", u""_s},
        {"PATCH", u""_s},
        {"DELETE", u""_s},
        {"POST", u"/sleep"_s},
        {"POST", u"/wake"_s},
        {"POST", u"/start"_s},
        {"POST", u"/stop"_s},
        {"POST", u"/pause"_s},
        {"POST", u"/resume"_s},
        {"GET", u"/public-urls"_s},
        {"PATCH", u"/publish-ports"_s},
        {"POST", u"/exec"_s},
        {"GET", u"/files?path=/"_s},
        {"GET", u"/pty/sessions"_s},
    };
    for (const auto &[method, rest] : calls)
        QTest::addRow("%s %s", method.constData(), qPrintable(rest)) << method << rest;
}

void TestEngineConformance::unknownSandbox()
{
    QFETCH(QByteArray, method);
    QFETCH(QString, rest);
    const QString path = u"/sandboxes/0123456789abcdef01234567"_s + rest;
    const Answer answer = m_engine.call(method, path, R"({"autoSleep":true})");
    QVERIFY2(answer.status == 404, answer.body.constData());
    QVERIFY(!answer.error().isEmpty());
}

void TestEngineConformance::malformedId()
{
    QFETCH(QByteArray, method);
    QFETCH(QString, rest);
    for (const QString &id :
         {u"--bind"_s, u"x"_s, u"0123456789ABCDEF01234567"_s, u"0123456789abcdef012345678"_s}) {
        const Answer answer = m_engine.call(method, u"/sandboxes/"_s + id + rest);
        QVERIFY2(answer.status == 400, answer.body.constData());
    }
}

QTEST_GUILESS_MAIN(TestEngineConformance)
#include "tst_engineconformance.moc"
