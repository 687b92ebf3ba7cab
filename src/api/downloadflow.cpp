// SPDX-License-Identifier: MIT
#include "downloadflow.h"

#include "errorcodec.h"
#include "jsoncodec.h"

namespace voidrun
{

using namespace Qt::StringLiterals;

DownloadFlow::DownloadFlow(Transport &transport, const Request &request, const QString &id,
                           const QString &path, QObject *owner)
    : m_transport(transport),
      m_id(id),
      m_path(path),
      m_reply(new Reply<qint64>(owner)),
      m_exchange(transport.send(request))
{
    setParent(m_reply);
    connect(m_reply, &ReplyBase::abortRequested, m_exchange, &Exchange::abort);
    connect(m_exchange, &Exchange::progress, m_reply, &ReplyBase::progress);
    connect(m_exchange, &Exchange::finished, this, &DownloadFlow::onDownloaded);
}

void DownloadFlow::fail(Error error)
{
    m_reply->setResult(std::unexpected(withSubject<qint64>(std::move(error), m_path)));
}

void DownloadFlow::onDownloaded()
{
    const Result<Response> &answer = m_exchange->result();
    if (!answer) {
        fail(answer.error());
        return;
    }
    m_response = *answer;
    const bool looksLikePage = codec::isHtml(m_response.contentType, {});
    const QString name = m_path.toLower();
    const bool isPage =
        name.endsWith(".html"_L1) || name.endsWith(".htm"_L1) || name.endsWith(".xhtml"_L1);
    if (looksLikePage && !isPage) {
        fail(codec::notVoidRun(m_response, u"the server answered with a web page"_s));
        return;
    }
    if (m_response.lengthKnown && !looksLikePage)
        m_reply->setResult(m_response.bytes);
    else
        compareWithStat();
}

void DownloadFlow::compareWithStat()
{
    Request request = sandboxRequest(Request::Method::Get, m_id, {u"files"_s, u"stat"_s});
    request.query = {{u"path"_s, m_path}};
    request.subject = m_path;
    m_exchange = m_transport.send(request);
    connect(m_reply, &ReplyBase::abortRequested, m_exchange, &Exchange::abort);
    connect(m_exchange, &Exchange::finished, this, [this] { onStat(m_exchange->result()); });
}

void DownloadFlow::onStat(const Result<Response> &answer)
{
    if (!answer) {
        fail(answer.error());
        return;
    }
    const Result<FileStat> stat = codec::fileStat(*answer, m_path);
    if (!stat) {
        fail(stat.error());
        return;
    }
    if (stat->size == m_response.bytes) {
        m_reply->setResult(m_response.bytes);
        return;
    }
    fail(makeError(Error::Kind::ConnectionLost,
                   u"%1 of %2 bytes came"_s.arg(m_response.bytes).arg(stat->size), m_path));
}

}  // namespace voidrun
