// SPDX-License-Identifier: MIT
#pragma once

#include <QTemporaryDir>
#include <QTest>

#include <memory>

#include "enginesandbox.h"
#include "models/transfermodel.h"

namespace voidrun::test
{

// A sandbox of the real engine, a local folder and a TransferModel between them. The folders are
// new for each renew(). Lives in the test's thread.
class TransferRig
{
public:
    using State = TransferModel::State;

    bool start() { return m_box.start(); }
    void renew();
    // Another model as after a restart of the application; what it keeps is in one file.
    void restartModel();
    void endModel() { m_model.reset(); }

    EngineSandbox &box() { return m_box; }
    TransferModel *model() const { return m_model.get(); }
    const TransferModel::Item *item(int id) const { return m_model->item(id); }
    QString local(const QString &name) const { return m_dir->filePath(name); }
    QString guest(const QString &name) const { return m_folder + u'/' + name; }
    const QString &folder() const { return m_folder; }
    // A shell line in the sandbox, in the test's folder.
    QString run(const QString &command);

    int upload(const QStringList &names,
               TransferRequest::Conflict conflict = TransferRequest::Conflict::Ask);
    int download(const QStringList &names,
                 TransferRequest::Conflict conflict = TransferRequest::Conflict::Ask);
    bool reach(int id, State wanted) const;
    QByteArray describe(int id) const;

private:
    TransferRequest request(TransferRequest::Direction direction);

    EngineSandbox m_box;
    std::unique_ptr<QTemporaryDir> m_dir;
    std::unique_ptr<TransferModel> m_model;
    QString m_folder;
    int m_number = 0;
};

}  // namespace voidrun::test

#define RIG_REACHES(rig, id, wanted)                                               \
    do {                                                                           \
        const int waited = (id);                                                   \
        QVERIFY2((rig).reach(waited, wanted), (rig).describe(waited).constData()); \
    } while (false)
