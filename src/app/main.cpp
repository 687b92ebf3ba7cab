// SPDX-License-Identifier: MIT
#include <QApplication>
#include <QCommandLineParser>
#include <QIcon>
#include <QLibraryInfo>
#include <QLocale>
#include <QTranslator>

#include <cstdio>

#include "calmstyle.h"
#include "desktop.h"
#include "mainwindow.h"
#include "tour.h"

using namespace Qt::StringLiterals;

int main(int argc, char **argv)
{
    QApplication application(argc, argv);
    QApplication::setStyle(new voidrun::CalmStyle);
    Q_INIT_RESOURCE(app);
    QApplication::setOrganizationName(u"VoidRun"_s);
    QApplication::setApplicationName(u"voidrun-desktop"_s);
    QApplication::setApplicationDisplayName(u"VoidRun"_s);
    QApplication::setApplicationVersion(QStringLiteral(VOIDRUN_VERSION));
    QApplication::setDesktopFileName(u"voidrun-desktop"_s);
    QApplication::setWindowIcon(QIcon(u":/icons/voidrun-desktop.svg"_s));

    // Qt's own words only in a language that we have as well; else all is English.
    QTranslator qtTranslator;
    QTranslator translator;
    const bool isTranslated = translator.load(QLocale(), u"voidrun"_s, u"_"_s, u":/i18n"_s);
    if (isTranslated && qtTranslator.load(QLocale(), u"qtbase"_s, u"_"_s,
                                          QLibraryInfo::path(QLibraryInfo::TranslationsPath)))
        QApplication::installTranslator(&qtTranslator);
    if (isTranslated || translator.load(u":/i18n/voidrun_en.qm"_s))  // the plurals of English
        QApplication::installTranslator(&translator);

    QCommandLineParser parser;
    parser.setApplicationDescription(
        QApplication::translate("main", "A desktop client for VoidRun sandboxes."));
    parser.addHelpOption();
    parser.addVersionOption();
    const QCommandLineOption tourOption(
        u"tour"_s,
        QApplication::translate("main",
                                "Play the tour: drive the window through its main job, "
                                "check each step and save a picture of it in <folder>."),
        u"folder"_s);
    const QCommandLineOption stateOption(
        u"state-dir"_s,
        QApplication::translate("main", "Where the sandboxes of this computer are kept."),
        u"folder"_s);
    parser.addOptions({tourOption, stateOption});
    parser.process(application);

    if (parser.isSet(tourOption))
        return voidrun::Tour::run(parser.value(tourOption));

    voidrun::Desktop::Options options;
    options.stateDir = parser.value(stateOption);
    voidrun::Desktop desktop(options);
    desktop.start();
    return QApplication::exec();
}
