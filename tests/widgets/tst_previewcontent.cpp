// SPDX-License-Identifier: MIT
#include <QAbstractItemModelTester>
#include <QBuffer>
#include <QImage>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

#include "models/csvmodel.h"
#include "models/jsonmodel.h"
#include "previewcontent.h"

using namespace voidrun;
using namespace Qt::StringLiterals;

namespace
{

QByteArray picture(const char *format)
{
    QImage image(300, 200, QImage::Format_RGB32);
    image.fill(Qt::darkCyan);
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    image.save(&buffer, format);
    return bytes;
}

}  // namespace

// What is made of a file's bytes, whatever they are.
class TestPreviewContent : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void kind_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<PreviewKind>("kind");
        QTest::newRow("empty") << u"a.txt"_s << QByteArray() << PreviewKind::Empty;
        QTest::newRow("text") << u"a.py"_s << QByteArray("print(1)\n") << PreviewKind::Text;
        QTest::newRow("no ending") << u"Makefile"_s << QByteArray("all:\n") << PreviewKind::Text;
        QTest::newRow("json") << u"A.JSON"_s << QByteArray("{}") << PreviewKind::Json;
        QTest::newRow("csv") << u"a.csv"_s << QByteArray("a,b") << PreviewKind::Table;
        QTest::newRow("png") << u"a.png"_s << picture("PNG") << PreviewKind::Image;
        QTest::newRow("jpeg of another name") << u"a.txt"_s << picture("JPG") << PreviewKind::Image;
        QTest::newRow("svg is text")
            << u"a.svg"_s << QByteArray("<svg xmlns='x'/>") << PreviewKind::Text;
        QTest::newRow("archive") << u"a.tar.gz"_s << QByteArray("\x1f\x8b\0x", 4)
                                 << PreviewKind::Archive;
        QTest::newRow("binary") << u"a.txt"_s << QByteArray("a\0b", 3) << PreviewKind::Binary;
        QTest::newRow("UTF-16") << u"a.txt"_s
                                << QByteArray(
                                       "\xFF\xFE"
                                       "a\0b\0",
                                       6)
                                << PreviewKind::Text;
    }

    void kind()
    {
        QFETCH(QString, name);
        QFETCH(QByteArray, bytes);
        QFETCH(PreviewKind, kind);
        QCOMPARE(previewKind(name, bytes), kind);
    }

    void text_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("text");
        QTest::newRow("UTF-8") << QByteArray("gr\xC3\xBC\xC3\x9F") << u"grüß"_s;
        QTest::newRow("cut character") << QByteArray("gr\xC3\xBC\xC3") << u"grü"_s;
        QTest::newRow("Latin-1") << QByteArray("gr\xFC\xDF e") << u"grüß e"_s;
        QTest::newRow("UTF-16") << QByteArray("\xFF\xFE\xFC\0", 4) << u"ü"_s;
    }

    void text()
    {
        QFETCH(QByteArray, bytes);
        QTEST(previewText(bytes), "text");
    }

    void imageIsBounded()
    {
        QSize full;
        const QImage image = previewImage(picture("PNG"), QSize(100, 100), &full);
        QCOMPARE(full, QSize(300, 200));
        QCOMPARE(image.size(), QSize(100, 66));
        QVERIFY(previewImage("\x89PNG\r\n\x1a\n rubbish", QSize(100, 100), &full).isNull());
    }

    void csv_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<bool>("isWhole");
        QTest::addColumn<QString>("header");
        QTest::addColumn<QStringList>("rows");
        QTest::newRow("plain") << u"a,b\n1,2\n"_s << true << u"a|b"_s << QStringList{u"1|2"_s};
        QTest::newRow("no end of line")
            << u"a,b\n1,2"_s << true << u"a|b"_s << QStringList{u"1|2"_s};
        QTest::newRow("cut") << u"a,b\n1,2\n3,"_s << false << u"a|b"_s << QStringList{u"1|2"_s};
        QTest::newRow("semicolons, CR LF")
            << u"a;b\r\n1,5;2\r\n"_s << true << u"a|b"_s << QStringList{u"1,5|2"_s};
        QTest::newRow("tabs") << u"a\tb\n1\t2\n"_s << true << u"a|b"_s << QStringList{u"1|2"_s};
        QTest::newRow("quotes") << u"a,b\n\"x,\"\"y\"\"\nz\",2\n"_s << true << u"a|b"_s
                                << QStringList{u"x,\"y\"␊z|2"_s};
        QTest::newRow("uneven") << u"a\n1,2,3\n\n"_s << true << u"a||"_s
                                << (QStringList{u"1|2|3"_s, u"||"_s});
        QTest::newRow("empty") << QString() << true << QString() << QStringList();
    }

    void csv()
    {
        QFETCH(QString, text);
        QFETCH(bool, isWhole);
        CsvModel model(text, isWhole);
        const QAbstractItemModelTester tester(
            &model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QStringList header;
        for (int column = 0; column < model.columnCount(); ++column)
            header.append(model.headerData(column, Qt::Horizontal, Qt::DisplayRole).toString());
        QTEST(header.join(u'|'), "header");
        QStringList rows;
        for (int row = 0; row < model.rowCount(); ++row) {
            QStringList values;
            for (int column = 0; column < model.columnCount(); ++column)
                values.append(model.index(row, column).data().toString());
            rows.append(values.join(u'|'));
        }
        QTEST(rows, "rows");
    }

    void jsonTree()
    {
        QJsonArray many;
        for (int i = 0; i < 2500; ++i)
            many.append(i);
        const QJsonObject object{
            {u"list"_s, many}, {u"name"_s, u"x\ny"_s}, {u"none"_s, QJsonValue()}, {u"yes"_s, true}};
        const auto tree = JsonModel::fromText(QJsonDocument(object).toJson());
        QVERIFY(tree);
        JsonModel &model = *tree;
        QVERIFY(!JsonModel::fromText("no json"));
        while (model.canFetchMore({}))
            model.fetchMore({});
        QCOMPARE(model.rowCount(), 4);
        QCOMPARE(model.index(1, 1).data().toString(), u"x␊y"_s);
        QCOMPARE(model.index(2, 1).data().toString(), u"null"_s);
        QCOMPARE(model.index(3, 1).data().toString(), u"true"_s);
        const QModelIndex list = model.index(0, 0);
        QVERIFY(model.hasChildren(list));
        model.fetchMore(list);
        QVERIFY(model.rowCount(list) < 2500);  // a batch
        const QAbstractItemModelTester tester(
            &model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        while (model.canFetchMore(list))
            model.fetchMore(list);
        QCOMPARE(model.rowCount(list), 2500);
        QCOMPARE(model.index(2499, 1, list).data().toString(), u"2499"_s);
    }

    void archive_data()
    {
        QTest::addColumn<QString>("command");
        QTest::newRow("tar") << u"tar cf a.tar d"_s;
        QTest::newRow("tar.gz") << u"tar czf a.tar d"_s;
        QTest::newRow("tar.bz2") << u"tar cjf a.tar d"_s;
        QTest::newRow("zip") << u"zip -qr a.zip d && mv a.zip a.tar"_s;
    }

    void archive()
    {
        QFETCH(QString, command);
        const QTemporaryDir folder;
        QProcess shell;
        shell.setWorkingDirectory(folder.path());
        shell.start(
            u"sh"_s,
            {u"-c"_s, u"mkdir -p d/e && head -c 300000 /dev/urandom > 'd/e/ü x' && "_s + command});
        QVERIFY(shell.waitForFinished());
        QVERIFY2(shell.exitCode() == 0, shell.readAllStandardError().constData());
        QFile file(folder.filePath(u"a.tar"_s));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray bytes = file.readAll();
        const ArchiveList list = previewArchive(bytes);
        QVERIFY(list.isComplete);
        QCOMPARE(list.names.size(), 3);
        QVERIFY(list.names.contains(u"d/e/ü x"_s));
        QVERIFY(list.names.contains(u"d/e/"_s));
        // Cut, it still shows what there is, and says that it is not all.
        const ArchiveList cut = previewArchive(bytes.first(bytes.size() / 2));
        QVERIFY(!cut.isComplete);
        QVERIFY(cut.names.size() <= 3);
        QVERIFY(previewArchive("rubbish").names.isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestPreviewContent)
#include "tst_previewcontent.moc"
