// SPDX-License-Identifier: MIT
#include "editwatch.h"

#include <QFile>
#include <QFileInfo>

#include <chrono>

#include <sys/stat.h>

using namespace std::chrono_literals;

namespace voidrun
{

namespace
{

constexpr auto Tick = 150ms;
constexpr int QuietTicks = 2;     // without a change: it has been written
constexpr int MissingTicks = 20;  // an editor that renames puts it back at once
constexpr auto Poll = 3s;

}  // namespace

EditWatch::EditWatch(QObject *parent) : QObject(parent), m_watcher(this), m_tick(this), m_poll(this)
{
    m_tick.setInterval(Tick);
    m_poll.setInterval(Poll);
    connect(&m_tick, &QTimer::timeout, this, &EditWatch::tick);
    connect(&m_poll, &QTimer::timeout, this, &EditWatch::lookAtAll);
    connect(&m_watcher, &QFileSystemWatcher::fileChanged, this, &EditWatch::notice);
    connect(&m_watcher, &QFileSystemWatcher::directoryChanged, this, &EditWatch::notice);
}

EditWatch::Signature EditWatch::signatureOf(const QString &file)
{
    struct stat status{};
    if (::stat(QFile::encodeName(file).constData(), &status) != 0)
        return {};
    constexpr qint64 Nanoseconds = 1'000'000'000;
    return {.size = status.st_size,
            .modified = status.st_mtim.tv_sec * Nanoseconds + status.st_mtim.tv_nsec,
            .inode = status.st_ino};
}

void EditWatch::add(int id, const QString &file)
{
    Watched &watched = m_watched[id];
    watched = {.file = file, .seen = {}, .reported = {}};
    watchPaths(watched);
    setPending(&watched);
    m_poll.start();
}

void EditWatch::remove(int id)
{
    const Watched watched = m_watched.take(id);
    if (watched.file.isEmpty())
        return;
    m_watcher.removePath(watched.file);
    m_watcher.removePath(QFileInfo(watched.file).path());
    if (m_watched.isEmpty())
        m_poll.stop();
}

void EditWatch::watchPaths(const Watched &watched)
{
    m_watcher.addPath(QFileInfo(watched.file).path());
    // Anew each time: the system watches what had the name, not what has it now.
    m_watcher.removePath(watched.file);
    m_watcher.addPath(watched.file);
}

void EditWatch::notice(const QString &path)
{
    for (Watched &watched : m_watched) {
        if (watched.file == path || QFileInfo(watched.file).path() == path)
            setPending(&watched);
    }
}

void EditWatch::setPending(Watched *watched)
{
    if (watched->isPending)
        return;
    watched->isPending = true;
    watched->quiet = 0;
    watched->missing = 0;
    if (!m_tick.isActive())
        m_tick.start();
}

void EditWatch::tick()
{
    const QList<int> ids = m_watched.keys();
    bool anyPending = false;
    for (const int id : ids) {
        Watched &watched = m_watched[id];
        if (watched.isPending)
            look(id, &watched);
        anyPending |= watched.isPending;
    }
    if (!anyPending)
        m_tick.stop();
}

void EditWatch::look(int id, Watched *watched)
{
    const Signature now = signatureOf(watched->file);
    if (now.size < 0) {
        watched->seen = {};
        if (++watched->missing < MissingTicks)
            return;
        watched->isPending = false;
        watched->reported = {};
        Q_EMIT vanished(id);
        return;
    }
    watched->missing = 0;
    if (now != watched->seen) {
        watched->seen = now;
        watched->quiet = 0;
        return;
    }
    if (++watched->quiet < QuietTicks)
        return;
    watched->isPending = false;
    watchPaths(*watched);  // another file may have its name now
    if (now == watched->reported)
        return;
    watched->reported = now;
    Q_EMIT settled(id);
}

void EditWatch::lookAtAll()
{
    for (Watched &watched : m_watched) {
        const Signature now = signatureOf(watched.file);
        if (!watched.isPending && now.size >= 0 && now != watched.reported)
            setPending(&watched);
    }
}

}  // namespace voidrun
