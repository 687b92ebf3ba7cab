// SPDX-License-Identifier: MIT
#pragma once

#include <QHash>
#include <QObject>
#include <QPointer>
#include <QTimer>

#include "models/transfermodel.h"

namespace voidrun
{

class FilePanel;

// The window's part in transfers: asks what to do about names that are taken, hands fetched files
// to the drag that waits for them, lets what lost its server go on when that is back, and says how
// each transfer ended. GUI thread.
class TransferFlow : public QObject
{
    Q_OBJECT

public:
    // Both outlive it; questions are asked over `window`.
    TransferFlow(TransferModel *transfers, QWidget *window);
    ~TransferFlow() override;

    // Fetches files for a drag out of `panel`, which gets them with dragOutFetched().
    void startDragOut(TransferRequest request, FilePanel *panel, int ticket);
    void cancelDragOut(const FilePanel *panel, int ticket);
    void cancelFetches();  // all of these

    // What lost that server goes on, a few times; what is lost again each time stays failed.
    void serverAnswered(const QString &connectionId);

Q_SIGNALS:
    void started();  // something that the person asked for, or left, and wants to see
    // How far the fetching for other programs is, in thousandths (-1: not known), when it takes a
    // while; and that it is over.
    void fetchProgressed(const QString &sentence, int permille);
    void fetchesEnded();
    void failed(const QString &sentence, const voidrun::Error &error, const QString &connectionId);
    void gaveUp(const QString &sentence);  // what went on by itself does not any more
    void downloaded(const QString &sentence, const QString &folder);

private:
    struct DragOut {
        QPointer<FilePanel> panel;
        int ticket = 0;
    };

    void askConflicts(int id);
    void finish(int id);
    void tellProgress();
    void finishFailed(const TransferModel::Item &item);
    QList<int> waitingFor(const QString &connectionId) const;
    void finishDragOut(const TransferModel::Item &item, const DragOut &drag);

    TransferModel *m_transfers;
    QWidget *m_window;
    QHash<int, DragOut> m_dragOuts;  // by transfer
    QHash<int, int> m_attempts;      // by transfer: how often it went on by itself
    QTimer m_patience;               // what is fetched at once is not worth a word
    bool m_isTelling = false;
};

}  // namespace voidrun
