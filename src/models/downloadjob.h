// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <vector>

#include "api/types.h"
#include "localtarget.h"
#include "transferjob.h"

namespace voidrun
{

// One download: asks about what exists in the local folder, walks the guest's folders (never
// through a link) and fetches file by file. Lives in the transfers' worker thread.
class DownloadJob : public TransferJob
{
    Q_OBJECT

public:
    DownloadJob(Client *client, const Item &item, const Made &made);

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
        bool isDir = false;
        bool isLost = false;  // it failed, and so does what is in it
    };

    struct Receiving;

    QString chooseName(int source, QSet<QString> *used, QStringList *conflicts) const;
    bool startEntry(int entry);
    void askKind(int entry, bool isSource);
    void finishStat(int entry, bool isSource, const Result<FileStat> &result);
    void startFolder(int entry);
    void finishFolder(int entry, const QList<FileEntry> &content);
    void addEntry(int folder, const FileEntry &found);
    void startFile(int entry, const FileStat &stat);
    void finishFile(const std::shared_ptr<Receiving> &receiving, const Result<qint64> &result);
    Result<void> keep(const Receiving &receiving, qint64 received);
    void lose(int entry, const Error &error);
    QStringList localParts(int entry) const;
    QString guestPath(int entry) const;
    Entry &at(int entry) { return m_entries[static_cast<size_t>(entry)]; }
    const Entry &at(int entry) const { return m_entries[static_cast<size_t>(entry)]; }

    std::optional<LocalTarget> m_target;
    std::vector<Entry> m_entries;
    size_t m_next = 0;
    bool m_working = false;
};

}  // namespace voidrun
