// SPDX-License-Identifier: MIT
#include "watchcsv.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

QString cell(QString text)
{
    // What such programs begin a formula with; paths and names of sandboxes never do.
    if (!text.isEmpty() && u"=+-@\t\r"_s.contains(text.front()))
        text.prepend(u'\'');
    if (!text.contains(u'"') && !text.contains(u',') && !text.contains(u'\n') &&
        !text.contains(u'\r'))
        return text;
    return u'"' + text.replace(u'"', u"\"\""_s) + u'"';
}

QString line(const QStringList &texts)
{
    QStringList cells;
    for (const QString &text : texts)
        cells.append(cell(text));
    return cells.join(u',') + u"\r\n"_s;
}

}  // namespace

QByteArray watchCsv(const QList<WatchChange> &changes)
{
    QString text = line({WatchEventsModel::tr("Time"), WatchEventsModel::tr("Sandbox"),
                         WatchEventsModel::tr("File"), WatchEventsModel::tr("What happened"),
                         WatchEventsModel::tr("Renamed from"), WatchEventsModel::tr("Times"),
                         WatchEventsModel::tr("Size in bytes")});
    for (const WatchChange &change : changes) {
        text += line({change.time.toLocalTime().toString(Qt::ISODateWithMs), change.sandboxName,
                      change.path, WatchEventsModel::kindName(change.kind), change.oldPath,
                      QString::number(change.count),
                      change.size ? QString::number(*change.size) : QString()});
    }
    return text.toUtf8();
}

}  // namespace voidrun
