// SPDX-License-Identifier: MIT
#include <QApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QProcess>
#include <QQueue>
#include <QRandomGenerator>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <vector>

#include "api/client.h"
#include "filepanel.h"
#include "models/connection.h"
#include "models/fsmodel.h"
#include "models/transfermodel.h"
#include "support/engineprocess.h"
#include "support/guigap.h"
#include "support/replywait.h"
#include "support/residentsize.h"

using namespace voidrun;
using namespace voidrun::test;
using namespace Qt::StringLiterals;

// The file manager beside its peers, in one run: one large file beside curl; 10,000 small files
// beside one request a file over six connections, and beside rsync and scp through ssh on this
// computer; and how long the window stands still meanwhile and while it shows a folder of 100,000
// entries, beside itself with nothing to do.

namespace
{

constexpr int Rounds = 5;
constexpr int SmallRounds = 3;  // of what takes minutes
constexpr int Limit = 600'000;  // ms
constexpr qint64 Size = 2048LL * 1024 * 1024;
constexpr int Files = 10'000;
constexpr int Connections = 6;
constexpr int Entries = 100'000;
constexpr int IdleTime = 2000;  // ms
constexpr double GapGoal = 50;  // ms over idle
constexpr double MemoryGoal = 64;

[[noreturn]] void giveUp(const QString &why)
{
    std::printf("files: %s\n", qUtf8Printable(why));
    std::exit(1);
}

double median(std::vector<double> values)
{
    std::ranges::sort(values);
    return values[values.size() / 2];
}

double secondsOf(const std::function<void()> &work)
{
    QElapsedTimer timer;
    timer.start();
    work();
    return double(timer.nsecsElapsed()) / 1e9;
}

void run(const QString &program, const QStringList &arguments)
{
    QProcess process;
    process.start(program, arguments);
    if (!process.waitForFinished(Limit) || process.exitCode() != 0)
        giveUp(program % u": "_s % QString::fromUtf8(process.readAllStandardError()));
}

void makeFiles(const QString &folder)
{
    QRandomGenerator random(4);
    for (int i = 0; i < Files; ++i) {
        const QString below = u"%1/d%2"_s.arg(folder).arg(i / 100);
        QDir().mkpath(below);
        QFile file(u"%1/f%2"_s.arg(below).arg(i));
        QByteArray content(random.bounded(1000, 10'000), Qt::Uninitialized);
        for (char &c : content)
            c = char(random.bounded(256));
        if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
            giveUp(file.errorString());
    }
}

// sshd on a port of its own, for this user, with a key of its own.
class SshServer
{
public:
    explicit SshServer(const QString &folder) : m_folder(folder)
    {
        QTcpServer free;
        free.listen(QHostAddress::LocalHost);
        m_port = free.serverPort();
        free.close();
        run(u"ssh-keygen"_s,
            {u"-q"_s, u"-t"_s, u"ed25519"_s, u"-N"_s, QString(), u"-f"_s, m_folder % u"/key"_s});
        QFile::copy(m_folder % u"/key.pub"_s, m_folder % u"/authorized"_s);
        QDir().mkpath(u"/run/sshd"_s);
        // Its account may be missing where the list of accounts is another system's.
        QStringList command;
        if (!::getpwnam("sshd")) {
            QFile accounts(u"/etc/passwd"_s);
            QFile more(m_folder % u"/passwd"_s);
            if (!accounts.open(QIODevice::ReadOnly) || !more.open(QIODevice::WriteOnly))
                giveUp(u"no list of accounts"_s);
            more.write(accounts.readAll() + "sshd:x:65000:65534::/run/sshd:/usr/sbin/nologin\n");
            more.close();
            command = {u"bwrap"_s,     u"--dev-bind"_s, u"/"_s,           u"/"_s,
                       u"--ro-bind"_s, more.fileName(), u"/etc/passwd"_s, u"--die-with-parent"_s};
        }
        command += {u"/usr/sbin/sshd"_s,
                    u"-D"_s,
                    u"-f"_s,
                    u"/dev/null"_s,
                    u"-p"_s,
                    QString::number(m_port),
                    u"-o"_s,
                    u"ListenAddress=127.0.0.1"_s,
                    u"-h"_s,
                    m_folder % u"/key"_s,
                    u"-o"_s,
                    u"AuthorizedKeysFile="_s % m_folder % u"/authorized"_s,
                    u"-o"_s,
                    u"StrictModes=no"_s,
                    u"-o"_s,
                    u"UsePAM=no"_s,
                    u"-o"_s,
                    u"PermitRootLogin=yes"_s,
                    u"-o"_s,
                    u"PidFile=none"_s,
                    u"-o"_s,
                    u"Subsystem=sftp internal-sftp"_s};
        m_process.start(command.takeFirst(), command);
        for (int attempt = 0; attempt < 50; ++attempt) {
            QProcess ssh;
            ssh.start(u"ssh"_s, options()
                                    << u"-p"_s << QString::number(m_port) << host() << u"true"_s);
            if (ssh.waitForFinished(5000) && ssh.exitCode() == 0)
                return;
            QTest::qWait(100);
        }
        giveUp(u"sshd did not start: "_s % QString::fromUtf8(m_process.readAllStandardError()));
    }
    ~SshServer()
    {
        m_process.terminate();
        m_process.waitForFinished(5000);
    }
    Q_DISABLE_COPY_MOVE(SshServer)

    QStringList options() const
    {
        return {u"-q"_s,
                u"-i"_s,
                m_folder % u"/key"_s,
                u"-o"_s,
                u"StrictHostKeyChecking=no"_s,
                u"-o"_s,
                u"UserKnownHostsFile=/dev/null"_s,
                u"-o"_s,
                u"BatchMode=yes"_s};
    }
    static QString host()
    {
        const passwd *user = ::getpwuid(::getuid());
        return QString::fromLocal8Bit(user ? user->pw_name : "root") % u"@127.0.0.1"_s;
    }
    void scp(const QString &from, const QString &to, bool up) const
    {
        const QString remote = host() % u':' % (up ? to : from);
        run(u"scp"_s, options() << u"-r"_s << u"-P"_s << QString::number(m_port)
                                << (up ? from : remote) << (up ? remote : to));
    }
    void rsync(const QString &from, const QString &to, bool up) const
    {
        const QString shell = u"ssh -p %1 "_s.arg(m_port) % options().join(u' ');
        const QString remote = host() % u':' % (up ? to : from);
        run(u"rsync"_s, {u"-a"_s, u"-e"_s, shell, up ? from : remote, up ? remote : to});
    }

private:
    QString m_folder;
    quint16 m_port = 0;
    QProcess m_process;
};

class FilesBench
{
public:
    explicit FilesBench(const ConnectionProfile &profile)
        : m_connection(profile), m_client(profile), m_profile(profile)
    {
        const auto sandbox = answerOf(m_client.createSandbox({}));
        if (!sandbox)
            giveUp(QString::fromUtf8(problemOf(sandbox)));
        m_id = sandbox->id;
        m_panel = std::make_unique<FilePanel>(m_connection.createFsModel(m_id, nullptr));
        m_panel->resize(900, 700);
        m_panel->show();
        if (!QTest::qWaitForWindowExposed(m_panel.get()))
            giveUp(u"no window"_s);
        m_panel->openFolder(u"/app"_s);
        measureIdle();
    }

    void largeFile();
    void smallFiles();
    void largeFolder();
    void reportWindow() const;

private:
    double gapOver(const GuiGap &gap) const { return gap.longest() - m_idle; }
    void measureIdle();
    double ours(TransferRequest::Direction direction, const QString &source, const QString &target);
    double curl(const QStringList &arguments) const;
    double oneByOne(bool up, const QString &local, const QString &guest);
    void guest(const QString &command);

    Connection m_connection;
    Client m_client;
    ConnectionProfile m_profile;
    TransferModel m_transfers;
    std::unique_ptr<FilePanel> m_panel;
    QTemporaryDir m_folder;
    QString m_id;
    double m_idle = 0;        // ms
    double m_longestGap = 0;  // ms, while something went on
    double m_memory = 0;      // MiB
};

void FilesBench::measureIdle()
{
    std::vector<double> gaps;
    for (int round = 0; round < Rounds; ++round) {
        GuiGap gap;
        gap.start();
        (void)QTest::qWaitFor([] { return false; }, IdleTime);
        gaps.push_back(gap.longest());
    }
    m_idle = median(gaps);
}

void FilesBench::guest(const QString &command)
{
    ExecRequest request;
    request.command = command;
    request.timeout = 300;
    const auto result = answerOf(m_client.exec(m_id, request), Limit);
    if (!result || result->exitCode != 0)
        giveUp(result ? result->stdErr : QString::fromUtf8(problemOf(result)));
}

double FilesBench::ours(TransferRequest::Direction direction, const QString &source,
                        const QString &target)
{
    TransferRequest request;
    request.direction = direction;
    request.conflict = TransferRequest::Conflict::Overwrite;
    request.profile = m_profile;
    request.sandboxId = m_id;
    request.sources = {source};
    request.target = target;
    const qint64 resident = residentKiB();
    qint64 highest = resident;
    QTimer sampler;
    QObject::connect(&sampler, &QTimer::timeout, &sampler,
                     [&highest] { highest = std::max(highest, residentKiB()); });
    sampler.start(20);
    GuiGap gap;
    gap.start();
    const double seconds = secondsOf([&] {
        const int id = m_transfers.start(request);
        const bool over = QTest::qWaitFor([this] { return m_transfers.activeCount() == 0; }, Limit);
        if (!over || m_transfers.item(id)->state != TransferModel::State::Done)
            giveUp(u"a transfer failed: "_s % m_transfers.item(id)->error.detail);
    });
    m_longestGap = std::max(m_longestGap, gap.longest());
    m_memory = std::max(m_memory, double(highest - resident) / 1024);
    return seconds;
}

double FilesBench::curl(const QStringList &arguments) const
{
    return secondsOf([&] {
        run(u"curl"_s,
            QStringList{u"-sS"_s, u"--fail"_s, u"-H"_s, u"X-API-Key: "_s + m_profile.apiKey} +
                arguments);
    });
}

void FilesBench::largeFile()
{
    const QString local = m_folder.filePath(u"big"_s);
    QFile file(local);
    const QByteArray piece(1 << 20, 'x');
    if (!file.open(QIODevice::WriteOnly))
        giveUp(file.errorString());
    while (file.size() < Size)
        file.write(piece);
    file.close();
    const QString base = m_profile.baseUrl.toString() % u"/sandboxes/"_s % m_id % u"/files/"_s;
    std::vector<double> up, upCurl, down, downCurl;
    for (int round = 0; round < Rounds; ++round) {
        upCurl.push_back(curl({u"-X"_s, u"POST"_s, u"-T"_s, local, u"-o"_s, u"/dev/null"_s,
                               base % u"upload?path=/app/curl"_s}));
        up.push_back(ours(TransferRequest::Direction::Upload, local, u"/app"_s));
        downCurl.push_back(
            curl({u"-o"_s, m_folder.filePath(u"curl"_s), base % u"download?path=/app/big"_s}));
        down.push_back(ours(TransferRequest::Direction::Download, u"/app/big"_s,
                            m_folder.filePath(u"back"_s)));
        QFile::remove(m_folder.filePath(u"curl"_s));
        QDir(m_folder.filePath(u"back"_s)).removeRecursively();
        guest(u"rm /app/curl"_s);
    }
    const auto report = [](const char *way, const auto &own, const auto &other) {
        const double ratio = median(other) / median(own);
        std::printf("files: 2 GiB %s: %.2f s, curl %.2f s: %.2f (goal 0.9): %s\n", way, median(own),
                    median(other), ratio, ratio >= 0.9 ? "held" : "NOT held");
    };
    report("up", up, upCurl);
    report("down", down, downCurl);
    QFile::remove(local);
    guest(u"rm /app/big"_s);
}

double FilesBench::oneByOne(bool up, const QString &local, const QString &guest)
{
    QQueue<QString> waiting;
    for (int i = 0; i < Files; ++i)
        waiting.enqueue(u"/d%1/f%2"_s.arg(i / 100).arg(i));
    int running = 0;
    bool failed = false;
    QObject context;
    std::function<void()> next = [&] {
        while (running < Connections && !waiting.isEmpty()) {
            const QString name = waiting.dequeue();
            auto *file = new QFile(local % name, &context);
            QDir().mkpath(QFileInfo(file->fileName()).path());
            failed = failed || !file->open(up ? QIODevice::ReadOnly : QIODevice::WriteOnly);
            ++running;
            const auto done = [&, file](const auto &result) {
                failed = failed || !result;
                delete file;
                --running;
                next();
            };
            if (up)
                m_client.upload(m_id, guest % name, file)->onFinished(&context, done);
            else
                m_client.download(m_id, guest % name, file)->onFinished(&context, done);
        }
    };
    return secondsOf([&] {
        next();
        if (!QTest::qWaitFor([&] { return running == 0 && waiting.isEmpty(); }, Limit) || failed)
            giveUp(u"one request a file failed"_s);
    });
}

void FilesBench::smallFiles()
{
    const QString local = m_folder.filePath(u"many"_s);
    makeFiles(local);
    const SshServer ssh(m_folder.path());
    const QString place = m_folder.filePath(u"peer"_s);
    const auto clear = [&] {
        QDir(place).removeRecursively();
        QDir().mkpath(place);
    };
    std::vector<double> own[2], single[2], rsync[2], scp[2];
    for (int round = 0; round < SmallRounds; ++round) {
        guest(u"rm -rf /app/many /app/single"_s);
        own[0].push_back(ours(TransferRequest::Direction::Upload, local, u"/app"_s));
        single[0].push_back(oneByOne(true, local, u"/app/single"_s));
        clear();
        own[1].push_back(ours(TransferRequest::Direction::Download, u"/app/many"_s, place));
        clear();
        single[1].push_back(oneByOne(false, place, u"/app/many"_s));
        for (const bool up : {true, false}) {
            clear();
            rsync[up ? 0 : 1].push_back(secondsOf([&] { ssh.rsync(local, place, up); }));
            clear();
            scp[up ? 0 : 1].push_back(secondsOf([&] { ssh.scp(local, place, up); }));
        }
    }
    for (const int way : {0, 1}) {
        const double one = median(single[way]) / median(own[way]);
        const double peer = std::min(median(rsync[way]), median(scp[way]));
        const double ratio = peer / median(own[way]);
        std::printf(
            "files: %d small files %s: %.2f s; one request a file %.2f s: %.1f times "
            "(goal 5): %s; rsync %.2f s, scp %.2f s: %.2f times the better (goal 1): %s\n",
            Files, way == 0 ? "up" : "down", median(own[way]), median(single[way]), one,
            one >= 5 ? "held" : "NOT held", median(rsync[way]), median(scp[way]), ratio,
            ratio >= 1 ? "held" : "NOT held");
    }
    std::fflush(stdout);
}

void FilesBench::largeFolder()
{
    guest(u"mkdir -p /app/large && cd /app/large && seq -f 'file-%%.0f.txt' %1 | xargs touch"_s
              .replace(u"%%"_s, u"%"_s)
              .arg(Entries));
    std::vector<double> gaps, first, whole, again;
    for (int round = 0; round < Rounds; ++round) {
        m_panel->openFolder(u"/app"_s);
        const FsModel *model = m_panel->model();
        const auto loaded = [model] {
            return model->folderState() == FsModel::FolderState::Loaded;
        };
        if (!QTest::qWaitFor(loaded, Limit))
            giveUp(u"the folder was not listed"_s);
        GuiGap gap;
        gap.start();
        QElapsedTimer timer;
        timer.start();
        m_panel->openFolder(u"/app/large"_s);
        (void)QTest::qWaitFor([model] { return model->rowCount() > 0; }, Limit);
        first.push_back(double(timer.elapsed()));
        if (!QTest::qWaitFor([model] { return model->rowCount() == Entries; }, Limit))
            giveUp(u"the large folder was not listed"_s);
        whole.push_back(double(timer.elapsed()));
        (void)QTest::qWaitFor([] { return false; }, 300);  // what was put off is painted
        gaps.push_back(gap.longest());
        gap.start();
        m_panel->refresh();
        if (!QTest::qWaitFor(loaded, Limit))
            giveUp(u"the large folder was not listed again"_s);
        (void)QTest::qWaitFor([] { return false; }, 300);
        again.push_back(gap.longest());
    }
    const auto report = [this](const char *what, const auto &values) {
        const double over = median(values) - m_idle;
        std::printf(
            "files: %s: longest gap %.0f ms, idle window %.0f ms: %.0f ms over (goal "
            "%.0f): %s\n",
            what, median(values), m_idle, over, GapGoal, over <= GapGoal ? "held" : "NOT held");
    };
    std::printf("files: %d entries: first rows after %.0f ms, all after %.0f ms\n", Entries,
                median(first), median(whole));
    report("showing 100,000 entries", gaps);
    report("listing them again", again);
    std::fflush(stdout);
}

void FilesBench::reportWindow() const
{
    const double over = m_longestGap - m_idle;
    std::printf(
        "files: longest gap of all transfers %.0f ms, idle window %.0f ms: %.0f ms over "
        "(goal %.0f): %s\n",
        m_longestGap, m_idle, over, GapGoal, over <= GapGoal ? "held" : "NOT held");
    std::printf("files: memory of transfers +%.0f MiB (goal %.0f): %s\n", m_memory, MemoryGoal,
                m_memory <= MemoryGoal ? "held" : "NOT held");
}

}  // namespace

int main(int argc, char **argv)
{
    QApplication application(argc, argv);
    Q_INIT_RESOURCE(app);
    EngineProcess engine;
    if (!engine.start())
        giveUp(engine.problem());
    FilesBench bench(engine.profile());
    bench.largeFolder();
    bench.largeFile();
    bench.smallFiles();
    bench.reportWindow();
    return 0;
}
