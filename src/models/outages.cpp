// SPDX-License-Identifier: MIT
#include "outages.h"

namespace voidrun
{

namespace
{
// After so long without an error the next one belongs to another outage: nobody may be there to
// notice the end of one, as with the server of a connection that is not open.
constexpr qint64 OverAfter = 60;  // s
}  // namespace

bool Outages::isOutage(const Error &error)
{
    return error.httpStatus == 0 &&
           (error.kind == Error::Kind::Unreachable || error.kind == Error::Kind::ConnectionLost ||
            error.kind == Error::Kind::Timeout);
}

Outages::Say Outages::say(const QString &connectionId, const Error &error, const QDateTime &now)
{
    if (!isOutage(error))
        return Say::Itself;
    Known &known = m_known[connectionId];
    if (known.last.isValid() && known.last.secsTo(now) >= OverAfter)
        known = {};
    const bool isFirst = !known.last.isValid();
    known.last = now;
    // A call that was cut says so itself; only one that finds nobody knows of more.
    if (isFirst && error.kind != Error::Kind::Unreachable)
        return Say::Itself;
    if (!isFirst)
        return Say::Nothing;
    known.wasTold = true;
    return Say::Outage;
}

bool Outages::end(const QString &connectionId)
{
    return m_known.take(connectionId).wasTold;
}

}  // namespace voidrun
