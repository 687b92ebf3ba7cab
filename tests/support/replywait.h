// SPDX-License-Identifier: MIT
#pragma once

#include <QTest>
#include <QTestEventLoop>

#include <chrono>
#include <memory>
#include <optional>

#include "api/reply.h"

namespace voidrun::test
{

// Waits, in the event loop, for the answer of a call. A call that never completes gives an error of
// kind Timeout whose code is "the test waited in vain".
template<class T>
Result<T> answerOf(Reply<T> *reply, int limit = 30000)
{
    QObject context;
    auto answer = std::make_shared<std::optional<Result<T>>>();
    reply->onFinished(&context, [answer](const Result<T> &result) { *answer = result; });
    // A real event loop: QTest::qWaitFor sleeps 10 ms a turn, which makes every transfer crawl.
    QTestEventLoop loop;
    QObject::connect(reply, &ReplyBase::finished, &loop, &QTestEventLoop::exitLoop);
    loop.enterLoop(std::chrono::milliseconds(limit));
    if (!answer->has_value()) {
        Error error;
        error.kind = Error::Kind::Timeout;
        error.code = QStringLiteral("the test waited in vain");
        return std::unexpected(error);
    }
    return std::move(**answer);
}

// A call's answer in words, for failure messages.
template<class T>
QByteArray problemOf(const Result<T> &result)
{
    if (result)
        return QByteArrayLiteral("no error");
    const Error &error = result.error();
    return QStringLiteral("kind %1, status %2, code '%3', detail '%4', subject '%5'")
        .arg(static_cast<int>(error.kind))
        .arg(error.httpStatus)
        .arg(error.code, error.detail, error.subject)
        .toUtf8();
}

}  // namespace voidrun::test

// Declares `variable` as the value of a call, or fails the test with the call's error.
#define VERIFY_ANSWER(variable, call)                                                   \
    const auto variable##Result = voidrun::test::answerOf(call);                        \
    QVERIFY2(variable##Result, voidrun::test::problemOf(variable##Result).constData()); \
    [[maybe_unused]] const auto &variable = *variable##Result
