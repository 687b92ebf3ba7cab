// SPDX-License-Identifier: MIT
#include "eventstream.h"

#include <QPointer>

#include <utility>

#include "envelope.h"
#include "errorcodec.h"
#include "exchange.h"
#include "outputdecoder.h"
#include "transport.h"

namespace voidrun
{

using namespace Qt::StringLiterals;

namespace
{

constexpr qsizetype maxStart = 64LL * 1024;  // enough for an answer that is no stream

}  // namespace

EventStream::EventStream(Transport &transport, const Request &request, StreamFormat format)
    : m_decoder(std::make_unique<OutputDecoder>(format)), m_exchange(transport.send(request))
{
    m_grace.setSingleShot(true);
    m_grace.setInterval(transport.options().exitGrace);
    connect(&m_grace, &QTimer::timeout, this, [this] { end(*m_exit); });
    connect(m_exchange, &Exchange::received, this, &EventStream::onReceived);
    connect(m_exchange, &Exchange::finished, this, &EventStream::onAnswered);
    connect(m_exchange, &QObject::destroyed, this, [this] {  // with the client
        m_exchange = nullptr;
        close();
    });
}

EventStream::EventStream(const Error &refusal) : m_decoder()
{
    end(std::unexpected(refusal));
}

EventStream::~EventStream()
{
    if (!m_exchange)
        return;
    m_exchange->disconnect(this);
    m_exchange->abort();
}

void EventStream::close()
{
    end(std::unexpected(makeError(Error::Kind::Cancelled, u"closed"_s)));
}

void EventStream::onReceived(const QByteArray &bytes)
{
    if (m_ended)
        return;
    if (m_exit)
        m_grace.start();
    if (!m_anyEvent && m_start.size() < maxStart)
        m_start += bytes;
    if (!deliver(m_decoder->feed(bytes)))
        return;
    if (m_decoder->error())
        end(std::unexpected(*m_decoder->error()));
}

// False where a slot has closed or deleted the stream.
bool EventStream::deliver(const QList<OutputEvent> &events)
{
    using Type = OutputEvent::Type;
    const QPointer<EventStream> self(this);
    for (qsizetype i = 0; i < events.size(); ++i) {
        m_anyEvent = true;
        const Type type = events[i].type;
        QByteArray bytes = events[i].bytes;
        if (type == Type::Exit) {
            m_exit = m_exit.value_or(events[i].exit);
            m_grace.start();
        } else if (type == Type::Error) {
            m_problem = m_problem.isEmpty() ? bytes : m_problem;
        } else {
            while (i + 1 < events.size() && events[i + 1].type == type)
                bytes += events[++i].bytes;
            Q_EMIT(type == Type::StdOut ? standardOutput(bytes) : standardError(bytes));
        }
        if (!self || m_ended)
            return false;
    }
    return true;
}

void EventStream::onAnswered()
{
    Exchange *exchange = std::exchange(m_exchange, nullptr);
    exchange->disconnect(this);
    const Result<Response> answer = exchange->result();
    if (m_ended)
        return;
    if (!answer) {
        end(std::unexpected(answer.error()));
        return;
    }
    if (!deliver(m_decoder->finish()))
        return;
    if (m_exit)
        end(*m_exit);
    else
        end(std::unexpected(whyNoExit(*answer)));
}

Error EventStream::whyNoExit(const Response &response) const
{
    if (m_decoder->error())
        return *m_decoder->error();
    if (!m_problem.isEmpty())
        return makeError(Error::Kind::CommandFailed, QString::fromUtf8(m_problem),
                         response.address);
    if (m_anyEvent)
        return makeError(Error::Kind::ConnectionLost, u"the stream ended without an exit status"_s,
                         response.address);
    Response whole = response;
    whole.body = m_start;
    if (codec::isHtml(whole.contentType, whole.body))
        return codec::notVoidRun(response, u"the server answered with a web page"_s);
    if (const auto envelope = codec::unwrap(whole);
        !envelope && envelope.error().kind != Error::Kind::NotVoidRun)
        return envelope.error();
    return whole.body.isEmpty()
               ? makeError(Error::Kind::ConnectionLost, u"the stream was empty"_s, response.address)
               : codec::notVoidRun(response, u"the answer is no stream of events"_s);
}

void EventStream::end(Result<ExitStatus> result)
{
    if (std::exchange(m_ended, true))
        return;
    m_grace.stop();
    if (Exchange *exchange = std::exchange(m_exchange, nullptr)) {
        exchange->disconnect(this);
        exchange->abort();
    }
    if (result && result->error.isEmpty())
        result->error = QString::fromUtf8(m_problem);
    QMetaObject::invokeMethod(
        this, [this, result = std::move(result)] { Q_EMIT finished(result); },
        Qt::QueuedConnection);
}

}  // namespace voidrun
