// SPDX-License-Identifier: MIT
#include "keepawake.h"

#include <QSettings>

#include <algorithm>

#include "sandboxmodel.h"

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace voidrun
{

namespace
{
constexpr auto RestAfterFailure = 30s;
}

KeepAwake::KeepAwake(SandboxModel *sandboxes, QSettings *settings, const QString &connectionId,
                     QObject *parent)
    : QObject(parent),
      m_sandboxes(sandboxes),
      m_settings(settings),
      m_key(u"keepAwake/"_s + connectionId)
{
    const QStringList left = settings->value(m_key).toStringList();
    m_held = {left.begin(), left.end()};
    const auto look = [this] { reconcile(); };
    connect(sandboxes, &QAbstractItemModel::dataChanged, this, look);
    connect(sandboxes, &SandboxModel::loadingFinished, this, [this] {
        // Else a newer list is asked for already.
        if (m_sandboxes->loadState() == SandboxModel::LoadState::Loaded)
            m_asked.removeIf([this](const QString &id) { return !m_sandboxes->isBusy(id); });
        reconcile();
    });
    connect(sandboxes, &SandboxModel::changingFailed, this, [this](const QString &sandboxId) {
        m_asked.remove(sandboxId);
        m_rest.insert(sandboxId, QDeadlineTimer(RestAfterFailure));
    });
    connect(sandboxes, &SandboxModel::sandboxGone, this, [this](const QString &sandboxId) {
        m_on.remove(sandboxId);
        remember(sandboxId, false);
    });
}

void KeepAwake::setOn(const QString &sandboxId, bool on)
{
    if (on == isOn(sandboxId))
        return;
    if (on)
        m_on.insert(sandboxId);
    else
        m_on.remove(sandboxId);
    m_rest.remove(sandboxId);
    reconcile(sandboxId);
    Q_EMIT changed(sandboxId);
}

void KeepAwake::setBusy(const QString &sandboxId, bool busy)
{
    if (busy == m_busy.contains(sandboxId))
        return;
    if (busy)
        m_busy.insert(sandboxId);
    else
        m_busy.remove(sandboxId);
    reconcile(sandboxId);
}

void KeepAwake::releaseAll()
{
    m_on.clear();
    m_busy.clear();
    m_rest.clear();
    reconcile();
}

bool KeepAwake::isReleasing() const
{
    return std::ranges::any_of(m_held, [this](const QString &sandboxId) {
        return m_sandboxes && m_sandboxes->sandbox(sandboxId) &&
               !(m_on.contains(sandboxId) && m_busy.contains(sandboxId));
    });
}

// Asking changes the model, which comes back here.
void KeepAwake::reconcile()
{
    if (std::exchange(m_isReconciling, true))
        return;
    for (const QString &sandboxId : QSet<QString>(m_held + m_on))
        reconcile(sandboxId);
    m_isReconciling = false;
}

void KeepAwake::reconcile(const QString &sandboxId)
{
    const auto sandbox = m_sandboxes ? m_sandboxes->sandbox(sandboxId) : std::nullopt;
    if (!sandbox || m_sandboxes->isBusy(sandboxId) || m_asked.contains(sandboxId))
        return;
    const auto rest = m_rest.constFind(sandboxId);
    if (rest != m_rest.constEnd() && !rest->hasExpired())
        return;
    const bool holds = m_on.contains(sandboxId) && m_busy.contains(sandboxId);
    if (holds && sandbox->autoSleep) {
        remember(sandboxId, true);
        ask(sandboxId, false);
    } else if (!holds && m_held.contains(sandboxId) && !sandbox->autoSleep) {
        ask(sandboxId, true);
    } else if (!holds && m_held.contains(sandboxId)) {
        remember(sandboxId, false);
        Q_EMIT released(sandboxId);
    }
}

void KeepAwake::ask(const QString &sandboxId, bool autoSleep)
{
    m_asked.insert(sandboxId);
    m_sandboxes->setAutoSleep(sandboxId, autoSleep);
}

void KeepAwake::remember(const QString &sandboxId, bool held)
{
    if (held == m_held.contains(sandboxId))
        return;
    if (held)
        m_held.insert(sandboxId);
    else
        m_held.remove(sandboxId);
    if (m_held.isEmpty())
        m_settings->remove(m_key);
    else
        m_settings->setValue(m_key, QStringList(m_held.begin(), m_held.end()));
    m_settings->sync();
    Q_EMIT changed(sandboxId);
}

}  // namespace voidrun
