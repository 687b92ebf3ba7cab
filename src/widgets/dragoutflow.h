// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>
#include <QPointer>
#include <QStringList>

#include <memory>
#include <vector>

class QTemporaryDir;

namespace voidrun
{

class DragOutData;
class FilePanel;

// Hands dragged files of a sandbox to another program: fetches them into a folder of their own
// while the drag is under way (small ones at once, larger ones when the pointer leaves the
// window), and keeps them there as long as the other program may be copying. GUI thread.
class DragOutFlow : public QObject
{
    Q_OBJECT

public:
    // Tickets are counted from `firstTicket`, so that several flows of a panel keep apart.
    explicit DragOutFlow(FilePanel *panel, int firstTicket = 0);
    ~DragOutFlow() override;

    void start(DragOutData *data, bool leftWindow);
    // For the clipboard: what is in folders is measured first, and only what other programs can
    // have soon is fetched.
    void startCopy(DragOutData *data);
    void end(DragOutData *data, bool dropped, bool insideWindow);
    // The files arrived in `localFiles`, or did not and never will; `ticket` is fetchRequested()'s.
    void fetched(int ticket, const QStringList &localFiles);

Q_SIGNALS:
    void fetchRequested(int ticket, const QStringList &guestPaths, const QString &folder);
    void cancelled(int ticket);
    void fetchedInto(voidrun::DragOutData *data);
    // Not fetched for the clipboard; -1 where nobody knows how much it is.
    void tooLarge(const QStringList &guestPaths, qint64 bytes);
    // They were dropped before they were here; the person still gets them.
    void droppedTooEarly(const QStringList &guestPaths);
    void problem(const QString &sentence);

private:
    // The files of one drag, in a folder of their own.
    struct Stage {
        int ticket = 0;
        std::unique_ptr<QTemporaryDir> folder;
        bool isFetching = true;
        bool isWanted = true;
    };

    qint64 begin(DragOutData *data);
    void fetch();
    void measure(const QStringList &folders, qint64 bytes);
    Stage *stageOf(int ticket);
    void sweep();

    FilePanel *m_panel;
    QPointer<DragOutData> m_data;
    QStringList m_paths;
    std::vector<Stage> m_stages;  // emptied when the panel goes
    int m_ticket;
};

}  // namespace voidrun
