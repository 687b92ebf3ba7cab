// SPDX-License-Identifier: MIT
#include <QtTest>

#include "models/lastline.h"

using namespace voidrun;

// The last line of an output that says something.
class TestLastLine : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isTheSameHoweverItIsCut_data()
    {
        QTest::addColumn<QByteArray>("output");
        QTest::addColumn<QByteArray>("last");
        QTest::newRow("none") << QByteArray() << QByteArray();
        QTest::newRow("blank") << QByteArray(" \n\t\n") << QByteArray();
        QTest::newRow("one") << QByteArray("42") << QByteArray("42");
        QTest::newRow("blank lines after") << QByteArray("41\n42\n  \n") << QByteArray("42");
        QTest::newRow("blanks after") << QByteArray("41\n42\n\n   ") << QByteArray("42");
        QTest::newRow("CRLF") << QByteArray("a\r\nb\r\n\r\n") << QByteArray("b");
        QTest::newRow("open") << QByteArray("41\n42") << QByteArray("42");
        QTest::newRow("words") << QByteArray("first\n  two words \n") << QByteArray("two words");
    }

    void isTheSameHoweverItIsCut()
    {
        QFETCH(QByteArray, output);
        QFETCH(QByteArray, last);
        for (qsizetype first = 0; first <= output.size(); ++first) {
            for (qsizetype second = first; second <= output.size(); ++second) {
                LastLine line;
                line.append(QByteArrayView(output).first(first));
                line.append(QByteArrayView(output).sliced(first, second - first));
                line.append(QByteArrayView(output).sliced(second));
                QCOMPARE(line.value(), last);
            }
        }
    }

    void oneThatIsTooLongIsNone()
    {
        LastLine line;
        line.append("41\n");
        line.append(QByteArray(LastLine::Longest, 'x'));
        line.append("x");
        QCOMPARE(line.value(), QByteArray());
        line.append("\n");
        QCOMPARE(line.value(), QByteArray());
        line.append("42\n");
        QCOMPARE(line.value(), QByteArray("42"));
    }
};

QTEST_GUILESS_MAIN(TestLastLine)
#include "tst_lastline.moc"
