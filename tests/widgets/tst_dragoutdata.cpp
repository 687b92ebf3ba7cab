// SPDX-License-Identifier: MIT
#include <QUrl>
#include <QtTest>

#include "dragoutdata.h"

using namespace voidrun;
using namespace Qt::StringLiterals;

class TestDragOutData : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void nothingIsGivenBeforeItIsFetched()
    {
        auto *inner = new QMimeData;
        inner->setData(u"application/x-voidrun-paths"_s, "paths");
        DragOutData data(inner);
        QVERIFY(data.hasFormat(u"text/uri-list"_s));
        QCOMPARE(data.data(u"application/x-voidrun-paths"_s), "paths");
        QVERIFY(!data.wasAskedTooEarly());
        QVERIFY(data.data(u"text/uri-list"_s).isEmpty());
        QVERIFY(data.urls().isEmpty());
        QVERIFY(data.wasAskedTooEarly());
        data.setFetched({u"/tmp/a b.txt"_s, u"/tmp/folder"_s});
        QCOMPARE(data.urls(), (QList<QUrl>{QUrl::fromLocalFile(u"/tmp/a b.txt"_s),
                                           QUrl::fromLocalFile(u"/tmp/folder"_s)}));
        QCOMPARE(data.data(u"text/uri-list"_s), "file:///tmp/a%20b.txt\r\nfile:///tmp/folder\r\n");
    }
};

QTEST_MAIN(TestDragOutData)
#include "tst_dragoutdata.moc"
