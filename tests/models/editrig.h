// SPDX-License-Identifier: MIT
#pragma once

#include <QAbstractItemModelTester>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

#include "enginesandbox.h"
#include "models/openedits.h"
#include "models/transfermodel.h"

namespace voidrun::test
{

// A sandbox of the real engine, a folder for copies and the OpenEdits between them. The folders
// are new for each renew(). Lives in the test's thread.
class EditRig
{
public:
    bool start() { return m_box.start(); }
    void renew();
    // As after the end and another start of the application.
    void end();
    void restart();

    EngineSandbox &box() { return m_box; }
    OpenEdits *edits() const { return m_edits.get(); }
    const OpenEdit *edit(int id) const { return m_edits->edit(id); }
    ConnectionProfile profile();
    QString copies() const { return m_dir->filePath(QStringLiteral("edits")); }
    QString guest(const QString &name) const { return m_folder + u'/' + name; }
    // A shell line in the sandbox, in the test's folder.
    QString run(const QString &command);

    // Asks for it and waits; 0 when it cannot be opened.
    int open(const QString &name);
    bool reach(int id, OpenEdit::State wanted) const;
    QByteArray describe(int id) const;

private:
    EngineSandbox m_box;
    std::unique_ptr<QTemporaryDir> m_dir;
    std::unique_ptr<TransferModel> m_transfers;
    std::unique_ptr<OpenEdits> m_edits;
    std::unique_ptr<QAbstractItemModelTester> m_tester;
    QString m_folder;
    int m_number = 0;
};

}  // namespace voidrun::test

#define EDIT_REACHES(rig, id, wanted)                                              \
    do {                                                                           \
        const int waited = (id);                                                   \
        QVERIFY2((rig).reach(waited, wanted), (rig).describe(waited).constData()); \
    } while (false)
