// SPDX-License-Identifier: MIT
#include <QTimeZone>
#include <QtTest>

#include "models/guesttrash.h"

using namespace voidrun;
using namespace Qt::StringLiterals;

// Where deleted things go, and where they came from.
class TestGuestTrash : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void thePathIsKept_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("origin");
        QTest::newRow("file") << u"/app/a.txt"_s << u"/app/a.txt"_s;
        QTest::newRow("at the top") << u"/a"_s << u"/a"_s;
        QTest::newRow("odd") << u"/app/a b%2F'\n"_s << u"/app/a b%2F'\n"_s;
        QTest::newRow("not clean") << u"/app//x/../y/"_s << u"/app/y"_s;
    }

    void thePathIsKept()
    {
        QFETCH(QString, path);
        QFETCH(QString, origin);
        const QDateTime moment({2026, 2, 3}, {4, 5, 6, 78}, QTimeZone::utc());
        const QString place = guesttrash::placeFor(path, moment);
        QCOMPARE(place, u"/.voidrun-trash/20260203-040506-078"_s + origin);
        QCOMPARE(guesttrash::originOf(place), origin);
        QVERIFY(guesttrash::isInTrash(place));
    }

    void nothingElseHasAnOrigin_data()
    {
        QTest::addColumn<QString>("path");
        for (const char *path : {"/", "/app/a", "/.voidrun-trash", "/.voidrun-trash/20260203",
                                 "/.voidrun-trash2/x/app", "/.voidrun-trash/../app/x/y"})
            QTest::newRow(path) << QString::fromLatin1(path);
    }

    void nothingElseHasAnOrigin()
    {
        QFETCH(QString, path);
        QCOMPARE(guesttrash::originOf(path), QString());
    }
};

QTEST_GUILESS_MAIN(TestGuestTrash)
#include "tst_guesttrash.moc"
