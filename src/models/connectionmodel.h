// SPDX-License-Identifier: MIT
#pragma once

#include <QAbstractListModel>

#include "api/profile.h"

class QSettings;

namespace voidrun
{

// The connections a person can choose from; "This computer" is always the first. Names and
// addresses are kept in the settings, keys only in the desktop's keychain (QtKeychain): where
// there is none, a key lives for this run only and is asked for again. Lives in the GUI thread.
class ConnectionModel : public QAbstractListModel
{
    Q_OBJECT

public:
    enum Role { IdRole = Qt::UserRole + 1, ProfileRole };

    // `settings` outlives the model. Profiles from the environment (VR_API_KEY …) appear as one
    // connection "Environment" that is never stored.
    explicit ConnectionModel(QSettings *settings, QObject *parent = nullptr);
    ~ConnectionModel() override;

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;

    const ConnectionProfile *profile(const QString &id) const;
    // Whether a person may change or remove it: not this computer, not the environment's.
    static bool isChangeable(const QString &id);
    // Adds and stores; gives its id. The key goes to the keychain only.
    QString add(const ConnectionProfile &profile);
    // Stores the profile of the same id anew; an empty key keeps the one it has.
    void change(const ConnectionProfile &profile);
    void remove(const QString &id);  // its key too; not "local"
    void setKey(const QString &id, const QString &key);
    // Asks the keychain; keyLoaded() follows, with an empty key where there is none.
    void loadKey(const QString &id);
    // The address and key of the local engine once it runs; the key is not stored.
    void setLocalEngine(const QUrl &baseUrl, const QString &apiKey);

    QString currentId() const;  // the one used last; "local" at the first start
    void setCurrentId(const QString &id);

Q_SIGNALS:
    void keyLoaded(const QString &id, const QString &key);
    void keyKept(const QString &id);  // the keychain has it now
    // The key could not be kept or read; `reason` is the keychain's own text. Refused: by the
    // person, who did not open it.
    void keychainUnavailable(const QString &reason, bool isRefused);
    void keyNotForgotten(const QString &name);  // of a connection that was removed

private:
    void load();
    void save();
    int rowOf(const QString &id) const;
    void writeKey(const QString &id, const QString &key);

    QSettings *m_settings;
    QList<ConnectionProfile> m_profiles;  // the keys in it: known in this run
    QString m_currentId;
};

}  // namespace voidrun
