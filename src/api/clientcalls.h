// SPDX-License-Identifier: MIT
#pragma once

#include <QFutureWatcher>
#include <QPointer>
#include <QPromise>
#include <QThreadPool>

#include <functional>
#include <memory>

#include "client.h"
#include "exchange.h"
#include "transport.h"

// How client.cpp and its siblings make a typed reply out of an exchange. Internal.
namespace voidrun
{

template<class T>
using Decoder = std::function<Result<T>(const Response &)>;

// A reply that fails with `error` on the next turn of the event loop.
template<class T>
Reply<T> *refused(QObject *owner, const Error &error)
{
    auto *reply = new Reply<T>(owner);
    QMetaObject::invokeMethod(
        reply, [reply, error] { reply->setResult(std::unexpected(error)); }, Qt::QueuedConnection);
    QObject::connect(reply, &ReplyBase::abortRequested, reply, [reply] {
        reply->setResult(std::unexpected(makeError(Error::Kind::Cancelled, {})));
    });
    return reply;
}

template<class T>
Error withSubject(Error error, const QString &subject)
{
    if (error.subject.isEmpty())
        error.subject = subject;
    return error;
}

// Decodes in the thread pool and answers in the reply's thread, if the reply still lives then.
template<class T>
void decodeInPool(Reply<T> *reply, const Decoder<T> &decode, const Response &response)
{
    auto *watcher = new QFutureWatcher<Result<T>>(reply);
    QObject::connect(watcher, &QFutureWatcher<Result<T>>::finished, reply,
                     [reply, watcher] { reply->setResult(watcher->result()); });
    auto promise = std::make_shared<QPromise<Result<T>>>();
    promise->start();
    watcher->setFuture(promise->future());
    QThreadPool::globalInstance()->start([promise, decode, response] {
        promise->addResult(decode(response));
        promise->finish();
    });
}

// Sends `request`; its answer, decoded, becomes the reply's result. `owner` is the client.
template<class T>
Reply<T> *startCall(QObject *owner, Transport &transport, const Request &request, Decoder<T> decode)
{
    auto *reply = new Reply<T>(owner);
    Exchange *exchange = transport.send(request);
    QObject::connect(reply, &ReplyBase::abortRequested, exchange, &Exchange::abort);
    QObject::connect(reply, &QObject::destroyed, exchange, &Exchange::abort);
    QObject::connect(exchange, &Exchange::progress, reply, &ReplyBase::progress);
    const qint64 threaded = transport.options().threadedDecodeBytes;
    QObject::connect(
        exchange, &Exchange::finished, reply,
        [reply, exchange, decode = std::move(decode), subject = request.subject, threaded] {
            const Result<Response> &answer = exchange->result();
            if (!answer) {
                reply->setResult(std::unexpected(withSubject<T>(answer.error(), subject)));
                return;
            }
            Decoder<T> named = [decode, subject](const Response &response) {
                return decode(response).transform_error(
                    [&subject](Error error) { return withSubject<T>(std::move(error), subject); });
            };
            if (answer->body.size() <= threaded) {
                reply->setResult(named(*answer));
                return;
            }
            QObject::connect(reply, &ReplyBase::abortRequested, reply, [reply] {
                reply->setResult(std::unexpected(makeError(Error::Kind::Cancelled, {})));
            });
            decodeInPool<T>(reply, named, *answer);
        });
    return reply;
}

template<class T>
Reply<T> *Client::call(const Checks &checks, const Request &request,
                       std::function<Result<T>(const Response &)> decode)
{
    for (const std::optional<Error> &error : checks) {
        if (error)
            return refused<T>(this, *error);
    }
    return startCall<T>(this, *m_transport, request, std::move(decode));
}

// Checks of what goes into a request. Errors: InvalidInput.
std::optional<Error> checkId(const QString &id);
std::optional<Error> checkPath(const QString &path);
std::optional<Error> checkTerminalSize(int cols, int rows);
// `said` names what is wrong where `holds` is false.
std::optional<Error> check(bool holds, const QString &said, const QString &subject = {});

Request serviceRequest(Request::Method method, const QStringList &path);
Request sandboxRequest(Request::Method method, const QString &id, const QStringList &below);

// A file call, and one that runs a tool in the guest, which may work for minutes before it answers.
Request pathRequest(Request::Method method, const QString &id, const QString &action,
                    const QString &path);
Request toolRequest(Request::Method method, const QString &id, const QString &action,
                    const QString &path);

}  // namespace voidrun
