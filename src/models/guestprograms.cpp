// SPDX-License-Identifier: MIT
#include "guestprograms.h"

#include <QList>

#include <cmath>

#include "visibletext.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

constexpr double TicksPerSecond = 100;  // Linux tells programs so on every machine
constexpr double MostApart = 3;         // s between the making of a session and its shell's start
constexpr double SameTime = 0.3;        // s; shells that started so close are not told apart
constexpr qsizetype MostNames = 20;

// One line of /proc/PID/stat; see proc_pid_stat(5).
struct Process {
    qint64 pid = 0;
    QString name;
    qint64 session = 0;
    qint64 terminal = 0;  // 0 = none
    double start = 0;     // s since the system started
    bool isOver = false;
};

std::optional<Process> processOf(const QString &line)
{
    const qsizetype open = line.indexOf(u'(');
    const qsizetype close = line.lastIndexOf(u')');  // the name may hold one
    if (open < 0 || close < open)
        return std::nullopt;
    const QStringList fields = line.sliced(close + 1).simplified().split(u' ');
    constexpr int State = 0;
    constexpr int Session = 3;
    constexpr int Terminal = 4;
    constexpr int Start = 19;
    if (fields.size() <= Start)
        return std::nullopt;
    Process process;
    process.pid = line.first(open).trimmed().toLongLong();
    process.name = visibleText(line.sliced(open + 1, close - open - 1));
    process.session = fields[Session].toLongLong();
    process.terminal = fields[Terminal].toLongLong();
    process.start = fields[Start].toDouble() / TicksPerSecond;
    process.isOver = fields[State] == u"Z"_s;
    return process;
}

}  // namespace

QString guestprograms::command()
{
    return u"cut -d' ' -f1 /proc/uptime; date +%s.%N; cat /proc/[0-9]*/stat 2>/dev/null; true"_s;
}

std::optional<QStringList> guestprograms::parse(const QString &output, const QDateTime &createdAt)
{
    const QStringList lines = output.split(u'\n', Qt::SkipEmptyParts);
    bool isUptime = false;
    bool isTime = false;
    const double uptime = lines.value(0).toDouble(&isUptime);
    const double now = lines.value(1).toDouble(&isTime);
    if (!isUptime || !isTime || !createdAt.isValid())
        return std::nullopt;
    QList<Process> processes;
    for (const QString &line : lines.sliced(2)) {
        if (const auto process = processOf(line); process && process->terminal != 0)
            processes.append(*process);
    }
    const double made = double(createdAt.toMSecsSinceEpoch()) / 1000 - (now - uptime);
    double best = MostApart;
    for (const Process &process : std::as_const(processes)) {
        if (process.pid == process.session)
            best = std::min(best, std::abs(process.start - made));
    }
    if (best >= MostApart)
        return std::nullopt;
    QStringList names;
    for (const Process &leader : std::as_const(processes)) {
        if (leader.pid != leader.session || std::abs(leader.start - made) > best + SameTime)
            continue;
        for (const Process &process : std::as_const(processes)) {
            if (process.session == leader.pid && process.pid != leader.pid && !process.isOver &&
                !names.contains(process.name) && names.size() < MostNames)
                names.append(process.name);
        }
    }
    return names;
}

}  // namespace voidrun
