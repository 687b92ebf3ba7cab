// SPDX-License-Identifier: MIT
#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

#include "enginesandbox.h"
#include "models/ptysessionmodel.h"
#include "support/replywait.h"

using namespace voidrun;
using namespace voidrun::test;
using namespace Qt::StringLiterals;

// The list of a real sandbox's terminal sessions.
class TestPtySessionModel : public QObject
{
    Q_OBJECT

private:
    EngineSandbox m_box;

    QString make()
    {
        const auto session = answerOf(m_box.client()->createPtySession(m_box.id(), 80, 24));
        return session ? session->id : QString();
    }

    static bool refresh(PtySessionModel *model)
    {
        QSignalSpy loaded(model, &PtySessionModel::loadingFinished);
        model->refresh();
        return loaded.count() > 0 || loaded.wait(20'000);
    }

    static QStringList ids(const PtySessionModel &model)
    {
        QStringList ids;
        for (int row = 0; row < model.rowCount(); ++row)
            ids.append(model.index(row, 0).data(PtySessionModel::IdRole).toString());
        return ids;
    }

private Q_SLOTS:
    void initTestCase() { QVERIFY2(m_box.start(), qPrintable(m_box.problem())); }

    void listsWhatRunsOldestFirst()
    {
        PtySessionModel model(m_box.client(), m_box.id());
        const QAbstractItemModelTester tester(
            &model, QAbstractItemModelTester::FailureReportingMode::Fatal);
        QVERIFY(refresh(&model));
        QCOMPARE(model.rowCount(), 0);
        const QString first = make();
        const QString second = make();
        QVERIFY(!first.isEmpty() && !second.isEmpty());
        QVERIFY(refresh(&model));
        QCOMPARE(ids(model), (QStringList{first, second}));
        QCOMPARE(model.index(0, 0).data(PtySessionModel::ClientsRole).toInt(), 0);
        QVERIFY(!model.index(0, 0).data().toString().isEmpty());
        // What is ended goes, what is new comes, and what stays is not touched.
        QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
        model.end(first);
        QTRY_COMPARE(ids(model), QStringList{second});
        const QString third = make();
        QVERIFY(refresh(&model));
        QCOMPARE(ids(model), (QStringList{second, third}));
        QCOMPARE(resets.count(), 0);
        model.end(second);
        model.end(third);
        model.end(third);  // gone already: what was wanted is so
        QTRY_COMPARE(model.rowCount(), 0);
    }

    void unknownSandboxFails()
    {
        PtySessionModel model(m_box.client(), u"000000000000000000000000"_s);
        QSignalSpy failed(&model, &PtySessionModel::loadingFailed);
        model.refresh();
        QVERIFY(failed.wait(20'000));
        QCOMPARE(failed.first().first().value<Error>().kind, Error::Kind::NotFound);
        QCOMPARE(model.loadState(), PtySessionModel::LoadState::Failed);
    }
};

QTEST_GUILESS_MAIN(TestPtySessionModel)
#include "tst_ptysessionmodel.moc"
