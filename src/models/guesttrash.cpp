// SPDX-License-Identifier: MIT
#include "guesttrash.h"

#include <QDateTime>

#include "guestpath.h"

using namespace Qt::StringLiterals;

namespace voidrun::guesttrash
{

QString placeFor(const QString &path, const QDateTime &moment)
{
    return Folder % u'/' % moment.toUTC().toString(u"yyyyMMdd-HHmmss-zzz"_s) %
           guestpath::clean(path);
}

QString originOf(const QString &path)
{
    const QString clean = guestpath::clean(path);
    if (!isInTrash(clean))
        return {};
    const qsizetype moment = Folder.size() + 1;
    const qsizetype origin = clean.indexOf(u'/', moment);
    return origin < 0 ? QString() : clean.mid(origin);
}

bool isInTrash(const QString &path)
{
    return guestpath::isInside(guestpath::clean(path), QString(Folder));
}

}  // namespace voidrun::guesttrash
