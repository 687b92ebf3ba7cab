// SPDX-License-Identifier: MIT
#pragma once

#include <QHash>
#include <QLockFile>
#include <QString>
#include <QThreadPool>

#include "savedterminal.h"

namespace voidrun
{

// Keeps the terminals of the application over its end: one file that says which they are and how
// they are laid out, and one for what each of them showed. All are the user's only (0600, in a
// folder of 0700), bounded, replaced as a whole, and swept when their terminal is gone. A second
// application on the same folder keeps nothing. Written in a thread of its own. GUI thread.
class TerminalStore
{
public:
    static constexpr int MaxTerminals = 64;

    // An empty folder: nothing is kept.
    explicit TerminalStore(const QString &folder);
    ~TerminalStore();  // waits until all is written
    Q_DISABLE_COPY_MOVE(TerminalStore)

    SavedTerminals load();
    // Names the terminals that have no key yet. Writes what has changed since the last time.
    void save(SavedTerminals *terminals);

private:
    bool isOurs();
    QString fileOf(const QString &key) const;
    void sweep(const SavedTerminals &kept);

    QString m_folder;
    QLockFile m_lock;
    QThreadPool m_writer;               // one thread: in turn
    QHash<QString, quint64> m_written;  // the numbers of outputs, by key
};

}  // namespace voidrun
