// SPDX-License-Identifier: MIT
#include <QTest>

#include "api/profile.h"

using namespace voidrun;
using namespace Qt::StringLiterals;
using Kind = Error::Kind;

// Addresses, keys and the environment, contract section 1.
class ProfileTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void baseUrls_data();
    void baseUrls();
    void wrongBaseUrls_data();
    void wrongBaseUrls();
    void keys_data();
    void keys();
    void environment_data();
    void environment();
};

void ProfileTest::baseUrls_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("url");
    QTest::newRow("whole") << u"https://platform.void-run.com/api"_s
                           << u"https://platform.void-run.com/api"_s;
    QTest::newRow("slash") << u" https://x.example/api// "_s << u"https://x.example/api"_s;
    QTest::newRow("no scheme") << u"x.example/api"_s << u"https://x.example/api"_s;
    QTest::newRow("no scheme, port") << u"x.example:8443/api"_s << u"https://x.example:8443/api"_s;
    QTest::newRow("loopback name") << u"localhost:33944/api"_s << u"http://localhost:33944/api"_s;
    QTest::newRow("loopback v4") << u"127.0.0.1:33944/api"_s << u"http://127.0.0.1:33944/api"_s;
    QTest::newRow("loopback v6") << u"[::1]:33944/api"_s << u"http://[::1]:33944/api"_s;
    QTest::newRow("https on loopback") << u"https://localhost/api"_s << u"https://localhost/api"_s;
    QTest::newRow("http by hand") << u"http://10.0.0.7:33944/api"_s
                                  << u"http://10.0.0.7:33944/api"_s;
    QTest::newRow("no path") << u"x.example/"_s << u"https://x.example"_s;
}

void ProfileTest::baseUrls()
{
    QFETCH(QString, typed);
    QFETCH(QString, url);
    const auto result = ConnectionProfile::parseBaseUrl(typed);
    QVERIFY(result);
    QCOMPARE(result->toString(), url);
}

void ProfileTest::wrongBaseUrls_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<Kind>("kind");
    QTest::newRow("empty") << u" "_s << Kind::MissingBaseUrl;
    QTest::newRow("ftp") << u"ftp://x.example"_s << Kind::InvalidInput;
    QTest::newRow("file") << u"file:///etc"_s << Kind::InvalidInput;
    QTest::newRow("blank inside") << u"x y.example"_s << Kind::InvalidInput;
    QTest::newRow("no host") << u"https:///api"_s << Kind::InvalidInput;
    QTest::newRow("user") << u"https://a:b@x.example"_s << Kind::InvalidInput;
    QTest::newRow("query") << u"https://x.example/?k=v"_s << Kind::InvalidInput;
    QTest::newRow("port") << u"x.example:port"_s << Kind::InvalidInput;
}

void ProfileTest::wrongBaseUrls()
{
    QFETCH(QString, typed);
    QFETCH(Kind, kind);
    const auto result = ConnectionProfile::parseBaseUrl(typed);
    QVERIFY(!result);
    QCOMPARE(result.error().kind, kind);
    QVERIFY(!result.error().detail.isEmpty());
}

void ProfileTest::keys_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("key");  // empty = refused
    QTest::newRow("current") << u"vr_abc-123"_s << u"vr_abc-123"_s;
    QTest::newRow("older") << u"hf_abc"_s << u"hf_abc"_s;
    QTest::newRow("opaque") << u"~anything!"_s << u"~anything!"_s;
    QTest::newRow("blanks around") << u"  vr_a "_s << u"vr_a"_s;
    QTest::newRow("empty") << u""_s << u""_s;
    QTest::newRow("blank inside") << u"vr a"_s << u""_s;
    QTest::newRow("CR") << u"vr\ra"_s << u""_s;
    QTest::newRow("LF at the end") << u"vra\n"_s << u""_s;
    QTest::newRow("control") << u"vr\x01"_s << u""_s;
    QTest::newRow("not ASCII") << u"vr\u00e4"_s << u""_s;
}

void ProfileTest::keys()
{
    QFETCH(QString, typed);
    QFETCH(QString, key);
    const auto result = ConnectionProfile::parseApiKey(typed);
    QCOMPARE(result.has_value(), !key.isEmpty());
    if (result)
        QCOMPARE(*result, key);
    else
        QVERIFY(!result.error().detail.contains(u"vr"_s) && result.error().subject.isEmpty());
}

void ProfileTest::environment_data()
{
    QTest::addColumn<QStringList>("variables");
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("base");
    const QString hosted = ConnectionProfile::hostedBaseUrl().toString();
    QTest::newRow("nothing") << QStringList() << u""_s << hosted;
    QTest::newRow("key") << QStringList{u"VR_API_KEY=vr_1"_s} << u"vr_1"_s << hosted;
    QTest::newRow("second key") << QStringList{u"API_KEY=vr_2"_s} << u"vr_2"_s << hosted;
    QTest::newRow("both keys") << QStringList{u"API_KEY=vr_2"_s, u"VR_API_KEY=vr_1"_s} << u"vr_1"_s
                               << hosted;
    QTest::newRow("base") << QStringList{u"VR_API_URL=http://h:1/api/"_s} << u""_s
                          << u"http://h:1/api"_s;
    QTest::newRow("second base") << QStringList{u"API_URL=h.example/api"_s} << u""_s
                                 << u"https://h.example/api"_s;
    QTest::newRow("both bases") << QStringList{u"API_URL=b.example"_s, u"VR_API_URL=a.example"_s}
                                << u""_s << u"https://a.example"_s;
    QTest::newRow("cleared") << QStringList{u"VR_API_URL="_s} << u""_s << u""_s;
    QTest::newRow("cleared though the second is set")
        << QStringList{u"VR_API_URL="_s, u"API_URL=b.example"_s} << u""_s << u""_s;
    QTest::newRow("second cleared") << QStringList{u"API_URL="_s} << u""_s << u""_s;
}

void ProfileTest::environment()
{
    QFETCH(QStringList, variables);
    QFETCH(QString, key);
    QFETCH(QString, base);
    QProcessEnvironment environment;
    for (const QString &variable : variables)
        environment.insert(variable.section(u'=', 0, 0), variable.section(u'=', 1));
    const ConnectionProfile profile = ConnectionProfile::fromEnvironment(environment);
    QCOMPARE(profile.apiKey, key);
    QCOMPARE(profile.baseUrl.toString(), base);
}

QTEST_GUILESS_MAIN(ProfileTest)
#include "tst_profile.moc"
