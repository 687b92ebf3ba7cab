// SPDX-License-Identifier: MIT
// Bytes from a sandbox through TerminalFilter: whole or cut in two, the emulator gets the same; it
// is whole UTF-8, and every sequence in it is whole and of those that may pass.
#include <QStringDecoder>

#include <cstdint>
#include <cstdlib>

#include "widgets/terminalfilter.h"

namespace
{

void require(bool isTrue)
{
    if (!isTrue)
        std::abort();
}

bool isOneOf(char32_t c, std::u32string_view those)
{
    return those.contains(c);
}

// Reads as the emulator does: up to the final character, whatever it is.
void checkControlSequence(std::u32string_view text, size_t &at)
{
    std::u32string parameters;
    while (at < text.size() && !(text[at] >= '@' && text[at] <= '~')) {
        require(text[at] >= ' ' && text[at] < 0x7f);
        parameters += text[at++];
    }
    require(at < text.size() && parameters.size() <= 300);
    const char32_t final = text[at++];
    const bool isPrivate = parameters.starts_with(U'?');
    require(isOneOf(final, isPrivate ? U"hlsr" : U"@ABCDEFGHIJKLMPSTXZbcdfghlmnqrsu"));
    require(!parameters.contains(U':') && !parameters.contains(U'<'));
    int number = 0;
    for (const char32_t c : parameters + U';') {
        number = c >= '0' && c <= '9' ? number * 10 + int(c - '0') : number;
        require(number <= (isPrivate ? 2004 : 999) && (final != 'b' || number <= 500));
        if (c >= '0' && c <= '9')
            continue;
        require(!isPrivate || (number != 2 && number != 3 && number != 40));
        number = 0;
    }
}

void checkTitle(std::u32string_view text, size_t &at)
{
    require(at + 1 < text.size() && isOneOf(text[at], U"012") && text[at + 1] == ';');
    const size_t start = at;
    while (at < text.size() && text[at] >= ' ')
        ++at;
    require(at < text.size() && at - start <= 258);
    require(text[at] == 7 || (text.substr(at, 2) == U"\x1b\\"));
    at += text[at] == 7 ? 1 : 2;
}

void check(std::u32string_view text)
{
    int marks = 0;
    for (size_t at = 0; at < text.size();) {
        const char32_t c = text[at++];
        marks = c >= 0x300 && c <= 0x36f ? marks + 1 : 0;
        require(marks <= 8 && c != 0x7f && (c < 0x80 || c > 0x9f));
        if (c != 0x1b) {
            require(c >= ' ' || (c >= 7 && c <= 15));
            continue;
        }
        require(at < text.size());
        const char32_t kind = text[at++];
        if (kind == '[')
            checkControlSequence(text, at);
        else if (kind == ']')
            checkTitle(text, at);
        else if (isOneOf(kind, U"()*+#"))
            require(at < text.size() && isOneOf(text[at++], kind == '#' ? U"34568" : U"0AB"));
        else
            require(isOneOf(kind, U"78=>DEHMZcno"));
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    if (size < 2)
        return 0;
    const QByteArray input(reinterpret_cast<const char *>(data) + 1, qsizetype(size) - 1);
    const qsizetype cut = data[0] % size;

    voidrun::TerminalFilter whole;
    QByteArray expected = whole.filter(input);
    expected += whole.flush();
    voidrun::TerminalFilter halves;
    QByteArray actual = halves.filter(input.first(qMin(cut, input.size())));
    actual += halves.filter(input.sliced(qMin(cut, input.size())));
    actual += halves.flush();
    require(actual == expected);

    QStringDecoder decoder(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
    const QString text = decoder(expected);
    require(!decoder.hasError());
    check(text.toStdU32String());
    return 0;
}
