// SPDX-License-Identifier: MIT
#include "editors.h"

#include <QFile>
#include <QFileInfo>
#include <QSaveFile>
#include <QTest>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace voidrun::test::editors
{

namespace
{

QByteArray beside(const QString &path, const QString &name)
{
    return QFile::encodeName(QFileInfo(path).path() + u'/' + name);
}

bool writeNew(const QByteArray &path, const QByteArray &content, int flags)
{
    const int fd = ::open(path.constData(), O_WRONLY | O_CREAT | flags, 0644);
    const bool isWritten =
        fd >= 0 && ::write(fd, content.constData(), size_t(content.size())) == content.size() &&
        ::fsync(fd) == 0;
    return ::close(fd) == 0 && isWritten;
}

}  // namespace

bool inPlace(const QString &path, const QByteArray &content)
{
    return writeNew(QFile::encodeName(path), content, O_TRUNC);
}

bool inPieces(const QString &path, const QByteArray &content)
{
    constexpr int Pieces = 5;
    constexpr int Pause = 60;  // ms
    const qsizetype size = content.size() / Pieces + 1;
    if (!writeNew(QFile::encodeName(path), {}, O_TRUNC))
        return false;
    for (qsizetype at = 0; at < content.size(); at += size) {
        QElapsedTimer clock;
        clock.start();
        if (!QTest::qWaitFor([&] { return clock.elapsed() >= Pause; }, 10 * Pause) ||
            !writeNew(QFile::encodeName(path), content.mid(at, size), O_APPEND))
            return false;
    }
    return true;
}

bool likeQt(const QString &path, const QByteArray &content)
{
    QSaveFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(content) == content.size() &&
           file.commit();
}

bool likeVim(const QString &path, const QByteArray &content)
{
    const QByteArray file = QFile::encodeName(path);
    const QByteArray probe = beside(path, u"4913"_s);
    const QByteArray backup = file + '~';
    return writeNew(beside(path, u'.' + QFileInfo(path).fileName() + u".swp"_s), "b0VIM", 0) &&
           writeNew(probe, {}, O_EXCL) && ::unlink(probe.constData()) == 0 &&
           ::rename(file.constData(), backup.constData()) == 0 &&
           writeNew(file, content, O_TRUNC) && ::chmod(file.constData(), 0644) == 0 &&
           ::unlink(backup.constData()) == 0;
}

bool likeEmacs(const QString &path, const QByteArray &content)
{
    const QByteArray file = QFile::encodeName(path);
    const QByteArray backup = file + '~';
    const QByteArray lock = beside(path, u".#"_s + QFileInfo(path).fileName());
    ::unlink(lock.constData());
    return ::symlink("somebody@somewhere.1:2", lock.constData()) == 0 &&
           ::rename(file.constData(), backup.constData()) == 0 && writeNew(file, content, O_EXCL) &&
           ::unlink(lock.constData()) == 0;
}

bool likeLibreOffice(const QString &path, const QByteArray &content)
{
    const QByteArray file = QFile::encodeName(path);
    const QByteArray lock = beside(path, u".~lock."_s + QFileInfo(path).fileName() + u'#');
    const QByteArray temporary = beside(path, u"lu12345abcde.tmp"_s);
    return writeNew(lock, ",somebody,somewhere,01.01.2026 12:00,file:///home/somebody;", 0) &&
           writeNew(temporary, content, O_EXCL) &&
           ::rename(temporary.constData(), file.constData()) == 0 &&
           ::unlink(lock.constData()) == 0;
}

bool likeGio(const QString &path, const QByteArray &content)
{
    const QByteArray temporary = beside(path, u".goutputstream-AB12CD"_s);
    return writeNew(temporary, content, O_EXCL) &&
           ::rename(temporary.constData(), QFile::encodeName(path).constData()) == 0;
}

bool removeAndCreate(const QString &path, const QByteArray &content)
{
    const QByteArray file = QFile::encodeName(path);
    return ::unlink(file.constData()) == 0 && writeNew(file, content, O_EXCL);
}

}  // namespace voidrun::test::editors
