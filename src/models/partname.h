// SPDX-License-Identifier: MIT
#pragma once

#include <QDateTime>
#include <QSet>
#include <QString>

// The hidden names of what is on its way, ".NAME.TAG.voidrun-part", here and in sandboxes. The tag
// says which transfer it belongs to.
namespace voidrun::partname
{

QString newTag();

// At most 255 bytes; another name gives another one, however long both are.
QString make(const QString &name, const QString &tag);
// The same with an ending by which tools know a tar.
QString makeArchive(const QString &name, const QString &tag);

// Empty for a name that is none of these.
QString tagOf(const QString &name);

}  // namespace voidrun::partname

namespace voidrun
{

// Whose hidden names this process knows, so that it removes what no transfer needs any more: what
// an ended or killed one of ours has left at once, what nobody knows after a day. Owned by the
// TransferWorker, in its thread.
class PartTags
{
public:
    void learn(const QStringList &tags);
    void begin(const QString &tag);
    void end(const QString &tag) { m_active.remove(tag); }

    bool isLeftOver(const QString &name, const QDateTime &modified) const;

private:
    QSet<QString> m_known;
    QSet<QString> m_active;
};

}  // namespace voidrun
