// SPDX-License-Identifier: MIT
#include "watchfiltermodel.h"

#include "guestpath.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

WatchFilterModel::WatchFilterModel(WatchEventsModel *events, QObject *parent)
    : QSortFilterProxyModel(parent), m_events(events)
{
    setSourceModel(events);
}

void WatchFilterModel::setKind(std::optional<WatchChange::Kind> kind)
{
    m_kind = kind;
    invalidateRowsFilter();
}

void WatchFilterModel::setSandbox(const QString &sandboxId)
{
    m_sandboxId = sandboxId;
    invalidateRowsFilter();
}

void WatchFilterModel::setPattern(const QString &pattern)
{
    m_text = pattern.trimmed();
    const bool isWild = m_text.contains(u'*') || m_text.contains(u'?');
    m_pattern = isWild
                    ? QRegularExpression(QRegularExpression::wildcardToRegularExpression(
                                             m_text, QRegularExpression::NonPathWildcardConversion),
                                         QRegularExpression::CaseInsensitiveOption |
                                             QRegularExpression::DotMatchesEverythingOption)
                    : QRegularExpression();
    invalidateRowsFilter();
}

bool WatchFilterModel::isFiltering() const
{
    return m_kind || !m_sandboxId.isEmpty() || !m_text.isEmpty();
}

const WatchChange &WatchFilterModel::change(const QModelIndex &index) const
{
    return m_events->change(mapToSource(index));
}

QList<WatchChange> WatchFilterModel::changes() const
{
    QList<WatchChange> changes;
    changes.reserve(rowCount());
    for (int row = 0; row < rowCount(); ++row)
        changes.append(change(index(row, 0)));
    return changes;
}

bool WatchFilterModel::filterAcceptsRow(int row, const QModelIndex &) const
{
    const WatchChange &change = m_events->change(m_events->index(row, 0));
    if (!m_sandboxId.isEmpty() && change.sandboxId != m_sandboxId)
        return false;
    if (change.kind == WatchChange::Kind::RescanNeeded)
        return true;
    if (m_kind && change.kind != *m_kind)
        return false;
    if (m_text.isEmpty())
        return true;
    if (m_pattern.pattern().isEmpty())
        return change.path.contains(m_text, Qt::CaseInsensitive);
    // "*.py" means names, "/app/*.py" whole paths.
    const QString subject = m_text.contains(u'/') ? change.path : guestpath::fileName(change.path);
    return m_pattern.match(subject).hasMatch();
}

}  // namespace voidrun
