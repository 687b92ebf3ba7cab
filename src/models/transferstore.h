// SPDX-License-Identifier: MIT
#pragma once

#include <QLockFile>
#include <QString>

#include "transfermodel.h"

namespace voidrun
{

// What is kept of the transfers between two runs.
struct TransferContent {
    QList<TransferModel::Item> items;
    int concurrency = 4;
};

// The file of the transfers that are not done: replaced as a whole, of bounded size, without any
// key. Of a connection only the id and the name are in it. The first of several applications has
// it; the others keep nothing. Lives in the transfers' worker thread.
class TransferStore
{
public:
    explicit TransferStore(const QString &file);

    // Nothing where there is no file, or none of ours.
    TransferContent load();
    void save(const TransferContent &content);

private:
    bool isOurs();

    QString m_file;
    QLockFile m_lock;
};

}  // namespace voidrun

Q_DECLARE_METATYPE(voidrun::TransferContent)
