// SPDX-License-Identifier: MIT
#include "fileactions.h"

#include <QAction>
#include <QMenu>

#include "icons.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

FileActions::FileActions(QWidget *panel)
    : QObject(panel),
      back(make(panel, u"back"_s, tr("Back"), Qt::ALT | Qt::Key_Left)),
      forward(make(panel, u"forward"_s, tr("Forward"), Qt::ALT | Qt::Key_Right)),
      up(make(panel, u"up"_s, tr("Parent folder"), Qt::ALT | Qt::Key_Up)),
      goTo(make(panel, {}, tr("Type a path"), Qt::CTRL | Qt::Key_L)),
      refresh(make(panel, u"refresh"_s, tr("Re&fresh"))),
      open(make(panel, u"folder"_s, tr("&Open"))),
      editHere(make(panel, u"edit"_s, tr("Edit &here"), Qt::Key_F4)),
      preview(make(panel, u"text"_s, tr("Previe&w"), Qt::Key_Space)),
      run(make(panel, u"play"_s, tr("Ru&n"), Qt::CTRL | Qt::Key_R)),
      download(make(panel, u"download"_s, tr("&Download"))),
      terminal(make(panel, u"terminal"_s, tr("Open &terminal here"))),
      watch(make(panel, u"eye"_s, tr("Watch this &folder"))),
      runInTerminal(make(panel, u"play"_s, tr("Ru&n in terminal"))),
      cut(make(panel, {}, tr("Cu&t"), QKeySequence::Cut)),
      copy(make(panel, {}, tr("&Copy"), QKeySequence::Copy)),
      paste(make(panel, {}, tr("&Paste"), QKeySequence::Paste)),
      duplicate(make(panel, {}, tr("D&uplicate"), Qt::CTRL | Qt::Key_D)),
      copyPath(make(panel, {}, tr("Copy p&ath"), Qt::CTRL | Qt::ALT | Qt::Key_C)),
      rename(make(panel, {}, tr("&Rename"), Qt::Key_F2)),
      extractHere(make(panel, {}, tr("E&xtract here"))),
      extractTo(make(panel, {}, tr("Extract t&o…"))),
      remove(make(panel, u"delete"_s, tr("D&elete…"), QKeySequence::Delete)),
      removeForGood(make(panel, {}, tr("Delete for &good…"), Qt::SHIFT | Qt::Key_Delete)),
      undo(make(panel, {}, tr("&Undo delete"), QKeySequence::Undo)),
      putBack(make(panel, {}, tr("Put &back"))),
      emptyTrash(make(panel, {}, tr("Empt&y the trash…"))),
      properties(make(panel, {}, tr("P&roperties…"), Qt::ALT | Qt::Key_Return)),
      newFolder(make(panel, u"newfolder"_s, tr("&New folder…"), Qt::CTRL | Qt::SHIFT | Qt::Key_N)),
      newFile(make(panel, u"file"_s, tr("New f&ile…"))),
      uploadFiles(make(panel, u"upload"_s, tr("&Upload files…"))),
      uploadFolder(make(panel, u"folder"_s, tr("Upload &folder…"))),
      filter(make(panel, {}, tr("Fi&lter"), QKeySequence::Find)),
      search(make(panel, u"search"_s, tr("&Search below this folder"),
                  Qt::CTRL | Qt::SHIFT | Qt::Key_F)),
      showHidden(make(panel, {}, tr("Show &hidden files"), Qt::CTRL | Qt::Key_H)),
      compressMenu(new QMenu(tr("Co&mpress as"), panel))
{
    fillCompressMenu();
    showHidden->setCheckable(true);
    // Rows are edited by their view's own key; here the menu says so.
    rename->setShortcutContext(Qt::WidgetShortcut);
    // Space means something else to buttons.
    preview->setShortcutContext(Qt::WidgetShortcut);
}

QAction *FileActions::make(QWidget *panel, const QString &icon, const QString &text,
                           const QKeySequence &keys)
{
    auto *action = new QAction(text, this);
    if (!icon.isEmpty())
        action->setIcon(themedIcon(icon));
    action->setShortcut(keys);
    action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    QString plain = text;
    plain.remove(u'&').remove(u'…');
    action->setIconText(plain);
    action->setToolTip(
        keys.isEmpty() ? plain : tr("%1 (%2)").arg(plain, keys.toString(QKeySequence::NativeText)));
    panel->addAction(action);
    return action;
}

void FileActions::fillCompressMenu()
{
    const std::pair<QString, ArchiveFormat> formats[] = {{u"zip"_s, ArchiveFormat::Zip},
                                                         {u"tar.gz"_s, ArchiveFormat::TarGz},
                                                         {u"tar.bz2"_s, ArchiveFormat::TarBz2},
                                                         {u"tar"_s, ArchiveFormat::Tar}};
    for (const auto &[name, format] : formats)
        compressMenu->addAction(name, this, [this, format] { Q_EMIT compressRequested(format); });
}

void FileActions::update(const Context &context)
{
    const bool any = context.selected > 0;
    back->setEnabled(context.canGoBack);
    forward->setEnabled(context.canGoForward);
    up->setEnabled(context.canGoUp);
    open->setEnabled(context.selected == 1);
    editHere->setEnabled(context.selected == 1 && !context.isFolder);
    rename->setEnabled(context.selected == 1);
    preview->setEnabled(context.selected == 1 && !context.isFolder);
    run->setEnabled(context.selected == 1 && context.isRunnable);
    undo->setEnabled(context.canUndo);
    putBack->setEnabled(any && context.isTrash);
    putBack->setVisible(context.isTrash);
    emptyTrash->setVisible(context.isTrash);
    removeForGood->setVisible(!context.isTrash);
    for (QAction *action : {download, cut, copy, duplicate, copyPath, remove, removeForGood})
        action->setEnabled(any);
    for (QAction *action : {newFolder, newFile, uploadFiles, uploadFolder})
        action->setEnabled(context.isLoaded);
    extractHere->setEnabled(context.selected == 1 && context.isArchive);
    extractTo->setEnabled(extractHere->isEnabled());
    compressMenu->setEnabled(any && context.isLoaded);
    runInTerminal->setEnabled(context.selected == 1 && context.canRunInTerminal);
    properties->setEnabled(context.selected == 1 || (!any && context.isLoaded));
    paste->setEnabled(context.isLoaded && context.canPaste);
    for (QAction *action : {terminal, watch})
        action->setEnabled(context.selected == 0 || (context.selected == 1 && context.isFolder));
}

void FileActions::fillMenu(QMenu *menu, bool onSelection) const
{
    if (onSelection) {
        menu->addActions({open, editHere, preview});
        for (QAction *action : {run, runInTerminal}) {
            if (action->isEnabled())
                menu->addAction(action);
        }
        menu->addActions({download, terminal});
        if (watch->isEnabled())
            menu->addAction(watch);
        menu->addSeparator();
        menu->addActions({cut, copy, paste, duplicate, copyPath});
        menu->addSeparator();
        if (extractHere->isEnabled())
            menu->addActions({extractHere, extractTo});
        menu->addMenu(compressMenu);
        menu->addSeparator();
        menu->addActions({rename, remove, putBack});
        menu->addSeparator();
        menu->addAction(properties);
        return;
    }
    menu->addActions({newFolder, newFile, uploadFiles, uploadFolder, paste, undo, emptyTrash});
    menu->addSeparator();
    menu->addActions({terminal, watch, showHidden, filter, search, refresh});
    menu->addSeparator();
    menu->addAction(properties);
}

}  // namespace voidrun
