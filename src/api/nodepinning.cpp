// SPDX-License-Identifier: MIT
#include "nodepinning.h"

#include <QHostAddress>
#include <QRegularExpression>

namespace voidrun
{

using namespace Qt::StringLiterals;

QUrl pinnedBaseUrl(const QUrl &base, const QString &nodeId, bool pinOthers)
{
    static const QRegularExpression label(u"\\A[A-Za-z0-9](?:[A-Za-z0-9-]{0,47})\\z"_s);
    static const QRegularExpression handle(u"\\A[a-z0-9]{10}-"_s);
    const QString host = base.host();
    const bool hosted = host.endsWith(".void-run.com"_L1);
    if (host.isEmpty() || !(hosted || pinOthers) || !label.match(nodeId).hasMatch())
        return base;
    if (!QHostAddress(host).isNull())
        return base;
    QUrl pinned = base;
    pinned.setHost(nodeId + u'-' + QString(host).remove(handle));
    if (!pinned.isValid() || pinned.host().isEmpty())
        return base;
    if (hosted)
        pinned.setScheme(u"https"_s);
    return pinned;
}

}  // namespace voidrun
