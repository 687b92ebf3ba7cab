// SPDX-License-Identifier: MIT
#pragma once

#include <QHash>
#include <QObject>

class QDBusPendingCallWatcher;

namespace voidrun
{

// Notices of the desktop (org.freedesktop.Notifications) with one button, at most one for each
// topic: a later one takes the place of the one before. Without such a service nothing happens.
// Never waits. GUI thread.
class DesktopNotifier : public QObject
{
    Q_OBJECT

public:
    explicit DesktopNotifier(QObject *parent = nullptr);

    // `action` is the button's word; `body` may be empty. All plain text.
    void show(int topic, const QString &title, const QString &body, const QString &action);
    void withdrawAll();

Q_SIGNALS:
    // Somebody pressed the button, or the notice itself.
    void activated(int topic);

private Q_SLOTS:
    void onAction(uint id, const QString &action);
    void onClosed(uint id, uint reason);

private:
    void send(int topic);
    void onAnswer(int topic, QDBusPendingCallWatcher *call);

    struct Notice {
        QString title;
        QString body;
        QString action;
        uint id = 0;  // the service's; 0 before it has answered
        bool isAsked = false;
        bool isNew = false;        // to be sent when the answer has come
        bool isWithdrawn = false;  // likewise
    };

    QHash<int, Notice> m_notices;  // by topic
};

}  // namespace voidrun
