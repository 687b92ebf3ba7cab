// SPDX-License-Identifier: MIT
// How DownloadJob brings many small files over: in tars that the sandbox's own tool makes, read in
// memory. Only files that were asked for are taken from them, each as carefully as a single one.
// What does not work so goes file by file.
#include <QCryptographicHash>

#include <algorithm>

#include "api/client.h"
#include "archivepiece.h"
#include "downloadjob.h"
#include "guestpath.h"
#include "systemerror.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

constexpr auto Temporary = "/tmp"_L1;     // where the tars are made
constexpr int PackLimit = 120;            // s
constexpr int MaxMisses = 2;              // pieces that fail before no more are tried
constexpr qsizetype MaxCommand = 90'000;  // characters; the contract has 100,000
constexpr uint AnyExecute = 0111;

}  // namespace

struct DownloadJob::Piece {
    QHash<QByteArray, int> files;  // by their names in the tar
    qint64 bytes = 0;              // of them, as they were listed
    QString archive;
    QByteArray hash;
    PieceBuffer body;
    std::shared_ptr<qint64> counted = std::make_shared<qint64>(0);
};

// Once every folder was listed: what is small, and not here yet, goes in pieces if that is worth
// while.
void DownloadJob::preparePieces()
{
    if (std::exchange(m_arePiecesPrepared, true))
        return;
    const auto isSmall = [this](int entry) {
        return at(entry).parent >= 0 && at(entry).size <= ArchivePiece::SmallFile;
    };
    if (std::ranges::count_if(m_files, isSmall) <= ArchivePiece::Worthwhile)
        return;
    QQueue<int> others;
    for (int entry : std::as_const(m_files)) {
        if (!isSmall(entry))
            others.enqueue(entry);
        else if (isHere(entry))
            count(entry, at(entry).size);
        else
            m_small.append(entry);
    }
    m_files = others;
    std::ranges::reverse(m_small);  // taken from its end
    call(m_client->listFiles(item().request.sandboxId, Temporary),
         [this](const Result<QList<FileEntry>> &content) {
             sweep(Temporary, content.value_or(QList<FileEntry>()));
         });
}

void DownloadJob::startPiece()
{
    occupy();
    const auto piece = std::make_shared<Piece>();
    piece->archive =
        guestpath::join(Temporary, partname::makeArchive(QString::number(++m_pieceNumber), tag()));
    ExecRequest request;
    request.timeout = PackLimit;
    request.command = packCommand(piece.get());
    call(m_client->exec(item().request.sandboxId, request),
         [this, piece](const Result<ExecResult> &packed) { fetchPiece(piece, packed); });
}

// Packs files of one source and says the tar's size and hash.
QString DownloadJob::packCommand(Piece *piece)
{
    const int source = at(m_small.last()).source;
    int top = m_small.last();
    while (at(top).parent >= 0)
        top = at(top).parent;
    const QString base = guestPath(top);
    const QString archive = posixQuoted(piece->archive);
    QString command = u"umask 077; cd "_s + posixQuoted(base) + u" && tar -cf "_s + archive;
    while (!m_small.isEmpty() && at(m_small.last()).source == source &&
           piece->files.size() < ArchivePiece::MaxEntries &&
           piece->bytes < ArchivePiece::MaxBytes) {
        const int entry = m_small.last();
        const QString name = guestPath(entry).mid(base == u"/"_s ? 1 : base.size() + 1);
        const QString word = u' ' + posixQuoted(u"./"_s + name);
        if (!piece->files.isEmpty() && command.size() + word.size() > MaxCommand)
            break;
        command += word;
        piece->files.insert(name.toUtf8(), entry);
        piece->bytes += at(entry).size;
        m_small.removeLast();
    }
    return command + u" && stat -c %s "_s + archive + u" && { sha256sum <"_s + archive +
           u" || echo -; }"_s;
}

void DownloadJob::fetchPiece(const PiecePtr &piece, const Result<ExecResult> &packed)
{
    const QStringList words =
        packed && packed->exitCode == 0 ? packed->stdOut.split(u'\n') : QStringList();
    const qint64 size = words.value(0).toLongLong();
    if (isStopped() || size <= 0 || size > ArchivePiece::MaxSize)
        return dropPiece(piece);
    if (constexpr qsizetype HexLength = 64; words.value(1).indexOf(u' ') == HexLength)
        piece->hash = words[1].first(HexLength).toLatin1();
    piece->body.open(QIODevice::WriteOnly);
    auto *reply = call(m_client->download(item().request.sandboxId, piece->archive, &piece->body),
                       [this, piece, size](const Result<qint64> &result) {
                           takePiece(piece, result.value_or(-1) == size);
                       });
    connect(reply, &ReplyBase::progress, this, [this, piece, size](qint64 done) {
        const qint64 share = piece->bytes * std::min(done, size) / size;
        addBytes(share - *piece->counted);
        *piece->counted = share;
    });
}

void DownloadJob::takePiece(const PiecePtr &piece, bool isWhole)
{
    const QByteArray tar = piece->body.data();
    piece->body.close();
    const bool isRight =
        isWhole &&
        (piece->hash.isEmpty() ||
         piece->hash == QCryptographicHash::hash(tar, QCryptographicHash::Sha256).toHex());
    if (isStopped() || !isRight)
        return dropPiece(piece);
    addBytes(-*piece->counted);
    *piece->counted = 0;
    PieceReader::read(tar,
                      [&](const ArchivePiece::Entry &entry, const PieceReader::Content &content) {
                          const auto wanted = piece->files.constFind(entry.name);
                          if (wanted == piece->files.cend())
                              return;
                          if (takeFile(*wanted, entry.size, entry.mode, entry.modified, content))
                              piece->files.erase(wanted);
                      });
    // What was not in it, such as a second name of one file, goes by itself.
    endPiece(piece);
}

// False when it did not get here whole; then it is tried by itself, which says why.
bool DownloadJob::takeFile(int entry, qint64 size, uint mode, qint64 modified,
                           const std::function<QByteArray()> &content)
{
    Result<std::unique_ptr<PartFile>> part = m_target->createFile(localParts(entry));
    if (!part)
        return false;
    for (QByteArray bytes = content(); !bytes.isEmpty(); bytes = content()) {
        if ((*part)->device()->write(bytes) != bytes.size())
            return false;
    }
    if ((*part)->size() != size ||
        !(*part)->commit(mode & AnyExecute, QDateTime::fromSecsSinceEpoch(modified),
                         mayReplace(entry)))
        return false;
    item().bytesTotal += size - at(entry).size;
    at(entry).size = size;
    count(entry, size);
    return true;
}

void DownloadJob::dropPiece(const PiecePtr &piece)
{
    addBytes(-*piece->counted);
    if (++m_missedPieces >= MaxMisses) {
        for (int entry : std::as_const(m_small))
            m_files.enqueue(entry);
        m_small.clear();
    }
    endPiece(piece);
}

// What is still in its list is fetched file by file.
void DownloadJob::endPiece(const PiecePtr &piece)
{
    for (int entry : std::as_const(piece->files))
        m_files.enqueue(entry);
    removeLater(piece->archive);
    release();
}

}  // namespace voidrun
