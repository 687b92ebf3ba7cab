// SPDX-License-Identifier: MIT
#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QtTest>

#include "enginesandbox.h"
#include "models/connection.h"
#include "models/processesmodel.h"
#include "models/sandboxmodel.h"
#include "support/cuttingproxy.h"

using namespace voidrun;
using namespace Qt::StringLiterals;

// Background processes of a real sandbox.
class TestProcessesModel : public QObject
{
    Q_OBJECT

private:
    test::EngineSandbox m_sandbox;
    std::unique_ptr<Connection> m_connection;
    std::unique_ptr<ProcessesModel> m_model;

    qint64 start(const QString &command, int timeout = 0)
    {
        qint64 pid = 0;
        const auto connection = connect(m_model.get(), &ProcessesModel::started, this,
                                        [&](qint64 started) { pid = started; });
        CommandRequest request;
        request.command = command;
        request.timeout = timeout;
        m_model->start(request);
        const bool isThere = QTest::qWaitFor([&] { return m_model->process(pid) != nullptr; });
        disconnect(connection);
        return isThere ? pid : -1;
    }

    QString state(qint64 pid) const
    {
        for (int row = 0; row < m_model->rowCount(); ++row) {
            if (m_model->index(row, ProcessesModel::PidColumn).data().toLongLong() == pid)
                return m_model->index(row, ProcessesModel::StateColumn).data().toString();
        }
        return {};
    }

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY2(m_sandbox.start(), qPrintable(m_sandbox.problem()));
        m_connection = std::make_unique<Connection>(m_sandbox.engine().profile());
        m_connection->sandboxes()->refresh();
        QTRY_COMPARE(m_connection->sandboxes()->rowCount(), 1);
    }

    void init() { m_model = m_connection->createProcesses(m_sandbox.id()); }

    void startedOnesAreListedWithTheirEnd()
    {
        QAbstractItemModelTester tester(m_model.get());
        const qint64 endless = start(u"sleep 1000"_s);
        const qint64 brief = start(u"exit 5"_s);
        QVERIFY(endless > 0 && brief > 0);
        QCOMPARE(state(endless), u"Running"_s);
        m_model->refresh();
        QTRY_COMPARE(state(brief), u"Ended, exit code 5"_s);
        QCOMPARE(m_model->running(), QList<qint64>{endless});
        QCOMPARE(m_model->index(0, 0).data().toString(), u"exit 5"_s);  // the newest first
        m_model->stopAll();
        QTRY_VERIFY_WITH_TIMEOUT(m_model->running().isEmpty(), 15'000);
    }

    void stopEndsItsChildrenToo()
    {
        const qint64 pid = start(u"sleep 3001 & sleep 3002; true"_s);
        QStringList ended;
        bool wasForced = true;
        connect(m_model.get(), &ProcessesModel::stopped, this,
                [&](qint64, const QStringList &names, bool forced) {
                    ended = names;
                    wasForced = forced;
                });
        m_model->stop(pid);
        QCOMPARE(state(pid), u"Stopping…"_s);
        QTRY_VERIFY_WITH_TIMEOUT(!ended.isEmpty(), 15'000);
        QVERIFY(ended.contains(u"sleep 3001"_s) && ended.contains(u"sleep 3002"_s));
        QVERIFY(!wasForced);
        QCOMPARE(m_sandbox.run(u"pgrep -f 'sleep 300[12]' || true"_s), QString());
        QTRY_VERIFY(state(pid).startsWith(u"Ended"_s));
    }

    void whatIgnoresTermIsKilled()
    {
        const qint64 pid = start(u"trap '' TERM; while :; do sleep 0.1; done"_s);
        bool isStopped = false;
        bool wasForced = false;
        connect(m_model.get(), &ProcessesModel::stopped, this,
                [&](qint64, const QStringList &, bool forced) {
                    isStopped = true;
                    wasForced = forced;
                });
        m_model->stop(pid);
        QTRY_VERIFY_WITH_TIMEOUT(isStopped, 15'000);
        QVERIFY(wasForced);
    }

    void endsAreToldToWhoAsked()
    {
        const qint64 pid = start(u"sleep 0.5; exit 4"_s);
        QSignalSpy ended(m_model.get(), &ProcessesModel::ended);
        m_model->notifyAboutEnd(pid);
        QTRY_COMPARE(ended.count(), 1);
        QCOMPARE(ended.first().at(1).toInt(), 4);
    }

    void aListThatIsSeenFollowsByItself()
    {
        const qint64 pid = start(u"sleep 0.3"_s);
        m_model->setWatched(true);
        QTRY_VERIFY_WITH_TIMEOUT(state(pid).startsWith(u"Ended"_s), 10'000);
        m_model->setWatched(false);
    }

    void whatIsFollowedIsFollowedAgainAfterACut()
    {
        test::CuttingProxy proxy(m_sandbox.engine().port());
        ConnectionProfile profile = m_sandbox.engine().profile();
        profile.baseUrl.setPort(proxy.port());
        Connection connection(profile);
        connection.sandboxes()->refresh();
        QTRY_COMPARE(connection.sandboxes()->rowCount(), 1);
        m_model = connection.createProcesses(m_sandbox.id());
        m_model->setFollowed(true);
        QCOMPARE(m_sandbox.run(u"mkfifo /app/pipe"_s), QString());
        const qint64 waiting = start(u"read x < /app/pipe"_s);
        QVERIFY(waiting > 0);
        QCOMPARE(state(waiting), u"Running"_s);
        if (qEnvironmentVariableIsSet("VOIDRUN_LONG_TESTS")) {
            QTRY_VERIFY(proxy.openConnections() > 0);
            proxy.cutNow();  // its end cannot be noticed now
            QCOMPARE(m_sandbox.run(u"echo > /app/pipe"_s), QString());
            QTRY_VERIFY_WITH_TIMEOUT(state(waiting).startsWith(u"Ended"_s), 45'000);
        } else {
            QCOMPARE(m_sandbox.run(u"echo > /app/pipe"_s), QString());
            QTRY_VERIFY_WITH_TIMEOUT(state(waiting).startsWith(u"Ended"_s), 10'000);
        }
        m_model.reset();
    }

    void aSleepingSandboxIsLeftAlone()
    {
        SandboxModel *sandboxes = m_connection->sandboxes();
        sandboxes->setAutoSleep(m_sandbox.id(), true);
        QTRY_VERIFY(sandboxes->sandbox(m_sandbox.id())->autoSleep &&
                    !sandboxes->isBusy(m_sandbox.id()));
        QCOMPARE(m_model->rest(), ProcessesModel::Rest::WouldKeepAwake);
        sandboxes->sleep(m_sandbox.id());
        QTRY_VERIFY_WITH_TIMEOUT(sandboxes->sandbox(m_sandbox.id())->isAsleep(), 20'000);
        QSignalSpy loaded(m_model.get(), &ProcessesModel::loaded);
        m_model->setWatched(true);
        QCOMPARE(m_model->rest(), ProcessesModel::Rest::Asleep);
        // Longer than it would take to look.
        QVERIFY(!loaded.wait(3500));
        sandboxes->refresh();
        QVERIFY(QSignalSpy(sandboxes, &SandboxModel::loadingFinished).wait());
        QVERIFY(sandboxes->sandbox(m_sandbox.id())->isAsleep());
        // A person who asks wakes it.
        m_model->refresh();
        QTRY_COMPARE_WITH_TIMEOUT(loaded.count(), 1, 20'000);
    }
};

QTEST_GUILESS_MAIN(TestProcessesModel)
#include "tst_processesmodel.moc"
