// SPDX-License-Identifier: MIT
#pragma once

#include <QQueue>

#include <functional>
#include <optional>
#include <vector>

#include "localtarget.h"
#include "transferjob.h"

namespace voidrun
{

// One download: asks about what exists in the local folder, walks the guest's folders (never
// through a link) and then fetches the files, many small ones together. A file has a hidden name
// until what arrived was compared. Lives in the transfers' worker thread.
class DownloadJob : public TransferJob
{
    Q_OBJECT

public:
    DownloadJob(Client *client, const Item &item, const PartTags *tags);

    void begin() override;
    bool startNext() override;

protected:
    bool isThrough() const override;
    void check() override;

private:
    struct Entry {
        int parent = -1;  // index of its folder; -1: one of the sources
        int source = 0;
        QString name;       // in the guest
        QString localName;  // of a source; else as `name`
        qint64 size = 0;    // as it was listed
        QDateTime modified;
        bool isDir = false;
        bool isLost = false;  // it failed, and so does what is in it
    };

    struct Receiving;
    using ReceivingPtr = std::shared_ptr<Receiving>;
    struct Piece;
    using PiecePtr = std::shared_ptr<Piece>;

    QString chooseName(int source, QSet<QString> *used, QStringList *conflicts) const;
    void compare(const QStringList &names);
    void finishComparing(const QString &folder, const QStringList &names,
                         const Result<QList<FileEntry>> &content);
    void startSource(int entry);
    void finishSource(int entry, const Result<FileStat> &result);
    void startFolder(int entry);
    void finishFolder(int entry, const QList<FileEntry> &content);
    void addEntry(int folder, const FileEntry &found);
    bool startEntry(int entry);
    bool isHere(int entry) const;
    void askKind(int entry);
    void startFile(int entry, const FileStat &stat);
    void finishFile(const ReceivingPtr &receiving, const Result<qint64> &result);
    void startCheck();
    void finishCheck(const ReceivingPtr &receiving, const GuestCheck::Found &found);
    void preparePieces();
    void startPiece();
    QString packCommand(Piece *piece);
    void fetchPiece(const PiecePtr &piece, const Result<ExecResult> &packed);
    void takePiece(const PiecePtr &piece, bool isWhole);
    bool takeFile(int entry, qint64 size, uint mode, qint64 modified,
                  const std::function<QByteArray()> &content);
    void dropPiece(const PiecePtr &piece);
    void endPiece(const PiecePtr &piece);
    bool mayReplace(int entry) const;
    void keep(const ReceivingPtr &receiving);
    void drop(const ReceivingPtr &receiving, const Error &error);
    void noteFailure(int entry, const Error &error);
    void lose(int entry, const Error &error);
    void count(int entry, qint64 bytes);
    QStringList localParts(int entry) const;
    QString guestPath(int entry) const;
    Entry &at(int entry) { return m_entries[static_cast<size_t>(entry)]; }
    const Entry &at(int entry) const { return m_entries[static_cast<size_t>(entry)]; }

    std::optional<LocalTarget> m_target;
    std::vector<Entry> m_entries;
    QQueue<int> m_folders;  // not asked for yet; sources too, until it is known what they are
    QQueue<int> m_files;    // not started yet
    QList<ReceivingPtr> m_unchecked;
    int m_listing = 0;
    int m_receiving = 0;
    bool m_working = false;

    QList<int> m_small;  // that go in pieces
    bool m_arePiecesPrepared = false;
    int m_pieceNumber = 0;
    int m_missedPieces = 0;
};

}  // namespace voidrun
