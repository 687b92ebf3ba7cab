// SPDX-License-Identifier: MIT
#include <QBuffer>
#include <QRandomGenerator>
#include <QSignalSpy>
#include <QTest>
#include <QTimer>

#include <algorithm>
#include <map>

#include "api/client.h"
#include "api/eventstream.h"
#include "api/terminalstream.h"
#include "support/engineprocess.h"
#include "support/faultproxy.h"
#include "support/httpway.h"
#include "support/replywait.h"

using namespace voidrun;
using namespace voidrun::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace
{

constexpr int defaultRuns = 500;
constexpr int longRuns = 10'000;  // with VOIDRUN_LONG_TESTS
constexpr int atOnce = 16;
constexpr int runLimit = 25'000;  // ms; more is a hang

TransportOptions quickTransport()
{
    TransportOptions options = productOptions();
    options.connectTimeout = 5s;
    options.idleTimeout = 1s;
    options.maxAnswerTimeout = 2s;
    options.retryMin = 1ms;
    options.retryMax = 20ms;
    return options;
}

StreamOptions quickStream()
{
    StreamOptions options;
    options.connectTimeout = 2s;
    options.openTimeout = 2s;
    options.pingInterval = 100ms;
    options.deadAfter = 500ms;
    options.retryMin = 5ms;
    options.retryMax = 30ms;
    options.replayQuiet = 100ms;
    return options;
}

QByteArray someBytes(quint32 seed, qsizetype size)
{
    QByteArray bytes(size, Qt::Uninitialized);
    QRandomGenerator random(seed);
    std::ranges::generate(bytes, [&random] { return static_cast<char>(random.generate()); });
    return bytes;
}

// One seeded operation through a faulty line, and the look at what it did through a good one.
class FaultRun : public QObject
{
    Q_OBJECT

public:
    FaultRun(const ConnectionProfile &engine, const QString &sandboxId, quint32 seed)
        : m_seed(seed),
          m_random(seed),
          m_id(sandboxId),
          m_proxy(static_cast<quint16>(engine.baseUrl.port()),
                  [this](int connection) { return planFor(connection); }),
          m_good(engine, productOptions()),
          m_bad(through(engine), quickTransport())
    {
        QTimer::singleShot(runLimit, this,
                           [this] { end(u"it hangs, with %1 bytes"_s.arg(m_bytes.size())); });
    }

    void start()
    {
        constexpr std::array kinds{&FaultRun::download, &FaultRun::upload,   &FaultRun::append,
                                   &FaultRun::list,     &FaultRun::terminal, &FaultRun::stream};
        (this->*kinds.at(m_seed % kinds.size()))();
    }

    bool isOver() const { return m_over; }
    bool succeeded() const { return m_succeeded; }
    // Empty where nothing was lost, doubled or invented.
    QString problem() const
    {
        return m_problem.isEmpty() ? QString()
                                   : u"seed %1, %2: %3 [%4]"_s.arg(m_seed).arg(
                                         m_what, m_problem, m_plans.join(u"; "_s));
    }

Q_SIGNALS:
    void over();

private:
    FaultPlan planFor(int connection)
    {
        // From the fifth connection on the line is good, so that a stream gets somewhere.
        FaultPlan plan;
        if (connection < 4)
            plan = m_isTerminal ? FaultPlan::random(m_random) : FaultPlan::randomForCalls(m_random);
        m_plans.append(plan.text());
        return plan;
    }
    ConnectionProfile through(ConnectionProfile profile) const
    {
        profile.baseUrl = m_proxy.through(profile.baseUrl);
        return profile;
    }
    QString path() const { return u"/tmp/faults/%1"_s.arg(m_seed); }
    qsizetype size() { return m_random.bounded(1, m_random.bounded(2) ? 300 : 200'000); }

    void end(const QString &problem = {})
    {
        if (std::exchange(m_over, true))
            return;
        m_problem = problem;
        Q_EMIT over();
    }

    void download();
    void upload();
    void append();
    void countLines(int least, int most);
    void list();
    void terminal();
    void compareTerminal();
    void stream();

    const quint32 m_seed;
    QRandomGenerator m_random;
    const QString m_id;
    FaultProxy m_proxy;
    Client m_good;
    Client m_bad;
    QString m_what;
    QStringList m_plans;
    QString m_problem;
    bool m_over = false;
    bool m_succeeded = false;
    bool m_isTerminal = false;  // whose session would end with a refused attachment
    QBuffer m_buffer;
    QBuffer m_second;
    QByteArray m_bytes;
    QString m_session;
    std::unique_ptr<TerminalStream> m_terminal;
    std::unique_ptr<EventStream> m_stream;
};

void FaultRun::download()
{
    m_what = u"download"_s;
    m_bytes = someBytes(m_seed, size());
    m_buffer.setData(m_bytes);
    m_buffer.open(QIODevice::ReadOnly);
    m_second.open(QIODevice::WriteOnly);
    m_good.upload(m_id, path(), &m_buffer)->onFinished(this, [this](const Result<Done> &ready) {
        if (!ready)
            return end(u"the engine took no file"_s);
        m_bad.download(m_id, path(), &m_second)
            ->onFinished(this, [this](const Result<qint64> &got) {
                m_succeeded = got.has_value();
                const QByteArray &written = m_second.data();
                if (got && written != m_bytes)
                    return end(
                        u"%1 bytes were taken for %2"_s.arg(written.size()).arg(m_bytes.size()));
                end(m_bytes.startsWith(written) ? QString() : u"the file has other bytes"_s);
            });
    });
}

void FaultRun::upload()
{
    m_what = u"upload"_s;
    m_bytes = someBytes(m_seed, size());
    m_buffer.setData(m_bytes);
    m_buffer.open(QIODevice::ReadOnly);
    m_bad.upload(m_id, path(), &m_buffer)->onFinished(this, [this](const Result<Done> &sent) {
        m_succeeded = sent.has_value();
        m_second.open(QIODevice::WriteOnly);
        m_good.download(m_id, path(), &m_second)
            ->onFinished(this, [this](const Result<qint64> &got) {
                if (!got)
                    return end(m_succeeded ? u"an upload that was done is not there"_s : QString());
                end(m_second.data() == m_bytes ? QString()
                                               : u"half a file was taken for a whole"_s);
            });
    });
}

// Each command leaves one line: never two, and one where the answer came.
void FaultRun::append()
{
    m_what = u"exec"_s;
    const QString command = u"mkdir -p /tmp/faults; echo x >> %1; echo done"_s.arg(path());
    m_bad.exec(m_id, {.command = command})->onFinished(this, [this](const Result<ExecResult> &ran) {
        if (ran && ran->stdOut != u"done\n"_s)
            return end(u"the output is another"_s);
        countLines(ran ? 1 : 0, 1);
    });
}

void FaultRun::countLines(int least, int most)
{
    m_good.exec(m_id, {.command = u"cat %1 2>/dev/null | wc -l"_s.arg(path())})
        ->onFinished(this, [this, least, most](const Result<ExecResult> &counted) {
            const int lines = counted ? counted->stdOut.trimmed().toInt() : -1;
            m_succeeded = lines == 1;
            end(lines >= least && lines <= most ? QString() : u"it ran %1 times"_s.arg(lines));
        });
}

void FaultRun::list()
{
    m_what = u"listing"_s;
    m_bad.listFiles(m_id, u"/usr/bin"_s)
        ->onFinished(this, [this](const Result<QList<FileEntry>> &bad) {
            m_succeeded = bad.has_value();
            if (!bad)
                return end();
            m_good.listFiles(m_id, u"/usr/bin"_s)
                ->onFinished(this, [this, got = *bad](const Result<QList<FileEntry>> &good) {
                    end(good && *good == got ? QString() : u"a listing is another"_s);
                });
        });
}

void FaultRun::terminal()
{
    m_what = u"terminal"_s;
    m_isTerminal = true;
    m_good.createPtySession(m_id, 80, 24)->onFinished(this, [this](const Result<PtySession> &made) {
        if (!made)
            return end(u"the engine made no session"_s);
        m_session = made->id;
        m_terminal.reset(m_bad.openTerminal(m_id, m_session, quickStream()));
        connect(m_terminal.get(), &TerminalStream::dataAvailable, this,
                [this] { m_bytes += m_terminal->read(1 << 20); });
        connect(m_terminal.get(), &TerminalStream::finished, this,
                [this](const Error &error) { end(u"the terminal ended: "_s + error.detail); });
        const int lines = m_random.bounded(20, 1500);
        const QString typed =
            u"for i in $(seq %1); do echo line $i of %2; done; echo th'e end'"_s.arg(lines).arg(
                m_seed);
        m_good.executeInPty(m_id, m_session, typed)->onFinished(this, [this](const Result<Done> &) {
            compareTerminal();
        });
        // A line that must not be typed twice, before or after the other one.
        m_terminal->write(u"mkdir -p /tmp/faults; echo x >> %1\r"_s.arg(path()).toUtf8());
    });
}

// Until the screen has what the session has: nothing missing, nothing twice.
void FaultRun::compareTerminal()
{
    m_good.ptyBuffer(m_id, m_session)->onFinished(this, [this](const Result<QString> &buffer) {
        if (m_over)
            return;
        const QByteArray all = buffer ? buffer->toUtf8() : QByteArray();
        if (all.contains("the end\r\n") && m_bytes == all) {
            m_terminal->disconnect(this);
            m_good.deletePtySession(m_id, m_session);
            countLines(0, 1);
            return;
        }
        QTimer::singleShot(50, this, &FaultRun::compareTerminal);
    });
}

// Output is a beginning of what was printed, and all of it where the end was told.
void FaultRun::stream()
{
    m_what = u"stream"_s;
    const int lines = m_random.bounded(1, 3000);
    QByteArray all;
    for (int i = 1; i <= lines; ++i)
        all += "line " + QByteArray::number(i) + '\n';
    const QString command =
        u"mkdir -p /tmp/faults; echo x >> %1; for i in $(seq %2); do echo line $i; done; exit 3"_s
            .arg(path())
            .arg(lines);
    m_stream = m_bad.execStream(m_id, {.command = command, .timeout = 1});
    connect(m_stream.get(), &EventStream::standardOutput, this,
            [this](const QByteArray &bytes) { m_bytes += bytes; });
    connect(m_stream.get(), &EventStream::finished, this,
            [this, all](const Result<ExitStatus> &exit) {
                if (!all.startsWith(m_bytes))
                    return end(u"the output is another"_s);
                if (exit && (m_bytes != all || exit->exitCode != 3))
                    return end(u"half an output was taken for a whole"_s);
                countLines(exit ? 1 : 0, 1);
            });
}

}  // namespace

// Seeded faults on the line between the library and the real engine: 0 bytes lost or doubled, no
// hang. A failure names its seed.
class FaultsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void seededFaults();

private:
    std::unique_ptr<EngineProcess> m_engine;
    QString m_id;
};

void FaultsTest::initTestCase()
{
    m_engine = std::make_unique<EngineProcess>();
    QVERIFY2(m_engine->start(), qPrintable(m_engine->problem()));
    Client client(m_engine->profile());
    VERIFY_ANSWER(sandbox, client.createSandbox({}));
    m_id = sandbox.id;
}

void FaultsTest::cleanupTestCase()
{
    m_engine.reset();
}

void FaultsTest::seededFaults()
{
    const int runs = qEnvironmentVariableIsSet("VOIDRUN_LONG_TESTS") ? longRuns : defaultRuns;
    const quint32 first =
        static_cast<quint32>(qMax(1, qEnvironmentVariableIntValue("VOIDRUN_FAULT_SEED")));
    std::map<quint32, std::unique_ptr<FaultRun>> running;
    QStringList problems;
    int started = 0;
    int succeeded = 0;
    const auto step = [&] {
        std::erase_if(running, [&](const auto &entry) {
            const FaultRun &run = *entry.second;
            if (!run.isOver())
                return false;
            succeeded += run.succeeded();
            if (!run.problem().isEmpty())
                problems.append(run.problem());
            return true;
        });
        while (started < runs && running.size() < atOnce) {
            const quint32 seed = first + static_cast<quint32>(started++);
            auto &run = running[seed];
            run = std::make_unique<FaultRun>(m_engine->profile(), m_id, seed);
            run->start();
        }
        return running.empty();
    };
    QTRY_VERIFY_WITH_TIMEOUT(step(), runs * 2000);
    QVERIFY2(problems.isEmpty(), qPrintable(problems.join(u'\n')));
    // Faults that stop everything, or nothing, would prove nothing.
    qInfo("%d of %d succeeded", succeeded, runs);
    QVERIFY(succeeded > runs / 4 && succeeded < runs);
}

QTEST_GUILESS_MAIN(FaultsTest)
#include "tst_faults.moc"
