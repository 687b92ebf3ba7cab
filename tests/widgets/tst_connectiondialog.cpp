// SPDX-License-Identifier: MIT
#include <QDialogButtonBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QtTest>

#include "connectiondialog.h"

using namespace voidrun;
using namespace Qt::StringLiterals;

class TestConnectionDialog : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void hostedTakesAKeyAndEnter()
    {
        ConnectionDialog dialog;
        QSignalSpy accepted(&dialog, &ConnectionDialog::profileAccepted);
        dialog.show();
        QVERIFY(QTest::qWaitForWindowActive(&dialog));
        auto *key = dialog.findChild<QLineEdit *>(u"keyEdit"_s);
        QCOMPARE(dialog.focusWidget(), key);
        QCOMPARE(key->echoMode(), QLineEdit::Password);
        QTest::keyClicks(key, u"vr_0123456789abcdef"_s);
        QTest::keyClick(key, Qt::Key_Return);
        QCOMPARE(accepted.count(), 1);
        const auto profile = accepted.first().first().value<ConnectionProfile>();
        QCOMPARE(profile.apiKey, u"vr_0123456789abcdef"_s);
        QCOMPARE(profile.baseUrl, ConnectionProfile::hostedBaseUrl());
        QVERIFY(!profile.name.isEmpty());
    }

    void wrongInputSaysWhy_data()
    {
        QTest::addColumn<QString>("url");
        QTest::addColumn<QString>("key");
        QTest::newRow("no key") << u"https://example.invalid/api"_s << QString();
        QTest::newRow("key with a space") << u"https://example.invalid/api"_s << u"vr_a b"_s;
        QTest::newRow("no address") << QString() << u"vr_abc"_s;
        QTest::newRow("other scheme") << u"ftp://example.invalid"_s << u"vr_abc"_s;
    }

    void wrongInputSaysWhy()
    {
        QFETCH(QString, url);
        QFETCH(QString, key);
        ConnectionDialog dialog;
        QSignalSpy accepted(&dialog, &ConnectionDialog::profileAccepted);
        dialog.show();
        QVERIFY(QTest::qWaitForWindowExposed(&dialog));
        dialog.findChild<QLineEdit *>(u"urlEdit"_s)->setText(url);
        dialog.findChild<QLineEdit *>(u"keyEdit"_s)->setText(key);
        QTest::mouseClick(dialog.findChild<QDialogButtonBox *>()->button(QDialogButtonBox::Ok),
                          Qt::LeftButton);
        QCOMPARE(accepted.count(), 0);
        const auto *problem = dialog.findChild<QLabel *>(u"problemLabel"_s);
        QVERIFY(problem->isVisible());
        QVERIFY(problem->text().size() > 10);
        QVERIFY2(key.isEmpty() || !problem->text().contains(key), "a key is never shown");
    }

    void unchangedKeyIsKept()
    {
        ConnectionProfile profile;
        profile.id = u"x"_s;
        profile.name = u"Work"_s;
        profile.baseUrl = QUrl(u"https://example.invalid/api"_s);
        profile.apiKey = u"vr_secret"_s;
        ConnectionDialog dialog;
        dialog.setProfile(profile);
        QSignalSpy accepted(&dialog, &ConnectionDialog::profileAccepted);
        dialog.show();
        QVERIFY(QTest::qWaitForWindowExposed(&dialog));
        QVERIFY(dialog.findChild<QLineEdit *>(u"keyEdit"_s)->text().isEmpty());
        QTest::mouseClick(dialog.findChild<QDialogButtonBox *>()->button(QDialogButtonBox::Ok),
                          Qt::LeftButton);
        QCOMPARE(accepted.count(), 1);
        QCOMPARE(accepted.first().first().value<ConnectionProfile>().apiKey, u"vr_secret"_s);
    }
};

QTEST_MAIN(TestConnectionDialog)
#include "tst_connectiondialog.moc"
