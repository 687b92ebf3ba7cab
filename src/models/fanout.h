// SPDX-License-Identifier: MIT
#pragma once

#include <QAbstractTableModel>
#include <QPointer>

#include "runtypes.h"

namespace voidrun
{

class RunJob;
class RunsModel;

// The same run in several sandboxes, at most eight at a time, and what each of them answered. Equal
// answers (all of the output, however long, and the way of ending) have the same letter; A is the
// most frequent. GUI thread.
class FanOut : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { SandboxColumn, AnswerColumn, OutcomeColumn, ColumnCount };
    enum class State { Waiting, Running, Ended };
    static constexpr int MostAtATime = 8;
    static constexpr qsizetype LongestText = 1'000'000;  // characters of an answer that are shown

    struct Answer {
        QString sandboxId;
        QString sandboxName;
        State state = State::Waiting;
        RunOutcome outcome;
        QString text;        // what it wrote, without colours
        bool isCut = false;  // it wrote more than that
        QByteArray digest;   // of all that it wrote
        int group = -1;      // 0 is A
    };

    explicit FanOut(RunsModel *runs, QObject *parent = nullptr);
    ~FanOut() override;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    // Forgets the last one. `sandboxes`: ids and names.
    void start(const RunRequest &request, const QList<std::pair<QString, QString>> &sandboxes);
    // Those that wait never begin.
    void stopAll();
    bool isRunning() const;

    const Answer &answer(int row) const { return m_answers[row]; }
    int groupCount() const;
    QList<int> rowsOf(int group) const;
    static QString letter(int group);  // A, B … Z, then numbers

Q_SIGNALS:
    void changed();
    void finished();

private:
    void startMore();
    void takeEnd(int row, RunJob *job);
    void takeText(int row, const QString &text, bool isCut);
    void group();
    void change(int row);

    QPointer<RunsModel> m_runs;
    RunRequest m_request;
    QList<Answer> m_answers;
    QList<QPointer<RunJob>> m_jobs;  // by row
    int m_generation = 0;            // answers to an older start() are not ours any more
};

}  // namespace voidrun
