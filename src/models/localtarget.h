// SPDX-License-Identifier: MIT
#pragma once

#include <QStringList>

#include <memory>

#include "api/error.h"
#include "partfile.h"
#include "uniquefd.h"

namespace voidrun
{

// The local folder of a download. Everything below it is reached through directory descriptors,
// name by name and never through a link, so that nothing can be written outside it. `parts` are
// the names below the folder. Lives in the transfers' worker thread.
class LocalTarget
{
public:
    enum class Kind { Missing, File, Folder, Other };

    // Makes the folder where it is missing.
    static Result<LocalTarget> open(const QString &path);

    // Removes what killed runs left in the folder and in those of `names` below it, at any depth.
    static void sweep(const QString &path, const QStringList &names);

    Kind kindOf(const QStringList &parts) const;
    // What a regular file is; nothing else has a size.
    struct FileInfo {
        qint64 size = -1;
        QDateTime modified;
    };
    FileInfo fileInfo(const QStringList &parts) const;
    // Makes a folder, or takes the one that is there; removes what killed runs left in it.
    // A Conflict where something else has the name.
    Result<void> makeFolder(const QStringList &parts) const;
    Result<std::unique_ptr<PartFile>> createFile(const QStringList &parts) const;
    QString pathOf(const QStringList &parts) const;

private:
    Result<UniqueFd> openFolder(const QStringList &parts) const;

    QString m_path;
    UniqueFd m_folder;
};

}  // namespace voidrun
