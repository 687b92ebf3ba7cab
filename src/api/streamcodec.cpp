// SPDX-License-Identifier: MIT
#include "streamcodec.h"

#include <QJsonObject>

#include "jsonreader.h"
#include "jsontext.h"
#include "request.h"

namespace voidrun::codec
{

using namespace Qt::StringLiterals;
using Type = OutputEvent::Type;

namespace
{

std::optional<Type> outputType(QByteArrayView word)
{
    if (word == "stdout")
        return Type::StdOut;
    if (word == "stderr")
        return Type::StdErr;
    if (word == "exit")
        return Type::Exit;
    if (word == "error")
        return Type::Error;
    return std::nullopt;
}

// What the event left out. Our engine marks each line whose end is not a plain line feed.
QByteArrayView lineEnd(QByteArrayView id)
{
    if (id == "partial")
        return {};
    if (id == "cr")
        return "\r";
    return id == "crlf" ? QByteArrayView("\r\n") : QByteArrayView("\n");
}

ExitStatus exitStatusOf(const QJsonObject &object)
{
    const JsonReader reader(object, "exit"_L1);
    return {reader.smallNumber("exitCode"_L1), reader.string("error"_L1)};
}

// An error's data is a text, or an object that holds one.
QByteArray errorText(const QByteArray &data)
{
    const QJsonObject object = parseJsonObject(data);
    for (const auto name : {"error"_L1, "message"_L1, "data"_L1}) {
        if (object.value(name).isString())
            return object.value(name).toString().toUtf8();
    }
    return data;
}

std::optional<WatchEvent::Type> watchType(const QString &word)
{
    using Watch = WatchEvent::Type;
    if (word == "created"_L1 || word == "create"_L1)
        return Watch::Created;
    if (word == "modified"_L1 || word == "write"_L1)
        return Watch::Modified;
    if (word == "deleted"_L1 || word == "remove"_L1)
        return Watch::Deleted;
    if (word == "renamed"_L1 || word == "rename"_L1)
        return Watch::Renamed;
    if (word == "chmod"_L1)
        return Watch::Chmod;
    return std::nullopt;
}

}  // namespace

std::optional<OutputEvent> outputEvent(const ServerEvent &event)
{
    const auto type = outputType(event.type);
    if (!type)
        return std::nullopt;
    OutputEvent output;
    output.type = *type;
    if (*type == Type::Exit) {
        output.exit = exitStatusOf(parseJsonObject(event.data));
    } else if (*type == Type::Error) {
        output.bytes = errorText(event.data);
    } else {
        output.bytes = event.data;
        output.bytes.append(lineEnd(event.lastEventId));
    }
    return output;
}

void appendOutput(const SseParser::View &event, QList<OutputEvent> *events)
{
    const auto type = outputType(event.type);
    const bool isOutput = type == Type::StdOut || type == Type::StdErr;
    if (isOutput && !events->isEmpty() && events->last().type == *type) {
        events->last().bytes.append(event.data).append(lineEnd(event.lastEventId));
        return;
    }
    if (const auto output = outputEvent(ServerEvent{
            event.type.toByteArray(), event.data.toByteArray(), event.lastEventId.toByteArray()}))
        events->append(*output);
}

Result<std::optional<OutputEvent>> outputEvent(const QByteArray &line)
{
    const auto document = parseJson(line);
    if (!document)
        return std::unexpected(document.error());
    if (!document->isObject())
        return std::unexpected(
            makeError(Error::Kind::NotVoidRun, u"a line of the stream is not a JSON object"_s));
    const QJsonObject object = document->object();
    const JsonReader reader(object, "line"_L1);
    const auto type = outputType(reader.string("type"_L1).toLatin1());
    if (!type)
        return std::nullopt;
    OutputEvent output;
    output.type = *type;
    if (*type == Type::Exit)
        output.exit = exitStatusOf(object);
    else if (*type == Type::Error)
        output.bytes = errorText(line);
    else
        output.bytes = reader.string("data"_L1).toUtf8();
    return output;
}

WatchEvent watchEvent(const QByteArray &message)
{
    constexpr qsizetype longest = 128LL * 1024;  // two paths of 4096 bytes, all escaped, and more
    const QJsonObject object = message.size() <= longest ? parseJsonObject(message) : QJsonObject();
    const JsonReader reader(object, "event"_L1);
    WatchEvent event;
    event.path = reader.string("path"_L1);
    event.oldPath = reader.string("oldPath"_L1);
    event.timestamp = reader.time("timestamp"_L1);
    if (reader.value("size"_L1).isDouble())
        event.size = reader.number("size"_L1);
    if (event.path.startsWith(u'/'))
        event.type = watchType(reader.string("type"_L1)).value_or(WatchEvent::Type::Rescan);
    return event;
}

}  // namespace voidrun::codec
