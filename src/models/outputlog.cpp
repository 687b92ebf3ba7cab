// SPDX-License-Identifier: MIT
#include "outputlog.h"

#include <algorithm>
#include <cstring>

#include "spillfile.h"

namespace voidrun
{

namespace
{

constexpr qsizetype PieceSize = 64LL * 1024;        // bytes
constexpr qint64 MostInMemory = 4LL * 1024 * 1024;  // bytes of pieces that are in the file as well
constexpr int MostParsed = 12;                      // pieces; a screen needs one or two

}  // namespace

OutputLog::OutputLog(QObject *parent)
    : QObject(parent), m_parsed(MostParsed), m_file(std::make_shared<SpillFile>())
{
    m_thread.setMaxThreadCount(1);
    m_pieces.emplace_back();
}

OutputLog::~OutputLog()
{
    m_file->abandon();
    m_thread.clear();
    m_thread.waitForDone();  // one piece
}

void OutputLog::append(OutputChannel channel, QByteArrayView bytes)
{
    if (bytes.isEmpty())
        return;
    m_size += bytes.size();
    if (m_digests)
        (*m_digests)[channel == OutputChannel::Error ? 1 : 0].addData(bytes);
    while (!bytes.isEmpty()) {
        OutputPiece *open = &m_pieces.back().part;
        if (open->size >= PieceSize) {
            closePiece();
            open = &m_pieces.back().part;
        }
        if (open->cuts.isEmpty() || open->cuts.last().channel != channel) {
            if (open->size > m_openLine)
                m_endedLines += foldedLines(QByteArrayView(open->bytes).sliced(m_openLine));
            m_openLine = open->size;
            open->cuts.append({open->size, channel});
        }
        if (open->bytes.capacity() < PieceSize)
            open->bytes.reserve(PieceSize);
        const qsizetype before = open->size;
        const QByteArrayView taken = bytes.first(qMin(bytes.size(), PieceSize - before));
        open->bytes.append(taken);
        open->size = open->bytes.size();
        bytes = bytes.sliced(taken.size());
        scanNew(before);
    }
    Q_EMIT grown();
}

void OutputLog::keepDigest()
{
    m_digests = std::make_unique<std::array<QCryptographicHash, 2>>(
        std::array{QCryptographicHash(QCryptographicHash::Sha256),
                   QCryptographicHash(QCryptographicHash::Sha256)});
}

QByteArray OutputLog::digest() const
{
    return m_digests ? (*m_digests)[0].result() + (*m_digests)[1].result() : QByteArray();
}

// Counts the lines that end in the bytes from `from` on.
void OutputLog::scanNew(qsizetype from)
{
    const OutputPiece &open = m_pieces.back().part;
    const char *const data = open.bytes.constData();
    const char *const end = data + open.size;
    for (const char *at = data + from; at < end; ++at) {
        at = static_cast<const char *>(std::memchr(at, '\n', static_cast<size_t>(end - at)));
        if (!at)
            break;
        const qsizetype next = at + 1 - data;
        m_endedLines += foldedLines({data + m_openLine, next - m_openLine});
        m_openLine = next;
    }
}

// A line that has not ended goes into the next piece, unless it fills this one.
void OutputLog::closePiece()
{
    OutputPiece &open = m_pieces.back().part;
    QByteArray rest;
    const OutputChannel channel = open.cuts.last().channel;
    if (m_openLine > 0 && open.size > m_openLine) {
        rest = open.bytes.sliced(m_openLine);
        open.bytes.truncate(m_openLine);
        open.size = m_openLine;
        if (open.cuts.last().at >= open.size)
            open.cuts.removeLast();
    } else if (open.size > m_openLine) {
        m_endedLines += foldedLines(open.bytes);
    }
    Piece next;
    next.part.offset = open.offset + open.size;
    next.part.firstLine = open.firstLine + m_endedLines;
    next.part.style = open.style;
    followStyle(open.bytes, &next.part.style);
    next.part.cuts.append({0, channel});
    next.part.bytes.reserve(PieceSize);
    next.part.bytes.append(rest);
    next.part.size = rest.size();
    m_inMemory += open.size;
    m_endedLines = 0;
    m_openLine = 0;
    write(m_pieces.size() - 1);
    m_pieces.push_back(std::move(next));
    m_parsedOpen = {};
}

void OutputLog::takeWritten(size_t index, int error)
{
    Piece &piece = m_pieces[index];
    piece.place = error == 0 ? Place::File : Place::Lost;
    forgetOld();
    if (error == 0 || std::exchange(m_hasFailed, true))
        return;
    Error problem;
    problem.kind = Error::Kind::LocalFile;
    problem.reason = error == ENOSPC ? Error::Reason::DiskFull : Error::Reason::None;
    problem.detail = QString::fromLocal8Bit(std::strerror(error));
    Q_EMIT failed(problem);
}

void OutputLog::forgetOld()
{
    while (m_inMemory > MostInMemory && m_firstInMemory + 1 < m_pieces.size()) {
        Piece &oldest = m_pieces[m_firstInMemory];
        if (oldest.place != Place::File && oldest.place != Place::Lost)
            return;
        m_inMemory -= oldest.part.size;
        oldest.part.bytes = QByteArray();
        ++m_firstInMemory;
    }
}

qint64 OutputLog::lineCount() const
{
    const OutputPiece &open = m_pieces.back().part;
    const qint64 unended =
        open.size > m_openLine ? foldedLines(QByteArrayView(open.bytes).sliced(m_openLine)) : 0;
    return open.firstLine + m_endedLines + unended;
}

size_t OutputLog::pieceOf(qint64 line) const
{
    const auto after = std::ranges::upper_bound(
        m_pieces, line, {}, [](const Piece &piece) { return piece.part.firstLine; });
    return static_cast<size_t>(after - m_pieces.begin()) - 1;
}

// Null where the piece is not here.
const OutputLog::Parsed *OutputLog::parsed(size_t index)
{
    const OutputPiece &part = m_pieces[index].part;
    if (index + 1 == m_pieces.size()) {
        if (m_parsedOpen.bytes.size() != part.bytes.size())
            m_parsedOpen = {QByteArray(part.bytes.constData(), part.bytes.size()),
                            part.lines(part.bytes)};
        return &m_parsedOpen;
    }
    if (const Parsed *known = m_parsed.object(index))
        return known;
    if (part.bytes.isEmpty())
        return nullptr;
    auto *made = new Parsed{part.bytes, part.lines(part.bytes)};
    m_parsed.insert(index, made);
    return made;
}

OutputLog::Line OutputLog::line(qint64 number)
{
    Line line;
    const size_t index = pieceOf(number);
    const Piece &piece = m_pieces[index];
    const Parsed *known = parsed(index);
    if (!known) {
        line.isLost = piece.place == Place::Lost;
        line.isLoaded = line.isLost;
        if (!line.isLost)
            load(index);
        return line;
    }
    const qint64 row = number - piece.part.firstLine;
    if (row < 0 || row >= known->lines.size())
        return line;
    const OutputLineRef &ref = known->lines[row];
    AnsiStyle style = ref.style;
    line.content = styledText(QByteArrayView(known->bytes).sliced(ref.start, ref.size), &style);
    line.channel = ref.channel;
    return line;
}

}  // namespace voidrun
