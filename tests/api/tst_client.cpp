// SPDX-License-Identifier: MIT
#include <QBuffer>
#include <QRandomGenerator>
#include <QTemporaryFile>
#include <QTest>

#include <algorithm>

#include "api/client.h"
#include "support/engineprocess.h"
#include "support/replywait.h"

using namespace voidrun;
using namespace voidrun::test;
using namespace Qt::StringLiterals;
using Kind = Error::Kind;

// Every typed call against the real engine and a real sandbox.
class ClientTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void version();
    void wrongKeyIsUnauthorized();
    void listsAndFindsTheSandbox();
    void takenNameIsAConflict();
    void unknownSandboxIsNotFound();
    void execGivesOutputAndStatus();
    void fileCalls();
    void oddNames_data();
    void oddNames();
    void failuresOfFiles();
    void bytesArriveUnchanged_data();
    void bytesArriveUnchanged();
    void uploadReplaces();
    void ptyCalls();
    void survivesKill9();
    void deletesTheSandbox();

private:
    std::unique_ptr<EngineProcess> m_engine;
    std::unique_ptr<Client> m_client;
    QString m_id;
};

void ClientTest::initTestCase()
{
    m_engine = std::make_unique<EngineProcess>();
    QVERIFY2(m_engine->start(), qPrintable(m_engine->problem()));
    m_client = std::make_unique<Client>(m_engine->profile());
    SandboxSpec spec;
    spec.name = u"client-test"_s;
    spec.envVars = {{u"VR_TEST"_s, u"a b=c"_s}};
    spec.labels = {{u"kind"_s, u"test"_s}};
    VERIFY_ANSWER(sandbox, m_client->createSandbox(spec));
    QCOMPARE(sandbox.name, spec.name);
    QVERIFY2(sandbox.isRunning(), qPrintable(sandbox.status));
    QCOMPARE(sandbox.labels, spec.labels);
    m_id = sandbox.id;
    QCOMPARE(m_id.size(), 24);
}

void ClientTest::cleanupTestCase()
{
    m_client.reset();
    m_engine.reset();
}

void ClientTest::version()
{
    VERIFY_ANSWER(version, m_client->version());
    QCOMPARE(version.engine, u"voidrun-local"_s);
    QVERIFY(!version.version.isEmpty());
}

void ClientTest::wrongKeyIsUnauthorized()
{
    ConnectionProfile profile = m_engine->profile();
    profile.apiKey = u"vr_wrong"_s;
    Client other(profile);
    const auto result = answerOf(other.listSandboxes());
    QVERIFY(!result);
    QCOMPARE(result.error().kind, Kind::Unauthorized);
    QCOMPARE(result.error().httpStatus, 401);
}

void ClientTest::listsAndFindsTheSandbox()
{
    VERIFY_ANSWER(page, m_client->listSandboxes());
    QCOMPARE(page.total, 1);
    QCOMPARE(page.sandboxes.size(), 1);
    QCOMPARE(page.sandboxes.first().id, m_id);
    VERIFY_ANSWER(matching, m_client->listSandboxes(1, 10, {{u"kind"_s, u"test"_s}}));
    QCOMPARE(matching.sandboxes.size(), 1);
    VERIFY_ANSWER(others, m_client->listSandboxes(1, 10, {{u"kind"_s, u"other"_s}}));
    QVERIFY(others.sandboxes.isEmpty());
    VERIFY_ANSWER(beyond, m_client->listSandboxes(7, 10));
    QVERIFY(beyond.sandboxes.isEmpty());
    VERIFY_ANSWER(sandbox, m_client->sandbox(m_id));
    QCOMPARE(sandbox.name, u"client-test"_s);
    QVERIFY(sandbox.createdAt.isValid());
    const auto refused = answerOf(m_client->listSandboxes(0, 10));
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, Kind::InvalidInput);
}

void ClientTest::takenNameIsAConflict()
{
    SandboxSpec spec;
    spec.name = u"client-test"_s;
    const auto taken = answerOf(m_client->createSandbox(spec));
    QVERIFY(!taken);
    QCOMPARE(taken.error().kind, Kind::Conflict);
    spec.name = u"Not Allowed!"_s;
    const auto bad = answerOf(m_client->createSandbox(spec));
    QVERIFY(!bad);
    QCOMPARE(bad.error().kind, Kind::BadRequest);
    QVERIFY(!bad.error().code.isEmpty());
}

void ClientTest::unknownSandboxIsNotFound()
{
    const auto result = answerOf(m_client->sandbox(u"0123456789abcdef01234567"_s));
    QVERIFY(!result);
    QCOMPARE(result.error().kind, Kind::NotFound);
    const auto odd = answerOf(m_client->sandbox(u"../users/me"_s));
    QVERIFY(!odd);
    QCOMPARE(odd.error().kind, Kind::InvalidInput);
}

void ClientTest::execGivesOutputAndStatus()
{
    VERIFY_ANSWER(plain, m_client->exec(m_id, {.command = u"echo out; echo err >&2; exit 7"_s}));
    QCOMPARE(plain.stdOut, u"out\n"_s);
    QCOMPARE(plain.stdErr, u"err\n"_s);
    QCOMPARE(plain.exitCode, 7);
    VERIFY_ANSWER(environment, m_client->exec(m_id, {.command = u"pwd; echo \"$VR_TEST/$MORE\""_s,
                                                     .env = {{u"MORE"_s, u"\u00e4'\""_s}},
                                                     .cwd = u"/tmp"_s}));
    QCOMPARE(environment.stdOut, u"/tmp\na b=c/\u00e4'\"\n"_s);
    for (const QString &command : {u"  \n"_s, QString(100'001, u'x')}) {
        const auto refused = answerOf(m_client->exec(m_id, {.command = command}));
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, Kind::InvalidInput);
    }
}

void ClientTest::fileCalls()
{
    VERIFY_ANSWER(made, m_client->mkdir(m_id, u"/tmp/files/deep/er"_s));
    VERIFY_ANSWER(created, m_client->createFile(m_id, u"/tmp/files/new/empty"_s));
    VERIFY_ANSWER(copied, m_client->copy(m_id, u"/tmp/files/new"_s, u"/tmp/files/copy"_s));
    VERIFY_ANSWER(moved,
                  m_client->move(m_id, u"/tmp/files/copy/empty"_s, u"/tmp/files/to/moved"_s));
    VERIFY_ANSWER(changed, m_client->chmod(m_id, u"/tmp/files/to/moved"_s, 0751));
    VERIFY_ANSWER(stat, m_client->stat(m_id, u"/tmp/files/to/moved"_s));
    QVERIFY(stat.isRegular());
    QCOMPARE(stat.mode & 07777, 0751U);
    QCOMPARE(stat.size, 0);
    QVERIFY(stat.mtime.isValid());
    VERIFY_ANSWER(linked, m_client->exec(m_id, {.command = u"ln -s moved /tmp/files/to/link"_s}));
    VERIFY_ANSWER(entries, m_client->listFiles(m_id, u"/tmp/files/to"_s));
    QCOMPARE(entries.size(), 2);
    const auto link = std::ranges::find(entries, u"link"_s, &FileEntry::name);
    QVERIFY(link != entries.end());
    QVERIFY(link->isSymlink);
    const auto moved2 = std::ranges::find(entries, u"moved"_s, &FileEntry::name);
    QVERIFY(moved2 != entries.end());
    QCOMPARE(moved2->path, u"/tmp/files/to/moved"_s);
    QCOMPARE(moved2->mode, 0751U);
    QVERIFY(!moved2->isDir);
    VERIFY_ANSWER(above, m_client->listFiles(m_id, u"/tmp/files"_s));
    const auto folder = std::ranges::find(above, u"deep"_s, &FileEntry::name);
    QVERIFY(folder != above.end());
    QVERIFY(folder->isDir);
    VERIFY_ANSWER(removed, m_client->remove(m_id, u"/tmp/files"_s));
    const auto gone = answerOf(m_client->listFiles(m_id, u"/tmp/files"_s));
    QVERIFY(!gone);
}

void ClientTest::oddNames_data()
{
    QTest::addColumn<QString>("name");
    QTest::newRow("space") << u"a b"_s;
    QTest::newRow("quotes") << u"a'b\"c`d"_s;
    QTest::newRow("percent") << u"100%41%2F"_s;
    QTest::newRow("plus") << u"a+b"_s;
    QTest::newRow("hash and question") << u"#a?b&c=d"_s;
    QTest::newRow("unicode") << u"\u00e4\u6f22\U0001F600"_s;
    QTest::newRow("decomposed") << u"a\u0308"_s;
    QTest::newRow("leading dash") << u"-rf"_s;
    QTest::newRow("newline") << u"a\nb"_s;
    QTest::newRow("shell") << u"$(touch x);*"_s;
    QTest::newRow("backslash") << u"a\\b"_s;
    QTest::newRow("dots") << u"...x"_s;
    QTest::newRow("long") << QString(255, u'n');
}

void ClientTest::oddNames()
{
    QFETCH(QString, name);
    const QString folder = u"/tmp/odd/"_s + name;
    const QString file = folder + u'/' + name;
    QBuffer source;
    source.setData(name.toUtf8());
    QVERIFY(source.open(QIODevice::ReadOnly));
    VERIFY_ANSWER(uploaded, m_client->upload(m_id, file, &source));
    VERIFY_ANSWER(entries, m_client->listFiles(m_id, folder));
    QCOMPARE(entries.size(), 1);
    QCOMPARE(entries.first().name, name);
    QCOMPARE(entries.first().path, file);
    VERIFY_ANSWER(stat, m_client->stat(m_id, file));
    QCOMPARE(stat.size, name.toUtf8().size());
    QBuffer sink;
    QVERIFY(sink.open(QIODevice::WriteOnly));
    VERIFY_ANSWER(bytes, m_client->download(m_id, file, &sink));
    QCOMPARE(sink.data(), name.toUtf8());
    VERIFY_ANSWER(moved, m_client->move(m_id, file, u"/tmp/odd2/"_s + name));
    VERIFY_ANSWER(copied, m_client->copy(m_id, u"/tmp/odd2/"_s + name, file));
    VERIFY_ANSWER(removed, m_client->remove(m_id, folder));
    VERIFY_ANSWER(rest, m_client->listFiles(m_id, u"/tmp/odd"_s));
    QVERIFY(rest.isEmpty());
}

void ClientTest::failuresOfFiles()
{
    QBuffer sink;
    QVERIFY(sink.open(QIODevice::WriteOnly));
    const auto missing = answerOf(m_client->download(m_id, u"/tmp/none"_s, &sink));
    QVERIFY(!missing);
    QVERIFY2(missing.error().kind == Kind::NotFound || missing.error().kind == Kind::CommandFailed,
             problemOf(missing).constData());
    QCOMPARE(missing.error().subject, u"/tmp/none"_s);
    QVERIFY(sink.data().isEmpty());
    QVERIFY(!answerOf(m_client->stat(m_id, u"/tmp/none"_s)));
    QVERIFY(!answerOf(m_client->move(m_id, u"/tmp/none"_s, u"/tmp/other"_s)));
    for (const QString &path : QStringList{u"relative"_s, u""_s, u"/a"_s + QChar(0) + u"b"_s,
                                           u"/"_s + QString(4096, u'x'), u"/"_s + QChar(0xd800)}) {
        const auto refused = answerOf(m_client->mkdir(m_id, path));
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, Kind::InvalidInput);
    }
}

void ClientTest::bytesArriveUnchanged_data()
{
    QTest::addColumn<int>("size");
    for (const int size : {0, 1, 16383, 16384, 65537, 1048576, 20 * 1024 * 1024 + 3})
        QTest::addRow("%d", size) << size;
}

void ClientTest::bytesArriveUnchanged()
{
    QFETCH(int, size);
    QByteArray bytes(size, Qt::Uninitialized);
    QRandomGenerator random(static_cast<quint32>(size));
    std::ranges::generate(bytes, [&random] { return static_cast<char>(random.generate()); });
    QTemporaryFile source;
    QVERIFY(source.open());
    QCOMPARE(source.write(bytes), bytes.size());
    QVERIFY(source.seek(0));
    const QString path = u"/tmp/bytes-%1"_s.arg(size);
    qint64 sent = 0;
    auto *upload = m_client->upload(m_id, path, &source);
    connect(upload, &ReplyBase::progress, this, [&sent](qint64 done, qint64) { sent = done; });
    VERIFY_ANSWER(uploaded, upload);
    QCOMPARE(sent, size);
    QTemporaryFile sink;
    QVERIFY(sink.open());
    VERIFY_ANSWER(count, m_client->download(m_id, path, &sink));
    QCOMPARE(count, size);
    QVERIFY(sink.seek(0));
    QVERIFY(sink.readAll() == bytes);
}

void ClientTest::uploadReplaces()
{
    for (const QByteArray &text : {"a longer first text"_ba, "short"_ba}) {
        QBuffer source;
        source.setData(text);
        QVERIFY(source.open(QIODevice::ReadOnly));
        VERIFY_ANSWER(uploaded, m_client->upload(m_id, u"/tmp/replaced"_s, &source));
        VERIFY_ANSWER(shown, m_client->exec(m_id, {.command = u"cat /tmp/replaced"_s}));
        QCOMPARE(shown.stdOut.toUtf8(), text);
    }
}

void ClientTest::ptyCalls()
{
    VERIFY_ANSWER(session, m_client->createPtySession(m_id, 80, 24));
    QVERIFY(!session.id.isEmpty());
    VERIFY_ANSWER(sessions, m_client->listPtySessions(m_id));
    QCOMPARE(sessions.size(), 1);
    QCOMPARE(sessions.first().id, session.id);
    QVERIFY(sessions.first().alive);
    VERIFY_ANSWER(resized, m_client->resizePtySession(m_id, session.id, 123, 45));
    VERIFY_ANSWER(typed, m_client->executeInPty(m_id, session.id, u"stty size"_s));
    const auto shows = [&](const QString &text) {
        const auto buffer = answerOf(m_client->ptyBuffer(m_id, session.id));
        return buffer && buffer->contains(text);
    };
    QTRY_VERIFY(shows(u"45 123"_s));
    const auto refused = answerOf(m_client->resizePtySession(m_id, session.id, 501, 24));
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, Kind::InvalidInput);
    VERIFY_ANSWER(deleted, m_client->deletePtySession(m_id, session.id));
    const auto gone = answerOf(m_client->ptyBuffer(m_id, session.id));
    QVERIFY(!gone);
    QCOMPARE(gone.error().kind, Kind::NotFound);
}

void ClientTest::survivesKill9()
{
    VERIFY_ANSWER(
        kept, m_client->exec(m_id, {.command = u"echo kept > /root/kept || echo kept > ~/kept"_s}));
    m_engine->kill9();
    const auto lost = answerOf(m_client->listSandboxes());
    QVERIFY(!lost);
    QCOMPARE(lost.error().kind, Kind::Unreachable);
    QVERIFY2(m_engine->start(), qPrintable(m_engine->problem()));
    m_client = std::make_unique<Client>(m_engine->profile());
    VERIFY_ANSWER(page, m_client->listSandboxes());
    QCOMPARE(page.sandboxes.size(), 1);
    QCOMPARE(page.sandboxes.first().id, m_id);
    VERIFY_ANSWER(shown, m_client->exec(
                             m_id, {.command = u"cat /root/kept ~/kept 2>/dev/null | head -n1"_s}));
    QCOMPARE(shown.stdOut, u"kept\n"_s);
}

void ClientTest::deletesTheSandbox()
{
    VERIFY_ANSWER(deleted, m_client->deleteSandbox(m_id));
    const auto gone = answerOf(m_client->sandbox(m_id));
    QVERIFY(!gone || gone->isGone());
    VERIFY_ANSWER(page, m_client->listSandboxes());
    QVERIFY(std::ranges::none_of(page.sandboxes,
                                 [](const Sandbox &sandbox) { return sandbox.isRunning(); }));
}

QTEST_GUILESS_MAIN(ClientTest)
#include "tst_client.moc"
