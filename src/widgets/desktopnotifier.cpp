// SPDX-License-Identifier: MIT
#include "desktopnotifier.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QGuiApplication>
#include <QVariantMap>

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

const QString Service = u"org.freedesktop.Notifications"_s;
const QString Path = u"/org/freedesktop/Notifications"_s;
constexpr int ServicesTime = -1;  // ms that it is shown: as the desktop thinks best

QDBusMessage callOf(const QString &method)
{
    return QDBusMessage::createMethodCall(Service, Path, Service, method);
}

void closeNotice(uint id)
{
    if (id == 0)
        return;
    QDBusMessage call = callOf(u"CloseNotification"_s);
    call.setArguments({id});
    QDBusConnection::sessionBus().asyncCall(call);
}

}  // namespace

DesktopNotifier::DesktopNotifier(QObject *parent) : QObject(parent)
{
    QDBusConnection bus = QDBusConnection::sessionBus();
    bus.connect(Service, Path, Service, u"ActionInvoked"_s, this, SLOT(onAction(uint, QString)));
    bus.connect(Service, Path, Service, u"NotificationClosed"_s, this, SLOT(onClosed(uint, uint)));
}

void DesktopNotifier::show(int topic, const QString &title, const QString &body,
                           const QString &action)
{
    Notice &notice = m_notices[topic];
    notice.title = title;
    notice.body = body;
    notice.action = action;
    notice.isWithdrawn = false;
    // The number of the one that it replaces comes with its answer.
    if (notice.isAsked)
        notice.isNew = true;
    else
        send(topic);
}

void DesktopNotifier::send(int topic)
{
    Notice &notice = m_notices[topic];
    notice.isAsked = true;
    notice.isNew = false;
    QDBusMessage call = callOf(u"Notify"_s);
    call.setArguments(
        {QGuiApplication::applicationDisplayName(), notice.id, QGuiApplication::desktopFileName(),
         notice.title, notice.body.toHtmlEscaped(),
         QStringList{u"default"_s, notice.action, u"show"_s, notice.action},
         QVariantMap{{u"desktop-entry"_s, QGuiApplication::desktopFileName()}}, ServicesTime});
    auto *watcher =
        new QDBusPendingCallWatcher(QDBusConnection::sessionBus().asyncCall(call), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this,
            [this, topic](QDBusPendingCallWatcher *answered) { onAnswer(topic, answered); });
}

void DesktopNotifier::onAnswer(int topic, QDBusPendingCallWatcher *call)
{
    call->deleteLater();
    const QDBusPendingReply<uint> reply = *call;
    const auto found = m_notices.find(topic);
    if (found == m_notices.end())
        return;
    found->isAsked = false;
    found->id = reply.isError() ? 0 : reply.value();
    if (found->isWithdrawn) {
        closeNotice(found->id);
        m_notices.erase(found);
    } else if (found->isNew) {
        send(topic);
    }
}

void DesktopNotifier::withdrawAll()
{
    for (auto it = m_notices.begin(); it != m_notices.end();) {
        if (it->isAsked) {  // closed when its number has come
            it->isWithdrawn = true;
            ++it;
            continue;
        }
        closeNotice(it->id);
        it = m_notices.erase(it);
    }
}

void DesktopNotifier::onAction(uint id, const QString &)
{
    for (auto it = m_notices.cbegin(); it != m_notices.cend(); ++it) {
        if (it->id == id && id != 0) {
            Q_EMIT activated(it.key());
            return;
        }
    }
}

// By the person or by time: the next one is a new one.
void DesktopNotifier::onClosed(uint id, uint)
{
    for (Notice &notice : m_notices) {
        if (notice.id == id)
            notice.id = 0;
    }
}

}  // namespace voidrun
