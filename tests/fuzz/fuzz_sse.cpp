// SPDX-License-Identifier: MIT
// A stream of server-sent events: whole or cut in two, the same events come, and no data holds a
// line end other than the LF that joins lines.
#include <cstdint>
#include <cstdlib>

#include "api/outputdecoder.h"
#include "api/sseparser.h"

using namespace voidrun;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    if (size < 2)
        return 0;
    const QByteArrayView input(reinterpret_cast<const char *>(data) + 2, qsizetype(size) - 2);
    const qsizetype cut = (data[0] * 256 + data[1]) % (input.size() + 1);

    SseParser whole;
    const QList<ServerEvent> expected = whole.feed(input);
    SseParser halves;
    QList<ServerEvent> actual = halves.feed(input.first(cut));
    actual += halves.feed(input.sliced(cut));
    if (actual != expected)
        std::abort();
    for (const ServerEvent &event : expected) {
        if (event.data.contains('\r') || event.type.isEmpty())
            std::abort();
    }
    OutputDecoder decoder(StreamFormat::ServerEvents);
    if (decoder.feed(input).size() > expected.size() || !decoder.finish().isEmpty())
        std::abort();
    return 0;
}
