// SPDX-License-Identifier: MIT
#include "requestsender.h"

#include <QHttpHeaders>
#include <QNetworkRequest>
#include <QUrl>

#include <algorithm>

#include "loopbacksocket.h"

namespace voidrun
{

namespace
{

constexpr qint64 pieceSize = 256LL * 1024;
constexpr qint64 firstPiece = 16LL * 1024;  // leaves together with the head
constexpr qint64 turnSize = 1024LL * 1024;  // then other events have their turn

bool isOneLine(QByteArrayView text)
{
    return std::ranges::none_of(
        text, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; });
}

}  // namespace

RequestSender::RequestSender(const QByteArray &head, QIODevice *body, qint64 size)
    : m_piece(head), m_body(body), m_size(body ? size : 0), m_left(m_size)
{
    if (m_left == 0 || m_left > firstPiece)
        return;
    const QByteArray bytes = m_body->read(m_left);
    m_piece += bytes;
    m_left -= bytes.size();
}

std::optional<QByteArray> RequestSender::headOf(const QByteArray &verb,
                                                const QNetworkRequest &request,
                                                const QByteArray &hostHeader)
{
    QByteArray target =
        request.url().toEncoded(QUrl::RemoveScheme | QUrl::RemoveAuthority | QUrl::RemoveFragment);
    if (!target.startsWith('/'))
        target.prepend('/');
    if (!isOneLine(target) || target.contains(' ') || !isOneLine(verb) || !isOneLine(hostHeader))
        return std::nullopt;
    QByteArray head = verb + ' ' + target + " HTTP/1.1\r\nHost: " + hostHeader + "\r\n";
    const QHttpHeaders headers = request.headers();
    for (qsizetype i = 0; i < headers.size(); ++i) {
        const QLatin1StringView name = headers.nameAt(i);
        const QByteArrayView value = headers.valueAt(i);
        if (!isOneLine(name) || !isOneLine(value))
            return std::nullopt;
        head += QByteArrayView(name);
        head += ": ";
        head += value;
        head += "\r\n";
    }
    head += "\r\n";
    return head;
}

qint64 RequestSender::bodySent() const
{
    // What waits is of the body once any of it has been read.
    return std::max<qint64>(0, m_size - m_left - (m_piece.size() - m_at));
}

bool RequestSender::restart()
{
    if (!m_untouched && m_body)
        return false;
    m_at = 0;
    m_untouched = true;
    return true;
}

RequestSender::State RequestSender::send(LoopbackSocket &socket)
{
    qint64 sent = 0;
    while (sent < turnSize) {
        if (m_at == m_piece.size()) {
            if (m_left == 0)
                return State::Done;
            if (!nextPiece())
                return State::Starved;
        }
        const qint64 count = socket.write(m_piece.constData() + m_at, m_piece.size() - m_at);
        if (count == LoopbackSocket::Failed)
            return State::Broken;
        if (count == LoopbackSocket::NothingYet)
            return State::Full;
        m_untouched = false;
        m_at += count;
        sent += count;
    }
    return isDone() ? State::Done : State::More;
}

bool RequestSender::nextPiece()
{
    m_piece.resize(pieceSize);
    const qint64 count = m_body->read(m_piece.data(), std::min(pieceSize, m_left));
    m_piece.truncate(std::max<qint64>(count, 0));
    m_at = 0;
    m_left -= m_piece.size();
    return !m_piece.isEmpty();
}

}  // namespace voidrun
