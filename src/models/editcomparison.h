// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>
#include <QPointer>

#include "linediff.h"
#include "openedit.h"

namespace voidrun
{

class Client;
class EditDesk;
class FileReader;

// The copy of an edited file beside the sandbox's as it is now. Texts are compared by their lines,
// up to a megabyte of each. Lives in the GUI thread.
class EditComparison : public QObject
{
    Q_OBJECT

public:
    static constexpr qint64 MostCompared = 1 << 20;  // bytes of each side

    struct Result {
        QList<DiffLine> lines;  // from theirs to mine
        bool isText = false;    // both; else there are no lines
        bool isWhole = true;    // else only the beginnings were compared
        bool isSame = false;
    };

    // `client` and `desk` outlive it or are noticed to be gone.
    EditComparison(Client *client, EditDesk *desk, const OpenEdit &edit, QObject *parent = nullptr);

    void start();

Q_SIGNALS:
    void finished(const voidrun::EditComparison::Result &result);
    void failed(const voidrun::Error &error);

private:
    void compare(const QByteArray &theirs);

    QPointer<EditDesk> m_desk;
    OpenEdit m_edit;
    FileReader *m_reader;
};

}  // namespace voidrun
