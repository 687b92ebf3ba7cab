// SPDX-License-Identifier: MIT
#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>

#include "api/dotenv.h"
#include "api/profile.h"

using namespace voidrun;
using namespace Qt::StringLiterals;

// `.env` as the SDKs read it, and who wins.
class DotEnvTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void lines_data();
    void lines();
    void realEnvironmentWins();
    void clearedInTheFile();
    void oddFiles();

private:
    static bool write(const QString &folder, const QByteArray &text)
    {
        QFile file(QDir(folder).filePath(u".env"_s));
        return file.open(QIODevice::WriteOnly) && file.write(text) == text.size();
    }
};

void DotEnvTest::lines_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("value");  // of A; null = not set
    QTest::newRow("plain") << "A=b"_ba << u"b"_s;
    QTest::newRow("spaces") << "  A =  b c  "_ba << u"b c"_s;
    QTest::newRow("export") << "export A=b"_ba << u"b"_s;
    QTest::newRow("comment") << "#A=b\n # A=c"_ba << QString();
    QTest::newRow("comment behind") << "A=b # c"_ba << u"b"_s;
    QTest::newRow("single quotes") << "A=' b#\\n '"_ba << u" b#\\n "_s;
    QTest::newRow("double quotes") << "A=\"b\\nc\" # d"_ba << u"b\nc"_s;
    QTest::newRow("back quotes") << "A=`it's \"b\"`"_ba << u"it's \"b\""_s;
    QTest::newRow("open quote") << "A='b"_ba << u"'b"_s;
    QTest::newRow("empty") << "A="_ba << u""_s;
    QTest::newRow("equal signs") << "A=b=c=="_ba << u"b=c=="_s;
    QTest::newRow("CRLF") << "B=1\r\nA=b\r\nC=2\r\n"_ba << u"b"_s;
    QTest::newRow("last wins") << "A=b\nA=c"_ba << u"c"_s;
    QTest::newRow("byte order mark") << "\xEF\xBB\xBF"
                                        "A=b"_ba
                                     << u"b"_s;
    QTest::newRow("no variable") << "A\n=A\nA b=c"_ba << QString();
}

void DotEnvTest::lines()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, value);
    const auto variables = parseDotEnv(text);
    QCOMPARE(variables.contains(u"A"_s), !value.isNull());
    QCOMPARE(variables.value(u"A"_s), value);
}

void DotEnvTest::realEnvironmentWins()
{
    QTemporaryDir folder;
    QVERIFY(write(folder.path(),
                  "VR_API_KEY=vr_file\nAPI_KEY=vr_second\nVR_API_URL=https://file.example/api\n"));
    QProcessEnvironment real;
    auto profile = ConnectionProfile::fromEnvironment(withDotEnv(real, folder.path()));
    QCOMPARE(profile.apiKey, u"vr_file"_s);
    QCOMPARE(profile.baseUrl, QUrl(u"https://file.example/api"_s));
    real.insert(u"VR_API_KEY"_s, u"vr_real"_s);
    real.insert(u"VR_API_URL"_s, u""_s);  // cleared, whatever the file says
    profile = ConnectionProfile::fromEnvironment(withDotEnv(real, folder.path()));
    QCOMPARE(profile.apiKey, u"vr_real"_s);
    QVERIFY(profile.baseUrl.isEmpty());
}

void DotEnvTest::clearedInTheFile()
{
    QTemporaryDir folder;
    QVERIFY(write(folder.path(), "API_KEY=vr_1\nAPI_URL=\n"));
    const auto profile = ConnectionProfile::fromEnvironment(withDotEnv({}, folder.path()));
    QCOMPARE(profile.apiKey, u"vr_1"_s);
    QVERIFY(profile.baseUrl.isEmpty());
}

void DotEnvTest::oddFiles()
{
    QTemporaryDir folder;
    const QString path = QDir(folder.path()).filePath(u".env"_s);
    QVERIFY(withDotEnv({}, folder.path()).isEmpty());
    QCOMPARE(::mkfifo(path.toLocal8Bit().constData(), 0600), 0);
    QVERIFY(withDotEnv({}, folder.path()).isEmpty());
    QVERIFY(QFile::remove(path));
    QVERIFY(QDir(folder.path()).mkdir(u".env"_s));
    QVERIFY(withDotEnv({}, folder.path()).isEmpty());
    QVERIFY(QDir(folder.path()).rmdir(u".env"_s));
    QVERIFY(write(folder.path(), "A=" + QByteArray(100'000, 'x')));
    QVERIFY(withDotEnv({}, folder.path()).isEmpty());
}

QTEST_GUILESS_MAIN(DotEnvTest)
#include "tst_dotenv.moc"
