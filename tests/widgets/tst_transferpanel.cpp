// SPDX-License-Identifier: MIT
#include <QCheckBox>
#include <QDialogButtonBox>
#include <QLabel>
#include <QMainWindow>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <QTreeView>
#include <QTreeWidget>

#include "conflictdialog.h"
#include "scriptedguest.h"
#include "transferflow.h"
#include "transferpanel.h"
#include "transferproblemsdialog.h"
#include "trees.h"

using namespace Qt::StringLiterals;
using namespace voidrun;
using namespace voidrun::test;
using State = TransferModel::State;

// The list of transfers with its questions, as a person uses them, over a scripted server.
class TestTransferPanel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void pauseResumeAndCancel();
    void problemsAreListedAndRetried();
    void namesAreComparedAndAnsweredOneByOne();
    void orderFollowsTheButtons();

private:
    int upload(const QStringList &names);
    int download(const QString &path);
    QToolButton *button(const QString &name) const
    {
        return m_panel->findChild<QToolButton *>(name);
    }
    State state(int id) const { return m_model->item(id)->state; }
    // The panel's picture, where VOIDRUN_TEST_PICTURES names a folder for it.
    void picture(QWidget *widget, const QString &name) const;

    std::unique_ptr<ScriptedGuest> m_guest;
    std::unique_ptr<QTemporaryDir> m_dir;
    std::unique_ptr<TransferModel> m_model;
    std::unique_ptr<QMainWindow> m_window;
    TransferPanel *m_panel = nullptr;
};

void TestTransferPanel::init()
{
    Q_INIT_RESOURCE(app);
    m_guest = std::make_unique<ScriptedGuest>();
    m_guest->setFolder(u"/w"_s, {});
    m_dir = std::make_unique<QTemporaryDir>();
    m_model = std::make_unique<TransferModel>();
    m_window = std::make_unique<QMainWindow>();
    m_panel = new TransferPanel(m_model.get());
    m_window->setCentralWidget(m_panel);
    new TransferFlow(m_model.get(), m_window.get());
    m_window->resize(1100, 260);
    m_window->show();
    QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
}

void TestTransferPanel::cleanup()
{
    m_window.reset();
    m_model.reset();
    m_guest.reset();
}

void TestTransferPanel::picture(QWidget *widget, const QString &name) const
{
    const QString folder = qEnvironmentVariable("VOIDRUN_TEST_PICTURES");
    if (!folder.isEmpty())
        QVERIFY(widget->grab().save(folder + u'/' + name + u".png"_s));
}

int TestTransferPanel::upload(const QStringList &names)
{
    TransferRequest request;
    request.profile = m_guest->profile();
    request.sandboxId = ScriptedGuest::sandboxId();
    request.sandboxName = u"box"_s;
    for (const QString &name : names)
        request.sources.append(m_dir->filePath(name));
    request.target = u"/w"_s;
    return m_model->start(request);
}

int TestTransferPanel::download(const QString &path)
{
    TransferRequest request;
    request.direction = TransferRequest::Direction::Download;
    request.profile = m_guest->profile();
    request.sandboxId = ScriptedGuest::sandboxId();
    request.sandboxName = u"box"_s;
    request.sources = {path};
    request.target = m_dir->filePath(u"down"_s);
    return m_model->start(request);
}

void TestTransferPanel::pauseResumeAndCancel()
{
    QVERIFY(writeFile(m_dir->filePath(u"f"_s), "f"));
    m_guest->setDelay(std::chrono::milliseconds(150));
    const int id = upload({u"f"_s});
    QTRY_COMPARE(state(id), State::Running);
    QCOMPARE(button(u"pauseButton"_s)->text(), u"Pause"_s);
    QTest::mouseClick(button(u"pauseButton"_s), Qt::LeftButton);
    QTRY_COMPARE(state(id), State::Paused);
    QTRY_COMPARE(button(u"pauseButton"_s)->text(), u"Resume"_s);
    picture(m_window.get(), u"paused"_s);
    QTest::mouseClick(button(u"pauseButton"_s), Qt::LeftButton);
    QTRY_COMPARE(state(id), State::Done);
    QVERIFY(!button(u"pauseButton"_s)->isEnabled());
    QVERIFY(!button(u"cancelButton"_s)->isEnabled());
    const int other = upload({u"f"_s});
    QTRY_VERIFY(state(other) == State::Running);
    QTest::mouseClick(button(u"pauseButton"_s), Qt::LeftButton);
    QTRY_COMPARE(state(other), State::Paused);
    QTest::mouseClick(button(u"cancelButton"_s), Qt::LeftButton);  // also what is paused
    QTRY_COMPARE(state(other), State::Cancelled);
}

void TestTransferPanel::problemsAreListedAndRetried()
{
    QJsonArray entries;
    for (int i = 0; i < 8; ++i) {
        entries.append(ScriptedGuest::entry(u"f%1"_s.arg(i), 1));
        m_guest->setFile(u"/w/d/f%1"_s.arg(i), "x");
    }
    m_guest->setFolder(u"/w/d"_s, entries);
    m_guest->setStatus(u"/w/d/f3"_s, 404);
    const int id = download(u"/w/d"_s);
    QTRY_COMPARE(state(id), State::Failed);
    auto *view = m_panel->findChild<QTreeView *>(u"transferView"_s);
    const QString text = view->model()->index(0, TransferModel::StateColumn).data().toString();
    QVERIFY2(text.startsWith(u"7 of 8"_s), qPrintable(text));
    QTest::mouseClick(button(u"problemsButton"_s), Qt::LeftButton);
    auto *dialog = m_panel->findChild<TransferProblemsDialog *>();
    QVERIFY(dialog && dialog->isVisible());
    auto *list = dialog->findChild<QTreeWidget *>(u"problemView"_s);
    QCOMPARE(list->topLevelItemCount(), 1);
    QCOMPARE(list->topLevelItem(0)->text(0), u"/w/d/f3"_s);
    QVERIFY(!list->topLevelItem(0)->text(1).isEmpty());
    picture(m_window.get(), u"failed"_s);
    picture(dialog, u"problems"_s);
    m_guest->clearStatus(u"/w/d/f3"_s);
    for (QAbstractButton *each : dialog->findChild<QDialogButtonBox *>()->buttons()) {
        if (each->text().contains(u"Retry"_s))
            each->click();
    }
    QTRY_COMPARE(state(id), State::Done);
    QCOMPARE(readFile(m_dir->filePath(u"down/d/f3"_s)), QByteArray("x"));
}

void TestTransferPanel::namesAreComparedAndAnsweredOneByOne()
{
    QVERIFY(writeFile(m_dir->filePath(u"a"_s), "new a"));
    QVERIFY(writeFile(m_dir->filePath(u"b"_s), "new b"));
    m_guest->setFolder(u"/w"_s, {ScriptedGuest::entry(u"a"_s, 3), ScriptedGuest::entry(u"b"_s, 3)});
    m_guest->setFile(u"/w/a"_s, "old");
    m_guest->setFile(u"/w/b"_s, "old");
    const int id = upload({u"a"_s, u"b"_s});
    QPointer<ConflictDialog> dialog;
    QTRY_VERIFY((dialog = m_window->findChild<ConflictDialog *>()) && dialog->isVisible());
    auto *buttons = dialog->findChild<QDialogButtonBox *>();
    const auto press = [&](const QString &text) {
        for (QAbstractButton *each : buttons->buttons()) {
            if (each->text().remove(u'&') == text)
                each->click();
        }
    };
    auto *comparison = dialog->findChild<QTreeWidget *>(u"comparisonView"_s);
    QVERIFY(!comparison->isVisible());
    press(u"Compare"_s);
    QVERIFY(comparison->isVisible());
    QCOMPARE(comparison->topLevelItem(0)->text(1), QLocale().formattedDataSize(5));
    QCOMPARE(comparison->topLevelItem(0)->text(3), QLocale().formattedDataSize(3));
    picture(dialog, u"conflict"_s);
    auto *all = dialog->findChild<QCheckBox *>(u"allBox"_s);
    QVERIFY(all->isVisible() && all->isChecked());
    all->setChecked(false);
    auto *question = dialog->findChild<QLabel *>(u"questionLabel"_s);
    QVERIFY(question->text().contains(u"“a”"_s));
    press(u"Skip"_s);
    QVERIFY(question->text().contains(u"“b”"_s));
    QVERIFY(!all->isVisible());
    press(u"Overwrite"_s);
    QTRY_COMPARE(state(id), State::Done);
    QCOMPARE(m_guest->content(u"/w/a"_s), QByteArray("old"));
    QCOMPARE(m_guest->content(u"/w/b"_s), QByteArray("new b"));
}

void TestTransferPanel::orderFollowsTheButtons()
{
    QVERIFY(writeFile(m_dir->filePath(u"f"_s), "f"));
    const int first = upload({u"f"_s});
    QTRY_COMPARE(state(first), State::Done);
    const int second = upload({u"f"_s});
    QTRY_COMPARE(state(second), State::Done);
    QVERIFY(button(u"upButton"_s)->isEnabled());
    QVERIFY(!button(u"downButton"_s)->isEnabled());
    QTest::mouseClick(button(u"upButton"_s), Qt::LeftButton);
    QCOMPARE(m_model->index(0, 0).data(TransferModel::IdRole).toInt(), second);
    QVERIFY(!button(u"upButton"_s)->isEnabled());
    QVERIFY(button(u"downButton"_s)->isEnabled());
}

QTEST_MAIN(TestTransferPanel)
#include "tst_transferpanel.moc"
