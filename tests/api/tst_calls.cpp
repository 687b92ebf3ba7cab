// SPDX-License-Identifier: MIT
#include <QBuffer>
#include <QTest>

#include <functional>

#include "api/client.h"
#include "support/httpway.h"
#include "support/replywait.h"
#include "support/scriptedserver.h"

using namespace voidrun;
using namespace voidrun::test;
using namespace Qt::StringLiterals;

namespace
{

const QString id = u"0123456789abcdef01234567"_s;
const QByteArray sandboxJson =
    R"({"id":"0123456789abcdef01234567","name":"one","status":"running"})";

// What a call answered, in a few words.
QString said(const Done &)
{
    return u"done"_s;
}
QString said(const QString &text)
{
    return text;
}
QString said(const QStringList &lines)
{
    return lines.join(u'|');
}
QString said(const Sandbox &sandbox)
{
    return sandbox.name + u' ' + sandbox.status;
}
QString said(const SandboxPage &page)
{
    return u"%1 of %2"_s.arg(page.sandboxes.size()).arg(page.total);
}
QString said(const PublicUrl &url)
{
    return u"%1=%2"_s.arg(url.port).arg(url.url.toString());
}
QString said(const ExecResult &result)
{
    return u"%1 %2 %3"_s.arg(result.stdOut, result.stdErr).arg(result.exitCode);
}
QString said(const CodeResult &result)
{
    return u"%1 %2"_s.arg(result.results.toString()).arg(result.exitCode);
}
QString said(const GuestCommand &command)
{
    return u"%1 %2 %3 %4"_s.arg(command.pid)
        .arg(command.command)
        .arg(command.running)
        .arg(command.exitCode.value_or(-1));
}
QString said(const ExitStatus &exit)
{
    return u"%1 %2"_s.arg(exit.exitCode).arg(exit.error);
}
QString said(const SessionAnswer &answer)
{
    return u"%1 %2 %3"_s.arg(answer.sessionId, answer.output).arg(answer.exitCode.value_or(-1));
}
QString said(const FileEntry &entry)
{
    return u"%1 %2"_s.arg(entry.path).arg(entry.mode, 0, 8);
}
QString said(const FileStat &stat)
{
    return u"%1 %2"_s.arg(stat.path).arg(stat.size);
}
QString said(const DiskUsage &usage)
{
    return u"%1 %2"_s.arg(usage.path).arg(usage.bytes);
}
QString said(const PtySession &session)
{
    return u"%1 %2"_s.arg(session.id).arg(session.alive);
}
QString said(const ServerVersion &version)
{
    return version.version + version.engine;
}
QString said(const User &user)
{
    return user.name + u' ' + (user.orgs.isEmpty() ? QString() : user.orgs.first().name);
}
QString said(const ApiKey &key)
{
    return u"%1 %2 %3"_s.arg(key.name, key.scopes.join(u'+')).arg(key.isActive);
}
QString said(const NewApiKey &key)
{
    return key.keyName + u' ' + key.plainKey;
}
QString said(const Image &image)
{
    return image.name + u':' + image.tag;
}
template<class T>
QString said(const QList<T> &list)
{
    QStringList parts;
    for (const T &entry : list)
        parts.append(said(entry));
    return parts.join(u'|');
}

using Call = std::function<QString(Client &)>;

template<class Start>
Call calling(Start start)
{
    return [start](Client &client) {
        const auto answer = answerOf(start(client));
        return answer ? said(*answer) : QString::fromUtf8(problemOf(answer));
    };
}

}  // namespace

Q_DECLARE_METATYPE(Call)

// One row a call: what goes out, and what is made of an answer. The other forms of answers are in
// the codecs' tests, the real engine's in tst_client.
class CallsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void call_data();
    void call();
    void refusedBeforeSending_data();
    void refusedBeforeSending();
    void toolFailureSaysWhy();

private:
    void row(const char *name, const Call &call, const QByteArray &request, const QByteArray &body,
             const QByteArray &answer, const QString &expected);
    void sandboxRows();
    void execRows();
    void fileRows();
    void ptyRows();
    void accountRows();
};

void CallsTest::row(const char *name, const Call &call, const QByteArray &request,
                    const QByteArray &body, const QByteArray &answer, const QString &expected)
{
    QTest::newRow(name) << call << request << body << answer << expected;
}

void CallsTest::call_data()
{
    QTest::addColumn<Call>("run");
    QTest::addColumn<QByteArray>("request");  // "S" stands for the sandbox's address
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<QString>("expected");
    sandboxRows();
    execRows();
    fileRows();
    ptyRows();
    accountRows();
}

void CallsTest::sandboxRows()
{
    const QByteArray data = R"({"status":"success","data":)" + sandboxJson + "}";
    row("list", calling([](Client &c) { return c.listSandboxes(2, 5, {{u"k"_s, u"v"_s}}); }),
        "GET /sandboxes?page=2&limit=5&labels=k%3Dv", "",
        R"({"status":"success","data":[)" + sandboxJson + R"(],"meta":{"total":6}})", u"1 of 6"_s);
    row("create", calling([](Client &c) {
            SandboxSpec spec;
            spec.name = u"one"_s;
            spec.publishPorts = {80};
            spec.region = u"eu"_s;
            return c.createSandbox(spec);
        }),
        "POST /sandboxes",
        R"({"autoSleep":false,"cpu":1,"image":"code","mem":1024,"name":"one","publishPorts":[80],"region":"eu"})",
        data, u"one running"_s);
    row("get", calling([](Client &c) { return c.sandbox(id); }), "GET S", "", data,
        u"one running"_s);
    row("auto-sleep", calling([](Client &c) { return c.setAutoSleep(id, true); }), "PATCH S",
        R"({"autoSleep":true})", data, u"one running"_s);
    row("delete", calling([](Client &c) { return c.deleteSandbox(id); }), "DELETE S", "",
        R"({"status":"success"})", u"done"_s);
    row("sleep", calling([](Client &c) { return c.sleep(id); }), "POST S/sleep", "", data,
        u"done"_s);
    row("wake", calling([](Client &c) { return c.wake(id); }), "POST S/wake", "", "woken",
        u"done"_s);
    row("start", calling([](Client &c) { return c.start(id); }), "POST S/start", "", "", u"done"_s);
    row("public urls", calling([](Client &c) { return c.publicUrls(id); }), "GET S/public-urls", "",
        R"({"data":[{"port":80,"url":"https://a"},{"port":0,"url":"https://b"},{"port":81,"url":""},{"port":82}]})",
        u"80=https://a"_s);
    row("publish ports", calling([](Client &c) { return c.setPublishPorts(id, {80, 443}); }),
        "PATCH S/publish-ports", R"({"publishPorts":[80,443]})", data, u"done"_s);
}

void CallsTest::execRows()
{
    row("exec", calling([](Client &c) {
            return c.exec(id, {.command = u" ls "_s, .env = {{u"A"_s, u"b"_s}}, .cwd = u"/tmp"_s});
        }),
        "POST S/exec", R"({"command":"ls","cwd":"/tmp","env":{"A":"b"},"timeout":30})",
        R"({"status":"success","data":{"stdout":"o","exitCode":3}})", u"o  3"_s);
    row("exec that says it failed",
        calling([](Client &c) { return c.exec(id, {.command = u"false"_s}); }), "POST S/exec",
        R"({"command":"false","timeout":30})", R"({"success":false,"stderr":"e","exitCode":1})",
        u" e 1"_s);
    row("run", calling([](Client &c) {
            return c.runCommand(id, {.command = u"sleep 9"_s, .timeout = 900});
        }),
        "POST S/commands/run", R"({"command":"sleep 9","timeout":900})",
        R"({"success":true,"pid":7,"command":"sleep 9"})", u"7 sleep 9 1 -1"_s);
    row("commands", calling([](Client &c) { return c.listCommands(id); }), "GET S/commands/list",
        "",
        R"({"success":true,"processes":[{"pid":7,"command":"a","startTime":"2025-01-02T03:04:05Z","running":true},{"pid":8,"command":"b","running":false,"exitCode":2}]})",
        u"7 a 1 -1|8 b 0 2"_s);
    row("no commands", calling([](Client &c) { return c.listCommands(id); }), "GET S/commands/list",
        "", R"({"success":true,"processes":null})", u""_s);
    row("wait", calling([](Client &c) { return c.waitCommand(id, 7); }), "POST S/commands/wait",
        R"({"pid":7})", R"({"success":false,"exitCode":2,"error":"exit status 2"})",
        u"2 exit status 2"_s);
    row("kill", calling([](Client &c) { return c.killCommand(id, 7); }), "POST S/commands/kill",
        R"({"pid":7})", R"({"success":true,"message":"killed"})", u"done"_s);
    const QByteArray answer = R"({"success":true,"sessionId":"s1","output":"o"})";
    row("session create", calling([](Client &c) { return c.createShellSession(id, u"bash"_s); }),
        "POST S/session-exec", R"({"action":"create","shell":"bash"})", answer, u"s1 o -1"_s);
    row("session exec",
        calling([](Client &c) { return c.execInShellSession(id, u"s1"_s, u"ls"_s); }),
        "POST S/session-exec", R"({"action":"exec","command":"ls","sessionId":"s1"})",
        R"({"success":false,"sessionId":"s1","output":"o","exitCode":2})", u"s1 o 2"_s);
    row("session input",
        calling([](Client &c) { return c.inputToShellSession(id, u"s1"_s, u"y\n"_s); }),
        "POST S/session-exec", R"({"action":"input","input":"y\n","sessionId":"s1"})", answer,
        u"s1 o -1"_s);
    row("session resize",
        calling([](Client &c) { return c.resizeShellSession(id, u"s1"_s, 80, 24); }),
        "POST S/session-exec", R"({"action":"resize","cols":80,"rows":24,"sessionId":"s1"})",
        answer, u"s1 o -1"_s);
    row("session close", calling([](Client &c) { return c.closeShellSession(id, u"s1"_s); }),
        "POST S/session-exec", R"({"action":"close","sessionId":"s1"})", answer, u"s1 o -1"_s);
    row("code", calling([](Client &c) { return c.runCode(id, {.code = u"print('a')"_s}); }),
        "POST S/exec", R"({"command":"python3 -c 'print('\\''a'\\'')'","timeout":60})",
        R"({"data":{"stdout":"x\na\n","exitCode":0}})", u"a 0"_s);
}

void CallsTest::fileRows()
{
    const QByteArray tool = R"({"status":"success","data":{"stdout":"","stderr":"","exitCode":0}})";
    row("files", calling([](Client &c) { return c.listFiles(id, u"/a"_s); }),
        "GET S/files?path=%2Fa", "",
        R"({"status":"success","data":{"success":true,"files":[{"name":"b","size":1,"mode":"0644","isDir":false},{"name":"c","path":"/a/c","mode":"drwxr-xr-x"}]}})",
        u"/a/b 644|/a/c 755"_s);
    row("stat", calling([](Client &c) { return c.stat(id, u"/a"_s); }),
        "GET S/files/stat?path=%2Fa", "",
        R"({"data":{"stdout":"{\"path\":\"/a\",\"size\":5,\"mode\":\"81a4\"}","exitCode":0}})",
        u"/a 5"_s);
    row("remove", calling([](Client &c) { return c.remove(id, u"/a"_s); }),
        "DELETE S/files?path=%2Fa", "", tool, u"done"_s);
    row("touch", calling([](Client &c) { return c.createFile(id, u"/a"_s); }),
        "POST S/files/create?path=%2Fa", "", tool, u"done"_s);
    row("mkdir", calling([](Client &c) { return c.mkdir(id, u"/a"_s); }),
        "POST S/files/mkdir?path=%2Fa", "", tool, u"done"_s);
    row("move", calling([](Client &c) { return c.move(id, u"/a"_s, u"/b"_s); }),
        "POST S/files/move?from=%2Fa&to=%2Fb", "", tool, u"done"_s);
    row("copy", calling([](Client &c) { return c.copy(id, u"/a"_s, u"/b"_s); }),
        "POST S/files/copy?from=%2Fa&to=%2Fb", "", tool, u"done"_s);
    row("chmod", calling([](Client &c) { return c.chmod(id, u"/a"_s, 0751); }),
        "POST S/files/chmod?path=%2Fa&mode=751", "", tool, u"done"_s);
    row("tail", calling([](Client &c) { return c.headTail(id, u"/a"_s, 5, Client::Part::Tail); }),
        "GET S/files/head-tail?path=%2Fa&lines=5&head=false", "",
        R"({"data":{"stdout":"one\ntwo\n","exitCode":0}})", u"one\ntwo\n"_s);
    row("search", calling([](Client &c) { return c.search(id, u"/a"_s, u"*.cpp"_s); }),
        "GET S/files/search?path=%2Fa&pattern=%2A.cpp", "",
        R"({"data":{"stdout":"/a/x.cpp\n/a/y.cpp\n","exitCode":0}})", u"/a/x.cpp|/a/y.cpp"_s);
    row("disk usage", calling([](Client &c) { return c.diskUsage(id, u"/a"_s); }),
        "GET S/files/du?path=%2Fa", "", R"({"data":{"stdout":"1.5K\t/a\n","exitCode":0}})",
        u"/a 1536"_s);
    row("compress",
        calling([](Client &c) { return c.compress(id, u"/a/"_s, ArchiveFormat::TarGz); }),
        "POST S/files/compress?path=%2Fa%2F&format=tar.gz", "", tool, u"/a.tar.gz"_s);
    row("extract", calling([](Client &c) { return c.extract(id, u"/a.zip"_s, u"/b"_s); }),
        "POST S/files/extract?archive=%2Fa.zip&dest=%2Fb", "", tool, u"done"_s);
    row("watch", calling([](Client &c) { return c.createWatch(id, {.path = u"/a"_s}); }),
        "POST S/files/watch", R"({"ignoreHidden":true,"path":"/a","recursive":true})",
        R"({"status":"success","data":{"sessionId":"5e-1"}})", u"5e-1"_s);
}

void CallsTest::ptyRows()
{
    row("pty create", calling([](Client &c) { return c.createPtySession(id, 80, 24); }),
        "POST S/pty/sessions", R"({"cols":80,"rows":24})",
        R"({"data":{"sessionId":"p1","createdAt":"2025-01-02T03:04:05Z"}})", u"p1 1"_s);
    row("pty list", calling([](Client &c) { return c.listPtySessions(id); }), "GET S/pty/sessions",
        "", R"({"data":{"sessions":[{"id":"p1","clients":1,"alive":false}]}})", u"p1 0"_s);
    row("pty delete", calling([](Client &c) { return c.deletePtySession(id, u"p1"_s); }),
        "DELETE S/pty/sessions/p1", "", "", u"done"_s);
    row("pty resize", calling([](Client &c) { return c.resizePtySession(id, u"p1"_s, 80, 24); }),
        "POST S/pty/sessions/p1/resize", R"({"cols":80,"rows":24})", "{}", u"done"_s);
    row("pty execute", calling([](Client &c) { return c.executeInPty(id, u"p1"_s, u"ls"_s); }),
        "POST S/pty/sessions/p1/execute", R"({"command":"ls"})", "{}", u"done"_s);
    row("pty buffer", calling([](Client &c) { return c.ptyBuffer(id, u"p1"_s); }),
        "GET S/pty/sessions/p1/buffer", "", R"({"data":{"output":"$ "}})", u"$ "_s);
}

void CallsTest::accountRows()
{
    row("version", calling([](Client &c) { return c.version(); }), "GET /version", "",
        R"({"version":"1.2","commit":"c","buildTime":"t"})", u"1.2"_s);
    row("me", calling([](Client &c) { return c.me(); }), "GET /users/me", "",
        R"({"id":"u1","name":"Ada","email":"a@b","orgs":[{"id":"o1","name":"Org"}]})",
        u"Ada Org"_s);
    row("users", calling([](Client &c) { return c.orgUsers(); }), "GET /orgs/users", "",
        R"({"status":"success","data":[{"id":"u1","name":"Ada"},{"id":"u2","name":"Bob"}]})",
        u"Ada |Bob "_s);
    row("keys", calling([](Client &c) { return c.apiKeys(); }), "GET /orgs/apikeys", "",
        R"([{"id":"k1","name":"ci","scopes":["a","b"],"isActive":false}])", u"ci a+b 0"_s);
    row("new key", calling([](Client &c) { return c.createApiKey(u"ci"_s); }), "POST /orgs/apikeys",
        R"({"keyName":"ci"})",
        R"({"plainKey":"vr_new","keyId":"k1","keyName":"ci","orgId":"o","expiresIn":0})",
        u"ci vr_new"_s);
    row("delete key", calling([](Client &c) { return c.deleteApiKey(u"k1"_s); }),
        "DELETE /orgs/apikeys/k1", "", "", u"done"_s);
    row("activate key", calling([](Client &c) { return c.setApiKeyActive(u"k1"_s, false); }),
        "POST /orgs/apikeys/k1/activate", R"({"isActive":false})", "{}", u"done"_s);
    row("touch key", calling([](Client &c) { return c.touchApiKey(u"k1"_s); }),
        "PATCH /orgs/apikeys/k1/touch", "", "{}", u"done"_s);
    row("images", calling([](Client &c) { return c.images(); }), "GET /images", "",
        R"([{"id":"i1","name":"code","tag":"1.0"}])", u"code:1.0"_s);
    row("image", calling([](Client &c) { return c.image(u"i1"_s); }), "GET /images/i1", "",
        R"({"id":"i1","name":"code","tag":"1.0"})", u"code:1.0"_s);
    row("image by name", calling([](Client &c) { return c.imageByName(u"a/b"_s); }),
        "GET /images/name/a%2Fb", "", R"({"id":"i1","name":"a/b","tag":"1"})", u"a/b:1"_s);
}

void CallsTest::call()
{
    QFETCH(Call, run);
    QFETCH(QByteArray, request);
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, answer);
    QFETCH(QString, expected);
    ScriptedServer server;
    server.setReplies({ScriptedReply::json(200, answer)});
    ConnectionProfile profile;
    profile.baseUrl = server.baseUrl();
    profile.apiKey = u"vr_secret"_s;
    Client client(profile, productOptions());
    QCOMPARE(run(client), expected);
    QCOMPARE(server.requests().size(), 1);
    const SeenRequest &seen = server.requests().first();
    const QByteArray address = "/api/sandboxes/" + id.toLatin1();
    QCOMPARE(
        QByteArray(seen.method + ' ' + seen.target).replace(address, "S").replace(" /api", " "),
        request);
    QCOMPARE(seen.body, body);
}

void CallsTest::refusedBeforeSending_data()
{
    QTest::addColumn<Call>("run");
    const auto add = [](const char *name, const Call &call) { QTest::newRow(name) << call; };
    add("id", calling([](Client &c) { return c.sleep(u"../x"_s); }));
    add("empty id", calling([](Client &c) { return c.sandbox(u""_s); }));
    add("ports", calling([](Client &c) { return c.setPublishPorts(id, {1, 2, 3, 4, 5}); }));
    add("port twice", calling([](Client &c) { return c.setPublishPorts(id, {80, 80}); }));
    add("port 0", calling([](Client &c) { return c.setPublishPorts(id, {0}); }));
    add("no command", calling([](Client &c) { return c.runCommand(id, {.command = u" "_s}); }));
    add("time limit",
        calling([](Client &c) { return c.runCommand(id, {.command = u"x"_s, .timeout = 901}); }));
    add("session", calling([](Client &c) { return c.closeShellSession(id, u"a/b"_s); }));
    add("session size",
        calling([](Client &c) { return c.resizeShellSession(id, u"s"_s, 501, 1); }));
    add("NUL in code",
        calling([](Client &c) { return c.runCode(id, {.code = u"a"_s + QChar(0)}); }));
    add("no code", calling([](Client &c) { return c.runCode(id, {.code = u"\n"_s}); }));
    add("lines",
        calling([](Client &c) { return c.headTail(id, u"/a"_s, 10001, Client::Part::Head); }));
    add("pattern", calling([](Client &c) { return c.search(id, u"/a"_s, u""_s); }));
    add("relative", calling([](Client &c) { return c.extract(id, u"a.zip"_s, u"/b"_s); }));
    add("mode", calling([](Client &c) { return c.chmod(id, u"/a"_s, 010000); }));
    add("key name", calling([](Client &c) { return c.createApiKey(u" "_s); }));
    add("key id", calling([](Client &c) { return c.deleteApiKey(u"a?b"_s); }));
}

void CallsTest::refusedBeforeSending()
{
    QFETCH(Call, run);
    ScriptedServer server;
    ConnectionProfile profile;
    profile.baseUrl = server.baseUrl();
    profile.apiKey = u"vr_secret"_s;
    Client client(profile, productOptions());
    const QString answer = run(client);
    QVERIFY2(answer.startsWith(u"kind %1,"_s.arg(static_cast<int>(Error::Kind::InvalidInput))),
             qPrintable(answer));
    QCOMPARE(server.connections(), 0);
}

void CallsTest::toolFailureSaysWhy()
{
    ScriptedServer server;
    server.setReplies({ScriptedReply::json(
        200,
        R"({"status":"success","data":{"stdout":"","stderr":"no such file\n","exitCode":2}})")});
    ConnectionProfile profile;
    profile.baseUrl = server.baseUrl();
    profile.apiKey = u"vr_secret"_s;
    Client client(profile, productOptions());
    const auto why = [](const auto &result) {
        return result ? u"no error"_s : result.error().code + u": "_s + result.error().detail;
    };
    const QString expected = u"exit status 2: no such file"_s;
    QCOMPARE(why(answerOf(client.remove(id, u"/a"_s))), expected);
    QCOMPARE(why(answerOf(client.listFiles(id, u"/a"_s))), expected);
    QCOMPARE(why(answerOf(client.search(id, u"/a"_s, u"x"_s))), expected);
    QCOMPARE(why(answerOf(client.diskUsage(id, u"/a"_s))), expected);
    QCOMPARE(why(answerOf(client.compress(id, u"/a"_s, ArchiveFormat::Zip))), expected);
}

QTEST_GUILESS_MAIN(CallsTest)
#include "tst_calls.moc"
