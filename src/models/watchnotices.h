// SPDX-License-Identifier: MIT
#pragma once

#include <QHash>
#include <QObject>
#include <QSet>
#include <QTimer>

#include "watcheventsmodel.h"

namespace voidrun
{

class WatchModel;

// What a watch saw while nobody looked, as one notice. A plain value.
struct WatchNotice {
    int watch = 0;
    QString folder;
    QString sandboxName;
    int files = 0;  // different ones, MaxFiles for so many or more

    static constexpr int MaxFiles = 10'000;
};

// Counts the files that changed and were not seen yet, and makes one notice of those that
// come together while the application is not in front. GUI thread.
class WatchNotices : public QObject
{
    Q_OBJECT

public:
    // `watches` outlives it.
    explicit WatchNotices(WatchModel *watches, QObject *parent = nullptr);

    // Whether a person uses the application. What was announced is over when it comes to the front.
    void setInFront(bool inFront);
    // Whether the list of changes can be seen.
    void setListSeen(bool seen);

    int unseen() const;
    QHash<QString, int> unseenBySandbox() const;

Q_SIGNALS:
    void unseenChanged();
    // For the desktop; a later one of the same watch stands for this one too.
    void noticeReady(const voidrun::WatchNotice &notice);
    void noticesOver();

private:
    void take(const QList<WatchChange> &changes);
    void announce();
    void forgetSeen();
    void forgetUnwatched();

    WatchModel *m_watches;
    QHash<QString, QSet<QString>> m_unseen;  // by sandbox: several watches may see one file
    QHash<int, QSet<QString>> m_background;  // by watch: while the application is not in front
    QSet<int> m_waiting;                     // watches that have something new to announce
    QTimer m_timer;
    bool m_inFront = true;
    bool m_listSeen = false;
};

}  // namespace voidrun
