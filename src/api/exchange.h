// SPDX-License-Identifier: MIT
#pragma once

#include <QElapsedTimer>
#include <QNetworkReply>
#include <QObject>
#include <QPointer>
#include <QTimer>

#include <optional>

#include "answerreader.h"
#include "request.h"

namespace voidrun
{

class Transport;
class UploadBody;

// One request until its final answer: limits, length check, redirects, repetition. Internal to the
// library; owned by the Transport, lives in its thread. Completes exactly once, never inside
// start(), then deletes itself.
class Exchange : public QObject
{
    Q_OBJECT

public:
    Exchange(Transport &transport, const Request &request);
    ~Exchange() override;

    void start();
    // Completes at once with Cancelled.
    void abort();
    // Valid once finished() was emitted.
    const Result<Response> &result() const { return *m_result; }

Q_SIGNALS:
    void finished();
    // A piece of a stream of events.
    void received(const QByteArray &bytes);
    // Bytes of the body, at most ten times a second, and once at the end.
    void progress(qint64 done, qint64 total);

private:
    void attempt(const QUrl &url);
    UploadBody *makeBody();
    void watch(QNetworkReply *reply);
    void dropReply();
    void onHead();
    void onReadyRead();
    void onReplyFinished();
    void followRedirect(const QUrl &target);
    void finishWithStatus();
    std::chrono::milliseconds silenceLimit() const;
    void failOrRepeat(const Error &error, std::chrono::milliseconds retryAfter = {});
    void complete(Result<Response> result);
    void reportProgress(qint64 done, qint64 total);
    void touch();  // something moved: the idle limit starts again
    QString address() const;

    Transport &m_transport;
    const Request m_request;
    QByteArray m_key;
    QUrl m_url;
    QPointer<QNetworkReply> m_reply;
    QTimer m_limit;    // connecting, idle, or waiting for the answer
    QTimer m_overall;  // one attempt
    QTimer m_pause;    // before a repetition
    QElapsedTimer m_lastProgress;
    std::optional<AnswerReader> m_answer;  // of the attempt under way
    qint64 m_uploaded = 0;
    qint64 m_bodySize = 0;  // of an upload
    bool m_connecting = false;
    int m_repeats = 0;
    int m_redirects = 0;
    std::optional<Result<Response>> m_result;
};

}  // namespace voidrun
