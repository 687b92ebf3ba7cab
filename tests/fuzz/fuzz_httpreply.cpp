// SPDX-License-Identifier: MIT
// An answer of a server: whole or in pieces it is the same answer or the same refusal, its lines
// are clean, and nothing is kept beyond what came.
#include <QList>

#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "api/httpanswer.h"

using namespace voidrun;

namespace
{

constexpr qint64 headLimit = 300;

void require(bool condition)
{
    if (!condition)
        std::abort();
}

struct Read {
    HttpAnswer answer{headLimit};
    QByteArray body;
    qsizetype taken = 0;

    void feed(QByteArrayView bytes)
    {
        const qsizetype count = answer.feed(bytes, body);
        require(count >= 0 && count <= bytes.size());
        taken += count;
    }
};

void checkHead(const HttpHead &head)
{
    require(head.status >= 200 && head.status <= 599);
    const auto isClean = [](QByteArrayView text) {
        return std::ranges::none_of(text,
                                    [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
    };
    require(isClean(head.reason));
    for (qsizetype i = 0; i < head.headers.size(); ++i) {
        const QByteArrayView name = head.headers.nameAt(i);
        require(!name.isEmpty() && isClean(name) && isClean(head.headers.valueAt(i)) &&
                !name.contains(' '));
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    if (size < 2)
        return 0;
    const QByteArrayView input(reinterpret_cast<const char *>(data) + 2, qsizetype(size) - 2);
    const qsizetype step = 1 + data[0] % 64;
    const bool closed = (data[1] & 1) != 0;

    Read whole;
    whole.feed(input);
    Read pieces;
    for (qsizetype at = 0; at < input.size(); at += step) {
        const qsizetype before = pieces.taken;
        const QByteArrayView piece = input.sliced(at, std::min(step, input.size() - at));
        pieces.feed(piece);
        if (pieces.taken - before < piece.size())
            break;
    }
    if (closed) {
        whole.answer.close();
        pieces.answer.close();
    }
    require(whole.answer.problem() == pieces.answer.problem());
    require(whole.answer.isComplete() == pieces.answer.isComplete());
    require(whole.body == pieces.body);
    // Where it is refused does not matter.
    require(whole.taken == pieces.taken || !whole.answer.problem().isEmpty());
    require(whole.body.size() <= input.size());
    require(whole.answer.isHeadComplete() == pieces.answer.isHeadComplete());
    require(!whole.answer.isHeadTooLong() || !whole.answer.problem().isEmpty());
    require(!whole.answer.isComplete() || whole.answer.problem().isEmpty());
    if (whole.answer.isHeadComplete())
        checkHead(whole.answer.head());
    // What could be read in two ways was refused.
    const QHttpHeaders &headers = whole.answer.head().headers;
    require(!whole.answer.isComplete() ||
            headers.values("Content-Length").size() + headers.values("Transfer-Encoding").size() <=
                1);
    return 0;
}
