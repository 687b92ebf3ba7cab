// SPDX-License-Identifier: MIT
#include "transferstore.h"

#include <QDataStream>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSaveFile>

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

constexpr quint32 Magic = 0x56525451;  // "VRTQ"
constexpr quint16 Version = 1;
constexpr qsizetype MaxItems = 200;
constexpr qsizetype MaxSources = 10'000;  // of all; a transfer beyond them is not kept
constexpr qint64 MaxFileSize = 64LL << 20;

void write(QDataStream &out, const TransferModel::Item &item)
{
    const TransferRequest &request = item.request;
    QHash<QString, int> answers;
    for (const auto &[name, answer] : request.answers.asKeyValueRange())
        answers.insert(name, static_cast<int>(answer));
    out << static_cast<int>(request.direction) << static_cast<int>(request.conflict) << answers
        << request.profile.id << request.profile.name << request.sandboxId << request.sandboxName
        << request.sources << request.target << item.results << item.made << item.tags
        << item.startedAt << item.bytesDone << item.bytesTotal << item.filesDone << item.filesTotal;
}

TransferRequest::Conflict conflictOf(int value)
{
    using Conflict = TransferRequest::Conflict;
    return value >= static_cast<int>(Conflict::Ask) && value <= static_cast<int>(Conflict::Skip)
               ? static_cast<Conflict>(value)
               : Conflict::Ask;
}

bool read(QDataStream &in, TransferModel::Item *item)
{
    TransferRequest &request = item->request;
    int direction = 0;
    int conflict = 0;
    QHash<QString, int> answers;
    in >> direction >> conflict >> answers >> request.profile.id >> request.profile.name >>
        request.sandboxId >> request.sandboxName >> request.sources >> request.target >>
        item->results >> item->made >> item->tags >> item->startedAt >> item->bytesDone >>
        item->bytesTotal >> item->filesDone >> item->filesTotal;
    request.direction =
        direction == 0 ? TransferRequest::Direction::Upload : TransferRequest::Direction::Download;
    request.conflict = conflictOf(conflict);
    for (const auto &[name, answer] : answers.asKeyValueRange())
        request.answers.insert(name, conflictOf(answer));
    item->isContinued = true;
    return in.status() == QDataStream::Ok && !request.sources.isEmpty();
}

}  // namespace

TransferStore::TransferStore(const QString &file) : m_file(file), m_lock(file + u".lock"_s)
{
    m_lock.setStaleLockTime(0);  // held for as long as its process lives
}

bool TransferStore::isOurs()
{
    if (m_file.isEmpty())
        return false;
    QDir().mkpath(QFileInfo(m_file).path());
    return m_lock.isLocked() || m_lock.tryLock(0);
}

TransferContent TransferStore::load()
{
    TransferContent content;
    QFile file(m_file);
    if (!isOurs() || !file.open(QIODevice::ReadOnly) || file.size() > MaxFileSize)
        return content;
    QDataStream in(&file);
    in.setVersion(QDataStream::Qt_6_8);
    quint32 magic = 0;
    quint16 version = 0;
    qint32 count = 0;
    in >> magic >> version;
    if (magic != Magic || version != Version)
        return content;
    in >> content.concurrency >> count;
    for (qint32 i = 0; i < count && content.items.size() < MaxItems; ++i) {
        TransferModel::Item item;
        if (!read(in, &item))
            break;
        content.items.append(item);
    }
    return content;
}

void TransferStore::save(const TransferContent &content)
{
    QSaveFile file(m_file);
    if (!isOurs() || !file.open(QIODevice::WriteOnly))
        return;
    file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
    QList<TransferModel::Item> kept = content.items;
    qsizetype sources = 0;
    kept.removeIf([&sources](const TransferModel::Item &item) {
        const qsizetype count = item.request.sources.size();
        const bool isTooMuch = sources + count > MaxSources;
        sources += isTooMuch ? 0 : count;
        return isTooMuch;
    });
    kept = kept.first(std::min(MaxItems, kept.size()));
    QDataStream out(&file);
    out.setVersion(QDataStream::Qt_6_8);
    out << Magic << Version << content.concurrency << static_cast<qint32>(kept.size());
    for (const TransferModel::Item &item : kept)
        write(out, item);
    file.commit();
}

}  // namespace voidrun
