// SPDX-License-Identifier: MIT
#include "archivepiece.h"

#include <archive.h>
#include <archive_entry.h>
#include <sys/stat.h>

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

constexpr size_t BlockSize = 64 * 1024;

struct FreeEntry {
    void operator()(archive_entry *entry) const { archive_entry_free(entry); }
};

struct CloseReader {
    void operator()(archive *reader) const { archive_read_free(reader); }
};

la_ssize_t append(archive *, void *bytes, const void *data, size_t size)
{
    static_cast<QByteArray *>(bytes)->append(static_cast<const char *>(data),
                                             static_cast<qsizetype>(size));
    return static_cast<la_ssize_t>(size);
}

// A failed read gives as little as the end does; the length tells them apart.
QByteArray nextBytes(archive *reader)
{
    QByteArray bytes(BlockSize, Qt::Uninitialized);
    const la_ssize_t size = archive_read_data(reader, bytes.data(), BlockSize);
    bytes.truncate(std::max<la_ssize_t>(size, 0));
    return bytes;
}

}  // namespace

void PieceWriter::Close::operator()(archive *object) const
{
    archive_write_free(object);
}

PieceWriter::PieceWriter() : m_archive(archive_write_new())
{
    // Every tool reads it, and names are the bytes that they are.
    archive_write_set_format_gnutar(m_archive.get());
    archive_write_set_bytes_in_last_block(m_archive.get(), 1);
    if (archive_write_open(m_archive.get(), &m_bytes, nullptr, &append, nullptr) != ARCHIVE_OK)
        m_archive.reset();
}

PieceWriter::~PieceWriter()
{
    if (m_archive)
        archive_write_fail(m_archive.get());  // what is not finished is not written
}

bool PieceWriter::add(const ArchivePiece::Entry &entry, QIODevice *source)
{
    if (!m_archive)
        return false;
    const std::unique_ptr<archive_entry, FreeEntry> header(archive_entry_new());
    archive_entry_copy_pathname(header.get(), entry.name.constData());
    archive_entry_set_filetype(header.get(), entry.isDir ? AE_IFDIR : AE_IFREG);
    archive_entry_set_perm(header.get(), entry.mode);
    archive_entry_set_size(header.get(), entry.isDir ? 0 : entry.size);
    archive_entry_set_mtime(header.get(), entry.modified, 0);
    if (archive_write_header(m_archive.get(), header.get()) < ARCHIVE_WARN)
        return false;
    for (qint64 left = entry.isDir ? 0 : entry.size; left > 0;) {
        const QByteArray part = source->read(std::min<qint64>(left, BlockSize));
        if (part.isEmpty() || archive_write_data(m_archive.get(), part.constData(),
                                                 static_cast<size_t>(part.size())) != part.size())
            return false;
        left -= part.size();
    }
    return true;
}

QByteArray PieceWriter::finish()
{
    const bool isWhole = m_archive && archive_write_close(m_archive.get()) == ARCHIVE_OK;
    m_archive.reset();
    return isWhole ? std::exchange(m_bytes, {}) : QByteArray();
}

bool PieceReader::read(const QByteArray &tar, const Take &take)
{
    const std::unique_ptr<archive, CloseReader> reader(archive_read_new());
    archive_read_support_format_tar(reader.get());
    if (archive_read_open_memory(reader.get(), tar.constData(), static_cast<size_t>(tar.size())) !=
        ARCHIVE_OK)
        return false;
    archive_entry *header = nullptr;
    for (int i = 0; i < ArchivePiece::MaxEntries; ++i) {
        const int result = archive_read_next_header(reader.get(), &header);
        if (result == ARCHIVE_EOF)
            return true;
        if (result < ARCHIVE_WARN)
            return false;
        const char *name = archive_entry_pathname(header);
        if (!name || archive_entry_filetype(header) != AE_IFREG || archive_entry_hardlink(header) ||
            archive_entry_size(header) < 0)
            continue;
        ArchivePiece::Entry entry;
        entry.name = name;
        if (entry.name.startsWith("./"))
            entry.name.remove(0, 2);
        entry.mode = archive_entry_perm(header);
        entry.size = archive_entry_size(header);
        entry.modified = archive_entry_mtime(header);
        take(entry, [&reader] { return nextBytes(reader.get()); });
    }
    return archive_read_next_header(reader.get(), &header) == ARCHIVE_EOF;
}

qint64 PieceBuffer::writeData(const char *data, qint64 size)
{
    if (pos() + size > ArchivePiece::MaxSize) {
        setErrorString(u"the archive is larger than was asked for"_s);
        return -1;
    }
    return QBuffer::writeData(data, size);
}

}  // namespace voidrun
