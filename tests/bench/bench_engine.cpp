// SPDX-License-Identifier: MIT
#include <QCryptographicHash>
#include <QProcess>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>
#include <QWebSocket>

#include <unistd.h>
#include <algorithm>
#include <cstdio>
#include <memory>
#include <vector>

#include "../engine/engineundertest.h"

// What the engine and the agent cost: a command beside starting the same program in the sandbox, a
// file of 2 GiB both ways beside nginx with the same client, 50 terminals that stream at once.

namespace
{

constexpr int Rounds = 5;
constexpr int Commands = 100;
constexpr qint64 FileSize = 2LL * 1024 * 1024 * 1024;
constexpr int Terminals = 50;
constexpr qsizetype TerminalBytes = 2 * 1024 * 1024;
constexpr int Limit = 300'000;  // ms

double median(std::vector<double> values)
{
    std::ranges::sort(values);
    return values[values.size() / 2];
}

void report(const char *what, double value, const char *unit, double ratio, double goal,
            bool atMost)
{
    const bool held = atMost ? ratio <= goal : ratio >= goal;
    std::printf("engine: %s %.3g %s, ratio %.2f; goal: at %s %.1f: %s\n", what, value, unit, ratio,
                atMost ? "most" : "least", goal, held ? "held" : "NOT held");
    std::fflush(stdout);
}

// What the program printed; empty when it failed.
QByteArray run(const QString &program, const QStringList &arguments)
{
    QProcess process;
    process.start(program, arguments);
    if (!process.waitForFinished(Limit) || process.exitCode() != 0) {
        std::printf("engine: %s failed: %s\n", qPrintable(program),
                    process.readAllStandardError().constData());
        return {};
    }
    return process.readAllStandardOutput();
}

// One connection that stays open, as the desktop has it.
class Connection
{
public:
    Connection(const EngineUnderTest &engine, const QString &id)
        : m_head("POST /api/sandboxes/" + id.toUtf8() +
                 "/exec HTTP/1.1\r\nHost: 127.0.0.1\r\nX-API-Key: " + engine.key() +
                 "\r\nContent-Length: ")
    {
        m_socket.connectToHost(u"127.0.0.1"_s, engine.port());
        m_socket.setSocketOption(QAbstractSocket::LowDelayOption, 1);
        m_socket.waitForConnected();
    }

    bool exec(const QByteArray &body)
    {
        m_socket.write(m_head + QByteArray::number(body.size()) + "\r\n\r\n" + body);
        QByteArray answer;
        while (!answer.endsWith("}}")) {
            if (!m_socket.bytesAvailable() && !m_socket.waitForReadyRead(Limit))
                return false;
            answer += m_socket.readAll();
        }
        return answer.contains("\"exitCode\":0");
    }

private:
    QTcpSocket m_socket;
    QByteArray m_head;
};

class Nginx
{
public:
    explicit Nginx(const QString &folder) : m_folder(folder)
    {
        QTcpServer probe;
        probe.listen(QHostAddress::LocalHost);
        m_port = probe.serverPort();
        probe.close();
        QDir(folder).mkpath(u"files"_s);
        QFile file(folder + u"/nginx.conf"_s);
        if (!file.open(QIODevice::WriteOnly))
            return;
        // One worker, as the engine is one thread.
        file.write(
            u"daemon off; worker_processes 1; pid %1/pid; error_log %1/errors; user root;\n"
            "events {}\n"
            "http { access_log off; sendfile on; client_max_body_size 0;\n"
            "client_body_temp_path %1/body; proxy_temp_path %1/p; fastcgi_temp_path %1/f;\n"
            "uwsgi_temp_path %1/u; scgi_temp_path %1/s;\n"
            "server { listen 127.0.0.1:%2; root %1/files; dav_methods PUT; } }\n"_s.arg(folder)
                .arg(m_port)
                .toUtf8());
    }
    ~Nginx()
    {
        m_process.terminate();
        m_process.waitForFinished(10'000);
    }
    Q_DISABLE_COPY_MOVE(Nginx)

    bool start()
    {
        m_process.start(u"/usr/sbin/nginx"_s,
                        {u"-e"_s, m_folder + u"/errors"_s, u"-c"_s, m_folder + u"/nginx.conf"_s});
        return QTest::qWaitFor(
            [this] {
                QTcpSocket socket;
                socket.connectToHost(u"127.0.0.1"_s, m_port);
                return socket.waitForConnected(100);
            },
            10'000);
    }
    QString url(const QString &name) const
    {
        return u"http://127.0.0.1:%1/%2"_s.arg(m_port).arg(name);
    }

private:
    QString m_folder;
    quint16 m_port = 0;
    QProcess m_process;
};

class EngineBench
{
public:
    bool prepare()
    {
        if (!m_engine.start())
            return false;
        m_id = m_engine.createSandbox(u"bench"_s, {{u"autoSleep"_s, false}});
        return !m_id.isEmpty();
    }

    bool commands()
    {
        Connection connection(m_engine, m_id);
        std::vector<double> calls;
        std::vector<double> starts;
        for (int round = 0; round < Rounds; ++round) {
            QElapsedTimer timer;
            timer.start();
            for (int i = 0; i < Commands; ++i) {
                if (!connection.exec(R"({"command":"true"})"))
                    return false;
            }
            calls.push_back(static_cast<double>(timer.nsecsElapsed()) / 1e6 / Commands);
            starts.push_back(startedDirectly());
        }
        report("exec of `true`, ms:", median(calls), "", median(calls) / median(starts), 3, true);
        std::printf("engine: the same shell line started in the sandbox, ms: %.3g\n",
                    median(starts));
        return median(starts) > 0;
    }

    bool transfers(const QString &folder)
    {
        Nginx nginx(folder);
        QFile source(folder + u"/source"_s);
        if (!nginx.start() || !source.open(QIODevice::WriteOnly) || !source.resize(FileSize))
            return false;
        source.close();
        run(u"cp"_s, {source.fileName(), u"/dev/null"_s});  // into the cache, for all alike
        const QString files = m_engine.url() + u"/sandboxes/"_s + m_id + u"/files/"_s;
        const QString key = u"X-API-Key: "_s + QString::fromLatin1(m_engine.key());
        std::vector<double> up;
        std::vector<double> upControl;
        std::vector<double> down;
        std::vector<double> downControl;
        // The first round is not counted: it finds the disk's blocks for the others.
        for (int round = 0; round <= Rounds; ++round) {
            const double ours = curl({u"-X"_s, u"POST"_s, u"-T"_s, source.fileName(), u"-H"_s, key,
                                      files + u"upload?path=/app/file"_s});
            const double oursDown = curl({u"-H"_s, key, files + u"download?path=/app/file"_s});
            m_engine.exec(m_id, u"rm /app/file"_s);
            const double theirs = curl({u"-T"_s, source.fileName(), nginx.url(u"file"_s)});
            const double theirsDown = curl({nginx.url(u"file"_s)});
            QFile::remove(folder + u"/files/file"_s);
            std::printf("engine: round %d: up %.2f s, nginx %.2f s; down %.2f s, nginx %.2f s\n",
                        round, ours, theirs, oursDown, theirsDown);
            std::fflush(stdout);
            if (std::min({ours, oursDown, theirs, theirsDown}) <= 0)
                return false;
            if (round == 0)
                continue;
            up.push_back(ours);
            upControl.push_back(theirs);
            down.push_back(oursDown);
            downControl.push_back(theirsDown);
        }
        report("upload of 2 GiB", median(up), "s", median(upControl) / median(up), 0.9, false);
        report("download of 2 GiB", median(down), "s", median(downControl) / median(down), 0.9,
               false);
        return true;
    }

    // Every terminal prints the same file; every byte must come through every one of them.
    bool terminals()
    {
        m_engine.exec(m_id, u"seq 10000000 | head -c %1 > /app/text"_s.arg(TerminalBytes));
        std::vector<double> one;
        std::vector<double> all;
        for (int round = 0; round < Rounds; ++round) {
            one.push_back(stream(1));
            all.push_back(stream(Terminals));
            if (one.back() <= 0 || all.back() <= 0) {
                std::puts("engine: a terminal lost bytes: NOT held");
                return false;
            }
        }
        const double size = static_cast<double>(TerminalBytes) / 1048576;
        std::printf(
            "engine: %d terminals at once, %d rounds: no byte lost: held; %.1f MiB/s together, one "
            "alone %.1f MiB/s, ratio %.2f\n",
            Terminals, Rounds, Terminals * size / median(all), size / median(one),
            Terminals * median(one) / median(all));
        return true;
    }

private:
    // ms for one, by a program that does nothing else.
    double startedDirectly()
    {
        const QString program =
            u"import os,time\nt=time.perf_counter()\nfor _ in range(%1):\n"
            " os.waitpid(os.posix_spawn('/bin/"
            "bash',['bash','-c','true'],os.environ,setsid=True),0)\n"
            "print((time.perf_counter()-t)*1000/%1)"_s.arg(Commands);
        return m_engine.output(m_id, u"python3 -c \""_s + program + u'"').toDouble();
    }

    // Seconds; 0 when it failed. Nobody pays for what the one before has left to write.
    static double curl(const QStringList &arguments)
    {
        ::sync();
        return run(u"curl"_s,
                   QStringList{u"-sf"_s, u"-o"_s, u"/dev/null"_s, u"-w"_s, u"%{time_total}"_s} +
                       arguments)
            .toDouble();
    }

    // Seconds until `count` terminals have received all; 0 when one has not, or has other bytes.
    double stream(int count)
    {
        struct Terminal {
            QWebSocket socket;
            QByteArray output;
        };
        std::vector<std::unique_ptr<Terminal>> terminals;
        for (int i = 0; i < count; ++i) {
            terminals.push_back(std::make_unique<Terminal>());
            Terminal *terminal = terminals.back().get();
            QObject::connect(&terminal->socket, &QWebSocket::binaryMessageReceived,
                             &terminal->socket,
                             [terminal](const QByteArray &bytes) { terminal->output += bytes; });
            QNetworkRequest request = m_engine.request(u"/sandboxes/"_s + m_id + u"/pty"_s);
            QUrl url = request.url();
            url.setScheme(u"ws"_s);
            request.setUrl(url);
            terminal->socket.open(request);
        }
        const auto all = [&](auto condition) {
            return QTest::qWaitFor([&] { return std::ranges::all_of(terminals, condition); },
                                   Limit);
        };
        if (!all([](const auto &terminal) { return terminal->output.contains("$ "); }))
            return 0;
        for (const auto &terminal : terminals)
            terminal->socket.sendBinaryMessage(
                "stty raw -echo; echo ready-$((1)); read x; cat text; exit\n");
        if (!all([](const auto &terminal) { return terminal->output.contains("ready-1\n"); }))
            return 0;
        for (const auto &terminal : terminals)
            terminal->output.clear();
        QElapsedTimer timer;
        timer.start();
        for (const auto &terminal : terminals)
            terminal->socket.sendBinaryMessage("\n");
        if (!all([](const auto &terminal) { return terminal->output.size() >= TerminalBytes; }))
            return 0;
        const double seconds = static_cast<double>(timer.nsecsElapsed()) / 1e9;
        const QByteArray expected =
            m_engine.get(u"/sandboxes/"_s + m_id + u"/files/download?path=/app/text"_s).body;
        const bool same = std::ranges::all_of(terminals, [&](const auto &terminal) {
            return terminal->output.first(TerminalBytes) == expected;
        });
        return same ? seconds : 0;
    }

    EngineUnderTest m_engine;
    QString m_id;
};

}  // namespace

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    QTemporaryDir folder;
    EngineBench bench;
    const bool good = folder.isValid() && bench.prepare() && bench.commands() &&
                      bench.transfers(folder.path()) && bench.terminals();
    if (!good)
        std::puts("engine: the measurement failed");
    return good ? 0 : 1;
}
