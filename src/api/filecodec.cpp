// SPDX-License-Identifier: MIT
#include <QJsonArray>
#include <QJsonObject>

#include <algorithm>
#include <cmath>

#include "envelope.h"
#include "errorcodec.h"
#include "jsoncodec.h"
#include "jsonreader.h"
#include "jsontext.h"
#include "listingcodec.h"

namespace voidrun::codec
{

using namespace Qt::StringLiterals;

namespace
{

FileEntry entryOf(JsonReader &reader, const QString &directory)
{
    const auto optional = [&reader](QLatin1StringView name) {
        const QJsonValue value = reader.value(name);
        return value.isBool() ? std::optional(value.toBool()) : std::nullopt;
    };
    FileEntry entry;
    entry.name = reader.requiredString(field::name);
    entry.path = reader.string(field::path);
    entry.size = std::max<qint64>(0, reader.number(field::size));
    entry.modTime = reader.time(field::modTime);
    completeEntry(entry, parseMode(reader.value(field::mode)).value_or(0), optional(field::isDir),
                  optional(field::isSymlink), directory);
    return entry;
}

}  // namespace

Result<QList<FileEntry>> fileEntries(const Response &response, const QString &directory)
{
    if (auto entries = ListingReader(response.body, directory).read())
        return *std::move(entries);
    return decodeList(response, field::files, "file"_L1,
                      [&](JsonReader &reader) { return entryOf(reader, directory); });
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
        const auto inner = parseJson(object.value("stdout"_L1).toString().toUtf8());
        if (!inner || !inner->isObject())
            return std::unexpected(
                notVoidRun(response, u"the field \"stdout\" of the file status is not JSON"_s));
        object = inner->object();
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

Result<QString> toolOutput(const Response &response)
{
    const auto object = unwrapObject(response);
    if (!object)
        return std::unexpected(object.error());
    if (const auto failure = toolFailure(*object))
        return std::unexpected(*failure);
    JsonReader reader(*object, "result"_L1);
    return reader.string("stdout"_L1);  // a tool that printed nothing may leave it out
}

Result<QStringList> toolLines(const Response &response)
{
    return toolOutput(response).transform(
        [](const QString &output) { return output.split(u'\n', Qt::SkipEmptyParts); });
}

Result<DiskUsage> diskUsage(const Response &response)
{
    const Result<QString> output = toolOutput(response);
    if (!output)
        return std::unexpected(output.error());
    const QString line = output->trimmed();
    DiskUsage usage{line.section(u'\t', 1), line.section(u'\t', 0, 0), 0};
    QString number = usage.size;
    const qsizetype power = number.isEmpty() ? -1 : u"BKMGTP"_s.indexOf(number.back().toUpper());
    if (power >= 0)
        number.chop(1);
    bool isNumber = false;
    const double bytes =
        number.toDouble(&isNumber) * std::pow(1024.0, std::max<qsizetype>(power, 0));
    if (!isNumber || !(bytes >= 0 && bytes < 9e18))
        return std::unexpected(
            notVoidRun(response, u"the answer \"%1\" is no disk usage"_s.arg(line.left(100))));
    usage.bytes = static_cast<qint64>(bytes);
    return usage;
}

Result<QString> watchSession(const Response &response)
{
    return decodeObject(response, "watch"_L1,
                        [](JsonReader &reader) { return reader.requiredString("sessionId"_L1); });
}

QByteArray toJson(const WatchRequest &request)
{
    return compact({{u"path"_s, request.path},
                    {u"recursive"_s, request.recursive},
                    {u"ignoreHidden"_s, request.ignoreHidden}});
}

Result<std::monostate> done(const Response &response)
{
    const auto object = unwrapObject(response);
    if (!object) {
        // Plain text and nothing are fine, and `data` may be anything here, a text or null too.
        if (object.error().kind == Error::Kind::NotVoidRun)
            return std::monostate();
        return std::unexpected(object.error());
    }
    if (const auto failure = toolFailure(*object))
        return std::unexpected(*failure);
    return std::monostate();
}

}  // namespace voidrun::codec
