// SPDX-License-Identifier: MIT
#include "folderfollower.h"

#include "api/client.h"
#include "api/watchstream.h"
#include "fsmodel.h"

namespace voidrun
{

namespace
{
constexpr int BatchTime = 50;  // ms
}

FolderFollower::FolderFollower(Client *client, FsModel *model, QObject *parent)
    : QObject(parent), m_client(client), m_model(model)
{
    m_timer.setSingleShot(true);
    m_timer.setInterval(BatchTime);
    connect(&m_timer, &QTimer::timeout, this,
            [this] { m_model->applyEvents(std::exchange(m_events, {})); });
    connect(model, &QAbstractItemModel::modelReset, this, &FolderFollower::close);
    connect(model, &FsModel::loadingFinished, this, [this](const QString &path) {
        // Somebody has opened it, or looked at it again.
        if (path == m_model->rootPath() && m_isSeen && !m_stream)
            open();
    });
    connect(model, &FsModel::loadingFailed, this, [this](const QString &path) {
        if (path == m_model->rootPath())
            close();
    });
}

FolderFollower::~FolderFollower()
{
    close();
}

void FolderFollower::setSeen(bool seen)
{
    if (std::exchange(m_isSeen, seen) == seen)
        return;
    if (!seen)
        close();
    else if (m_runs)
        open();
}

// A watch that lives knows better than a list that may be old.
void FolderFollower::setSandboxRuns(bool runs)
{
    if (isLive() || std::exchange(m_runs, runs) == runs)
        return;
    if (!runs)
        close();
    else if (m_isSeen)
        open();
}

bool FolderFollower::isLive() const
{
    return m_stream && m_stream->state() == WatchStream::State::Live;
}

void FolderFollower::open()
{
    if (!m_client || m_model->folderState() != FsModel::FolderState::Loaded)
        return;
    close();
    m_folder = m_model->rootPath();
    m_stream = m_client->watch(
        m_model->sandboxId(),
        {.path = m_folder, .recursive = false, .ignoreHidden = false, .mayWake = false});
    WatchStream *stream = m_stream.get();
    connect(stream, &WatchStream::changed, this, &FolderFollower::take);
    connect(stream, &WatchStream::stateChanged, this, &FolderFollower::followState);
    // It sleeps, or cannot be watched: the list is as a list without a watch is.
    connect(stream, &WatchStream::finished, this, &FolderFollower::close);
}

// A large folder is not listed twice when it is opened: what changed in the moment between is seen
// at the next refresh. After a cut a person is told.
void FolderFollower::followState()
{
    if (isLive()) {
        m_isCaughtUp = m_model->catchUp() || !m_wasLive;
        m_wasLive = true;
        // The stream tells of its own gap at once.
        QMetaObject::invokeMethod(this, [this] { m_isCaughtUp = false; }, Qt::QueuedConnection);
    }
    Q_EMIT liveChanged(isLive());
}

void FolderFollower::close()
{
    m_timer.stop();
    m_events.clear();
    m_wasLive = false;
    if (!m_stream)
        return;
    const bool wasLive = isLive();
    m_stream->disconnect();
    m_stream->close();
    m_stream.release()->deleteLater();  // it may be one of its signals that we are in
    if (wasLive)
        Q_EMIT liveChanged(false);
}

void FolderFollower::take(const WatchEvent &event)
{
    if (event.type == WatchEvent::Type::Rescan) {
        if (!m_isCaughtUp)
            Q_EMIT outdated(m_folder);
        return;
    }
    m_events.append(event);
    if (!m_timer.isActive())
        m_timer.start();
}

}  // namespace voidrun
