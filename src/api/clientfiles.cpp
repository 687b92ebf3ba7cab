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

// A file call that runs a tool in the guest and says only how it went.
Request toolRequest(Method method, const QString &id, const QString &action, const QString &subject)
{
    Request request = sandboxRequest(
        method, id, action.isEmpty() ? QStringList{u"files"_s} : QStringList{u"files"_s, action});
    request.expect = Request::Expect::JsonOrText;
    request.answerTimeout = toolLimit;
    request.overallTimeout = toolLimit;
    request.subject = subject;
    return request;
}

}  // namespace

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

Reply<Done> *Client::fileCall(const QString &id, const Request &request, const QStringList &paths)
{
    if (const auto error = checkId(id))
        return refused<Done>(this, *error);
    for (const QString &path : paths) {
        if (const auto error = checkPath(path))
            return refused<Done>(this, *error);
    }
    return startCall<Done>(this, *m_transport, request, codec::done);
}

Reply<QList<FileEntry>> *Client::listFiles(const QString &id, const QString &path)
{
    for (const auto &error : {checkId(id), checkPath(path)}) {
        if (error)
            return refused<QList<FileEntry>>(this, *error);
    }
    Request request = sandboxRequest(Method::Get, id, {u"files"_s});
    request.query = {{u"path"_s, path}};
    request.subject = path;
    return startCall<QList<FileEntry>>(
        this, *m_transport, request,
        [path](const Response &response) { return codec::fileEntries(response, path); });
}

Reply<FileStat> *Client::stat(const QString &id, const QString &path)
{
    for (const auto &error : {checkId(id), checkPath(path)}) {
        if (error)
            return refused<FileStat>(this, *error);
    }
    Request request = sandboxRequest(Method::Get, id, {u"files"_s, u"stat"_s});
    request.query = {{u"path"_s, path}};
    request.subject = path;
    return startCall<FileStat>(this, *m_transport, request, [path](const Response &response) {
        return codec::fileStat(response, path);
    });
}

Reply<qint64> *Client::download(const QString &id, const QString &path, QIODevice *sink)
{
    for (const auto &error : {checkId(id), checkPath(path)}) {
        if (error)
            return refused<qint64>(this, *error);
    }
    if (!sink || !sink->isWritable())
        return refused<qint64>(
            this, makeError(Error::Kind::InvalidInput, u"there is nothing to write to"_s, path));
    Request request = sandboxRequest(Method::Get, id, {u"files"_s, u"download"_s});
    request.query = {{u"path"_s, path}};
    request.subject = path;
    request.sink = sink;
    request.expect = Request::Expect::Bytes;
    request.overallTimeout = 0ms;
    auto *flow = new DownloadFlow(*m_transport, request, id, path, this);
    return flow->reply();
}

Reply<Done> *Client::upload(const QString &id, const QString &path, QIODevice *source)
{
    if (!source || !source->isReadable() || source->isSequential())
        return refused<Done>(
            this, makeError(Error::Kind::InvalidInput, u"the size to send is not known"_s, path));
    Request request = toolRequest(Method::Post, id, u"upload"_s, path);
    request.query = {{u"path"_s, path}};
    request.source = source;
    request.overallTimeout = 0ms;
    return fileCall(id, request, {path});
}

Reply<Done> *Client::remove(const QString &id, const QString &path)
{
    Request request = toolRequest(Method::Delete, id, {}, path);
    request.query = {{u"path"_s, path}};
    return fileCall(id, request, {path});
}

Reply<Done> *Client::createFile(const QString &id, const QString &path)
{
    Request request = toolRequest(Method::Post, id, u"create"_s, path);
    request.query = {{u"path"_s, path}};
    return fileCall(id, request, {path});
}

Reply<Done> *Client::mkdir(const QString &id, const QString &path)
{
    Request request = toolRequest(Method::Post, id, u"mkdir"_s, path);
    request.query = {{u"path"_s, path}};
    return fileCall(id, request, {path});
}

Reply<Done> *Client::move(const QString &id, const QString &from, const QString &to)
{
    Request request = toolRequest(Method::Post, id, u"move"_s, from);
    request.query = {{u"from"_s, from}, {u"to"_s, to}};
    return fileCall(id, request, {from, to});
}

Reply<Done> *Client::copy(const QString &id, const QString &from, const QString &to)
{
    Request request = toolRequest(Method::Post, id, u"copy"_s, from);
    request.query = {{u"from"_s, from}, {u"to"_s, to}};
    return fileCall(id, request, {from, to});
}

Reply<Done> *Client::chmod(const QString &id, const QString &path, uint mode)
{
    if (mode > 07777)
        return refused<Done>(
            this, makeError(Error::Kind::InvalidInput, u"a mode has at most four digits"_s, path));
    Request request = toolRequest(Method::Post, id, u"chmod"_s, path);
    request.query = {{u"path"_s, path}, {u"mode"_s, u"%1"_s.arg(mode, 3, 8, QChar(u'0'))}};
    return fileCall(id, request, {path});
}

}  // namespace voidrun
