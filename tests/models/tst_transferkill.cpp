// SPDX-License-Identifier: MIT
#include <QCoreApplication>
#include <QCryptographicHash>
#include <QProcess>
#include <QRandomGenerator>
#include <QSignalSpy>
#include <QTest>

#include "transferrig.h"
#include "trees.h"

using namespace Qt::StringLiterals;
using namespace voidrun;
using namespace voidrun::test;
using State = TransferModel::State;
using Direction = TransferRequest::Direction;

namespace
{

constexpr int Patience = 60'000;  // ms
constexpr int LongestLife = 150;  // ms of an application, once it is up
constexpr qsizetype Large = 16 << 20;
constexpr int Small = 120;
constexpr qsizetype SmallSize = 4000;

// Killed at any moment, as the application or the engine: every file is the old or the new one as a
// whole, and the next run takes it up and leaves nothing behind. 20 rounds, 200 with
// VOIDRUN_LONG_TESTS.
int rounds()
{
    return qEnvironmentVariableIsSet("VOIDRUN_LONG_TESTS") ? 200 : 20;
}

// What an application does, until it is killed.
int transfer(QCoreApplication *application)
{
    const QStringList arguments = application->arguments();
    TransferModel model(arguments.value(2));
    TransferRequest request;
    request.direction = arguments.value(3) == u"up"_s ? Direction::Upload : Direction::Download;
    request.conflict = TransferRequest::Conflict::Overwrite;
    request.profile.id = u"test"_s;
    request.profile.baseUrl = QUrl(arguments.value(4));
    request.profile.apiKey = qEnvironmentVariable("TRANSFER_KEY");
    request.sandboxId = arguments.value(5);
    request.sources = {arguments.value(6)};
    request.target = arguments.value(7);
    QObject::connect(&model, &TransferModel::transferStarted, application, [] {
        std::fputs("started\n", stdout);
        std::fflush(stdout);
    });
    QMetaObject::invokeMethod(application, [&] { model.start(request); }, Qt::QueuedConnection);
    return QCoreApplication::exec();
}

}  // namespace

class TestTransferKill : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void applicationIsKilled();
    void engineIsKilled();

private:
    static QString nameOf(int file);
    void fillBothSides(bool isUpload);
    // Which files of the side that was written to are neither the old nor the new one.
    QString verdict(bool isUpload);
    QString leftOvers(bool isUpload);
    bool killApplication(bool isUpload, int life);

    TransferRig m_rig;
};

void TestTransferKill::initTestCase()
{
    QVERIFY2(m_rig.start(), qPrintable(m_rig.box().problem()));
}

QString TestTransferKill::nameOf(int file)
{
    return u"f%1"_s.arg(file, 3, 10, QChar(u'0'));
}

void TestTransferKill::fillBothSides(bool isUpload)
{
    const QString source = isUpload ? u"d"_s : u"down/d"_s;
    const QByteArray here(Large, isUpload ? 'n' : 'o');
    QVERIFY(writeFile(m_rig.local(source + u"/large"_s), here));
    for (int i = 0; i < Small; ++i)
        QVERIFY(writeFile(m_rig.local(source + u'/' + nameOf(i)), here.first(SmallSize)));
    const QString there = m_rig.run(
        u"mkdir -p d; cd d; head -c %1 /dev/zero | tr '\\0' %2 > large; "
        "head -c %3 large | split -d -a 3 -b %4 - f"_s.arg(Large)
            .arg(isUpload ? u"o"_s : u"n"_s)
            .arg(Small * SmallSize)
            .arg(SmallSize));
    QCOMPARE(there, QString());
}

QString TestTransferKill::verdict(bool isUpload)
{
    QStringList wrong;
    if (isUpload) {
        const auto hash = [](char letter, qsizetype size) {
            return QString::fromLatin1(
                QCryptographicHash::hash(QByteArray(size, letter), QCryptographicHash::Sha256)
                    .toHex());
        };
        const QString lines = m_rig.run(u"cd d && sha256sum f??? large"_s);
        for (const QString &line : lines.split(u'\n', Qt::SkipEmptyParts)) {
            const qsizetype size = line.endsWith(u"large"_s) ? Large : SmallSize;
            if (!line.startsWith(hash('o', size)) && !line.startsWith(hash('n', size)))
                wrong.append(line);
        }
        if (lines.count(u'\n') != Small + 1)
            wrong.append(lines);
        return wrong.join(u' ');
    }
    for (int i = -1; i < Small; ++i) {
        const QString name = i < 0 ? u"large"_s : nameOf(i);
        const QByteArray content = readFile(m_rig.local(u"down/d/"_s + name));
        const qsizetype size = i < 0 ? Large : SmallSize;
        if (content != QByteArray(size, 'o') && content != QByteArray(size, 'n'))
            wrong.append(name);
    }
    return wrong.join(u' ');
}

QString TestTransferKill::leftOvers(bool isUpload)
{
    if (isUpload)
        return m_rig.run(u"find . -name '*voidrun-part*'"_s);
    QStringList found;
    for (const QByteArray &path : treeOf(m_rig.local(u"down"_s)).keys()) {
        if (path.contains("voidrun-part"))
            found.append(QString::fromUtf8(path));
    }
    return found.join(u' ');
}

bool TestTransferKill::killApplication(bool isUpload, int life)
{
    const ConnectionProfile profile = m_rig.box().engine().profile();
    QProcess application;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"TRANSFER_KEY"_s, profile.apiKey);
    application.setProcessEnvironment(environment);
    application.start(QCoreApplication::applicationFilePath(),
                      {u"--transfer"_s, m_rig.local(u"state/transfers"_s),
                       isUpload ? u"up"_s : u"down"_s, profile.baseUrl.toString(), m_rig.box().id(),
                       isUpload ? m_rig.local(u"d"_s) : m_rig.guest(u"d"_s),
                       isUpload ? m_rig.folder() : m_rig.local(u"down"_s)});
    const bool started = application.waitForReadyRead(Patience);
    QElapsedTimer clock;
    clock.start();
    (void)QTest::qWaitFor([&] { return clock.elapsed() >= life; }, LongestLife + 1000);
    application.kill();
    return started && application.waitForFinished(Patience);
}

void TestTransferKill::applicationIsKilled()
{
    int interrupted = 0;
    for (int round = 0; round < rounds(); ++round) {
        const bool isUpload = round % 2 == 0;
        const int life = QRandomGenerator::global()->bounded(LongestLife);
        m_rig.renew();
        m_rig.endModel();
        fillBothSides(isUpload);
        QVERIFY(killApplication(isUpload, life));
        QVERIFY2(verdict(isUpload).isEmpty(),
                 qPrintable(u"round %1, %2 ms: %3"_s.arg(round).arg(life).arg(verdict(isUpload))));
        m_rig.restartModel();
        QSignalSpy restored(m_rig.model(), &TransferModel::transfersRestored);
        if (!restored.wait(1000))
            continue;  // it was done, or had not begun
        ++interrupted;
        const int id = m_rig.model()->index(0, 0).data(TransferModel::IdRole).toInt();
        ConnectionProfile profile = m_rig.box().engine().profile();
        profile.id = u"test"_s;
        m_rig.model()->updateProfile(profile);
        m_rig.model()->resume(id);
        RIG_REACHES(m_rig, id, State::Done);
        QTRY_COMPARE(leftOvers(isUpload), QString());
        QCOMPARE(isUpload ? m_rig.run(u"cat d/* | tr -d n | wc -c"_s).trimmed()
                          : QString::number(readFile(m_rig.local(u"down/d/large"_s)).count('o')),
                 u"0"_s);
    }
    QVERIFY2(interrupted > rounds() / 4, qPrintable(QString::number(interrupted)));
}

void TestTransferKill::engineIsKilled()
{
    for (int round = 0; round < rounds() / 10; ++round) {
        m_rig.renew();
        fillBothSides(true);
        const int id = m_rig.upload({u"d"_s}, TransferRequest::Conflict::Overwrite);
        QTRY_VERIFY_WITH_TIMEOUT(m_rig.item(id)->bytesDone > 0, Patience);
        m_rig.box().engine().kill9();
        QTRY_VERIFY_WITH_TIMEOUT(TransferModel::isFinal(m_rig.item(id)->state), Patience);
        QVERIFY2(m_rig.box().engine().start(), qPrintable(m_rig.box().engine().problem()));
        QVERIFY(m_rig.box().reconnect());
        QVERIFY2(verdict(true).isEmpty(), qPrintable(verdict(true)));
        m_rig.model()->updateProfile(m_rig.box().engine().profile());
        QTRY_COMPARE_WITH_TIMEOUT(m_rig.item(id)->state, State::Done, Patience);
        QTRY_COMPARE(leftOvers(true), QString());
    }
}

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    if (argc == 8 && QByteArrayView(argv[1]) == "--transfer")
        return transfer(&application);
    TestTransferKill test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_transferkill.moc"
