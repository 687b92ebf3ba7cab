// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>

#include <memory>
#include <optional>

#include "editstore.h"
#include "editwatch.h"

namespace voidrun
{

// All that happens to the files of open edits on this computer: their folders, what editors wrote,
// and the snapshots that are sent. Made by an EditDesk; lives in its thread.
class EditWorker : public QObject
{
    Q_OBJECT

public:
    struct Snapshot {
        QString file;
        QByteArray hash;  // SHA-256 in hex
    };

    explicit EditWorker(const QString &root);
    ~EditWorker() override;

    QList<OpenEdit> takeUp() { return m_store.takeUp(); }
    Result<OpenEdit> create(OpenEdit edit);
    Result<void> save(const OpenEdit &edit) { return m_store.save(edit); }

    // Makes what was fetched to `incoming` the copy. A LocalFile error, and nothing happens, when
    // the copy that is there is not the one of `edit.localHash` any more.
    Result<OpenEdit> install(OpenEdit edit, const QString &incoming);
    // A copy of the copy, under `name`, that no editor writes to.
    Result<Snapshot> snapshot(const OpenEdit &edit, const QString &name, bool executable) const;
    // SHA-256 in hex.
    Result<QByteArray> hash(const OpenEdit &edit) const;
    // At most `limit` bytes.
    Result<QByteArray> read(const OpenEdit &edit, qint64 limit) const;
    // Removes everything; refuses, with the hash of what is there, while that is not in the
    // sandbox, unless `evenUnsent`.
    std::optional<QByteArray> remove(const OpenEdit &edit, bool evenUnsent);

    void watch(const OpenEdit &edit);
    // Its timers stop in its own thread; the last call.
    void shutDown();

Q_SIGNALS:
    void settled(int id, const QByteArray &hash);
    void vanished(int id);

private:
    void reportSettled(int id);

    EditStore m_store;
    std::unique_ptr<EditWatch> m_watch;
    QHash<int, OpenEdit> m_watched;
};

}  // namespace voidrun
