// SPDX-License-Identifier: MIT
// Bytes from a sandbox through TerminalFilter: whole or cut in two, the emulator gets the same,
// and never a window operation or an 8-bit control character.
#include "widgets/terminalfilter.h"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    if (size < 2)
        return 0;
    const qsizetype cut = data[0] % size;
    const QByteArray input(reinterpret_cast<const char *>(data) + 1, qsizetype(size) - 1);

    voidrun::TerminalFilter whole;
    const QByteArray expected = whole.filter(input);

    voidrun::TerminalFilter halves;
    QByteArray actual = halves.filter(input.first(qMin(cut, input.size())));
    actual += halves.filter(input.sliced(qMin(cut, input.size())));
    if (actual != expected)
        std::abort();
    for (qsizetype at = 0; at + 1 < expected.size(); ++at) {
        const auto second = static_cast<unsigned char>(expected[at + 1]);
        if (expected[at] == '\xC2' && second >= 0x80 && second <= 0x9F)
            std::abort();
    }
    return 0;
}
