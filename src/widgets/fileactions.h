// SPDX-License-Identifier: MIT
#pragma once

#include <QKeySequence>
#include <QObject>

#include "api/types.h"

class QAction;
class QMenu;
class QWidget;

namespace voidrun
{

// What can be done with the files of a panel, each once: toolbar, menu and keys share the actions.
// Their shortcuts work while the panel has the focus. GUI thread.
class FileActions : public QObject
{
    Q_OBJECT

public:
    // What the actions depend on.
    struct Context {
        bool canGoBack = false;
        bool canGoForward = false;
        bool canGoUp = false;
        bool isLoaded = false;  // the folder that is shown
        bool canPaste = false;
        int selected = 0;
        bool isFolder = false;          // the one that is selected
        bool isArchive = false;         // likewise
        bool isRunnable = false;        // on the Run page
        bool canRunInTerminal = false;  // one that is selected
        bool canUndo = false;           // the last deletion
        bool isTrash = false;           // the folder that is shown lies in it
    };

    explicit FileActions(QWidget *panel);

    void update(const Context &context);
    // For a click on the selection or beside all rows.
    void fillMenu(QMenu *menu, bool onSelection) const;

    QAction *const back;
    QAction *const forward;
    QAction *const up;
    QAction *const goTo;
    QAction *const refresh;
    QAction *const open;
    QAction *const editHere;
    QAction *const preview;
    QAction *const run;
    QAction *const download;
    QAction *const terminal;
    QAction *const watch;
    QAction *const runInTerminal;
    QAction *const cut;
    QAction *const copy;
    QAction *const paste;
    QAction *const duplicate;
    QAction *const copyPath;
    QAction *const rename;
    QAction *const extractHere;
    QAction *const extractTo;
    QAction *const remove;
    QAction *const removeForGood;
    QAction *const undo;
    QAction *const putBack;
    QAction *const emptyTrash;
    QAction *const properties;
    QAction *const newFolder;
    QAction *const newFile;
    QAction *const uploadFiles;
    QAction *const uploadFolder;
    QAction *const filter;
    QAction *const search;
    QAction *const showHidden;
    QMenu *const compressMenu;

Q_SIGNALS:
    void compressRequested(voidrun::ArchiveFormat format);

private:
    void fillCompressMenu();
    QAction *make(QWidget *panel, const QString &icon, const QString &text,
                  const QKeySequence &keys = QKeySequence());
};

}  // namespace voidrun
