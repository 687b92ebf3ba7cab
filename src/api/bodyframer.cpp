// SPDX-License-Identifier: MIT
#include "bodyframer.h"

#include <algorithm>

#include "httphead.h"

namespace voidrun
{

using namespace Qt::StringLiterals;

namespace
{

constexpr int maxLengthDigits = 18;         // an exabyte less one
constexpr int maxSizeDigits = 15;           // hexadecimal
constexpr qint64 maxFraming = 16LL * 1024;  // extensions of one chunk; all trailers

bool hasBody(int status)
{
    return status != 204 && status != 304;
}

}  // namespace

void BodyFramer::start(const HttpHead &head)
{
    constexpr auto codingHeader = QHttpHeaders::WellKnownHeader::TransferEncoding;
    constexpr auto lengthHeader = QHttpHeaders::WellKnownHeader::ContentLength;
    const bool isCoded = head.headers.contains(codingHeader);
    const bool isSized = head.headers.contains(lengthHeader);
    if (isCoded && isSized)
        return fail(u"the answer has two kinds of length"_s);
    if (isCoded) {
        const QByteArray coding = head.headers.combinedValue(codingHeader);
        if (head.minorVersion == 0 || coding.compare("chunked", Qt::CaseInsensitive) != 0)
            return fail(u"the transfer encoding of the answer is not known"_s);
        m_state = State::ChunkSize;
    } else if (isSized) {
        // Sent twice, even the same, it is no number.
        const QByteArray length = head.headers.combinedValue(lengthHeader);
        if (length.isEmpty() || length.size() > maxLengthDigits ||
            !std::ranges::all_of(length, [](char c) { return c >= '0' && c <= '9'; }))
            return fail(u"the length of the answer makes no sense"_s);
        m_left = length.toLongLong();
        m_state = m_left > 0 ? State::Length : State::Complete;
    }
    if (!hasBody(head.status))
        m_state = State::Complete;
}

qsizetype BodyFramer::feed(QByteArrayView bytes, QByteArray &body)
{
    qsizetype taken = 0;
    while (taken < bytes.size() && m_state != State::Complete && m_problem.isEmpty()) {
        const QByteArrayView rest = bytes.sliced(taken);
        if (m_state == State::UntilClose) {
            body += rest;
            return bytes.size();
        }
        if (m_state != State::Length && m_state != State::ChunkData) {
            takeFraming(rest.front());
            ++taken;
            continue;
        }
        const qsizetype count = static_cast<qsizetype>(std::min<qint64>(rest.size(), m_left));
        body += rest.first(count);
        taken += count;
        m_left -= count;
        if (m_left == 0)
            m_state = m_state == State::Length ? State::Complete : State::ChunkDataEnd;
        m_framing = 0;
    }
    return taken;
}

void BodyFramer::takeFraming(char c)
{
    if (++m_framing > maxFraming)
        return fail(u"a chunk of the answer has too much beside its bytes"_s);
    switch (m_state) {
        case State::ChunkSize:
            return takeSize(c);
        case State::ChunkExtension:
        case State::TrailerLine:
            // Nothing in them is of use; a control character would be a trick.
            if (c == '\r')
                m_state =
                    m_state == State::ChunkExtension ? State::ChunkSizeEnd : State::TrailerLineEnd;
            else if ((static_cast<unsigned char>(c) < ' ' && c != '\t') || c == '\x7f')
                fail(u"a chunk of the answer makes no sense"_s);
            return;
        case State::ChunkSizeEnd:
            m_digits = 0;
            return expect(c, '\n', m_left > 0 ? State::ChunkData : State::TrailerStart);
        case State::ChunkDataEnd:
            return expect(c, '\r', State::ChunkLineEnd);
        case State::ChunkLineEnd:
            return expect(c, '\n', State::ChunkSize);
        case State::TrailerStart:
            m_state = c == '\r' ? State::LastLineEnd : State::TrailerLine;
            if (m_state == State::TrailerLine)
                takeFraming(c);
            return;
        case State::TrailerLineEnd:
            return expect(c, '\n', State::TrailerStart);
        case State::LastLineEnd:
            return expect(c, '\n', State::Complete);
        case State::UntilClose:
        case State::Length:
        case State::ChunkData:
        case State::Complete:
            break;
    }
    Q_UNREACHABLE();
}

void BodyFramer::takeSize(char c)
{
    const char lower = static_cast<char>(c | 0x20);
    const bool isDigit = c >= '0' && c <= '9';
    if (isDigit || (lower >= 'a' && lower <= 'f')) {
        if (++m_digits > maxSizeDigits)
            return fail(u"a chunk of the answer is too large"_s);
        m_left = m_left * 16 + (isDigit ? c - '0' : lower - 'a' + 10);
    } else if (m_digits > 0 && (c == ';' || c == ' ' || c == '\t')) {
        m_state = State::ChunkExtension;
    } else {
        if (m_digits == 0)
            return fail(u"a chunk of the answer has no size"_s);
        expect(c, '\r', State::ChunkSizeEnd);
    }
}

void BodyFramer::expect(char c, char expected, State next)
{
    if (c == expected)
        m_state = next;
    else
        fail(u"a chunk of the answer makes no sense"_s);
}

}  // namespace voidrun
