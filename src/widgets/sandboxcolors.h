// SPDX-License-Identifier: MIT
#pragma once

#include <QHash>
#include <QIcon>

namespace voidrun
{

// The colour that tells the tabs of one sandbox from those of others; the same wherever it is
// shown. Never the only thing that tells them: the name stands beside it. GUI thread.
class SandboxColors
{
public:
    // Two get the same only when there are more sandboxes than colours.
    QColor colorOf(const QString &sandboxId);

    enum class Mark { None, Watched, Broadcast };
    // A dot in that colour; another shape for a terminal that is only watched or is typed into
    // together with others.
    QIcon icon(const QString &sandboxId, Mark mark);

private:
    QHash<QString, int> m_places;
};

}  // namespace voidrun
