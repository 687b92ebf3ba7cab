// SPDX-License-Identifier: MIT
#include <QApplication>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QProcess>
#include <QScrollBar>
#include <QStandardPaths>
#include <QTest>
#include <QTimer>

#include <algorithm>
#include <cstdio>
#include <vector>

#include "calmstyle.h"
#include "enginesandbox.h"
#include "models/connection.h"
#include "models/outputlog.h"
#include "models/runsmodel.h"
#include "outputpanel.h"
#include "outputview.h"
#include "runpanel.h"
#include "support/guigap.h"
#include "support/residentsize.h"

using namespace voidrun;
using namespace Qt::StringLiterals;

// 1,000,000 lines of a command in a sandbox, into the Run panel's output and, in the same round,
// through `curl -N` into nothing. Goals: at least 0.8 times its speed, the window's longest gap
// within 50 ms of an idle one's, at most 64 MiB more resident memory.

namespace
{

constexpr int Rounds = 5;
constexpr int Lines = 1'000'000;
constexpr int IdleTime = 2000;  // ms
constexpr int Limit = 120'000;  // ms for one run
constexpr double SpeedGoal = 0.8;
constexpr double GapGoal = 50;     // ms over idle
constexpr qint64 GrowthGoal = 64;  // MiB

// Made before, so that only the stream is measured.
const QString Prepare =
    u"seq -f 'line %08.0f of a program that has a lot to say' 1 1000000 > /tmp/lines"_s;
const QString Command = u"cat /tmp/lines"_s;

double median(std::vector<double> values)
{
    std::ranges::sort(values);
    return values[values.size() / 2];
}

class RunBench
{
public:
    bool prepare()
    {
        if (!m_sandbox.start() || !m_sandbox.run(Prepare).isEmpty())
            return false;
        m_connection = std::make_unique<Connection>(m_sandbox.engine().profile());
        m_panel = std::make_unique<RunPanel>(m_connection.get(), m_sandbox.id());
        m_panel->resize(1100, 760);
        m_panel->show();
        return QTest::qWaitForWindowExposed(m_panel.get());
    }

    double idle()
    {
        test::GuiGap gap;
        gap.start();
        turn(IdleTime);
        return gap.longest();
    }

    // Seconds; negative when lines are missing.
    double ours(double *longestGap)
    {
        RunRequest request;
        request.sandboxId = m_sandbox.id();
        request.text = Command;
        request.timeout = RunRequest::LongestTime;
        test::GuiGap gap;
        gap.start();
        QElapsedTimer clock;
        clock.start();
        m_panel->run(request);
        const RunJob *job = m_panel->job();
        QEventLoop loop;
        QObject::connect(job, &RunJob::ended, &loop, &QEventLoop::quit);
        QTimer::singleShot(Limit, &loop, &QEventLoop::quit);
        loop.exec();
        if (job->state() != RunJob::State::Ended || job->output()->lineCount() != Lines)
            return -1;
        const double seconds = double(clock.nsecsElapsed()) / 1e9;
        *longestGap = gap.longest();
        return seconds;
    }

    // Once more to the first line and back, as a person scrolls; the longest gap.
    double scroll()
    {
        test::GuiGap gap;
        gap.start();
        OutputView *view = m_panel->outputPanel()->view();
        for (int i = 0; i < 200; ++i) {
            view->verticalScrollBar()->setValue(i * 5000);
            turn(5);
        }
        return gap.longest();
    }

    double curl()
    {
        const ConnectionProfile profile = m_sandbox.engine().profile();
        const QString url =
            profile.baseUrl.toString() + u"/sandboxes/"_s + m_sandbox.id() + u"/exec-stream"_s;
        QElapsedTimer clock;
        clock.start();
        const int code = QProcess::execute(
            u"curl"_s,
            {u"-sNf"_s, u"-o"_s, u"/dev/null"_s, u"-X"_s, u"POST"_s, u"-H"_s,
             u"X-API-Key: "_s + profile.apiKey, u"-H"_s, u"Content-Type: application/json"_s,
             u"-d"_s, uR"({"command":"%1","timeout":300})"_s.arg(Command), url});
        return code == 0 ? double(clock.nsecsElapsed()) / 1e9 : -1;
    }

private:
    // Not qWaitFor(), which sleeps between the events.
    static void turn(int ms)
    {
        QEventLoop loop;
        QTimer::singleShot(ms, &loop, &QEventLoop::quit);
        loop.exec();
    }

    test::EngineSandbox m_sandbox;
    std::unique_ptr<Connection> m_connection;
    std::unique_ptr<RunPanel> m_panel;
};

}  // namespace

int main(int argc, char **argv)
{
    QApplication application(argc, argv);
    QApplication::setStyle(new CalmStyle);
    Q_INIT_RESOURCE(app);
    QStandardPaths::setTestModeEnabled(true);
    RunBench bench;
    if (!bench.prepare()) {
        std::puts("run: the engine or its sandbox did not start");
        return 1;
    }
    std::vector<double> ours;
    std::vector<double> curl;
    std::vector<double> idle;
    std::vector<double> busy;
    double scrolling = 0;
    const qint64 before = test::residentKiB();
    qint64 growth = 0;
    for (int round = 0; round < Rounds; ++round) {
        double gap = 0;
        idle.push_back(bench.idle());
        curl.push_back(bench.curl());
        ours.push_back(bench.ours(&gap));
        busy.push_back(gap);
        if (ours.back() < 0 || curl.back() < 0) {
            std::puts("run: a run failed or lost lines");
            return 1;
        }
        scrolling = std::max(scrolling, bench.scroll());
        growth = std::max(growth, (test::residentKiB() - before) / 1024);
        std::printf("run: round %d: curl %.2f s, ours %.2f s; gap idle %.1f ms, busy %.1f ms\n",
                    round + 1, curl.back(), ours.back(), idle.back(), gap);
        std::fflush(stdout);
    }
    const double speed = median(curl) / median(ours);
    const double over = median(busy) - median(idle);
    std::printf(
        "run: 1,000,000 lines, median of %d: curl -N %.2f s, ours %.2f s: %.2f times its "
        "speed; goal: at least %.1f: %s\n",
        Rounds, median(curl), median(ours), speed, SpeedGoal,
        speed >= SpeedGoal ? "held" : "NOT held");
    std::printf(
        "run: longest gap %.1f ms over idle (%.1f, idle %.1f; scrolling %.1f); goal: "
        "within %.0f ms: %s\n",
        over, median(busy), median(idle), scrolling, GapGoal,
        over <= GapGoal ? "held" : "NOT held");
    std::printf("run: %lld MiB more resident after %d runs, all kept; goal: at most %lld: %s\n",
                static_cast<long long>(growth), Rounds, static_cast<long long>(GrowthGoal),
                growth <= GrowthGoal ? "held" : "NOT held");
    return 0;
}
