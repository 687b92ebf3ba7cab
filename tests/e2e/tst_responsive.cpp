// SPDX-License-Identifier: MIT
#include <QTemporaryDir>
#include <QtTest>

#include "desktop.h"
#include "filepanel.h"
#include "mainwindow.h"
#include "models/connection.h"
#include "models/fsmodel.h"
#include "models/sandboxmodel.h"
#include "models/terminalsession.h"
#include "models/transfermodel.h"
#include "sandboxpanel.h"
#include "support/guigap.h"
#include "terminalpanel.h"
#include "terminalview.h"

using namespace voidrun;
using namespace Qt::StringLiterals;

// The window never stands still: 1 GiB up and down again while a terminal floods. The fine
// measurement is `./dev bench window`; here anything over a second fails.
class TestResponsive : public QObject
{
    Q_OBJECT

    static constexpr qint64 Size = 1024LL * 1024 * 1024;
    static constexpr double Limit = 1000;  // ms

private Q_SLOTS:
    void oneGibibyteAndAFlood()
    {
        Q_INIT_RESOURCE(app);
        QTemporaryDir work;
        Desktop::Options options;
        options.stateDir = work.filePath(u"state"_s);
        options.settingsFile = work.filePath(u"settings.ini"_s);
        options.engineProgram = QCoreApplication::applicationDirPath() % u"/voidrun-local"_s;
        Desktop desktop(options);
        desktop.start();
        MainWindow *window = desktop.window();
        QTRY_VERIFY_WITH_TIMEOUT(
            window->connection() &&
                window->connection()->sandboxes()->loadState() == SandboxModel::LoadState::Loaded,
            30'000);
        SandboxSpec spec;
        spec.name = u"busy"_s;
        window->connection()->sandboxes()->create(spec);
        QTRY_VERIFY_WITH_TIMEOUT(window->terminalPanel()->liveCount() == 1, 30'000);

        QFile file(work.filePath(u"big"_s));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.resize(Size));
        file.close();
        TerminalView *terminal = window->terminalPanel()->currentTerminal();
        QVERIFY(terminal->session()->write("yes 0123456789abcdef\n"));

        test::GuiGap gap;
        gap.start();
        const QString id = window->sandboxPanel()->currentSandbox();
        window->upload(id, {file.fileName()}, u"/app"_s);
        const auto finished = [&] {
            return desktop.transfers()->rowCount() > 0 && desktop.transfers()->activeCount() == 0;
        };
        QTRY_VERIFY_WITH_TIMEOUT(finished(), 120'000);
        window->download(id, {u"/app/big"_s}, work.filePath(u"back"_s));
        QTRY_VERIFY_WITH_TIMEOUT(desktop.transfers()->rowCount() == 2 && finished(), 120'000);
        const double longest = gap.longest();
        QCOMPARE(QFileInfo(work.filePath(u"back/big"_s)).size(), Size);
        QVERIFY(terminal->session()->state() == TerminalSession::State::Live);
        qInfo("longest gap of the event loop: %.1f ms", longest);
        QVERIFY2(longest < Limit, qPrintable(u"the window stood still for %1 ms"_s.arg(longest)));
    }
};

QTEST_MAIN(TestResponsive)
#include "tst_responsive.moc"
