// SPDX-License-Identifier: MIT
#include "sandboxmodel.h"

#include <QLocale>

#include <utility>

#include "api/client.h"
#include "visibletext.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

constexpr int PageSize = 100;
constexpr int MaxPages = 100;

// State in words, so that it is never colour alone. A word that we do not know is shown as it is.
QString statusText(const Sandbox &sandbox)
{
    if (sandbox.isRunning())
        return SandboxModel::tr("Running");
    if (sandbox.isAsleep())
        return SandboxModel::tr("Asleep");
    if (sandbox.status == u"error"_s)
        return SandboxModel::tr("Error");
    if (sandbox.status == u"booting"_s)
        return SandboxModel::tr("Starting");
    return visibleText(sandbox.status);
}

QString activityText(SandboxModel::Activity activity)
{
    using Activity = SandboxModel::Activity;
    switch (activity) {
        case Activity::None:
            return {};
        case Activity::Deleting:
            return SandboxModel::tr("Being deleted");
        case Activity::FallingAsleep:
            return SandboxModel::tr("Falling asleep");
        case Activity::Waking:
            return SandboxModel::tr("Waking up");
        case Activity::Starting:
            return SandboxModel::tr("Starting");
        case Activity::Changing:
            return SandboxModel::tr("Being changed");
    }
    return {};
}

QString describe(const Sandbox &sandbox, SandboxModel::Activity activity)
{
    const QString doing = activityText(activity);
    const QString state = doing.isEmpty() ? statusText(sandbox) : doing;
    return SandboxModel::tr("%1, image %2, %n CPU(s), %3 memory", nullptr, sandbox.cpu)
        .arg(state, visibleText(sandbox.image),
             QLocale().formattedDataSize(qint64{sandbox.mem} * 1024 * 1024, 0));
}

}  // namespace

SandboxModel::SandboxModel(Client *client, QObject *parent)
    : QAbstractTableModel(parent), m_client(client)
{
    connect(&m_timer, &QTimer::timeout, this, [this] {
        if (!m_refreshing)
            startRefresh();
    });
}

SandboxModel::~SandboxModel() = default;

int SandboxModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_sandboxes.size());
}

int SandboxModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant SandboxModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Sandbox &sandbox = m_sandboxes.at(index.row());
    const Activity now = activity(sandbox.id);
    switch (role) {
        case Qt::DisplayRole:
            return visibleText(sandbox.name);
        case Qt::ToolTipRole:
        case Qt::AccessibleDescriptionRole:
            return describe(sandbox, now);
        case Qt::AccessibleTextRole:
            return QString(visibleText(sandbox.name) + u", "_s + describe(sandbox, now));
        case IdRole:
            return sandbox.id;
        case StatusRole:
            return sandbox.status;
        case SandboxRole:
            return QVariant::fromValue(sandbox);
        case ActivityRole:
            return QVariant::fromValue(now);
        default:
            return {};
    }
}

QVariant SandboxModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation == Qt::Horizontal && role == Qt::DisplayRole && section == NameColumn)
        return tr("Name");
    return {};
}

std::optional<Sandbox> SandboxModel::sandbox(const QString &id) const
{
    const int row = rowOf(id);
    return row < 0 ? std::nullopt : std::optional(m_sandboxes.at(row));
}

QModelIndex SandboxModel::indexOf(const QString &id) const
{
    const int row = rowOf(id);
    return row < 0 ? QModelIndex() : index(row, NameColumn);
}

QStringList SandboxModel::names() const
{
    QStringList names;
    for (const Sandbox &sandbox : m_sandboxes)
        names.append(sandbox.name);
    return names;
}

void SandboxModel::refresh()
{
    if (!m_client)
        return;
    m_failing = false;  // who asks is told again
    m_loadState = LoadState::Loading;
    if (m_refreshing)
        m_refreshAgain = true;
    else
        startRefresh();
}

void SandboxModel::setRefreshInterval(int ms)
{
    if (ms > 0)
        m_timer.start(ms);
    else
        m_timer.stop();
}

void SandboxModel::startRefresh()
{
    if (!m_client)
        return;
    m_refreshing = true;
    m_refreshAgain = false;
    ++m_refreshNumber;
    m_incoming.clear();
    if (m_loadState == LoadState::Never)
        m_loadState = LoadState::Loading;
    Q_EMIT loadingStarted();
    requestPage(1);
}

void SandboxModel::requestPage(int page)
{
    m_client->listSandboxes(page, PageSize)
        ->onFinished(this, [this, page](const Result<SandboxPage> &result) {
            if (!result)
                return failRefresh(result.error());
            m_incoming += result->sandboxes;
            const bool more = page < result->totalPages && !result->sandboxes.isEmpty();
            if (more && page < MaxPages && m_client)
                requestPage(page + 1);
            else
                finishRefresh();
        });
}

void SandboxModel::finishRefresh()
{
    m_refreshing = false;
    m_failing = false;
    m_lastError = {};
    m_loadState = m_refreshAgain ? LoadState::Loading : LoadState::Loaded;
    merge(std::exchange(m_incoming, {}));
    Q_EMIT loadingFinished();
    continueRefresh();
}

void SandboxModel::failRefresh(const Error &error)
{
    m_refreshing = false;
    m_incoming.clear();
    m_lastError = error;
    m_loadState = m_refreshAgain ? LoadState::Loading : LoadState::Failed;
    if (!std::exchange(m_failing, true))
        Q_EMIT loadingFailed(error);
    continueRefresh();
}

void SandboxModel::continueRefresh()
{
    if (m_refreshAgain && !m_refreshing)
        startRefresh();
}

void SandboxModel::create(const SandboxSpec &spec)
{
    if (!m_client)
        return;
    ++m_creating;
    m_client->createSandbox(spec)->onFinished(this, [this, spec](const Result<Sandbox> &result) {
        --m_creating;
        if (!result) {
            Q_EMIT creatingFailed(spec, result.error());
            return;
        }
        m_createdDuring.insert(result->id, m_refreshNumber);
        if (const int row = rowOf(result->id); row >= 0)
            updateRow(row, *result);
        else
            insertRow(*result);
        Q_EMIT sandboxCreated(*result);
    });
}

void SandboxModel::remove(const QString &id)
{
    const std::optional<Sandbox> known = sandbox(id);
    if (!m_client || !known || isBusy(id))
        return;
    setActivity(id, Activity::Deleting);
    m_client->deleteSandbox(id)->onFinished(
        this, [this, id, name = known->name](const Result<Done> &result) {
            setActivity(id, Activity::None);
            // Somebody else was faster: what was wanted is so.
            if (result || result.error().kind == Error::Kind::NotFound) {
                m_createdDuring.remove(id);
                m_deletedDuring.insert(id, m_refreshNumber);
                removeRowOf(id);
                Q_EMIT sandboxDeleted(id, name);
            } else {
                Q_EMIT deletingFailed(id, name, result.error());
            }
        });
}

// `ask` makes the call.
template<class Ask>
void SandboxModel::change(const QString &id, Activity activity, Ask ask)
{
    const std::optional<Sandbox> known = sandbox(id);
    if (!m_client || !known || isBusy(id))
        return;
    setActivity(id, activity);
    ask(m_client)->onFinished(this, [this, id, name = known->name](const auto &result) {
        setActivity(id, Activity::None);
        if (!result)
            Q_EMIT changingFailed(id, name, result.error());
        refresh();
    });
}

void SandboxModel::sleep(const QString &id)
{
    change(id, Activity::FallingAsleep, [&](Client *client) { return client->sleep(id); });
}

void SandboxModel::wake(const QString &id)
{
    change(id, Activity::Waking, [&](Client *client) { return client->wake(id); });
}

void SandboxModel::start(const QString &id)
{
    change(id, Activity::Starting, [&](Client *client) { return client->start(id); });
}

void SandboxModel::setAutoSleep(const QString &id, bool autoSleep)
{
    change(id, Activity::Changing,
           [&](Client *client) { return client->setAutoSleep(id, autoSleep); });
}

}  // namespace voidrun
