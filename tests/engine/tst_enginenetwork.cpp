// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <unistd.h>
#include <csignal>

#include <QLocalServer>
#include <QTcpServer>

#include "engineundertest.h"

// What a sandbox reaches and from where it is reached. Where pasta cannot work, as for a plain user
// on a computer that keeps the tunnel device for root, each test of a network is one of what is
// said instead.
class TestEngineNetwork : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void hasNetworkOfItsOwn();
    void hostIsUnreachable_data();
    void hostIsUnreachable();
    void abstractSocketsAreUnreachable();
    void publishedPortsAreReachable();
    void portsCanBeReplaced();
    void samePortTwice();
    void endsWithTheSandbox();
    void isMadeAgainWhenKilled();
    void isGivenBackWhileUnused();
    void withoutPastaItIsSaid();
    void plainUserIsToldTheTruth();

private:
    QString get(quint16 port);
    QStringList addressesOf(const QString &id);
    quint16 publicPort(const QString &id, int inside);
    QByteArray sandboxLog(const QString &id) const;
    // A new sandbox has no network, and everything that could tell a person does so.
    static void saysThatThereIsNone(EngineUnderTest &engine, const QString &reason);
    EngineUnderTest m_engine;
    QString m_id;
    bool m_canHaveNetwork = true;
};

namespace
{

const QString server =
    u"(cd /app && echo served by $(hostname) > f && setsid python3 -m "
    "http.server %1 --bind %2 >/dev/null 2>&1 &)"_s;

QJsonObject portsField(const QList<int> &ports)
{
    QJsonArray list;
    for (const int port : ports)
        list << port;
    return {{u"publishPorts"_s, list}};
}

}  // namespace

void TestEngineNetwork::initTestCase()
{
    m_canHaveNetwork = ::geteuid() == 0 || ::access("/dev/net/tun", R_OK | W_OK) == 0;
    if (!m_canHaveNetwork)
        qInfo("this account may not open /dev/net/tun: no sandbox can have a network");
    QVERIFY2(m_engine.start(), m_engine.log().constData());
    const Answer answer = m_engine.post(u"/sandboxes"_s, {{u"name"_s, u"net"_s}});
    QCOMPARE(answer.status, 201);
    QCOMPARE(answer.object().contains("meta"_L1), !m_canHaveNetwork);
    m_id = answer.data().toObject().value("id"_L1).toString();
}

void TestEngineNetwork::hasNetworkOfItsOwn()
{
    if (!m_canHaveNetwork)
        return saysThatThereIsNone(m_engine, u"'pasta' could not make it"_s);
    QVERIFY(m_engine.output(m_id, u"tail -n +3 /proc/net/dev | wc -l"_s).toInt() > 1);
    const QString host = QFile::symLinkTarget(u"/proc/self/ns/net"_s).section(u'/', -1);
    QVERIFY(m_engine.output(m_id, u"readlink /proc/self/ns/net"_s).trimmed() != host);
    QCOMPARE(m_engine.output(m_id, u"cat /etc/resolv.conf"_s), u"nameserver 169.254.1.1\n"_s);
}

// Its own addresses and gateways, and what pasta uses where it is not told otherwise.
void TestEngineNetwork::hostIsUnreachable_data()
{
    QTest::addColumn<QString>("address");
    QTest::newRow("loopback") << u"127.0.0.1"_s;
    QTest::newRow("other loopback") << u"127.0.0.53"_s;
    QTest::newRow("loopback 6") << u"::1"_s;
    QTest::newRow("mapped loopback") << u"::ffff:127.0.0.1"_s;
    QTest::newRow("any") << u"0.0.0.0"_s;
    QTest::newRow("any 6") << u"::"_s;
    QTest::newRow("name server") << u"169.254.1.1"_s;
    QTest::newRow("link-local") << u"169.254.2.1"_s;
    QTest::newRow("usual gateway") << u"10.0.2.2"_s;
    for (const QString &address : addressesOf(m_id))
        QTest::newRow(qPrintable(address)) << address;
}

QStringList TestEngineNetwork::addressesOf(const QString &id)
{
    const QString program =
        uR"(python3 -c 'import socket,struct
for line in open("/proc/net/route").read().splitlines()[1:]:
  gateway=int(line.split()[2],16)
  if gateway: print(socket.inet_ntoa(struct.pack("<I",gateway)))
for line in open("/proc/net/ipv6_route"):
  gateway=line.split()[4]
  if int(gateway,16): print(socket.inet_ntop(10,bytes.fromhex(gateway))+"%%"+line.split()[-1])
for line in open("/proc/net/if_inet6"):
  print(socket.inet_ntop(10,bytes.fromhex(line.split()[0])))
for line in open("/proc/net/fib_trie"):
  words=line.split()
  if words[0]=="|--": print(words[1])
' | sort -u)"_s;
    QString clean = program;
    clean.replace(u"%%"_s, u"%"_s);
    return m_engine.output(id, clean).split(u'\n', Qt::SkipEmptyParts);
}

void TestEngineNetwork::hostIsUnreachable()
{
    QFETCH(QString, address);
    QTcpServer onLoopback;
    QTcpServer onLoopback6;
    QTcpServer everywhere;
    QVERIFY(onLoopback.listen(QHostAddress::LocalHost));
    QVERIFY(onLoopback6.listen(QHostAddress::LocalHostIPv6));
    QVERIFY(everywhere.listen(QHostAddress::Any));
    for (const quint16 port : {onLoopback.serverPort(), onLoopback6.serverPort(),
                               everywhere.serverPort(), m_engine.port()}) {
        const QString code =
            u"import socket\ntry:\n socket.create_connection((\"%1\",%2),1)\n "
            "print(\"REACHED\")\nexcept OSError: print(\"refused\")"_s;
        QCOMPARE(m_engine.output(m_id, u"python3 -c '"_s + code.arg(address).arg(port) + u'\''),
                 u"refused\n"_s);
    }
    QVERIFY(!onLoopback.hasPendingConnections() && !onLoopback6.hasPendingConnections() &&
            !everywhere.hasPendingConnections());
}

void TestEngineNetwork::abstractSocketsAreUnreachable()
{
    QLocalServer local;
    local.setSocketOptions(QLocalServer::AbstractNamespaceOption);
    const QString name = u"voidrun-test-%1"_s.arg(QCoreApplication::applicationPid());
    QVERIFY2(local.listen(name), qPrintable(local.errorString()));
    QCOMPARE(m_engine.output(m_id,
                             u"python3 -c 'import socket\ntry:\n s=socket.socket(1)\n "
                             "s.connect(\"\\0%1\")\n print(\"REACHED\")\nexcept OSError: "
                             "print(\"refused\")'"_s.arg(name)),
             u"refused\n"_s);
    QVERIFY(!local.hasPendingConnections());
}

QString TestEngineNetwork::get(quint16 port)
{
    QNetworkAccessManager network;
    QNetworkRequest request(QUrl(u"http://127.0.0.1:%1/f"_s.arg(port)));
    request.setTransferTimeout(3000);
    QNetworkReply *reply = network.get(request);
    return QString::fromUtf8(m_engine.finish(reply).body);
}

QByteArray TestEngineNetwork::sandboxLog(const QString &id) const
{
    QFile file(m_engine.stateDirectory() + u"/sandboxes/"_s + id + u"/log"_s);
    return file.open(QIODevice::ReadOnly) ? m_engine.log() + file.readAll() : QByteArray();
}

quint16 TestEngineNetwork::publicPort(const QString &id, int inside)
{
    const QJsonArray urls =
        m_engine.get(u"/sandboxes/"_s + id + u"/public-urls"_s).data().toArray();
    for (const QJsonValue &entry : urls) {
        const QUrl url(entry.toObject().value("url"_L1).toString());
        if (entry.toObject().value("port"_L1).toInt() == inside && url.host() == "127.0.0.1"_L1)
            return static_cast<quint16>(url.port());
    }
    return 0;
}

void TestEngineNetwork::publishedPortsAreReachable()
{
    if (!m_canHaveNetwork)
        return saysThatThereIsNone(m_engine, u"'pasta' could not make it"_s);
    const QString id = m_engine.createSandbox(u"web"_s, portsField({80, 18080}));
    m_engine.exec(id, server.arg(80).arg(u"0.0.0.0"_s));
    m_engine.exec(id, server.arg(18080).arg(u"127.0.0.1"_s));  // for itself only
    m_engine.exec(id, server.arg(18081).arg(u"0.0.0.0"_s));    // not published
    QVERIFY2(publicPort(id, 80) >= 1024, sandboxLog(id).constData());
    QTRY_COMPARE(get(publicPort(id, 80)), u"served by web\n"_s);
    QTRY_COMPARE(get(publicPort(id, 18080)), u"served by web\n"_s);
    QCOMPARE(publicPort(id, 18081), quint16(0));
    QCOMPARE(get(18081), QString());
    // On loopback only.
    QFile listening(u"/proc/net/tcp"_s);
    QVERIFY(listening.open(QIODevice::ReadOnly));
    const QString port = u"%1"_s.arg(publicPort(id, 18080), 4, 16, QChar(u'0')).toUpper();
    const QString table = QString::fromUtf8(listening.readAll());
    QVERIFY(table.contains(u"0100007F:"_s + port));
    QVERIFY(!table.contains(u"00000000:"_s + port));
    QCOMPARE(m_engine.call("DELETE", u"/sandboxes/"_s + id).status, 200);
    QCOMPARE(get(18080), QString());
}

void TestEngineNetwork::portsCanBeReplaced()
{
    if (!m_canHaveNetwork)
        return saysThatThereIsNone(m_engine, u"'pasta' could not make it"_s);
    const QString id = m_engine.createSandbox(u"replaced"_s, portsField({18082}));
    const QString path = u"/sandboxes/"_s + id;
    m_engine.exec(id,
                  server.arg(18082).arg(u"0.0.0.0"_s) + u';' + server.arg(18083).arg(u"0.0.0.0"_s));
    QTRY_COMPARE(get(publicPort(id, 18082)), u"served by replaced\n"_s);
    const Answer changed =
        m_engine.call("PATCH", path + u"/publish-ports"_s, R"({"publishPorts":[18083]})");
    QCOMPARE(changed.status, 200);
    QCOMPARE(changed.data().toObject().value("publishPorts"_L1).toArray(), QJsonArray{18083});
    QTRY_COMPARE(get(publicPort(id, 18083)), u"served by replaced\n"_s);
    // The same list again cuts no connection.
    QTcpSocket open;
    open.connectToHost(u"127.0.0.1"_s, publicPort(id, 18083));
    QVERIFY(open.waitForConnected());
    QCOMPARE(
        m_engine.call("PATCH", path + u"/publish-ports"_s, R"({"publishPorts":[18083]})").status,
        200);
    open.write("GET /f HTTP/1.0\r\n\r\n");
    QByteArray answer;
    while (open.waitForReadyRead(3000))
        answer += open.readAll();
    QVERIFY2(answer.endsWith("served by replaced\n"), answer.constData());
    QCOMPARE(publicPort(id, 18082), quint16(0));
    QCOMPARE(get(18082), QString());
    QCOMPARE(m_engine.post(path + u"/sleep"_s).status, 200);
    QCOMPARE(m_engine.get(path + u"/public-urls"_s).data().toArray(), QJsonArray());
    QCOMPARE(m_engine.post(path + u"/wake"_s).status, 200);
    QVERIFY(publicPort(id, 18083) != 0);
}

void TestEngineNetwork::samePortTwice()
{
    if (!m_canHaveNetwork)
        return saysThatThereIsNone(m_engine, u"'pasta' could not make it"_s);
    QStringList ids;
    for (const QString &name : {u"first"_s, u"second"_s}) {
        ids << m_engine.createSandbox(name, portsField({18084}));
        m_engine.exec(ids.last(), server.arg(18084).arg(u"0.0.0.0"_s));
    }
    QVERIFY(publicPort(ids[0], 18084) != publicPort(ids[1], 18084));
    QTRY_COMPARE(get(publicPort(ids[0], 18084)), u"served by first\n"_s);
    QTRY_COMPARE(get(publicPort(ids[1], 18084)), u"served by second\n"_s);
}

void TestEngineNetwork::endsWithTheSandbox()
{
    if (!m_canHaveNetwork)
        return saysThatThereIsNone(m_engine, u"'pasta' could not make it"_s);
    const QString id = m_engine.createSandbox(u"short"_s, portsField({18085}));
    const QString mark = u"18085:18085"_s;
    QVERIFY(!EngineUnderTest::processesWith(mark).isEmpty());
    QCOMPARE(m_engine.post(u"/sandboxes/"_s + id + u"/sleep"_s).status, 200);
    QCOMPARE(EngineUnderTest::processesWith(mark), QStringList());
}

void TestEngineNetwork::isMadeAgainWhenKilled()
{
    if (!m_canHaveNetwork)
        return saysThatThereIsNone(m_engine, u"'pasta' could not make it"_s);
    const QString id = m_engine.createSandbox(u"killed"_s, portsField({18086}));
    const QString mark = u"18086:18086"_s;
    const QStringList before = EngineUnderTest::processesWith(mark);
    QVERIFY(!before.isEmpty());
    for (const QString &process : before)
        ::kill(process.section(u' ', 0, 0).toInt(), SIGKILL);
    QTRY_VERIFY(!EngineUnderTest::processesWith(mark).isEmpty() &&
                EngineUnderTest::processesWith(mark) != before);
    QTRY_VERIFY(publicPort(id, 18086) != 0);
    QCOMPARE(m_engine.output(id, u"echo there"_s), u"there\n"_s);
}

void TestEngineNetwork::isGivenBackWhileUnused()
{
    if (!m_canHaveNetwork)
        return saysThatThereIsNone(m_engine, u"'pasta' could not make it"_s);
    EngineUnderTest engine;
    QVERIFY2(engine.start({}, {u"--idle-timeout"_s, u"3"_s}), engine.log().constData());
    const QString id = engine.createSandbox(u"unused"_s, {{u"autoSleep"_s, false}});
    const auto hasPasta = [&id] {
        return !EngineUnderTest::processesWith(id).filter(u"pasta"_s).isEmpty();
    };
    QVERIFY(hasPasta());
    QTRY_VERIFY(!hasPasta());
    // The next call has it again, and a program that runs keeps it.
    QVERIFY(engine
                .output(id,
                        u"tail -n +3 /proc/net/dev | wc -l; (setsid sleep 29 >/dev/null "
                        "2>&1 &)"_s)
                .toInt() > 1);
    QVERIFY(engine.output(id, u"sleep 4; tail -n +3 /proc/net/dev | wc -l"_s).toInt() > 1);
    QVERIFY(hasPasta());
    QCOMPARE(engine.output(id, u"pkill sleep; echo gone"_s), u"gone\n"_s);
    QTRY_VERIFY(!hasPasta());
}

void TestEngineNetwork::saysThatThereIsNone(EngineUnderTest &engine, const QString &reason)
{
    const Answer answer = engine.post(
        u"/sandboxes"_s, {{u"name"_s, u"alone"_s}, {u"publishPorts"_s, QJsonArray{18087}}});
    QCOMPARE(answer.status, 201);
    const QJsonObject network =
        answer.object().value("meta"_L1).toObject().value("network"_L1).toObject();
    QCOMPARE(network.value("available"_L1).toBool(true), false);
    const QString said = network.value("reason"_L1).toString();
    QVERIFY2(said.startsWith(u"The sandbox has no network: "_s) && said.contains(reason),
             answer.body.constData());
    QVERIFY(answer.object().value("message"_L1).toString().contains(said));
    QVERIFY2(engine.log().contains(said.toUtf8()), engine.log().constData());
    const QString path = u"/sandboxes/"_s + answer.data().toObject().value("id"_L1).toString();
    QCOMPARE(engine.output(path.section(u'/', -1),
                           u"tail -n +3 /proc/net/dev | cut -d: -f1 | tr -d ' '"_s),
             u"lo\n"_s);
    QCOMPARE(engine.get(path + u"/public-urls"_s).data().toArray(), QJsonArray());
    QCOMPARE(engine.call("DELETE", path).status, 200);
}

void TestEngineNetwork::withoutPastaItIsSaid()
{
    EngineUnderTest engine;
    const QString bin = engine.folder() + u"/bin"_s;
    QVERIFY(QDir().mkdir(bin) && QFile::link(u"/usr/bin/bwrap"_s, bin + u"/bwrap"_s));
    engine.environment.insert(u"PATH"_s, bin);
    QVERIFY2(engine.start(), engine.log().constData());
    saysThatThereIsNone(engine, u"Install the package 'passt'"_s);
}

void TestEngineNetwork::plainUserIsToldTheTruth()
{
    EngineUnderTest engine(::geteuid() == 0 ? EngineUnderTest::RunAs::PlainUser
                                            : EngineUnderTest::RunAs::Caller);
    QVERIFY2(engine.start(), engine.log().constData());
    const Answer answer = engine.post(u"/sandboxes"_s, {{u"name"_s, u"plain"_s}});
    QCOMPARE(answer.status, 201);
    const QString id = answer.data().toObject().value("id"_L1).toString();
    if (engine.output(id, u"tail -n +3 /proc/net/dev | wc -l"_s).toInt() == 1)
        return saysThatThereIsNone(engine, u"'pasta' could not make it"_s);
    QVERIFY2(!answer.object().contains("meta"_L1), answer.body.constData());
    QVERIFY(!engine.log().contains("no network"));
}

QTEST_GUILESS_MAIN(TestEngineNetwork)
#include "tst_enginenetwork.moc"
