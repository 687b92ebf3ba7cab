// SPDX-License-Identifier: MIT
#include "runhistory.h"

#include <QDataStream>
#include <QDir>
#include <QFileInfo>
#include <QSaveFile>

#include <algorithm>

#include "runjob.h"
#include "visibletext.h"

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace voidrun
{

namespace
{

constexpr quint32 Magic = 0x56525248;  // "VRRH"
constexpr quint16 Version = 1;
constexpr qint64 MostBytes = 64LL * 1024 * 1024;
constexpr qsizetype LongestText = 1'000'000;  // characters of one; longer ones are not kept
constexpr auto SaveAfter = 500ms;

void write(QDataStream &out, const RunRecord &record)
{
    const RunRequest &request = record.request;
    const RunOutcome &outcome = record.outcome;
    out << request.sandboxId << request.sandboxName << request.isCode << int(request.language)
        << request.text << request.folder << request.environment << request.unkept
        << request.timeout << record.startedAt << int(outcome.kind) << outcome.exitCode
        << int(outcome.reason) << outcome.program << outcome.duration << record.isPinned;
}

bool read(QDataStream &in, RunRecord *record)
{
    RunRequest &request = record->request;
    RunOutcome &outcome = record->outcome;
    int language = 0;
    int kind = 0;
    int reason = 0;
    in >> request.sandboxId >> request.sandboxName >> request.isCode >> language >> request.text >>
        request.folder >> request.environment >> request.unkept >> request.timeout >>
        record->startedAt >> kind >> outcome.exitCode >> reason >> outcome.program >>
        outcome.duration >> record->isPinned;
    request.language = Language(std::clamp(language, 0, int(Language::Sh)));
    outcome.kind = RunOutcome::Kind(std::clamp(kind, 0, int(RunOutcome::Kind::Unknown)));
    outcome.reason = ExitReason(std::clamp(reason, 0, int(ExitReason::NoPermission)));
    return in.status() == QDataStream::Ok;
}

QList<RunRecord> readFile(const QString &path)
{
    QList<RunRecord> records;
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly) || file.size() > MostBytes)
        return records;
    QDataStream in(&file);
    in.setVersion(QDataStream::Qt_6_5);
    quint32 magic = 0;
    quint16 version = 0;
    in >> magic >> version;
    RunRecord record;
    while (magic == Magic && version == Version && !in.atEnd() && read(in, &record))
        records.append(record);
    return records;
}

void writeFile(const QString &path, const QList<RunRecord> &records)
{
    QDir().mkpath(QFileInfo(path).path());
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        return;
    file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
    QDataStream out(&file);
    out.setVersion(QDataStream::Qt_6_5);
    out << Magic << Version;
    for (const RunRecord &record : records)
        write(out, record);
    file.commit();
}

}  // namespace

RunHistory::RunHistory(const QString &file, QObject *parent)
    : QAbstractTableModel(parent), m_file(file)
{
    m_thread.setMaxThreadCount(1);
    m_timer.setSingleShot(true);
    m_timer.setInterval(SaveAfter);
    connect(&m_timer, &QTimer::timeout, this, &RunHistory::save);
    load();
}

RunHistory::~RunHistory()
{
    if (m_timer.isActive())
        save();
    m_thread.waitForDone();
}

void RunHistory::load()
{
    if (m_file.isEmpty())
        return;
    m_thread.start([this, file = m_file] {
        const QList<RunRecord> records = readFile(file);
        // The destructor waits for this thread.
        QMetaObject::invokeMethod(
            this, [this, records] { takeLoaded(records); }, Qt::QueuedConnection);
    });
}

// What was run meanwhile is newer.
void RunHistory::takeLoaded(const QList<RunRecord> &records)
{
    m_isLoaded = true;
    if (records.isEmpty())
        return;
    const int row = int(m_records.size());
    beginInsertRows({}, row, row + int(records.size()) - 1);
    m_records.append(records);
    endInsertRows();
    forgetOld();
    if (row > 0)
        m_timer.start();
}

int RunHistory::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_records.size());
}

int RunHistory::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(ColumnCount);
}

QVariant RunHistory::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const RunRecord &record = m_records[index.row()];
    if (role == RecordRole)
        return QVariant::fromValue(record);
    if (role == SearchRole)
        return QString(record.request.text % u'\n' % record.request.sandboxName);
    if (role != Qt::DisplayRole)
        return {};
    switch (index.column()) {
        case TextColumn:
            return visibleText(record.request.text.trimmed().section(u'\n', 0, 0));
        case SandboxColumn:
            return visibleText(record.request.sandboxName);
        case WhenColumn:
            return record.startedAt;
        default:
            return record.outcome.duration;
    }
}

QVariant RunHistory::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
        case TextColumn:
            return tr("What was run");
        case SandboxColumn:
            return tr("Sandbox");
        case WhenColumn:
            return tr("When");
        default:
            return tr("Took");
    }
}

void RunHistory::add(const RunJob &job)
{
    if (job.isAttached() || job.request().text.size() > LongestText)
        return;
    RunRecord record;
    record.request = job.request();
    for (const QString &name : record.request.unkept)
        record.request.environment.insert(name, QString());
    record.startedAt = job.startedAt();
    const RunOutcome &outcome = job.outcome();
    record.outcome.kind = outcome.kind;
    record.outcome.exitCode = outcome.exitCode;
    record.outcome.reason = outcome.reason;
    record.outcome.program = outcome.program;
    record.outcome.duration = outcome.duration;
    beginInsertRows({}, 0, 0);
    m_records.prepend(record);
    endInsertRows();
    forgetOld();
    m_timer.start();
}

void RunHistory::forgetOld()
{
    auto unpinned = std::ranges::count(m_records, false, &RunRecord::isPinned);
    for (qsizetype row = m_records.size() - 1; row >= 0 && unpinned > MostKept; --row) {
        if (m_records[row].isPinned)
            continue;
        beginRemoveRows({}, int(row), int(row));
        m_records.removeAt(row);
        endRemoveRows();
        --unpinned;
    }
}

void RunHistory::setPinned(int row, bool pinned)
{
    m_records[row].isPinned = pinned;
    Q_EMIT dataChanged(index(row, 0), index(row, ColumnCount - 1));
    m_timer.start();
}

void RunHistory::remove(int row)
{
    beginRemoveRows({}, row, row);
    m_records.removeAt(row);
    endRemoveRows();
    m_timer.start();
}

void RunHistory::clear()
{
    for (int row = rowCount() - 1; row >= 0; --row) {
        if (!m_records[row].isPinned)
            remove(row);
    }
}

// Never before what the file holds is known.
void RunHistory::save()
{
    if (m_file.isEmpty())
        return;
    if (!m_isLoaded)
        return m_timer.start();
    m_thread.start([file = m_file, records = m_records] { writeFile(file, records); });
}

}  // namespace voidrun
