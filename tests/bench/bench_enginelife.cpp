// SPDX-License-Identifier: MIT
#include <QCoreApplication>
#include <QJsonArray>
#include <QThread>

#include <sys/resource.h>
#include <unistd.h>
#include <algorithm>
#include <cstdio>
#include <vector>

#include "../engine/engineundertest.h"

// What a sandbox of this computer costs: from create to the first result beside a bare bwrap with
// the same arguments, and a hundred that idle.

namespace
{

constexpr int Rounds = 9;
constexpr int Idle = 100;       // sandboxes
constexpr int SettleTime = 45;  // s, after which they count as idle
constexpr int IdleTime = 6;     // s, for each of five looks
constexpr int IdleLooks = 5;
constexpr double LifeGoal = 5;         // times the bare bwrap
constexpr double MemoryGoal = 1024;    // MiB for all
constexpr double ProcessorGoal = 1.0;  // % of one core

double median(std::vector<double> values)
{
    std::ranges::sort(values);
    return values[values.size() / 2];
}

double milliseconds(const std::function<void()> &work)
{
    QElapsedTimer timer;
    timer.start();
    work();
    return double(timer.nsecsElapsed()) / 1e6;
}

QStringList splitAtZeros(const QByteArray &text)
{
    QStringList parts;
    for (const QByteArray &part : text.split('\0'))
        parts << QString::fromUtf8(part);
    parts.removeLast();
    return parts;
}

// The command line of the sandbox's bwrap, made to run `true`; where root runs the engine, it has
// the paths of the launcher's view, so that the launcher is part of the control too.
QStringList controlCommand(EngineUnderTest &engine, const QString &id)
{
    for (const QString &process : EngineUnderTest::processesWith(u"--json-status-fd"_s)) {
        const QString pid = process.section(u' ', 0, 0);
        QFile file(u"/proc/"_s + pid + u"/cmdline"_s);
        if (!file.open(QIODevice::ReadOnly))
            continue;
        QStringList line = splitAtZeros(file.readAll());
        if (line.size() < 3 || line.last() != id)
            continue;
        const auto drop = [&line](const QString &option) {
            const qsizetype at = line.indexOf(option);
            line.remove(at, 2);
        };
        drop(u"--seccomp"_s);
        drop(u"--json-status-fd"_s);
        line.resize(line.indexOf(u"--"_s) + 1);
        line << u"/usr/bin/true"_s;
        line.first() = u"/usr/bin/bwrap"_s;
        const QString folder = engine.stateDirectory() + u"/sandboxes/"_s + id;
        if (::geteuid() != 0 || !line.contains(u"/mnt/sandbox/rootfs"_s))
            return line;
        return QStringList{EngineUnderTest::binary(u"voidrun-local"_s),
                           u"launch-sandbox"_s,
                           u"1800000000"_s,
                           folder,
                           engine.folder() + u"/voidrun/usr-folders-1800000000"_s,
                           QString(),
                           EngineUnderTest::binary(u"voidrun-agent"_s),
                           u"/usr/bin/bwrap"_s} +
               line;
    }
    return {};
}

// Megabytes of all processes of the engine and its sandboxes, shared pages divided.
double memoryOf(const QStringList &pids)
{
    double kilobytes = 0;
    static const QRegularExpression pss(u"(?:^|\n)Pss:\\s+([0-9]+)"_s);
    for (const QString &pid : pids) {
        QFile file(u"/proc/"_s + pid + u"/smaps_rollup"_s);
        if (file.open(QIODevice::ReadOnly))
            kilobytes += pss.match(QString::fromUtf8(file.readAll())).captured(1).toDouble();
    }
    return kilobytes / 1024;
}

double processorSeconds(const QStringList &pids)
{
    double ticks = 0;
    for (const QString &pid : pids) {
        QFile file(u"/proc/"_s + pid + u"/stat"_s);
        if (!file.open(QIODevice::ReadOnly))
            continue;
        const QList<QByteArray> fields = file.readAll().split(')').last().split(' ');
        ticks += fields.at(12).toDouble() + fields.at(13).toDouble();
    }
    return ticks / double(::sysconf(_SC_CLK_TCK));
}

bool measureLife(EngineUnderTest &engine)
{
    const QString first = engine.createSandbox(u"control"_s);
    const QStringList control = controlCommand(engine, first);
    if (control.isEmpty() || engine.post(u"/sandboxes/"_s + first + u"/sleep"_s).status != 200)
        return false;
    const auto runControl = [&control] {
        return QProcess::execute(control.first(), control.sliced(1));
    };
    if (runControl() != 0)
        return false;
    std::vector<double> bare;
    std::vector<double> made;
    for (int round = 0; round < Rounds; ++round) {
        bare.push_back(milliseconds(runControl));
        QString id;
        made.push_back(milliseconds([&] {
            id = engine.createSandbox(u"life-%1"_s.arg(round));
            if (engine.output(id, u"true; echo x"_s) != "x\n"_L1)
                std::puts("enginelife: a sandbox did not answer");
        }));
        engine.call("DELETE", u"/sandboxes/"_s + id);
    }
    const double ratio = median(made) / median(bare);
    std::printf(
        "enginelife: create to first result, median of %d: %.1f ms; bare bwrap: %.1f ms; ratio "
        "%.1f; goal: at most %.0f: %s\n",
        Rounds, median(made), median(bare), ratio, LifeGoal,
        ratio <= LifeGoal ? "held" : "NOT held");
    return true;
}

bool measureIdle(EngineUnderTest &engine)
{
    QStringList pids{QString::number(engine.process().processId())};
    for (int i = 0; i < Idle; ++i) {
        const QString id = engine.createSandbox(u"idle-%1"_s.arg(i), {{u"autoSleep"_s, false}});
        if (id.isEmpty())
            return false;
        for (const QString &process : EngineUnderTest::processesWith(id))
            pids << process.section(u' ', 0, 0);
    }
    pids.removeDuplicates();
    QThread::sleep(SettleTime);
    const double memory = memoryOf(pids);
    std::vector<double> looks;
    for (int look = 0; look < IdleLooks; ++look) {
        const double before = processorSeconds(pids);
        QThread::sleep(IdleTime);
        looks.push_back((processorSeconds(pids) - before) / IdleTime * 100);
    }
    const double percent = median(looks);
    std::printf("enginelife: %d idle sandboxes, %lld processes: %.0f MiB; goal: under %.0f: %s\n",
                Idle, static_cast<long long>(pids.size()), memory, MemoryGoal,
                memory < MemoryGoal ? "held" : "NOT held");
    std::printf("enginelife: they use %.2f %% of a core, median of %d; goal: below %.0f %%: %s\n",
                percent, IdleLooks, ProcessorGoal, percent < ProcessorGoal ? "held" : "NOT held");
    return true;
}

}  // namespace

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    EngineUnderTest engine;
    engine.environment.insert(u"XDG_CACHE_HOME"_s, engine.folder());
    if (!engine.start() || !measureLife(engine) || !measureIdle(engine)) {
        std::printf("enginelife: the engine or a sandbox did not start\n%s\n",
                    engine.log().constData());
        return 1;
    }
    return 0;
}
