// SPDX-License-Identifier: MIT
#include "partfile.h"

#include <QCryptographicHash>
#include <QDateTime>
#include <QFile>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "partname.h"
#include "systemerror.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

// The sweep takes what nobody has locked, maybe between the making of a file and its lock.
bool isSwept(int fd)
{
    struct stat status{};
    const bool isOthers = ::flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    return isOthers || ::fstat(fd, &status) != 0 || status.st_nlink == 0;
}

}  // namespace

void WholeWriter::openFor(int fd)
{
    m_fd = fd;
    open(QIODevice::WriteOnly | QIODevice::Unbuffered);
}

qint64 WholeWriter::writeData(const char *data, qint64 size)
{
    qint64 written = 0;
    while (written < size) {
        const ssize_t part = ::write(m_fd, data + written, static_cast<size_t>(size - written));
        if (part < 0 && errno == EINTR)
            continue;
        if (part <= 0) {
            m_failure = part < 0 ? errno : ENOSPC;
            setErrorString(qt_error_string(m_failure));
            return -1;
        }
        written += part;
    }
    return written;
}

Result<std::unique_ptr<PartFile>> PartFile::create(UniqueFd folder, const QString &name,
                                                   const QString &path)
{
    std::unique_ptr<PartFile> part(new PartFile);
    part->m_folder = std::move(folder);
    part->m_name = name.toUtf8();
    part->m_path = path;
    int fd = -1;
    constexpr int Tries = 16;
    for (int i = 0; i < Tries && fd < 0; ++i) {
        part->m_temporary = partname::make(name, partname::newTag()).toUtf8();
        fd = ::openat(part->m_folder.value(), part->m_temporary.constData(),
                      O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
        if (fd < 0 && errno != EEXIST)
            break;
        if (fd >= 0 && isSwept(fd)) {
            ::close(fd);
            fd = -1;
            errno = EBUSY;
        }
    }
    if (fd < 0) {
        part->m_committed = true;  // there is nothing to remove
        return std::unexpected(systemError(path));
    }
    part->m_file = UniqueFd(fd);
    part->m_writer.openFor(fd);
    return part;
}

PartFile::~PartFile()
{
    if (!m_committed)
        ::unlinkat(m_folder.value(), m_temporary.constData(), 0);
}

qint64 PartFile::size() const
{
    struct stat status{};
    return ::fstat(m_file.value(), &status) == 0 ? status.st_size : -1;
}

QByteArray PartFile::hash() const
{
    QFile file;
    QCryptographicHash hash(QCryptographicHash::Sha256);
    const bool isRead = ::lseek(m_file.value(), 0, SEEK_SET) == 0 &&
                        file.open(m_file.value(), QIODevice::ReadOnly | QIODevice::Unbuffered) &&
                        hash.addData(&file);
    return isRead ? hash.result().toHex() : QByteArray();
}

Result<void> PartFile::commit(bool executable, const QDateTime &modified, bool replace)
{
    const int fd = m_file.value();
    struct stat status{};
    if (::fstat(fd, &status) != 0)
        return std::unexpected(systemError(m_path));
    if (executable)
        ::fchmod(fd, (status.st_mode & 0777) | ((status.st_mode & 0444) >> 2));
    if (modified.isValid()) {
        const timespec time{.tv_sec = modified.toSecsSinceEpoch(), .tv_nsec = 0};
        const timespec times[] = {time, time};
        ::futimens(fd, times);
    }
    const int folder = m_folder.value();
    const char *from = m_temporary.constData();
    const char *to = m_name.constData();
    int result = replace ? ::renameat(folder, from, folder, to)
                         : ::renameat2(folder, from, folder, to, RENAME_NOREPLACE);
    if (result != 0 && errno == EINVAL && !replace) {
        // A file system that does not know the flag: nearly as good.
        result = ::faccessat(folder, to, F_OK, AT_SYMLINK_NOFOLLOW) == 0
                     ? (errno = EEXIST, -1)
                     : ::renameat(folder, from, folder, to);
    }
    if (result != 0)
        return std::unexpected(systemError(m_path));
    m_committed = true;
    return {};
}

QStringList PartFile::sweep(int folder)
{
    QStringList folders;
    const int copy = ::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *directory = copy < 0 ? nullptr : ::fdopendir(copy);
    if (!directory)
        return folders;
    constexpr int MaxEntries = 1'000'000;
    for (int i = 0; i < MaxEntries; ++i) {
        const dirent *entry = ::readdir(directory);
        if (!entry)
            break;
        const QString name = QFile::decodeName(entry->d_name);
        if (entry->d_type == DT_DIR && name != "."_L1 && name != ".."_L1)
            folders.append(name);
        if (partname::tagOf(name).isEmpty())
            continue;
        const UniqueFd file(
            ::openat(folder, entry->d_name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
        struct stat status{};
        const bool isStale = file.isOpen() && ::fstat(file.value(), &status) == 0 &&
                             S_ISREG(status.st_mode) && status.st_uid == ::geteuid() &&
                             ::flock(file.value(), LOCK_EX | LOCK_NB) == 0;
        if (isStale)
            ::unlinkat(folder, entry->d_name, 0);
    }
    ::closedir(directory);
    return folders;
}

}  // namespace voidrun
