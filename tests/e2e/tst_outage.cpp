// SPDX-License-Identifier: MIT
#include <QTimer>
#include <QtTest>

#include "desktopundertest.h"
#include "models/connectionmodel.h"
#include "models/transfermodel.h"
#include "support/cuttingproxy.h"
#include "trees.h"

using namespace voidrun;
using namespace Qt::StringLiterals;

// A server that is away for a while, as the person in front of the window meets it.
class TestOutage : public QObject, private test::DesktopUnderTest
{
    Q_OBJECT

private:
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
    }
};

QTEST_MAIN(TestOutage)
#include "tst_outage.moc"
