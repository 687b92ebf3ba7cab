// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>

class QMimeData;

namespace voidrun
{

// Makes a file of what another program's drag or the clipboard holds: an image becomes a PNG, a
// link a .url file, text a .txt file. The file lies in a folder of its own in the application's
// data, so that a transfer finds it after a restart; those of last week go. Lives in the GUI
// thread; writes in a worker.
class Clipping : public QObject
{
    Q_OBJECT

public:
    explicit Clipping(QObject *parent = nullptr);

    static bool canWrite(const QMimeData *data);
    // Answered by written() or failed() after it returned; takes what it needs of `data` at once.
    void write(const QMimeData *data, const QString &targetFolder);

Q_SIGNALS:
    void written(const QString &path, const QString &targetFolder);
    void failed(const QString &sentence);
};

}  // namespace voidrun
