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
constexpr quint16 Version = 2;
constexpr quint16 WithoutCuts = 1;
constexpr qint64 MostBytes = 64LL * 1024 * 1024;
constexpr auto SaveAfter = 200ms;

void write(QDataStream &out, const RunRecord &record)
{
    const RunRequest &request = record.request;
    const RunOutcome &outcome = record.outcome;
    out << request.sandboxId << request.sandboxName << request.isCode << int(request.language)
        << request.text << request.folder << request.environment << request.unkept
        << request.timeout << record.startedAt << int(outcome.kind) << outcome.exitCode
        << int(outcome.reason) << outcome.program << outcome.duration << record.isPinned
        << record.isCut;
}

bool read(QDataStream &in, quint16 version, RunRecord *record)
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
    if (version > WithoutCuts)
        in >> record->isCut;
    request.language = Language(language);  // of another version, it is not run
    outcome.kind = RunOutcome::Kind(std::clamp(kind, 0, int(RunOutcome::Kind::Unknown)));
    if (outcome.kind == RunOutcome::Kind::None)  // the application ended first
        outcome.kind = RunOutcome::Kind::Unknown;
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
    const bool isOurs = magic == Magic && (version == Version || version == WithoutCuts);
    while (isOurs && !in.atEnd() && read(in, version, &record))
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

void shorten(RunRecord *record, qsizetype size)
{
    if (record->request.text.size() <= size)
        return;
    record->request.text.truncate(size);
    record->request.text.squeeze();
    record->isCut = true;
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
        saveSoon();
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
            return visibleText(record.request.text.trimmed().section(u'\n', 0, 0).left(LeastText));
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

void RunHistory::begin(const RunJob &job)
{
    if (job.isAttached())
        return;
    RunRecord record;
    record.number = ++m_lastNumber;
    m_open.insert(&job, record.number);
    record.request = job.request();
    shorten(&record, LongestText);
    for (const QString &name : record.request.unkept)
        record.request.environment.insert(name, QString());
    record.startedAt = QDateTime::currentDateTimeUtc();
    beginInsertRows({}, 0, 0);
    m_records.prepend(record);
    endInsertRows();
    forgetOld();
    saveSoon();
}

void RunHistory::finish(const RunJob &job)
{
    const int number = m_open.take(&job);
    const auto known = std::ranges::find(m_records, number, &RunRecord::number);
    if (number == 0 || known == m_records.end())
        return;  // a person has removed it meanwhile
    const RunOutcome &outcome = job.outcome();
    known->outcome.kind = outcome.kind;
    known->outcome.exitCode = outcome.exitCode;
    known->outcome.reason = outcome.reason;
    known->outcome.program = outcome.program;
    known->outcome.duration = outcome.duration;
    known->startedAt = job.startedAt().isValid() ? job.startedAt() : known->startedAt;
    const int row = int(known - m_records.begin());
    Q_EMIT dataChanged(index(row, 0), index(row, ColumnCount - 1));
    saveSoon();
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
    shortenOld();
}

void RunHistory::shortenOld()
{
    qsizetype size = 0;
    for (RunRecord &record : m_records) {
        size += record.request.text.size();
        if (size > MostText)
            shorten(&record, LeastText);
    }
}

void RunHistory::saveSoon()
{
    if (!m_timer.isActive())  // one run after the other must not put it off for ever
        m_timer.start();
}

void RunHistory::setPinned(int row, bool pinned)
{
    m_records[row].isPinned = pinned;
    Q_EMIT dataChanged(index(row, 0), index(row, ColumnCount - 1));
    saveSoon();
}

void RunHistory::remove(int row)
{
    beginRemoveRows({}, row, row);
    m_records.removeAt(row);
    endRemoveRows();
    saveSoon();
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
