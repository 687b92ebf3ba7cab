// SPDX-License-Identifier: MIT
#include "localscanner.h"

#include <QDir>
#include <QFile>
#include <QStringDecoder>

#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "systemerror.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

constexpr size_t MaxEntries = 1'000'000;

bool isUtf8(const QByteArray &name)
{
    QStringDecoder decode(QStringDecoder::Utf8, QStringDecoder::Flag::ConvertInitialBom);
    const QString decoded = decode(name);
    return !decode.hasError() && decoded.toUtf8() == name;
}

}  // namespace

LocalScanner::LocalScanner(const QStringList &sources)
{
    for (const QString &source : sources)
        m_sources.append(QDir::cleanPath(source));
}

QByteArray LocalScanner::localPath(int entry) const
{
    QByteArrayList names;
    const Entry *at = &m_entries[static_cast<size_t>(entry)];
    for (; at->parent >= 0; at = &m_entries[static_cast<size_t>(at->parent)])
        names.prepend(at->name);
    names.prepend(QFile::encodeName(m_sources.at(at->source)));
    return names.join('/');
}

bool LocalScanner::step(int count)
{
    for (int i = 0; i < count; ++i) {
        if (m_entries.size() + static_cast<size_t>(m_failures.size()) >= MaxEntries) {
            m_failures.append(ownError(Error::Kind::TooLarge, Error::Reason::TooManyFiles,
                                       QFile::decodeName(m_openPath)));
            return false;
        }
        if (m_open) {
            errno = 0;
            const dirent *entry = ::readdir(m_open.get());
            if (!entry) {
                if (errno != 0)
                    fail(m_openPath, qt_error_string(errno));
                m_open.reset();
            } else if (const QByteArray name(entry->d_name); name != "." && name != "..") {
                const int source = m_entries[static_cast<size_t>(m_openEntry)].source;
                look(m_openEntry, source, name, m_openPath + '/' + name);
            }
        } else if (m_nextSource < m_sources.size()) {
            const auto source = static_cast<int>(m_nextSource++);
            const QByteArray path = QFile::encodeName(m_sources.at(source));
            look(-1, source, path.mid(path.lastIndexOf('/') + 1), path);
        } else if (!m_folders.isEmpty()) {
            openNextFolder();
        } else {
            return false;
        }
    }
    return true;
}

void LocalScanner::openNextFolder()
{
    m_openEntry = m_folders.dequeue();
    m_openPath = localPath(m_openEntry);
    const int fd = ::open(m_openPath.constData(),
                          O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd >= 0)
        m_open.reset(::fdopendir(fd));
    else
        fail(m_openPath, qt_error_string(errno));
}

void LocalScanner::look(int parent, int source, const QByteArray &name, const QByteArray &path)
{
    if (name.isEmpty() || !path.startsWith('/'))
        return fail(path, u"this cannot be uploaded as a whole"_s);
    if (!isUtf8(name))
        return fail(path, u"the name is not valid UTF-8 and cannot be sent"_s);
    struct stat status{};
    if (::lstat(path.constData(), &status) != 0)
        return fail(path, qt_error_string(errno));
    if (S_ISLNK(status.st_mode)) {
        if (::stat(path.constData(), &status) != 0)
            return fail(path, u"the link leads nowhere"_s);
        if (S_ISDIR(status.st_mode))
            return fail(path, u"links to folders are not followed"_s);
    }
    const bool isDir = S_ISDIR(status.st_mode);
    if (!isDir && !S_ISREG(status.st_mode))
        return fail(path, u"this is a pipe, a socket or a device, not a file"_s);
    if (!isDir && ::access(path.constData(), R_OK) != 0)
        return fail(path, qt_error_string(errno));
    Entry entry;
    entry.parent = parent;
    entry.source = source;
    entry.name = name;
    entry.size = isDir ? 0 : status.st_size;
    entry.modified = status.st_mtim.tv_sec * 1000 + status.st_mtim.tv_nsec / 1'000'000;
    entry.isDir = isDir;
    entry.isExecutable = !isDir && (status.st_mode & S_IXUSR);
    if (isDir)
        m_folders.enqueue(static_cast<int>(m_entries.size()));
    m_entries.push_back(entry);
}

void LocalScanner::fail(const QByteArray &path, const QString &detail)
{
    m_failures.append(ownError(Error::Kind::LocalFile, detail, QFile::decodeName(path)));
}

}  // namespace voidrun
