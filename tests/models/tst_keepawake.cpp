// SPDX-License-Identifier: MIT
#include <QSettings>
#include <QTemporaryDir>
#include <QtTest>

#include "enginesandbox.h"
#include "models/keepawake.h"
#include "models/sandboxmodel.h"
#include "support/replywait.h"

using namespace voidrun;
using namespace Qt::StringLiterals;

// autoSleep off while something lives in a sandbox, and on afterwards, whatever happens.
class TestKeepAwake : public QObject
{
    Q_OBJECT

private:
    test::EngineSandbox m_sandbox;
    std::unique_ptr<SandboxModel> m_sandboxes;
    QTemporaryDir m_folder;

    bool autoSleep() const { return m_sandboxes->sandbox(m_sandbox.id())->autoSleep; }
    bool isSettled() const { return !m_sandboxes->isBusy(m_sandbox.id()); }
    QString settingsFile() const { return m_folder.filePath(u"settings.ini"_s); }

private Q_SLOTS:
    void initTestCase() { QVERIFY2(m_sandbox.start(), qPrintable(m_sandbox.problem())); }

    void init()
    {
        m_sandboxes = std::make_unique<SandboxModel>(m_sandbox.client());
        m_sandboxes->refresh();
        QTRY_COMPARE(m_sandboxes->rowCount(), 1);
        m_sandboxes->setAutoSleep(m_sandbox.id(), true);
        QTRY_VERIFY(autoSleep() && isSettled());
    }

    void offWhileSomethingLivesAndOnAfterwards()
    {
        QSettings settings(settingsFile(), QSettings::IniFormat);
        KeepAwake awake(m_sandboxes.get(), &settings, u"local"_s);
        awake.setOn(m_sandbox.id(), true);
        QVERIFY(autoSleep());  // nothing lives yet
        awake.setBusy(m_sandbox.id(), true);
        QTRY_VERIFY(!autoSleep() && isSettled());
        QVERIFY(awake.isHeld(m_sandbox.id()));
        awake.setBusy(m_sandbox.id(), false);
        QTRY_VERIFY(autoSleep() && isSettled());
        QTRY_VERIFY(!awake.isHeld(m_sandbox.id()));
        QVERIFY(!settings.contains(u"keepAwake/local"_s));
        // Again, and ended by the person.
        awake.setBusy(m_sandbox.id(), true);
        QTRY_VERIFY(!autoSleep() && isSettled());
        awake.setOn(m_sandbox.id(), false);
        QTRY_VERIFY(autoSleep() && isSettled());
    }

    void onAgainAfterACrash()
    {
        {
            QSettings settings(settingsFile(), QSettings::IniFormat);
            KeepAwake awake(m_sandboxes.get(), &settings, u"local"_s);
            awake.setOn(m_sandbox.id(), true);
            awake.setBusy(m_sandbox.id(), true);
            QTRY_VERIFY(!autoSleep() && isSettled());
        }  // as a crash leaves it: nothing was switched on again
        QVERIFY(!autoSleep());
        QSettings settings(settingsFile(), QSettings::IniFormat);
        const KeepAwake awake(m_sandboxes.get(), &settings, u"local"_s);
        m_sandboxes->refresh();
        QTRY_VERIFY(autoSleep() && isSettled());
        QTRY_VERIFY(!settings.contains(u"keepAwake/local"_s));
    }

    void allAreLetGoAtTheEnd()
    {
        QSettings settings(settingsFile(), QSettings::IniFormat);
        KeepAwake awake(m_sandboxes.get(), &settings, u"local"_s);
        awake.setOn(m_sandbox.id(), true);
        awake.setBusy(m_sandbox.id(), true);
        QVERIFY(!awake.isReleasing());
        awake.releaseAll();  // before the server has answered to the first
        QVERIFY(awake.isReleasing());
        QTRY_VERIFY(!awake.isReleasing());
        QVERIFY(autoSleep() && isSettled());
        const Result<Sandbox> server = test::answerOf(m_sandbox.client()->sandbox(m_sandbox.id()));
        QVERIFY(server && server->autoSleep);
        QVERIFY(!settings.contains(u"keepAwake/local"_s));
    }

    void whatNeverSleepsIsLeftAlone()
    {
        m_sandboxes->setAutoSleep(m_sandbox.id(), false);
        QTRY_VERIFY(!autoSleep() && isSettled());
        QSettings settings(settingsFile(), QSettings::IniFormat);
        KeepAwake awake(m_sandboxes.get(), &settings, u"local"_s);
        awake.setOn(m_sandbox.id(), true);
        awake.setBusy(m_sandbox.id(), true);
        awake.setBusy(m_sandbox.id(), false);
        QVERIFY(isSettled());
        QVERIFY(!autoSleep());
    }
};

QTEST_GUILESS_MAIN(TestKeepAwake)
#include "tst_keepawake.moc"
