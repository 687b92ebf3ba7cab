// SPDX-License-Identifier: MIT
#include "answerreader.h"

#include <QIODevice>

#include "errorcodec.h"
#include "httphead.h"

namespace voidrun
{

using namespace Qt::StringLiterals;

namespace
{

constexpr qint64 downloadBuffer = 1024LL * 1024;
constexpr qint64 eventBuffer = 64LL * 1024;  // decoded in one turn of the event loop
constexpr qint64 pieceSize = 256LL * 1024;
constexpr qint64 mebibyte = 1024LL * 1024;

}  // namespace

AnswerReader::AnswerReader(const Request &request, const TransportOptions &options,
                           const QString &address)
    : m_request(request), m_options(options)
{
    m_response.address = address;
}

qint64 AnswerReader::bufferFor(const Request &request)
{
    if (request.sink)
        return downloadBuffer;
    return request.expect == Request::Expect::Events ? eventBuffer : 0;
}

std::optional<Error> AnswerReader::readHead(const QNetworkReply &reply)
{
    const int status = reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    if (status == 0 || m_headSeen)
        return std::nullopt;
    m_headSeen = true;
    m_response.status = status;
    m_response.contentType = reply.header(QNetworkRequest::ContentTypeHeader)
                                 .toString()
                                 .section(u';', 0, 0)
                                 .trimmed()
                                 .toLower()
                                 .toLatin1();
    qint64 headerBytes = 0;
    for (const auto &[name, value] : reply.rawHeaderPairs())
        headerBytes += name.size() + value.size() + 4;
    if (headerBytes > m_options.maxHeaderBytes)
        return makeError(Error::Kind::TooLarge, headersTooLong(), m_response.address);
    const QByteArray length = reply.rawHeader("Content-Length").trimmed();
    bool isNumber = length.isEmpty();
    m_announced = isNumber ? -1 : length.toLongLong(&isNumber);
    if (!isNumber || (m_announced < 0 && !length.isEmpty()))
        return codec::notVoidRun(m_response, u"the length of the answer makes no sense"_s);
    const QByteArray encoding = reply.rawHeader("Content-Encoding").trimmed().toLower();
    if (encoding.isEmpty() || encoding == "identity")
        return std::nullopt;
    return codec::notVoidRun(m_response,
                             u"the answer is compressed (%1), which was not asked for"_s.arg(
                                 QString::fromLatin1(encoding.first(qMin(encoding.size(), 40)))));
}

std::optional<Error> AnswerReader::readBody(QNetworkReply &reply)
{
    while (!m_hasEnough && reply.bytesAvailable() > 0) {
        const QByteArray piece = reply.read(qMin(pieceSize, reply.bytesAvailable()));
        if (piece.isEmpty())
            break;
        m_response.bytes += piece.size();
        if (auto error = keep(piece))
            return error;
    }
    return std::nullopt;
}

std::optional<Error> AnswerReader::keep(const QByteArray &piece)
{
    if (!isSuccess()) {
        m_hasEnough = m_response.bytes > m_options.maxErrorBytes;
        if (!m_hasEnough)
            m_response.body += piece;
        return std::nullopt;
    }
    if (m_request.sink) {
        if (m_request.sink->write(piece) == piece.size())
            return std::nullopt;
        return makeError(Error::Kind::LocalFile, m_request.sink->errorString(), m_request.subject);
    }
    const bool isStream = m_request.expect == Request::Expect::Events;  // taken as it comes
    if (!isStream && m_response.bytes > m_options.maxJsonBytes)
        return makeError(Error::Kind::TooLarge,
                         u"the answer is over %1 MiB"_s.arg(m_options.maxJsonBytes / mebibyte),
                         m_response.address);
    m_response.body += piece;
    return std::nullopt;
}

std::optional<Error> AnswerReader::checkLength()
{
    m_response.lengthKnown = m_announced >= 0;
    if (m_announced < 0 || m_response.bytes == m_announced || !isSuccess())
        return std::nullopt;
    return makeError(Error::Kind::ConnectionLost,
                     u"%1 of %2 bytes came"_s.arg(m_response.bytes).arg(m_announced),
                     m_response.address);
}

}  // namespace voidrun
