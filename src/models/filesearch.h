// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>
#include <QPointer>
#include <QStringList>

#include "api/error.h"
#include "api/reply.h"

namespace voidrun
{

class Client;

// Finds files of a sandbox by their names, below one folder. One search at a time: a new one takes
// the place of the old. Lives in the GUI thread.
class FileSearch : public QObject
{
    Q_OBJECT

public:
    static constexpr qsizetype MostFound = 100;  // the wire ends a list there (section 4)

    FileSearch(Client *client, const QString &sandboxId, QObject *parent = nullptr);
    ~FileSearch() override;

    // Files whose names contain `text`; * stands for anything. Answered by found() or failed().
    void start(const QString &folder, const QString &text);
    void cancel();

Q_SIGNALS:
    void found(const QStringList &paths);  // sorted; full paths
    void failed(const voidrun::Error &error);

private:
    QPointer<Client> m_client;
    QString m_sandboxId;
    QPointer<ReplyBase> m_reply;
};

}  // namespace voidrun
