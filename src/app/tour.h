// SPDX-License-Identifier: MIT
#pragma once

#include <QDir>
#include <QElapsedTimer>
#include <QObject>
#include <QPointer>
#include <QProcess>
#include <QTemporaryDir>

#include <memory>

#include "models/transfermodel.h"
#include "tourrobot.h"
#include "tourscript.h"

class QModelIndex;
class QPushButton;

namespace voidrun
{

class Desktop;
class FilePanel;
class SandboxModel;
class TerminalView;

// Plays the product's main job in the real window, on the real engine, with real events: from the
// first start to a result file on this computer that is the same as one made outside. One picture
// a step; the first check that fails ends it. Uses folders of its own and touches nothing of the
// user's. GUI thread.
class Tour : public QObject
{
    Q_OBJECT

public:
    // Plays it into `folder` (made if missing); the program's exit code: 0 when every check held.
    static int run(const QString &folder);

private:
    Tour(const QString &folder, Desktop *desktop, QTemporaryDir *work);

    TourScript play();
    TourPart firstSandbox();
    TourPart dropFolder();
    TourPart runScript();
    TourPart bringResultOut();
    TourPart lookAtFile();
    TourPart openSecondPane();
    TourPart watchFolder();
    TourPart deleteAndUndo();
    TourPart runCode();
    TourPart runProcess();
    TourPart runInSeveral();
    TourPart threeTerminals();
    TourPart eightTerminals();
    TourPart typeIntoAll();
    TourPart sleepAndWake();
    TourPart goDark();
    bool check(bool held, const QString &what);
    void picture(const QString &name);
    void finish();
    Until settle();
    Until until(std::function<bool()> condition);

    bool prepareInput();
    void openPage(int page);
    bool currentFolderLoaded() const;
    TransferModel::State transferState(int row) const;
    QModelIndex fileRow(const QString &name) const;
    SandboxModel *sandboxes() const;
    TerminalView *terminal(int index) const;
    QString screenText(int index) const;
    static bool hasPrompt(const QString &text, const QString &sandbox);
    QWidget *dialog() const;
    static QPushButton *button(const QWidget *parent, const QString &text);

    QDir m_folder;
    Desktop *m_desktop;
    QTemporaryDir *m_work;
    TourRobot m_robot;
    QProcess m_python;
    QPointer<QWidget> m_shown;  // a window of its own that belongs into the pictures
    int m_pictures = 0;
    int m_exitCode = 1;
};

}  // namespace voidrun
