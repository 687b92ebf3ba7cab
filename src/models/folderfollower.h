// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>
#include <QPointer>
#include <QTimer>

#include <memory>

#include "api/watchtypes.h"

namespace voidrun
{

class Client;
class FsModel;
class WatchStream;

// Keeps the folder that an FsModel shows as it is in the sandbox, by one watch of that folder while
// somebody looks at it. Never wakes the sandbox. When a watch begins, the folder is listed once, so
// that nothing falls between; after that events are all that it goes by. GUI thread.
class FolderFollower : public QObject
{
    Q_OBJECT

public:
    // Both outlive it, or the client is gone.
    FolderFollower(Client *client, FsModel *model, QObject *parent = nullptr);
    ~FolderFollower() override;

    // Whether somebody sees the folder.
    void setSeen(bool seen);
    // Whether the sandbox runs, as far as it is known.
    void setSandboxRuns(bool runs);
    bool isLive() const;

Q_SIGNALS:
    void liveChanged(bool live);
    // What is shown may not be what is there; a person may want to refresh it.
    void outdated(const QString &folder);

private:
    void open();
    void close();
    void followState();
    void take(const WatchEvent &event);

    QPointer<Client> m_client;
    FsModel *m_model;
    std::unique_ptr<WatchStream> m_stream;
    QString m_folder;  // that the stream watches
    QList<WatchEvent> m_events;
    QTimer m_timer;
    bool m_isSeen = false;
    bool m_runs = true;
    bool m_wasLive = false;     // this watch, before
    bool m_isCaughtUp = false;  // a listing under way knows what the next Rescan stands for
};

}  // namespace voidrun
