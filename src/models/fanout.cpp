// SPDX-License-Identifier: MIT
#include "fanout.h"

#include <algorithm>

#include "outputlog.h"
#include "runsmodel.h"
#include "visibletext.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

constexpr qint64 MostLines = 20'000;  // of an answer, that are shown

// What makes two answers the same; times and addresses of servers do not.
bool isSame(const FanOut::Answer &one, const FanOut::Answer &other)
{
    return one.digest == other.digest && one.outcome.kind == other.outcome.kind &&
           one.outcome.exitCode == other.outcome.exitCode &&
           one.outcome.error.kind == other.outcome.error.kind;
}

}  // namespace

FanOut::FanOut(RunsModel *runs, QObject *parent) : QAbstractTableModel(parent), m_runs(runs) {}

FanOut::~FanOut() = default;

QString FanOut::letter(int group)
{
    constexpr int Letters = 26;
    return group < Letters ? QString(QChar(char16_t(u'A' + group))) : QString::number(group + 1);
}

void FanOut::start(const RunRequest &request, const QList<std::pair<QString, QString>> &sandboxes)
{
    ++m_generation;
    beginResetModel();
    m_request = request;
    m_answers.clear();
    for (const auto &[id, name] : sandboxes)
        m_answers.append(
            {.sandboxId = id, .sandboxName = name, .outcome = {}, .text = {}, .digest = {}});
    m_jobs.fill({}, m_answers.size());
    endResetModel();
    startMore();
    Q_EMIT changed();
}

void FanOut::startMore()
{
    auto running = std::ranges::count(m_answers, State::Running, &Answer::state);
    for (int row = 0; m_runs && row < m_answers.size() && running < MostAtATime; ++row) {
        Answer &answer = m_answers[row];
        if (answer.state != State::Waiting)
            continue;
        RunRequest request = m_request;
        request.sandboxId = answer.sandboxId;
        request.sandboxName = answer.sandboxName;
        answer.state = State::Running;
        ++running;
        RunJob *job = m_runs->start(request);
        job->output()->keepDigest();
        m_jobs[row] = job;
        connect(job, &RunJob::ended, this, [this, row, job, generation = m_generation] {
            if (generation == m_generation)
                takeEnd(row, job);
        });
        change(row);
    }
}

void FanOut::takeEnd(int row, RunJob *job)
{
    m_answers[row].outcome = job->outcome();
    m_answers[row].digest = job->output()->digest();
    const qint64 count = job->output()->lineCount();
    if (count == 0)
        return takeText(row, {}, false);
    job->output()->copy(0, qMin(count, MostLines) - 1, this,
                        [this, row, count, generation = m_generation](const QStringList &lines) {
                            const QString text = lines.join(u'\n');
                            const bool isCut = lines.size() < count || text.size() > LongestText;
                            if (generation == m_generation)
                                takeText(row, text.left(LongestText), isCut);
                        });
}

void FanOut::takeText(int row, const QString &text, bool isCut)
{
    m_answers[row].text = text;
    m_answers[row].isCut = isCut;
    m_answers[row].state = State::Ended;
    group();
    startMore();
    Q_EMIT changed();
    if (!isRunning())
        Q_EMIT finished();
}

void FanOut::group()
{
    QList<QList<int>> groups;
    for (int row = 0; row < m_answers.size(); ++row) {
        if (m_answers[row].state != State::Ended)
            continue;
        const auto known = std::ranges::find_if(groups, [&](const QList<int> &rows) {
            return isSame(m_answers[rows.first()], m_answers[row]);
        });
        if (known == groups.end())
            groups.append(QList<int>{row});
        else
            known->append(row);
    }
    std::ranges::stable_sort(groups, std::ranges::greater(), &QList<int>::size);
    for (int group = 0; group < groups.size(); ++group) {
        for (const int row : groups[group])
            m_answers[row].group = group;
    }
    if (!m_answers.isEmpty())
        Q_EMIT dataChanged(index(0, 0), index(int(m_answers.size()) - 1, ColumnCount - 1));
}

void FanOut::change(int row)
{
    Q_EMIT dataChanged(index(row, 0), index(row, ColumnCount - 1));
}

void FanOut::stopAll()
{
    for (int row = 0; row < m_answers.size(); ++row) {
        Answer &answer = m_answers[row];
        if (answer.state == State::Waiting) {
            answer.state = State::Ended;
            answer.outcome.kind = RunOutcome::Kind::Stopped;
            answer.outcome.hasBegun = false;
        } else if (answer.state == State::Running && m_jobs[row]) {
            m_jobs[row]->stop();
        }
    }
    group();
    Q_EMIT changed();
}

bool FanOut::isRunning() const
{
    return std::ranges::any_of(m_answers,
                               [](const Answer &answer) { return answer.state != State::Ended; });
}

int FanOut::groupCount() const
{
    int count = 0;
    for (const Answer &answer : m_answers)
        count = qMax(count, answer.group + 1);
    return count;
}

QList<int> FanOut::rowsOf(int group) const
{
    QList<int> rows;
    for (int row = 0; row < m_answers.size(); ++row) {
        if (m_answers[row].group == group)
            rows.append(row);
    }
    return rows;
}

int FanOut::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_answers.size());
}

int FanOut::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(ColumnCount);
}

QVariant FanOut::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid) || role != Qt::DisplayRole)
        return {};
    const Answer &answer = m_answers[index.row()];
    switch (index.column()) {
        case SandboxColumn:
            return visibleText(answer.sandboxName);
        case AnswerColumn:
            return answer.group < 0 ? QString() : letter(answer.group);
        default:
            if (answer.state == State::Waiting)
                return tr("Waiting");
            return answer.state == State::Running ? tr("Running") : QString();
    }
}

QVariant FanOut::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
        case SandboxColumn:
            return tr("Sandbox");
        case AnswerColumn:
            return tr("Answer");
        default:
            return tr("Outcome");
    }
}

}  // namespace voidrun
