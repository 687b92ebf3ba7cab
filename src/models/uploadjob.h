// SPDX-License-Identifier: MIT
#pragma once

#include <QFile>

#include "api/client.h"
#include "localscanner.h"
#include "transferjob.h"

namespace voidrun
{

// One upload: scans the sources, asks about what exists, makes the folders and sends the files.
// Folders that exist are listed before anything goes into them, so that a file never replaces a
// folder nor a folder a file. Lives in the transfers' worker thread.
class UploadJob : public TransferJob
{
    Q_OBJECT

public:
    UploadJob(Client *client, const Item &item, const Made &made);

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
        QHash<QString, bool> existing;  // name -> is a folder

        static Folder lost(bool isSkipped) { return {false, true, isSkipped, {}}; }
    };

    struct Sending;

    void scan();
    void checkConflicts(const QList<FileEntry> &existing);
    QString chooseName(int entry, QSet<QString> *used, QStringList *conflicts);
    bool startEntry(int entry);
    void startFolder(int entry, bool exists);
    void finishFolder(int entry, const Result<QList<FileEntry>> &content);
    void startFile(int entry);
    void finishUpload(const std::shared_ptr<Sending> &sending, const Result<Done> &result);
    void finishFile(const std::shared_ptr<Sending> &sending, const Result<Done> &result);
    void skip(int entry);
    void landed(int entry);
    QString name(int entry) const;
    QString guestPath(int entry) const;
    const LocalScanner::Entry &at(int entry) const;

    Phase m_phase = Phase::Scanning;
    LocalScanner m_scanner;
    QHash<int, Folder> m_folders;    // by entry; -1 is the target
    QHash<int, QString> m_topNames;  // of the sources' entries; empty: skipped
    QStringList m_mergedFolders;
    int m_next = 0;
    bool m_somethingLanded = false;
};

}  // namespace voidrun
