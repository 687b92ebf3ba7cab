// SPDX-License-Identifier: MIT
#include "guestcheck.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

QString posixQuoted(const QString &word)
{
    return u'\'' + QString(word).replace(u'\'', "'\\''"_L1) + u'\'';
}

void GuestCheck::add(const QString &path, bool wantsHash, std::optional<uint> mode,
                     const QDateTime &modified)
{
    const qint64 ms = modified.isValid() ? modified.toMSecsSinceEpoch() : 0;
    m_calls += u"c %1 %2 %3 %4\n"_s.arg(
        posixQuoted(path), mode ? QString::number(*mode, 8) : u"-"_s,
        modified.isValid() ? u"@%1.%2"_s.arg(ms / 1000).arg(ms % 1000, 3, 10, QChar(u'0')) : u"-"_s,
        wantsHash ? u"1"_s : u"-"_s);
    ++m_count;
}

QString GuestCheck::command() const
{
    // One line for each file, in their order: size, octal mode, hash; "-" for what is not known.
    constexpr auto Function =
        "c() {\n"
        "[ \"$2\" = - ] || chmod \"$2\" \"$1\"\n"
        "[ \"$3\" = - ] || touch -d \"$3\" \"$1\"\n"
        "s=$(stat -L -c '%s %a' \"$1\") || s='- -'\n"
        "h=-; [ \"$4\" = - ] || h=$(sha256sum <\"$1\") || h=-\n"
        "echo \"$s ${h%% *}\"\n"
        "} 2>/dev/null\n"_L1;
    return Function + m_calls;
}

QList<GuestCheck::Found> GuestCheck::parse(const QString &output) const
{
    const QStringList lines = output.split(u'\n', Qt::SkipEmptyParts);
    if (lines.size() != m_count)
        return {};
    QList<Found> all;
    for (const QString &line : lines) {
        const QStringList words = line.split(u' ');
        if (words.size() != 3)
            return {};
        Found found;
        bool isNumber = false;
        if (const qint64 size = words[0].toLongLong(&isNumber); isNumber)
            found.size = size;
        if (const uint mode = words[1].toUInt(&isNumber, 8); isNumber)
            found.mode = mode;
        if (constexpr qsizetype HexLength = 64; words[2].size() == HexLength)
            found.hash = words[2].toLatin1();
        all.append(found);
    }
    return all;
}

}  // namespace voidrun
