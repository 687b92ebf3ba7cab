// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QIODevice>

#include <optional>

class QNetworkRequest;
class QUrl;

namespace voidrun
{

class LoopbackSocket;

// Sends one request, head and body, through a connection that takes it piece by piece.
class RequestSender
{
public:
    // `size` bytes of `body`, which outlives this, or none.
    RequestSender(const QByteArray &head, QIODevice *body, qint64 size);

    // The lines of a request; nothing where one of them would be two.
    static std::optional<QByteArray> headOf(const QByteArray &verb, const QNetworkRequest &request,
                                            const QByteArray &hostHeader);

    enum class State {
        More,     // the connection could take more; so much is enough for a turn
        Full,     // the connection takes no more now
        Starved,  // the body has no more bytes, though it should
        Done,     // everything was handed over
        Broken,   // the connection takes no more at all
    };
    State send(LoopbackSocket &socket);

    bool isDone() const { return m_left == 0 && m_at == m_piece.size(); }
    bool hasBody() const { return m_body != nullptr; }
    // Not a byte of the request has left.
    bool isUntouched() const { return m_untouched; }
    // Begins again on another connection; false where the body was read and cannot be once more.
    bool restart();
    qint64 bodySize() const { return m_size; }
    // Of the body, handed to the connection.
    qint64 bodySent() const;

private:
    bool nextPiece();

    QByteArray m_piece;  // what waits for the connection
    qsizetype m_at = 0;  // of it, handed over
    QIODevice *m_body;
    qint64 m_size;
    qint64 m_left;  // of the body, not yet read
    bool m_untouched = true;
};

}  // namespace voidrun
