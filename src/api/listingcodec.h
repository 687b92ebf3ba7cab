// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArrayView>
#include <QLatin1StringView>
#include <QList>

#include <optional>

#include "types.h"

namespace voidrun::codec
{

// The fields of a listing of files (contract section 4), for both of its readers.
namespace field
{
constexpr QLatin1StringView files("files");
constexpr QLatin1StringView name("name");
constexpr QLatin1StringView path("path");
constexpr QLatin1StringView size("size");
constexpr QLatin1StringView mode("mode");
constexpr QLatin1StringView isDir("isDir");
constexpr QLatin1StringView isSymlink("isSymlink");
constexpr QLatin1StringView modTime("modTime");
}  // namespace field

// What an entry's fields leave open: its path below `directory`, and its type where only `mode`
// (a st_mode) tells it.
void completeEntry(FileEntry &entry, uint mode, std::optional<bool> isDir,
                   std::optional<bool> isSymlink, const QString &directory);

// Reads a listing of the usual form straight from its text, without the values between: a third of
// the time and a small part of the memory of a QJsonDocument. Whatever is less usual (an error, an
// unknown field, an escape in a name, over 400,000 entries) is left to the JSON reader, which also
// has the words for it. Pure, any thread.
class ListingReader
{
public:
    // Both outlive the reader.
    ListingReader(QByteArrayView json, const QString &directory)
        : m_text(json), m_directory(directory)
    {
    }

    std::optional<QList<FileEntry>> read();

private:
    bool envelopeMember(QByteArrayView key);
    bool dataMember(QByteArrayView key);
    bool readEntry();
    bool readMode(uint &mode);

    void skipSpace();
    // Each takes what it is called after, white space before it included, or gives nothing.
    bool take(char c);
    std::optional<QByteArrayView> takeText();
    bool takeString(QString &string);
    std::optional<qint64> takeNumber();
    std::optional<bool> takeBoolean();
    bool takeWord(QByteArrayView word);
    // `member(key)` takes the value of each.
    template<class Member>
    bool takeObject(Member member);

    QByteArrayView m_text;
    const QString &m_directory;
    qsizetype m_at = 0;
    bool m_hasList = false;
    QList<FileEntry> m_entries;
};

}  // namespace voidrun::codec
