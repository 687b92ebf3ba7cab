// SPDX-License-Identifier: MIT
// The tour's part about running things: code with its result, a background process, and the same
// command in several sandboxes.
#include <QComboBox>
#include <QLineEdit>
#include <QPushButton>
#include <QTabBar>
#include <QTableView>
#include <QToolButton>

#include "codeeditor.h"
#include "desktop.h"
#include "fanoutdialog.h"
#include "mainwindow.h"
#include "models/fanout.h"
#include "models/processesmodel.h"
#include "outputpanel.h"
#include "outputview.h"
#include "processpanel.h"
#include "resultcard.h"
#include "runpanel.h"
#include "tour.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

void Tour::openPage(int page)
{
    auto *bar = m_desktop->window()->findChild<QTabBar *>(u"pageBar"_s);
    m_robot.clickAt(bar, bar->tabRect(page).center());
}

// Code, and its result as a table.
TourPart Tour::runCode()
{
    openPage(int(MainWindow::Page::Run));
    RunPanel *panel = m_desktop->window()->currentRun();
    auto *kind = panel->findChild<QComboBox *>(u"kindBox"_s);
    kind->setFocus();
    m_robot.type(kind, u"P"_s);
    auto *editor = panel->findChild<CodeEditor *>(u"editor"_s);
    m_robot.clickAt(editor->viewport(), editor->viewport()->rect().center());
    m_robot.type(editor,
                 u"import csv, json\n"
                 "rows = list(csv.DictReader(open('report/result.csv')))\n"
                 "print(len(rows), 'rows')\n"
                 "print(json.dumps(rows[:3]))"_s);
    m_robot.click(panel->findChild<QPushButton *>(u"runButton"_s));
    const bool held = co_await until([panel] {
        const auto *table = panel->findChild<QTableView *>(u"valueTable"_s);
        return table->isVisible() && table->model() && table->model()->rowCount() == 3;
    });
    if (!check(held, tr("Python code runs, and its result is shown as a table")))
        co_return false;
    co_await settle();
    picture(u"run"_s);
    co_return true;
}

// A process in the background, its output as it comes, and its end.
TourPart Tour::runProcess()
{
    openPage(int(MainWindow::Page::Processes));
    ProcessPanel *panel = m_desktop->window()->currentProcesses();
    m_robot.click(panel->findChild<QPushButton *>(u"startButton"_s));
    bool held = co_await until([this] { return dialog() != nullptr; });
    if (!check(held, tr("Start a process asks for its command")))
        co_return false;
    auto *command = dialog()->findChild<QLineEdit *>(u"commandEdit"_s);
    m_robot.clickAt(command, command->rect().center());
    m_robot.type(command, u"while date; do sleep 0.2; done"_s);
    m_robot.click(button(dialog(), tr("Start")));
    held = co_await until([panel] { return panel->model()->running().size() == 1; });
    if (!check(held, tr("the process runs in the background")))
        co_return false;
    m_robot.click(panel->findChild<QToolButton *>(u"outputButton"_s));
    held = co_await until(
        [panel] { return panel->outputPanel()->view()->visibleLines().count(u'\n') > 2; });
    if (!check(held, tr("its output is followed")))
        co_return false;
    co_await settle();
    picture(u"processes"_s);
    m_robot.click(panel->findChild<QToolButton *>(u"stopButton"_s));
    held = co_await until([panel] { return panel->model()->running().isEmpty(); });
    if (!check(held, tr("Stop ends it and says what it ended")))
        co_return false;
    openPage(int(MainWindow::Page::Files));
    co_return true;
}

// One command in all three sandboxes, the answer that differs beside the others.
TourPart Tour::runInSeveral()
{
    openPage(int(MainWindow::Page::Run));
    RunPanel *panel = m_desktop->window()->currentRun();
    auto *editor = panel->findChild<CodeEditor *>(u"editor"_s);
    m_robot.clickAt(editor->viewport(), editor->viewport()->rect().center());
    m_robot.type(editor, u"python3 --version; ls"_s);
    m_robot.click(panel->findChild<QPushButton *>(u"severalButton"_s));
    auto *dialog = panel->findChild<FanOutDialog *>();
    bool held = co_await until([dialog] { return dialog && dialog->isVisible(); });
    if (!check(held, tr("the sandboxes to run a command in can be chosen")))
        co_return false;
    co_await settle();
    m_robot.click(dialog->findChild<QPushButton *>(u"runButton"_s));
    held = co_await until(
        [dialog] { return dialog->model()->rowCount() == 3 && !dialog->model()->isRunning(); });
    if (!check(held && dialog->model()->groupCount() == 2,
               tr("three sandboxes answer, and the one that differs is told apart")))
        co_return false;
    co_await settle();
    m_shown = dialog;
    picture(u"several-sandboxes"_s);
    m_shown = nullptr;
    m_robot.click(dialog->findChild<QPushButton *>(u"closeButton"_s));
    openPage(int(MainWindow::Page::Files));
    co_return true;
}

}  // namespace voidrun
