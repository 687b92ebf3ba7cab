// SPDX-License-Identifier: MIT
#include "filereader.h"

#include <QIODevice>

#include "api/client.h"

namespace voidrun
{

namespace
{

// Takes what is wanted and refuses the rest, which ends the download.
class LimitedSink : public QIODevice
{
public:
    explicit LimitedSink(qint64 limit) : m_limit(limit) { open(WriteOnly); }

    const QByteArray &bytes() const { return m_bytes; }
    bool isOverfull() const { return m_isOverfull; }

protected:
    qint64 readData(char *, qint64) override { return -1; }
    qint64 writeData(const char *data, qint64 size) override
    {
        const qint64 taken = qMin(size, m_limit - m_bytes.size());
        m_bytes.append(data, taken);
        m_isOverfull = taken < size;
        return m_isOverfull ? -1 : size;
    }

private:
    qint64 m_limit;
    QByteArray m_bytes;
    bool m_isOverfull = false;
};

}  // namespace

FileReader::FileReader(Client *client, const QString &sandboxId, QObject *parent)
    : QObject(parent), m_client(client), m_sandboxId(sandboxId)
{
}

FileReader::~FileReader()
{
    stop();
}

void FileReader::stop()
{
    if (!m_reply)
        return;
    m_reply->disconnect(this);
    m_reply->abort();
    m_reply.clear();
}

void FileReader::readBeginning(const QString &path, qint64 limit)
{
    stop();
    if (!m_client)
        return;
    auto *sink = new LimitedSink(limit);
    auto *reply = m_client->download(m_sandboxId, path, sink);
    sink->setParent(reply);  // it must live as long
    m_reply = reply;
    reply->onFinished(this, [this, path, sink](const Result<qint64> &result) {
        m_reply.clear();
        if (result || sink->isOverfull())
            Q_EMIT finished(path, sink->bytes(), !sink->isOverfull());
        else
            Q_EMIT failed(path, result.error());
    });
}

void FileReader::readEnd(const QString &path, int lines)
{
    stop();
    if (!m_client)
        return;
    auto *reply = m_client->headTail(m_sandboxId, path, lines, Client::Part::Tail);
    m_reply = reply;
    reply->onFinished(this, [this, path](const Result<QString> &result) {
        m_reply.clear();
        if (result)
            Q_EMIT finished(path, result->toUtf8(), false);
        else
            Q_EMIT failed(path, result.error());
    });
}

}  // namespace voidrun
