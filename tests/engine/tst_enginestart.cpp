// SPDX-License-Identifier: MIT
#include <sys/stat.h>

#include "engineundertest.h"

// The command line, the ready line, the key file and how the engine ends.
class TestEngineStart : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void wrongCommandLine_data();
    void wrongCommandLine();
    void readyLineAndKey();
    void keyIsKept();
    void secondEngineIsRefused();
    void foreignFolderIsLeftAlone();
    void missingBubblewrapIsSaid();
    void brokenBubblewrapIsSaid();
    void endsOnSignalWithItsSandboxes();
    void endsWithItsInput();
    void enginesShareTheFoldersOfUsr();
    void foldersOfUsrWithoutACache();
};

namespace
{

struct Ended {
    int code = -1;
    QByteArray output;
    QByteArray errors;
};

Ended runEngine(const QStringList &arguments,
                const QProcessEnvironment &environment = QProcessEnvironment::systemEnvironment())
{
    QProcess process;
    process.setProcessEnvironment(environment);
    process.start(EngineUnderTest::binary(u"voidrun-local"_s), arguments);
    process.waitForFinished(20'000);
    return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1,
            process.readAllStandardOutput(), process.readAllStandardError()};
}

}  // namespace

void TestEngineStart::wrongCommandLine_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QByteArray>("sentence");
    const QString state = u"/tmp/never-made"_s;
    const auto row = [](const char *name, const QStringList &arguments, const QByteArray &text) {
        QTest::newRow(name) << arguments << text;
    };
    row("nothing", {}, "Say what to do");
    row("no address", {u"serve"_s, u"--state-dir"_s, state}, "--listen is missing");
    row("no folder", {u"serve"_s, u"--listen"_s, u"127.0.0.1:0"_s}, "--state-dir is missing");
    for (const auto &[name, address] :
         {std::pair("everywhere", u"0.0.0.0:0"_s), std::pair("other host", u"192.168.1.1:80"_s),
          std::pair("IPv6 everywhere", u"[::]:80"_s)})
        row(name, {u"serve"_s, u"--listen"_s, address, u"--state-dir"_s, state}, "loopback");
    for (const auto &[name, address] :
         {std::pair("no port", u"127.0.0.1"_s), std::pair("bad port", u"127.0.0.1:x"_s),
          std::pair("large port", u"127.0.0.1:70000"_s), std::pair("a name", u"example.org:80"_s)})
        row(name, {u"serve"_s, u"--listen"_s, address, u"--state-dir"_s, state}, "an address");
    row("unknown option", {u"serve"_s, u"--fast"_s}, "no option '--fast'");
    row("no value", {u"serve"_s, u"--listen"_s}, "needs a value");
    row("idle 0", {u"serve"_s, u"--idle-timeout"_s, u"0"_s}, "greater than 0");
}

void TestEngineStart::wrongCommandLine()
{
    QFETCH(QStringList, arguments);
    QFETCH(QByteArray, sentence);
    const Ended ended = runEngine(arguments);
    QCOMPARE(ended.code, 2);
    QVERIFY2(ended.errors.contains(sentence), ended.errors.constData());
    QCOMPARE(ended.output, QByteArray());
}

void TestEngineStart::readyLineAndKey()
{
    EngineUnderTest engine;
    QVERIFY2(engine.start(), engine.log().constData());
    const QJsonObject ready = QJsonDocument::fromJson(engine.readyLine()).object();
    QCOMPARE(ready.keys(), QStringList({u"apiKeyFile"_s, u"url"_s}));
    static const QRegularExpression url(u"^http://127\\.0\\.0\\.1:[0-9]+/api$"_s);
    QVERIFY(url.match(engine.url()).hasMatch());
    static const QRegularExpression key(u"^vr_[0-9a-f]{48}$"_s);
    QVERIFY(key.match(QString::fromUtf8(engine.key())).hasMatch());
    struct stat info{};
    QCOMPARE(::stat(QFile::encodeName(ready.value("apiKeyFile"_L1).toString()).constData(), &info),
             0);
    QCOMPARE(info.st_mode & 07777, mode_t(0600));
    QCOMPARE(::stat(QFile::encodeName(engine.stateDirectory()).constData(), &info), 0);
    QCOMPARE(info.st_mode & 07777, mode_t(0700));
    QCOMPARE(engine.get(u"/sandboxes"_s).status, 200);
    QVERIFY(!engine.log().contains(engine.key()));
}

void TestEngineStart::keyIsKept()
{
    EngineUnderTest engine;
    QVERIFY2(engine.start(), engine.log().constData());
    const QByteArray key = engine.key();
    engine.stop();
    QVERIFY2(engine.start(), engine.log().constData());
    QCOMPARE(engine.key(), key);
}

void TestEngineStart::secondEngineIsRefused()
{
    EngineUnderTest engine;
    QVERIFY2(engine.start(), engine.log().constData());
    const Ended second = runEngine(engine.arguments());
    QCOMPARE(second.code, 3);
    QVERIFY2(second.errors.contains("already using"), second.errors.constData());
    QVERIFY(QJsonDocument::fromJson(second.output).object().contains("error"_L1));
    QCOMPARE(engine.get(u"/sandboxes"_s).status, 200);
}

void TestEngineStart::foreignFolderIsLeftAlone()
{
    QTemporaryDir folder;
    QVERIFY(QDir(folder.path()).mkdir(u"trash"_s));
    QFile file(folder.filePath(u"trash/mine"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    QVERIFY(QFile::setPermissions(folder.path(), QFile::Permissions(0x7755)));
    const Ended ended =
        runEngine({u"serve"_s, u"--listen"_s, u"127.0.0.1:0"_s, u"--state-dir"_s, folder.path()});
    QCOMPARE(ended.code, 1);
    QVERIFY2(ended.errors.contains("is not empty"), ended.errors.constData());
    QVERIFY(file.exists());
    QCOMPARE(QFile::permissions(folder.path()) & QFile::ReadOther, QFile::ReadOther);
}

void TestEngineStart::missingBubblewrapIsSaid()
{
    EngineUnderTest engine;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"PATH"_s, engine.folder());
    const Ended ended = runEngine(engine.arguments(), environment);
    QCOMPARE(ended.code, 4);
    QVERIFY2(ended.errors.contains("bubblewrap"), ended.errors.constData());
    const QString sentence =
        QJsonDocument::fromJson(ended.output).object().value("error"_L1).toString();
    QVERIFY2(sentence.contains(u"Install the package 'bubblewrap'"_s), ended.output.constData());
}

// As where user namespaces are turned off: bwrap is there and fails.
void TestEngineStart::brokenBubblewrapIsSaid()
{
    EngineUnderTest engine;
    QFile fake(engine.folder() + u"/bwrap"_s);
    QVERIFY(fake.open(QIODevice::WriteOnly));
    fake.write("#!/bin/sh\necho 'bwrap: No permissions to create a new namespace' >&2\nexit 1\n");
    fake.close();
    QVERIFY(fake.setPermissions(QFile::Permissions(0x7755)));
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"PATH"_s, engine.folder() + u":/usr/bin:/bin"_s);
    const Ended ended = runEngine(engine.arguments(), environment);
    QCOMPARE(ended.code, 4);
    const QString sentence =
        QJsonDocument::fromJson(ended.output).object().value("error"_L1).toString();
    QVERIFY2(sentence.contains(u"No permissions to create a new namespace"_s),
             ended.output.constData());
    QVERIFY(sentence.contains(u"User namespaces"_s));
}

void TestEngineStart::endsOnSignalWithItsSandboxes()
{
    EngineUnderTest engine;
    QVERIFY2(engine.start(), engine.log().constData());
    QVERIFY(!engine.createSandbox(u"one"_s).isEmpty());
    QVERIFY(!engine.sandboxProcesses().isEmpty());
    engine.process().terminate();
    QVERIFY(engine.process().waitForFinished(10'000));
    QCOMPARE(engine.process().exitStatus(), QProcess::NormalExit);
    QCOMPARE(engine.process().exitCode(), 0);
    QCOMPARE(engine.sandboxProcesses(), QStringList());
}

void TestEngineStart::endsWithItsInput()
{
    EngineUnderTest engine;
    QVERIFY2(engine.start({}, {u"--exit-with-stdin"_s}), engine.log().constData());
    QVERIFY(!engine.createSandbox(u"one"_s).isEmpty());
    engine.process().closeWriteChannel();
    QVERIFY(engine.process().waitForFinished(10'000));
    QCOMPARE(engine.process().exitCode(), 0);
    QCOMPARE(engine.sandboxProcesses(), QStringList());
}

void TestEngineStart::enginesShareTheFoldersOfUsr()
{
    QTemporaryDir cache;
    for (int number = 0; number < 2; ++number) {
        EngineUnderTest engine;
        engine.environment.insert(u"XDG_CACHE_HOME"_s, cache.path());
        QVERIFY2(engine.start(), engine.log().constData());
        const QStringList trees =
            QDir(cache.filePath(u"voidrun"_s)).entryList({u"usr-folders-*"_s}, QDir::Dirs);
        QCOMPARE(trees.size(), 1);
        QVERIFY(!QDir(engine.stateDirectory()).exists(trees.first()));
        const QString tree = cache.filePath(u"voidrun/"_s + trees.first());
        QVERIFY(QDir(tree + u"/share/doc"_s).exists());
        const QString id = engine.createSandbox(u"one"_s);
        const auto write = [&](const QString &name) {
            return engine.output(id, u"echo x > /usr/share/%1 && cat /usr/share/%1"_s.arg(name));
        };
        QCOMPARE(write(u"mine"_s), u"x\n"_s);
        if (number > 0)
            break;
        // Somebody cleaned the cache while it runs.
        QCOMPARE(engine.post(u"/sandboxes/%1/sleep"_s.arg(id)).status, 200);
        QVERIFY(QDir().rename(tree, cache.filePath(u"cleaned"_s)));
        QCOMPARE(write(u"other"_s), u"x\n"_s);
        QVERIFY(QDir(tree + u"/share/doc"_s).exists());
        // What came to /usr since, here what was lost, is added by the next.
        QVERIFY(QDir(tree + u"/share/doc"_s).removeRecursively());
        QCOMPARE(QProcess::execute(u"touch"_s, {u"-d"_s, u"2001-01-01"_s, tree}), 0);
    }
}

void TestEngineStart::foldersOfUsrWithoutACache()
{
    EngineUnderTest engine;
    engine.environment.insert(u"XDG_CACHE_HOME"_s, engine.folder() + u"/not-there"_s);
    QVERIFY2(engine.start(), engine.log().constData());
    QCOMPARE(QDir(engine.stateDirectory()).entryList({u"usr-folders-*"_s}, QDir::Dirs).size(), 1);
}

QTEST_GUILESS_MAIN(TestEngineStart)
#include "tst_enginestart.moc"
