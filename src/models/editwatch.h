// SPDX-License-Identifier: MIT
#pragma once

#include <QFileSystemWatcher>
#include <QHash>
#include <QObject>
#include <QTimer>

#include <sys/types.h>

namespace voidrun
{

// Notices when editors have saved: in place, or by renaming another file over it, which replaces
// what was watched. So the folder is watched as well as the file, and only the file's own size,
// time and inode count: lock and temporary files beside it mean nothing. Where the system cannot
// watch (its limits, network drives) a look every few seconds does. Lives in the edits' worker
// thread.
class EditWatch : public QObject
{
    Q_OBJECT

public:
    explicit EditWatch(QObject *parent = nullptr);

    // settled() follows for what is there now.
    void add(int id, const QString &file);
    void remove(int id);

Q_SIGNALS:
    // The file is another than at the last settled(), and has not changed for a moment.
    void settled(int id);
    // It has been away for longer than any editor needs to put it back.
    void vanished(int id);

private:
    struct Signature {
        qint64 size = -1;
        qint64 modified = 0;  // ns
        ino_t inode = 0;

        bool operator==(const Signature &) const = default;
    };
    struct Watched {
        QString file;
        Signature seen;
        Signature reported;
        int quiet = 0;    // ticks
        int missing = 0;  // ticks
        bool isPending = false;
    };

    static Signature signatureOf(const QString &file);
    void notice(const QString &path);
    void setPending(Watched *watched);
    void tick();
    void look(int id, Watched *watched);
    void lookAtAll();
    void watchPaths(const Watched &watched);

    QFileSystemWatcher m_watcher;
    QHash<int, Watched> m_watched;
    QTimer m_tick;
    QTimer m_poll;
};

}  // namespace voidrun
