// SPDX-License-Identifier: MIT
#include <QTest>

#include "api/nodepinning.h"

using namespace voidrun;
using namespace Qt::StringLiterals;

// Where a sandbox's calls go, contract section 1.
class NodePinningTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void bases_data();
    void bases();
};

void NodePinningTest::bases_data()
{
    QTest::addColumn<QString>("base");
    QTest::addColumn<QString>("node");
    QTest::addColumn<bool>("pinOthers");
    QTest::addColumn<QString>("pinned");
    const QString hosted = u"https://platform.void-run.com/api"_s;
    QTest::newRow("hosted") << hosted << u"abcdefghij"_s << false
                            << u"https://abcdefghij-platform.void-run.com/api"_s;
    QTest::newRow("handle replaced")
        << u"https://0123456789-platform.void-run.com/api"_s << u"abcdefghij"_s << false
        << u"https://abcdefghij-platform.void-run.com/api"_s;
    QTest::newRow("port and path stay") << u"https://api.void-run.com:8443/v1/api"_s << u"n1"_s
                                        << false << u"https://n1-api.void-run.com:8443/v1/api"_s;
    QTest::newRow("no node") << hosted << u""_s << false << hosted;
    QTest::newRow("lookalike host") << u"https://evil-void-run.com/api"_s << u"n1"_s << false
                                    << u"https://evil-void-run.com/api"_s;
    QTest::newRow("node with a dot") << hosted << u"evil.example"_s << false << hosted;
    QTest::newRow("node with a slash") << hosted << u"evil.example/x"_s << false << hosted;
    QTest::newRow("node with an at sign") << hosted << u"a@evil"_s << false << hosted;
    QTest::newRow("node with a line end") << hosted << u"n1\n"_s << false << hosted;
    QTest::newRow("other host") << u"http://vr.example:33944/api"_s << u"n1"_s << false
                                << u"http://vr.example:33944/api"_s;
    QTest::newRow("other host, asked for") << u"http://vr.example:33944/api"_s << u"n1"_s << true
                                           << u"http://n1-vr.example:33944/api"_s;
    QTest::newRow("address, asked for")
        << u"http://10.0.0.7/api"_s << u"n1"_s << true << u"http://10.0.0.7/api"_s;
    QTest::newRow("cleared") << u""_s << u"n1"_s << true << u""_s;
}

void NodePinningTest::bases()
{
    QFETCH(QString, base);
    QFETCH(QString, node);
    QFETCH(bool, pinOthers);
    QFETCH(QString, pinned);
    QCOMPARE(pinnedBaseUrl(QUrl(base), node, pinOthers).toString(), pinned);
}

QTEST_GUILESS_MAIN(NodePinningTest)
#include "tst_nodepinning.moc"
