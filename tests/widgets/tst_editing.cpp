// SPDX-License-Identifier: MIT
#include <QDesktopServices>
#include <QPlainTextEdit>
#include <QTemporaryDir>
#include <QTreeView>

#include "differencedialog.h"
#include "editingflow.h"
#include "editors.h"
#include "editorwindow.h"
#include "models/openedits.h"
#include "models/transfermodel.h"
#include "openeditspanel.h"
#include "panelundertest.h"
#include "trees.h"

using namespace Qt::StringLiterals;
using namespace voidrun;
using namespace voidrun::test;

// From the double-click on a file of a real sandbox to what its editor saved, with a desktop that
// knows one program, which opens texts: this test.
class TestEditing : public QObject, private PanelUnderTest
{
    Q_OBJECT

public Q_SLOTS:
    void openWithProgram(const QUrl &url) { m_opened.append(url.toLocalFile()); }

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void cleanupTestCase() { QDesktopServices::unsetUrlHandler(u"file"_s); }

    void doubleClickOpensTheProgram();
    void enterAndMenuOpenToo();
    void whatCouldRunIsOpenedHere_data();
    void whatCouldRunIsOpenedHere();
    void withoutProgramItIsOpenedHere();
    void editHereAndClose();
    void binaryWithoutProgramIsRefused();
    void conflictIsAskedAbout_data();
    void conflictIsAskedAbout();
    void listOfEdits();
    void closingSaysWhatIsNotSent();

private:
    void doubleClick(const QString &name);
    EditorWindow *editor() const;
    static QPushButton *button(const QWidget *parent, const QString &text);
    int onlyId() const { return m_edits->index(0, 0).data(OpenEdits::IdRole).toInt(); }
    QString there(const QString &name) { return m_sandbox.run(u"cat /app/"_s + name); }
    // Where VOIDRUN_TEST_PICTURES names a folder for it.
    static void picture(QWidget *widget, const QString &name);

    QTemporaryDir m_desktop;
    std::unique_ptr<QTemporaryDir> m_dir;
    std::unique_ptr<TransferModel> m_transfers;
    std::unique_ptr<OpenEdits> m_edits;
    std::unique_ptr<OpenEditsPanel> m_list;
    EditingFlow *m_flow = nullptr;
    QStringList m_opened;
    QStringList m_notices;
    QStringList m_problems;
};

void TestEditing::initTestCase()
{
    Q_INIT_RESOURCE(app);
    QVERIFY2(startSandbox(), qPrintable(m_sandbox.problem()));
    QDesktopServices::setUrlHandler(u"file"_s, this, "openWithProgram");
    // The types of this system, but none of its programs.
    qputenv("XDG_CONFIG_HOME", m_desktop.filePath(u"config"_s).toUtf8());
    qputenv("XDG_DATA_HOME", m_desktop.filePath(u"data"_s).toUtf8());
    qputenv("XDG_DATA_DIRS", m_desktop.filePath(u"types"_s).toUtf8());
    QVERIFY(QDir(m_desktop.path()).mkpath(u"types"_s));
    QVERIFY(QFile::link(u"/usr/share/mime"_s, m_desktop.filePath(u"types/mime"_s)));
    QVERIFY(writeFile(m_desktop.filePath(u"data/applications/test.desktop"_s),
                      "[Desktop Entry]\nType=Application\nName=Test Editor\nExec=true\n"));
}

void TestEditing::init()
{
    m_dir = std::make_unique<QTemporaryDir>();
    QVERIFY(writeFile(m_desktop.filePath(u"config/mimeapps.list"_s),
                      "[Default Applications]\ntext/plain=test.desktop\n"));
    m_opened.clear();
    m_notices.clear();
    m_problems.clear();
    m_transfers = std::make_unique<TransferModel>();
    m_edits = std::make_unique<OpenEdits>(m_dir->filePath(u"edits"_s), m_transfers.get());
    QVERIFY(openPanel(
        u"printf 'one\\ntwo\\n' > a.txt; printf '#!/bin/sh\\n' > run.sh; chmod 755 run.sh; "
        "printf '[Desktop Entry]\\n' > x.desktop; printf '{}' > unknown.xyz; "
        "head -c 64 /dev/zero > binary.dat"_s));
    m_flow = new EditingFlow(m_edits.get(), m_panel.get());
    connect(m_panel.get(), &FilePanel::editRequested, m_flow,
            [this](const QString &path, bool here) {
                m_flow->open(m_sandbox.engine().profile(), m_sandbox.id(), u"models-test"_s, path,
                             here);
            });
    connect(m_flow, &EditingFlow::notice, this,
            [this](const QString &sentence) { m_notices.append(sentence); });
    const auto append = [this](const QString &sentence) { m_problems.append(sentence); };
    connect(m_flow, &EditingFlow::problem, this, append);
    connect(m_flow, &EditingFlow::failure, this, append);
    m_list = std::make_unique<OpenEditsPanel>(m_edits.get());
    connect(m_list.get(), &OpenEditsPanel::openRequested, m_edits.get(), &OpenEdits::reopen);
    connect(m_list.get(), &OpenEditsPanel::stopRequested, m_flow, &EditingFlow::stop);
    connect(m_list.get(), &OpenEditsPanel::differenceRequested, m_flow,
            &EditingFlow::showDifference);
    connect(m_list.get(), &OpenEditsPanel::saveRequested, m_edits.get(), &OpenEdits::saveNow);
}

void TestEditing::cleanup()
{
    m_list.reset();
    m_panel.reset();  // and the flow with it
    m_edits.reset();
    m_transfers.reset();
}

void TestEditing::doubleClick(const QString &name)
{
    const QPoint point = view()->visualRect(row(name)).center();
    QTest::mouseClick(view()->viewport(), Qt::LeftButton, {}, point);
    QTest::mouseDClick(view()->viewport(), Qt::LeftButton, {}, point);
}

EditorWindow *TestEditing::editor() const
{
    for (QWidget *widget : QApplication::topLevelWidgets()) {
        if (auto *editor = qobject_cast<EditorWindow *>(widget); editor && editor->isVisible())
            return editor;
    }
    return nullptr;
}

QPushButton *TestEditing::button(const QWidget *parent, const QString &text)
{
    for (QPushButton *candidate : parent->findChildren<QPushButton *>()) {
        if (candidate->text().remove(u'&') == text)
            return candidate;
    }
    return nullptr;
}

void TestEditing::picture(QWidget *widget, const QString &name)
{
    const QString folder = qEnvironmentVariable("VOIDRUN_TEST_PICTURES");
    if (!folder.isEmpty())
        QVERIFY(widget->grab().save(folder + u'/' + name + u".png"_s));
}

void TestEditing::doubleClickOpensTheProgram()
{
    doubleClick(u"a.txt"_s);
    QTRY_COMPARE(m_opened.size(), 1);
    QCOMPARE(QFileInfo(m_opened.first()).fileName(), u"a.txt"_s);
    QCOMPARE(readFile(m_opened.first()), "one\ntwo\n");
    QVERIFY2(m_notices.last().contains(u"Test Editor"_s), qPrintable(m_notices.last()));
    QVERIFY(editors::likeVim(m_opened.first(), "changed\n"));
    QTRY_COMPARE(there(u"a.txt"_s), u"changed\n"_s);
    QTRY_VERIFY2(m_notices.last().contains(u"was saved"_s), qPrintable(m_notices.last()));
    QVERIFY(m_problems.isEmpty());
    QVERIFY(!editor());
}

void TestEditing::enterAndMenuOpenToo()
{
    click(row(u"a.txt"_s));
    QTest::keyClick(view(), Qt::Key_Return);
    QTRY_COMPARE(m_opened.size(), 1);
    QAction *open = menuEntry(row(u"a.txt"_s), u"Open"_s);
    QVERIFY(open);
    open->trigger();
    QTRY_COMPARE(m_opened.size(), 2);
    QCOMPARE(m_opened.first(), m_opened.last());
    QCOMPARE(m_edits->rowCount(), 1);
}

void TestEditing::whatCouldRunIsOpenedHere_data()
{
    QTest::addColumn<QString>("name");
    QTest::newRow("script with the bit") << u"run.sh"_s;
    QTest::newRow("desktop entry") << u"x.desktop"_s;
}

void TestEditing::whatCouldRunIsOpenedHere()
{
    QFETCH(const QString, name);
    doubleClick(name);
    QTRY_VERIFY(editor());
    QVERIFY(editor()->windowTitle().contains(name));
    QVERIFY(m_opened.isEmpty());
}

void TestEditing::withoutProgramItIsOpenedHere()
{
    QVERIFY(QFile::remove(m_desktop.filePath(u"config/mimeapps.list"_s)));
    doubleClick(u"a.txt"_s);
    QTRY_VERIFY(editor());
    QVERIFY(m_opened.isEmpty());
    // Once more: the same window.
    doubleClick(u"a.txt"_s);
    QTRY_VERIFY(editor()->isActiveWindow());
    QCOMPARE(m_edits->rowCount(), 1);
}

void TestEditing::editHereAndClose()
{
    click(row(u"a.txt"_s));
    QAction *here = menuEntry(row(u"a.txt"_s), u"Edit here"_s);
    QVERIFY(here);
    here->trigger();
    QTRY_VERIFY(editor());
    QPointer<EditorWindow> window = editor();
    QVERIFY(QTest::qWaitForWindowActive(window));
    auto *text = window->findChild<QPlainTextEdit *>();
    QTRY_VERIFY(!text->isReadOnly());
    QTest::keyClicks(text, u"x"_s);
    QTest::keySequence(window, QKeySequence::Save);
    QTRY_COMPARE(there(u"a.txt"_s), u"xone\ntwo\n"_s);
    QTRY_COMPARE(m_edits->unsentCount(), 0);
    window->close();
    QTRY_VERIFY(!window);
    QTRY_COMPARE(m_edits->rowCount(), 0);  // nothing else has it open
    QVERIFY(m_opened.isEmpty());
}

void TestEditing::binaryWithoutProgramIsRefused()
{
    doubleClick(u"binary.dat"_s);
    QTRY_COMPARE(m_problems.size(), 1);
    QVERIFY2(m_problems.first().contains(u"binary.dat"_s), qPrintable(m_problems.first()));
    QTRY_COMPARE(m_edits->rowCount(), 0);
}

void TestEditing::conflictIsAskedAbout_data()
{
    QTest::addColumn<QString>("button");
    QTest::addColumn<QString>("there");
    QTest::addColumn<QString>("beside");
    QTest::newRow("mine") << u"Keep mine"_s << u"one\nmine\n"_s << QString();
    QTest::newRow("theirs") << u"Keep theirs"_s << u"one\ntheirs\n"_s << QString();
    QTest::newRow("both") << u"Save mine as…"_s << u"one\ntheirs\n"_s << u"one\nmine\n"_s;
}

void TestEditing::conflictIsAskedAbout()
{
    QFETCH(const QString, button);
    doubleClick(u"a.txt"_s);
    QTRY_COMPARE(m_opened.size(), 1);
    QCOMPARE(m_sandbox.run(u"printf 'one\\ntheirs\\n' > /app/a.txt"_s), QString());
    QVERIFY(editors::likeQt(m_opened.first(), "one\nmine\n"));
    const auto dialog = [this] { return m_panel->findChild<DifferenceDialog *>(); };
    QTRY_VERIFY(dialog() && dialog()->isVisible());
    const auto *difference = dialog()->findChild<QPlainTextEdit *>();
    QTRY_VERIFY2(difference->toPlainText().contains(u"− theirs"_s) &&
                     difference->toPlainText().contains(u"+ mine"_s),
                 qPrintable(difference->toPlainText()));
    QTest::mouseClick(this->button(dialog(), button), Qt::LeftButton);
    if (button == u"Save mine as…"_s) {
        QPointer<QDialog> name;
        QTRY_VERIFY((name = dialog()->findChild<QDialog *>()) && name->isVisible());
        picture(dialog(), u"conflict"_s);
        picture(name, u"conflict-name"_s);
        QTest::mouseClick(this->button(name, u"Save"_s), Qt::LeftButton);
    }
    QTRY_VERIFY(!dialog());
    QTRY_COMPARE(m_edits->unsentCount(), 0);
    QFETCH(const QString, there);
    QFETCH(const QString, beside);
    QCOMPARE(this->there(u"a.txt"_s), there);
    if (!beside.isEmpty())
        QCOMPARE(this->there(u"'a (mine).txt'"_s), beside);
    QCOMPARE(QString::fromUtf8(readFile(m_opened.first())), beside.isEmpty() ? there : beside);
}

void TestEditing::listOfEdits()
{
    doubleClick(u"a.txt"_s);
    QTRY_COMPARE(m_opened.size(), 1);
    m_list->resize(1000, 220);
    m_list->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_list.get()));
    auto *edits = m_list->findChild<QTreeView *>();
    const auto press = [this](const QString &name) {
        QTest::mouseClick(m_list->findChild<QToolButton *>(name), Qt::LeftButton);
    };
    QTest::mouseClick(edits->viewport(), Qt::LeftButton, {},
                      edits->visualRect(edits->model()->index(0, 0)).center());
    press(u"openButton"_s);
    QTRY_COMPARE(m_opened.size(), 2);
    QVERIFY(!m_list->findChild<QToolButton *>(u"saveButton"_s)->isEnabled());

    // Not sent, because the sandbox's file changed and nobody has decided yet.
    QCOMPARE(m_sandbox.run(u"printf 'one\\ntheirs\\n' > /app/a.txt"_s), QString());
    QVERIFY(editors::likeQt(m_opened.first(), "one\nmine\n"));
    QPointer<DifferenceDialog> dialog;
    QTRY_VERIFY((dialog = m_panel->findChild<DifferenceDialog *>()));
    QTRY_VERIFY(dialog->isVisible());
    QTest::mouseClick(button(dialog, u"Decide later"_s), Qt::LeftButton);
    QTRY_VERIFY(!dialog);
    QCOMPARE(m_edits->unsentCount(), 1);
    const QString state = edits->model()->index(0, OpenEdits::StateColumn).data().toString();
    QVERIFY2(state.contains(u"in the sandbox"_s), qPrintable(state));
    press(u"differenceButton"_s);
    QTRY_VERIFY((dialog = m_panel->findChild<DifferenceDialog *>()));
    dialog->close();

    const auto question = [this] { return m_panel->findChild<QMessageBox *>(); };
    press(u"stopButton"_s);
    QTRY_VERIFY(question() && question()->isVisible());
    QTest::mouseClick(buttonOf(question(), QMessageBox::RejectRole), Qt::LeftButton);
    QTRY_VERIFY(!question());
    QCOMPARE(m_edits->rowCount(), 1);
    press(u"stopButton"_s);
    QTRY_VERIFY(question() && question()->isVisible());
    QTest::mouseClick(buttonOf(question(), QMessageBox::DestructiveRole), Qt::LeftButton);
    QTRY_COMPARE(m_edits->rowCount(), 0);
    QCOMPARE(there(u"a.txt"_s), u"one\ntheirs\n"_s);
}

void TestEditing::closingSaysWhatIsNotSent()
{
    const auto unsent = [this] {
        return m_flow->unsentIn(m_sandbox.engine().profile().id, m_sandbox.id());
    };
    QVERIFY(m_flow->unfinished().isEmpty());
    QVERIFY(unsent().isEmpty());
    std::unique_ptr<QToolButton> indicator(m_flow->createIndicator(nullptr));
    click(row(u"a.txt"_s));
    QTest::keyClick(view(), Qt::Key_F4);
    QTRY_VERIFY(editor());
    QVERIFY(QTest::qWaitForWindowActive(editor()));
    QTRY_VERIFY(!editor()->findChild<QPlainTextEdit *>()->isReadOnly());
    QTest::keyClicks(editor()->findChild<QPlainTextEdit *>(), u"x"_s);
    QCOMPARE(m_flow->unfinished().size(), 1);
    QVERIFY(m_flow->unfinished().first().contains(u"a.txt"_s));
    QCOMPARE(unsent(), QStringList{u"a.txt"_s});
    QVERIFY(indicator->text().contains(u"open"_s));
    m_sandbox.engine().kill9();
    QTest::keySequence(editor(), QKeySequence::Save);
    QTRY_COMPARE(m_edits->unsentCount(), 1);
    QCOMPARE(unsent(), QStringList{u"a.txt"_s});
    QTRY_VERIFY(indicator->text().contains(u"not sent"_s));
    QTRY_COMPARE(m_flow->unfinished().size(), 1);
    QVERIFY(m_flow->unfinished().first().contains(u"sent when you start"_s));
    QTRY_COMPARE_WITH_TIMEOUT(m_problems.size(), 1, 30'000);
    QVERIFY2(m_problems.first().contains(u"by itself"_s), qPrintable(m_problems.first()));
    QVERIFY2(m_sandbox.engine().start(), qPrintable(m_sandbox.engine().problem()));
    QVERIFY(m_sandbox.reconnect());
    m_edits->updateProfile(m_sandbox.engine().profile());
    QTRY_COMPARE_WITH_TIMEOUT(m_edits->unsentCount(), 0, 30'000);
    QVERIFY(unsent().isEmpty());
    QCOMPARE(there(u"a.txt"_s), u"xone\ntwo\n"_s);
    m_connection = std::make_unique<Connection>(m_sandbox.engine().profile());
    m_flow->closeEditors();
    QVERIFY(!editor());
}

QTEST_MAIN(TestEditing)

#include "tst_editing.moc"
