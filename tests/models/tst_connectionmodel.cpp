// SPDX-License-Identifier: MIT
#include <QAbstractItemModelTester>
#include <QProcess>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "models/connectionmodel.h"
#include "trees.h"

using namespace Qt::StringLiterals;
using namespace voidrun;

// ConnectionModel, with a keychain of its own and without one.
class TestConnectionModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void init();
    void cleanup();

    void firstStart();
    void environmentConnection();
    void addedConnectionIsStored();
    void removedConnectionIsForgotten();
    void localAndEnvironmentStay();
    void localEngineIsNotStored();
    void brokenSettings();
    void keyIsKeptInTheKeychain();
    void withoutAKeychain();

private:
    void make();
    QByteArray settingsText();
    ConnectionProfile hosted() const;

    QTemporaryDir m_home;
    QProcess m_bus;
    QProcess m_keyring;
    QByteArray m_busAddress;
    std::unique_ptr<QTemporaryDir> m_dir;
    std::unique_ptr<QSettings> m_settings;
    std::unique_ptr<ConnectionModel> m_model;
    std::unique_ptr<QAbstractItemModelTester> m_tester;
};

// A session bus with an unlocked keyring on it, both with this test's home.
void TestConnectionModel::initTestCase()
{
    qputenv("HOME", QFile::encodeName(m_home.path()));
    qputenv("XDG_DATA_HOME", QFile::encodeName(m_home.filePath(u"data"_s)));
    qputenv("XDG_RUNTIME_DIR", QFile::encodeName(m_home.path()));
    for (const char *name : {"VR_API_KEY", "API_KEY", "VR_API_URL", "API_URL"})
        qunsetenv(name);
    // Nothing is started on demand: without the keyring there is no keychain.
    const QString config = m_home.filePath(u"bus.conf"_s);
    QVERIFY(test::writeFile(config, R"(<busconfig>
<type>session</type><listen>unix:tmpdir=/tmp</listen>
<policy context="default"><allow send_destination="*" eavesdrop="true"/>
<allow eavesdrop="true"/><allow own="*"/></policy>
</busconfig>)"));
    m_bus.start(u"dbus-daemon"_s,
                {u"--config-file"_s, config, u"--nofork"_s, u"--print-address"_s});
    QVERIFY2(m_bus.waitForReadyRead(), qPrintable(m_bus.errorString()));
    m_busAddress = m_bus.readLine().trimmed();
    qputenv("DBUS_SESSION_BUS_ADDRESS", m_busAddress);
    m_keyring.start(u"gnome-keyring-daemon"_s,
                    {u"--foreground"_s, u"--unlock"_s, u"--components=secrets"_s});
    QVERIFY2(m_keyring.waitForStarted(), qPrintable(m_keyring.errorString()));
    m_keyring.write("password");
    m_keyring.closeWriteChannel();
    const auto isThere = [this] {
        QProcess ask;
        ask.start(u"dbus-send"_s,
                  {u"--bus=%1"_s.arg(QString::fromLatin1(m_busAddress)), u"--print-reply"_s,
                   u"--dest=org.freedesktop.DBus"_s, u"/org/freedesktop/DBus"_s,
                   u"org.freedesktop.DBus.NameHasOwner"_s, u"string:org.freedesktop.secrets"_s});
        return ask.waitForFinished(2000) && ask.readAllStandardOutput().contains("true");
    };
    QTRY_VERIFY_WITH_TIMEOUT(isThere(), 20'000);
}

void TestConnectionModel::cleanupTestCase()
{
    for (QProcess *process : {&m_keyring, &m_bus}) {
        process->kill();  // the bus last, and no sooner: a process that uses it ends with it
        process->waitForFinished();
    }
}

void TestConnectionModel::init()
{
    m_dir = std::make_unique<QTemporaryDir>();
    make();
}

void TestConnectionModel::cleanup()
{
    qunsetenv("VR_API_KEY");
    qunsetenv("VR_API_URL");
    m_tester.reset();
    m_model.reset();
    m_settings.reset();
}

// As at the next start of the application.
void TestConnectionModel::make()
{
    m_tester.reset();
    m_model.reset();
    m_settings =
        std::make_unique<QSettings>(m_dir->filePath(u"settings.ini"_s), QSettings::IniFormat);
    m_model = std::make_unique<ConnectionModel>(m_settings.get());
    m_tester = std::make_unique<QAbstractItemModelTester>(m_model.get());
}

QByteArray TestConnectionModel::settingsText()
{
    m_settings->sync();
    return test::readFile(m_settings->fileName());
}

ConnectionProfile TestConnectionModel::hosted() const
{
    ConnectionProfile profile;
    profile.name = u"My service"_s;
    profile.baseUrl = QUrl(u"https://example.org/api"_s);
    profile.apiKey = u"vr_topsecret"_s;
    profile.pinNodes = true;
    return profile;
}

void TestConnectionModel::firstStart()
{
    QCOMPARE(m_model->rowCount(), 1);
    QCOMPARE(m_model->currentId(), u"local"_s);
    const ConnectionProfile *local = m_model->profile(u"local"_s);
    QVERIFY(local);
    QVERIFY(local->isLocalEngine);
    QCOMPARE(m_model->index(0).data().toString(), u"This computer"_s);
    QCOMPARE(m_model->index(0).data(ConnectionModel::IdRole).toString(), u"local"_s);
    QVERIFY(!m_model->profile(u"other"_s));
}

void TestConnectionModel::environmentConnection()
{
    qputenv("VR_API_KEY", "vr_fromenv");
    qputenv("VR_API_URL", "http://127.0.0.1:33944/api/");
    make();
    QCOMPARE(m_model->rowCount(), 2);
    const ConnectionProfile profile =
        m_model->index(1).data(ConnectionModel::ProfileRole).value<ConnectionProfile>();
    QCOMPARE(profile.apiKey, u"vr_fromenv"_s);
    QCOMPARE(profile.baseUrl, QUrl(u"http://127.0.0.1:33944/api"_s));
    QCOMPARE(m_model->index(1).data().toString(), u"Environment"_s);
    QSignalSpy loaded(m_model.get(), &ConnectionModel::keyLoaded);
    m_model->loadKey(profile.id);
    QVERIFY(loaded.wait());
    QCOMPARE(loaded.first().at(1).toString(), u"vr_fromenv"_s);
    m_model->add(hosted());
    QVERIFY(!settingsText().contains("fromenv"));
    QVERIFY(!settingsText().contains("33944"));
    // A cleared address stays cleared, and is not the default.
    qputenv("VR_API_URL", "");
    make();
    QVERIFY(m_model->profile(profile.id)->baseUrl.isEmpty());
    // An address without a key is shown all the same, and will say that the key is missing.
    qunsetenv("VR_API_KEY");
    qputenv("VR_API_URL", "http://127.0.0.1:33944/api");
    make();
    QVERIFY(m_model->profile(profile.id)->apiKey.isEmpty());
    // What is missing may be in the working directory's file.
    const QString before = QDir::currentPath();
    QVERIFY(QDir::setCurrent(m_dir->path()));
    QVERIFY(
        test::writeFile(m_dir->filePath(u".env"_s), "VR_API_KEY=vr_file\nVR_API_URL=x.example"));
    make();
    QVERIFY(QDir::setCurrent(before));
    QCOMPARE(m_model->profile(profile.id)->apiKey, u"vr_file"_s);
    QCOMPARE(m_model->profile(profile.id)->baseUrl, QUrl(u"http://127.0.0.1:33944/api"_s));
}

void TestConnectionModel::addedConnectionIsStored()
{
    QSignalSpy inserted(m_model.get(), &ConnectionModel::rowsInserted);
    const QString id = m_model->add(hosted());
    QCOMPARE(inserted.count(), 1);
    m_model->setCurrentId(id);
    QVERIFY(!settingsText().contains("topsecret"));
    make();
    QCOMPARE(m_model->rowCount(), 2);
    QCOMPARE(m_model->currentId(), id);
    QCOMPARE(m_model->profile(id)->name, u"My service"_s);
    QCOMPARE(m_model->profile(id)->baseUrl, QUrl(u"https://example.org/api"_s));
    QVERIFY(m_model->profile(id)->pinNodes);
    QVERIFY(m_model->profile(id)->apiKey.isEmpty());
}

void TestConnectionModel::removedConnectionIsForgotten()
{
    const QString first = m_model->add(hosted());
    const QString second = m_model->add(hosted());
    QVERIFY(first != second);
    m_model->setCurrentId(first);
    m_model->remove(first);
    QCOMPARE(m_model->currentId(), u"local"_s);
    make();
    QCOMPARE(m_model->rowCount(), 2);
    QVERIFY(!m_model->profile(first));
    QVERIFY(m_model->profile(second));
}

void TestConnectionModel::localAndEnvironmentStay()
{
    qputenv("VR_API_KEY", "vr_fromenv");
    make();
    const QString environment = m_model->index(1).data(ConnectionModel::IdRole).toString();
    m_model->remove(u"local"_s);
    m_model->remove(environment);
    m_model->remove(u"unknown"_s);
    QCOMPARE(m_model->rowCount(), 2);
}

void TestConnectionModel::localEngineIsNotStored()
{
    QSignalSpy changed(m_model.get(), &ConnectionModel::dataChanged);
    m_model->setLocalEngine(QUrl(u"http://127.0.0.1:4711/api"_s), u"engine-key"_s);
    QCOMPARE(changed.count(), 1);
    QCOMPARE(m_model->profile(u"local"_s)->apiKey, u"engine-key"_s);
    m_model->setKey(u"local"_s, u"another"_s);
    QCOMPARE(m_model->profile(u"local"_s)->apiKey, u"engine-key"_s);
    m_model->add(hosted());
    QVERIFY(!settingsText().contains("engine-key"));
    QVERIFY(!settingsText().contains("4711"));
}

void TestConnectionModel::brokenSettings()
{
    QVERIFY(test::writeFile(m_dir->filePath(u"settings.ini"_s),
                            "[General]\ncurrentConnection=gone\n"
                            "[connections]\nsize=999999999\n"
                            "1\\id=local\n1\\name=Evil\n2\\name=no id\n"
                            "3\\id=good\n3\\name=Good\n3\\baseUrl=::not an address\n"
                            "4\\id=good\n4\\name=Twice\n"
                            "5\\id=user\n5\\baseUrl=https://a:b@x.example/api\n"));
    make();
    QCOMPARE(m_model->rowCount(), 3);
    QVERIFY(m_model->profile(u"user"_s)->baseUrl.isEmpty());
    QCOMPARE(m_model->index(0).data().toString(), u"This computer"_s);
    QCOMPARE(m_model->profile(u"good"_s)->name, u"Good"_s);
    QVERIFY(!m_model->profile(u"good"_s)->baseUrl.isValid());
    QCOMPARE(m_model->currentId(), u"local"_s);
}

void TestConnectionModel::keyIsKeptInTheKeychain()
{
    QSignalSpy kept(m_model.get(), &ConnectionModel::keyKept);
    QSignalSpy unavailable(m_model.get(), &ConnectionModel::keychainUnavailable);
    const QString id = m_model->add(hosted());
    QTRY_COMPARE(kept.count() + unavailable.count(), 1);
    QCOMPARE(kept.count(), 1);
    make();
    QVERIFY(m_model->profile(id)->apiKey.isEmpty());
    QSignalSpy loaded(m_model.get(), &ConnectionModel::keyLoaded);
    m_model->loadKey(id);
    QTRY_COMPARE(loaded.count(), 1);
    QCOMPARE(loaded.first().at(1).toString(), u"vr_topsecret"_s);
    QCOMPARE(m_model->profile(id)->apiKey, u"vr_topsecret"_s);
    QVERIFY(!settingsText().contains("topsecret"));
}

void TestConnectionModel::withoutAKeychain()
{
    m_keyring.terminate();
    QVERIFY(m_keyring.waitForFinished());
    make();
    QSignalSpy unavailable(m_model.get(), &ConnectionModel::keychainUnavailable);
    const QString id = m_model->add(hosted());
    QTRY_COMPARE(unavailable.count(), 1);
    QVERIFY(!unavailable.first().first().toString().isEmpty());
    // For this run it is known, on disk it is not.
    QSignalSpy loaded(m_model.get(), &ConnectionModel::keyLoaded);
    m_model->loadKey(id);
    QVERIFY(loaded.wait());
    QCOMPARE(loaded.first().at(1).toString(), u"vr_topsecret"_s);
    QVERIFY(!settingsText().contains("topsecret"));
    make();
    QSignalSpy again(m_model.get(), &ConnectionModel::keyLoaded);
    m_model->loadKey(id);
    QTRY_COMPARE(again.count(), 1);
    QCOMPARE(again.first().at(1).toString(), QString());
}

QTEST_GUILESS_MAIN(TestConnectionModel)
#include "tst_connectionmodel.moc"
