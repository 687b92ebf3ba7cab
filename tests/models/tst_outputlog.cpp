// SPDX-License-Identifier: MIT
#include <QRandomGenerator>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QtTest>

#include "models/outputlog.h"
#include "support/filesizelimit.h"
#include "support/residentsize.h"

using namespace voidrun;
using namespace Qt::StringLiterals;

// Output of any length: its lines, its memory, and all of it in a file.
class TestOutputLog : public QObject
{
    Q_OBJECT

private:
    static QByteArray numbered(int from, int count)
    {
        QByteArray text;
        for (int i = from; i < from + count; ++i)
            text += "line " + QByteArray::number(i) + " of a long program\n";
        return text;
    }

    // What is on its way from the file is waited for.
    static QString text(OutputLog &log, qint64 line)
    {
        if (!QTest::qWaitFor([&] { return log.line(line).isLoaded; }))
            return u"(never loaded)"_s;
        return log.line(line).content.text;
    }

    static QByteArray saved(OutputLog &log, const QString &path)
    {
        bool isDone = false;
        log.save(path, &log, [&](const Result<bool> &result) { isDone = result.has_value(); });
        if (!QTest::qWaitFor([&] { return isDone; }, 20'000))
            return "(not saved)"_ba;
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

    QTemporaryDir m_folder;

private Q_SLOTS:
    void initTestCase() { QStandardPaths::setTestModeEnabled(true); }

    void linesEndWhereTheyShould()
    {
        OutputLog log;
        QCOMPARE(log.lineCount(), 0);
        log.append(OutputChannel::Output, "one\ntw");
        QCOMPARE(log.lineCount(), 2);
        log.append(OutputChannel::Output, "o\n");
        QCOMPARE(log.lineCount(), 2);
        log.append(OutputChannel::Output, "half");
        log.append(OutputChannel::Error, "error\n");
        log.append(OutputChannel::Output, " rest\n\n");
        QCOMPARE(log.lineCount(), 6);
        const QStringList texts{u"one"_s, u"two"_s, u"half"_s, u"error"_s, u" rest"_s, u""_s};
        for (int i = 0; i < 6; ++i) {
            QCOMPARE(log.line(i).content.text, texts[i]);
            QCOMPARE(log.line(i).channel, i == 3 ? OutputChannel::Error : OutputChannel::Output);
        }
    }

    void aLongLineCountsAsSeveral()
    {
        OutputLog log;
        const QByteArray line = QByteArray("\u00e4").repeated(100'000) + "\nend\n";
        log.append(OutputChannel::Output, line);
        QString whole;
        for (qint64 i = 0; i + 1 < log.lineCount(); ++i)
            whole += log.line(i).content.text;
        // Only where a piece ends can a character be cut.
        QVERIFY(whole.count(u'\u00e4') >= 100'000 - 4);
        QCOMPARE(text(log, log.lineCount() - 1), u"end"_s);
        QCOMPARE(saved(log, m_folder.filePath(u"long"_s)), line);
    }

    void anyChunksGiveTheSameLines()
    {
        QByteArray all;
        OutputLog log;
        QRandomGenerator random(7);
        const QByteArray source = numbered(0, 20'000);
        for (qsizetype at = 0; at < source.size();) {
            const qsizetype size = qMin<qsizetype>(random.bounded(1, 5000), source.size() - at);
            log.append(OutputChannel::Output, QByteArrayView(source).sliced(at, size));
            at += size;
        }
        QCOMPARE(log.lineCount(), 20'000);
        for (const int line : {0, 1, 1999, 9999, 15'000, 19'999})
            QCOMPARE(text(log, line), u"line %1 of a long program"_s.arg(line));
        QCOMPARE(saved(log, m_folder.filePath(u"chunks"_s)), source);
    }

    void bothChannelsInTurnAreKeptWhole()
    {
        OutputLog log;
        QByteArray all;
        for (int i = 0; i < 30'000; ++i) {
            const QByteArray line = (i % 2 ? "err " : "out ") + QByteArray::number(i) + "\n";
            log.append(i % 2 ? OutputChannel::Error : OutputChannel::Output, line);
            all += line;
        }
        QCOMPARE(log.lineCount(), 30'000);
        for (const int line : {0, 1, 14'999, 15'000, 29'999}) {
            QVERIFY(text(log, line).endsWith(QString::number(line)));
            QCOMPARE(log.line(line).channel,
                     line % 2 ? OutputChannel::Error : OutputChannel::Output);
        }
        QCOMPARE(saved(log, m_folder.filePath(u"both"_s)), all);
    }

    void aMillionLinesTakeLittleMemory()
    {
        OutputLog log;
        QCryptographicHash written(QCryptographicHash::Sha256);
        const qint64 before = test::residentKiB();
        for (int part = 0; part < 1000; ++part) {
            const QByteArray lines = numbered(part * 1000, 1000);
            written.addData(lines);
            log.append(OutputChannel::Output, lines);
            if (part % 50 == 0)
                QCoreApplication::sendPostedEvents();
        }
        QCOMPARE(log.lineCount(), 1'000'000);
        QCOMPARE(text(log, 999'999), u"line 999999 of a long program"_s);
        QCOMPARE(text(log, 500'000), u"line 500000 of a long program"_s);
        QCOMPARE(text(log, 3), u"line 3 of a long program"_s);
        // Far less than what came.
        QVERIFY(log.size() > 28 * 1024 * 1024);
        QTRY_VERIFY2(test::residentKiB() - before < 16 * 1024,
                     qPrintable(QString::number(test::residentKiB() - before)));
        // What went to the disk is saved whole too.
        const QString path = m_folder.filePath(u"million"_s);
        bool isDone = false;
        log.save(path, &log, [&](const Result<bool> &result) { isDone = result.has_value(); });
        QTRY_VERIFY_WITH_TIMEOUT(isDone, 20'000);
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.size(), log.size());
        QCryptographicHash read(QCryptographicHash::Sha256);
        QVERIFY(read.addData(&file));
        QCOMPARE(read.result(), written.result());
    }

    void findsForwardsAndBackwardsAndRoundTheEnd()
    {
        OutputLog log;
        log.append(OutputChannel::Output, numbered(0, 10'000));
        log.append(OutputChannel::Output, "\x1b[31mNee\x1b[0mdle\n");
        log.append(OutputChannel::Output, numbered(10'001, 10'000));
        qint64 found = -2;
        const auto find = [&](const QString &what, qint64 from, bool forward) {
            found = -2;
            log.find(what, from, forward, &log, [&](qint64 line) { found = line; });
            return QTest::qWaitFor([&] { return found != -2; });
        };
        QVERIFY(find(u"needle"_s, 0, true));
        QCOMPARE(found, 10'000);
        QVERIFY(find(u"needle"_s, 15'000, true));
        QCOMPARE(found, 10'000);
        QVERIFY(find(u"needle"_s, 15'000, false));
        QCOMPARE(found, 10'000);
        QVERIFY(find(u"line 42 "_s, 10, false));
        QCOMPARE(found, 42);
        QVERIFY(find(u"not there"_s, 10, true));
        QCOMPARE(found, -1);
    }

    void wholeOutputsAreToldApart()
    {
        const QByteArray long1 = numbered(0, 100'000);
        QByteArray long2 = long1;
        long2[long2.size() - 3] = 'x';
        const auto digest = [](const QByteArray &bytes, qsizetype piece) {
            OutputLog log;
            log.keepDigest();
            for (qsizetype at = 0; at < bytes.size(); at += piece)
                log.append(OutputChannel::Output, QByteArrayView(bytes).mid(at, piece));
            return log.digest();
        };
        QCOMPARE(digest(long1, 1000), digest(long1, 70'000));
        QVERIFY(digest(long1, 1000) != digest(long2, 1000));
        OutputLog one;
        OutputLog other;
        for (OutputLog *log : {&one, &other})
            log->keepDigest();
        one.append(OutputChannel::Output, "a");
        other.append(OutputChannel::Error, "a");
        QVERIFY(one.digest() != other.digest());
        // Which channel came first is chance.
        one.append(OutputChannel::Error, "b");
        OutputLog third;
        third.keepDigest();
        third.append(OutputChannel::Error, "b");
        third.append(OutputChannel::Output, "a");
        QCOMPARE(third.digest(), one.digest());
    }

    void copiesPlainText()
    {
        OutputLog log;
        log.append(OutputChannel::Output, "\x1b[1mone\x1b[0m\n");
        log.append(OutputChannel::Error, "two\n");
        QStringList lines;
        log.copy(0, 1, &log, [&](const QStringList &copied) { lines = copied; });
        QTRY_COMPARE(lines, (QStringList{u"one"_s, u"two"_s}));
    }

    void aDiskThatTakesNoMoreIsSaid()
    {
        const test::FileSizeLimit limit(1024 * 1024);
        OutputLog log;
        QSignalSpy failed(&log, &OutputLog::failed);
        log.append(OutputChannel::Output, numbered(0, 400'000));
        QTRY_COMPARE(failed.count(), 1);
        QTRY_VERIFY(log.line(100'000).isLost);
        QCOMPARE(text(log, 10), u"line 10 of a long program"_s);
        QCOMPARE(text(log, 399'999), u"line 399999 of a long program"_s);
    }
};

QTEST_GUILESS_MAIN(TestOutputLog)
#include "tst_outputlog.moc"
