// SPDX-License-Identifier: MIT
#pragma once

#include <QBuffer>
#include <QByteArray>

#include <functional>
#include <memory>

struct archive;
struct archive_entry;

namespace voidrun
{

// Folders of many small files travel as tars of a few MiB that are made and read in memory: each is
// checked and put into place by itself, so that a cut costs little and memory stays bounded.
struct ArchivePiece {
    static constexpr qint64 MaxBytes = 4 << 20;  // of content
    static constexpr int MaxEntries = 1000;
    static constexpr qint64 MaxSize = 16 << 20;     // of a whole tar
    static constexpr qint64 SmallFile = 256 << 10;  // bytes; larger ones travel by themselves
    static constexpr int Worthwhile = 64;           // fewer small files travel by themselves

    // What is at `name`, a path without a leading slash.
    struct Entry {
        QByteArray name;
        bool isDir = false;
        uint mode = 0;  // permission bits
        qint64 size = 0;
        qint64 modified = 0;  // s since 1970
    };
};

class PieceWriter
{
public:
    PieceWriter();
    ~PieceWriter();

    // Reads exactly `entry.size` bytes of `source`, null for a folder. False when they are not
    // there; the writer is of no use then.
    bool add(const ArchivePiece::Entry &entry, QIODevice *source);
    // The tar; empty when it could not be made.
    QByteArray finish();

private:
    struct Close {
        void operator()(archive *object) const;
    };

    QByteArray m_bytes;
    std::unique_ptr<archive, Close> m_archive;
};

// Calls `take` for each regular file, with a function that gives its next bytes: nothing at its
// end, which comes before the entry's size where the tar is broken. False when it is no whole tar.
class PieceReader
{
public:
    using Content = std::function<QByteArray()>;
    using Take = std::function<void(const ArchivePiece::Entry &entry, const Content &content)>;

    static bool read(const QByteArray &tar, const Take &take);
};

// Takes at most ArchivePiece::MaxSize bytes and then fails.
class PieceBuffer : public QBuffer
{
protected:
    qint64 writeData(const char *data, qint64 size) override;
};

}  // namespace voidrun
