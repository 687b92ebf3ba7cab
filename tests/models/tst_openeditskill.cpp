// SPDX-License-Identifier: MIT
#include <QCoreApplication>
#include <QProcess>
#include <QRandomGenerator>
#include <QSignalSpy>
#include <QTest>

#include "editors.h"
#include "editrig.h"

using namespace Qt::StringLiterals;
using namespace voidrun;
using namespace voidrun::test;

namespace
{

constexpr int Patience = 60'000;   // ms
constexpr int LongestLife = 1200;  // ms after a save: past its upload

// Killed at any moment after an editor has saved: the next run brings it over. 10 rounds, 100 with
// VOIDRUN_LONG_TESTS.
int rounds()
{
    return qEnvironmentVariableIsSet("VOIDRUN_LONG_TESTS") ? 100 : 10;
}

// What an application does, until it is killed: says where the copy is.
int edit(const QStringList &arguments)
{
    TransferModel transfers;
    OpenEdits edits(arguments.value(2), &transfers);
    ConnectionProfile profile;
    profile.id = u"test"_s;
    profile.baseUrl = QUrl(arguments.value(3));
    profile.apiKey = qEnvironmentVariable("EDIT_KEY");
    QObject::connect(&edits, &OpenEdits::opened, &edits, [&edits](int id) {
        std::fputs(qPrintable(edits.edit(id)->localFile() + u'\n'), stdout);
        std::fflush(stdout);
    });
    const auto open = [&] {
        edits.open(profile, arguments.value(4), u"test"_s, arguments.value(5));
    };
    QMetaObject::invokeMethod(&edits, open, Qt::QueuedConnection);
    return QCoreApplication::exec();
}

}  // namespace

class TestOpenEditsKill : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QVERIFY2(m_rig.start(), qPrintable(m_rig.box().problem())); }
    void nothingIsLost();

private:
    EditRig m_rig;
};

void TestOpenEditsKill::nothingIsLost()
{
    int interrupted = 0;
    for (int round = 0; round < rounds(); ++round) {
        m_rig.renew();
        m_rig.end();
        QCOMPARE(m_rig.run(u"printf old > file"_s), QString());
        QProcess application;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(u"EDIT_KEY"_s, m_rig.profile().apiKey);
        application.setProcessEnvironment(environment);
        application.setReadChannel(QProcess::StandardOutput);
        application.start(QCoreApplication::applicationFilePath(),
                          {u"--edit"_s, m_rig.copies(), m_rig.profile().baseUrl.toString(),
                           m_rig.box().id(), m_rig.guest(u"file"_s)});
        QVERIFY(application.waitForReadyRead(Patience));
        const QString copy = QString::fromUtf8(application.readLine()).trimmed();
        const QByteArray content(100'000 + round, char('a' + round % 26));
        QVERIFY((round % 2 == 0 ? &editors::likeVim : &editors::inPlace)(copy, content));
        const int life = QRandomGenerator::global()->bounded(LongestLife);
        QElapsedTimer clock;
        clock.start();
        (void)QTest::qWaitFor([&] { return clock.elapsed() >= life; }, LongestLife + 1000);
        application.kill();
        QVERIFY(application.waitForFinished(Patience));

        const QString found = m_rig.run(u"wc -c < file"_s).trimmed();
        QVERIFY2(found == u"3"_s || found.toLongLong() == content.size(), qPrintable(found));
        interrupted += found == u"3"_s ? 1 : 0;
        m_rig.restart();
        QSignalSpy conflicts(m_rig.edits(), &OpenEdits::conflictFound);
        QTRY_COMPARE_WITH_TIMEOUT(m_rig.edits()->rowCount(), 1, Patience);
        m_rig.edits()->updateProfile(m_rig.profile());
        const int id = m_rig.edits()->index(0, 0).data(OpenEdits::IdRole).toInt();
        QTRY_VERIFY_WITH_TIMEOUT(!m_rig.edit(id)->localHash.isEmpty(), Patience);
        QTRY_COMPARE_WITH_TIMEOUT(m_rig.edits()->unsentCount(), 0, Patience);
        QCOMPARE(m_rig.run(u"cat file"_s).toUtf8(), content);
        QCOMPARE(conflicts.count(), 0);
    }
    QVERIFY2(interrupted > 0, "no kill came before the upload");
}

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    if (argc == 6 && QByteArrayView(argv[1]) == "--edit")
        return edit(application.arguments());
    TestOpenEditsKill test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_openeditskill.moc"
