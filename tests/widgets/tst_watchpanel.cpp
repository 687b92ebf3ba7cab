// SPDX-License-Identifier: MIT
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QToolButton>
#include <QTreeView>
#include <QtTest>

#include "enginesandbox.h"
#include "models/connection.h"
#include "models/sandboxmodel.h"
#include "models/watcheventsmodel.h"
#include "models/watchmodel.h"
#include "problemlabel.h"
#include "support/guigap.h"
#include "watchdialog.h"
#include "watchpanel.h"
#include "watchtext.h"

using namespace voidrun;
using namespace Qt::StringLiterals;

// The panel of what is watched, on a real sandbox, with mouse and keys.
class TestWatchPanel : public QObject
{
    Q_OBJECT

private:
    test::EngineSandbox m_sandbox;
    std::unique_ptr<Connection> m_connection;
    std::unique_ptr<WatchModel> m_model;
    std::unique_ptr<WatchPanel> m_panel;
    QStringList m_notices;
    QString m_folder;
    int m_number = 0;

    template<class T>
    T *part(const QString &name) const
    {
        return m_panel->findChild<T *>(name);
    }

    QTreeView *changes() const { return part<QTreeView>(u"changeView"_s); }
    QString summary() const { return part<QLabel>(u"summaryLabel"_s)->text(); }
    void press(const QString &name) const
    {
        QTest::mouseClick(part<QToolButton>(name), Qt::LeftButton);
    }

    // The newest first.
    QStringList files() const
    {
        QStringList files;
        for (int row = 0; row < changes()->model()->rowCount(); ++row) {
            const QString path =
                changes()->model()->index(row, WatchEventsModel::PathColumn).data().toString();
            files.append(path.mid(m_folder.size() + 1));
        }
        return files;
    }

    bool watch()
    {
        const int id = m_model->add(m_connection.get(), m_sandbox.id(), {.path = m_folder});
        return QTest::qWaitFor([&] { return m_model->watch(id)->isKnown; }, 20'000);
    }

    void tell(int count, const QString &name)
    {
        for (int i = 0; i < count; ++i) {
            WatchEvent event;
            event.type = WatchEvent::Type::Created;
            event.path = m_folder % u'/' % name % QString::number(i);
            m_model->events()->add(
                {.watch = 1, .sandboxId = m_sandbox.id(), .sandboxName = u"box"_s}, event, {});
        }
    }

    // Where VOIDRUN_TEST_PICTURES names a folder for it.
    void picture(QWidget *widget, const QString &name) const
    {
        const QString folder = qEnvironmentVariable("VOIDRUN_TEST_PICTURES");
        if (!folder.isEmpty())
            QVERIFY(widget->grab().save(folder % u'/' % name % u".png"_s));
    }

private Q_SLOTS:
    void initTestCase()
    {
        Q_INIT_RESOURCE(app);
        QStandardPaths::setTestModeEnabled(true);
        QVERIFY2(m_sandbox.start(), qPrintable(m_sandbox.problem()));
        m_connection = std::make_unique<Connection>(m_sandbox.engine().profile());
        m_connection->sandboxes()->refresh();
        QTRY_COMPARE(m_connection->sandboxes()->rowCount(), 1);
    }

    void init()
    {
        m_folder = u"/tmp/w%1"_s.arg(++m_number);
        QCOMPARE(m_sandbox.run(u"mkdir %1"_s.arg(m_folder)), QString());
        m_model = std::make_unique<WatchModel>();
        m_panel = std::make_unique<WatchPanel>(m_model.get());
        m_notices.clear();
        for (const auto signal : {&WatchPanel::notice, &WatchPanel::problem}) {
            connect(m_panel.get(), signal, this,
                    [this](const QString &sentence) { m_notices.append(sentence); });
        }
        m_panel->resize(1100, 260);
        m_panel->show();
        QVERIFY(QTest::qWaitForWindowActive(m_panel.get()));
    }

    void cleanup()
    {
        m_panel.reset();
        m_model.reset();
    }

    void anEmptyPanelSaysWhatToDo()
    {
        QVERIFY(part<QLabel>(u"emptyLabel"_s)->isVisible());
        picture(m_panel.get(), u"watch-empty"_s);
        QSignalSpy requested(m_panel.get(), &WatchPanel::watchRequested);
        press(u"watchButton"_s);
        QCOMPARE(requested.count(), 1);
        QVERIFY(watch());
        QVERIFY(!part<QLabel>(u"emptyLabel"_s)->isVisible());
        QVERIFY(summary().startsWith(u"1 folder"_s));
        press(u"removeButton"_s);
        QCOMPARE(m_model->rowCount(), 0);
        QVERIFY(part<QLabel>(u"emptyLabel"_s)->isVisible());
    }

    void changesAreListedFilteredAndCleared()
    {
        QVERIFY(watch());
        m_sandbox.run(
            u"cd %1; echo a > table.csv; echo a > notes.md; sleep 0.1; rm notes.md; "
            "sleep 0.1; mv table.csv result.csv; mkdir Deep; echo abc > Deep/it.CSV"_s.arg(
                m_folder));
        QTRY_COMPARE(files().size(), 5);
        QTRY_VERIFY(part<QLabel>(u"stateLabel"_s)->text().startsWith(u"Live. Last change at"_s));
        picture(m_panel.get(), u"watch-changes"_s);
        auto *pattern = part<QLineEdit>(u"patternEdit"_s);
        pattern->setFocus();
        QTest::keyClicks(pattern, u"*.csv"_s);
        QCOMPARE(files(), QStringList({u"Deep/it.CSV"_s, u"result.csv"_s}));
        QVERIFY2(summary().contains(u"2 of 5"_s), qPrintable(summary()));
        QTest::keyClick(pattern, Qt::Key_A, Qt::ControlModifier);
        QTest::keyClicks(pattern, u"DEEP/"_s);
        QCOMPARE(files(), QStringList{u"Deep/it.CSV"_s});
        QTest::keyClick(pattern, Qt::Key_A, Qt::ControlModifier);
        QTest::keyClick(pattern, Qt::Key_Delete);
        auto *kind = part<QComboBox>(u"kindBox"_s);
        kind->setFocus();
        for (int i = 0; i < kind->count() && kind->currentText() != u"Deleted"_s; ++i)
            QTest::keyClick(kind, Qt::Key_Down);
        QCOMPARE(files(), QStringList{u"notes.md"_s});
        QTest::keyClick(kind, Qt::Key_Home);
        auto *sandbox = part<QComboBox>(u"sandboxBox"_s);
        QCOMPARE(sandbox->count(), 2);
        sandbox->setFocus();
        QTest::keyClick(sandbox, Qt::Key_Down);
        QCOMPARE(files().size(), 5);
        press(u"clearButton"_s);
        QCOMPARE(files().size(), 0);
        QVERIFY(!part<QToolButton>(u"clearButton"_s)->isEnabled());
        QVERIFY(!part<QToolButton>(u"exportButton"_s)->isEnabled());
    }

    // Beside the sandboxes in a window of 800 points, which a screen at 200 % may be.
    void itFitsANarrowWindow()
    {
        QVERIFY(watch());
        constexpr int Most = 530;
        QVERIFY2(m_panel->minimumSizeHint().width() <= Most,
                 qPrintable(QString::number(m_panel->minimumSizeHint().width())));
        m_sandbox.run(u"touch %1/file"_s.arg(m_folder));
        QTRY_COMPARE(files().size(), 1);
        m_panel->resize(Most, 220);
        QTRY_COMPARE(m_panel->width(), Most);
        picture(m_panel.get(), u"watch-narrow"_s);
    }

    void pauseKeepsTheList()
    {
        QVERIFY(watch());
        press(u"pauseButton"_s);
        m_sandbox.run(u"touch %1/a %1/b"_s.arg(m_folder));
        QTRY_VERIFY2(summary().contains(u"2 wait"_s), qPrintable(summary()));
        QCOMPARE(files().size(), 0);
        QCOMPARE(part<QToolButton>(u"pauseButton"_s)->text(), u"Resume"_s);
        press(u"pauseButton"_s);
        QTRY_COMPARE(files(), QStringList({u"b"_s, u"a"_s}));
        QVERIFY(!summary().contains(u"wait"_s));
    }

    void doubleClickAndEnterGoToTheFile()
    {
        QVERIFY(watch());
        m_sandbox.run(u"touch %1/a"_s.arg(m_folder));
        QTRY_COMPARE(files().size(), 1);
        QSignalSpy requested(m_panel.get(), &WatchPanel::fileRequested);
        const QModelIndex row = changes()->model()->index(0, WatchEventsModel::PathColumn);
        const QPoint point = changes()->visualRect(row).center();
        QTest::mouseClick(changes()->viewport(), Qt::LeftButton, {}, point);
        QTest::mouseDClick(changes()->viewport(), Qt::LeftButton, {}, point);
        QCOMPARE(requested.count(), 1);
        QCOMPARE(requested.last().at(1).toString(), m_sandbox.id());
        QCOMPARE(requested.last().at(2).toString(), m_folder + u"/a"_s);
        QTest::keyClick(changes(), Qt::Key_Return);
        QCOMPARE(requested.count(), 2);
        QContextMenuEvent event(QContextMenuEvent::Mouse, point,
                                changes()->viewport()->mapToGlobal(point));
        QCoreApplication::sendEvent(changes()->viewport(), &event);
        auto *menu = qobject_cast<QMenu *>(QApplication::activePopupWidget());
        QVERIFY(menu);
        QTest::keyClick(menu, Qt::Key_C);
        QTRY_COMPARE(QGuiApplication::clipboard()->text(), m_folder + u"/a"_s);
    }

    void optionsAndRescan()
    {
        m_sandbox.run(u"mkdir %1/d"_s.arg(m_folder));
        QVERIFY(watch());
        QMenu *menu = part<QToolButton>(u"optionsButton"_s)->menu();
        QVERIFY(menu->actions().first()->isChecked());
        QVERIFY(!menu->actions().last()->isChecked());
        menu->popup(m_panel->mapToGlobal(QPoint(10, 10)));
        QTRY_VERIFY(menu->isVisible());
        picture(menu, u"watch-options"_s);
        QTest::keyClick(menu, Qt::Key_B);
        const Watch *watch = m_model->watch(1);
        QVERIFY(!watch->request.recursive && watch->request.ignoreHidden);
        QTRY_VERIFY(watch->isKnown && watch->state == Watch::State::Live);
        press(u"rescanButton"_s);
        QTRY_COMPARE(m_notices.size(), 1);
        QVERIFY2(m_notices.last().contains(u"nothing was missed"_s), qPrintable(m_notices.last()));
        QVERIFY(!part<QToolButton>(u"resumeButton"_s)->isVisible());
    }

    void whatStopsSaysWhy()
    {
        m_model->add(m_connection.get(), m_sandbox.id(), {.path = u"/no/such/folder"_s});
        auto *state = part<QLabel>(u"stateLabel"_s);
        QTRY_VERIFY2(state->text().startsWith(u"Stopped. It is not there."_s),
                     qPrintable(state->text()));
        QVERIFY(state->text().endsWith(u"No change yet."_s));
        QVERIFY(part<QToolButton>(u"resumeButton"_s)->isVisible());
        m_sandbox.run(u"mkdir -p /no/such/folder"_s);
        press(u"resumeButton"_s);
        QTRY_COMPARE(m_model->watch(1)->state, Watch::State::Live);
        QTRY_VERIFY(state->text().startsWith(u"Live."_s));
    }

    void sentencesAreHonest()
    {
        Watch watch;
        watch.sandboxName = u"box"_s;
        watch.state = Watch::State::Live;
        watch.isKnown = true;
        watch.needsRescan = true;
        QVERIFY(watchSentence(watch).contains(u"Press Rescan"_s));
        QCOMPARE(watchStateText(watch), u"Rescan needed"_s);
        watch.isKnown = false;  // there is nothing to compare with
        QVERIFY(!watchSentence(watch).contains(u"Rescan"_s));
        watch.state = Watch::State::Asleep;
        watch.lastEvent = QDateTime(QDate(2020, 1, 2), QTime(3, 4));
        QVERIFY(watchSentence(watch).contains(u"“box” does not run"_s));
        QVERIFY(watchSentence(watch).contains(u"20"_s));  // the day too
        watch.state = Watch::State::Reconnecting;
        QVERIFY(watchSentence(watch).contains(u"by itself"_s));
    }

    void whatIsShownIsExported()
    {
        QVERIFY(watch());
        m_sandbox.run(u"touch %1/a.csv %1/b.txt"_s.arg(m_folder));
        QTRY_COMPARE(files().size(), 2);
        part<QLineEdit>(u"patternEdit"_s)->setText(u"*.csv"_s);
        const QTemporaryDir dir;
        press(u"exportButton"_s);
        auto *dialog = m_panel->findChild<QFileDialog *>();
        QVERIFY(dialog);
        QVERIFY(dialog->isVisible());
        dialog->setDirectory(dir.path());
        dialog->selectFile(dir.filePath(u"out.csv"_s));
        QMetaObject::invokeMethod(dialog, "accept");
        QTRY_COMPARE(m_notices.size(), 1);
        QFile file(dir.filePath(u"out.csv"_s));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QList<QByteArray> lines = file.readAll().trimmed().split('\n');
        QCOMPARE(lines.size(), 2);
        QVERIFY(lines.last().contains(QByteArray(m_folder.toUtf8() + "/a.csv,Created")));
    }

    // Somebody who reads further down is left there, and the window keeps painting.
    void aBurstLeavesTheReaderAlone()
    {
        constexpr int Burst = 60'000;
        QVERIFY(watch());
        tell(500, u"first"_s);
        QTRY_COMPARE(files().size(), 500);
        const auto top = [this] { return changes()->indexAt(QPoint(1, 1)).row(); };
        changes()->scrollTo(changes()->model()->index(300, 0), QAbstractItemView::PositionAtTop);
        QCOMPARE(top(), 300);
        const QString seen = files().at(300);
        tell(20, u"second"_s);
        QTRY_COMPARE(files().size(), 520);
        QCOMPARE(top(), 320);
        QCOMPARE(files().at(320), seen);
        QScrollBar *bar = changes()->verticalScrollBar();
        bar->setValue(0);
        test::GuiGap gap;
        gap.start();
        for (int part = 0; part < 30; ++part)
            QTimer::singleShot(part * 50, m_panel.get(),
                               [this, part] { tell(Burst / 30, u"burst%1-"_s.arg(part)); });
        QTRY_COMPARE_WITH_TIMEOUT(m_model->events()->droppedCount(),
                                  qint64(Burst + 520 - WatchEventsModel::MaxRows), 30'000);
        qInfo("longest gap %.0f ms", gap.longest());
        QVERIFY(gap.longest() < 500);  // of a machine that has other things to do too
        QCOMPARE(changes()->model()->rowCount(), WatchEventsModel::MaxRows);
        QVERIFY2(summary().contains(u"dropped"_s), qPrintable(summary()));
        QCOMPARE(bar->value(), 0);
    }

    void theDialogTakesWholePaths()
    {
        WatchDialog dialog(m_connection->sandboxes(), m_sandbox.id(), {u"/app"_s, u"/tmp"_s});
        dialog.show();
        QVERIFY(QTest::qWaitForWindowActive(&dialog));
        picture(&dialog, u"watch-dialog"_s);
        auto *folder = dialog.findChild<QComboBox *>(u"folderBox"_s);
        QTRY_VERIFY(folder->hasFocus() || folder->lineEdit()->hasFocus());
        QCOMPARE(folder->currentText(), u"/app"_s);
        QString sandbox;
        WatchRequest asked;
        connect(&dialog, &WatchDialog::watchRequested, this,
                [&](const QString &id, const WatchRequest &request) {
                    sandbox = id;
                    asked = request;
                });
        QTest::keyClick(folder->lineEdit(), Qt::Key_A, Qt::ControlModifier);
        QTest::keyClicks(folder->lineEdit(), u"results"_s);
        QTest::keyClick(folder->lineEdit(), Qt::Key_Return);
        QVERIFY(dialog.isVisible());
        QVERIFY(dialog.findChild<ProblemLabel *>()->isVisible());
        QTest::keyClick(folder->lineEdit(), Qt::Key_A, Qt::ControlModifier);
        QTest::keyClicks(folder->lineEdit(), u"/app/results/"_s);
        auto *hidden = dialog.findChild<QCheckBox *>(u"hiddenBox"_s);
        QTest::mouseClick(hidden, Qt::LeftButton, {}, QPoint(8, hidden->height() / 2));
        QTest::keyClick(&dialog, Qt::Key_Return);
        QTRY_VERIFY(!dialog.isVisible());
        QCOMPARE(sandbox, m_sandbox.id());
        QCOMPARE(asked.path, u"/app/results"_s);
        QVERIFY(asked.recursive && !asked.ignoreHidden);
    }
};

QTEST_MAIN(TestWatchPanel)
#include "tst_watchpanel.moc"
