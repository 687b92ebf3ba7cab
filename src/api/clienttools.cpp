// SPDX-License-Identifier: MIT
#include "clientcalls.h"
#include "jsoncodec.h"
#include "watchstream.h"

namespace voidrun
{

using namespace Qt::StringLiterals;
using Method = Request::Method;

namespace
{

constexpr int maxLines = 10'000;  // contract section 4

QString formatWord(ArchiveFormat format)
{
    switch (format) {
        case ArchiveFormat::Tar:
            return u"tar"_s;
        case ArchiveFormat::TarGz:
            return u"tar.gz"_s;
        case ArchiveFormat::TarBz2:
            return u"tar.bz2"_s;
        case ArchiveFormat::Zip:
            return u"zip"_s;
    }
    Q_UNREACHABLE_RETURN({});
}

}  // namespace

Reply<QString> *Client::headTail(const QString &id, const QString &path, int lines, Part part)
{
    Request request = toolRequest(Method::Get, id, u"head-tail"_s, path);
    request.query.append({u"lines"_s, QString::number(lines)});
    request.query.append({u"head"_s, part == Part::Head ? u"true"_s : u"false"_s});
    return call<QString>(
        {checkId(id), checkPath(path),
         check(lines >= 1 && lines <= maxLines, u"1 to 10,000 lines are possible"_s, path)},
        request, codec::toolOutput);
}

Reply<QStringList> *Client::search(const QString &id, const QString &path, const QString &pattern)
{
    Request request = toolRequest(Method::Get, id, u"search"_s, path);
    request.query.append({u"pattern"_s, pattern});
    return call<QStringList>({checkId(id), checkPath(path),
                              check(!pattern.isEmpty(), u"there is nothing to search for"_s, path)},
                             request, codec::toolLines);
}

Reply<DiskUsage> *Client::diskUsage(const QString &id, const QString &path)
{
    return call<DiskUsage>({checkId(id), checkPath(path)},
                           toolRequest(Method::Get, id, u"du"_s, path), codec::diskUsage);
}

Reply<QString> *Client::compress(const QString &id, const QString &path, ArchiveFormat format)
{
    const QString word = formatWord(format);
    Request request = toolRequest(Method::Post, id, u"compress"_s, path);
    request.query.append({u"format"_s, word});
    QString archive = path;
    while (archive.endsWith(u'/'))
        archive.chop(1);
    archive += u'.' + word;
    request.expect = Request::Expect::JsonOrText;
    return call<QString>({checkId(id), checkPath(path)}, request,
                         [archive](const Response &response) {
                             return codec::done(response).transform([&](Done) { return archive; });
                         });
}

Reply<Done> *Client::extract(const QString &id, const QString &archive, const QString &folder)
{
    Request request = toolRequest(Method::Post, id, u"extract"_s, archive);
    request.query = {{u"archive"_s, archive}, {u"dest"_s, folder}};
    return doneCall({checkId(id), checkPath(archive), checkPath(folder)}, request);
}

Reply<QString> *Client::createWatch(const QString &id, const WatchRequest &request)
{
    Request call = sandboxRequest(Method::Post, id, {u"files"_s, u"watch"_s});
    call.subject = request.path;
    call.body = codec::toJson(request);
    call.answerTimeout = std::chrono::seconds(60);  // a large tree, or a sandbox that wakes
    return this->call<QString>({checkId(id), checkPath(request.path)}, call, codec::watchSession);
}

std::unique_ptr<WatchStream> Client::watch(const QString &id, const WatchRequest &request)
{
    return watch(id, request, StreamOptions());
}

std::unique_ptr<WatchStream> Client::watch(const QString &id, const WatchRequest &request,
                                           const StreamOptions &options)
{
    return std::make_unique<WatchStream>(
        *this, id, request, options, [this, id](const QString &sessionId) {
            return socketUrl(id, {u"files"_s, u"watch"_s, sessionId, u"stream"_s});
        });
}

}  // namespace voidrun
