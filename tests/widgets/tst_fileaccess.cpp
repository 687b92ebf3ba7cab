// SPDX-License-Identifier: MIT
#include <QAbstractItemView>
#include <QAccessible>
#include <QComboBox>
#include <QHeaderView>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QSet>
#include <QStackedWidget>
#include <QtTest>

#include "conflictdialog.h"
#include "panelundertest.h"
#include "previewdialog.h"
#include "sidepane.h"
#include "transferpanel.h"

using namespace voidrun;
using namespace Qt::StringLiterals;

// Everything that can be pressed, typed in or chosen from among the files has a name for screen
// readers and, where keys go, is reached by Tab.
class TestFileAccess : public QObject, private test::PanelUnderTest
{
    Q_OBJECT

private:
    static bool isForKeys(const QWidget *widget)
    {
        return widget->isVisible() && widget->isEnabled() &&
               (widget->focusPolicy() & Qt::TabFocus) == Qt::TabFocus && !widget->focusProxy() &&
               (qobject_cast<const QAbstractButton *>(widget) ||
                qobject_cast<const QLineEdit *>(widget) ||
                qobject_cast<const QComboBox *>(widget) ||
                qobject_cast<const QPlainTextEdit *>(widget) ||
                qobject_cast<const QAbstractItemView *>(widget)) &&
               !qobject_cast<const QHeaderView *>(widget);
    }

    static QString describe(const QWidget *widget)
    {
        return QLatin1StringView(widget->metaObject()->className()) % u' ' % widget->objectName();
    }

    static QList<QWidget *> partsOf(const QWidget *window)
    {
        QList<QWidget *> parts = window->findChildren<QWidget *>();
        parts.removeIf([](const QWidget *widget) { return !isForKeys(widget); });
        return parts;
    }

    static QStringList namelessOf(const QWidget *window)
    {
        QStringList faults;
        for (QWidget *widget : partsOf(window)) {
            const QAccessibleInterface *access = QAccessible::queryAccessibleInterface(widget);
            if (!access || access->text(QAccessible::Name).isEmpty())
                faults.append(u"no name: "_s % describe(widget));
        }
        return faults;
    }

    // What is wrong with the parts of a window; empty when nothing is.
    static QString faultsOf(QWidget *window)
    {
        QStringList faults = namelessOf(window);
        const QList<QWidget *> parts = partsOf(window);
        QSet<QWidget *> expected(parts.cbegin(), parts.cend());
        if (expected.isEmpty())
            faults.append(u"nothing to be reached"_s);
        constexpr int MostStops = 200;
        for (int i = 0; i < MostStops && !expected.isEmpty(); ++i) {
            QWidget *focus = QApplication::focusWidget();
            QTest::keyClick(focus ? focus : window, Qt::Key_Tab);
            expected.remove(QApplication::focusWidget());
        }
        for (const QWidget *widget : std::as_const(expected))
            faults.append(u"not reached: "_s % describe(widget));
        return faults.join(u"; "_s);
    }

private Q_SLOTS:
    void initTestCase()
    {
        Q_INIT_RESOURCE(app);
        QVERIFY2(startSandbox(), qPrintable(m_sandbox.problem()));
    }

    void init()
    {
        QVERIFY(
            openPanel(u"mkdir data && echo x > a.txt && printf 'a,b\\n1,2\\n' > b.csv && "
                      "printf '{\"a\": [1]}' > c.json"_s));
    }

    void cleanup() { m_panel.reset(); }

    void theFiles()
    {
        click(row(u"a.txt"_s));
        QCOMPARE(faultsOf(m_panel.get()), QString());
        QTest::keyClick(view(), Qt::Key_F, Qt::ControlModifier);
        QCOMPARE(faultsOf(m_panel.get()), QString());
        m_panel->openFolder(u"/app/data"_s);
        QTRY_VERIFY(loaded());
        QCOMPARE(faultsOf(m_panel.get()), QString());
    }

    void theSecondPane()
    {
        SidePane pane;
        pane.show();
        QVERIFY(QTest::qWaitForWindowActive(&pane));
        QCOMPARE(faultsOf(&pane), QString());
    }

    void thePreview_data()
    {
        QTest::addColumn<QString>("file");
        for (const char *file : {"a.txt", "b.csv", "c.json"})
            QTest::newRow(file) << QString::fromLatin1(file);
    }

    void thePreview()
    {
        QFETCH(QString, file);
        click(row(file));
        QTest::keyClick(view(), Qt::Key_Space);
        auto *preview = m_panel->findChild<PreviewDialog *>();
        QTRY_VERIFY(preview && preview->isVisible());
        QTRY_VERIFY(
            preview->findChild<QStackedWidget *>(u"stack"_s)->currentWidget()->objectName() !=
            u"messagePage"_s);
        // The keys stay with the list, whose next file it shows.
        QVERIFY(partsOf(preview).size() >= 3);
        QCOMPARE(namelessOf(preview).join(u"; "_s), QString());
    }

    void theQuestionAboutNames()
    {
        TransferModel::Item item;
        item.request.target = u"/app"_s;
        for (const QString &name : {u"a"_s, u"b"_s})
            item.comparisons.append({.name = name, .source = {}, .target = {}});
        ConflictDialog dialog(item, nullptr);
        dialog.show();
        QVERIFY(QTest::qWaitForWindowActive(&dialog));
        QCOMPARE(faultsOf(&dialog), QString());
    }

    void theTransfers()
    {
        TransferModel model;
        TransferRequest request;
        request.profile = m_sandbox.engine().profile();
        request.sandboxId = m_sandbox.id();
        request.sources = {u"/no/such/file"_s};
        request.target = u"/app"_s;
        const int id = model.start(request);
        TransferPanel panel(&model);
        panel.show();
        QVERIFY(QTest::qWaitForWindowActive(&panel));
        QTRY_COMPARE(model.item(id)->state, TransferModel::State::Failed);
        QCOMPARE(faultsOf(&panel), QString());
    }
};

QTEST_MAIN(TestFileAccess)
#include "tst_fileaccess.moc"
