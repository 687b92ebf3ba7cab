// SPDX-License-Identifier: MIT
#include <QApplication>
#include <QDir>
#include <QFile>
#include <QProcess>
#include <QSettings>
#include <QTemporaryDir>

#include "api/client.h"
#include "api/terminalstream.h"
#include "support/guigap.h"
#include "support/replywait.h"
#include "terminalrig.h"

using namespace voidrun;
using namespace voidrun::bench;
using namespace Qt::StringLiterals;

// One terminal of a real sandbox beside qterminal, which has the same emulator, in one run, with
// the same size, font and history: 35 MB of coloured text up to the last painted line, and how long
// the window stands still meanwhile; a key up to its painted echo, beside the socket's own; a new
// tab up to its first prompt, beside the socket and the shell without a window.

namespace
{

constexpr int Rounds = 5;
constexpr int Keys = 60;
constexpr int Lines = 410'000;  // of 85 bytes: 35 MB
constexpr double SpeedGoal = 0.75;
constexpr double GapGoal = 25;    // ms over idle
constexpr double EchoGoal = 3;    // ms over the socket
constexpr double PromptGoal = 2;  // times the socket and the shell

const QString Writer =
    uR"(import sys
w = sys.stdout.write
for i in range(%1):
    w("\033[3%dm%07d\033[0m \033[1;3%dmlorem ipsum dolor\033[0m sit amet, \033[4%dmconsectetur\033[0m el\n"
      % (i %% 8, i, (i + 3) %% 8, (i + 5) %% 8))
)"_s;

class TerminalBench
{
public:
    explicit TerminalBench(const QString &folder) : m_folder(folder)
    {
        QFile script(folder % u"/write.py"_s);
        if (!script.open(QIODevice::WriteOnly))
            giveUp(script.errorString());
        script.write(Writer.arg(Lines).replace("%%"_L1, "%"_L1).toUtf8());
        script.close();
        run(u"/bin/sh"_s, {u"-c"_s, u"python3 '%1/write.py' > '%1/colour'"_s.arg(folder)});
        QFile text(script.fileName());
        text.open(QIODevice::ReadOnly);
        m_rig.sandbox().run(u"cat > /app/write.py <<'END'\n"_s % QString::fromUtf8(text.readAll()) %
                            u"END\npython3 /app/write.py > /app/colour"_s);
        const QString size = m_rig.sandbox().run(u"stat -c %s /app/colour"_s).trimmed();
        if (size != QString::number(QFileInfo(folder % u"/colour"_s).size()))
            giveUp(u"the text is not the same: "_s % size);
        std::printf("terminal: %.1f MB of coloured text\n", size.toDouble() / 1e6);
    }

    void speed()
    {
        const QSize size = measureQTerminal();  // once for its start, and its size
        auto tab = m_rig.openAtPrompt();
        m_rig.setSize(*tab, size);
        spend(500);
        std::vector<double> theirs;
        std::vector<double> ours;
        std::vector<double> idle;
        std::vector<double> gaps;
        for (int round = 0; round < Rounds; ++round) {
            measureQTerminal();
            theirs.push_back(m_qterminalTime);
            test::GuiGap gap;
            gap.start();
            spend(2000);
            idle.push_back(gap.longest());
            gap.start();
            ours.push_back(showText(*tab));
            gaps.push_back(gap.longest());
            std::printf("terminal: round %d: qterminal %.2f s, ours %.2f s, gap %.1f ms\n",
                        round + 1, theirs.back(), ours.back(), gaps.back());
            std::fflush(stdout);
        }
        std::printf("terminal: %dx%d, medians of %d: qterminal %.2f s, ours %.2f s\n", size.width(),
                    size.height(), Rounds, median(theirs), median(ours));
        report("time beside qterminal's", median(ours) / median(theirs), "times", SpeedGoal);
        report("longest gap over idle", median(gaps) - median(idle), "ms", GapGoal);
        m_rig.close(std::move(tab));
    }

    void echo()
    {
        auto tab = m_rig.openAtPrompt();
        tab->type("cat >/dev/null\n");
        spend(500);
        std::vector<double> painted;
        for (int key = 0; key < Keys; ++key) {
            spend(20);
            const double start = tab->now();
            QTest::sendKeyEvent(QTest::Click, tab->display(), Qt::Key_X, u"x"_s, Qt::NoModifier);
            waitForPaint(*tab, start);
            painted.push_back(tab->paintedAt() - start);
        }
        const double socket = socketEcho();
        std::printf("terminal: key to echo, medians of %d: painted %.2f ms, socket %.2f ms\n", Keys,
                    median(painted), socket);
        report("key to painted echo over the socket's own", median(painted) - socket, "ms",
               EchoGoal);
        m_rig.close(std::move(tab));
    }

    void firstPrompt()
    {
        std::vector<double> tabs;
        std::vector<double> shells;
        for (int round = 0; round < 2 * Rounds; ++round) {
            shells.push_back(shellWithoutWindow());
            QElapsedTimer clock;
            clock.start();
            auto tab = m_rig.open();
            waitFor([&] { return tab->isAtPrompt() && tab->isPaintedSince(tab->outputAt()); },
                    "a painted prompt");
            tabs.push_back(double(clock.nsecsElapsed()) / 1e6);
            m_rig.close(std::move(tab));
            spend(200);
        }
        std::printf("terminal: first prompt, medians of %d: tab %.1f ms, without window %.1f ms\n",
                    2 * Rounds, median(tabs), median(shells));
        report("a new tab's first prompt", median(tabs) / median(shells), "times", PromptGoal);
    }

private:
    static void run(const QString &program, const QStringList &arguments)
    {
        QProcess process;
        process.start(program, arguments);
        if (!process.waitForFinished(Limit) || process.exitCode() != 0)
            giveUp(program % u": "_s % QString::fromUtf8(process.readAllStandardError()));
    }

    // Runs cat in qterminal; its size in characters, and the seconds that cat took, of which the
    // last paint is not part.
    QSize measureQTerminal()
    {
        QDir().mkpath(m_folder % u"/config/qterminal.org"_s);
        QSettings settings(m_folder % u"/config/qterminal.org/qterminal.ini"_s,
                           QSettings::IniFormat);
        settings.setValue(u"HistoryLimited"_s, true);
        settings.setValue(u"HistoryLimitedTo"_s, 10'000);
        settings.setValue(u"MenuVisible"_s, false);
        settings.setValue(u"AskOnExit"_s, false);
        settings.setValue(u"MainWindow/size"_s, QSize(1000, 700));
        settings.sync();
        QProcess process;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(u"XDG_CONFIG_HOME"_s, m_folder % u"/config"_s);
        process.setProcessEnvironment(environment);
        const QString command =
            u"sleep 1; stty size > '%1/size'; date +%s%N > '%1/start'; cat '%1/colour'; "
            "date +%s%N > '%1/end'"_s.arg(m_folder);
        QFile script(m_folder % u"/cat.sh"_s);
        if (!script.open(QIODevice::WriteOnly))
            giveUp(script.errorString());
        script.write(command.toUtf8());
        script.close();
        QFile::remove(m_folder % u"/end"_s);
        process.start(u"qterminal"_s, {u"-e"_s, u"/bin/sh '%1/cat.sh'"_s.arg(m_folder)});
        waitFor([&] { return QFile(m_folder % u"/end"_s).size() > 0; }, "qterminal");
        process.terminate();
        if (!process.waitForFinished(5000))
            process.kill();
        process.waitForFinished(5000);
        m_qterminalTime = (numbers(u"end"_s).value(0) - numbers(u"start"_s).value(0)) / 1e9;
        const QList<double> size = numbers(u"size"_s);
        return {int(size.value(1)), int(size.value(0))};
    }

    QList<double> numbers(const QString &name) const
    {
        QFile file(m_folder % u'/' % name);
        QList<double> values;
        if (file.open(QIODevice::ReadOnly)) {
            for (const QByteArray &word : file.readAll().simplified().split(' '))
                values.append(word.toDouble());
        }
        return values;
    }

    // Seconds up to the paint after the bell that follows the text.
    static double showText(Tab &tab)
    {
        tab.forgetBell();
        const double start = tab.now();
        tab.type("cat /app/colour; printf '\\a'\n");
        waitFor([&] { return tab.bellAt() > 0 && tab.isPaintedSince(tab.bellAt()); }, "the text");
        const double time = (tab.paintedAt() - start) / 1000;
        waitFor([&] { return tab.isQuietAtPrompt(); }, "the prompt");
        return time;
    }

    static void waitForPaint(const Tab &tab, double start)
    {
        QEventLoop loop;
        while (tab.outputAt() < start || !tab.isPaintedSince(tab.outputAt())) {
            loop.processEvents(QEventLoop::WaitForMoreEvents);
            if (tab.now() - start > Limit)
                giveUp(u"no echo"_s);
        }
    }

    TerminalStream *openShell()
    {
        Client *client = m_rig.sandbox().client();
        const auto session =
            test::answerOf(client->createPtySession(m_rig.sandbox().id(), 100, 30));
        if (!session)
            giveUp(QString::fromUtf8(test::problemOf(session)));
        m_session = session->id;
        return client->openTerminal(m_rig.sandbox().id(), session->id);
    }
    void closeShell() const
    {
        (void)test::answerOf(
            m_rig.sandbox().client()->deletePtySession(m_rig.sandbox().id(), m_session));
    }

    // Waits for output that ends so.
    static void readUntil(TerminalStream &stream, const QByteArray &end)
    {
        QByteArray got;
        QEventLoop loop;
        while (!got.endsWith(end)) {
            loop.processEvents(QEventLoop::WaitForMoreEvents);
            got += stream.read(65536);
        }
    }

    double shellWithoutWindow()
    {
        QElapsedTimer clock;
        clock.start();
        const std::unique_ptr<TerminalStream> stream(openShell());
        readUntil(*stream, "$ ");
        const double time = double(clock.nsecsElapsed()) / 1e6;
        closeShell();
        return time;
    }

    double socketEcho()
    {
        const std::unique_ptr<TerminalStream> stream(openShell());
        readUntil(*stream, "$ ");
        stream->write("cat >/dev/null\n");
        spend(500);
        stream->read(65536);
        std::vector<double> times;
        for (int key = 0; key < Keys; ++key) {
            spend(20);
            QElapsedTimer clock;
            clock.start();
            stream->write("x");
            readUntil(*stream, "x");
            times.push_back(double(clock.nsecsElapsed()) / 1e6);
        }
        closeShell();
        return median(times);
    }

    QString m_folder;
    mutable TerminalRig m_rig;
    double m_qterminalTime = 0;
    QString m_session;
};

}  // namespace

int main(int argc, char **argv)
{
    QApplication application(argc, argv);
    Q_INIT_RESOURCE(app);
    QTemporaryDir folder;
    TerminalBench bench(folder.path());
    const QStringList parts = QApplication::arguments().sliced(1);  // all where none is named
    if (parts.isEmpty() || parts.contains(u"prompt"_s))
        bench.firstPrompt();
    if (parts.isEmpty() || parts.contains(u"echo"_s))
        bench.echo();
    if (parts.isEmpty() || parts.contains(u"speed"_s))
        bench.speed();
    return 0;
}
