// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

#include <memory>

class QLockFile;

namespace voidrun
{

// A folder of this computer that files pass through, and that is removed with all that is in it by
// a thread of the pool when the object goes. What a run that was killed left behind is removed by
// the next one; a lock beside each folder says that it is still in use. Any thread.
class PassingFolder
{
public:
    // Below `base`, which is made where it is missing.
    explicit PassingFolder(const QString &base);
    ~PassingFolder();
    Q_DISABLE_COPY_MOVE(PassingFolder)

    // Empty where there is no room for it, or no permission.
    const QString &path() const { return m_path; }

    // Removes those below `base` that nobody uses any more. Blocks: for a thread of the pool.
    static void sweep(const QString &base);

private:
    QString m_path;
    std::unique_ptr<QLockFile> m_lock;
};

}  // namespace voidrun
