// SPDX-License-Identifier: MIT
#include "watchtext.h"

#include <QCoreApplication>
#include <QLocale>

#include "errortext.h"
#include "models/visibletext.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

struct WatchText {
    Q_DECLARE_TR_FUNCTIONS(voidrun::WatchText)
};

QString timeText(const QDateTime &time)
{
    const QDateTime local = time.toLocalTime();
    if (local.date() == QDate::currentDate())
        return QLocale().toString(local.time(), u"HH:mm:ss"_s);
    return QLocale().toString(local, QLocale::ShortFormat);
}

QString lastChange(const Watch &watch)
{
    return watch.lastEvent.isValid()
               ? WatchText::tr("Last change at %1.").arg(timeText(watch.lastEvent))
               : WatchText::tr("No change yet.");
}

// What is said of a watch that works.
QString liveSentence(const Watch &watch)
{
    if (watch.isScanning && watch.isKnown)
        return WatchText::tr("Comparing what is there with what was seen…");
    if (watch.isScanning)
        return WatchText::tr("Listing what is there…");
    if (watch.needsRescan && watch.isKnown)
        return WatchText::tr("Changes may have been missed. Press Rescan to find them.");
    if (watch.needsRescan)
        return WatchText::tr("Changes may have been missed.");
    return WatchText::tr("Live.");
}

QString stateSentence(const Watch &watch)
{
    switch (watch.state) {
        case Watch::State::Connecting:
            return WatchText::tr("Connecting…");
        case Watch::State::Live:
            return liveSentence(watch);
        case Watch::State::Reconnecting:
            return WatchText::tr("The connection was lost; it is tried again by itself.");
        case Watch::State::Asleep:
            return WatchText::tr("“%1” does not run. Watching goes on when it wakes.")
                .arg(visibleText(watch.sandboxName));
        case Watch::State::Stopped:
            return WatchText::tr("Stopped. %1").arg(errorText(watch.error));
    }
    return {};
}

}  // namespace

QString watchSentence(const Watch &watch)
{
    return stateSentence(watch) + u' ' + lastChange(watch);
}

QString watchStateText(const Watch &watch)
{
    switch (watch.state) {
        case Watch::State::Connecting:
            return WatchText::tr("Connecting…");
        case Watch::State::Live:
            if (watch.isScanning)
                return WatchText::tr("Looking…");
            if (watch.needsRescan)
                return WatchText::tr("Rescan needed");
            return watch.lastEvent.isValid()
                       ? WatchText::tr("Live · %1").arg(timeText(watch.lastEvent))
                       : WatchText::tr("Live");
        case Watch::State::Reconnecting:
            return WatchText::tr("Connection lost");
        case Watch::State::Asleep:
            return WatchText::tr("Waits: asleep");
        case Watch::State::Stopped:
            return WatchText::tr("Stopped");
    }
    return {};
}

QString watchIconName(const Watch &watch)
{
    switch (watch.state) {
        case Watch::State::Connecting:
        case Watch::State::Reconnecting:
            return u"waiting"_s;
        case Watch::State::Live:
            return watch.needsRescan ? u"refresh"_s : u"eye"_s;
        case Watch::State::Asleep:
            return u"asleep"_s;
        case Watch::State::Stopped:
            return u"error"_s;
    }
    return {};
}

}  // namespace voidrun
