// SPDX-License-Identifier: MIT
#include "partfile.h"

#include <QDateTime>
#include <QRandomGenerator>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "guestpath.h"
#include "systemerror.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

constexpr QByteArrayView Suffix = ".voidrun-part";
constexpr qsizetype RandomLength = 6;
constexpr qsizetype MaxName = 255;  // bytes

QByteArray randomLetters()
{
    constexpr QByteArrayView Letters = "abcdefghijklmnopqrstuvwxyz0123456789";
    QByteArray letters;
    for (qsizetype i = 0; i < RandomLength; ++i)
        letters.append(Letters[QRandomGenerator::global()->bounded(int{Letters.size()})]);
    return letters;
}

QByteArray temporaryName(const QByteArray &name)
{
    const qsizetype room = MaxName - Suffix.size() - RandomLength - 2;
    return '.' + name.left(room) + '.' + randomLetters() + Suffix.toByteArray();
}

bool isTemporaryName(QByteArrayView name)
{
    return name.startsWith('.') && name.endsWith(Suffix) &&
           name.size() > Suffix.size() + RandomLength + 2 &&
           name[name.size() - Suffix.size() - RandomLength - 1] == '.';
}

// When this process began; anything younger may be in use.
const qint64 startedAt = QDateTime::currentSecsSinceEpoch();

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
        part->m_temporary = temporaryName(part->m_name);
        fd = ::openat(part->m_folder.value(), part->m_temporary.constData(),
                      O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
        if (fd < 0 && errno != EEXIST)
            break;
    }
    if (fd < 0) {
        part->m_committed = true;  // there is nothing to remove
        return std::unexpected(systemError(path));
    }
    ::flock(fd, LOCK_EX | LOCK_NB);
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

void PartFile::sweep(int folder)
{
    const int copy = ::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *directory = copy < 0 ? nullptr : ::fdopendir(copy);
    if (!directory)
        return;
    constexpr int MaxEntries = 1'000'000;
    for (int i = 0; i < MaxEntries; ++i) {
        const dirent *entry = ::readdir(directory);
        if (!entry)
            break;
        if (!isTemporaryName(entry->d_name))
            continue;
        const UniqueFd file(
            ::openat(folder, entry->d_name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
        struct stat status{};
        const bool isStale = file.isOpen() && ::fstat(file.value(), &status) == 0 &&
                             S_ISREG(status.st_mode) && status.st_uid == ::geteuid() &&
                             status.st_mtime < startedAt &&
                             ::flock(file.value(), LOCK_EX | LOCK_NB) == 0;
        if (isStale)
            ::unlinkat(folder, entry->d_name, 0);
    }
    ::closedir(directory);
}

}  // namespace voidrun
