// SPDX-License-Identifier: MIT
#include "listingcodec.h"

#include <QJsonValue>
#include <QUtf8StringView>

#include <algorithm>
#include <utility>

#include "jsoncodec.h"
#include "jsonreader.h"

namespace voidrun::codec
{

namespace
{

constexpr uint typeMask = 0170000;
constexpr uint typeDirectory = 0040000;
constexpr uint typeSymlink = 0120000;
constexpr qsizetype maxEntries = 400'000;
constexpr qsizetype usualEntry = 128;  // bytes of text

}  // namespace

void completeEntry(FileEntry &entry, uint mode, std::optional<bool> isDir,
                   std::optional<bool> isSymlink, const QString &directory)
{
    if (!entry.path.startsWith(u'/'))
        entry.path = (directory.endsWith(u'/') ? directory : directory + u'/') + entry.name;
    entry.mode = mode & 07777;
    entry.isSymlink = isSymlink.value_or((mode & typeMask) == typeSymlink);
    entry.isDir = isDir.value_or((mode & typeMask) == typeDirectory);
}

std::optional<QList<FileEntry>> ListingReader::read()
{
    const bool isUsual = takeObject([this](QByteArrayView key) { return envelopeMember(key); });
    skipSpace();
    if (!isUsual || !m_hasList || m_at != m_text.size())
        return std::nullopt;
    return std::move(m_entries);
}

bool ListingReader::envelopeMember(QByteArrayView key)
{
    if (key == "status")
        return takeText() == "success";
    if (key == "success")
        return takeWord("true");
    if (key == "message")
        return takeText().has_value();
    return key == "data" && takeObject([this](QByteArrayView inner) { return dataMember(inner); });
}

bool ListingReader::dataMember(QByteArrayView key)
{
    if (key == "success")
        return takeWord("true");
    if (key != field::files || std::exchange(m_hasList, true) || !take('['))
        return false;
    if (take(']'))
        return true;
    m_entries.reserve(std::min(m_text.size() / usualEntry, maxEntries));
    do {
        if (m_entries.size() >= maxEntries || !readEntry())
            return false;
    } while (take(','));
    return take(']');
}

bool ListingReader::readEntry()
{
    FileEntry &entry = m_entries.emplaceBack();
    uint mode = 0;
    std::optional<bool> isDir;
    std::optional<bool> isSymlink;
    uint seen = 0;
    const auto once = [&seen](uint bit) { return (std::exchange(seen, seen | bit) & bit) == 0; };
    const bool isUsual = takeObject([&](QByteArrayView key) {
        if (key == field::name)
            return once(1) && takeString(entry.name);
        if (key == field::path)
            return once(2) && takeString(entry.path);
        if (key == field::size) {
            const auto size = takeNumber();
            entry.size = size.value_or(0);
            return once(4) && size;
        }
        if (key == field::mode)
            return once(8) && readMode(mode);
        if (key == field::isDir)
            return once(16) && (isDir = takeBoolean());
        if (key == field::isSymlink)
            return once(32) && (isSymlink = takeBoolean());
        QString time;
        if (key != field::modTime || !once(64) || !takeString(time))
            return false;
        entry.modTime = JsonReader::timeOf(time);
        return true;
    });
    completeEntry(entry, mode, isDir, isSymlink, m_directory);
    return isUsual && (seen & 1);
}

bool ListingReader::readMode(uint &mode)
{
    if (const auto number = takeNumber()) {
        mode = parseMode(QJsonValue(*number)).value_or(0);
        return true;
    }
    const auto text = takeText();
    if (!text)
        return false;
    const auto isOctal = [](char c) { return c >= '0' && c <= '7'; };
    if (text->size() == 4 && std::ranges::all_of(*text, isOctal)) {
        for (const char c : *text)
            mode = mode * 8 + static_cast<uint>(c - '0');
    } else {
        mode = parseMode(QJsonValue(QString::fromUtf8(*text))).value_or(0);
    }
    return true;
}

void ListingReader::skipSpace()
{
    const auto isSpace = [](char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; };
    while (m_at < m_text.size() && isSpace(m_text[m_at]))
        ++m_at;
}

bool ListingReader::take(char c)
{
    skipSpace();
    if (m_at >= m_text.size() || m_text[m_at] != c)
        return false;
    ++m_at;
    return true;
}

std::optional<QByteArrayView> ListingReader::takeText()
{
    if (!take('"'))
        return std::nullopt;
    const qsizetype start = m_at;
    uchar bits = 0;
    for (; m_at < m_text.size() && m_text[m_at] != '"'; ++m_at) {
        const auto c = static_cast<uchar>(m_text[m_at]);
        if (c < 0x20 || c == '\\')
            return std::nullopt;
        bits |= c;
    }
    const QByteArrayView text = m_text.sliced(start, m_at - start);
    if (!take('"') || (bits >= 0x80 && !QUtf8StringView(text).isValidUtf8()))
        return std::nullopt;
    return text;
}

bool ListingReader::takeString(QString &string)
{
    const auto text = takeText();
    string = QString::fromUtf8(text.value_or(QByteArrayView()));
    return text.has_value();
}

std::optional<qint64> ListingReader::takeNumber()
{
    constexpr qsizetype mostDigits = 15;  // which a double holds as well
    skipSpace();
    const qsizetype start = m_at;
    qint64 number = 0;
    for (; m_at < m_text.size() && m_text[m_at] >= '0' && m_text[m_at] <= '9'; ++m_at) {
        if (m_at - start >= mostDigits)
            return std::nullopt;
        number = number * 10 + (m_text[m_at] - '0');
    }
    const qsizetype digits = m_at - start;
    if (digits == 0 || (digits > 1 && m_text[start] == '0'))
        return std::nullopt;
    return number;
}

std::optional<bool> ListingReader::takeBoolean()
{
    if (takeWord("true"))
        return true;
    return takeWord("false") ? std::optional(false) : std::nullopt;
}

bool ListingReader::takeWord(QByteArrayView word)
{
    skipSpace();
    if (!m_text.sliced(m_at).startsWith(word))
        return false;
    m_at += word.size();
    return true;
}

template<class Member>
bool ListingReader::takeObject(Member member)
{
    if (!take('{'))
        return false;
    if (take('}'))
        return true;
    do {
        const auto key = takeText();
        if (!key || !take(':') || !member(*key))
            return false;
    } while (take(','));
    return take('}');
}

}  // namespace voidrun::codec
