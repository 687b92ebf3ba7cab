// SPDX-License-Identifier: MIT
// Lines of JSON: whole or cut in two, the same lines and the same output events come.
#include <cstdint>
#include <cstdlib>

#include "api/ndjsonparser.h"
#include "api/outputdecoder.h"

using namespace voidrun;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    if (size < 2)
        return 0;
    const QByteArrayView input(reinterpret_cast<const char *>(data) + 2, qsizetype(size) - 2);
    const qsizetype cut = (data[0] * 256 + data[1]) % (input.size() + 1);

    NdjsonParser whole;
    const QByteArrayList expected = whole.feed(input);
    NdjsonParser halves;
    QByteArrayList actual = halves.feed(input.first(cut));
    actual += halves.feed(input.sliced(cut));
    if (actual != expected || halves.finish() != whole.finish())
        std::abort();

    OutputDecoder once(StreamFormat::JsonLines);
    QList<OutputEvent> all = once.feed(input);
    all += once.finish();
    OutputDecoder twice(StreamFormat::JsonLines);
    QList<OutputEvent> pieces = twice.feed(input.first(cut));
    pieces += twice.feed(input.sliced(cut));
    pieces += twice.finish();
    if (all != pieces || once.error() != twice.error())
        std::abort();
    return 0;
}
