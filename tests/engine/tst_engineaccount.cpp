// SPDX-License-Identifier: MIT
#include <QCryptographicHash>

#include "engineundertest.h"

// The one user, the one organisation, and the API keys that the engine issues.
class TestEngineAccount : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QVERIFY2(m_engine.start(), m_engine.log().constData()); }
    void user();
    void issuedKeyWorks();
    void deactivatedKeyIsRefused();
    void deletedKeyIsRefused();
    void touchedKeyShowsIt();
    void onlyHashesAreKept();
    void keysOutliveTheEngine();
    void ownKeyIsProtected();

private:
    QJsonObject issue(const QString &name);
    int statusWith(const QByteArray &key);
    QJsonObject keyWithId(const QString &id);
    EngineUnderTest m_engine;
};

QJsonObject TestEngineAccount::issue(const QString &name)
{
    return m_engine.post(u"/orgs/apikeys"_s, {{u"keyName"_s, name}}).object();
}

int TestEngineAccount::statusWith(const QByteArray &key)
{
    const QByteArray answer =
        m_engine.raw("GET /api/sandboxes HTTP/1.1\r\nHost: 127.0.0.1\r\nX-API-Key: " + key +
                         "\r\nConnection: close\r\n\r\n",
                     "}");
    return answer.mid(9, 3).toInt();
}

QJsonObject TestEngineAccount::keyWithId(const QString &id)
{
    const QByteArray body = m_engine.get(u"/orgs/apikeys"_s).body;
    for (const QJsonValue &key : QJsonDocument::fromJson(body).array()) {
        if (key.toObject().value("id"_L1).toString() == id)
            return key.toObject();
    }
    return {};
}

void TestEngineAccount::user()
{
    const QJsonObject me = m_engine.get(u"/users/me"_s).object();
    static const QRegularExpression id(u"^[0-9a-f]{24}$"_s);
    QVERIFY(id.match(me.value("id"_L1).toString()).hasMatch());
    for (const QString &field : {u"name"_s, u"email"_s, u"createdAt"_s})
        QVERIFY2(!me.value(field).toString().isEmpty(), qPrintable(field));
    const QJsonObject org = me.value("orgs"_L1).toArray().at(0).toObject();
    QVERIFY(id.match(org.value("id"_L1).toString()).hasMatch());
    const QJsonArray users = m_engine.get(u"/orgs/users"_s).data().toArray();
    QCOMPARE(users.size(), 1);
    QCOMPARE(users.at(0).toObject().value("id"_L1), me.value("id"_L1));
}

void TestEngineAccount::issuedKeyWorks()
{
    const QJsonObject key = issue(u"mine"_s);
    const QByteArray plain = key.value("plainKey"_L1).toString().toUtf8();
    QVERIFY(plain.startsWith("vr_"));
    QCOMPARE(key.value("keyName"_L1).toString(), u"mine"_s);
    for (const QString &field : {u"keyId"_s, u"orgId"_s, u"createdAt"_s, u"expiresIn"_s})
        QVERIFY2(key.contains(field), qPrintable(field));
    QVERIFY(!keyWithId(key.value("keyId"_L1).toString()).contains("lastUsedAt"_L1));
    QCOMPARE(statusWith(plain), 200);
    QCOMPARE(statusWith(plain + 'x'), 401);
    const QJsonObject listed = keyWithId(key.value("keyId"_L1).toString());
    QCOMPARE(listed.value("name"_L1).toString(), u"mine"_s);
    QVERIFY(listed.value("isActive"_L1).toBool());
    QVERIFY(listed.contains("lastUsedAt"_L1));
    QVERIFY(!listed.contains("plainKey"_L1) && !listed.contains("hash"_L1));
}

void TestEngineAccount::deactivatedKeyIsRefused()
{
    const QJsonObject key = issue(u"off and on"_s);
    const QByteArray plain = key.value("plainKey"_L1).toString().toUtf8();
    const QString path = u"/orgs/apikeys/"_s + key.value("keyId"_L1).toString();
    QCOMPARE(m_engine.post(path + u"/activate"_s, {{u"isActive"_s, false}}).status, 200);
    QCOMPARE(statusWith(plain), 401);
    QCOMPARE(m_engine.post(path + u"/activate"_s, {{u"isActive"_s, true}}).status, 200);
    QCOMPARE(statusWith(plain), 200);
}

void TestEngineAccount::deletedKeyIsRefused()
{
    const QJsonObject key = issue(u"short-lived"_s);
    const QString path = u"/orgs/apikeys/"_s + key.value("keyId"_L1).toString();
    QCOMPARE(m_engine.call("DELETE", path).status, 200);
    QCOMPARE(statusWith(key.value("plainKey"_L1).toString().toUtf8()), 401);
    QCOMPARE(m_engine.call("DELETE", path).status, 404);
    QCOMPARE(keyWithId(key.value("keyId"_L1).toString()), QJsonObject());
}

void TestEngineAccount::touchedKeyShowsIt()
{
    const QString id = issue(u"touched"_s).value("keyId"_L1).toString();
    QVERIFY(!keyWithId(id).contains("lastUsedAt"_L1));
    QCOMPARE(m_engine.call("PATCH", u"/orgs/apikeys/"_s + id + u"/touch"_s).status, 200);
    QVERIFY(keyWithId(id).contains("lastUsedAt"_L1));
}

void TestEngineAccount::onlyHashesAreKept()
{
    const QByteArray plain = issue(u"secret"_s).value("plainKey"_L1).toString().toUtf8();
    QFile file(m_engine.stateDirectory() + u"/apikeys.json"_s);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray kept = file.readAll();
    QVERIFY(!kept.contains(plain) && !kept.contains(plain.mid(3)));
    QVERIFY(kept.contains(QCryptographicHash::hash(plain, QCryptographicHash::Sha256).toHex()));
    QCOMPARE(file.permissions() & (QFile::ReadGroup | QFile::ReadOther), QFile::Permissions());
    QVERIFY(!m_engine.log().contains(plain));
}

void TestEngineAccount::keysOutliveTheEngine()
{
    const QJsonObject key = issue(u"lasting"_s);
    m_engine.stop();
    QVERIFY2(m_engine.start(), m_engine.log().constData());
    QCOMPARE(statusWith(key.value("plainKey"_L1).toString().toUtf8()), 200);
}

void TestEngineAccount::ownKeyIsProtected()
{
    const QJsonArray keys = QJsonDocument::fromJson(m_engine.get(u"/orgs/apikeys"_s).body).array();
    const QString path = u"/orgs/apikeys/"_s + keys.at(0).toObject().value("id"_L1).toString();
    QCOMPARE(m_engine.call("DELETE", path).status, 403);
    QCOMPARE(m_engine.post(path + u"/activate"_s, {{u"isActive"_s, false}}).status, 403);
    QCOMPARE(m_engine.get(u"/sandboxes"_s).status, 200);
}

QTEST_GUILESS_MAIN(TestEngineAccount)
#include "tst_engineaccount.moc"
