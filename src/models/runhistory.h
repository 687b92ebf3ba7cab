// SPDX-License-Identifier: MIT
#pragma once

#include <QAbstractTableModel>
#include <QHash>
#include <QThreadPool>
#include <QTimer>

#include "runtypes.h"

namespace voidrun
{

class RunJob;

// A run as the history keeps it: without its output.
struct RunRecord {
    RunRequest request;
    QDateTime startedAt;
    RunOutcome outcome;  // without results and errors
    bool isPinned = false;
    bool isCut = false;  // only the beginning of the text is kept
    int number = 0;      // in this run of the application; 0 of those from the file
};

// What was run over one connection from its start on, newest first; the last 500 and those that are
// pinned, long texts by their beginning. Kept in a file that only its owner can read. Values of
// environment variables are kept only where a person said so. GUI thread; the file is written in
// another one.
class RunHistory : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { TextColumn, SandboxColumn, WhenColumn, TookColumn, ColumnCount };
    enum Role { RecordRole = Qt::UserRole + 1, SearchRole };
    static constexpr qsizetype MostKept = 500;
    static constexpr qsizetype LongestText = 1'000'000;  // characters of one
    // Of all together; those of the oldest are cut to LeastText.
    static constexpr qsizetype MostText = 16'000'000;
    static constexpr qsizetype LeastText = 1000;

    // An empty file: kept in memory only.
    explicit RunHistory(const QString &file, QObject *parent = nullptr);
    ~RunHistory() override;  // waits for the file

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    // At its start; one whose end never came is kept with an outcome that is not known.
    void begin(const RunJob &job);
    void finish(const RunJob &job);
    void setPinned(int row, bool pinned);
    void remove(int row);
    void clear();  // all that are not pinned

private:
    void load();
    void takeLoaded(const QList<RunRecord> &records);
    void forgetOld();
    void shortenOld();
    void saveSoon();
    void save();

    const QString m_file;
    QList<RunRecord> m_records;
    QHash<const RunJob *, int> m_open;  // the numbers of those that have not ended
    int m_lastNumber = 0;
    QTimer m_timer;
    QThreadPool m_thread;
    bool m_isLoaded = false;
};

}  // namespace voidrun

Q_DECLARE_METATYPE(voidrun::RunRecord)
