// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QObject>
#include <QPointer>

#include "api/error.h"
#include "api/reply.h"

namespace voidrun
{

class Client;

// Reads as much of one file of a sandbox as is needed to show it; never more, however large it is.
// One question at a time: a new one ends the one before it, without an answer. Lives in the GUI
// thread.
class FileReader : public QObject
{
    Q_OBJECT

public:
    FileReader(Client *client, const QString &sandboxId, QObject *parent = nullptr);
    ~FileReader() override;

    // The first `limit` bytes.
    void readBeginning(const QString &path, qint64 limit);
    // The last lines of a text, 1 to 10,000.
    void readEnd(const QString &path, int lines);
    void stop();

Q_SIGNALS:
    void finished(const QString &path, const QByteArray &bytes, bool isWhole);
    void failed(const QString &path, const voidrun::Error &error);

private:
    QPointer<Client> m_client;
    QString m_sandboxId;
    QPointer<ReplyBase> m_reply;
};

}  // namespace voidrun
