// SPDX-License-Identifier: MIT
#include <QAbstractItemView>
#include <QClipboard>
#include <QCompleter>
#include <QDialog>
#include <QDir>
#include <QDropEvent>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMessageBox>
#include <QMimeData>
#include <QPushButton>
#include <QStackedWidget>
#include <QToolButton>
#include <QToolTip>
#include <QtTest>

#include "namedialog.h"
#include "panelundertest.h"
#include "pathbar.h"
#include "problemlabel.h"

using namespace voidrun;
using namespace Qt::StringLiterals;

// The file list of a real sandbox, worked with mouse and keys.
class TestFilePanel : public QObject, private test::PanelUnderTest
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QVERIFY2(startSandbox(), qPrintable(m_sandbox.problem())); }

    void init()
    {
        QVERIFY(
            openPanel(u"mkdir -p data/deep && echo hello > a.txt && echo x > b.txt && "
                      "echo y > c10.txt && echo z > c9.txt"_s));
    }

    void cleanup() { m_panel.reset(); }

    void foldersComeFirstInNaturalOrder()
    {
        QCOMPARE(names(),
                 (QStringList{u"data"_s, u"a.txt"_s, u"b.txt"_s, u"c9.txt"_s, u"c10.txt"_s}));
    }

    void doubleClickGoesInAndButtonsGoBack()
    {
        click(row(u"data"_s));
        QTest::mouseDClick(view()->viewport(), Qt::LeftButton, {},
                           view()->visualRect(row(u"data"_s)).center());
        QTRY_COMPARE(m_panel->folder(), u"/app/data"_s);
        QTRY_COMPARE(names(), QStringList{u"deep"_s});
        QTest::mouseClick(tool(u"backButton"_s), Qt::LeftButton);
        QTRY_COMPARE(m_panel->folder(), u"/app"_s);
        QTest::mouseClick(tool(u"forwardButton"_s), Qt::LeftButton);
        QTRY_COMPARE(m_panel->folder(), u"/app/data"_s);
        QTest::mouseClick(tool(u"upButton"_s), Qt::LeftButton);
        QTRY_COMPARE(m_panel->folder(), u"/app"_s);
    }

    void typedPathOpens()
    {
        view()->setFocus();
        QTest::keyClick(view(), Qt::Key_L, Qt::ControlModifier);
        auto *edit = m_panel->findChild<QLineEdit *>(u"pathEdit"_s);
        QTRY_VERIFY(edit->hasFocus());
        QTest::keyClicks(edit, u"/app/data"_s);
        QTest::keyClick(edit, Qt::Key_Return);
        QTRY_COMPARE(names(), QStringList{u"deep"_s});
    }

    // Also in folders that were never shown.
    void aTypedPathIsCompleted()
    {
        QCOMPARE(m_sandbox.run(u"mkdir -p /app/data/deep/under/below"_s), QString());
        view()->setFocus();
        QTest::keyClick(view(), Qt::Key_L, Qt::ControlModifier);
        auto *edit = m_panel->findChild<QLineEdit *>(u"pathEdit"_s);
        QTRY_VERIFY(edit->hasFocus());
        QTest::keyClicks(edit, u"/app/data/deep/u"_s);
        const auto *popup = edit->completer()->popup();
        QTRY_VERIFY(popup->isVisible());
        QCOMPARE(edit->completer()->currentCompletion(), u"/app/data/deep/under"_s);
        QTest::keyClick(edit->completer()->popup(), Qt::Key_Down);
        QTest::keyClick(edit->completer()->popup(), Qt::Key_Return);
        QTRY_COMPARE(m_panel->folder(), u"/app/data/deep/under"_s);
        QTRY_COMPARE(names(), QStringList{u"below"_s});
    }

    void anEmptyFolderOffersUpload()
    {
        m_panel->openFolder(u"/app/data/deep"_s);
        QTRY_VERIFY(loaded());
        QToolButton *upload = nullptr;
        for (auto *button : view()->viewport()->findChildren<QToolButton *>())
            upload = button;
        QTRY_VERIFY(upload && upload->isVisible());
        if (const QString folder = qEnvironmentVariable("VOIDRUN_PICTURES"); !folder.isEmpty())
            m_panel->grab().save(folder % u"/empty.png"_s);
        QTimer::singleShot(0, this, [] {
            QTRY_VERIFY(QApplication::activePopupWidget());
            QTest::keyClick(QApplication::activePopupWidget(), Qt::Key_Down);
            QTest::keyClick(QApplication::activePopupWidget(), Qt::Key_Return);
        });
        QTest::mouseClick(upload, Qt::LeftButton);
        QTRY_VERIFY(m_panel->findChild<QFileDialog *>());
        m_panel->findChild<QFileDialog *>()->reject();
        m_panel->openFolder(u"/app"_s);
        QTRY_VERIFY(loaded() && !upload->isVisible());
    }

    void missingFolderSaysSo()
    {
        m_panel->openFolder(u"/no/such/folder"_s);
        auto *stack = m_panel->findChild<QStackedWidget *>(u"stack"_s);
        auto *label = m_panel->findChild<QLabel *>(u"messageLabel"_s);
        QTRY_VERIFY(label->isVisible() && label->text().contains(u"could not be opened"_s));
        QVERIFY(label->text().contains(u"/no/such/folder"_s));
        QCOMPARE(stack->currentWidget()->objectName(), u"messagePage"_s);
        QTest::mouseClick(tool(u"backButton"_s), Qt::LeftButton);
        QTRY_COMPARE(names().size(), 5);
    }

    void missingFolderOffersAWayOut()
    {
        m_panel->openFolder(u"/no/such/folder"_s);
        auto *button = m_panel->findChild<QPushButton *>(u"messageButton"_s);
        QTRY_VERIFY(button->isVisible());
        QVERIFY2(button->text().contains(u"/app"_s), qPrintable(button->text()));
        QTest::mouseClick(button, Qt::LeftButton);
        QTRY_COMPARE(names().size(), 5);
        QCOMPARE(m_panel->folder(), u"/app"_s);
    }

    void enterMeansAllThatIsMarked()
    {
        QSignalSpy downloads(m_panel.get(), &FilePanel::downloadRequested);
        click(row(u"data"_s));
        click(row(u"a.txt"_s), Qt::ControlModifier);
        QTest::keyClick(view(), Qt::Key_Return);
        QCOMPARE(downloads.count(), 1);
        QCOMPARE(downloads.first().first().toStringList().size(), 2);
        QCOMPARE(m_panel->folder(), u"/app"_s);
    }

    void renamingStartsWithTheNameBeforeItsEnding()
    {
        click(row(u"b.txt"_s));
        QTest::keyClick(view(), Qt::Key_F2);
        auto *editor = view()->findChild<QLineEdit *>();
        QVERIFY(editor);
        QTRY_COMPARE(editor->selectedText(), u"b"_s);
        // A name that cannot be one stays to be corrected.
        QTest::keyClicks(editor, u"x/y"_s);
        QTest::keyClick(editor, Qt::Key_Return);
        QVERIFY(editor->isVisible());
        QTest::keyClick(editor, Qt::Key_Escape);
        QTRY_VERIFY(names().contains(u"b.txt"_s));
    }

    void renameInPlace()
    {
        click(row(u"b.txt"_s));
        QTest::keyClick(view(), Qt::Key_F2);
        auto *editor = view()->findChild<QLineEdit *>();
        QVERIFY(editor);
        editor->selectAll();
        QTest::keyClicks(editor, u"new name.txt"_s);
        QTest::keyClick(editor, Qt::Key_Return);
        QTRY_VERIFY(names().contains(u"new name.txt"_s));
        QVERIFY(!names().contains(u"b.txt"_s));
        QCOMPARE(m_sandbox.run(u"cat '/app/new name.txt'"_s), u"x\n"_s);
    }

    void renameOntoAnotherFileIsRefused()
    {
        click(row(u"b.txt"_s));
        QTest::keyClick(view(), Qt::Key_F2);
        auto *editor = view()->findChild<QLineEdit *>();
        QVERIFY(editor);
        editor->selectAll();
        QTest::keyClicks(editor, u"a.txt"_s);
        QTest::keyClick(editor, Qt::Key_Return);
        QVERIFY(editor->isVisible());  // what was typed stays to be corrected
        QTRY_VERIFY(QToolTip::text().contains(u"exists already"_s));
        QTest::keyClick(editor, Qt::Key_Escape);
        QCOMPARE(m_sandbox.run(u"cat /app/a.txt /app/b.txt"_s), u"hello\nx\n"_s);
    }

    void newFolder()
    {
        QTest::mouseClick(tool(u"newFolderButton"_s), Qt::LeftButton);
        auto *dialog = m_panel->findChild<NameDialog *>();
        QTRY_VERIFY(dialog && dialog->isVisible());
        auto *edit = dialog->findChild<QLineEdit *>();
        for (const QString &wrong : {u"a/b"_s, u"data"_s}) {
            edit->clear();
            QTest::keyClicks(edit, wrong);
            QTest::keyClick(edit, Qt::Key_Return);
            QVERIFY(dialog->isVisible());
            QVERIFY(dialog->findChild<ProblemLabel *>()->isVisible());
            QCOMPARE(edit->text(), wrong);
        }
        edit->clear();
        QTest::keyClicks(edit, u"made here"_s);
        QTest::keyClick(edit, Qt::Key_Return);
        QTRY_VERIFY(names().contains(u"made here"_s));
        QCOMPARE(m_sandbox.run(u"test -d '/app/made here' && echo yes"_s), u"yes\n"_s);
    }

    void deleteNamesWhatGoesAndCancelKeepsIt()
    {
        click(row(u"a.txt"_s));
        click(row(u"c9.txt"_s), Qt::ControlModifier);
        QTest::keyClick(view(), Qt::Key_Delete);
        QPointer<QMessageBox> box = m_panel->findChild<QMessageBox *>();
        QTRY_VERIFY(box && box->isVisible());
        const auto *list = box->findChild<QListWidget *>();
        QVERIFY(list->isVisible());
        QCOMPARE(list->count(), 2);
        QCOMPARE(list->item(0)->text(), u"a.txt"_s);
        QCOMPARE(list->item(1)->text(), u"c9.txt"_s);
        QCOMPARE(box->defaultButton(), box->button(QMessageBox::Cancel));
        QTest::mouseClick(box->button(QMessageBox::Cancel), Qt::LeftButton);
        QTRY_VERIFY(!box);
        QCOMPARE(names().size(), 5);
        QTest::keyClick(view(), Qt::Key_Delete);
        box = m_panel->findChild<QMessageBox *>();
        QTRY_VERIFY(box && box->isVisible());
        QTest::mouseClick(buttonOf(box, QMessageBox::DestructiveRole), Qt::LeftButton);
        QTRY_COMPARE(names(), (QStringList{u"data"_s, u"b.txt"_s, u"c10.txt"_s}));
        QCOMPARE(m_sandbox.run(u"ls /app"_s), u"b.txt\nc10.txt\ndata\n"_s);
    }

    void droppedFilesGoToTheFolderUnderThePointer_data()
    {
        QTest::addColumn<bool>("onFolder");
        QTest::addColumn<QString>("target");
        QTest::newRow("on the list") << false << u"/app"_s;
        QTest::newRow("on a folder") << true << u"/app/data"_s;
    }

    void droppedFilesGoToTheFolderUnderThePointer()
    {
        QFETCH(bool, onFolder);
        QFETCH(QString, target);
        QSignalSpy uploads(m_panel.get(), &FilePanel::uploadRequested);
        QMimeData data;
        data.setUrls(
            {QUrl::fromLocalFile(u"/tmp/some file"_s), QUrl(u"https://example.invalid/x"_s)});
        const QPoint point = onFolder ? view()->visualRect(row(u"data"_s)).center()
                                      : QPoint(100, view()->viewport()->height() - 10);
        QDragEnterEvent enter(point, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(view()->viewport(), &enter);
        QVERIFY(enter.isAccepted());
        QDragMoveEvent move(point, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(view()->viewport(), &move);
        QVERIFY(move.isAccepted());
        // A file manager may propose to move; the originals stay all the same.
        QDropEvent drop(point, Qt::CopyAction | Qt::MoveAction, &data, Qt::LeftButton,
                        Qt::NoModifier);
        QCoreApplication::sendEvent(view()->viewport(), &drop);
        QCOMPARE(drop.dropAction(), Qt::CopyAction);
        QCOMPARE(uploads.count(), 1);
        QCOMPARE(uploads.first().at(0).toStringList(), QStringList{u"/tmp/some file"_s});
        QCOMPARE(uploads.first().at(1).toString(), target);
    }

    void foldersAboveAreButtons()
    {
        m_panel->openFolder(u"/app/data/deep"_s);
        QTRY_VERIFY(loaded());
        const auto *bar = m_panel->findChild<PathBar *>();
        const auto buttons = [bar] {
            QMap<int, QToolButton *> byPlace;
            for (auto *button : bar->findChildren<QToolButton *>()) {
                if (button->isVisible())
                    byPlace.insert(button->x(), button);
            }
            return byPlace.values();
        };
        const auto texts = [&] {
            QStringList texts;
            for (const QToolButton *button : buttons())
                texts.append(button->text());
            return texts;
        };
        QTRY_COMPARE(texts(), (QStringList{u"/"_s, u"app"_s, u"data"_s, u"deep"_s}));
        QToolButton *data = buttons().at(2);
        QTest::mouseClick(data, Qt::LeftButton);
        QTRY_COMPARE(m_panel->folder(), u"/app/data"_s);
    }

    void copyAndPasteMakesACopyAndCutMoves()
    {
        click(row(u"a.txt"_s));
        QTest::keyClick(view(), Qt::Key_C, Qt::ControlModifier);
        QCOMPARE(QGuiApplication::clipboard()->text(), u"/app/a.txt"_s);
        QTest::keyClick(view(), Qt::Key_V, Qt::ControlModifier);
        QTRY_VERIFY(names().contains(u"a (2).txt"_s));
        click(row(u"b.txt"_s));
        QTest::keyClick(view(), Qt::Key_X, Qt::ControlModifier);
        m_panel->openFolder(u"/app/data"_s);
        QTRY_VERIFY(loaded());
        QTest::keyClick(view(), Qt::Key_V, Qt::ControlModifier);
        QTRY_VERIFY(names().contains(u"b.txt"_s));
        QCOMPARE(m_sandbox.run(u"cat '/app/a (2).txt' /app/a.txt /app/data/b.txt; "
                               "test ! -e /app/b.txt && echo gone"_s),
                 u"hello\nhello\nx\ngone\n"_s);
    }

    // A folder is measured before anything is fetched for other programs.
    void largeFoldersAreNotFetchedForOtherPrograms()
    {
        QCOMPARE(m_sandbox.run(u"mkdir /app/big && head -c 70000000 /dev/zero > /app/big/z"_s),
                 QString());
        m_panel->refresh();
        QTRY_VERIFY(names().contains(u"big"_s));
        QSignalSpy fetches(m_panel.get(), &FilePanel::dragOutFetchRequested);
        QSignalSpy offers(m_panel.get(), &FilePanel::offer);
        click(row(u"big"_s));
        QTest::keyClick(view(), Qt::Key_C, Qt::ControlModifier);
        QTRY_COMPARE(offers.count(), 1);
        QCOMPARE(fetches.count(), 0);
        QSignalSpy downloads(m_panel.get(), &FilePanel::downloadRequested);
        offers.first().at(2).value<std::function<void()>>()();
        QCOMPARE(downloads.first().first().toStringList(), QStringList{u"/app/big"_s});
        click(row(u"data"_s));
        QTest::keyClick(view(), Qt::Key_C, Qt::ControlModifier);
        QTRY_COMPARE(fetches.count(), 1);
        QCOMPARE(offers.count(), 1);
        QCOMPARE(m_sandbox.run(u"rm -r /app/big"_s), QString());
    }

    void pastedLocalFilesAreUploaded()
    {
        QSignalSpy uploads(m_panel.get(), &FilePanel::uploadRequested);
        auto *data = new QMimeData;
        data->setUrls({QUrl::fromLocalFile(u"/tmp/from here"_s)});
        QGuiApplication::clipboard()->setMimeData(data);
        view()->setFocus();
        QTest::keyClick(view(), Qt::Key_V, Qt::ControlModifier);
        QCOMPARE(uploads.count(), 1);
        QCOMPARE(uploads.first().first().toStringList(), QStringList{u"/tmp/from here"_s});
    }

    void duplicateKeepsTheOriginal()
    {
        click(row(u"data"_s));
        QTest::keyClick(view(), Qt::Key_D, Qt::ControlModifier);
        QTRY_VERIFY(names().contains(u"data (2)"_s));
        QCOMPARE(
            m_sandbox.run(u"test -d '/app/data (2)/deep' && test -d /app/data/deep && echo yes"_s),
            u"yes\n"_s);
    }

    void hiddenFilesAreShownOnAsking()
    {
        QCOMPARE(m_sandbox.run(u"touch /app/.secret"_s), QString());
        m_panel->refresh();
        QTRY_VERIFY(m_panel->model()->indexOf(u"/app/.secret"_s).isValid());
        QVERIFY(!names().contains(u".secret"_s));
        view()->setFocus();
        QTest::keyClick(view(), Qt::Key_H, Qt::ControlModifier);
        QVERIFY(names().contains(u".secret"_s));
        QTest::keyClick(view(), Qt::Key_H, Qt::ControlModifier);
        QVERIFY(!names().contains(u".secret"_s));
    }

    void filterShowsWhatMatches()
    {
        view()->setFocus();
        QTest::keyClick(view(), Qt::Key_F, Qt::ControlModifier);
        auto *edit = m_panel->findChild<QLineEdit *>(u"filterEdit"_s);
        QTRY_VERIFY(edit->hasFocus());
        QTest::keyClicks(edit, u"C1"_s);
        QCOMPARE(names(), QStringList{u"c10.txt"_s});
        QTest::keyClick(edit, Qt::Key_Escape);
        QCOMPARE(names().size(), 5);
        QTRY_VERIFY(view()->hasFocus());
    }

    void downloadAsksForTheSelection()
    {
        QSignalSpy downloads(m_panel.get(), &FilePanel::downloadRequested);
        QVERIFY(!tool(u"downloadButton"_s)->isEnabled());
        click(row(u"a.txt"_s));
        click(row(u"data"_s), Qt::ControlModifier);
        QTest::mouseClick(tool(u"downloadButton"_s), Qt::LeftButton);
        QCOMPARE(downloads.count(), 1);
        const QStringList paths = downloads.first().first().toStringList();
        QCOMPARE(QSet<QString>(paths.begin(), paths.end()),
                 (QSet<QString>{u"/app/a.txt"_s, u"/app/data"_s}));
    }
};

QTEST_MAIN(TestFilePanel)
#include "tst_filepanel.moc"
