// SPDX-License-Identifier: MIT
#include "retrypolicy.h"

#include <QDateTime>
#include <QLocale>
#include <QRandomGenerator>
#include <QTimeZone>

#include <algorithm>

namespace voidrun
{

using namespace Qt::StringLiterals;
using std::chrono::milliseconds;

milliseconds parseRetryAfter(const QByteArray &header)
{
    const QByteArray text = header.trimmed();
    bool ok = false;
    const qint64 seconds = text.toLongLong(&ok);
    if (ok)
        return std::chrono::seconds(std::clamp<qint64>(seconds, 0, 1'000'000));
    // Qt's RFC 2822 wants a numeric zone; HTTP dates always say GMT.
    const QDateTime date = QDateTime::fromString(
        QString::fromLatin1(text).replace(" GMT"_L1, " +0000"_L1), Qt::RFC2822Date);
    if (!date.isValid())
        return {};
    return milliseconds(
        std::clamp<qint64>(QDateTime::currentDateTimeUtc().msecsTo(date), 0, 1'000'000'000));
}

milliseconds jitteredPause(int tries, milliseconds minimum, milliseconds maximum)
{
    const qint64 limit =
        std::min<qint64>(maximum.count(), minimum.count() << std::min(tries + 1, 16));
    const qint64 spread = std::max<qint64>(0, limit - minimum.count());
    return minimum + milliseconds(QRandomGenerator::global()->bounded(spread + 1));
}

bool isPassing(const Error &error)
{
    using Kind = Error::Kind;
    switch (error.kind) {
        case Kind::Unreachable:
        case Kind::ConnectionLost:
        case Kind::Timeout:
        case Kind::Overloaded:
        case Kind::Unavailable:
        case Kind::Server:
            return true;
        default:
            return false;
    }
}

milliseconds ReconnectPauses::next(qint64 held)
{
    if (held >= m_options.stableAfter.count())
        m_tries = 0;
    return jitteredPause(m_tries++, m_options.retryMin, m_options.retryMax);
}

std::optional<milliseconds> retryPause(const Error &error, int repeats, milliseconds retryAfter,
                                       const TransportOptions &options)
{
    using Kind = Error::Kind;
    const bool passes = error.kind == Kind::ConnectionLost || error.kind == Kind::Overloaded ||
                        error.kind == Kind::Unavailable || error.kind == Kind::Unreachable ||
                        error.httpStatus == 408 || error.httpStatus == 425;
    const int limit =
        error.kind == Kind::Unreachable ? options.maxUnreachableRetries : options.maxRetries;
    if (!passes || repeats >= limit || retryAfter > options.retryAfterMax)
        return std::nullopt;
    return std::max(retryAfter, jitteredPause(repeats, options.retryMin, options.retryMax));
}

}  // namespace voidrun
