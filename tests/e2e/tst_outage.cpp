// SPDX-License-Identifier: MIT
#include <QAbstractItemView>
#include <QTimer>
#include <QtTest>

#include "desktopundertest.h"
#include "models/connectionmodel.h"
#include "models/transfermodel.h"
#include "sandboxpanel.h"
#include "support/cuttingproxy.h"
#include "transferflow.h"
#include "transferpanel.h"
#include "trees.h"

using namespace voidrun;
using namespace Qt::StringLiterals;

// A server that is away for a while, as the person in front of the window meets it.
class TestOutage : public QObject, private test::DesktopUnderTest
{
    Q_OBJECT

private:
    static constexpr qint64 BigFile = 128LL * 1024 * 1024;  // bytes

    MainWindow *window() const { return m_desktop->window(); }

    // The local engine as a server of the network, behind a line that can be cut.
    bool connectThrough(const test::CuttingProxy &proxy)
    {
        ConnectionProfile profile = window()->connection()->profile();
        profile.id.clear();
        profile.name = u"Team"_s;
        profile.isLocalEngine = false;
        profile.baseUrl = proxy.through(profile.baseUrl);
        Q_EMIT window()->connectionAdded(profile);
        return QTest::qWaitFor([&] {
            return window()->connection() && window()->connection()->profile().name == u"Team"_s &&
                   isLoaded(*m_desktop);
        });
    }

    TransferModel::Item itemAt(int row) const
    {
        const QModelIndex index = m_desktop->transfers()->index(row, 0);
        return index.data(TransferModel::ItemRole).value<TransferModel::Item>();
    }

    TransferModel::State stateOf(int row) const { return itemAt(row).state; }

    // As the list of transfers says it.
    QString stateText(int row) const
    {
        const auto *view = window()->findChild<TransferPanel *>()->findChild<QAbstractItemView *>();
        return view->model()->index(row, TransferModel::StateColumn).data().toString();
    }

private Q_SLOTS:
    void initTestCase() { Q_INIT_RESOURCE(app); }

    void init()
    {
        m_work = std::make_unique<QTemporaryDir>();
        QVERIFY(start());
    }

    void cleanup() { shutDown(); }

    void oneOutageIsOneMessage()
    {
        test::CuttingProxy proxy(quint16(window()->connection()->profile().baseUrl.port()));
        QVERIFY(connectThrough(proxy));
        QVERIFY(makeSandbox(u"first"_s));
        for (const QString &name : {u"one"_s, u"two"_s})
            QVERIFY(test::writeFile(m_work->filePath(name), "content"));

        QStringList said;
        QTimer look;
        connect(&look, &QTimer::timeout, this, [&] {
            const QString text = window()->noticeText();
            if (!text.isEmpty() && (said.isEmpty() || said.last() != text))
                said.append(text);
        });
        look.start(2);
        QVERIFY(proxy.setAway(true));
        FsModel *files = window()->currentFiles()->model();
        QSignalSpy refused(files, &FsModel::operationFailed);
        QSignalSpy unlisted(sandboxesOf(*m_desktop), &SandboxModel::loadingFailed);
        files->makeFolder(u"/app"_s, u"new"_s);
        files->makeFile(u"/app"_s, u"new.txt"_s);
        for (const QString &name : {u"one"_s, u"two"_s})
            window()->upload(idOf(u"first"_s), {m_work->filePath(name)}, u"/app"_s);
        sandboxesOf(*m_desktop)->refresh();
        QTRY_COMPARE_WITH_TIMEOUT(refused.count(), 2, 30'000);
        QTRY_COMPARE_WITH_TIMEOUT(unlisted.count(), 1, 30'000);
        QTRY_COMPARE_WITH_TIMEOUT(m_desktop->transfers()->activeCount(), 0, 60'000);
        QCOMPARE(said.size(), 1);
        QVERIFY2(said.first().contains(u"“Team” cannot be reached"_s), qPrintable(said.first()));

        QVERIFY(proxy.setAway(false));
        sandboxesOf(*m_desktop)->refresh();
        QTRY_VERIFY_WITH_TIMEOUT(said.last().contains(u"there again"_s), 30'000);
        QCOMPARE(said.size(), 2);
        // And they go on, with no word more.
        QTRY_COMPARE(stateOf(0), TransferModel::State::Done);
        QTRY_COMPARE(stateOf(1), TransferModel::State::Done);
        QCOMPARE(said.size(), 2);
    }

    // Also while another connection is shown; what was cancelled meanwhile stays.
    void transfersGoOnWhenItAnswersAgain()
    {
        test::CuttingProxy proxy(quint16(window()->connection()->profile().baseUrl.port()));
        QVERIFY(connectThrough(proxy));
        QVERIFY(makeSandbox(u"first"_s));
        const QString id = idOf(u"first"_s);
        for (const QString &name : {u"big"_s, u"unwanted"_s}) {
            QFile file(m_work->filePath(name));
            QVERIFY(file.open(QIODevice::WriteOnly) && file.resize(BigFile));
            window()->upload(id, {file.fileName()}, u"/app"_s);
        }
        TransferModel *transfers = m_desktop->transfers();
        QTRY_VERIFY(itemAt(0).bytesDone > 0);
        QVERIFY(proxy.setAway(true));
        for (const int row : {0, 1}) {
            QTRY_VERIFY_WITH_TIMEOUT(itemAt(row).waitsForServer, 60'000);
            QVERIFY(stateText(row).contains(u"goes on by itself"_s));
        }
        transfers->cancel(itemAt(1).id);
        QCOMPARE(stateOf(1), TransferModel::State::Cancelled);
        Q_EMIT window()->connectionChosen(u"local"_s);
        QTRY_COMPARE(window()->connection()->profile().id, u"local"_s);
        QVERIFY(proxy.setAway(false));
        QTRY_COMPARE_WITH_TIMEOUT(stateOf(0), TransferModel::State::Done, 60'000);
        QCOMPARE(stateOf(1), TransferModel::State::Cancelled);
        // It is the same sandbox that both connections lead to.
        QTRY_VERIFY(sandboxesOf(*m_desktop)->sandbox(id));
        window()->sandboxPanel()->setCurrentSandbox(id);
        const auto isThere = [&](const QString &name) {
            return window()->currentFiles()->model()->indexOf(u"/app/"_s % name).isValid();
        };
        QTRY_VERIFY(window()->currentFiles() && isThere(u"big"_s));
        QVERIFY(!isThere(u"unwanted"_s));
    }

    // What is lost each time is not tried for ever. All of it with VOIDRUN_LONG_TESTS.
    void whatIsLostAgainAndAgainStaysFailed()
    {
        test::CuttingProxy proxy(quint16(window()->connection()->profile().baseUrl.port()));
        QVERIFY(connectThrough(proxy));
        QVERIFY(makeSandbox(u"first"_s));
        QVERIFY(test::writeFile(m_work->filePath(u"one"_s), "content"));
        auto *flow = window()->findChild<TransferFlow *>();
        QSignalSpy failures(flow, &TransferFlow::failed);
        QSignalSpy ends(flow, &TransferFlow::gaveUp);
        const QString connection = window()->connection()->profile().id;
        QVERIFY(proxy.setAway(true));
        const int id = window()->upload(idOf(u"first"_s), {m_work->filePath(u"one"_s)}, u"/app"_s);
        const int tries = qEnvironmentVariableIsSet("VOIDRUN_LONG_TESTS") ? 6 : 2;
        for (int i = 1; i <= tries; ++i) {
            QTRY_COMPARE_WITH_TIMEOUT(failures.count() + ends.count(), i, 60'000);
            QCOMPARE(itemAt(0).waitsForServer, i < 6);
            QCOMPARE(ends.count(), i < 6 ? 0 : 1);
            if (i < tries)
                flow->serverAnswered(connection);  // it does, but not for this
        }
        if (tries == 6)
            QVERIFY(!window()->noticeText().contains(u"by itself"_s));
        // A person can always try.
        QVERIFY(proxy.setAway(false));
        m_desktop->transfers()->retry(id);
        QTRY_COMPARE_WITH_TIMEOUT(stateOf(0), TransferModel::State::Done, 60'000);
    }

    // Two connections lead to one sandbox; each shows its files itself.
    void eachConnectionShowsItsOwnFiles()
    {
        test::CuttingProxy proxy(quint16(window()->connection()->profile().baseUrl.port()));
        QVERIFY(connectThrough(proxy));
        QVERIFY(makeSandbox(u"first"_s));
        const QString id = idOf(u"first"_s);
        const QString team = window()->connection()->profile().id;
        const QPointer<FilePanel> far = window()->currentFiles();
        Q_EMIT window()->connectionChosen(u"local"_s);
        QTRY_VERIFY(window()->connection() && window()->connection()->profile().id == u"local"_s &&
                    isLoaded(*m_desktop) && sandboxesOf(*m_desktop)->sandbox(id));
        window()->sandboxPanel()->setCurrentSandbox(id);
        QTRY_VERIFY(window()->currentFiles());
        const QPointer<FilePanel> near = window()->currentFiles();
        QVERIFY(near != far);
        QCOMPARE(near->model()->sandboxId(), far->model()->sandboxId());
        // One that is away is not in the way of the other.
        QVERIFY(proxy.setAway(true));
        near->model()->makeFolder(u"/app"_s, u"made near"_s);
        QTRY_VERIFY(near->model()->indexOf(u"/app/made near"_s).isValid());
        Q_EMIT window()->connectionRemoved(team);
        QTRY_VERIFY(!far);
        QVERIFY(near);
    }
};

QTEST_MAIN(TestOutage)
#include "tst_outage.moc"
