// SPDX-License-Identifier: MIT
#include <QUrl>
#include <QtTest>

#include <memory>

#include "dragoutdata.h"

using namespace voidrun;
using namespace Qt::StringLiterals;

class TestDragOutData : public QObject
{
    Q_OBJECT

private:
    const QString m_copiedFiles = u"x-special/gnome-copied-files"_s;

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
        QVERIFY(!data.hasFormat(m_copiedFiles));  // of the clipboard only
    }

    void whatIsCopiedIsOfferedOnceItIsFetched()
    {
        auto *inner = new QMimeData;
        inner->setText(u"/app/a b.txt"_s);
        DragOutData data(inner, DragOutData::Offer::WhenFetched);
        for (const QString &format : {u"text/uri-list"_s, m_copiedFiles}) {
            QVERIFY(!data.hasFormat(format));
            QVERIFY(!data.formats().contains(format));
        }
        data.setFetched({u"/tmp/a b.txt"_s, u"/tmp/folder"_s});
        const std::unique_ptr<DragOutData> same(data.clone());
        const DragOutData *both[] = {&data, same.get()};
        for (const DragOutData *each : both) {
            QCOMPARE(each->text(), u"/app/a b.txt"_s);
            QCOMPARE(each->urls().size(), 2);
            QVERIFY(each->formats().contains(m_copiedFiles));
            QCOMPARE(each->data(m_copiedFiles), "copy\nfile:///tmp/a%20b.txt\nfile:///tmp/folder");
        }
    }
};

QTEST_MAIN(TestDragOutData)
#include "tst_dragoutdata.moc"
