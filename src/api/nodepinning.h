// SPDX-License-Identifier: MIT
#pragma once

#include <QString>
#include <QUrl>

namespace voidrun
{

// The base URL for a sandbox on node `nodeId` (contract section 1): `https://<nodeId>-<domain>` on
// hosted hosts, the same with the base's own scheme elsewhere when `pinOthers` is set. The base
// itself where pinning does not apply or the id is no host label (so that it cannot lead the key
// to another domain).
QUrl pinnedBaseUrl(const QUrl &base, const QString &nodeId, bool pinOthers);

}  // namespace voidrun
