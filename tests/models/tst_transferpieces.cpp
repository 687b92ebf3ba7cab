// SPDX-License-Identifier: MIT
#include <QDir>
#include <QFile>
#include <QTest>

#include "transferrig.h"
#include "trees.h"

using namespace Qt::StringLiterals;
using namespace voidrun;
using namespace voidrun::test;
using State = TransferModel::State;
using Conflict = TransferRequest::Conflict;

namespace
{

constexpr int Patience = 60'000;  // ms
constexpr int Many = 200;

bool makeMany(const QString &folder, const QByteArray &content, int count = Many)
{
    for (int i = 0; i < count; ++i) {
        if (!writeFile(folder + u"/sub%1/f%2"_s.arg(i % 7).arg(i), content + QByteArray::number(i)))
            return false;
    }
    return true;
}

}  // namespace

// Many small files, with the real engine: in tars where the sandbox has the tools, else one by one.
class TestTransferPieces : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();

    void oddTreesSurvive_data();
    void oddTreesSurvive();
    void existingFoldersAreMerged();
    void largeOnesGoAlong();
    void manyPieces();
    void whatIsNoFileIsSaid();
    void aTargetInTheRoot();
    void cancelLeavesNothing_data();
    void cancelLeavesNothing();

private:
    void setTools(bool present);
    int uses(const QString &tool);

    TransferRig m_rig;
};

void TestTransferPieces::initTestCase()
{
    QVERIFY2(m_rig.start(), qPrintable(m_rig.box().problem()));
    // Each use of a tool is noted; without `tools-on` they fail as a missing one does.
    for (const QString &tool : {u"tar"_s, u"mv"_s})
        QCOMPARE(
            m_rig.box().run(
                u"cp $(command -v %1) /usr/local/bin/real-%1 && rm -f "
                "/usr/local/bin/%1 && printf '#!/bin/sh\n[ -e /tmp/tools-on ] || "
                "exit 127\necho %1 >>/tmp/uses\nexec real-%1 \"$@\"\n' >"
                "/usr/local/bin/%1 && chmod 755 /usr/local/bin/%1 && command -v %1"_s.arg(tool)),
            u"/usr/local/bin/%1\n"_s.arg(tool));
}

void TestTransferPieces::init()
{
    m_rig.renew();
    setTools(true);
}

void TestTransferPieces::setTools(bool present)
{
    m_rig.run(u"rm -f /tmp/uses; "_s + (present ? u"touch"_s : u"rm -f"_s) + u" /tmp/tools-on"_s);
}

int TestTransferPieces::uses(const QString &tool)
{
    return m_rig.run(u"grep -c %1 /tmp/uses || true"_s.arg(tool)).trimmed().toInt();
}

void TestTransferPieces::oddTreesSurvive_data()
{
    QTest::addColumn<bool>("hasTools");
    QTest::newRow("in pieces") << true;
    QTest::newRow("one by one") << false;
}

void TestTransferPieces::oddTreesSurvive()
{
    QFETCH(bool, hasTools);
    setTools(hasTools);
    QVERIFY(makeOddTree(m_rig.local(u"up/odd"_s)));
    QVERIFY(makeMany(m_rig.local(u"up/odd/more"_s), "more "));
    const QString longName(250, u'n');
    QVERIFY(writeFile(m_rig.local(u"up/odd/%1/%1"_s.arg(longName)), "long"));
    const int up = m_rig.upload({u"up/odd"_s});
    RIG_REACHES(m_rig, up, State::Done);
    QCOMPARE(m_rig.item(up)->filesDone, 26 + Many + 1);
    QCOMPARE(m_rig.item(up)->filesTotal, 26 + Many + 1);
    QCOMPARE(m_rig.item(up)->bytesDone, m_rig.item(up)->bytesTotal);
    QCOMPARE(m_rig.item(up)->results, QStringList({m_rig.guest(u"odd"_s)}));
    QVERIFY(!hasTools || uses(u"mv"_s) > 0);
    const int down = m_rig.download({u"odd"_s});
    RIG_REACHES(m_rig, down, State::Done);
    QCOMPARE(m_rig.item(down)->filesDone, 26 + Many + 1);
    QCOMPARE(m_rig.item(down)->bytesDone, m_rig.item(down)->bytesTotal);
    QCOMPARE(treeOf(m_rig.local(u"down"_s)), treeOf(m_rig.local(u"up"_s)));
    QCOMPARE(uses(u"tar"_s), hasTools ? 1 : 0);
    const QFileInfo here(m_rig.local(u"up/odd/more/sub1/f1"_s));
    const QFileInfo back(m_rig.local(u"down/odd/more/sub1/f1"_s));
    QCOMPARE(back.lastModified().toSecsSinceEpoch(), here.lastModified().toSecsSinceEpoch());
    QTRY_COMPARE(m_rig.run(u"ls -A; ls -A /tmp | grep voidrun-part || true"_s), u"odd\n"_s);
}

void TestTransferPieces::existingFoldersAreMerged()
{
    QVERIFY(makeMany(m_rig.local(u"d"_s), "new "));
    QVERIFY(QDir().mkpath(m_rig.local(u"d/empty"_s)));
    m_rig.run(
        u"mkdir -p d/sub1 d/own; printf old > d/sub1/f1; chmod 600 d/sub1/f1; "
        "printf kept > d/sub1/other; printf kept > d/own/file; mkdir d/sub2; mkdir d/sub2/f2"_s);
    const int id = m_rig.upload({u"d"_s}, Conflict::Overwrite);
    RIG_REACHES(m_rig, id, State::Failed);  // a folder is where one file goes
    QCOMPARE(m_rig.item(id)->filesFailed, 1);
    QCOMPARE(m_rig.item(id)->filesDone, Many - 1);
    QCOMPARE(m_rig.item(id)->error.reason, Error::Reason::FolderInTheWay);
    QCOMPARE(m_rig.run(u"cat d/sub1/f1 d/sub1/other d/own/file d/sub3/f3; stat -c %a d/sub1/f1; "
                       "ls -d d/empty; find d -type f | wc -l"_s),
             u"new 1keptkeptnew 3600\nd/empty\n201\n"_s);
    QVERIFY(uses(u"mv"_s) > 0);
    QTRY_COMPARE(m_rig.run(u"ls -A"_s), u"d\n"_s);
}

void TestTransferPieces::largeOnesGoAlong()
{
    QVERIFY(makeMany(m_rig.local(u"d"_s), "small "));
    const QByteArray large(3'000'000, 'L');
    QVERIFY(writeFile(m_rig.local(u"d/sub1/large"_s), large, true));
    QVERIFY(writeFile(m_rig.local(u"d/new/large"_s), large));
    RIG_REACHES(m_rig, m_rig.upload({u"d"_s}), State::Done);
    RIG_REACHES(m_rig, m_rig.download({u"d"_s}), State::Done);
    QCOMPARE(treeOf(m_rig.local(u"down/d"_s)), treeOf(m_rig.local(u"d"_s)));
}

void TestTransferPieces::manyPieces()
{
    // Three tars by their count, more by their size.
    QVERIFY(makeMany(m_rig.local(u"d"_s), QByteArray(8000, 'x'), 1500));
    const int up = m_rig.upload({u"d"_s});
    RIG_REACHES(m_rig, up, State::Done);
    QCOMPARE(m_rig.item(up)->filesDone, 1500);
    const int down = m_rig.download({u"d"_s});
    RIG_REACHES(m_rig, down, State::Done);
    QCOMPARE(treeOf(m_rig.local(u"down/d"_s)), treeOf(m_rig.local(u"d"_s)));
    QVERIFY(uses(u"tar"_s) >= 3);
    QTRY_COMPARE(m_rig.run(u"ls -A; ls -A /tmp | grep voidrun-part || true"_s), u"d\n"_s);
}

void TestTransferPieces::whatIsNoFileIsSaid()
{
    m_rig.run(
        u"mkdir d; for i in $(seq 150); do echo $i > d/f$i; done; ln d/f1 d/second-name; "
        "mkfifo d/pipe; ln -s /etc/passwd d/link"_s);
    const int id = m_rig.download({u"d"_s});
    RIG_REACHES(m_rig, id, State::Failed);
    QCOMPARE(m_rig.item(id)->filesDone, 151);
    QCOMPARE(m_rig.item(id)->filesFailed, 1);
    QCOMPARE(m_rig.item(id)->linksSkipped, 1);
    QCOMPARE(m_rig.item(id)->error.subject, m_rig.guest(u"d/pipe"_s));
    QCOMPARE(m_rig.item(id)->error.reason, Error::Reason::NotAFile);
    QCOMPARE(readFile(m_rig.local(u"down/d/second-name"_s)), QByteArray("1\n"));
    QVERIFY(uses(u"tar"_s) > 0);
}

void TestTransferPieces::aTargetInTheRoot()
{
    QVERIFY(makeMany(m_rig.local(u"rooted"_s), "x"));
    TransferRequest request = m_rig.item(m_rig.upload({u"rooted"_s}))->request;
    request.target = u"/"_s;
    const int id = m_rig.model()->start(request);
    RIG_REACHES(m_rig, id, State::Done);
    QCOMPARE(m_rig.run(u"find /rooted -type f | wc -l; rm -r /rooted"_s), u"%1\n"_s.arg(Many));
}

void TestTransferPieces::cancelLeavesNothing_data()
{
    QTest::addColumn<bool>("isUpload");
    QTest::newRow("upload") << true;
    QTest::newRow("download") << false;
}

void TestTransferPieces::cancelLeavesNothing()
{
    QFETCH(bool, isUpload);
    constexpr int Count = 5000;
    if (isUpload)
        QVERIFY(makeMany(m_rig.local(u"d"_s), QByteArray(5000, 'x'), Count));
    else
        m_rig.run(u"mkdir d; head -c %1 /dev/zero | split -b 5000 -a 4 - d/f"_s.arg(Count * 5000));
    const int id = isUpload ? m_rig.upload({u"d"_s}) : m_rig.download({u"d"_s});
    QTRY_VERIFY_WITH_TIMEOUT(m_rig.item(id)->state == State::Running, Patience);
    m_rig.model()->cancel(id);
    RIG_REACHES(m_rig, id, State::Cancelled);
    QVERIFY(m_rig.item(id)->filesDone < Count);
    // What the sandbox was at when it was cancelled goes with the next transfer.
    QVERIFY(makeMany(m_rig.local(u"e"_s), "next"));
    RIG_REACHES(m_rig, m_rig.upload({u"e"_s}), State::Done);
    RIG_REACHES(m_rig, m_rig.download({u"e"_s}), State::Done);
    if (isUpload)
        QTRY_COMPARE(m_rig.run(u"find . -name '*voidrun-part*' | wc -l"_s).trimmed(), u"0"_s);
    else
        QTRY_COMPARE(m_rig.run(u"ls -A /tmp | grep voidrun-part || true"_s), u""_s);
    for (const QByteArray &path : treeOf(m_rig.local(u"down"_s)).keys())
        QVERIFY(!path.contains("voidrun-part"));
}

QTEST_GUILESS_MAIN(TestTransferPieces)
#include "tst_transferpieces.moc"
