// SPDX-License-Identifier: MIT
#include "spillfile.h"

#include <fcntl.h>
#include <unistd.h>

#include <QDir>
#include <QFile>
#include <QStandardPaths>

#include <cerrno>

namespace voidrun
{

// Not in /tmp, which is memory on many systems.
int SpillFile::open()
{
    const QString folder = QStandardPaths::writableLocation(QStandardPaths::CacheLocation);
    QDir().mkpath(folder);
    m_file = UniqueFd(
        ::open(QFile::encodeName(folder).constData(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
    if (m_file.isOpen())
        return 0;
    // Some file systems have no nameless files.
    QByteArray name = QFile::encodeName(folder) + "/output.XXXXXX";
    m_file = UniqueFd(::mkostemp(name.data(), O_CLOEXEC));
    if (!m_file.isOpen())
        return errno;
    ::unlink(name.constData());
    return 0;
}

int SpillFile::write(qint64 offset, const QByteArray &bytes)
{
    if (!m_file.isOpen()) {
        if (const int error = open(); error != 0)
            return error;
    }
    for (qsizetype done = 0; done < bytes.size();) {
        const ssize_t size = ::pwrite(m_file.value(), bytes.constData() + done,
                                      static_cast<size_t>(bytes.size() - done), offset + done);
        if (size < 0 && errno != EINTR)
            return errno;
        done += qMax(size, ssize_t(0));
    }
    return 0;
}

QByteArray SpillFile::read(qint64 offset, qsizetype size) const
{
    QByteArray bytes(size, Qt::Uninitialized);
    qsizetype done = 0;
    while (m_file.isOpen() && done < size) {
        const ssize_t got = ::pread(m_file.value(), bytes.data() + done,
                                    static_cast<size_t>(size - done), offset + done);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        done += got;
    }
    bytes.truncate(done);
    return bytes;
}

}  // namespace voidrun
