// SPDX-License-Identifier: MIT
#pragma once

#include <QHash>
#include <QObject>
#include <QPointer>

#include "models/transfermodel.h"

namespace voidrun
{

class FilePanel;

// The window's part in transfers: asks what to do about names that are taken, hands fetched files
// to the drag that waits for them, and says how each transfer ended. GUI thread.
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

Q_SIGNALS:
    void started();  // something that the person asked for, or left, and wants to see
    void failed(const QString &sentence, const voidrun::Error &error, const QString &connectionId);
    void downloaded(const QString &sentence, const QString &folder);

private:
    struct DragOut {
        QPointer<FilePanel> panel;
        int ticket = 0;
    };

    void askConflicts(int id);
    void finish(int id);
    void finishDragOut(const TransferModel::Item &item, const DragOut &drag);

    TransferModel *m_transfers;
    QWidget *m_window;
    QHash<int, DragOut> m_dragOuts;  // by transfer
};

}  // namespace voidrun
