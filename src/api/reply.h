// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>
#include <QPointer>

#include <concepts>
#include <functional>
#include <optional>
#include <utility>

#include "error.h"

namespace voidrun
{

// One API call under way. Lives in the thread of the Client that made it, completes exactly once
// (finished() is never emitted from inside the call that made it) and then deletes itself.
class ReplyBase : public QObject
{
    Q_OBJECT

public:
    explicit ReplyBase(QObject *parent = nullptr);

    bool isFinished() const { return m_finished; }

public Q_SLOTS:
    // Ends the call within a second with Error::Kind::Cancelled; no effect after completion.
    void abort();

Q_SIGNALS:
    void finished();
    // Bytes of the body moved so far; total is -1 where it is not known.
    void progress(qint64 done, qint64 total);
    // For the implementation: somebody called abort().
    void abortRequested();

protected:
    // Marks the reply complete, emits finished() and schedules deletion. A second call does
    // nothing.
    void complete();

private:
    bool m_finished = false;
};

// A reply with its typed answer.
template<class T>
class Reply : public ReplyBase
{
public:
    using ReplyBase::ReplyBase;

    // Valid once finished() was emitted.
    const Result<T> &result() const { return *m_result; }

    // Calls `callback(const Result<T> &)` once, unless `context` dies first.
    template<std::invocable<const Result<T> &> Callback>
    void onFinished(const QObject *context, Callback callback)
    {
        connect(this, &ReplyBase::finished, context,
                [this, callback = std::move(callback)] { callback(*m_result); });
    }

    // For the implementation: stores the answer and completes.
    void setResult(Result<T> result)
    {
        if (m_result)
            return;
        m_result = std::move(result);
        complete();
    }

private:
    std::optional<Result<T>> m_result;
};

}  // namespace voidrun
