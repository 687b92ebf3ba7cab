// SPDX-License-Identifier: MIT
#include <QCoreApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QJsonDocument>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <vector>

#include "api/client.h"
#include "api/jsoncodec.h"
#include "support/engineprocess.h"
#include "support/guigap.h"
#include "support/replywait.h"
#include "support/residentsize.h"
#include "support/scriptedserver.h"

using namespace voidrun;
using namespace voidrun::test;
using namespace Qt::StringLiterals;

// The library beside curl against the same engine, and its decoding beside a bare parse. Goals:
// transfers of 1 GiB at 0.95 of curl's speed with 1.3 times its CPU and 32 MiB of memory, small
// calls at 0.9, decoding at 1.5 times the parse.

namespace
{

constexpr int Rounds = 5;
constexpr int Limit = 300'000;  // ms
constexpr qint64 Size = 1024LL * 1024 * 1024;
constexpr int Calls = 1000;
constexpr int Connections = 6;
constexpr int Entries = 100'000;

struct Cost {
    double seconds = 0;
    double cpu = 0;     // s, user and system
    double memory = 0;  // MiB of growth; 0 for other programs
};

double cpuOf(int who)
{
    rusage usage{};
    ::getrusage(who, &usage);
    const auto seconds = [](const timeval &time) {
        return double(time.tv_sec) + double(time.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

template<class Value>
double median(const std::vector<Cost> &costs, Value value)
{
    std::vector<double> values;
    for (const Cost &cost : costs)
        values.push_back(std::invoke(value, cost));
    std::ranges::sort(values);
    return values[values.size() / 2];
}

[[noreturn]] void giveUp(const QByteArray &why)
{
    std::printf("api: %s\n", why.constData());
    std::exit(1);
}

// Runs curl; its CPU is that of the children that were waited for, so not the engine's.
Cost curl(const QStringList &arguments)
{
    const double before = cpuOf(RUSAGE_CHILDREN);
    QElapsedTimer timer;
    timer.start();
    QProcess process;
    process.start(u"curl"_s, QStringList{u"-sS"_s, u"--fail"_s} + arguments);
    if (!process.waitForFinished(Limit) || process.exitCode() != 0)
        giveUp("curl: " + process.readAllStandardError());
    return {double(timer.nsecsElapsed()) / 1e9, cpuOf(RUSAGE_CHILDREN) - before, 0};
}

template<class Start>
Cost ours(Start start)
{
    const double before = cpuOf(RUSAGE_SELF);
    const qint64 resident = residentKiB();
    qint64 highest = resident;
    QTimer sampler;
    QObject::connect(&sampler, &QTimer::timeout, &sampler,
                     [&highest] { highest = std::max(highest, residentKiB()); });
    sampler.start(20);
    QElapsedTimer timer;
    timer.start();
    const auto answer = answerOf(start(), Limit);
    const double seconds = double(timer.nsecsElapsed()) / 1e9;
    if (!answer)
        giveUp(problemOf(answer));
    return {seconds, cpuOf(RUSAGE_SELF) - before, double(highest - resident) / 1024};
}

void report(const char *what, const std::vector<Cost> &own, const std::vector<Cost> &other)
{
    const double speed = median(other, &Cost::seconds) / median(own, &Cost::seconds);
    const double cpu = median(own, &Cost::cpu) / median(other, &Cost::cpu);
    const double memory = median(own, &Cost::memory);
    std::printf(
        "api: %s of 1 GiB: %.2f s, curl %.2f s: speed %.2f (goal 0.95), CPU %.2f s, %.2f times "
        "(goal 1.3), memory +%.0f MiB (goal 32): %s\n",
        what, median(own, &Cost::seconds), median(other, &Cost::seconds), speed,
        median(own, &Cost::cpu), cpu, memory,
        speed >= 0.95 && cpu <= 1.3 && memory <= 32 ? "held" : "NOT held");
    std::fflush(stdout);
}

void transfers(const ConnectionProfile &profile, const QString &folder)
{
    Client client(profile);
    const auto sandbox = answerOf(client.createSandbox({}));
    if (!sandbox)
        giveUp(problemOf(sandbox));
    const QString file = folder + "/big"_L1;
    QFile big(file);
    if (!big.open(QIODevice::ReadWrite))
        giveUp("no file can be written");
    const QByteArray piece(1 << 20, 'x');
    while (big.size() < Size)
        big.write(piece);
    big.flush();
    const QString key = u"X-API-Key: "_s + profile.apiKey;
    const QString base = profile.baseUrl.toString() + "/sandboxes/"_L1 + sandbox->id + "/files/"_L1;
    std::vector<Cost> downOwn, downCurl, upOwn, upCurl;
    for (int round = 0; round < Rounds; ++round) {
        upCurl.push_back(curl({u"-H"_s, key, u"-X"_s, u"POST"_s, u"-T"_s, file, u"-o"_s,
                               u"/dev/null"_s, base + "upload?path=/tmp/big"_L1}));
        big.seek(0);
        upOwn.push_back(ours([&] { return client.upload(sandbox->id, u"/tmp/big"_s, &big); }));
        const QString target = folder + "/back"_L1;
        downCurl.push_back(
            curl({u"-H"_s, key, u"-o"_s, target, base + "download?path=/tmp/big"_L1}));
        QFile::remove(target);
        QFile back(target);
        if (!back.open(QIODevice::WriteOnly | QIODevice::Unbuffered))
            giveUp("no file can be written");
        downOwn.push_back(ours([&] { return client.download(sandbox->id, u"/tmp/big"_s, &back); }));
        back.remove();
    }
    report("download", downOwn, downCurl);
    report("upload", upOwn, upCurl);
}

void smallCalls(const ConnectionProfile &profile)
{
    std::vector<Cost> own, other;
    Client client(profile);
    for (int round = 0; round < Rounds; ++round) {
        other.push_back(
            curl({u"-Z"_s, u"--parallel-max"_s, QString::number(Connections), u"-o"_s,
                  u"/dev/null"_s, profile.baseUrl.toString() + u"/version?n=[1-%1]"_s.arg(Calls)}));
        own.push_back(ours([&client] {
            for (int i = 1; i < Calls; ++i)
                client.version();
            return client.version();  // answered in their order
        }));
    }
    const double ratio = median(other, &Cost::seconds) / median(own, &Cost::seconds);
    std::printf("api: %d small GETs: %.0f ms, curl %.0f ms: %.2f (goal 0.9): %s\n", Calls,
                median(own, &Cost::seconds) * 1000, median(other, &Cost::seconds) * 1000, ratio,
                ratio >= 0.9 ? "held" : "NOT held");
    std::fflush(stdout);
}

QByteArray listing()
{
    QByteArray body = R"({"status":"success","data":{"success":true,"files":[)";
    for (int i = 0; i < Entries; ++i) {
        body += i ? ",{" : "{";
        body += R"("name":"file-)" + QByteArray::number(i) + R"(.txt","path":"/app/folder/file-)" +
                QByteArray::number(i) + R"(.txt","size":)" + QByteArray::number(i * 37) +
                R"(,"mode":"0644","isDir":false,"modTime":"2025-03-04T05:06:07.123456789Z"})";
    }
    return body + "]}}";
}

double timeOf(const std::function<bool()> &work)
{
    QElapsedTimer timer;
    timer.start();
    if (!work())
        giveUp("the listing was not decoded");
    return double(timer.nsecsElapsed()) / 1e9;
}

void decoding()
{
    Response response;
    response.status = 200;
    response.body = listing();
    std::vector<Cost> own, bare, gaps, idle;
    ScriptedServer server;
    server.setReplies({ScriptedReply::json(200, response.body)});
    ConnectionProfile profile;
    profile.baseUrl = server.baseUrl();
    profile.apiKey = u"vr_bench"_s;
    Client client(profile);
    for (int round = 0; round < Rounds; ++round) {
        bare.push_back({timeOf([&] { return QJsonDocument::fromJson(response.body).isObject(); })});
        own.push_back(
            {timeOf([&] { return codec::fileEntries(response, u"/app"_s)->size() == Entries; })});
        GuiGap gap;
        gap.start();
        const auto list =
            answerOf(client.listFiles(u"0123456789abcdef01234567"_s, u"/app"_s), Limit);
        if (!list || list->size() != Entries)
            giveUp("the listing did not come");
        gaps.push_back({gap.longest() / 1000});
    }
    const double ratio = median(own, &Cost::seconds) / median(bare, &Cost::seconds);
    std::printf("api: decoding %d entries: %.0f ms, bare parse %.0f ms: %.2f (goal 1.5): %s\n",
                Entries, median(own, &Cost::seconds) * 1000, median(bare, &Cost::seconds) * 1000,
                ratio, ratio <= 1.5 ? "held" : "NOT held");
    std::printf("api: longest gap of the thread that asked for them: %.0f ms\n",
                median(gaps, &Cost::seconds) * 1000);
    std::fflush(stdout);
}

}  // namespace

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    QTemporaryDir folder;
    EngineProcess engine;
    if (!engine.start())
        giveUp(engine.problem().toUtf8());
    decoding();
    smallCalls(engine.profile());
    transfers(engine.profile(), folder.path());
    return 0;
}
