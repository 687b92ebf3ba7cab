// SPDX-License-Identifier: MIT
#pragma once

#include <QRegularExpression>
#include <QSortFilterProxyModel>

#include <optional>

#include "watcheventsmodel.h"

namespace voidrun
{

// The changes that are of a kind, in a sandbox, of files that match a pattern. GUI thread.
class WatchFilterModel : public QSortFilterProxyModel
{
    Q_OBJECT

public:
    explicit WatchFilterModel(WatchEventsModel *events, QObject *parent = nullptr);

    // Unset means all. That changes may have been missed is never left out.
    void setKind(std::optional<WatchChange::Kind> kind);
    void setSandbox(const QString &sandboxId);  // empty means all
    // "*" and "?" stand for anything and any character; without them the path contains it. Any
    // case. Empty means all.
    void setPattern(const QString &pattern);
    bool isFiltering() const;

    const WatchChange &change(const QModelIndex &index) const;
    QList<WatchChange> changes() const;  // in the order of the rows

protected:
    bool filterAcceptsRow(int row, const QModelIndex &parent) const override;

private:
    WatchEventsModel *m_events;
    std::optional<WatchChange::Kind> m_kind;
    QString m_sandboxId;
    QString m_text;
    QRegularExpression m_pattern;
};

}  // namespace voidrun
