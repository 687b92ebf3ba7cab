// SPDX-License-Identifier: MIT
#include "processesmodel.h"

#include <QLocale>

#include <algorithm>
#include <utility>

#include "api/client.h"
#include "sandboxmodel.h"
#include "stopscript.h"
#include "visibletext.h"

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace voidrun
{

namespace
{

constexpr auto LookEvery = 3s;
constexpr auto LongestWait = 24h;
constexpr auto RestAfterFailure = 30s;  // of a wait that nobody sees

bool isSame(const GuestCommand &one, const GuestCommand &other)
{
    return one.pid == other.pid && one.startTime == other.startTime && one.command == other.command;
}

}  // namespace

ProcessesModel::ProcessesModel(Client *client, SandboxModel *sandboxes, const QString &sandboxId,
                               QObject *parent)
    : QAbstractTableModel(parent), m_client(client), m_sandboxes(sandboxes), m_sandboxId(sandboxId)
{
    m_timer.setInterval(LookEvery);
    connect(&m_timer, &QTimer::timeout, this, &ProcessesModel::refresh);
    connect(sandboxes, &QAbstractItemModel::dataChanged, this, &ProcessesModel::updateTimer);
    m_followTimer.setSingleShot(true);
    m_followTimer.setInterval(RestAfterFailure);
    connect(&m_followTimer, &QTimer::timeout, this, [this] {
        if (m_isFollowed && rest() != Rest::Asleep)
            refresh();
    });
}

ProcessesModel::~ProcessesModel() = default;

ProcessesModel::Rest ProcessesModel::rest() const
{
    const auto sandbox = m_sandboxes ? m_sandboxes->sandbox(m_sandboxId) : std::nullopt;
    if (!sandbox || !sandbox->isRunning())
        return Rest::Asleep;
    return sandbox->autoSleep ? Rest::WouldKeepAwake : Rest::None;
}

void ProcessesModel::updateTimer()
{
    const bool looks = m_isWatched && rest() == Rest::None;
    if (looks == m_timer.isActive())
        return;
    if (!looks)
        return m_timer.stop();
    m_timer.start();
    refresh();
}

// A person who opens the list asks for it, unless that would wake the sandbox.
void ProcessesModel::setWatched(bool watched)
{
    const bool isNew = watched && !m_isWatched;
    m_isWatched = watched;
    updateTimer();
    if (isNew && rest() == Rest::WouldKeepAwake)
        refresh();
}

void ProcessesModel::refresh()
{
    if (!m_client)
        return;
    if (std::exchange(m_isAsking, true)) {
        m_asksAgain = true;
        return;
    }
    m_client->listCommands(m_sandboxId)
        ->onFinished(this, [this](const Result<QList<GuestCommand>> &result) {
            m_isAsking = false;
            if (result) {
                m_hasFailed = false;
                takeList(*result);
            } else if (!std::exchange(m_hasFailed, true)) {
                Q_EMIT loadingFailed(result.error());
            }
            if (!result && m_isFollowed)
                m_followTimer.start();
            if (std::exchange(m_asksAgain, false))
                refresh();
        });
}

// Rows are changed in place, so that what is chosen stays.
void ProcessesModel::takeList(QList<GuestCommand> commands)
{
    std::ranges::stable_sort(commands, [](const GuestCommand &one, const GuestCommand &other) {
        return one.startTime > other.startTime;
    });
    for (int row = int(m_commands.size()) - 1; row >= 0; --row) {
        const bool isLeft = std::ranges::any_of(
            commands, [&](const GuestCommand &c) { return isSame(c, m_commands[row]); });
        if (isLeft)
            continue;
        beginRemoveRows({}, row, row);
        m_commands.removeAt(row);
        endRemoveRows();
    }
    for (int row = 0; row < commands.size(); ++row) {
        const bool isKnown = row < m_commands.size() && isSame(m_commands[row], commands[row]);
        if (!isKnown) {
            beginInsertRows({}, row, row);
            m_commands.insert(row, commands[row]);
            endInsertRows();
        } else if (m_commands[row].running != commands[row].running ||
                   m_commands[row].exitCode != commands[row].exitCode) {
            m_commands[row] = commands[row];
            change(row);
        }
    }
    // What moved is there twice now; servers do not do that, but nothing may rely on it.
    if (m_commands.size() > commands.size()) {
        beginRemoveRows({}, int(commands.size()), int(m_commands.size()) - 1);
        m_commands.resize(commands.size());
        endRemoveRows();
    }
    m_isLoaded = true;
    followRunning();
    Q_EMIT loaded();
}

int ProcessesModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_commands.size());
}

int ProcessesModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(ColumnCount);
}

QVariant ProcessesModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const GuestCommand &command = m_commands[index.row()];
    if (role == ProcessRole)
        return QVariant::fromValue(command);
    if (role == StoppingRole)
        return m_stopping.contains(command.pid);
    if (role == NotifyRole)
        return m_notified.contains(command.pid);
    if (role == Qt::ToolTipRole && index.column() == CommandColumn)
        return visibleText(command.command);
    if (role != Qt::DisplayRole)
        return {};
    switch (index.column()) {
        case CommandColumn:
            return visibleText(command.command.simplified());
        case StateColumn:
            if (m_stopping.contains(command.pid))
                return tr("Stopping…");
            if (command.running)
                return tr("Running");
            return command.exitCode ? tr("Ended, exit code %1").arg(*command.exitCode)
                                    : tr("Ended");
        case PidColumn:
            return command.pid;
        default:
            return command.startTime.isValid()
                       ? QLocale().toString(command.startTime.toLocalTime(), QLocale::ShortFormat)
                       : QString();
    }
}

QVariant ProcessesModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
        case CommandColumn:
            return tr("Command");
        case StateColumn:
            return tr("State");
        case PidColumn:
            return tr("Process");
        default:
            return tr("Started");
    }
}

int ProcessesModel::rowOf(qint64 pid) const
{
    const auto found = std::ranges::find(m_commands, pid, &GuestCommand::pid);
    return found == m_commands.end() ? -1 : int(found - m_commands.begin());
}

const GuestCommand *ProcessesModel::process(qint64 pid) const
{
    const int row = rowOf(pid);
    return row < 0 ? nullptr : &m_commands[row];
}

QList<qint64> ProcessesModel::running() const
{
    QList<qint64> pids;
    for (const GuestCommand &command : m_commands) {
        if (command.running)
            pids.append(command.pid);
    }
    return pids;
}

void ProcessesModel::change(int row)
{
    if (row >= 0)
        Q_EMIT dataChanged(index(row, 0), index(row, ColumnCount - 1));
}

void ProcessesModel::start(const CommandRequest &request)
{
    if (!m_client)
        return;
    m_client->runCommand(m_sandboxId, request)
        ->onFinished(this, [this, request](const Result<GuestCommand> &result) {
            if (!result)
                return explainStart(request, result.error());
            Q_EMIT started(result->pid);
            refresh();
        });
}

// Servers do not say it in a way that a program could read.
void ProcessesModel::explainStart(const CommandRequest &request, const Error &error)
{
    const bool isRefused =
        error.kind == Error::Kind::BadRequest || error.kind == Error::Kind::NotFound;
    if (!isRefused || request.cwd.isEmpty() || !m_client)
        return Q_EMIT startingFailed(error, false);
    m_client->stat(m_sandboxId, request.cwd)
        ->onFinished(this, [this, error](const Result<FileStat> &stat) {
            const bool isMissing = !stat && (stat.error().kind == Error::Kind::NotFound ||
                                             stat.error().kind == Error::Kind::CommandFailed);
            Q_EMIT startingFailed(error, isMissing || (stat && !stat->isDir()));
        });
}

void ProcessesModel::stop(qint64 pid)
{
    if (!m_client || m_stopping.contains(pid))
        return;
    m_stopping.insert(pid);
    change(rowOf(pid));
    ExecRequest request;
    request.command = stopscript::endProcess(pid);
    m_client->exec(m_sandboxId, request)
        ->onFinished(this,
                     [this, pid](const Result<ExecResult> &result) { takeStopped(pid, result); });
}

void ProcessesModel::takeStopped(qint64 pid, const Result<ExecResult> &result)
{
    const stopscript::Report report = stopscript::reportOf(result ? result->stdOut : QString());
    if (!report.isDone)
        return kill(pid, report.ended);
    m_stopping.remove(pid);
    change(rowOf(pid));
    Q_EMIT stopped(pid, report.ended, report.wasForced);
    refresh();
}

// The server's own way, where ours did not work.
void ProcessesModel::kill(qint64 pid, const QStringList &ended)
{
    m_client->killCommand(m_sandboxId, pid)
        ->onFinished(this, [this, pid, ended](const Result<Done> &result) {
            m_stopping.remove(pid);
            change(rowOf(pid));
            if (result)
                Q_EMIT stopped(pid, ended, true);
            else
                Q_EMIT stoppingFailed(pid, result.error());
            refresh();
        });
}

void ProcessesModel::stopAll()
{
    for (const qint64 pid : running())
        stop(pid);
}

void ProcessesModel::notifyAboutEnd(qint64 pid)
{
    const GuestCommand *command = process(pid);
    if (!m_client || !command || m_notified.contains(pid))
        return;
    m_notified.insert(pid);
    change(rowOf(pid));
    m_client->waitCommand(m_sandboxId, pid, LongestWait)
        ->onFinished(this, [this, pid, line = command->command](const Result<ExitStatus> &result) {
            m_notified.remove(pid);
            change(rowOf(pid));
            if (result)
                Q_EMIT ended(line, result->exitCode);
            else
                Q_EMIT loadingFailed(result.error());
            refresh();
        });
}

void ProcessesModel::setFollowed(bool followed)
{
    m_isFollowed = followed;
    followRunning();
}

void ProcessesModel::followRunning()
{
    if (!m_isFollowed || !m_client)
        return;
    for (const qint64 pid : running()) {
        if (m_followed.contains(pid))
            continue;
        m_followed.insert(pid);
        m_client->waitCommand(m_sandboxId, pid, LongestWait)
            ->onFinished(this, [this, pid](const Result<ExitStatus> &result) {
                m_followed.remove(pid);
                if (result)
                    refresh();
                else
                    m_followTimer.start();
            });
    }
}

void ProcessesModel::loadPublicUrls()
{
    if (!m_client)
        return;
    m_client->publicUrls(m_sandboxId)
        ->onFinished(this, [this](const Result<QList<PublicUrl>> &result) {
            if (result)
                Q_EMIT publicUrlsLoaded(*result);
            else
                Q_EMIT loadingFailed(result.error());
        });
}

}  // namespace voidrun
