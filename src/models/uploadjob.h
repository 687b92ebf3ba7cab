// SPDX-License-Identifier: MIT
#pragma once

#include <QFile>
#include <QQueue>

#include <sys/stat.h>

#include "localscanner.h"
#include "transferjob.h"

namespace voidrun
{

// One upload: scans the sources, asks about what exists, makes the folders and sends the files.
// Folders that exist are listed before anything goes into them, so that a file never replaces a
// folder nor a folder a file. A file goes to a hidden name beside its own, is looked at there and
// is then moved; many small ones do so together. Lives in the transfers' worker thread.
class UploadJob : public TransferJob
{
    Q_OBJECT

public:
    UploadJob(Client *client, const Item &item, const PartTags *tags);

    void begin() override;
    bool startNext() override;

protected:
    bool isThrough() const override;
    void check() override;
    void afterEnd() override;

private:
    enum class Phase { Scanning, MayCheck, Checking, Working };

    // A folder of the sandbox that files go into.
    struct Folder {
        bool isReady = false;
        bool isLost = false;  // it failed or is skipped, and so is what belongs into it
        bool isSkipped = false;
        QHash<QString, FileEntry> existing;  // by name

        static Folder lost(bool isSkipped) { return {false, true, isSkipped, {}}; }
    };

    // One file on its way; `status` is what it was when it was opened.
    struct Sending {
        int entry = 0;
        QFile file;
        struct stat status{};
        QString part;  // where it goes first; the path itself where that is a link, which stays
        QString path;
        uint mode = PlainMode;
        QByteArray hash;  // of a small one
        std::shared_ptr<qint64> counted = std::make_shared<qint64>(0);
        std::shared_ptr<int> batch;  // how many are checked together and share a slot
    };
    using SendingPtr = std::shared_ptr<Sending>;
    struct Piece;
    using PiecePtr = std::shared_ptr<Piece>;
    static constexpr uint PlainMode = 0644;

    // Who may read it may run it.
    static uint executable(uint mode) { return mode | ((mode & 0444U) >> 2); }

    void scan();
    void listTarget();
    void checkConflicts(const QList<FileEntry> &existing);
    QString chooseName(int entry, QSet<QString> *used, QList<TransferConflict> *conflicts);
    bool startEntry(int entry);
    bool isThere(int entry, const FileEntry &existing) const;
    void startFolder(int entry, bool exists);
    void finishFolder(int entry, const Result<QList<FileEntry>> &content);
    void startFile(int entry, const FileEntry *existing);
    bool open(Sending *sending, Error *error) const;
    void finishUpload(const SendingPtr &sending, const Result<Done> &result);
    void startCheck();
    void finishCheck(const SendingPtr &sending, const GuestCheck::Found &found);
    void compareSize(const SendingPtr &sending);
    void correctMode(const SendingPtr &sending, uint mode);
    void moveIntoPlace(const SendingPtr &sending);
    void finishFile(const SendingPtr &sending, const Result<Done> &result);
    void loseFile(const SendingPtr &sending, Error error);
    void leave(const SendingPtr &sending);
    void count(int entry, qint64 bytes);
    bool startSingle();
    bool isPieceDue() const;
    void startPiece();
    bool pack(Piece *piece);
    void unpack(const PiecePtr &piece, const Result<Done> &sent);
    void publishNext();
    void keepPiece(const PiecePtr &piece);
    void dropPiece(const PiecePtr &piece);
    void skip(int entry);
    void landed(int entry);
    QString name(int entry) const;
    QString guestPath(int entry) const;
    const LocalScanner::Entry &at(int entry) const;
    int entryCount() const { return static_cast<int>(m_scanner.entries().size()); }

    Phase m_phase = Phase::Scanning;
    LocalScanner m_scanner;
    QHash<int, Folder> m_folders;    // by entry; -1 is the target
    QHash<int, QString> m_topNames;  // of the sources' entries; empty: skipped
    QStringList m_mergedFolders;
    QList<SendingPtr> m_unchecked;  // arrived under their hidden names
    int m_sending = 0;
    int m_next = 0;
    bool m_somethingLanded = false;

    bool m_usesPieces = false;
    QList<int> m_newFolders;  // for the next piece
    QList<int> m_small;       // for the next piece
    qint64 m_smallBytes = 0;
    QHash<int, uint> m_modes;  // of files that exist
    QQueue<PiecePtr> m_unpacked;
    QList<int> m_singles;  // when no piece is under way
    int m_pieces = 0;      // under way
    int m_pieceNumber = 0;
    int m_missedPieces = 0;
    bool m_isPublishing = false;
};

}  // namespace voidrun
