// SPDX-License-Identifier: MIT
#include "connectionmodel.h"

#include <qt6keychain/keychain.h>

#include <QDir>
#include <QProcessEnvironment>
#include <QSettings>
#include <QUuid>

#include <algorithm>

#include "api/dotenv.h"
#include "visibletext.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

const QString LocalId = u"local"_s;
const QString EnvironmentId = u"environment"_s;
const QString KeychainService = u"VoidRun Desktop"_s;
const QString ListKey = u"connections"_s;
const QString CurrentKey = u"currentConnection"_s;
constexpr int MaxStored = 1000;

bool isRefusal(QKeychain::Error error)
{
    return error == QKeychain::AccessDenied || error == QKeychain::AccessDeniedByUser;
}

}  // namespace

ConnectionModel::ConnectionModel(QSettings *settings, QObject *parent)
    : QAbstractListModel(parent), m_settings(settings)
{
    load();
}

ConnectionModel::~ConnectionModel() = default;

void ConnectionModel::load()
{
    ConnectionProfile local;
    local.id = LocalId;
    local.name = tr("This computer");
    local.isLocalEngine = true;
    m_profiles.append(local);
    const QProcessEnvironment variables =
        withDotEnv(QProcessEnvironment::systemEnvironment(), QDir::currentPath());
    ConnectionProfile environment = ConnectionProfile::fromEnvironment(variables);
    // Also when only a part is set: the connection then says what is missing.
    const bool meant =
        std::ranges::any_of(std::initializer_list<QString>{u"VR_API_KEY"_s, u"API_KEY"_s,
                                                           u"VR_API_URL"_s, u"API_URL"_s},
                            [&](const QString &name) { return variables.contains(name); });
    if (meant) {
        environment.id = EnvironmentId;
        environment.name = tr("Environment");
        m_profiles.append(environment);
    }
    const int stored = std::min(m_settings->beginReadArray(ListKey), MaxStored);
    for (int i = 0; i < stored; ++i) {
        m_settings->setArrayIndex(i);
        ConnectionProfile profile;
        profile.id = m_settings->value(u"id"_s).toString();
        profile.name = m_settings->value(u"name"_s).toString();
        // Somebody may have edited it: what could not be typed (user info, a query) is not taken.
        const QString baseUrl = m_settings->value(u"baseUrl"_s).toString();
        profile.baseUrl = ConnectionProfile::parseBaseUrl(baseUrl).value_or(QUrl());
        profile.pinNodes = m_settings->value(u"pinNodes"_s).toBool();
        if (!profile.id.isEmpty() && rowOf(profile.id) < 0)
            m_profiles.append(profile);
    }
    m_settings->endArray();
    m_currentId = m_settings->value(CurrentKey, LocalId).toString();
}

void ConnectionModel::save()
{
    m_settings->remove(ListKey);
    m_settings->beginWriteArray(ListKey);
    int i = 0;
    for (const ConnectionProfile &profile : std::as_const(m_profiles)) {
        if (!isChangeable(profile.id))
            continue;
        m_settings->setArrayIndex(i++);
        m_settings->setValue(u"id"_s, profile.id);
        m_settings->setValue(u"name"_s, profile.name);
        m_settings->setValue(u"baseUrl"_s, profile.baseUrl.toString(QUrl::RemoveUserInfo));
        m_settings->setValue(u"pinNodes"_s, profile.pinNodes);
    }
    m_settings->endArray();
}

int ConnectionModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_profiles.size());
}

QVariant ConnectionModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const ConnectionProfile &profile = m_profiles.at(index.row());
    switch (role) {
        case Qt::DisplayRole:
            return visibleText(profile.name);
        case Qt::ToolTipRole:
            return profile.isLocalEngine
                       ? tr("Sandboxes that run on this computer, without an account")
                       : profile.baseUrl.toDisplayString();
        case IdRole:
            return profile.id;
        case ProfileRole:
            return QVariant::fromValue(profile);
        default:
            return {};
    }
}

int ConnectionModel::rowOf(const QString &id) const
{
    const auto found = std::ranges::find(m_profiles, id, &ConnectionProfile::id);
    return found == m_profiles.end() ? -1 : static_cast<int>(found - m_profiles.begin());
}

bool ConnectionModel::isChangeable(const QString &id)
{
    return id != LocalId && id != EnvironmentId;
}

const ConnectionProfile *ConnectionModel::profile(const QString &id) const
{
    const int row = rowOf(id);
    return row < 0 ? nullptr : &m_profiles.at(row);
}

QString ConnectionModel::add(const ConnectionProfile &profile)
{
    ConnectionProfile added = profile;
    added.id = QUuid::createUuid().toString(QUuid::WithoutBraces);
    added.isLocalEngine = false;
    added.apiKey.clear();
    const int row = rowCount();
    beginInsertRows({}, row, row);
    m_profiles.append(added);
    endInsertRows();
    save();
    if (!profile.apiKey.isEmpty())
        setKey(added.id, profile.apiKey);
    return added.id;
}

void ConnectionModel::change(const ConnectionProfile &profile)
{
    const int row = rowOf(profile.id);
    if (row < 0 || !isChangeable(m_profiles.at(row).id))
        return;
    const QString key = profile.apiKey.isEmpty() ? m_profiles.at(row).apiKey : profile.apiKey;
    m_profiles[row] = profile;
    m_profiles[row].isLocalEngine = false;
    m_profiles[row].apiKey.clear();
    save();
    if (key.isEmpty())
        Q_EMIT dataChanged(index(row), index(row));
    else
        setKey(profile.id, key);
}

void ConnectionModel::remove(const QString &id)
{
    const int row = rowOf(id);
    if (row < 0 || !isChangeable(m_profiles.at(row).id))
        return;
    const QString name = m_profiles.at(row).name;
    beginRemoveRows({}, row, row);
    m_profiles.removeAt(row);
    endRemoveRows();
    save();
    if (m_currentId == id)
        setCurrentId(LocalId);
    auto *job = new QKeychain::DeletePasswordJob(KeychainService, this);
    job->setKey(id);
    connect(job, &QKeychain::Job::finished, this, [this, name](QKeychain::Job *finished) {
        const QKeychain::Error error = finished->error();
        // One that was never kept needs no message, nor does a desktop without a keychain.
        if (error != QKeychain::NoError && error != QKeychain::EntryNotFound &&
            error != QKeychain::NoBackendAvailable)
            Q_EMIT keyNotForgotten(name);
    });
    job->start();
}

void ConnectionModel::setKey(const QString &id, const QString &key)
{
    const int row = rowOf(id);
    if (row < 0 || m_profiles.at(row).id == LocalId)
        return;
    m_profiles[row].apiKey = key;
    Q_EMIT dataChanged(index(row), index(row));
    if (isChangeable(m_profiles.at(row).id))
        writeKey(id, key);
}

void ConnectionModel::writeKey(const QString &id, const QString &key)
{
    auto *job = new QKeychain::WritePasswordJob(KeychainService, this);
    job->setKey(id);
    job->setTextData(key);
    connect(job, &QKeychain::Job::finished, this, [this, id](QKeychain::Job *finished) {
        if (finished->error() == QKeychain::NoError)
            Q_EMIT keyKept(id);
        else
            Q_EMIT keychainUnavailable(finished->errorString(), isRefusal(finished->error()));
    });
    job->start();
}

void ConnectionModel::loadKey(const QString &id)
{
    const ConnectionProfile *known = profile(id);
    if (!known)
        return;
    if (!known->apiKey.isEmpty() || !isChangeable(known->id)) {
        const auto answer = [this, id, key = known->apiKey] { Q_EMIT keyLoaded(id, key); };
        QMetaObject::invokeMethod(this, answer, Qt::QueuedConnection);
        return;
    }
    auto *job = new QKeychain::ReadPasswordJob(KeychainService, this);
    job->setKey(id);
    connect(job, &QKeychain::Job::finished, this, [this, id, job](QKeychain::Job *finished) {
        const bool ok = finished->error() == QKeychain::NoError;
        if (!ok && finished->error() != QKeychain::EntryNotFound)
            Q_EMIT keychainUnavailable(finished->errorString(), isRefusal(finished->error()));
        const int row = rowOf(id);
        // What was typed meanwhile is newer than what was kept.
        if (ok && row >= 0 && m_profiles.at(row).apiKey.isEmpty())
            m_profiles[row].apiKey = job->textData();
        Q_EMIT keyLoaded(id, row < 0 ? QString() : m_profiles.at(row).apiKey);
    });
    job->start();
}

void ConnectionModel::setLocalEngine(const QUrl &baseUrl, const QString &apiKey)
{
    m_profiles[0].baseUrl = baseUrl;
    m_profiles[0].apiKey = apiKey;
    Q_EMIT dataChanged(index(0), index(0));
}

QString ConnectionModel::currentId() const
{
    return rowOf(m_currentId) < 0 ? LocalId : m_currentId;
}

void ConnectionModel::setCurrentId(const QString &id)
{
    m_currentId = id;
    m_settings->setValue(CurrentKey, id);
}

}  // namespace voidrun
