// SPDX-License-Identifier: MIT
#include <QDir>
#include <QProcess>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "enginesandbox.h"
#include "models/connection.h"
#include "models/rescueflow.h"
#include "models/sandboxmodel.h"
#include "models/transfermodel.h"

using namespace Qt::StringLiterals;
using namespace voidrun;
using namespace voidrun::test;

// The work of a real sandbox is saved before the sandbox goes; otherwise it stays.
class TestRescueFlow : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<EngineSandbox> m_box;
    std::unique_ptr<Connection> m_connection;
    std::unique_ptr<TransferModel> m_transfers;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<RescueFlow> m_flow;

    void makeFlow(const QString &folder)
    {
        TransferRequest request;
        request.profile = m_connection->profile();
        request.sandboxId = m_box->id();
        request.target = folder;
        m_flow.reset(m_connection->createRescueFlow(m_transfers.get(), request, nullptr));
    }

    static QString packed(const QString &archive, const QString &name)
    {
        QProcess tar;
        tar.start(u"tar"_s, {u"xOf"_s, archive, name});
        tar.waitForFinished();
        return QString::fromUtf8(tar.readAllStandardOutput());
    }

private Q_SLOTS:
    void init()
    {
        m_box = std::make_unique<EngineSandbox>();
        QVERIFY2(m_box->start(), qPrintable(m_box->problem()));
        QCOMPARE(m_box->run(u"mkdir /app/d && echo precious > /app/d/f"_s), QString());
        m_folder = std::make_unique<QTemporaryDir>();
        m_connection = std::make_unique<Connection>(m_box->engine().profile());
        m_transfers = std::make_unique<TransferModel>();
        m_connection->sandboxes()->refresh();
        QTRY_COMPARE(m_connection->sandboxes()->rowCount(), 1);
    }

    void cleanup()
    {
        m_flow.reset();
        m_transfers.reset();
        m_connection.reset();
        m_box.reset();
    }

    void savesThenDeletes()
    {
        makeFlow(m_folder->path());
        QSignalSpy finished(m_flow.get(), &RescueFlow::finished);
        m_flow->start();
        QTRY_COMPARE(finished.count(), 1);
        QCOMPARE(m_connection->sandboxes()->rowCount(), 0);
        const QString saved = finished.first().first().toString();
        QCOMPARE(packed(saved, u"app/d/f"_s), u"precious\n"_s);
        QCOMPARE(QDir(m_folder->path()).entryList(QDir::Files | QDir::Hidden),
                 QStringList{QFileInfo(saved).fileName()});
    }

    void nothingThatExistsIsReplaced()
    {
        QCOMPARE(m_box->run(u"echo mine > /app.tar.gz"_s), QString());
        QFile here(m_folder->filePath(u"app.zip"_s));
        QVERIFY(here.open(QIODevice::WriteOnly) && here.write("here") == 4);
        here.close();
        makeFlow(m_folder->path());
        QSignalSpy finished(m_flow.get(), &RescueFlow::finished);
        m_flow->start();
        QTRY_COMPARE(finished.count(), 1);
        const QString saved = finished.first().first().toString();
        QVERIFY(saved.endsWith(u"app (2).zip"_s));
        QVERIFY(here.open(QIODevice::ReadOnly));
        QCOMPARE(here.readAll(), QByteArray("here"));
    }

    void aFolderThatCannotBeWrittenKeepsTheSandbox()
    {
        QFile inTheWay(m_folder->filePath(u"file"_s));
        QVERIFY(inTheWay.open(QIODevice::WriteOnly));
        makeFlow(inTheWay.fileName() + u"/folder"_s);
        QSignalSpy failed(m_flow.get(), &RescueFlow::failed);
        m_flow->start();
        QTRY_COMPARE(failed.count(), 1);
        QCOMPARE(failed.first().first().value<RescueFlow::Step>(), RescueFlow::Step::Downloading);
        QCOMPARE(m_box->run(u"cat /app/d/f"_s), u"precious\n"_s);
        QTRY_COMPARE(m_box->run(u"ls / | grep app"_s), u"app\n"_s);  // our archive is gone
    }

    void cancelledItKeepsTheSandbox()
    {
        QCOMPARE(m_box->run(u"head -c 20M /dev/urandom > /app/large"_s), QString());
        makeFlow(m_folder->path());
        QSignalSpy cancelled(m_flow.get(), &RescueFlow::cancelled);
        connect(m_flow.get(), &RescueFlow::stepStarted, m_flow.get(),
                [this](RescueFlow::Step step) {
                    if (step == RescueFlow::Step::Downloading)
                        QMetaObject::invokeMethod(m_flow.get(), &RescueFlow::cancel,
                                                  Qt::QueuedConnection);
                });
        m_flow->start();
        QTRY_COMPARE_WITH_TIMEOUT(cancelled.count(), 1, 30'000);
        QTRY_COMPARE(m_transfers->activeCount(), 0);
        QCOMPARE(m_box->run(u"cat /app/d/f"_s), u"precious\n"_s);
        QTRY_COMPARE(m_box->run(u"ls / | grep app"_s), u"app\n"_s);
        QVERIFY(
            QDir(m_folder->path()).isEmpty(QDir::AllEntries | QDir::NoDotAndDotDot | QDir::Hidden));
    }
};

QTEST_GUILESS_MAIN(TestRescueFlow)
#include "tst_rescueflow.moc"
