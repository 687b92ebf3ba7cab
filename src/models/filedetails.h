// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>
#include <QPointer>

#include "api/error.h"
#include "api/types.h"

namespace voidrun
{

class Client;

// What a listing does not say of one file or folder of a sandbox. Lives in the GUI thread.
class FileDetails : public QObject
{
    Q_OBJECT

public:
    FileDetails(Client *client, const QString &sandboxId, const QString &path,
                QObject *parent = nullptr);

    const QString &path() const { return m_path; }
    // Answered by loaded(), and for a folder by measured() after it; or by failed().
    void load();

Q_SIGNALS:
    void loaded(const voidrun::FileStat &stat);
    void measured(qint64 bytes);  // all that is in the folder, as it lies on the disk
    void failed(const voidrun::Error &error);

private:
    void measure();

    QPointer<Client> m_client;
    QString m_sandboxId;
    QString m_path;
};

}  // namespace voidrun
