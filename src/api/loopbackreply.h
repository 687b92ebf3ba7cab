// SPDX-License-Identifier: MIT
#pragma once

#include <QNetworkReply>
#include <QPointer>

#include <memory>

#include "bodybuffer.h"
#include "httpanswer.h"
#include "loopbackpool.h"
#include "requestsender.h"

namespace voidrun
{

// One call to a server of this computer over a connection of a pool, in the thread of its owner.
// As with any QNetworkReply signals come after the return to the event loop; error() tells of the
// connection only, a status of 400 or more is none.
class LoopbackReply : public QNetworkReply
{
    Q_OBJECT

public:
    // Set to true beside ProtocolFailure where the headers were over their limit.
    static constexpr auto headTooLongAttribute = QNetworkRequest::Attribute(QNetworkRequest::User);

    struct Call {
        QNetworkRequest request;
        QNetworkAccessManager::Operation operation;
        QByteArray head;  // of the request; empty where it cannot be sent
        QIODevice *body = nullptr;
        qint64 bodySize = 0;
        qint64 headLimit = 0;  // bytes of the head of the answer
    };
    LoopbackReply(LoopbackPool &pool, const LoopbackServer &server, const Call &call,
                  QObject *parent);
    ~LoopbackReply() override;

    void abort() override;
    qint64 bytesAvailable() const override;
    void setReadBufferSize(qint64 size) override;

protected:
    qint64 readData(char *data, qint64 maxSize) override;

private:
    void start(bool isSendable);
    void ask(LoopbackPool::Kind kind);
    void take(std::unique_ptr<LoopbackSocket> socket);
    void release(bool reusable);

    void onFailedToConnect();
    void send();
    void onReadable();
    void onAnswer();
    void onEnd(qint64 outcome);
    bool startedOver();
    void publishHead();

    qint64 room() const;
    void fail(NetworkError code, const QString &why);
    void finish();

    QPointer<LoopbackPool> m_pool;
    const LoopbackServer m_server;
    const bool m_mayRepeat;  // the method says so
    const int m_most;        // connections at a time
    RequestSender m_sender;
    HttpAnswer m_answer;
    BodyBuffer m_body;  // of the answer
    std::unique_ptr<LoopbackSocket> m_socket;
    bool m_isWaiting = false;  // for a connection
    bool m_isReused = false;   // the connection has carried another call
    bool m_anyByte = false;    // of the answer
    bool m_headSaid = false;
};

}  // namespace voidrun
