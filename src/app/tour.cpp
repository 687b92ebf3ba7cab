// SPDX-License-Identifier: MIT
#include "tour.h"

#include <QAbstractItemView>
#include <QApplication>
#include <QDialog>
#include <QMessageBox>
#include <QPainter>
#include <QPushButton>
#include <QSettings>
#include <QTimer>
#include <QToolButton>

#include <cstdio>

#include "appearance.h"
#include "desktop.h"
#include "filepanel.h"
#include "mainwindow.h"
#include "models/connection.h"
#include "models/fsmodel.h"
#include "models/sandboxmodel.h"
#include "models/terminalsession.h"
#include "models/transfermodel.h"
#include "sandboxpanel.h"
#include "terminalpanel.h"
#include "terminalview.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

constexpr int Poll = 25;             // ms between looks at a condition
constexpr int StepTimeout = 30'000;  // ms that one step may take
constexpr int SettleTime = 200;      // ms in which what has arrived is painted
constexpr QSize WindowSize(1280, 820);
constexpr auto Data = "/usr/share/iso-codes/json/iso_3166-1.json"_L1;

QByteArray contents(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

}  // namespace

void Until::await_suspend(std::coroutine_handle<> handle)
{
    auto *timer = new QTimer(m_context);
    QElapsedTimer elapsed;
    elapsed.start();
    QObject::connect(timer, &QTimer::timeout, m_context, [this, handle, timer, elapsed] {
        m_held = m_condition();
        if (!m_held && elapsed.elapsed() < m_timeout)
            return;
        timer->stop();
        timer->deleteLater();
        handle.resume();
    });
    timer->start(Poll);
}

int Tour::run(const QString &folder)
{
    QTemporaryDir work;
    if (!QDir().mkpath(folder) || !work.isValid()) {
        std::fprintf(stderr, "The tour cannot write its pictures to %s.\n", qUtf8Printable(folder));
        return 1;
    }
    {
        QSettings settings(work.filePath(u"settings.ini"_s), QSettings::IniFormat);
        settings.setValue(u"downloads/folder"_s, work.filePath(u"Downloads"_s));
        settings.setValue(u"appearance"_s, int(Appearance::Scheme::Light));
    }
    Desktop::Options options;
    options.stateDir = work.filePath(u"state"_s);
    options.settingsFile = work.filePath(u"settings.ini"_s);
    Desktop desktop(options);
    Tour tour(folder, &desktop, &work);
    QTimer::singleShot(0, &tour, [&tour] { tour.play(); });
    QApplication::setQuitOnLastWindowClosed(false);
    QApplication::exec();
    return tour.m_exitCode;
}

Tour::Tour(const QString &folder, Desktop *desktop, QTemporaryDir *work)
    : m_folder(folder), m_desktop(desktop), m_work(work)
{
}

Until Tour::until(std::function<bool()> condition)
{
    return {this, std::move(condition), StepTimeout};
}

Until Tour::settle()
{
    return {this, [] { return false; }, SettleTime};
}

bool Tour::check(bool held, const QString &what)
{
    std::printf("%s  %s\n", held ? "ok    " : "FAILED", qUtf8Printable(what));
    std::fflush(stdout);
    if (!held) {
        picture(u"failed"_s);
        const QString notice = m_desktop->window()->noticeText();
        if (!notice.isEmpty())
            std::printf("        the window says: %s\n", qUtf8Printable(notice));
        finish();
    }
    return held;
}

void Tour::finish()
{
    m_desktop->transfers()->cancelAll();
    QApplication::exit(m_exitCode);
}

void Tour::picture(const QString &name)
{
    QWidget *window = m_desktop->window();
    QPixmap image = window->grab();
    if (QWidget *top = m_shown ? m_shown.data() : dialog()) {
        QPainter painter(&image);
        QPoint corner = top->mapToGlobal(QPoint()) - window->mapToGlobal(QPoint());
        // Its window manager may still be placing it.
        if (!window->rect().contains(QRect(corner, top->size())))
            corner = window->rect().center() - top->rect().center();
        painter.fillRect(image.rect(), QColor(0, 0, 0, 60));
        const QPixmap picture = top->grab();
        painter.drawPixmap(corner, picture);
        painter.setPen(QColor(0, 0, 0, 90));
        painter.drawRect(QRect(corner, top->size()).adjusted(-1, -1, 0, 0));
    }
    const QString file = u"%1-%2.png"_s.arg(++m_pictures, 2, 10, QChar(u'0')).arg(name);
    image.save(m_folder.filePath(file));
}

QWidget *Tour::dialog() const
{
    QWidget *modal = QApplication::activeModalWidget();
    return modal && modal->isVisible() ? modal : nullptr;
}

QPushButton *Tour::button(const QWidget *parent, const QString &text)
{
    for (QPushButton *candidate : parent->findChildren<QPushButton *>()) {
        if (candidate->isVisible() && candidate->text().remove(u'&') == text)
            return candidate;
    }
    return nullptr;
}

bool Tour::prepareInput()
{
    const QDir folder(m_work->filePath(u"report"_s));
    return folder.mkpath(u"."_s) && folder.mkpath(u"notes"_s) &&
           QFile::copy(u":/tour/summarise.py"_s, folder.filePath(u"summarise.py"_s)) &&
           QFile::copy(QString(Data), folder.filePath(u"iso_3166-1.json"_s));
}

QModelIndex Tour::fileRow(const QString &name) const
{
    const FilePanel *files = m_desktop->window()->currentFiles();
    const auto *view = files ? files->findChild<QAbstractItemView *>(u"fileView"_s) : nullptr;
    for (int row = 0; view && row < view->model()->rowCount(view->rootIndex()); ++row) {
        const QModelIndex index = view->model()->index(row, 0, view->rootIndex());
        if (index.data().toString() == name)
            return index;
    }
    return {};
}

TerminalView *Tour::terminal(int index) const
{
    return m_desktop->window()->terminalPanel()->terminals().value(index);
}

QString Tour::screenText(int index) const
{
    const TerminalView *view = terminal(index);
    return view ? view->text() : QString();
}

bool Tour::hasPrompt(const QString &text, const QString &sandbox)
{
    return text.contains(sandbox) && text.contains(u":/app"_s);
}

// First start to a prompt: two clicks.
TourPart Tour::firstSandbox()
{
    MainWindow *window = m_desktop->window();
    bool held = co_await until([&] {
        const auto *start = window->findChild<QPushButton *>(u"mainButton"_s);
        return start && start->isVisible() && start->text() == tr("New sandbox");
    });
    if (!check(held, tr("the engine runs and the start page offers a sandbox")))
        co_return false;
    co_await settle();
    picture(u"start"_s);

    m_robot.click(window->findChild<QPushButton *>(u"mainButton"_s));
    held = co_await until([this] { return dialog() != nullptr; });
    if (!check(held, tr("New sandbox opens its dialog")))
        co_return false;
    co_await settle();
    picture(u"new-sandbox"_s);
    m_robot.click(button(dialog(), tr("Create")));
    held = co_await until([&] {
        return sandboxes() && sandboxes()->rowCount() == 1 &&
               hasPrompt(screenText(0), sandboxes()->names().value(0));
    });
    if (!check(held && m_robot.clicks() == 2,
               tr("two clicks from the first start to a shell prompt")))
        co_return false;
    held = co_await until([this] { return currentFolderLoaded(); });
    if (!check(held, tr("the files of the sandbox are shown")))
        co_return false;
    co_await settle();
    picture(u"prompt"_s);
    co_return true;
}

// A folder dropped on the file list.
TourPart Tour::dropFolder()
{
    MainWindow *window = m_desktop->window();
    if (!check(prepareInput(), tr("input: a script and the ISO 3166-1 table of this system")))
        co_return false;
    auto *fileView = window->currentFiles()->findChild<QAbstractItemView *>(u"fileView"_s);
    m_robot.dropFiles(fileView->viewport(), fileView->viewport()->rect().center(),
                      {QUrl::fromLocalFile(m_work->filePath(u"report"_s))});
    bool held = co_await until([this] {
        return m_desktop->transfers()->rowCount() == 1 &&
               m_desktop->transfers()->activeCount() == 0 && fileRow(u"report"_s).isValid();
    });
    held = held && transferState(0) == TransferModel::State::Done;
    if (!check(held, tr("dropping a folder makes the folder, with all its files")))
        co_return false;
    co_await settle();
    picture(u"folder-dropped"_s);
    co_return true;
}

// The script runs in the terminal.
TourPart Tour::runScript()
{
    MainWindow *window = m_desktop->window();
    auto *fileView = window->currentFiles()->findChild<QAbstractItemView *>(u"fileView"_s);
    m_robot.clickAt(terminal(0), terminal(0)->rect().center());
    m_robot.type(terminal(0), u"cd report && python3 summarise.py iso_3166-1.json result.csv\n"_s);
    bool held = co_await until([this] { return screenText(0).contains(u"-> result.csv"_s); });
    if (!check(held, tr("the script runs in the terminal")))
        co_return false;
    co_await settle();
    picture(u"script-run"_s);

    // Its result appears in the file list.
    m_robot.doubleClickRow(fileView, fileRow(u"report"_s));
    held = co_await until([this] { return fileRow(u"result.csv"_s).isValid(); });
    if (!check(held && fileRow(u"notes"_s).isValid() && fileRow(u"summarise.py"_s).isValid(),
               tr("the result file appears in the file list")))
        co_return false;
    m_robot.clickRow(fileView, fileRow(u"result.csv"_s));
    co_await settle();
    picture(u"result-file"_s);
    co_return true;
}

// It is brought out, and is what the same script makes outside.
TourPart Tour::bringResultOut()
{
    MainWindow *window = m_desktop->window();
    m_robot.click(window->currentFiles()->findChild<QToolButton *>(u"downloadButton"_s));
    const QString result = m_work->filePath(u"Downloads/result.csv"_s);
    bool held = co_await until([&] {
        return m_desktop->transfers()->rowCount() == 2 &&
               m_desktop->transfers()->activeCount() == 0;
    });
    held = held && transferState(1) == TransferModel::State::Done && QFile::exists(result);
    if (!check(held, tr("the result is downloaded")))
        co_return false;
    m_python.setWorkingDirectory(m_work->filePath(u"report"_s));
    m_python.start(u"python3"_s, {u"summarise.py"_s, QString(Data), u"outside.csv"_s});
    held = co_await until([this] { return m_python.state() == QProcess::NotRunning; });
    const QByteArray outside = contents(m_work->filePath(u"report/outside.csv"_s));
    if (!check(
            held && !outside.isEmpty() && outside == contents(result),
            tr("the result is byte for byte what the script makes outside the sandbox (%1 bytes)")
                .arg(outside.size())))
        co_return false;
    co_await settle();
    picture(u"result-downloaded"_s);
    co_return true;
}

TourPart Tour::goDark()
{
    MainWindow *window = m_desktop->window();
    for (const QString &step : {u"viewMenu"_s, u"appearanceMenu"_s, u"darkAction"_s}) {
        co_await until([&] { return m_robot.canChoose(window, step); });
        m_robot.choose(window, step);
    }
    const bool held =
        co_await until([window] { return window->palette().window().color().lightness() < 128; });
    if (!check(held, tr("the View menu makes it dark")))
        co_return false;
    co_await settle();
    picture(u"dark"_s);
    co_return true;
}

TourScript Tour::play()
{
    m_desktop->window()->resize(WindowSize);
    m_desktop->start();
    const bool held = co_await firstSandbox() && co_await dropFolder() && co_await runScript() &&
                      co_await bringResultOut() && co_await lookAtFile() &&
                      co_await openSecondPane() && co_await watchFolder() &&
                      co_await deleteAndUndo() && co_await runCode() && co_await runProcess() &&
                      co_await threeTerminals() && co_await runInSeveral() &&
                      co_await eightTerminals() && co_await typeIntoAll() &&
                      co_await sleepAndWake() && co_await goDark();
    if (!held)
        co_return;
    m_exitCode = 0;
    std::printf("The tour is complete: %d pictures in %s\n", m_pictures,
                qUtf8Printable(m_folder.absolutePath()));
    finish();
}

SandboxModel *Tour::sandboxes() const
{
    Connection *connection = m_desktop->window()->connection();
    return connection ? connection->sandboxes() : nullptr;
}

bool Tour::currentFolderLoaded() const
{
    const FilePanel *files = m_desktop->window()->currentFiles();
    return files && files->model()->folderState() == FsModel::FolderState::Loaded;
}

TransferModel::State Tour::transferState(int row) const
{
    const TransferModel *model = m_desktop->transfers();
    return model->index(row, 0).data(TransferModel::ItemRole).value<TransferModel::Item>().state;
}

}  // namespace voidrun
