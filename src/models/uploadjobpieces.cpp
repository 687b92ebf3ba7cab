// SPDX-License-Identifier: MIT
// How UploadJob brings many small files over: in tars that are unpacked under a hidden name and
// moved from there, by tools of the sandbox. What does not work so goes file by file.
#include <QCryptographicHash>

#include <algorithm>

#include <sys/stat.h>

#include "archivepiece.h"
#include "guestpath.h"
#include "uploadjob.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

constexpr int Target = -1;    // the index of the target folder
constexpr int MaxMisses = 2;  // pieces that fail before no more are tried
constexpr uint FolderMode = 0755;
constexpr int PublishLimit = 300;  // s

// Everything below $1 goes to $2, folder into folder and whole folders where there is none. It
// compares the count and length of the files first, and the hash of the tar where it can.
constexpr auto PublishScript =
    "m() (\n"
    "cd \"$1\" || exit 1\n"
    "d=$2; set --\n"
    "for e in ./* ./.[!.]* ./..?*; do\n"
    "if [ -d \"$e\" ] && [ -d \"$d/$e\" ]; then m \"$e\" \"$d/$e\" || exit 1\n"
    "elif [ -e \"$e\" ]; then\n"
    "set -- \"$@\" \"$e\"\n"
    "[ $# -lt 100 ] || { mv -f -t \"$d\" -- \"$@\" || exit 1; set --; }\n"
    "fi\n"
    "done\n"
    "[ $# = 0 ] || mv -f -t \"$d\" -- \"$@\"\n"
    ")\n"
    "p() {\n"
    "n=0; s=0\n"
    "for x in $(find \"$1\" -type f -exec stat -c %s {} +); do n=$((n+1)); s=$((s+x)); done\n"
    "[ \"$n $s\" = \"$4 $5\" ] || { echo \"$n files of $s bytes came out\" >&2; return 3; }\n"
    "h=$(sha256sum <\"$3\") && [ \"${h%% *}\" != \"$6\" ] && return 4\n"
    "mkdir -p \"$2\" && m \"$1\" \"$2\" && rm -rf \"$1\" \"$3\" && echo \"$n $s\"\n"
    "}\n"_L1;

}  // namespace

struct UploadJob::Piece {
    QList<int> files;
    QList<int> folders;  // the new ones
    QByteArray hash;     // of the tar
    QBuffer body;
    qint64 bytes = 0;  // of the files
    QString archive;
    QString stage;  // where it is unpacked
    std::shared_ptr<qint64> counted = std::make_shared<qint64>(0);
};

bool UploadJob::isPieceDue() const
{
    const bool isFull = m_small.size() + m_newFolders.size() >= ArchivePiece::MaxEntries ||
                        m_smallBytes >= ArchivePiece::MaxBytes;
    const bool isLast = m_next >= entryCount();
    return isFull || (isLast && (!m_small.isEmpty() || !m_newFolders.isEmpty()));
}

void UploadJob::startPiece()
{
    occupy();
    ++m_pieces;
    const auto piece = std::make_shared<Piece>();
    piece->folders = std::exchange(m_newFolders, {});
    piece->files = std::exchange(m_small, {});
    m_smallBytes = 0;
    const QString number = QString::number(++m_pieceNumber);
    const QString &target = item().request.target;
    piece->stage = guestpath::join(target, partname::make(number, tag()));
    piece->archive = guestpath::join(target, partname::makeArchive(number, tag()));
    if (!pack(piece.get())) {
        QMetaObject::invokeMethod(this, [this, piece] { dropPiece(piece); }, Qt::QueuedConnection);
        return;
    }
    auto *reply = call(m_client->upload(item().request.sandboxId, piece->archive, &piece->body),
                       [this, piece](const Result<Done> &result) {
                           piece->body.close();
                           piece->body.setData({});
                           unpack(piece, result);
                       });
    const qint64 size = piece->body.size();
    connect(reply, &ReplyBase::progress, this, [this, piece, size](qint64 done) {
        const qint64 share = piece->bytes * done / size;  // the tar is somewhat larger
        addBytes(share - *piece->counted);
        *piece->counted = share;
    });
}

// A file that cannot be read whole any more goes by itself, which says why.
bool UploadJob::pack(Piece *piece)
{
    const auto nameOf = [this](int entry) {
        QStringList names;
        for (int i = entry; i != Target; i = at(i).parent)
            names.prepend(name(i));
        return names.join(u'/').toUtf8();
    };
    PieceWriter writer;
    for (int entry : piece->folders) {
        if (!writer.add({nameOf(entry), true, FolderMode, 0, at(entry).modified / 1000}, nullptr))
            return false;
    }
    const QList<int> files = std::exchange(piece->files, {});
    for (int entry : files) {
        Sending sending;
        sending.entry = entry;
        Error error;
        const bool isSame = open(&sending, &error) && sending.status.st_size == at(entry).size;
        if (!isSame) {
            m_singles.append(entry);
            continue;
        }
        const uint mode = m_modes.value(entry, PlainMode);
        struct stat now{};
        if (!writer.add({nameOf(entry), false, at(entry).isExecutable ? executable(mode) : mode,
                         at(entry).size, sending.status.st_mtim.tv_sec},
                        &sending.file) ||
            ::fstat(sending.file.handle(), &now) != 0 ||
            now.st_mtim.tv_sec != sending.status.st_mtim.tv_sec ||
            now.st_mtim.tv_nsec != sending.status.st_mtim.tv_nsec) {
            piece->files = files;
            piece->files.removeIf([this](int each) { return m_singles.contains(each); });
            return false;
        }
        piece->files.append(entry);
        piece->bytes += at(entry).size;
    }
    const QByteArray tar = writer.finish();
    piece->hash = QCryptographicHash::hash(tar, QCryptographicHash::Sha256).toHex();
    piece->body.setData(tar);
    return !tar.isEmpty() && piece->body.open(QIODevice::ReadOnly);
}

void UploadJob::unpack(const PiecePtr &piece, const Result<Done> &sent)
{
    if (!sent)
        return dropPiece(piece);
    const QString &sandboxId = item().request.sandboxId;
    call(m_client->mkdir(sandboxId, piece->stage), [this, piece](const Result<Done> &made) {
        if (!made)
            return dropPiece(piece);
        call(m_client->extract(item().request.sandboxId, piece->archive, piece->stage),
             [this, piece](const Result<Done> &unpacked) {
                 if (!unpacked)
                     return dropPiece(piece);
                 m_unpacked.enqueue(piece);
                 publishNext();
             });
    });
}

// One after the other: two that make the same folder must not meet.
void UploadJob::publishNext()
{
    if (m_isPublishing || m_unpacked.isEmpty())
        return;
    m_isPublishing = true;
    const PiecePtr piece = m_unpacked.dequeue();
    ExecRequest request;
    request.timeout = PublishLimit;
    request.command =
        PublishScript + u"p %1 %2 %3 %4 %5 %6"_s
                            .arg(posixQuoted(piece->stage), posixQuoted(item().request.target),
                                 posixQuoted(piece->archive))
                            .arg(piece->files.size())
                            .arg(piece->bytes)
                            .arg(QString::fromLatin1(piece->hash));
    call(m_client->exec(item().request.sandboxId, request),
         [this, piece](const Result<ExecResult> &result) {
             m_isPublishing = false;
             const QString expected = u"%1 %2"_s.arg(piece->files.size()).arg(piece->bytes);
             if (result && result->exitCode == 0 && result->stdOut.trimmed() == expected)
                 keepPiece(piece);
             else
                 dropPiece(piece);
             publishNext();
         });
}

void UploadJob::keepPiece(const PiecePtr &piece)
{
    addBytes(piece->bytes - *piece->counted);
    item().filesDone += static_cast<int>(piece->files.size());
    QSet<int> tops;
    for (int entry : piece->folders + piece->files) {
        while (at(entry).parent != Target)
            entry = at(entry).parent;
        tops.insert(entry);
    }
    for (int top : tops)
        landed(top);
    --m_pieces;
    release();
}

void UploadJob::dropPiece(const PiecePtr &piece)
{
    addBytes(-*piece->counted);
    m_singles += piece->folders + piece->files;
    if (++m_missedPieces >= MaxMisses)
        m_usesPieces = false;
    removeLater(piece->archive);
    removeLater(piece->stage);
    --m_pieces;
    release();
}

}  // namespace voidrun
