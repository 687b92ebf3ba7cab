// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QQueue>
#include <QStringList>

#include <memory>
#include <vector>

#include <dirent.h>

#include "api/error.h"

namespace voidrun
{

// Finds everything that an upload takes along, in small steps, folders before what is in them.
// Links to folders, pipes, devices and sockets are failures and never opened; a link to a file
// stands for its content. Lives in the transfers' worker thread.
class LocalScanner
{
public:
    struct Entry {
        int parent = -1;  // index of its folder; -1: one of the sources
        int source = 0;   // which source it comes from
        QByteArray name;  // valid UTF-8
        qint64 size = 0;
        qint64 modified = 0;  // ms since 1970
        bool isDir = false;
        bool isExecutable = false;
    };

    explicit LocalScanner(const QStringList &sources);

    // Looks at about `count` files; false when there are no more.
    bool step(int count);

    const std::vector<Entry> &entries() const { return m_entries; }
    // What was found since the last call and cannot be uploaded.
    QList<Error> takeFailures() { return std::exchange(m_failures, {}); }
    QByteArray localPath(int entry) const;

private:
    struct CloseFolder {
        void operator()(DIR *folder) const { ::closedir(folder); }
    };

    void look(int parent, int source, const QByteArray &name, const QByteArray &path);
    void openNextFolder();
    void fail(const QByteArray &path, const QString &detail);

    QStringList m_sources;
    std::vector<Entry> m_entries;
    QList<Error> m_failures;
    QQueue<int> m_folders;  // not looked into yet
    std::unique_ptr<DIR, CloseFolder> m_open;
    int m_openEntry = -1;
    QByteArray m_openPath;
    qsizetype m_nextSource = 0;
};

}  // namespace voidrun
