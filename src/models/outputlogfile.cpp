// SPDX-License-Identifier: MIT
// What an OutputLog does in its own thread: writing, reading back, searching and saving.
#include <QPointer>
#include <QSaveFile>

#include "outputlog.h"
#include "spillfile.h"

namespace voidrun
{

namespace
{

constexpr qint64 MostCopied = 64LL * 1024 * 1024;  // bytes

QByteArray bytesOf(const OutputPiece &part, const SpillFile &file)
{
    return part.bytes.isEmpty() ? file.read(part.offset, part.size) : part.bytes;
}

QString plainText(const QByteArray &bytes, const OutputLineRef &ref)
{
    AnsiStyle style;
    return styledText(QByteArrayView(bytes).sliced(ref.start, ref.size), &style).text;
}

// The matching line of a piece that is nearest to its beginning, or to its end: -1 for none. Only
// lines from `first` to `last` count.
qint64 findIn(const OutputPiece &part, const QByteArray &bytes, const QString &text, qint64 first,
              qint64 last, bool forward)
{
    const QList<OutputLineRef> lines = part.lines(bytes);
    const auto matches = [&](qsizetype row) {
        const qint64 number = part.firstLine + row;
        return number >= first && number <= last && row < lines.size() &&
               plainText(bytes, lines[row]).contains(text, Qt::CaseInsensitive);
    };
    for (qsizetype i = 0; i < lines.size(); ++i) {
        const qsizetype row = forward ? i : lines.size() - 1 - i;
        if (matches(row))
            return part.firstLine + row;
    }
    return -1;
}

qint64 findInAll(const QList<OutputPiece> &parts, const SpillFile &file, const QString &text,
                 qint64 first, qint64 last, bool forward)
{
    for (qsizetype i = 0; i < parts.size() && !file.isAbandoned(); ++i) {
        const OutputPiece &part = parts[forward ? i : parts.size() - 1 - i];
        if (part.firstLine > last)
            continue;
        const qint64 found = findIn(part, bytesOf(part, file), text, first, last, forward);
        if (found >= 0)
            return found;
    }
    return -1;
}

Result<bool> saveAll(const QList<OutputPiece> &parts, const SpillFile &file, const QString &path)
{
    QSaveFile target(path);
    bool isWhole = target.open(QIODevice::WriteOnly);
    for (const OutputPiece &part : parts) {
        isWhole = isWhole && !file.isAbandoned();
        const QByteArray bytes = isWhole ? bytesOf(part, file) : QByteArray();
        isWhole = isWhole && bytes.size() == part.size && target.write(bytes) == bytes.size();
    }
    if (isWhole && target.commit())
        return true;
    Error error;
    error.kind = Error::Kind::LocalFile;
    error.detail = target.errorString();
    error.subject = path;
    return std::unexpected(error);
}

}  // namespace

// `work` gets the file; what it gives goes to `done` in the GUI thread, while `context` lives.
template<class Work, class Done>
void OutputLog::inThread(const QObject *context, Work work, Done done)
{
    m_thread.start([this, context = QPointer<const QObject>(context), file = m_file,
                    work = std::move(work), done = std::move(done)] {
        auto result = work(*file);
        // The destructor waits for this thread, so the log is still there.
        QMetaObject::invokeMethod(
            this,
            [context, done, result = std::move(result)] {
                if (context)
                    done(result);
            },
            Qt::QueuedConnection);
    });
}

void OutputLog::write(size_t index)
{
    Piece &piece = m_pieces[index];
    piece.place = Place::Writing;
    const OutputPiece &part = piece.part;
    inThread(
        this,
        [offset = part.offset, bytes = part.bytes](SpillFile &file) {
            return file.write(offset, bytes);
        },
        [this, index](int error) { takeWritten(index, error); });
}

void OutputLog::load(size_t index)
{
    Piece &piece = m_pieces[index];
    if (std::exchange(piece.isWanted, true))
        return;
    inThread(
        this, [part = piece.part](const SpillFile &file) { return bytesOf(part, file); },
        [this, index](const QByteArray &bytes) {
            Piece &wanted = m_pieces[index];
            wanted.isWanted = false;
            if (bytes.size() == wanted.part.size)
                m_parsed.insert(index, new Parsed{bytes, wanted.part.lines(bytes)});
            else
                wanted.place = Place::Lost;
            Q_EMIT loaded();
        });
}

QList<OutputPiece> OutputLog::partsOf(qint64 first, qint64 last) const
{
    QList<OutputPiece> parts;
    for (size_t index = pieceOf(first); index < m_pieces.size(); ++index) {
        const OutputPiece &part = m_pieces[index].part;
        if (part.firstLine > last)
            break;
        parts.append(part);
        // What it has reserved is written to while a task reads.
        if (index + 1 == m_pieces.size())
            parts.last().bytes = QByteArray(part.bytes.constData(), part.bytes.size());
    }
    return parts;
}

void OutputLog::find(const QString &text, qint64 from, bool forward, const QObject *context,
                     const std::function<void(qint64)> &done)
{
    const qint64 last = lineCount() - 1;
    const int search = ++m_search;
    inThread(
        context,
        [parts = partsOf(0, last), text, from, forward, last](const SpillFile &file) {
            const qint64 found = forward ? findInAll(parts, file, text, from, last, true)
                                         : findInAll(parts, file, text, 0, from, false);
            if (found >= 0)
                return found;
            return forward ? findInAll(parts, file, text, 0, from, true)
                           : findInAll(parts, file, text, from, last, false);
        },
        [this, search, done](qint64 line) {
            if (search == m_search)
                done(line);
        });
}

void OutputLog::copy(qint64 first, qint64 last, const QObject *context,
                     const std::function<void(const QStringList &)> &done)
{
    inThread(
        context,
        [parts = partsOf(first, last), first, last](const SpillFile &file) {
            QStringList lines;
            qint64 room = MostCopied;
            for (const OutputPiece &part : parts) {
                const QByteArray bytes = bytesOf(part, file);
                room -= bytes.size();
                if (room < 0)
                    break;
                const QList<OutputLineRef> refs = part.lines(bytes);
                for (qsizetype row = 0; row < refs.size(); ++row) {
                    const qint64 number = part.firstLine + row;
                    if (number >= first && number <= last)
                        lines.append(plainText(bytes, refs[row]));
                }
            }
            return lines;
        },
        done);
}

void OutputLog::save(const QString &path, const QObject *context,
                     const std::function<void(const Result<bool> &)> &done)
{
    inThread(
        context,
        [parts = partsOf(0, lineCount()), path](const SpillFile &file) {
            return saveAll(parts, file, path);
        },
        done);
}

}  // namespace voidrun
