// SPDX-License-Identifier: MIT
#pragma once

#include <QCache>
#include <QCryptographicHash>
#include <QObject>
#include <QStringList>
#include <QThreadPool>

#include <array>
#include <functional>
#include <memory>
#include <vector>

#include "api/error.h"
#include "outputpiece.h"

namespace voidrun
{

class SpillFile;

// What a program has written, of any length, in bounded memory: its end is in memory, all of it in
// a nameless file. Lines are found without an index of all of them: pieces of 64 KiB know how many
// they hold. Lives in the GUI thread; a thread of its own writes and reads the file, so that
// nothing here waits for a disk.
class OutputLog : public QObject
{
    Q_OBJECT

public:
    struct Line {
        StyledText content;
        OutputChannel channel = OutputChannel::Output;
        bool isLoaded = true;  // else it is on its way from the file, and loaded() follows
        bool isLost = false;   // the disk had no room for it
    };

    explicit OutputLog(QObject *parent = nullptr);
    ~OutputLog() override;

    void append(OutputChannel channel, QByteArrayView bytes);

    qint64 size() const { return m_size; }  // bytes
    // From now on, all bytes go into digest(): to compare outputs of any length as wholes.
    void keepDigest();
    // Of what came on each channel; how the two took turns is chance. Empty without keepDigest().
    QByteArray digest() const;
    qint64 lineCount() const;
    // Of 0 to lineCount() - 1. A line of over 4096 bytes counts as several.
    Line line(qint64 number);

    // The next line that contains `text`, in capitals or not: from `from` on, or backwards from
    // there, and round the end. `done` gets its number, -1 where there is none; it is not called
    // when `context` is gone or something else is searched by then.
    void find(const QString &text, qint64 from, bool forward, const QObject *context,
              const std::function<void(qint64 line)> &done);
    // These lines as plain text, for the clipboard: at most 64 MiB of them.
    void copy(qint64 first, qint64 last, const QObject *context,
              const std::function<void(const QStringList &lines)> &done);
    // All bytes as they came, into a file of this computer.
    void save(const QString &path, const QObject *context,
              const std::function<void(const Result<bool> &)> &done);

Q_SIGNALS:
    void grown();  // at each append()
    void loaded();
    void failed(const voidrun::Error &error);  // once: the file takes no more

private:
    enum class Place { Memory, Writing, File, Lost };
    struct Piece {
        OutputPiece part;
        Place place = Place::Memory;
        bool isWanted = false;  // is being read
    };
    struct Parsed {
        QByteArray bytes;
        QList<OutputLineRef> lines;
    };

    void scanNew(qsizetype from);
    void closePiece();
    void write(size_t index);
    void takeWritten(size_t index, int error);
    void forgetOld();
    size_t pieceOf(qint64 line) const;
    const Parsed *parsed(size_t index);
    void load(size_t index);
    QList<OutputPiece> partsOf(qint64 first, qint64 last) const;
    template<class Work, class Done>
    void inThread(const QObject *context, Work work, Done done);

    std::vector<Piece> m_pieces;  // the last one is open
    qint64 m_size = 0;
    qint64 m_endedLines = 0;     // in the open piece
    qsizetype m_openLine = 0;    // where the line that has not ended begins in it
    qint64 m_inMemory = 0;       // bytes of closed pieces
    size_t m_firstInMemory = 0;  // no piece before it is
    QCache<size_t, Parsed> m_parsed;
    Parsed m_parsedOpen;
    std::shared_ptr<SpillFile> m_file;
    QThreadPool m_thread;
    std::unique_ptr<std::array<QCryptographicHash, 2>> m_digests;  // by channel
    int m_search = 0;
    bool m_hasFailed = false;
};

}  // namespace voidrun
