// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>

#include <atomic>

#include "uniquefd.h"

namespace voidrun
{

// A file without a name in the user's cache folder: what is in it is gone with the last user of
// this, however the application ends. One thread at a time.
class SpillFile
{
public:
    // Gives errno, 0 when all is written. The file is made at the first call.
    int write(qint64 offset, const QByteArray &bytes);
    // Fewer bytes than asked where they cannot be read.
    QByteArray read(qint64 offset, qsizetype size) const;

    // Nobody waits for what is being done any more. Any thread.
    void abandon() { m_isAbandoned = true; }
    bool isAbandoned() const { return m_isAbandoned; }

private:
    int open();

    UniqueFd m_file;
    std::atomic_bool m_isAbandoned = false;
};

}  // namespace voidrun
