// SPDX-License-Identifier: MIT
#include <QApplication>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <cstdio>
#include <vector>

#include "desktop.h"
#include "mainwindow.h"
#include "models/connection.h"
#include "models/sandboxmodel.h"
#include "models/terminalsession.h"
#include "models/transfermodel.h"
#include "sandboxpanel.h"
#include "support/guigap.h"
#include "terminalpanel.h"
#include "terminalview.h"

using namespace voidrun;
using namespace Qt::StringLiterals;

// How long the window stands still at most while 1 GiB goes up and down again and a terminal
// floods, beside the same window with nothing to do. Goal: within 50 ms of the idle window.

namespace
{

constexpr int Rounds = 5;
constexpr int IdleTime = 3000;  // ms
constexpr int Limit = 180'000;  // ms for one transfer
constexpr qint64 Size = 1024LL * 1024 * 1024;
constexpr double Goal = 50;  // ms over idle

double median(std::vector<double> values)
{
    std::ranges::sort(values);
    return values[values.size() / 2];
}

class WindowBench
{
public:
    explicit WindowBench(const QString &folder)
        : m_folder(folder),
          m_desktop({folder % u"/state"_s, folder % u"/settings.ini"_s,
                     QCoreApplication::applicationDirPath() % u"/voidrun-local"_s})
    {
    }

    bool prepare()
    {
        m_desktop.start();
        const auto loaded = [this] {
            return window()->connection() && window()->connection()->sandboxes()->loadState() ==
                                                 SandboxModel::LoadState::Loaded;
        };
        if (!QTest::qWaitFor(loaded, Limit))
            return false;
        SandboxSpec spec;
        spec.name = u"bench"_s;
        window()->connection()->sandboxes()->create(spec);
        QFile file(m_folder % u"/big"_s);
        return file.open(QIODevice::WriteOnly) && file.resize(Size) &&
               QTest::qWaitFor([this] { return window()->terminalPanel()->liveCount() == 1; },
                               Limit);
    }

    double idle()
    {
        test::GuiGap gap;
        gap.start();
        (void)QTest::qWaitFor([] { return false; }, IdleTime);
        return gap.longest();
    }

    // Negative when a transfer failed.
    double busy()
    {
        TerminalSession *session = window()->terminalPanel()->currentTerminal()->session();
        session->write("yes 0123456789abcdef0123456789abcdef\n");
        const QString id = window()->sandboxPanel()->currentSandbox();
        test::GuiGap gap;
        gap.start();
        const bool done =
            transfer(TransferRequest::Direction::Upload, id, m_folder % u"/big"_s, u"/app"_s) &&
            transfer(TransferRequest::Direction::Download, id, u"/app/big"_s,
                     m_folder % u"/back"_s);
        const double longest = gap.longest();
        session->write("\x03");
        return done ? longest : -1;
    }

private:
    MainWindow *window() const { return m_desktop.window(); }

    bool transfer(TransferRequest::Direction direction, const QString &id, const QString &source,
                  const QString &target)
    {
        TransferRequest request;
        request.direction = direction;
        request.conflict = TransferRequest::Conflict::Overwrite;
        request.profile = window()->connection()->profile();
        request.sandboxId = id;
        request.sources = {source};
        request.target = target;
        TransferModel *transfers = m_desktop.transfers();
        const int number = transfers->start(request);
        return QTest::qWaitFor([&] { return transfers->activeCount() == 0; }, Limit) &&
               transfers->item(number)->state == TransferModel::State::Done;
    }

    QString m_folder;
    Desktop m_desktop;
};

}  // namespace

int main(int argc, char **argv)
{
    QApplication application(argc, argv);
    Q_INIT_RESOURCE(app);
    QTemporaryDir folder;
    WindowBench bench(folder.path());
    if (!folder.isValid() || !bench.prepare()) {
        std::puts("window: the engine or its sandbox did not start");
        return 1;
    }
    std::vector<double> idle;
    std::vector<double> busy;
    for (int round = 0; round < Rounds; ++round) {
        idle.push_back(bench.idle());
        busy.push_back(bench.busy());
        if (busy.back() < 0) {
            std::puts("window: a transfer failed");
            return 1;
        }
        std::printf("window: round %d: idle %.1f ms, busy %.1f ms\n", round + 1, idle.back(),
                    busy.back());
        std::fflush(stdout);
    }
    const double over = median(busy) - median(idle);
    std::printf(
        "window: longest gap, median of %d: idle %.1f ms, 1 GiB up and down with a flooding "
        "terminal %.1f ms\n",
        Rounds, median(idle), median(busy));
    std::printf("window: %.1f ms over idle, ratio %.1f; goal: within %.0f ms: %s\n", over,
                median(busy) / median(idle), Goal, over <= Goal ? "held" : "NOT held");
    return 0;
}
