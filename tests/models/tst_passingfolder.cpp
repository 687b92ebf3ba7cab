// SPDX-License-Identifier: MIT
#include <QDir>
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

#include <csignal>

#include "models/passingfolder.h"

using namespace voidrun;
using namespace Qt::StringLiterals;

namespace
{

constexpr auto HoldArgument = "--hold"_L1;  // makes one below the folder that follows, and waits

bool writeIn(const QString &folder)
{
    QFile file(folder % u"/deep/file"_s);
    return QDir().mkpath(folder % u"/deep"_s) && file.open(QIODevice::WriteOnly) &&
           file.write("content") == 7;
}

QStringList in(const QString &folder)
{
    return QDir(folder).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot);
}

}  // namespace

// Folders that files pass through, and what a killed program leaves of them.
class TestPassingFolder : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void goesWithItsObject()
    {
        const QTemporaryDir base;
        QString path;
        {
            const PassingFolder folder(base.path() % u"/not/there/yet"_s);
            path = folder.path();
            QVERIFY(writeIn(path));
            QCOMPARE(QFileInfo(path).permissions() & (QFile::ReadGroup | QFile::ReadOther),
                     QFile::Permissions());
        }
        QTRY_COMPARE(in(base.path() % u"/not/there/yet"_s), QStringList());
    }

    void hasNoPathWithoutPermission()
    {
        QCOMPARE(PassingFolder(u"/proc/none"_s).path(), QString());
    }

    void isSweptOnceItsProgramWasKilled()
    {
        const QTemporaryDir base;
        QProcess other;
        other.start(QCoreApplication::applicationFilePath(), {HoldArgument, base.path()});
        QVERIFY(other.waitForStarted());
        QTRY_VERIFY(other.canReadLine());
        const QString path = QString::fromUtf8(other.readLine()).trimmed();
        const PassingFolder own(base.path());
        QVERIFY(writeIn(own.path()));

        PassingFolder::sweep(base.path());
        QVERIFY(QFileInfo::exists(path % u"/deep/file"_s));  // in use by the other

        ::kill(pid_t(other.processId()), SIGKILL);
        QVERIFY(other.waitForFinished());
        PassingFolder::sweep(base.path());
        QCOMPARE(in(base.path()).size(), 2);  // our folder and its lock
        QVERIFY(QFileInfo::exists(own.path() % u"/deep/file"_s));
    }
};

int main(int argc, char *argv[])
{
    if (argc == 3 && QLatin1StringView(argv[1]) == HoldArgument) {
        const PassingFolder folder(QString::fromLocal8Bit(argv[2]));
        if (!writeIn(folder.path()))
            return 1;
        std::puts(qPrintable(folder.path()));
        std::fflush(stdout);
        ::pause();
    }
    QCoreApplication app(argc, argv);
    TestPassingFolder test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_passingfolder.moc"
