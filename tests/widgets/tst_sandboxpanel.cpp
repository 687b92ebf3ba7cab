// SPDX-License-Identifier: MIT
#include <QComboBox>
#include <QDropEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMimeData>
#include <QPushButton>
#include <QSettings>
#include <QTemporaryDir>
#include <QToolButton>
#include <QtTest>

#include "enginesandbox.h"
#include "models/connection.h"
#include "models/connectionmodel.h"
#include "models/sandboxmodel.h"
#include "sandboxlistview.h"
#include "sandboxpanel.h"

using namespace voidrun;
using namespace Qt::StringLiterals;

// The left side with a real engine behind it.
class TestSandboxPanel : public QObject
{
    Q_OBJECT

private:
    test::EngineSandbox m_sandbox;
    QTemporaryDir m_dir;
    std::unique_ptr<QSettings> m_settings;
    std::unique_ptr<ConnectionModel> m_connections;
    std::unique_ptr<Connection> m_connection;
    std::unique_ptr<SandboxPanel> m_panel;

    SandboxListView *view() const { return m_panel->findChild<SandboxListView *>(); }

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY2(m_sandbox.start(), qPrintable(m_sandbox.problem()));
        m_settings = std::make_unique<QSettings>(m_dir.filePath(u"s.ini"_s), QSettings::IniFormat);
        m_connections = std::make_unique<ConnectionModel>(m_settings.get());
        m_connection = std::make_unique<Connection>(m_sandbox.engine().profile());
        m_panel = std::make_unique<SandboxPanel>(m_connections.get());
        m_panel->resize(280, 600);
        m_panel->show();
        QVERIFY(QTest::qWaitForWindowActive(m_panel.get()));
        m_panel->setSandboxes(m_connection->sandboxes());
        m_connection->sandboxes()->refresh();
        QTRY_COMPARE(view()->model()->rowCount(), 1);
    }

    void cleanupTestCase()
    {
        m_panel.reset();
        m_connection.reset();
    }

    void thisComputerIsThereFromTheStart()
    {
        auto *box = m_panel->findChild<QComboBox *>(u"connectionBox"_s);
        QCOMPARE(box->itemText(0), u"This computer"_s);
    }

    void clickChoosesAndTheRowsButtonOpensATerminal()
    {
        QSignalSpy chosen(m_panel.get(), &SandboxPanel::sandboxChosen);
        QSignalSpy terminals(m_panel.get(), &SandboxPanel::terminalRequested);
        const QModelIndex index = view()->model()->index(0, 0);
        QTest::mouseClick(view()->viewport(), Qt::LeftButton, {},
                          view()->visualRect(index).center() - QPoint(60, 0));
        QCOMPARE(m_panel->currentSandbox(), m_sandbox.id());
        QCOMPARE(chosen.last().first().toString(), m_sandbox.id());
        QCOMPARE(terminals.count(), 0);
        QTest::mouseClick(view()->viewport(), Qt::LeftButton, {},
                          view()->terminalButtonRect(index).center());
        QCOMPARE(terminals.count(), 1);
        QCOMPARE(terminals.first().first().toString(), m_sandbox.id());
    }

    void rowIsMirroredFromRightToLeft()
    {
        QSignalSpy terminals(m_panel.get(), &SandboxPanel::terminalRequested);
        m_panel->setLayoutDirection(Qt::RightToLeft);
        const QModelIndex index = view()->model()->index(0, 0);
        const QRect row = view()->visualRect(index);
        const QRect button = view()->terminalButtonRect(index);
        QVERIFY(row.contains(button));
        QVERIFY(button.right() < row.center().x());
        QTest::mouseClick(view()->viewport(), Qt::LeftButton, {}, button.center());
        QCOMPARE(terminals.count(), 1);
    }

    void deleteKeyAsksToDeleteTheRow()
    {
        QSignalSpy asked(m_panel.get(), &SandboxPanel::deleteRequested);
        m_panel->setCurrentSandbox(m_sandbox.id());
        m_panel->focusList();
        QTRY_VERIFY(view()->hasFocus());
        QTest::keyClick(view(), Qt::Key_Delete);
        QCOMPARE(asked.count(), 1);
        QCOMPARE(asked.first().first().toString(), m_sandbox.id());
    }

    void filesDroppedOnARowGoIntoThatSandbox()
    {
        QSignalSpy dropped(m_panel.get(), &SandboxPanel::filesDropped);
        QMimeData data;
        data.setUrls({QUrl::fromLocalFile(u"/tmp/x"_s)});
        const QPoint point = view()->visualRect(view()->model()->index(0, 0)).center();
        QDragEnterEvent enter(point, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(view()->viewport(), &enter);
        QDragMoveEvent move(point, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(view()->viewport(), &move);
        QVERIFY(move.isAccepted());
        QDropEvent drop(point, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(view()->viewport(), &drop);
        QCOMPARE(dropped.count(), 1);
        QCOMPARE(dropped.first().first().toString(), m_sandbox.id());
        // Beside the rows there is nothing to drop on.
        QDragMoveEvent beside(QPoint(50, view()->viewport()->height() - 5), Qt::CopyAction, &data,
                              Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(view()->viewport(), &beside);
        QVERIFY(!beside.isAccepted());
    }

    void searchFiltersAndSaysWhenNothingMatches()
    {
        auto *search = m_panel->findChild<QLineEdit *>(u"searchEdit"_s);
        QTest::keyClicks(search, u"zzz"_s);
        QCOMPARE(view()->model()->rowCount(), 0);
        auto *label = m_panel->findChild<QLabel *>(u"messageLabel"_s);
        QVERIFY(label->isVisible());
        QVERIFY(label->text().contains(u"zzz"_s));
        search->clear();
        QCOMPARE(view()->model()->rowCount(), 1);
        QVERIFY(!label->isVisible());
    }

    void stateIsInWords()
    {
        const QModelIndex index = view()->model()->index(0, 0);
        const QString words = index.data(Qt::AccessibleTextRole).toString() %
                              index.data(Qt::ToolTipRole).toString() %
                              index.data(Qt::AccessibleDescriptionRole).toString();
        QVERIFY2(words.contains(u"running"_s, Qt::CaseInsensitive), qPrintable(words));
    }
};

QTEST_MAIN(TestSandboxPanel)
#include "tst_sandboxpanel.moc"
