// SPDX-License-Identifier: MIT
#pragma once

#include <QList>
#include <QString>

#include <map>

#include "openedit.h"
#include "uniquefd.h"

namespace voidrun
{

// Where edited files are on this computer: a private folder for each, with the copy under the
// file's own name in "copy", and "edit.json", which says what it is. A folder belongs to the
// application that holds its lock; what a dead one left is taken up by the next. No key is kept;
// of a connection only its id and name. Lives in the edits' worker thread.
class EditStore
{
public:
    explicit EditStore(const QString &root);

    // Those that nobody has. What was never fetched whole is removed: no person has seen it.
    QList<OpenEdit> takeUp();
    // Makes its folders and sets `folder`.
    Result<void> create(OpenEdit *edit);
    // Replaces its description as a whole.
    Result<void> save(const OpenEdit &edit);
    void remove(const OpenEdit &edit);

private:
    bool lock(const QString &folder);

    QString m_root;
    std::map<QString, UniqueFd> m_locks;  // by folder
};

}  // namespace voidrun
