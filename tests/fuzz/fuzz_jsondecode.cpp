// SPDX-License-Identifier: MIT
// Any body as the answer of any call: a value in its bounds, or an error that says something.
#include <array>
#include <cstdint>
#include <cstdlib>

#include "api/errorcodec.h"
#include "api/jsoncodec.h"
#include "api/listingcodec.h"
#include "api/streamcodec.h"

using namespace voidrun;

namespace
{

void require(bool holds)
{
    if (!holds)
        std::abort();
}

template<class T>
bool isSaid(const Result<T> &result)
{
    return result || !result.error().detail.isEmpty() || !result.error().code.isEmpty() ||
           result.error().kind == Error::Kind::CommandFailed;
}

template<auto decode>
void run(const Response &response)
{
    require(isSaid(decode(response)));
}

void files(const Response &response)
{
    const auto entries = codec::fileEntries(response, QStringLiteral("/folder"));
    require(isSaid(entries));
    if (!entries)
        return;
    for (const FileEntry &entry : *entries)
        require(entry.path.startsWith(u'/') && entry.size >= 0 && entry.mode <= 07777);
    // The quick reader says the same as the other one, which an unknown field calls in.
    const QString folder = QStringLiteral("/folder");
    if (!codec::ListingReader(response.body, folder).read())
        return;
    Response slow = response;
    slow.body.insert(slow.body.indexOf('{') + 1, "\"?\":0,");
    require(!codec::ListingReader(slow.body, folder).read());
    require(codec::fileEntries(slow, folder) == entries);
}

void sandbox(const Response &response)
{
    const auto one = codec::sandbox(response);
    require(isSaid(one));
    if (!one)
        return;
    for (const int port : one->publishPorts)
        require(port >= 1 && port <= 65535);
}

void urls(const Response &response)
{
    const auto list = codec::publicUrls(response);
    require(isSaid(list));
    if (!list)
        return;
    for (const PublicUrl &url : *list)
        require(url.port >= 1 && url.port <= 65535 && !url.url.isEmpty());
}

void failure(const Response &response)
{
    Response failed = response;
    failed.status = 400 + response.body.size() % 200;
    require(codec::errorOf(failed, {}).code.size() <= 2000);
}

void streams(const Response &response)
{
    codec::watchEvent(response.body);
    require(isSaid(codec::outputEvent(response.body)));
}

constexpr std::array decoders{
    files,
    sandbox,
    urls,
    failure,
    streams,
    run<codec::sandboxPage>,
    run<codec::execResult>,
    run<codec::startedCommand>,
    run<codec::commands>,
    run<codec::commandExit>,
    run<codec::sessionAnswer>,
    run<codec::toolLines>,
    run<codec::diskUsage>,
    run<codec::watchSession>,
    run<codec::done>,
    run<codec::ptySession>,
    run<codec::ptySessions>,
    run<codec::ptyBuffer>,
    run<codec::serverVersion>,
    run<codec::image>,
    run<codec::images>,
    run<codec::user>,
    run<codec::users>,
    run<codec::apiKeys>,
    run<codec::newApiKey>,
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    if (size < 1)
        return 0;
    Response response;
    response.status = 200;
    response.address = QStringLiteral("http://host/api");
    response.contentType = "application/json";
    response.body = QByteArray(reinterpret_cast<const char *>(data) + 1, qsizetype(size) - 1);
    response.bytes = response.body.size();
    decoders.at(data[0] % decoders.size())(response);
    const auto stat = codec::fileStat(response, QStringLiteral("/file"));
    require(isSaid(stat));
    return 0;
}
