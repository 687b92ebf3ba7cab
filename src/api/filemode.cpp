// SPDX-License-Identifier: MIT
#include "jsoncodec.h"

namespace voidrun::codec
{

using namespace Qt::StringLiterals;

namespace
{

constexpr uint typeMask = 0170000;
constexpr uint typeDirectory = 0040000;
constexpr uint typeRegular = 0100000;
constexpr uint typeSymlink = 0120000;

bool isPlausible(uint mode)
{
    const uint type = mode & typeMask;
    return type == 0 || type == typeDirectory || type == typeRegular || type == typeSymlink;
}

// "drwxr-xr-x", with s, S, t and T where they belong.
std::optional<uint> parseSymbolic(const QString &text)
{
    if (text.size() < 10)
        return std::nullopt;
    uint mode = 0;
    switch (text.at(0).unicode()) {
        case u'd':
            mode = typeDirectory;
            break;
        case u'l':
        case u'L':
            mode = typeSymlink;
            break;
        case u'-':
            mode = typeRegular;
            break;
        case u'p':
            mode = 0010000;
            break;
        case u'c':
            mode = 0020000;
            break;
        case u'b':
            mode = 0060000;
            break;
        case u's':
            mode = 0140000;
            break;
        default:
            return std::nullopt;
    }
    for (int i = 0; i < 9; ++i) {
        const QChar c = text.at(i + 1);
        const uint bit = 1U << (8 - i);
        const uint special = 04000U >> (i / 3);
        if (c == "rwx"_L1.at(i % 3))
            mode |= bit;
        else if (i % 3 == 2 && (c == u's' || c == u't'))
            mode |= bit | special;
        else if (i % 3 == 2 && (c == u'S' || c == u'T'))
            mode |= special;
        else if (c != u'-')
            return std::nullopt;
    }
    return mode;
}

std::optional<uint> parseBase(const QString &text, int base)
{
    bool ok = false;
    const uint mode = text.toUInt(&ok, base);
    return ok ? std::optional(mode) : std::nullopt;
}

// A number: st_mode, or Go's FileMode with its own bits above 16.
uint fromNumber(quint64 number)
{
    uint mode = static_cast<uint>(number & 0177777);
    if (number <= 0177777)
        return mode;
    mode &= 0777;
    mode |= (number & (1U << 31))   ? typeDirectory
            : (number & (1U << 27)) ? typeSymlink
                                    : typeRegular;
    mode |= (number & (1U << 23)) ? 04000 : 0;
    mode |= (number & (1U << 22)) ? 02000 : 0;
    mode |= (number & (1U << 20)) ? 01000 : 0;
    return mode;
}

}  // namespace

std::optional<uint> parseMode(const QJsonValue &value)
{
    if (value.isDouble() && value.toDouble() >= 0 && value.toDouble() <= 4294967295.0)
        return fromNumber(static_cast<quint64>(value.toInteger()));
    if (!value.isString())
        return std::nullopt;
    const QString text = value.toString().trimmed();
    if (const auto symbolic = parseSymbolic(text))
        return symbolic;
    if (text.startsWith("0x"_L1, Qt::CaseInsensitive))
        return parseBase(text, 16);
    if (text.startsWith("0o"_L1))
        return parseBase(text.sliced(2), 8);
    // Short or led by 0: octal as people write it. Longer: st_mode, in the base that makes sense.
    if (text.size() <= 4 || text.startsWith(u'0')) {
        if (const auto octal = parseBase(text, 8))
            return octal;
    }
    const auto decimal = parseBase(text, 10);
    const auto hex = parseBase(text, 16);
    if (decimal && (isPlausible(*decimal) || !hex || !isPlausible(*hex)))
        return fromNumber(*decimal);
    return hex;
}

std::optional<uint> parseHexMode(const QJsonValue &value)
{
    if (value.isString())
        return parseBase(value.toString().trimmed(), 16);
    return parseMode(value);
}

}  // namespace voidrun::codec
