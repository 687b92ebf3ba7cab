// SPDX-License-Identifier: MIT
#include <QApplication>

#include <sys/resource.h>

#include "support/residentsize.h"
#include "terminalrig.h"

using namespace voidrun;
using namespace voidrun::bench;
using namespace Qt::StringLiterals;

// Terminals that flood, and many of them: how much memory one and eight take more after a minute of
// `yes`, how soon Ctrl+C brings their prompts back, and what 64 idle ones cost.

namespace
{

constexpr int Rounds = 5;
constexpr int FloodTime = 60'000;      // ms
constexpr int ShortFloodTime = 2'000;  // ms
constexpr int IdleTime = 10'000;       // ms
constexpr int Many = 64;

double residentMiB()
{
    return double(test::residentKiB()) / 1024;
}

double processorSeconds()
{
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval &time) {
        return double(time.tv_sec) + double(time.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

using Tabs = std::vector<std::unique_ptr<Tab>>;

Tabs openTabs(TerminalRig &rig, int count)
{
    Tabs tabs;
    for (int i = 0; i < count; ++i)
        tabs.push_back(rig.openAtPrompt());
    return tabs;
}

void closeTabs(TerminalRig &rig, Tabs tabs)
{
    for (auto &tab : tabs)
        rig.close(std::move(tab));
    spend(500);
}

// Milliseconds from the keys to the last output of the last prompt.
double interrupt(const Tabs &tabs)
{
    QElapsedTimer clock;
    clock.start();
    std::vector<double> pressed;
    for (const auto &tab : tabs) {
        pressed.push_back(tab->now());
        tab->control(Qt::Key_C);
    }
    double longest = 0;
    for (size_t i = 0; i < tabs.size(); ++i) {
        waitFor([&] { return tabs[i]->isQuietAtPrompt(); }, "a prompt after Ctrl+C");
        longest = std::max(longest, tabs[i]->outputAt() - pressed[i]);
    }
    return longest;
}

void flood(TerminalRig &rig, int count, double memoryGoal, double promptGoal)
{
    Tabs tabs = openTabs(rig, count);
    std::vector<double> prompts;
    double growth = 0;
    for (int round = 0; round < Rounds; ++round) {
        const double before = residentMiB();
        for (const auto &tab : tabs)
            tab->type("yes\n");
        spend(round == 0 ? FloodTime : ShortFloodTime);
        if (round == 0)
            growth = residentMiB() - before;
        prompts.push_back(interrupt(tabs) / 1000);
        std::printf("terminal: %d flooding: prompt after %.2f s\n", count, prompts.back());
        std::fflush(stdout);
    }
    std::printf("terminal: %d flooding for %d s:\n", count, FloodTime / 1000);
    report("growth of memory", growth, "MiB", memoryGoal);
    report("Ctrl+C to the prompt, median of 5", median(prompts), "s", promptGoal);
    closeTabs(rig, std::move(tabs));
}

void many(TerminalRig &rig)
{
    const double before = residentMiB();
    Tabs tabs = openTabs(rig, Many);
    spend(2000);
    std::printf("terminal: %d tabs: %.0f MiB more\n", Many, residentMiB() - before);
    report("memory of the whole program", residentMiB(), "MiB", 1.2 * 1024);
    const double start = processorSeconds();
    spend(IdleTime);
    const double used = (processorSeconds() - start) / (IdleTime / 1000.0) * 100;
    report("processor while all are idle", used, "% of a core", 2);
    closeTabs(rig, std::move(tabs));
}

}  // namespace

int main(int argc, char **argv)
{
    QApplication application(argc, argv);
    Q_INIT_RESOURCE(app);
    TerminalRig rig;
    many(rig);
    flood(rig, 1, 16, 1);
    flood(rig, 8, 64, 4);
    return 0;
}
