// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QDateTime>
#include <QIODevice>
#include <QStringList>

#include <memory>

#include "api/error.h"
#include "uniquefd.h"

namespace voidrun
{

// Writes all or fails: a disk that gets full in the middle of a write is an error with the system's
// text, not a short write. Does not own the descriptor.
class WholeWriter : public QIODevice
{
public:
    void openFor(int fd);
    int failure() const { return m_failure; }  // errno of the write that failed; 0 if none did

protected:
    qint64 readData(char *, qint64) override { return -1; }
    qint64 writeData(const char *data, qint64 size) override;

private:
    int m_fd = -1;
    int m_failure = 0;
};

// A file that is being downloaded: a hidden temporary beside its target,
// ".NAME.XXXXXX.voidrun-part", that gets its name when it is whole and goes away when it is not.
// Held under an flock, so that a sweep can tell it from what a killed run left. Lives in the
// transfers' worker thread.
class PartFile
{
public:
    // `path` is for messages.
    static Result<std::unique_ptr<PartFile>> create(UniqueFd folder, const QString &name,
                                                    const QString &path);
    ~PartFile();
    PartFile(const PartFile &) = delete;
    PartFile &operator=(const PartFile &) = delete;

    QIODevice *device() { return &m_writer; }
    qint64 size() const;
    int failure() const { return m_writer.failure(); }
    // SHA-256 in hex of what was written; empty when it cannot be read. Nothing is written after
    // it.
    QByteArray hash() const;

    // Gives it its name, over an existing file only if `replace`. A Conflict otherwise.
    Result<void> commit(bool executable, const QDateTime &modified, bool replace);

    // Removes what earlier runs, now dead, left in this folder; gives the names of its folders.
    static QStringList sweep(int folder);

private:
    PartFile() = default;

    UniqueFd m_folder;
    QByteArray m_temporary;
    QByteArray m_name;
    QString m_path;
    UniqueFd m_file;
    WholeWriter m_writer;
    bool m_committed = false;
};

}  // namespace voidrun
