// SPDX-License-Identifier: MIT
#include <QCheckBox>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

#include "editorwindow.h"
#include "editrig.h"
#include "trees.h"

using namespace Qt::StringLiterals;
using namespace voidrun;
using namespace voidrun::test;

// The editor of the application, by mouse and keys, with the files of a real sandbox.
class TestEditor : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup() { delete m_editor; }

    void savingSends();
    void encodingAndLineEndsStay_data();
    void encodingAndLineEndsStay();
    void characterThatCannotBeSaved();
    void undoRedo();
    void newLinesAreIndented();
    void find();
    void closingAsks_data();
    void closingAsks();
    void anotherProgramsChange();
    void whatIsNotForIt_data();
    void whatIsNotForIt();
    void longTextsAppearWhole();

private:
    // Of what `command` makes as "f.py" in the sandbox.
    bool open(const QString &command);
    QByteArray there() { return m_rig.run(u"cat f.py"_s).toUtf8(); }
    QPlainTextEdit *text() const { return m_editor->findChild<QPlainTextEdit *>(); }
    QLabel *label(const QString &name) const { return m_editor->findChild<QLabel *>(name); }
    // Shortcuts need the window in front: a window manager gives that back a moment after a
    // question is answered.
    void press(const QKeySequence &keys) const
    {
        QVERIFY(QTest::qWaitForWindowActive(m_editor));
        QTest::keySequence(m_editor, keys);
    }
    void click(const QString &button) const
    {
        QTest::mouseClick(m_editor->findChild<QToolButton *>(button), Qt::LeftButton);
    }
    QMessageBox *question() const;
    static void answer(QMessageBox *box, QMessageBox::ButtonRole role);

    EditRig m_rig;
    QPointer<EditorWindow> m_editor;
    QStringList m_refusals;
    int m_id = 0;
};

void TestEditor::initTestCase()
{
    Q_INIT_RESOURCE(app);
    QVERIFY2(m_rig.start(), qPrintable(m_rig.box().problem()));
}

void TestEditor::init()
{
    m_rig.renew();
    m_refusals.clear();
}

bool TestEditor::open(const QString &command)
{
    if (const QString output = m_rig.run(command); !output.isEmpty()) {
        qWarning() << output;
        return false;
    }
    m_id = m_rig.open(u"f.py"_s);
    if (!m_id)
        return false;
    m_editor = new EditorWindow(m_rig.edits(), m_id);
    connect(m_editor, &EditorWindow::refused, this,
            [this](int, const QString &sentence) { m_refusals.append(sentence); });
    return QTest::qWaitFor([this] {
               return !m_refusals.isEmpty() ||
                      (m_editor && m_editor->isVisible() && !text()->isReadOnly());
           }) &&
           (!m_refusals.isEmpty() || QTest::qWaitForWindowActive(m_editor));
}

QMessageBox *TestEditor::question() const
{
    QMessageBox *box = nullptr;
    (void)QTest::qWaitFor([&] {
        const auto boxes =
            m_editor ? m_editor->findChildren<QMessageBox *>() : QList<QMessageBox *>();
        const auto shown = std::ranges::find_if(boxes, &QWidget::isVisible);
        box = shown == boxes.end() ? nullptr : *shown;
        return box != nullptr;
    });
    return box;
}

void TestEditor::answer(QMessageBox *box, QMessageBox::ButtonRole role)
{
    for (QAbstractButton *button : box->buttons()) {
        if (box->buttonRole(button) == role)
            return QTest::mouseClick(button, Qt::LeftButton);
    }
    QFAIL("there is no such button");
}

void TestEditor::savingSends()
{
    QVERIFY(open(u"printf 'one\\ntwo\\n' > f.py"_s));
    QVERIFY(m_editor->windowTitle().contains(u"f.py"_s));
    QTest::keyClicks(text(), u"# new "_s);
    QVERIFY(m_editor->isWindowModified());
    QVERIFY(m_editor->hasUnsaved());
    press(QKeySequence::Save);
    QTRY_VERIFY(!m_editor->isWindowModified());
    QTRY_COMPARE(there(), "# new one\ntwo\n");
    QTRY_VERIFY2(label(u"stateLabel"_s)->text().contains(u"Saved"_s),
                 qPrintable(label(u"stateLabel"_s)->text()));
    QTest::keyClicks(text(), u"er"_s);
    click(u"saveButton"_s);
    QTRY_COMPARE(there(), "# new erone\ntwo\n");
    QVERIFY(label(u"infoLabel"_s)->text().contains(u"Python"_s));
    QVERIFY(label(u"infoLabel"_s)->text().contains(u"Line 1, column 9"_s));
}

void TestEditor::encodingAndLineEndsStay_data()
{
    QTest::addColumn<QString>("before");
    QTest::addColumn<QByteArray>("after");
    QTest::addColumn<QString>("said");
    QTest::newRow("UTF-8") << u"a\\n\\303\\244\\n"_s << QByteArray("xa\n\xc3\xa4\n") << u"UTF-8"_s;
    QTest::newRow("no end of the last line") << u"a"_s << QByteArray("xa") << u"UTF-8"_s;
    QTest::newRow("Windows") << u"a\\r\\nb\\r\\n"_s << QByteArray("xa\r\nb\r\n") << u"Windows"_s;
    QTest::newRow("mixed") << u"a\\r\\nb\\nc\\r"_s << QByteArray("xa\r\nb\nc\r") << u"Mixed"_s;
    QTest::newRow("UTF-8 with its mark")
        << u"\\357\\273\\277a\\n"_s << QByteArray("\xef\xbb\xbfxa\n") << u"UTF-8 BOM"_s;
    QTest::newRow("UTF-16") << u"\\377\\376a\\000\\n\\000"_s << QByteArray("\xff\xfex\0a\0\n\0", 8)
                            << u"UTF-16"_s;
    QTest::newRow("ISO 8859-1") << u"caf\\351\\n"_s << QByteArray("xcaf\xe9\n") << u"ISO 8859-1"_s;
    QTest::newRow("spaces that do not break")
        << u"a\\302\\240z\\n"_s << QByteArray("xa\xc2\xa0z\n") << u"UTF-8"_s;
}

void TestEditor::encodingAndLineEndsStay()
{
    QFETCH(const QString, before);
    QFETCH(const QByteArray, after);
    QFETCH(const QString, said);
    QVERIFY(open(u"printf '%1' > f.py"_s.arg(before)));
    QVERIFY2(label(u"infoLabel"_s)->text().contains(said),
             qPrintable(label(u"infoLabel"_s)->text()));
    QTest::keyClicks(text(), u"x"_s);
    press(QKeySequence::Save);
    QTRY_COMPARE(m_rig.edit(m_id)->state, OpenEdit::State::Saved);
    QCOMPARE(m_rig.run(u"sha256sum < f.py"_s).left(64).toLatin1(),
             QCryptographicHash::hash(after, QCryptographicHash::Sha256).toHex());
}

void TestEditor::characterThatCannotBeSaved()
{
    QVERIFY(open(u"printf 'caf\\351' > f.py"_s));
    text()->insertPlainText(u"€"_s);
    press(QKeySequence::Save);
    QTRY_VERIFY(label(u"problemLabel"_s)->isVisible());
    QVERIFY(label(u"problemLabel"_s)->text().contains(u"8859"_s));
    QVERIFY(m_editor->hasUnsaved());
    press(QKeySequence::Undo);
    QVERIFY(!m_editor->hasUnsaved());
    QTest::keyClicks(text(), u"x"_s);
    press(QKeySequence::Save);
    QTRY_VERIFY(!m_editor->hasUnsaved());
    QVERIFY(!label(u"problemLabel"_s)->isVisible());
}

void TestEditor::undoRedo()
{
    QVERIFY(open(u"printf 'one\\n' > f.py"_s));
    QVERIFY(!m_editor->findChild<QToolButton *>(u"undoButton"_s)->isEnabled());
    QTest::keyClicks(text(), u"x"_s);
    click(u"undoButton"_s);
    QCOMPARE(text()->toPlainText(), u"one\n"_s);
    QVERIFY(!m_editor->isWindowModified());
    click(u"redoButton"_s);
    QCOMPARE(text()->toPlainText(), u"xone\n"_s);
}

void TestEditor::newLinesAreIndented()
{
    QVERIFY(open(u"printf 'if x:\\n    y\\n' > f.py"_s));
    text()->moveCursor(QTextCursor::Down);
    text()->moveCursor(QTextCursor::EndOfBlock);
    QTest::keyClick(text(), Qt::Key_Return);
    QTest::keyClicks(text(), u"z"_s);
    QTest::keyClick(text(), Qt::Key_Return);
    QTest::keyClick(text(), Qt::Key_Tab);  // spaces, as the file has them
    QTest::keyClicks(text(), u"w"_s);
    QCOMPARE(text()->toPlainText(), u"if x:\n    y\n    z\n        w\n"_s);
}

void TestEditor::find()
{
    QVERIFY(open(u"printf 'one\\nTwo\\ntwo\\n' > f.py"_s));
    press(QKeySequence::Find);
    auto *wanted = m_editor->findChild<QLineEdit *>(u"findEdit"_s);
    QTRY_VERIFY(wanted->hasFocus());
    QTest::keyClicks(wanted, u"two"_s);
    QTest::keyClick(wanted, Qt::Key_Return);
    QCOMPARE(text()->textCursor().blockNumber(), 1);
    QTest::keyClick(wanted, Qt::Key_Return);
    QCOMPARE(text()->textCursor().blockNumber(), 2);
    QTest::keyClick(wanted, Qt::Key_Return);
    QCOMPARE(text()->textCursor().blockNumber(), 1);
    QVERIFY(!label(u"findLabel"_s)->text().isEmpty());
    auto *box = m_editor->findChild<QCheckBox *>(u"caseBox"_s);
    QTest::mouseClick(box, Qt::LeftButton, {}, QPoint(8, box->height() / 2));
    QTest::keyClick(wanted, Qt::Key_Return);
    QCOMPARE(text()->textCursor().blockNumber(), 2);
    QTest::keyClick(wanted, Qt::Key_Return);
    QCOMPARE(text()->textCursor().blockNumber(), 2);
    wanted->selectAll();
    QTest::keyClicks(wanted, u"three"_s);
    QTest::keyClick(wanted, Qt::Key_Return);
    QCOMPARE(label(u"findLabel"_s)->text(), u"Not found"_s);
    QTest::keyClick(wanted, Qt::Key_Escape);
    QVERIFY(!wanted->isVisible());
    QVERIFY(text()->hasFocus());
}

void TestEditor::closingAsks_data()
{
    QTest::addColumn<QMessageBox::ButtonRole>("role");
    QTest::addColumn<bool>("closes");
    QTest::addColumn<QByteArray>("there");
    QTest::newRow("save") << QMessageBox::AcceptRole << true << QByteArray("xone");
    QTest::newRow("drop") << QMessageBox::DestructiveRole << true << QByteArray("one");
    QTest::newRow("cancel") << QMessageBox::RejectRole << false << QByteArray("one");
}

void TestEditor::closingAsks()
{
    QFETCH(const QMessageBox::ButtonRole, role);
    QFETCH(const bool, closes);
    QVERIFY(open(u"printf one > f.py"_s));
    QTest::keyClicks(text(), u"x"_s);
    press(QKeySequence::Close);
    QMessageBox *box = question();
    QVERIFY(box);
    QVERIFY(m_editor->isVisible());
    answer(box, role);
    if (closes)
        QTRY_VERIFY(!m_editor);
    else
        QVERIFY(m_editor->hasUnsaved());
    QTRY_COMPARE(there(), *static_cast<const QByteArray *>(
                              QTest::qData("there", qMetaTypeId<QByteArray>())));
}

void TestEditor::anotherProgramsChange()
{
    QVERIFY(open(u"printf one > f.py"_s));
    const QString copy = m_rig.edit(m_id)->localFile();
    QTest::keyClicks(text(), u"x"_s);
    QVERIFY(writeFile(copy, "another"));
    press(QKeySequence::Save);
    QMessageBox *box = question();
    QVERIFY(box);
    answer(box, QMessageBox::RejectRole);
    QVERIFY(m_editor->hasUnsaved());
    QCOMPARE(readFile(copy), "another");
    press(QKeySequence::Save);
    box = question();
    QVERIFY(box);
    answer(box, QMessageBox::DestructiveRole);
    QTRY_COMPARE(readFile(copy), "xone");
    QTRY_COMPARE(there(), "xone");
}

void TestEditor::whatIsNotForIt_data()
{
    QTest::addColumn<QString>("command");
    QTest::addColumn<QString>("said");
    QTest::newRow("binary") << u"head -c 100 /dev/zero > f.py"_s << u"not a text"_s;
    QTest::newRow("too large") << u"head -c 4194305 /dev/zero | tr '\\0' '\\n' > f.py"_s
                               << u"4 MiB"_s;
    QTest::newRow("long line") << u"head -c 20001 /dev/zero | tr '\\0' x > f.py"_s
                               << u"20,000 characters"_s;
}

void TestEditor::whatIsNotForIt()
{
    QFETCH(const QString, command);
    QFETCH(const QString, said);
    QVERIFY(open(command));
    QCOMPARE(m_refusals.size(), 1);
    QVERIFY2(m_refusals.first().contains(said), qPrintable(m_refusals.first()));
    QTRY_VERIFY(!m_editor);
}

void TestEditor::longTextsAppearWhole()
{
    QVERIFY(open(u"seq 1 100000 > f.py"_s));
    QCOMPARE(text()->blockCount(), 100'001);
    text()->moveCursor(QTextCursor::End);
    QTest::keyClicks(text(), u"end"_s);
    press(QKeySequence::Save);
    QTRY_COMPARE(m_rig.run(u"wc -l < f.py; tail -n 1 f.py"_s), u"100000\nend"_s);
}

QTEST_MAIN(TestEditor)

#include "tst_editor.moc"
