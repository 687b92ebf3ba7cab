// SPDX-License-Identifier: MIT
#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QDoubleSpinBox>
#include <QFont>
#include <QPushButton>
#include <QSettings>
#include <QSpinBox>
#include <QTemporaryDir>
#include <QtTest>

#include "terminaloptionsdialog.h"
#include "terminalsettings.h"

using namespace voidrun;
using namespace Qt::StringLiterals;

// What a person chooses for terminals is kept, and impossible values become possible ones.
class TestTerminalOptions : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    QString file() const { return m_folder.filePath(u"settings.ini"_s); }

private Q_SLOTS:
    void init() { QFile::remove(file()); }

    void areKept()
    {
        TerminalOptions options;
        options.fontFamily = u"DejaVu Sans Mono"_s;
        options.fontSize = 13.5;
        options.colorScheme = u"Tango"_s;
        options.scrollback = 1234;
        options.copyOnSelect = true;
        options.askBeforePaste = false;
        options.flashOnBell = false;
        options.noticeWhenFinished = false;
        {
            QSettings settings(file(), QSettings::IniFormat);
            TerminalSettings terminals(&settings);
            QCOMPARE(terminals.options(), TerminalOptions());
            QSignalSpy changed(&terminals, &TerminalSettings::changed);
            terminals.setOptions(options);
            terminals.setOptions(options);
            QCOMPARE(changed.size(), 1);
        }
        QSettings settings(file(), QSettings::IniFormat);
        QCOMPARE(TerminalSettings(&settings).options(), options);
    }

    void impossibleValues()
    {
        QSettings settings(file(), QSettings::IniFormat);
        settings.setValue(u"terminal/fontSize"_s, 5000);
        settings.setValue(u"terminal/colors"_s, u"/etc/passwd"_s);
        settings.setValue(u"terminal/scrollback"_s, -1);
        TerminalOptions options = TerminalOptions::read(settings);
        QCOMPARE(options.fontSize, 0.0);
        QCOMPARE(options.colorScheme, QString());
        QCOMPARE(options.scrollback, 0);  // not: without end
        settings.setValue(u"terminal/scrollback"_s, 2'000'000'000);
        QCOMPARE(TerminalOptions::read(settings).scrollback, TerminalOptions::MostScrollback);
        options.fontFamily = u"Inter"_s;  // no fixed width
        QVERIFY(options.font().family() != u"Inter"_s);
    }

    void dialogChangesThem()
    {
        TerminalOptionsDialog dialog(TerminalOptions{});
        dialog.show();
        QVERIFY(QTest::qWaitForWindowExposed(&dialog));
        QCOMPARE(dialog.options(), TerminalOptions());  // untouched, it follows the desktop
        auto *scheme = dialog.findChild<QComboBox *>(u"schemeBox"_s);
        scheme->setCurrentText(u"Dark"_s);
        dialog.findChild<QSpinBox *>()->setValue(500);
        dialog.findChild<QDoubleSpinBox *>()->setValue(20);
        QTest::mouseClick(dialog.findChild<QCheckBox *>(u"copyBox"_s), Qt::LeftButton, {},
                          QPoint(10, 10));
        const TerminalOptions chosen = dialog.options();
        QCOMPARE(chosen.colorScheme, u"VoidRunDark"_s);
        QCOMPARE(chosen.scrollback, 500);
        QCOMPARE(chosen.fontSize, 20.0);
        QVERIFY(chosen.copyOnSelect);
        QVERIFY(chosen.askBeforePaste);
        QSignalSpy accepted(&dialog, &QDialog::accepted);
        QTest::keyClick(&dialog, Qt::Key_Return);
        QCOMPARE(accepted.size(), 1);
    }
};

QTEST_MAIN(TestTerminalOptions)
#include "tst_terminaloptions.moc"
