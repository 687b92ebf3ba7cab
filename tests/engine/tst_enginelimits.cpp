// SPDX-License-Identifier: MIT
#include <unistd.h>
#include <algorithm>

#include "engineundertest.h"

// What a sandbox may take of this computer. Each hostile program runs in one sandbox while another
// one and the engine go on working; how long they took at worst is printed.
class TestEngineLimits : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase() { m_sides.clear(); }
    void hostile_data();
    void hostile();
    void processors_data() { addSides(); }
    void processors();
    void memoryOfManyProcesses_data() { addSides(); }
    void memoryOfManyProcesses();
    void disk_data() { addSides(); }
    void disk();

private:
    struct Side {
        std::unique_ptr<EngineUnderTest> engine;
        QString victim;
        QString other;
    };
    void addSides();
    // Runs the command in the victim; all the while the engine and the other sandbox must answer.
    QJsonObject runBesideOthers(Side &side, const QString &command);
    void checkOthers(Side &side);
    std::map<QString, Side> m_sides;
    qint64 m_slowestEngine = 0;   // ms
    qint64 m_slowestSandbox = 0;  // ms
};

namespace
{

// ms. Alone on a computer it is far less than one second; other tests may run here too.
constexpr qint64 longestAnswer = 3000;

}  // namespace

void TestEngineLimits::initTestCase()
{
    m_sides[u"caller"_s].engine = std::make_unique<EngineUnderTest>();
    if (::geteuid() == 0)
        m_sides[u"plain user"_s].engine =
            std::make_unique<EngineUnderTest>(EngineUnderTest::RunAs::PlainUser);
    for (auto &[name, side] : m_sides) {
        QVERIFY2(side.engine->start(), side.engine->log().constData());
        side.victim = side.engine->createSandbox(u"victim"_s);
        side.other = side.engine->createSandbox(u"other"_s);
        QVERIFY(!side.victim.isEmpty() && !side.other.isEmpty());
    }
}

void TestEngineLimits::addSides()
{
    QTest::addColumn<QString>("name");
    for (const auto &[name, side] : m_sides)
        QTest::newRow(qPrintable(name)) << name;
}

void TestEngineLimits::hostile_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("program");
    QTest::addColumn<QString>("said");
    const QList<std::tuple<const char *, QString, QString>> programs{
        {"orphans",
         uR"(import os,glob,time
for i in range(500):
  if os.fork()==0:
    if os.fork()==0: os._exit(0)
    os._exit(0)
  os.wait()
def dead():
  count=0
  for f in glob.glob("/proc/[0-9]*/stat"):
    try: count+=open(f).read().rsplit(chr(41))[-1][1]=="Z"
    except OSError: pass
  return count
end=time.time()+10
while dead() and time.time()<end: time.sleep(0.1)
print(dead()))"_s,
         u"0\n"_s},
        {"fork bomb",
         uR"(import os,signal,time
children=[]
refused=None
end=time.time()+20
while time.time()<end:
  try:
    child=os.fork()
    if child==0: time.sleep(30); os._exit(0)
    children.append(child)
  except OSError as error:
    if not refused: end=min(end,time.time()+1)
    refused=error.strerror
print(refused,len(children)<1024)
for child in children: os.kill(child,signal.SIGKILL))"_s,
         u"Resource temporarily unavailable True\n"_s},
        {"threads",
         uR"(import threading,time
try:
  for i in range(5000): threading.Thread(target=time.sleep,args=(1,)).start()
  print("ALLOWED")
except RuntimeError as error: print(error))"_s,
         u"can't start new thread\n"_s},
        {"memory",
         uR"(try:
  x=[bytearray(1<<26) for i in range(64)]
  print("ALLOWED")
except MemoryError: print("no memory"))"_s,
         u"no memory\n"_s},
        {"file size",
         uR"(import os
f=os.open("/app/large",os.O_CREAT|os.O_WRONLY)
try:
  os.ftruncate(f,1<<40)
  print("ALLOWED")
except OSError as error: print(error.strerror))"_s,
         u"File too large\n"_s},
        {"shared memory",
         uR"(try:
  with open("/dev/shm/x","wb") as f:
    for i in range(1024): f.write(bytes(1<<20))
  print("ALLOWED")
except OSError as error: print(error.strerror)
import os
os.unlink("/dev/shm/x"))"_s,
         u"No space left on device\n"_s},
        {"temporary file systems",
         uR"(try:
  with open("/run/x","wb") as f:
    for i in range(256): f.write(bytes(1<<20))
  print("ALLOWED")
except OSError as error: print(error.strerror)
import os
os.unlink("/run/x"))"_s,
         u"No space left on device\n"_s},
    };
    for (const auto &[side, unused] : m_sides) {
        for (const auto &[name, program, said] : programs)
            QTest::addRow("%s: %s", qPrintable(side), name) << side << program << said;
    }
}

void TestEngineLimits::hostile()
{
    QFETCH(QString, name);
    QFETCH(QString, program);
    QFETCH(QString, said);
    Side &side = m_sides.at(name);
    const QJsonObject result = runBesideOthers(side, u"python3 -c '"_s + program + u'\'');
    // The memory watch may be quicker than the program's own limit; both contain it.
    constexpr int Killed = 137;
    if (said == "no memory\n"_L1 && result.value("exitCode"_L1).toInt() == Killed)
        return;
    QCOMPARE(result.value("stdout"_L1).toString(), said);
}

QJsonObject TestEngineLimits::runBesideOthers(Side &side, const QString &command)
{
    m_slowestEngine = 0;
    m_slowestSandbox = 0;
    const QJsonObject body{{u"command"_s, command}, {u"timeout"_s, 30}};
    QNetworkAccessManager network;
    QNetworkReply *reply =
        network.post(side.engine->request(u"/sandboxes/"_s + side.victim + u"/exec"_s),
                     QJsonDocument(body).toJson());
    do {
        checkOthers(side);
        // Between two questions.
        std::ignore = QTest::qWaitFor([reply] { return reply->isFinished(); }, 50);
    } while (!reply->isFinished() && !QTest::currentTestFailed());
    qInfo("slowest answer meanwhile: of the engine %lld ms, of another sandbox %lld ms",
          static_cast<long long>(m_slowestEngine), static_cast<long long>(m_slowestSandbox));
    return side.engine->finish(reply).data().toObject();
}

void TestEngineLimits::checkOthers(Side &side)
{
    QElapsedTimer timer;
    timer.start();
    QCOMPARE(side.engine->get(u"/sandboxes"_s).status, 200);
    m_slowestEngine = std::max(m_slowestEngine, timer.restart());
    QCOMPARE(side.engine->output(side.other, u"echo fine"_s), u"fine\n"_s);
    m_slowestSandbox = std::max(m_slowestSandbox, timer.elapsed());
    QVERIFY(m_slowestEngine < longestAnswer && m_slowestSandbox < longestAnswer);
}

void TestEngineLimits::processors()
{
    QFETCH(QString, name);
    Side &side = m_sides.at(name);
    QCOMPARE(side.engine->output(side.victim, u"nproc"_s), u"1\n"_s);
    QCOMPARE(side.engine->output(
                 side.victim,
                 u"python3 -c 'import os; os.sched_setaffinity(0,range(64))' 2>/dev/null; nproc"_s),
             u"1\n"_s);
}

void TestEngineLimits::memoryOfManyProcesses()
{
    QFETCH(QString, name);
    Side &side = m_sides.at(name);
    // Each below its own limit, together above the sandbox's.
    runBesideOthers(side,
                    u"for i in 1 2 3 4; do setsid python3 -c 'import time; x=b\"y\"*(400<<20); "
                    "time.sleep(30)' >/dev/null 2>&1 & done; sleep 2"_s);
    QTRY_VERIFY2(side.engine->log().contains("more than its 1024"), side.engine->log().constData());
    QTRY_VERIFY(side.engine->output(side.victim, u"pgrep -c python3; true"_s).toInt() <= 2);
    QCOMPARE(side.engine->output(side.other, u"echo fine"_s), u"fine\n"_s);
    side.engine->exec(side.victim, u"pkill python3"_s);
}

void TestEngineLimits::disk()
{
    QFETCH(QString, name);
    Side &side = m_sides.at(name);
    // No call changes the size, so that a small one is written where it is kept.
    side.engine->stop();
    QFile file(side.engine->stateDirectory() + u"/sandboxes/"_s + side.victim + u"/sandbox.json"_s);
    QVERIFY(file.open(QIODevice::ReadWrite));
    QJsonObject record = QJsonDocument::fromJson(file.readAll()).object();
    record["diskMB"_L1] = 100;
    QVERIFY(file.resize(0) && file.seek(0));
    file.write(QJsonDocument(record).toJson());
    file.close();
    QVERIFY2(side.engine->start(), side.engine->log().constData());
    const QString path = u"/sandboxes/"_s + side.victim;
    runBesideOthers(side,
                    u"for i in $(seq 9); do head -c 60M /dev/zero > /app/f$i; sleep 0.6; done"_s);
    QVERIFY2(side.engine->log().contains("of disk"), side.engine->log().constData());
    QTRY_COMPARE(side.engine->call("POST", path + u"/files/upload?path=/app/more"_s, "x").status,
                 507);
    QCOMPARE(side.engine->output(side.other, u"echo x > y && cat y"_s), u"x\n"_s);
    for (int i = 1; i <= 9; ++i)
        side.engine->call("DELETE", path + u"/files?path=/app/f%1"_s.arg(i));
    QTRY_COMPARE(side.engine->call("POST", path + u"/files/upload?path=/app/more"_s, "x").status,
                 200);
}

QTEST_GUILESS_MAIN(TestEngineLimits)
#include "tst_enginelimits.moc"
