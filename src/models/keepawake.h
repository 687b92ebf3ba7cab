// SPDX-License-Identifier: MIT
#pragma once

#include <QDeadlineTimer>
#include <QHash>
#include <QObject>
#include <QPointer>
#include <QSet>

class QSettings;

namespace voidrun
{

class SandboxModel;

// Keeps sandboxes that a person chose awake while something lives in them: switches autoSleep off
// then, and on again when it is over. What it has switched off is in the settings before the server
// is asked, so that the next run of the application switches it on again after a crash. GUI thread.
class KeepAwake : public QObject
{
    Q_OBJECT

public:
    // All outlive this.
    KeepAwake(SandboxModel *sandboxes, QSettings *settings, const QString &connectionId,
              QObject *parent = nullptr);

    bool isOn(const QString &sandboxId) const { return m_on.contains(sandboxId); }
    void setOn(const QString &sandboxId, bool on);
    // Whether a run, process or terminal lives in it.
    void setBusy(const QString &sandboxId, bool busy);
    // Switches all of them off, as before the end of the application.
    void releaseAll();
    // One is held that is not to be, and the server has not said yes yet.
    bool isReleasing() const;
    // It is not asleep now only because of this.
    bool isHeld(const QString &sandboxId) const { return m_held.contains(sandboxId); }

Q_SIGNALS:
    void changed(const QString &sandboxId);
    void released(const QString &sandboxId);  // it may sleep again

private:
    void reconcile();
    void reconcile(const QString &sandboxId);
    void ask(const QString &sandboxId, bool autoSleep);
    void remember(const QString &sandboxId, bool held);

    QPointer<SandboxModel> m_sandboxes;
    QSettings *m_settings;
    const QString m_key;
    QSet<QString> m_on;
    QSet<QString> m_busy;
    QSet<QString> m_held;                   // autoSleep is off because of this, or will be
    QSet<QString> m_asked;                  // what the list says of them is older than that
    QHash<QString, QDeadlineTimer> m_rest;  // after a failure, before it is tried again
    bool m_isReconciling = false;
};

}  // namespace voidrun
