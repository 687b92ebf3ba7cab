// SPDX-License-Identifier: MIT
#include <QDir>
#include <QSignalSpy>
#include <QTest>

#include <array>

#include <sys/stat.h>

#include "editors.h"
#include "editrig.h"
#include "models/editcomparison.h"
#include "support/replywait.h"
#include "trees.h"

using namespace Qt::StringLiterals;
using namespace voidrun;
using namespace voidrun::test;
using State = OpenEdit::State;

namespace
{

constexpr int Patience = 30'000;  // ms

struct Program {
    const char *name;
    editors::Save save;
};
constexpr std::array<Program, 8> programs{{{"in place", &editors::inPlace},
                                           {"in pieces", &editors::inPieces},
                                           {"Qt", &editors::likeQt},
                                           {"Vim", &editors::likeVim},
                                           {"Emacs", &editors::likeEmacs},
                                           {"LibreOffice", &editors::likeLibreOffice},
                                           {"GIO", &editors::likeGio},
                                           {"remove and create", &editors::removeAndCreate}}};

}  // namespace

// Files of a real sandbox, edited here the way that editors do it.
class TestOpenEdits : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void savingUploads_data();
    void savingUploads();
    void severalSavesEndWithTheLast();
    void sameContentIsNotSent();
    void filesOfOneNameDoNotMix();
    void theCopyIsPrivateAndNeverRuns();
    void linkIsFollowed();
    void whatCannotBeEdited_data();
    void whatCannotBeEdited();
    void atMostAHundred();
    void changedThereAsks_data();
    void changedThereAsks();
    void changedThereAgainAsksAgain();
    void deletedThereAsks();
    void sameChangeOnBothSidesIsNoConflict();
    void openingAgainBringsTheNewest();
    void asleepIsWoken();
    void engineDownThenUp();
    void restartTakesUp();
    void secondApplicationKeepsOff();
    void stoppingKeepsWhatIsNotSent();
    void lostCopyIsFetchedAgain();
    void comparison();

private:
    QByteArray there(const QString &name) { return m_rig.run(u"cat "_s + name).toUtf8(); }
    QString copyOf(int id) const { return m_rig.edit(id)->localFile(); }

    EditRig m_rig;
};

void TestOpenEdits::initTestCase()
{
    QVERIFY2(m_rig.start(), qPrintable(m_rig.box().problem()));
}

void TestOpenEdits::init()
{
    m_rig.renew();
    QCOMPARE(m_rig.run(u"printf old > a.txt; chmod 640 a.txt"_s), QString());
}

void TestOpenEdits::savingUploads_data()
{
    QTest::addColumn<int>("editor");
    for (size_t i = 0; i < programs.size(); ++i)
        QTest::newRow(programs.at(i).name) << static_cast<int>(i);
}

void TestOpenEdits::savingUploads()
{
    QFETCH(const int, editor);
    const editors::Save save = programs.at(static_cast<size_t>(editor)).save;
    const int id = m_rig.open(u"a.txt"_s);
    QVERIFY(id);
    QCOMPARE(readFile(copyOf(id)), "old");
    QCOMPARE(m_rig.edit(id)->state, State::Unchanged);
    QSignalSpy saved(m_rig.edits(), &OpenEdits::saved);
    for (const QByteArray &content : {QByteArray("first change"), QByteArray(100'000, 'x')}) {
        saved.clear();
        QVERIFY(save(copyOf(id), content));
        QTRY_COMPARE_WITH_TIMEOUT(saved.count(), 1, Patience);
        QCOMPARE(there(u"a.txt"_s), content);
        QCOMPARE(m_rig.edit(id)->state, State::Saved);
        QCOMPARE(m_rig.edits()->unsentCount(), 0);
        QVERIFY(m_rig.edit(id)->savedAt.isValid());
    }
    // Only that file, with its own mode, and nothing left over.
    QCOMPARE(m_rig.run(u"ls -A; stat -c %a a.txt"_s), u"a.txt\n640\n"_s);
}

void TestOpenEdits::severalSavesEndWithTheLast()
{
    const int id = m_rig.open(u"a.txt"_s);
    QVERIFY(id);
    constexpr int Saves = 40;
    constexpr int Pause = 50;  // ms
    for (int i = 0; i < Saves; ++i) {
        QElapsedTimer clock;
        clock.start();
        const auto save = i % 2 == 0 ? &editors::inPlace : &editors::likeVim;
        QVERIFY(save(copyOf(id), "change " + QByteArray::number(i)));
        QVERIFY(QTest::qWaitFor([&] { return clock.elapsed() > Pause * (i % 10); }));
    }
    QTRY_COMPARE_WITH_TIMEOUT(there(u"a.txt"_s), "change 39", Patience);
    EDIT_REACHES(m_rig, id, State::Saved);
}

void TestOpenEdits::sameContentIsNotSent()
{
    m_rig.run(u"printf fence > fence"_s);
    const int id = m_rig.open(u"a.txt"_s);
    const int fence = m_rig.open(u"fence"_s);
    QVERIFY(id && fence);
    const QString before = m_rig.run(u"stat -c '%i %y %z' a.txt"_s);
    QSignalSpy saved(m_rig.edits(), &OpenEdits::saved);
    QSignalSpy failed(m_rig.edits(), &OpenEdits::saveFailed);
    QVERIFY(editors::likeVim(copyOf(id), "old"));
    QVERIFY(editors::inPlace(copyOf(id), "old"));
    QVERIFY(writeFile(QFileInfo(copyOf(id)).path() + u"/.~lock.a.txt#"_s, "lock"));
    QVERIFY(editors::inPlace(copyOf(fence), "changed later"));
    QTRY_COMPARE_WITH_TIMEOUT(saved.count(), 1, Patience);
    QCOMPARE(saved.first().first().toInt(), fence);
    QVERIFY(failed.isEmpty());
    QCOMPARE(m_rig.run(u"stat -c '%i %y %z' a.txt"_s), before);
    QCOMPARE(m_rig.edit(id)->state, State::Unchanged);
}

void TestOpenEdits::filesOfOneNameDoNotMix()
{
    m_rig.run(u"mkdir p q; printf p > p/same; printf q > q/same"_s);
    const int first = m_rig.open(u"p/same"_s);
    const int second = m_rig.open(u"q/same"_s);
    QVERIFY(first && second && first != second);
    QVERIFY(editors::likeQt(copyOf(first), "new p"));
    QVERIFY(editors::likeQt(copyOf(second), "new q"));
    EDIT_REACHES(m_rig, first, State::Saved);
    EDIT_REACHES(m_rig, second, State::Saved);
    QCOMPARE(there(u"p/same"_s), "new p");
    QCOMPARE(there(u"q/same"_s), "new q");
}

void TestOpenEdits::theCopyIsPrivateAndNeverRuns()
{
    m_rig.run(u"printf '#!/bin/sh\\n' > run.sh; chmod 755 run.sh"_s);
    const int id = m_rig.open(u"run.sh"_s);
    QVERIFY(id);
    const auto modeOf = [](const QString &path) {
        struct stat status{};
        return ::stat(QFile::encodeName(path).constData(), &status) == 0 ? status.st_mode & 07777
                                                                         : 0;
    };
    QCOMPARE(modeOf(copyOf(id)), 0600U);
    QCOMPARE(modeOf(m_rig.edit(id)->folder), 0700U);
    QCOMPARE(modeOf(m_rig.copies()), 0700U);
    QVERIFY(m_rig.edit(id)->isExecutable);
    QCOMPARE(m_rig.edit(id)->program, QString());
    const QByteArray description = readFile(m_rig.edit(id)->folder + u"/edit.json"_s);
    QVERIFY(description.contains("run.sh"));
    QVERIFY(!description.contains(m_rig.profile().apiKey.toUtf8()));
    QVERIFY(editors::likeQt(copyOf(id), "#!/bin/sh\ntrue\n"));
    EDIT_REACHES(m_rig, id, State::Saved);
    QCOMPARE(m_rig.run(u"stat -c %a run.sh"_s), u"755\n"_s);
}

void TestOpenEdits::linkIsFollowed()
{
    m_rig.run(u"mkdir d; printf target > d/real; ln -s d/real link"_s);
    const int id = m_rig.open(u"link"_s);
    QVERIFY(id);
    QVERIFY(editors::likeVim(copyOf(id), "changed"));
    EDIT_REACHES(m_rig, id, State::Saved);
    QCOMPARE(there(u"d/real"_s), "changed");
    QCOMPARE(m_rig.run(u"readlink link"_s), u"d/real\n"_s);
    // Known by either name.
    QSignalSpy opened(m_rig.edits(), &OpenEdits::opened);
    m_rig.edits()->open(m_rig.profile(), m_rig.box().id(), u"models-test"_s,
                        m_rig.guest(u"link"_s));
    QTRY_COMPARE_WITH_TIMEOUT(opened.count(), 1, Patience);
    QCOMPARE(opened.first().first().toInt(), id);
    QTRY_COMPARE(m_rig.edits()->rowCount(), 1);
}

void TestOpenEdits::whatCannotBeEdited_data()
{
    using Reason = Error::Reason;
    QTest::addColumn<QString>("command");
    QTest::addColumn<Reason>("reason");
    QTest::newRow("missing") << u"true"_s << Reason::Gone;
    QTest::newRow("folder") << u"mkdir x"_s << Reason::IsFolder;
    QTest::newRow("pipe") << u"mkfifo x"_s << Reason::NotAFile;
    QTest::newRow("device") << u"ln -s /dev/zero x"_s << Reason::NotAFile;
    QTest::newRow("link that goes round") << u"ln -s x x"_s << Reason::IsLink;
    QTest::newRow("too large") << u"truncate -s 67108865 x"_s << Reason::TooLargeToEdit;
}

void TestOpenEdits::whatCannotBeEdited()
{
    QFETCH(const QString, command);
    QFETCH(const Error::Reason, reason);
    QCOMPARE(m_rig.run(command), QString());
    QSignalSpy failed(m_rig.edits(), &OpenEdits::openFailed);
    m_rig.edits()->open(m_rig.profile(), m_rig.box().id(), u"models-test"_s, m_rig.guest(u"x"_s));
    QTRY_COMPARE_WITH_TIMEOUT(failed.count(), 1, Patience);
    const auto error = failed.first().at(1).value<Error>();
    QVERIFY2(error.reason == reason, qPrintable(u"%1/%2 %3"_s.arg(static_cast<int>(error.kind))
                                                    .arg(static_cast<int>(error.reason))
                                                    .arg(error.detail)));
    QCOMPARE(m_rig.edits()->rowCount(), 0);
    QTRY_VERIFY(QDir(m_rig.copies()).isEmpty());
}

void TestOpenEdits::atMostAHundred()
{
    QSignalSpy failed(m_rig.edits(), &OpenEdits::openFailed);
    const auto open = [this](int number) {
        return m_rig.edits()->open(m_rig.profile(), m_rig.box().id(), u"models-test"_s,
                                   m_rig.guest(u"missing%1"_s.arg(number)));
    };
    for (int i = 0; i < OpenEdits::MaxEdits; ++i)
        QVERIFY(open(i));
    QCOMPARE(open(OpenEdits::MaxEdits), 0);
    QTRY_COMPARE(failed.count(), 1);
    QCOMPARE(failed.first().at(1).value<Error>().reason, Error::Reason::TooManyEdits);
    QTRY_COMPARE_WITH_TIMEOUT(m_rig.edits()->rowCount(), 0, Patience);
}

void TestOpenEdits::changedThereAsks_data()
{
    QTest::addColumn<QString>("answer");
    QTest::addColumn<QByteArray>("here");
    QTest::addColumn<QByteArray>("there");
    QTest::addColumn<QByteArray>("beside");
    QTest::newRow("mine") << u"mine"_s << QByteArray("mine") << QByteArray("mine") << QByteArray();
    QTest::newRow("theirs") << u"theirs"_s << QByteArray("new") << QByteArray("new")
                            << QByteArray();
    QTest::newRow("both") << u"both"_s << QByteArray("mine") << QByteArray("new")
                          << QByteArray("mine");
}

void TestOpenEdits::changedThereAsks()
{
    QFETCH(const QString, answer);
    QFETCH(const QByteArray, here);
    QFETCH(const QByteArray, there);
    QFETCH(const QByteArray, beside);
    const int id = m_rig.open(u"a.txt"_s);
    QVERIFY(id);
    // Of the same size and time: only the content tells.
    QCOMPARE(m_rig.run(u"touch -r a.txt t; printf new > a.txt; touch -r t a.txt; rm t"_s),
             QString());
    QSignalSpy conflicts(m_rig.edits(), &OpenEdits::conflictFound);
    QVERIFY(editors::likeQt(copyOf(id), "mine"));
    QTRY_COMPARE_WITH_TIMEOUT(conflicts.count(), 1, Patience);
    QCOMPARE(m_rig.edit(id)->state, State::Conflict);
    QCOMPARE(this->there(u"a.txt"_s), "new");
    QCOMPARE(m_rig.edits()->unsentCount(), 1);
    QSignalSpy saved(m_rig.edits(), &OpenEdits::saved);
    QSignalSpy refreshed(m_rig.edits(), &OpenEdits::refreshed);
    if (answer == "mine"_L1)
        m_rig.edits()->keepMine(id);
    else if (answer == "theirs"_L1)
        m_rig.edits()->keepTheirs(id);
    else
        m_rig.edits()->saveUnder(id, u"b.txt"_s);
    QTRY_COMPARE_WITH_TIMEOUT(saved.count() + refreshed.count(), 1, Patience);
    QCOMPARE(refreshed.count(), answer == "theirs"_L1 ? 1 : 0);
    QCOMPARE(readFile(copyOf(id)), here);
    QCOMPARE(this->there(u"a.txt"_s), there);
    QCOMPARE(m_rig.edits()->unsentCount(), 0);
    if (!beside.isEmpty()) {
        QCOMPARE(this->there(u"b.txt"_s), beside);
        QCOMPARE(m_rig.edit(id)->path, m_rig.guest(u"b.txt"_s));
        saved.clear();
        QVERIFY(editors::inPlace(copyOf(id), "mine again"));
        QTRY_COMPARE_WITH_TIMEOUT(saved.count(), 1, Patience);
        QCOMPARE(this->there(u"b.txt"_s), "mine again");
        QCOMPARE(this->there(u"a.txt"_s), there);
    }
}

void TestOpenEdits::changedThereAgainAsksAgain()
{
    const int id = m_rig.open(u"a.txt"_s);
    QVERIFY(id);
    QSignalSpy conflicts(m_rig.edits(), &OpenEdits::conflictFound);
    m_rig.run(u"printf once > a.txt"_s);
    QVERIFY(editors::likeQt(copyOf(id), "mine"));
    QTRY_COMPARE_WITH_TIMEOUT(conflicts.count(), 1, Patience);
    m_rig.run(u"printf twice > a.txt"_s);
    m_rig.edits()->keepMine(id);
    QTRY_COMPARE_WITH_TIMEOUT(conflicts.count(), 2, Patience);
    QCOMPARE(there(u"a.txt"_s), "twice");
    m_rig.edits()->keepMine(id);
    EDIT_REACHES(m_rig, id, State::Saved);
    QCOMPARE(there(u"a.txt"_s), "mine");
}

void TestOpenEdits::deletedThereAsks()
{
    QSignalSpy conflicts(m_rig.edits(), &OpenEdits::conflictFound);
    const int id = m_rig.open(u"a.txt"_s);
    QVERIFY(id);
    m_rig.run(u"rm a.txt"_s);
    QVERIFY(editors::likeQt(copyOf(id), "mine"));
    QTRY_COMPARE_WITH_TIMEOUT(conflicts.count(), 1, Patience);
    QVERIFY(!m_rig.edit(id)->theirs.exists);
    m_rig.edits()->keepMine(id);
    EDIT_REACHES(m_rig, id, State::Saved);
    QCOMPARE(there(u"a.txt"_s), "mine");
    m_rig.run(u"rm a.txt"_s);
    QVERIFY(editors::likeQt(copyOf(id), "mine again"));
    QTRY_COMPARE_WITH_TIMEOUT(conflicts.count(), 2, Patience);
    m_rig.edits()->keepTheirs(id);
    QTRY_COMPARE_WITH_TIMEOUT(m_rig.edits()->rowCount(), 0, Patience);
    QCOMPARE(m_rig.run(u"ls"_s), QString());
    QTRY_VERIFY(QDir(m_rig.copies()).isEmpty());
}

void TestOpenEdits::sameChangeOnBothSidesIsNoConflict()
{
    const int id = m_rig.open(u"a.txt"_s);
    QVERIFY(id);
    m_rig.run(u"printf 'the same' > a.txt"_s);
    const QString before = m_rig.run(u"stat -c %i a.txt"_s);
    QSignalSpy conflicts(m_rig.edits(), &OpenEdits::conflictFound);
    QVERIFY(editors::likeQt(copyOf(id), "the same"));
    EDIT_REACHES(m_rig, id, State::Saved);
    QVERIFY(conflicts.isEmpty());
    QCOMPARE(m_rig.run(u"stat -c %i a.txt"_s), before);
}

void TestOpenEdits::openingAgainBringsTheNewest()
{
    const int id = m_rig.open(u"a.txt"_s);
    QVERIFY(id);
    m_rig.run(u"printf newer > a.txt"_s);
    QCOMPARE(m_rig.open(u"a.txt"_s), id);
    QCOMPARE(readFile(copyOf(id)), "newer");
    QCOMPARE(m_rig.edits()->rowCount(), 1);
    QVERIFY(editors::inPlace(copyOf(id), "mine"));
    EDIT_REACHES(m_rig, id, State::Saved);
    QCOMPARE(there(u"a.txt"_s), "mine");
}

void TestOpenEdits::asleepIsWoken()
{
    const int id = m_rig.open(u"a.txt"_s);
    QVERIFY(id);
    QVERIFY(answerOf(m_rig.box().client()->sleep(m_rig.box().id())).has_value());
    QVERIFY(editors::likeLibreOffice(copyOf(id), "woken"));
    EDIT_REACHES(m_rig, id, State::Saved);
    QCOMPARE(there(u"a.txt"_s), "woken");
}

void TestOpenEdits::engineDownThenUp()
{
    const int id = m_rig.open(u"a.txt"_s);
    QVERIFY(id);
    m_rig.box().engine().kill9();
    QSignalSpy failed(m_rig.edits(), &OpenEdits::saveFailed);
    QVERIFY(editors::likeVim(copyOf(id), "while it was away"));
    QTRY_COMPARE_WITH_TIMEOUT(failed.count(), 1, Patience);
    QVERIFY(m_rig.edit(id)->isWaiting);
    QCOMPARE(m_rig.edit(id)->state, State::Changed);
    QCOMPARE(m_rig.edits()->unsentCount(), 1);
    QVERIFY(editors::likeVim(copyOf(id), "and once more"));
    QVERIFY2(m_rig.box().engine().start(), qPrintable(m_rig.box().engine().problem()));
    QVERIFY(m_rig.box().reconnect());
    m_rig.edits()->updateProfile(m_rig.profile());
    QTRY_COMPARE_WITH_TIMEOUT(there(u"a.txt"_s), "and once more", Patience);
    EDIT_REACHES(m_rig, id, State::Saved);
}

void TestOpenEdits::restartTakesUp()
{
    m_rig.run(u"printf second > b.txt"_s);
    QVERIFY(m_rig.open(u"a.txt"_s) && m_rig.open(u"b.txt"_s));
    const QString copy = copyOf(1);
    m_rig.end();
    QVERIFY(editors::likeVim(copy, "while it was closed"));
    m_rig.restart();
    QSignalSpy restored(m_rig.edits(), &OpenEdits::restored);
    QTRY_COMPARE(restored.count(), 1);
    QCOMPARE(m_rig.edits()->rowCount(), 2);
    QTRY_COMPARE(m_rig.edits()->unsentCount(), 1);
    const auto edited = [this](const QString &name) {
        for (int row = 0; row < m_rig.edits()->rowCount(); ++row) {
            const QModelIndex index = m_rig.edits()->index(row, 0);
            if (index.data().toString() == name)
                return index.data(OpenEdits::IdRole).toInt();
        }
        return 0;
    };
    const int id = edited(u"a.txt"_s);
    QTRY_VERIFY(m_rig.edit(id)->isWaiting);  // its connection is not open
    QCOMPARE(there(u"a.txt"_s), "old");
    m_rig.edits()->updateProfile(m_rig.profile());
    EDIT_REACHES(m_rig, id, State::Saved);
    QCOMPARE(there(u"a.txt"_s), "while it was closed");
    // And is watched as before.
    const int other = edited(u"b.txt"_s);
    QVERIFY(editors::likeQt(copyOf(other), "changed"));
    EDIT_REACHES(m_rig, other, State::Saved);
    QCOMPARE(there(u"b.txt"_s), "changed");
}

void TestOpenEdits::secondApplicationKeepsOff()
{
    const int id = m_rig.open(u"a.txt"_s);
    QVERIFY(id);
    TransferModel transfers;
    auto other = std::make_unique<OpenEdits>(m_rig.copies(), &transfers);
    const auto otherPath = m_rig.guest(u"missing"_s);
    // Its answer comes after it has looked.
    QSignalSpy failed(other.get(), &OpenEdits::openFailed);
    other->open(m_rig.profile(), m_rig.box().id(), u"models-test"_s, otherPath);
    QTRY_COMPARE_WITH_TIMEOUT(failed.count(), 1, Patience);
    QCOMPARE(other->rowCount(), 0);
    m_rig.end();
    other = std::make_unique<OpenEdits>(m_rig.copies(), &transfers);
    QTRY_COMPARE(other->rowCount(), 1);
}

void TestOpenEdits::stoppingKeepsWhatIsNotSent()
{
    const int id = m_rig.open(u"a.txt"_s);
    QVERIFY(id);
    m_rig.box().engine().kill9();
    QVERIFY(editors::inPlace(copyOf(id), "not sent"));
    QSignalSpy refused(m_rig.edits(), &OpenEdits::stopRefused);
    m_rig.edits()->stop(id, false);  // before anybody can have noticed the change
    QTRY_COMPARE_WITH_TIMEOUT(refused.count(), 1, Patience);
    QCOMPARE(m_rig.edits()->unsentCount(), 1);
    QCOMPARE(readFile(copyOf(id)), "not sent");
    const QString folder = m_rig.edit(id)->folder;
    m_rig.edits()->stop(id, true);
    QTRY_COMPARE(m_rig.edits()->rowCount(), 0);
    QTRY_VERIFY(!QFileInfo::exists(folder));
    QCOMPARE(m_rig.edits()->unsentCount(), 0);
    QVERIFY2(m_rig.box().engine().start(), qPrintable(m_rig.box().engine().problem()));
    QVERIFY(m_rig.box().reconnect());
}

void TestOpenEdits::lostCopyIsFetchedAgain()
{
    const int id = m_rig.open(u"a.txt"_s);
    QVERIFY(id);
    QSignalSpy lost(m_rig.edits(), &OpenEdits::copyLost);
    QVERIFY(QFile::remove(copyOf(id)));
    QTRY_COMPARE_WITH_TIMEOUT(lost.count(), 1, Patience);
    QCOMPARE(m_rig.edit(id)->state, State::Failed);
    QCOMPARE(m_rig.open(u"a.txt"_s), id);
    QCOMPARE(readFile(copyOf(id)), "old");
    QVERIFY(editors::likeQt(copyOf(id), "changed"));
    EDIT_REACHES(m_rig, id, State::Saved);
    QCOMPARE(there(u"a.txt"_s), "changed");
}

void TestOpenEdits::comparison()
{
    m_rig.run(u"printf 'one\\ntwo\\nthree\\n' > a.txt"_s);
    const int id = m_rig.open(u"a.txt"_s);
    QVERIFY(id);
    m_rig.box().engine().kill9();  // so that nothing is sent
    QVERIFY(editors::inPlace(copyOf(id), "one\n2\nthree\n"));
    QTRY_COMPARE_WITH_TIMEOUT(m_rig.edits()->unsentCount(), 1, Patience);
    QTRY_VERIFY_WITH_TIMEOUT(m_rig.edit(id)->isWaiting, Patience);
    QVERIFY2(m_rig.box().engine().start(), qPrintable(m_rig.box().engine().problem()));
    QVERIFY(m_rig.box().reconnect());
    m_rig.run(u"printf 'one\\n2!\\nthree\\n' > a.txt"_s);
    QSignalSpy conflicts(m_rig.edits(), &OpenEdits::conflictFound);
    m_rig.edits()->updateProfile(m_rig.profile());
    QTRY_COMPARE_WITH_TIMEOUT(conflicts.count(), 1, Patience);
    EditComparison *comparison = m_rig.edits()->createComparison(id, m_rig.edits());
    std::optional<EditComparison::Result> result;
    connect(comparison, &EditComparison::finished, this,
            [&](const EditComparison::Result &found) { result = found; });
    comparison->start();
    QTRY_VERIFY_WITH_TIMEOUT(result.has_value(), Patience);
    QVERIFY(result->isText && result->isWhole && !result->isSame);
    QCOMPARE(result->lines.size(), 5);
    QCOMPARE(result->lines[1].text, u"2!"_s);
    QCOMPARE(result->lines[1].kind, DiffLine::Kind::Removed);
    QCOMPARE(result->lines[2].text, u"2"_s);
    QCOMPARE(result->lines[2].kind, DiffLine::Kind::Added);
}

QTEST_GUILESS_MAIN(TestOpenEdits)

#include "tst_openedits.moc"
