// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>
#include <QPointer>

#include <memory>

#include "passingfolder.h"
#include "transfermodel.h"

namespace voidrun
{

// Copies files from one sandbox into another: fetched into a folder of its own on this computer's
// disk, never held in memory, and sent on from there when all of them have arrived. Both halves are
// transfers like any other. Deletes itself when it is over. Lives in the GUI thread.
class CrossCopyFlow : public QObject
{
    Q_OBJECT

public:
    // `from` names a sandbox and paths in it, `to` a sandbox and a folder in it.
    CrossCopyFlow(TransferModel *transfers, TransferRequest from, TransferRequest to,
                  QObject *parent);

    // False where there is no room for the folder on this computer.
    bool start();

Q_SIGNALS:
    // The other sandbox confirmed what it was sent. `isWhole`: all that was asked for is there now;
    // not where a name was skipped or a link was left out.
    void arrived(bool isWhole);

private:
    void goOn(int id);

    TransferModel *m_transfers;
    TransferRequest m_from;
    TransferRequest m_to;
    std::unique_ptr<PassingFolder> m_folder;
    int m_fetching = 0;
    int m_sending = 0;
    bool m_isFetchedWhole = false;
};

}  // namespace voidrun
