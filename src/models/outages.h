// SPDX-License-Identifier: MIT
#pragma once

#include <QDateTime>
#include <QHash>
#include <QString>

#include "api/error.h"

namespace voidrun
{

// Which servers are known to be away, so that one outage makes one message and not one for every
// call that meets it. GUI thread.
class Outages
{
public:
    enum class Say {
        Itself,   // no outage: what happened
        Outage,   // that the server is away
        Nothing,  // it was said
    };

    // What to say of an error of a call to this connection, at that moment.
    Say say(const QString &connectionId, const Error &error,
            const QDateTime &now = QDateTime::currentDateTimeUtc());
    // It has answered. True where an outage had been told.
    bool end(const QString &connectionId);

    static bool isOutage(const Error &error);

private:
    struct Known {
        QDateTime last;  // error of it
        bool wasTold = false;
    };
    QHash<QString, Known> m_known;  // by connection
};

}  // namespace voidrun
