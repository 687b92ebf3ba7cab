// SPDX-License-Identifier: MIT
#include "guestpath.h"

#include <QRegularExpression>
#include <QStringList>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace voidrun::guestpath
{

QString clean(const QString &path)
{
    QStringList parts;
    for (const QString &part : path.split(u'/', Qt::SkipEmptyParts)) {
        if (part == u"."_s)
            continue;
        if (part != u".."_s)
            parts.append(part);
        else if (!parts.isEmpty())
            parts.removeLast();
    }
    return u'/' + parts.join(u'/');
}

QString join(const QString &folder, const QString &name)
{
    return folder.endsWith(u'/') ? QString(folder + name) : QString(folder + u'/' + name);
}

QString parent(const QString &path)
{
    const qsizetype slash = path.lastIndexOf(u'/');
    return slash <= 0 ? u"/"_s : path.left(slash);
}

QString fileName(const QString &path)
{
    return path.mid(path.lastIndexOf(u'/') + 1);
}

bool isInside(const QString &path, const QString &folder)
{
    return folder == u"/"_s || path == folder || path.startsWith(folder + u'/');
}

bool isValidName(const QString &name)
{
    constexpr qsizetype MaxBytes = 255;  // NAME_MAX of every file system in use
    return !name.isEmpty() && name != u"."_s && name != u".."_s && !name.contains(u'/') &&
           !name.contains(QChar::Null) && name.size() <= MaxBytes &&
           name.toUtf8().size() <= MaxBytes;
}

QString shellQuoted(const QString &path)
{
    static const QRegularExpression plain(u"\\A[A-Za-z0-9_@%+:,./][A-Za-z0-9_@%+:,./-]*\\z"_s);
    if (plain.match(path).hasMatch())
        return path;
    const auto isControl = [](QChar c) { return c.unicode() < 0x20 || c.unicode() == 0x7f; };
    const bool hasControl = std::ranges::any_of(path, isControl);
    QString quoted = hasControl ? u"$'"_s : u"'"_s;
    for (const QChar c : path) {
        if (isControl(c))
            quoted += u"\\x%1"_s.arg(int(c.unicode()), 2, 16, QChar(u'0'));
        else if (c == u'\'')
            quoted += hasControl ? u"\\'"_s : u"'\\''"_s;
        else if (c == u'\\' && hasControl)
            quoted += u"\\\\"_s;
        else
            quoted += c;
    }
    return quoted + u'\'';
}

QString freeName(const QString &name, bool isDir,
                 const std::function<bool(const QString &)> &isTaken)
{
    qsizetype dot = isDir ? -1 : name.lastIndexOf(u'.');
    if (dot > 4 && QStringView(name).left(dot).endsWith(u".tar"_s))
        dot -= 4;
    if (dot <= 0)
        dot = name.size();
    constexpr int MaxTries = 10'000;
    for (int number = 2; number < MaxTries; ++number) {
        const QString candidate =
            name.left(dot) + u" ("_s + QString::number(number) + u')' + name.mid(dot);
        if (!isTaken(candidate))
            return candidate;
    }
    return {};
}

}  // namespace voidrun::guestpath
