// SPDX-License-Identifier: MIT
#include <QIODevice>

#include "clientcalls.h"
#include "downloadflow.h"
#include "jsoncodec.h"

namespace voidrun
{

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using Method = Request::Method;

namespace
{

constexpr auto toolLimit = 300s;  // a copy or a removal of a large tree answers only at its end
constexpr int maxPathBytes = 4096;

// From the last byte to the answer: a proxy may have taken the whole body before it passes it on.
std::chrono::seconds uploadAnswer(qint64 size)
{
    constexpr qint64 bytesPerSecond = 16LL * 1024 * 1024;
    return 60s + std::chrono::seconds(size / bytesPerSecond);
}

Request fromToRequest(const QString &id, const QString &action, const QString &from,
                      const QString &to)
{
    Request request = toolRequest(Method::Post, id, action, from);
    request.query = {{u"from"_s, from}, {u"to"_s, to}};
    return request;
}

}  // namespace

Request pathRequest(Method method, const QString &id, const QString &action, const QString &path)
{
    Request request = sandboxRequest(
        method, id, action.isEmpty() ? QStringList{u"files"_s} : QStringList{u"files"_s, action});
    request.query = {{u"path"_s, path}};
    request.subject = path;
    return request;
}

Request toolRequest(Method method, const QString &id, const QString &action, const QString &path)
{
    Request request = pathRequest(method, id, action, path);
    request.answerTimeout = toolLimit;
    request.overallTimeout = toolLimit;
    return request;
}

std::optional<Error> checkPath(const QString &path)
{
    const auto refuse = [&path](const QString &why) {
        return makeError(Error::Kind::InvalidInput, why, path);
    };
    if (!path.startsWith(u'/'))
        return refuse(u"the path is not absolute"_s);
    if (path.contains(QChar(0)))
        return refuse(u"the path holds a NUL character"_s);
    if (!path.isValidUtf16())
        return refuse(u"the path is not valid text"_s);
    if (path.toUtf8().size() > maxPathBytes)
        return refuse(u"the path is over 4096 bytes"_s);
    return std::nullopt;
}

Reply<QList<FileEntry>> *Client::listFiles(const QString &id, const QString &path)
{
    return call<QList<FileEntry>>(
        {checkId(id), checkPath(path)}, pathRequest(Method::Get, id, {}, path),
        [path](const Response &response) { return codec::fileEntries(response, path); });
}

Reply<FileStat> *Client::stat(const QString &id, const QString &path)
{
    return call<FileStat>(
        {checkId(id), checkPath(path)}, pathRequest(Method::Get, id, u"stat"_s, path),
        [path](const Response &response) { return codec::fileStat(response, path); });
}

Reply<qint64> *Client::download(const QString &id, const QString &path, QIODevice *sink)
{
    for (const auto &error :
         {checkId(id), checkPath(path),
          check(sink && sink->isWritable(), u"there is nothing to write to"_s, path)}) {
        if (error)
            return refused<qint64>(this, *error);
    }
    Request request = pathRequest(Method::Get, id, u"download"_s, path);
    request.sink = sink;
    request.expect = Request::Expect::Bytes;
    request.overallTimeout = 0ms;
    return (new DownloadFlow(*m_transport, request, id, path, this))->reply();
}

Reply<Done> *Client::upload(const QString &id, const QString &path, QIODevice *source)
{
    Request request = toolRequest(Method::Post, id, u"upload"_s, path);
    request.source = source;
    request.answerTimeout = uploadAnswer(source ? source->size() : 0);
    request.overallTimeout = 0ms;
    const bool readable = source && source->isReadable() && !source->isSequential();
    return doneCall(
        {checkId(id), checkPath(path), check(readable, u"the size to send is not known"_s, path)},
        request);
}

Reply<Done> *Client::remove(const QString &id, const QString &path)
{
    return doneCall({checkId(id), checkPath(path)}, toolRequest(Method::Delete, id, {}, path));
}

Reply<Done> *Client::createFile(const QString &id, const QString &path)
{
    return doneCall({checkId(id), checkPath(path)},
                    toolRequest(Method::Post, id, u"create"_s, path));
}

Reply<Done> *Client::mkdir(const QString &id, const QString &path)
{
    return doneCall({checkId(id), checkPath(path)},
                    toolRequest(Method::Post, id, u"mkdir"_s, path));
}

Reply<Done> *Client::move(const QString &id, const QString &from, const QString &to)
{
    return doneCall({checkId(id), checkPath(from), checkPath(to)},
                    fromToRequest(id, u"move"_s, from, to));
}

Reply<Done> *Client::copy(const QString &id, const QString &from, const QString &to)
{
    return doneCall({checkId(id), checkPath(from), checkPath(to)},
                    fromToRequest(id, u"copy"_s, from, to));
}

Reply<Done> *Client::chmod(const QString &id, const QString &path, uint mode)
{
    Request request = toolRequest(Method::Post, id, u"chmod"_s, path);
    request.query.append({u"mode"_s, u"%1"_s.arg(mode, 3, 8, QChar(u'0'))});
    return doneCall({checkId(id), checkPath(path),
                     check(mode <= 07777, u"a mode has at most four digits"_s, path)},
                    request);
}

}  // namespace voidrun
