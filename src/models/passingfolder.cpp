// SPDX-License-Identifier: MIT
#include "passingfolder.h"

#include <QDir>
#include <QLockFile>
#include <QThreadPool>
#include <QUuid>

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

constexpr auto LockSuffix = ".lock"_L1;

// The lock comes before its folder and goes after it, so that no folder is ever without one while
// somebody uses it.
std::unique_ptr<QLockFile> lockOf(const QString &folder)
{
    auto lock = std::make_unique<QLockFile>(folder % LockSuffix);
    lock->setStaleLockTime(std::chrono::milliseconds(0));  // only the end of its process frees it
    return lock;
}

}  // namespace

PassingFolder::PassingFolder(const QString &base)
{
    const QString path = base % u"/copy-"_s % QUuid::createUuid().toString(QUuid::WithoutBraces);
    if (!QDir().mkpath(base))
        return;
    m_lock = lockOf(path);
    if (m_lock->tryLock() &&
        QDir().mkdir(path, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner))
        m_path = path;
}

PassingFolder::~PassingFolder()
{
    if (m_path.isEmpty())
        return;
    // A large tree takes a while to remove.
    QThreadPool::globalInstance()->start(
        [path = m_path, lock = std::shared_ptr<QLockFile>(std::move(m_lock))] {
            QDir(path).removeRecursively();
        });
}

void PassingFolder::sweep(const QString &base)
{
    QStringList names = QDir(base).entryList({u"copy-*"_s}, QDir::AllEntries);
    for (QString &name : names) {
        if (name.endsWith(LockSuffix))
            name.chop(LockSuffix.size());
    }
    names.removeDuplicates();
    for (const QString &name : std::as_const(names)) {
        const QString path = base % u'/' % name;
        const auto lock = lockOf(path);
        if (lock->tryLock())
            QDir(path).removeRecursively();
    }
}

}  // namespace voidrun
