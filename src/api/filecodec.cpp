// SPDX-License-Identifier: MIT
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

#include "envelope.h"
#include "errorcodec.h"
#include "jsoncodec.h"
#include "jsonreader.h"

namespace voidrun::codec
{

using namespace Qt::StringLiterals;

namespace
{

constexpr uint typeMask = 0170000;
constexpr uint typeDirectory = 0040000;
constexpr uint typeRegular = 0100000;
constexpr uint typeSymlink = 0120000;

bool isPlausible(uint mode)
{
    const uint type = mode & typeMask;
    return type == 0 || type == typeDirectory || type == typeRegular || type == typeSymlink;
}

// "drwxr-xr-x", with s, S, t and T where they belong.
std::optional<uint> parseSymbolic(const QString &text)
{
    if (text.size() < 10)
        return std::nullopt;
    uint mode = 0;
    switch (text.at(0).unicode()) {
        case u'd':
            mode = typeDirectory;
            break;
        case u'l':
        case u'L':
            mode = typeSymlink;
            break;
        case u'-':
            mode = typeRegular;
            break;
        case u'p':
            mode = 0010000;
            break;
        case u'c':
            mode = 0020000;
            break;
        case u'b':
            mode = 0060000;
            break;
        case u's':
            mode = 0140000;
            break;
        default:
            return std::nullopt;
    }
    for (int i = 0; i < 9; ++i) {
        const QChar c = text.at(i + 1);
        const uint bit = 1U << (8 - i);
        const uint special = 04000U >> (i / 3);
        if (c == "rwx"_L1.at(i % 3))
            mode |= bit;
        else if (i % 3 == 2 && (c == u's' || c == u't'))
            mode |= bit | special;
        else if (i % 3 == 2 && (c == u'S' || c == u'T'))
            mode |= special;
        else if (c != u'-')
            return std::nullopt;
    }
    return mode;
}

std::optional<uint> parseBase(const QString &text, int base)
{
    bool ok = false;
    const uint mode = text.toUInt(&ok, base);
    return ok ? std::optional(mode) : std::nullopt;
}

// A number: st_mode, or Go's FileMode with its own bits above 16.
uint fromNumber(quint64 number)
{
    uint mode = static_cast<uint>(number & 0177777);
    if (number <= 0177777)
        return mode;
    mode &= 0777;
    mode |= (number & (1U << 31))   ? typeDirectory
            : (number & (1U << 27)) ? typeSymlink
                                    : typeRegular;
    mode |= (number & (1U << 23)) ? 04000 : 0;
    mode |= (number & (1U << 22)) ? 02000 : 0;
    mode |= (number & (1U << 20)) ? 01000 : 0;
    return mode;
}

// The tool's own failure inside a 200: exitCode is not 0 and stderr says why.
std::optional<Error> toolFailure(const QJsonObject &object)
{
    const JsonReader reader(object, "result"_L1);
    if (reader.number("exitCode"_L1) == 0)
        return failedEnvelope(object);
    Error error = makeError(Error::Kind::CommandFailed, reader.string("stderr"_L1).trimmed());
    error.httpStatus = 200;
    error.code = u"exit status %1"_s.arg(reader.number("exitCode"_L1));
    if (error.detail.isEmpty())
        error.detail = reader.string("stdout"_L1).trimmed();
    return error;
}

FileEntry entryOf(JsonReader &reader, const QString &directory)
{
    FileEntry entry;
    entry.name = reader.requiredString("name"_L1);
    entry.path = reader.string("path"_L1);
    if (!entry.path.startsWith(u'/'))
        entry.path = (directory.endsWith(u'/') ? directory : directory + u'/') + entry.name;
    entry.size = std::max<qint64>(0, reader.number("size"_L1));
    entry.modTime = reader.time("modTime"_L1);
    const uint mode = parseMode(reader.value("mode"_L1)).value_or(0);
    entry.mode = mode & 07777;
    entry.isSymlink = reader.boolean("isSymlink"_L1, (mode & typeMask) == typeSymlink);
    entry.isDir = reader.boolean("isDir"_L1, (mode & typeMask) == typeDirectory);
    return entry;
}

}  // namespace

std::optional<uint> parseMode(const QJsonValue &value)
{
    if (value.isDouble() && value.toDouble() >= 0 && value.toDouble() <= 4294967295.0)
        return fromNumber(static_cast<quint64>(value.toInteger()));
    if (!value.isString())
        return std::nullopt;
    const QString text = value.toString().trimmed();
    if (const auto symbolic = parseSymbolic(text))
        return symbolic;
    if (text.startsWith("0x"_L1, Qt::CaseInsensitive))
        return parseBase(text, 16);
    if (text.startsWith("0o"_L1))
        return parseBase(text.sliced(2), 8);
    // Short or led by 0: octal as people write it. Longer: st_mode, in the base that makes sense.
    if (text.size() <= 4 || text.startsWith(u'0')) {
        if (const auto octal = parseBase(text, 8))
            return octal;
    }
    const auto decimal = parseBase(text, 10);
    const auto hex = parseBase(text, 16);
    if (decimal && (isPlausible(*decimal) || !hex || !isPlausible(*hex)))
        return fromNumber(*decimal);
    return hex;
}

std::optional<uint> parseHexMode(const QJsonValue &value)
{
    if (value.isString())
        return parseBase(value.toString().trimmed(), 16);
    return parseMode(value);
}

Result<QList<FileEntry>> fileEntries(const Response &response, const QString &directory)
{
    const auto list = unwrapList(response, "files"_L1);
    if (!list)
        return std::unexpected(list.error());
    QList<FileEntry> result;
    result.reserve(list->size());
    for (const auto &value : *list) {
        const QJsonObject object = value.toObject();
        JsonReader reader(object, "file"_L1);
        result.append(entryOf(reader, directory));
        if (reader.error())
            return withAddress(*reader.error(), response);
    }
    return result;
}

Result<FileStat> fileStat(const Response &response, const QString &path)
{
    const auto outer = unwrapObject(response);
    if (!outer)
        return std::unexpected(outer.error());
    if (const auto failure = toolFailure(*outer))
        return std::unexpected(*failure);
    QJsonObject object = *outer;
    if (object.contains("stdout"_L1)) {
        const QJsonDocument inner =
            QJsonDocument::fromJson(object.value("stdout"_L1).toString().toUtf8());
        if (!inner.isObject())
            return std::unexpected(
                notVoidRun(response, u"the field \"stdout\" of the file status is not JSON"_s));
        object = inner.object();
    }
    JsonReader reader(object, "file status"_L1);
    FileStat result;
    result.path = reader.string("path"_L1);
    if (result.path.isEmpty())
        result.path = path;
    result.size = reader.requiredNumber("size"_L1);
    result.mode = parseHexMode(reader.value("mode"_L1)).value_or(0);
    result.mtime = reader.time("mtime"_L1);
    result.type = reader.string("type"_L1);
    if (reader.error())
        return withAddress(*reader.error(), response);
    return result;
}

Result<std::monostate> done(const Response &response)
{
    const QJsonDocument document = QJsonDocument::fromJson(response.body);
    if (!document.isObject())
        return std::monostate();  // plain text, or nothing
    const auto object = unwrapObject(response);
    if (!object) {
        // `data` may be anything here, a text or null too.
        if (object.error().kind == Error::Kind::NotVoidRun)
            return std::monostate();
        return std::unexpected(object.error());
    }
    if (const auto failure = toolFailure(*object))
        return std::unexpected(*failure);
    return std::monostate();
}

}  // namespace voidrun::codec
