// SPDX-License-Identifier: MIT
// How SandboxModel takes a new listing into its rows.
#include <QCollator>
#include <QSet>

#include <algorithm>

#include "sandboxmodel.h"
#include "visibletext.h"

namespace voidrun
{

namespace
{

bool comesBefore(const Sandbox &left, const Sandbox &right)
{
    static thread_local const QCollator collator = nameCollator();
    const int order = collator.compare(left.name, right.name);
    if (order != 0)
        return order < 0;
    return left.name == right.name ? left.id < right.id : left.name < right.name;
}

}  // namespace

int SandboxModel::rowOf(const QString &id) const
{
    const auto found = std::ranges::find(m_sandboxes, id, &Sandbox::id);
    return found == m_sandboxes.end() ? -1 : static_cast<int>(found - m_sandboxes.begin());
}

void SandboxModel::applyOwnChanges(QList<Sandbox> *sandboxes)
{
    const auto isOutdated = [this](int during) { return during < m_refreshNumber; };
    m_createdDuring.removeIf([&](const auto &entry) { return isOutdated(entry.value()); });
    m_deletedDuring.removeIf([&](const auto &entry) { return isOutdated(entry.value()); });
    QSet<QString> seen;
    sandboxes->removeIf([&](const Sandbox &sandbox) {
        const bool again = seen.contains(sandbox.id);  // a row that slid to the next page
        seen.insert(sandbox.id);
        return again || sandbox.isGone() || m_deletedDuring.contains(sandbox.id);
    });
    for (auto created = m_createdDuring.cbegin(); created != m_createdDuring.cend(); ++created) {
        if (const auto kept = sandbox(created.key()); kept && !seen.contains(created.key()))
            sandboxes->append(*kept);
    }
}

void SandboxModel::merge(QList<Sandbox> sandboxes)
{
    applyOwnChanges(&sandboxes);
    QSet<QString> ids;
    for (const Sandbox &sandbox : std::as_const(sandboxes))
        ids.insert(sandbox.id);
    for (qsizetype row = m_sandboxes.size() - 1; row >= 0; --row) {
        if (const QString id = m_sandboxes.at(row).id; !ids.contains(id))
            removeRowOf(id);
    }
    if (m_sandboxes.isEmpty() && !sandboxes.isEmpty()) {
        std::ranges::sort(sandboxes, comesBefore);
        beginInsertRows({}, 0, static_cast<int>(sandboxes.size()) - 1);
        m_sandboxes = std::move(sandboxes);
        endInsertRows();
        return;
    }
    QHash<QString, Sandbox> before;
    for (const Sandbox &sandbox : std::as_const(m_sandboxes))
        before.insert(sandbox.id, sandbox);
    for (const Sandbox &sandbox : std::as_const(sandboxes)) {
        const auto known = before.constFind(sandbox.id);
        if (known == before.cend())
            insertRow(sandbox);
        else if (*known != sandbox)
            updateRow(rowOf(sandbox.id), sandbox);
    }
}

void SandboxModel::insertRow(const Sandbox &sandbox)
{
    const auto place = std::ranges::lower_bound(m_sandboxes, sandbox, comesBefore);
    const int row = static_cast<int>(place - m_sandboxes.begin());
    beginInsertRows({}, row, row);
    m_sandboxes.insert(row, sandbox);
    endInsertRows();
}

void SandboxModel::updateRow(int row, const Sandbox &sandbox)
{
    if (m_sandboxes.at(row).name != sandbox.name) {
        const auto before = std::ranges::count_if(m_sandboxes, [&](const Sandbox &other) {
            return other.id != sandbox.id && comesBefore(other, sandbox);
        });
        const int target = static_cast<int>(before);
        if (target != row) {
            beginMoveRows({}, row, row, {}, target > row ? target + 1 : target);
            m_sandboxes.move(row, target);
            endMoveRows();
            row = target;
        }
    }
    m_sandboxes[row] = sandbox;
    Q_EMIT dataChanged(index(row, 0), index(row, ColumnCount - 1));
}

void SandboxModel::removeRowOf(const QString &id)
{
    const int row = rowOf(id);
    if (row < 0)
        return;
    beginRemoveRows({}, row, row);
    m_sandboxes.removeAt(row);
    endRemoveRows();
    Q_EMIT sandboxGone(id);
}

void SandboxModel::setActivity(const QString &id, Activity activity)
{
    if (activity == Activity::None)
        m_activities.remove(id);
    else
        m_activities.insert(id, activity);
    if (const QModelIndex index = indexOf(id); index.isValid())
        Q_EMIT dataChanged(index, index);
}

}  // namespace voidrun
