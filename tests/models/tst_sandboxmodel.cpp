// SPDX-License-Identifier: MIT
#include <QAbstractItemModelTester>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSignalSpy>
#include <QTest>
#include <QUrlQuery>

#include "api/client.h"
#include "models/sandboxmodel.h"
#include "support/scriptedserver.h"

using namespace Qt::StringLiterals;
using namespace voidrun;
using Activity = SandboxModel::Activity;
using voidrun::test::ScriptedReply;
using voidrun::test::ScriptedServer;
using voidrun::test::SeenRequest;

namespace
{

QString idOf(int number)
{
    return u"%1"_s.arg(number, 24, 16, QChar(u'0'));
}

QJsonObject sandboxOf(int number, const QString &name, const QString &status = u"running"_s)
{
    return {{u"id"_s, idOf(number)}, {u"name"_s, name}, {u"status"_s, status},
            {u"image"_s, u"code"_s}, {u"cpu"_s, 1},     {u"mem"_s, 1024}};
}

}  // namespace

// SandboxModel against a server that says what each test needs.
class TestSandboxModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void rowsAreSortedByName();
    void allPagesAreAsked();
    void goneRowsAreHidden();
    void refreshKeepsPersistentIndexes();
    void secondRefreshWaitsForTheFirst();
    void outageIsReportedOnce();
    void timerRefreshes();
    void createdRowIsThereAtOnce();
    void createdRowOutlivesAnOlderAnswer();
    void createFailureIsReported();
    void deletedRowIsBusyThenGone();
    void deletedRowDoesNotComeBackWithAnOlderAnswer();
    void failedDeleteKeepsTheRow();
    void deletingWhatIsGoneSucceeds();
    void lifeCalls_data();
    void lifeCalls();
    void failedLifeCallSaysSo();
    void stateIsSaidInWords_data();
    void stateIsSaidInWords();
    void manyRowsAreQuick();

private:
    ScriptedReply answer(const SeenRequest &request);
    QStringList shownNames() const;
    bool load();

    std::unique_ptr<ScriptedServer> m_server;
    std::unique_ptr<Client> m_client;
    std::unique_ptr<SandboxModel> m_model;
    std::unique_ptr<QAbstractItemModelTester> m_tester;
    QList<QJsonObject> m_sandboxes;
    int m_pageSize = 100;
    int m_listStatus = 200;
    int m_changeStatus = 200;
    QByteArray m_lifeCall;  // the last one: method, word and body
    std::chrono::milliseconds m_listDelay{0};
    std::function<void()> m_afterListing;
};

void TestSandboxModel::init()
{
    m_sandboxes.clear();
    m_pageSize = 100;
    m_listStatus = m_changeStatus = 200;
    m_listDelay = {};
    m_afterListing = {};
    m_server = std::make_unique<ScriptedServer>();
    m_server->setHandler([this](const SeenRequest &request) { return answer(request); });
    ConnectionProfile profile;
    profile.baseUrl = m_server->baseUrl();
    profile.apiKey = u"vr_test"_s;
    m_client = std::make_unique<Client>(profile);
    m_model = std::make_unique<SandboxModel>(m_client.get());
    m_tester = std::make_unique<QAbstractItemModelTester>(m_model.get());
}

void TestSandboxModel::cleanup()
{
    m_tester.reset();
    m_model.reset();
    m_client.reset();
    m_server.reset();
}

ScriptedReply TestSandboxModel::answer(const SeenRequest &request)
{
    const auto text = [](const QJsonObject &object) {
        return QJsonDocument(object).toJson(QJsonDocument::Compact);
    };
    if (request.target.startsWith(QByteArray("/api/sandboxes/" + idOf(1).toUtf8())) &&
        request.method != "DELETE") {
        m_lifeCall = request.method + ' ' +
                     request.target.mid(request.target.lastIndexOf('/') + 1) + ' ' + request.body;
        return ScriptedReply::json(
            m_changeStatus, text({{u"data"_s, sandboxOf(1, u"a"_s)}, {u"error"_s, u"no"_s}}));
    }
    if (request.method == "POST") {
        const QJsonObject spec = QJsonDocument::fromJson(request.body).object();
        const QJsonObject made = sandboxOf(0xabc, spec.value("name"_L1).toString());
        if (m_changeStatus != 200)
            return ScriptedReply::json(m_changeStatus, R"({"error":"no"})");
        return ScriptedReply::json(201, text({{u"status"_s, u"success"_s}, {u"data"_s, made}}));
    }
    if (request.method == "DELETE")
        return ScriptedReply::json(m_changeStatus, R"({"status":"success"})");
    if (m_listStatus != 200)
        return ScriptedReply::json(m_listStatus, R"({"error":"broken"})");
    const QUrlQuery query(QUrl::fromEncoded(request.target).query());
    const int page = query.queryItemValue(u"page"_s).toInt();
    QJsonArray rows;
    for (const QJsonObject &sandbox : m_sandboxes.mid((page - 1) * m_pageSize, m_pageSize))
        rows.append(sandbox);
    const int total = static_cast<int>(m_sandboxes.size());
    const QJsonObject meta{{u"page"_s, page},
                           {u"limit"_s, m_pageSize},
                           {u"total"_s, total},
                           {u"totalPages"_s, (total + m_pageSize - 1) / m_pageSize}};
    ScriptedReply reply = ScriptedReply::json(
        200, text({{u"status"_s, u"success"_s}, {u"data"_s, rows}, {u"meta"_s, meta}}));
    reply.delay = m_listDelay;
    if (m_afterListing)
        m_afterListing();
    return reply;
}

QStringList TestSandboxModel::shownNames() const
{
    QStringList names;
    for (int row = 0; row < m_model->rowCount(); ++row)
        names.append(m_model->index(row, 0).data().toString());
    return names;
}

bool TestSandboxModel::load()
{
    QSignalSpy finished(m_model.get(), &SandboxModel::loadingFinished);
    m_model->refresh();
    return finished.wait();
}

void TestSandboxModel::rowsAreSortedByName()
{
    m_sandboxes = {sandboxOf(1, u"box10"_s), sandboxOf(2, u"alpha"_s), sandboxOf(3, u"box2"_s)};
    QCOMPARE(m_model->loadState(), SandboxModel::LoadState::Never);
    QVERIFY(load());
    QCOMPARE(shownNames(), QStringList({u"alpha"_s, u"box2"_s, u"box10"_s}));
    QCOMPARE(m_model->loadState(), SandboxModel::LoadState::Loaded);
    QCOMPARE(m_model->names(), shownNames());
    QCOMPARE(m_model->indexOf(idOf(3)).row(), 1);
    QCOMPARE(m_model->sandbox(idOf(2))->name, u"alpha"_s);
    QVERIFY(!m_model->sandbox(idOf(9)));
}

void TestSandboxModel::allPagesAreAsked()
{
    m_pageSize = 10;
    for (int i = 0; i < 35; ++i)
        m_sandboxes.append(sandboxOf(i + 1, u"box%1"_s.arg(i)));
    QVERIFY(load());
    QCOMPARE(m_model->rowCount(), 35);
    QCOMPARE(m_server->requests().size(), 4);
}

void TestSandboxModel::goneRowsAreHidden()
{
    m_sandboxes = {sandboxOf(1, u"a"_s), sandboxOf(2, u"b"_s, u"deleted"_s),
                   sandboxOf(3, u"c"_s, u"killed"_s), sandboxOf(4, u"d"_s, u"snapshotted"_s)};
    QVERIFY(load());
    QCOMPARE(shownNames(), QStringList({u"a"_s, u"d"_s}));
}

void TestSandboxModel::refreshKeepsPersistentIndexes()
{
    m_sandboxes = {sandboxOf(1, u"a"_s), sandboxOf(2, u"b"_s), sandboxOf(3, u"c"_s)};
    QVERIFY(load());
    const QPersistentModelIndex b = m_model->indexOf(idOf(2));
    const QPersistentModelIndex c = m_model->indexOf(idOf(3));
    QSignalSpy resets(m_model.get(), &SandboxModel::modelReset);
    QSignalSpy changes(m_model.get(), &SandboxModel::dataChanged);
    QSignalSpy gone(m_model.get(), &SandboxModel::sandboxGone);
    // One gone, one asleep, one renamed and so moved, one new.
    m_sandboxes = {sandboxOf(2, u"b"_s, u"snapshotted"_s), sandboxOf(3, u"A"_s),
                   sandboxOf(4, u"bb"_s)};
    QVERIFY(load());
    QCOMPARE(shownNames(), QStringList({u"A"_s, u"b"_s, u"bb"_s}));
    QCOMPARE(b.data(SandboxModel::StatusRole).toString(), u"snapshotted"_s);
    QCOMPARE(c.row(), 0);
    QCOMPARE(resets.count(), 0);
    QCOMPARE(changes.count(), 2);
    QCOMPARE(gone.count(), 1);
    QCOMPARE(gone.first().first().toString(), idOf(1));
}

void TestSandboxModel::secondRefreshWaitsForTheFirst()
{
    m_sandboxes = {sandboxOf(1, u"a"_s)};
    QSignalSpy finished(m_model.get(), &SandboxModel::loadingFinished);
    m_model->refresh();
    m_model->refresh();
    m_model->refresh();
    QTRY_COMPARE(finished.count(), 2);
    QCOMPARE(m_server->requests().size(), 2);
    QCOMPARE(m_model->loadState(), SandboxModel::LoadState::Loaded);
}

void TestSandboxModel::outageIsReportedOnce()
{
    m_sandboxes = {sandboxOf(1, u"a"_s)};
    QVERIFY(load());
    QSignalSpy started(m_model.get(), &SandboxModel::loadingStarted);
    QSignalSpy failed(m_model.get(), &SandboxModel::loadingFailed);
    m_listStatus = 500;
    m_model->setRefreshInterval(20);
    QTRY_VERIFY(started.count() >= 4);
    QCOMPARE(failed.count(), 1);
    QCOMPARE(m_model->loadState(), SandboxModel::LoadState::Failed);
    QCOMPARE(m_model->lastError().httpStatus, 500);
    QCOMPARE(shownNames(), QStringList({u"a"_s}));
    m_listStatus = 200;
    QTRY_COMPARE(m_model->loadState(), SandboxModel::LoadState::Loaded);
    QCOMPARE(m_model->lastError(), Error());
    m_listStatus = 500;
    QTRY_COMPARE(failed.count(), 2);
}

void TestSandboxModel::timerRefreshes()
{
    m_model->setRefreshInterval(10);
    QTRY_COMPARE(m_model->loadState(), SandboxModel::LoadState::Loaded);
    m_sandboxes = {sandboxOf(1, u"a"_s)};
    QTRY_COMPARE(m_model->rowCount(), 1);
    m_model->setRefreshInterval(0);
}

void TestSandboxModel::createdRowIsThereAtOnce()
{
    m_sandboxes = {sandboxOf(1, u"a"_s), sandboxOf(3, u"c"_s)};
    QVERIFY(load());
    QSignalSpy created(m_model.get(), &SandboxModel::sandboxCreated);
    SandboxSpec spec;
    spec.name = u"b"_s;
    m_model->create(spec);
    QVERIFY(m_model->isCreating());
    QVERIFY(created.wait());
    QVERIFY(!m_model->isCreating());
    QCOMPARE(shownNames(), QStringList({u"a"_s, u"b"_s, u"c"_s}));
}

void TestSandboxModel::createdRowOutlivesAnOlderAnswer()
{
    m_sandboxes = {sandboxOf(1, u"a"_s)};
    QVERIFY(load());
    // The listing is answered from the state before, but comes after the sandbox was made.
    m_listDelay = std::chrono::milliseconds(200);
    QSignalSpy finished(m_model.get(), &SandboxModel::loadingFinished);
    QSignalSpy created(m_model.get(), &SandboxModel::sandboxCreated);
    m_model->refresh();
    SandboxSpec spec;
    spec.name = u"b"_s;
    m_model->create(spec);
    QVERIFY(created.wait());
    QCOMPARE(finished.count(), 0);
    QTRY_COMPARE(finished.count(), 1);
    QCOMPARE(shownNames(), QStringList({u"a"_s, u"b"_s}));
    // An answer that was asked for afterwards is the truth.
    QVERIFY(load());
    QCOMPARE(shownNames(), QStringList({u"a"_s}));
}

void TestSandboxModel::createFailureIsReported()
{
    m_changeStatus = 409;
    QSignalSpy failed(m_model.get(), &SandboxModel::creatingFailed);
    SandboxSpec spec;
    spec.name = u"taken"_s;
    m_model->create(spec);
    QVERIFY(failed.wait());
    QCOMPARE(failed.first().at(1).value<Error>().kind, Error::Kind::Conflict);
    QCOMPARE(failed.first().at(0).value<SandboxSpec>().name, u"taken"_s);
    QVERIFY(!m_model->isCreating());
    QCOMPARE(m_model->rowCount(), 0);
}

void TestSandboxModel::deletedRowIsBusyThenGone()
{
    m_sandboxes = {sandboxOf(1, u"a"_s), sandboxOf(2, u"b"_s)};
    QVERIFY(load());
    QSignalSpy deleted(m_model.get(), &SandboxModel::sandboxDeleted);
    QSignalSpy gone(m_model.get(), &SandboxModel::sandboxGone);
    m_model->remove(idOf(1));
    QVERIFY(m_model->isBusy(idOf(1)));
    QCOMPARE(m_model->indexOf(idOf(1)).data(SandboxModel::ActivityRole).value<Activity>(),
             Activity::Deleting);
    m_model->remove(idOf(1));  // not asked twice
    QVERIFY(deleted.wait());
    QCOMPARE(deleted.first().at(1).toString(), u"a"_s);
    QCOMPARE(gone.count(), 1);
    QCOMPARE(shownNames(), QStringList({u"b"_s}));
    QVERIFY(!m_model->isBusy(idOf(1)));
    QCOMPARE(m_server->requests().size(), 2);
}

void TestSandboxModel::deletedRowDoesNotComeBackWithAnOlderAnswer()
{
    m_sandboxes = {sandboxOf(1, u"a"_s)};
    QVERIFY(load());
    m_listDelay = std::chrono::milliseconds(200);
    QSignalSpy finished(m_model.get(), &SandboxModel::loadingFinished);
    QSignalSpy inserted(m_model.get(), &SandboxModel::rowsInserted);
    m_model->refresh();
    m_model->remove(idOf(1));
    QTRY_COMPARE(m_model->rowCount(), 0);
    QTRY_COMPARE(finished.count(), 1);
    QCOMPARE(m_model->rowCount(), 0);
    QCOMPARE(inserted.count(), 0);
}

void TestSandboxModel::failedDeleteKeepsTheRow()
{
    m_sandboxes = {sandboxOf(1, u"a"_s)};
    QVERIFY(load());
    m_changeStatus = 403;
    QSignalSpy failed(m_model.get(), &SandboxModel::deletingFailed);
    m_model->remove(idOf(1));
    QVERIFY(failed.wait());
    QCOMPARE(failed.first().at(1).toString(), u"a"_s);
    QVERIFY(!m_model->isBusy(idOf(1)));
    QCOMPARE(m_model->rowCount(), 1);
}

void TestSandboxModel::deletingWhatIsGoneSucceeds()
{
    m_sandboxes = {sandboxOf(1, u"a"_s)};
    QVERIFY(load());
    m_changeStatus = 404;
    QSignalSpy deleted(m_model.get(), &SandboxModel::sandboxDeleted);
    m_model->remove(idOf(1));
    QVERIFY(deleted.wait());
    QCOMPARE(m_model->rowCount(), 0);
}

void TestSandboxModel::lifeCalls_data()
{
    using Call = std::function<void(SandboxModel *, const QString &)>;
    QTest::addColumn<Call>("call");
    QTest::addColumn<Activity>("activity");
    QTest::addColumn<QByteArray>("asked");
    QTest::newRow("sleep") << Call(&SandboxModel::sleep) << Activity::FallingAsleep
                           << QByteArray("POST sleep");
    QTest::newRow("wake") << Call(&SandboxModel::wake) << Activity::Waking
                          << QByteArray("POST wake");
    QTest::newRow("start") << Call(&SandboxModel::start) << Activity::Starting
                           << QByteArray("POST start");
    QTest::newRow("auto sleep") << Call([](SandboxModel *model, const QString &id) {
        model->setAutoSleep(id, true);
    }) << Activity::Changing << QByteArray("PATCH " + idOf(1).toUtf8() + " {\"autoSleep\":true}");
}

void TestSandboxModel::lifeCalls()
{
    using Call = std::function<void(SandboxModel *, const QString &)>;
    QFETCH(Call, call);
    QFETCH(Activity, activity);
    QFETCH(QByteArray, asked);
    m_sandboxes = {sandboxOf(1, u"a"_s)};
    QVERIFY(load());
    QSignalSpy finished(m_model.get(), &SandboxModel::loadingFinished);
    call(m_model.get(), idOf(1));
    QCOMPARE(m_model->activity(idOf(1)), activity);
    m_model->remove(idOf(1));  // one thing at a time
    QTRY_COMPARE(finished.count(), 1);
    QCOMPARE(m_model->activity(idOf(1)), Activity::None);
    QVERIFY2(m_lifeCall.startsWith(asked), m_lifeCall.constData());
    QCOMPARE(m_model->rowCount(), 1);
}

void TestSandboxModel::failedLifeCallSaysSo()
{
    m_sandboxes = {sandboxOf(1, u"a"_s)};
    QVERIFY(load());
    m_changeStatus = 403;
    QSignalSpy failed(m_model.get(), &SandboxModel::changingFailed);
    m_model->sleep(idOf(1));
    QVERIFY(failed.wait());
    QCOMPARE(failed.first().at(1).toString(), u"a"_s);
    QVERIFY(!m_model->isBusy(idOf(1)));
}

void TestSandboxModel::stateIsSaidInWords_data()
{
    QTest::addColumn<QString>("status");
    QTest::addColumn<QString>("word");
    QTest::newRow("running") << u"running"_s << u"Running"_s;
    QTest::newRow("asleep") << u"snapshotted"_s << u"Asleep"_s;
    QTest::newRow("error") << u"error"_s << u"Error"_s;
    QTest::newRow("unknown") << u"melting"_s << u"melting"_s;
    QTest::newRow("hostile") << u"\x1b[2J"_s << u"\u241B[2J"_s;
}

void TestSandboxModel::stateIsSaidInWords()
{
    QFETCH(QString, status);
    QFETCH(QString, word);
    m_sandboxes = {sandboxOf(1, u"a"_s, status)};
    QVERIFY(load());
    const QModelIndex index = m_model->index(0, 0);
    QVERIFY2(index.data(Qt::AccessibleTextRole).toString().startsWith(u"a, "_s + word),
             qPrintable(index.data(Qt::AccessibleTextRole).toString()));
    QVERIFY(index.data(Qt::ToolTipRole).toString().contains(word));
    QCOMPARE(index.data(SandboxModel::StatusRole).toString(), status);
}

void TestSandboxModel::manyRowsAreQuick()
{
    for (int i = 0; i < 5000; ++i)
        m_sandboxes.append(sandboxOf(i + 1, u"box%1"_s.arg(i)));
    m_pageSize = 100;
    m_tester.reset();
    QVERIFY(load());
    QCOMPARE(m_model->rowCount(), 5000);
    // Every second one goes, as many come.
    for (int i = 0; i < 5000; i += 2)
        m_sandboxes[i] = sandboxOf(10'000 + i, u"other%1"_s.arg(i));
    QElapsedTimer clock;
    clock.start();
    QVERIFY(load());
    QVERIFY2(clock.elapsed() < 20'000, qPrintable(QString::number(clock.elapsed())));
    QCOMPARE(m_model->rowCount(), 5000);
}

QTEST_GUILESS_MAIN(TestSandboxModel)
#include "tst_sandboxmodel.moc"
