// SPDX-License-Identifier: MIT
#include <QtTest>

#include "errortext.h"

using namespace voidrun;
using namespace Qt::StringLiterals;

// Every error is a sentence: something is said, nothing raw comes through.
class TestErrorText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyKindIsASentence()
    {
        QSet<QString> sentences;
        for (int kind = 0; kind <= int(Error::Kind::Engine); ++kind) {
            Error error;
            error.kind = Error::Kind(kind);
            const QString text = errorText(error);
            QVERIFY2(text.size() > 15, qPrintable(text));
            QVERIFY2(text.endsWith(u'.') || text.endsWith(u')'), qPrintable(text));
            QVERIFY(text.at(0).isUpper());
            sentences.insert(text);
        }
        QVERIFY(sentences.size() > 18);  // and they tell the kinds apart
    }

    void everyReasonIsASentence()
    {
        QSet<QString> sentences;
        for (int reason = 1; reason <= int(Error::Reason::Closed); ++reason) {
            Error error;
            error.reason = Error::Reason(reason);
            const QString text = errorText(error);
            QVERIFY2(text.endsWith(u'.') && text.at(0).isUpper(), qPrintable(text));
            sentences.insert(text);
        }
        QCOMPARE(sentences.size(), int(Error::Reason::Closed));
    }

    void serverWordsAreShownButTamed()
    {
        Error error;
        error.kind = Error::Kind::BadRequest;
        error.code = u"bad \x1b[31m\nname"_s;
        error.detail = QString(5000, u'x');
        const QString text = errorText(error);
        QVERIFY(text.contains(u"name"_s));
        QVERIFY(!text.contains(QChar(0x1b)));
        QVERIFY(!text.contains(u'\n'));
        QVERIFY2(text.size() < 500, qPrintable(QString::number(text.size())));
    }

    void serverWordsReadAsOneSentence()
    {
        Error error;
        error.kind = Error::Kind::BadRequest;
        error.code = u"There is no such image."_s;
        error.detail = u"foo"_s;
        QCOMPARE(errorText(error), u"This was not accepted: There is no such image: foo."_s);
    }

    void everySpecProblemIsASentence()
    {
        QVERIFY(problemText(SpecProblem::None).isEmpty());
        for (int problem = 1; problem <= int(SpecProblem::TooManyPorts); ++problem)
            QVERIFY(problemText(SpecProblem(problem)).endsWith(u'.'));
    }
};

QTEST_MAIN(TestErrorText)
#include "tst_errortext.moc"
