// SPDX-License-Identifier: MIT
#include <QTemporaryDir>
#include <QtTest>

#include "engineprocess.h"
#include "trees.h"

using namespace voidrun;
using namespace Qt::StringLiterals;

// Engines that do not behave.
class TestEngineProcess : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_work;

    // A program that notes that it was started and then does as `script` says.
    QString program(const QByteArray &script)
    {
        const QString path = m_work.filePath(u"engine"_s);
        const QByteArray starts = QFile::encodeName(m_work.filePath(u"starts"_s));
        const bool written = test::writeFile(
            path, "#!/bin/sh\necho started >> '" + starts + "'\n" + script + '\n', true);
        return written ? path : QString();
    }

    qsizetype starts() const
    {
        QFile file(m_work.filePath(u"starts"_s));
        return file.open(QIODevice::ReadOnly) ? file.readAll().count('\n') : 0;
    }

private Q_SLOTS:
    void init() { QFile::remove(m_work.filePath(u"starts"_s)); }

    void startingAgainAtOnceWaitsForTheOldOneToGo()
    {
        EngineProcess engine(m_work.filePath(u"state"_s),
                             program("head -c 70000 /dev/zero\nexec sleep 100"));
        QSignalSpy failed(&engine, &EngineProcess::failed);
        connect(
            &engine, &EngineProcess::failed, this, [&] { engine.start(); },
            Qt::SingleShotConnection);
        engine.start();
        QTRY_COMPARE_WITH_TIMEOUT(failed.count(), 2, 10'000);
        QCOMPARE(starts(), 2);
        QCOMPARE(engine.state(), EngineProcess::State::Failed);
    }

    void itsLastWordsAreTheReason()
    {
        EngineProcess engine(m_work.filePath(u"state"_s),
                             program("echo first >&2\necho 'no room left' >&2\nexit 1"));
        QSignalSpy failed(&engine, &EngineProcess::failed);
        engine.start();
        QTRY_COMPARE_WITH_TIMEOUT(failed.count(), 1, 10'000);
        QCOMPARE(failed.first().first().value<Error>().detail, u"no room left"_s);
    }
};

QTEST_MAIN(TestEngineProcess)
#include "tst_engineprocess.moc"
