// SPDX-License-Identifier: MIT
#include "stopscript.h"

#include <QRegularExpression>

#include "visibletext.h"

using namespace Qt::StringLiterals;

namespace voidrun::stopscript
{

namespace
{

constexpr qsizetype LongestName = 200;  // characters of a command line

// `find` prints the processes, one a line.
QString endAll(const QString &find)
{
    return u"find_all() { "_s % find % u"; }\n"_s %
           uR"sh(pids=$(find_all)
for p in $pids; do echo "ended $(tr '\000\n' '  ' </proc/$p/cmdline 2>/dev/null)"; done
[ -z "$pids" ] || kill -TERM $pids 2>/dev/null
i=0
while [ $i -lt 50 ]; do
  pids=$(find_all)
  [ -n "$pids" ] || { echo done; exit 0; }
  sleep 0.1
  i=$((i+1))
done
echo forced
kill -KILL $pids 2>/dev/null
sleep 0.2
[ -n "$(find_all)" ] || echo done)sh"_s;
}

// Prints the numbers of the processes with `mark` in their environment.
QString printMarked(const QString &mark)
{
    return u"for d in /proc/[0-9]*; do tr '\\000' '\\n' <$d/environ 2>/dev/null | "
           "grep -qxF '%1' && echo ${d#/proc/}; done"_s.arg(mark);
}

bool isShell(const QString &commandLine)
{
    static const QRegularExpression pattern(u"\\A(\\S*/)?(ba|da)?sh( |\\z)"_s);
    return pattern.match(commandLine).hasMatch();
}

}  // namespace

QString endMarked(const QString &mark)
{
    return endAll(printMarked(mark));
}

QString findMarked(const QString &mark)
{
    return u"for p in $("_s % printMarked(mark) %
           uR"sh(); do echo "runs $(tr '\000\n' '  ' </proc/$p/cmdline 2>/dev/null)"; done
[ ! -r /proc/self/environ ] || echo looked)sh"_s;
}

QString endProcess(qint64 pid)
{
    // Fields 5 and 6 of stat, behind the name, which may hold anything: group and session. What has
    // ended and is not reaped yet does not count.
    return endAll(
        u"for d in /proc/[0-9]*; do s=$(cat $d/stat 2>/dev/null) || continue; set -- ${s##*)}; "
        "[ \"$1\" != Z ] && { [ \"$3\" = %1 ] || [ \"$4\" = %1 ] || [ ${d#/proc/} = %1 ]; } && echo ${d#/proc/}; done"_s
            .arg(pid));
}

Report reportOf(const QString &output)
{
    Report report;
    QStringList shells;
    for (const QString &line : output.split(u'\n')) {
        if (line == "forced"_L1)
            report.wasForced = true;
        else if (line == "done"_L1)
            report.isDone = true;
        if (!line.startsWith("ended "_L1))
            continue;
        const QString name = visibleText(line.sliced(6).simplified()).left(LongestName);
        if (!name.isEmpty())
            (isShell(name) ? shells : report.ended).append(name);
    }
    if (report.ended.isEmpty())
        report.ended = shells;
    return report;
}

std::optional<QStringList> foundBy(const QString &output)
{
    const QStringList lines = output.split(u'\n');
    if (!lines.contains("looked"_L1))
        return std::nullopt;
    QStringList shells;
    QStringList found;
    for (const QString &line : lines) {
        if (!line.startsWith("runs"_L1))
            continue;
        const QString name = visibleText(line.sliced(4).simplified()).left(LongestName);
        (isShell(name) ? shells : found).append(name);
    }
    return found.isEmpty() ? shells : found;
}

QString findInstaller(const QString &program)
{
    const QString name = program.section(u'/', -1);
    if (name == "tsx"_L1)
        return u"command -v npm >/dev/null && echo 'npm install -g tsx'"_s;
    if (name != "python3"_L1 && name != "node"_L1)
        return {};
    const QString debian = name == "node"_L1 ? u"nodejs"_s : name;
    return u"if command -v apt-get >/dev/null; then echo 'apt-get update && apt-get install -y "
           u"%1'; "
           "elif command -v apk >/dev/null; then echo 'apk add %1'; "
           "elif command -v dnf >/dev/null; then echo 'dnf install -y %1'; else exit 1; fi"_s.arg(
               debian);
}

}  // namespace voidrun::stopscript
