// SPDX-License-Identifier: MIT
#include "previewcontent.h"

#include <archive.h>
#include <archive_entry.h>

#include <QBuffer>
#include <QImageReader>
#include <QStringDecoder>

#include <memory>

#include "models/fsmodel.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

constexpr qsizetype Looked = 8 * 1024;              // bytes that tell text from other things
constexpr int MostNames = 10'000;                   // of an archive
constexpr qint64 MostUnpacked = 256 * 1024 * 1024;  // bytes looked through for them
constexpr int MostPixels = 100'000'000;

bool hasMarkOfUtf16(const QByteArray &bytes)
{
    return bytes.startsWith("\xFF\xFE") || bytes.startsWith("\xFE\xFF");
}

bool isText(const QByteArray &bytes)
{
    return hasMarkOfUtf16(bytes) || !bytes.first(qMin(bytes.size(), Looked)).contains('\0');
}

bool endsWithAny(const QString &name, std::initializer_list<QLatin1StringView> endings)
{
    return std::ranges::any_of(endings, [&](QLatin1StringView ending) {
        return name.endsWith(ending, Qt::CaseInsensitive);
    });
}

using ArchiveReader = std::unique_ptr<archive, decltype(&archive_read_free)>;

// Looks through one entry's data; false when it is not worth going on.
bool skipData(archive *reader, qint64 *budget)
{
    const void *data = nullptr;
    size_t size = 0;
    la_int64_t offset = 0;
    int result = ARCHIVE_OK;
    while ((result = archive_read_data_block(reader, &data, &size, &offset)) == ARCHIVE_OK) {
        *budget -= qint64(size);
        if (*budget < 0)
            return false;
    }
    return result == ARCHIVE_EOF;
}

}  // namespace

PreviewKind previewKind(const QString &fileName, const QByteArray &bytes)
{
    if (bytes.isEmpty())
        return PreviewKind::Empty;
    QBuffer buffer;
    buffer.setData(bytes.first(qMin(bytes.size(), Looked)));
    buffer.open(QIODevice::ReadOnly);
    const QByteArray format = QImageReader::imageFormat(&buffer);
    if (!format.isEmpty() && !format.startsWith("svg"))
        return PreviewKind::Image;
    if (FsModel::isArchive(fileName))
        return PreviewKind::Archive;
    if (!isText(bytes))
        return PreviewKind::Binary;
    if (endsWithAny(fileName, {".json"_L1, ".ipynb"_L1, ".geojson"_L1}))
        return PreviewKind::Json;
    if (endsWithAny(fileName, {".csv"_L1, ".tsv"_L1}))
        return PreviewKind::Table;
    return PreviewKind::Text;
}

QString previewText(const QByteArray &bytes)
{
    QStringDecoder decoder(hasMarkOfUtf16(bytes) ? QStringDecoder::Utf16 : QStringDecoder::Utf8);
    const QString text = decoder(bytes);
    return decoder.hasError() && !hasMarkOfUtf16(bytes) ? QString::fromLatin1(bytes) : text;
}

QImage previewImage(const QByteArray &bytes, QSize bound, QSize *fullSize)
{
    QBuffer buffer;
    buffer.setData(bytes);
    buffer.open(QIODevice::ReadOnly);
    QImageReader reader(&buffer);
    reader.setAutoTransform(true);
    const QSize size = reader.size();
    if (!size.isValid() || qint64(size.width()) * size.height() > MostPixels)
        return {};
    *fullSize = size;
    if (size.width() > bound.width() || size.height() > bound.height())
        reader.setScaledSize(size.scaled(bound, Qt::KeepAspectRatio).expandedTo(QSize(1, 1)));
    return reader.read();
}

ArchiveList previewArchive(const QByteArray &bytes)
{
    ArchiveList list;
    const ArchiveReader reader(archive_read_new(), &archive_read_free);
    archive_read_support_filter_gzip(reader.get());
    archive_read_support_filter_bzip2(reader.get());
    archive_read_support_format_tar(reader.get());
    archive_read_support_format_zip_streamable(reader.get());
    if (archive_read_open_memory(reader.get(), bytes.constData(), size_t(bytes.size())) !=
        ARCHIVE_OK)
        return list;
    qint64 budget = MostUnpacked;
    archive_entry *entry = nullptr;
    while (list.names.size() < MostNames) {
        const int result = archive_read_next_header(reader.get(), &entry);
        if (result != ARCHIVE_OK && result != ARCHIVE_WARN) {
            list.isComplete = result == ARCHIVE_EOF;
            break;
        }
        const char *name = archive_entry_pathname_utf8(entry);
        list.names.append(QString::fromUtf8(name ? name : archive_entry_pathname(entry)));
        list.sizes.append(archive_entry_size_is_set(entry) ? archive_entry_size(entry) : -1);
        if (!skipData(reader.get(), &budget))
            break;
    }
    return list;
}

}  // namespace voidrun
