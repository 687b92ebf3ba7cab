// SPDX-License-Identifier: MIT
// The tour's part about files beside dropping and downloading them.
#include <QAbstractItemView>
#include <QMessageBox>
#include <QPushButton>
#include <QToolButton>
#include <QTreeView>

#include "desktop.h"
#include "filepanel.h"
#include "localpanel.h"
#include "mainwindow.h"
#include "noticebar.h"
#include "previewdialog.h"
#include "sidepane.h"
#include "tour.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

// Space shows what is in a file.
TourPart Tour::lookAtFile()
{
    FilePanel *files = m_desktop->window()->currentFiles();
    auto *view = files->findChild<QAbstractItemView *>(u"fileView"_s);
    m_robot.clickRow(view, fileRow(u"result.csv"_s));
    m_robot.type(view, u" "_s);
    const bool held = co_await until([this, files] {
        m_shown = files->findChild<PreviewDialog *>();
        const auto *table =
            m_shown ? m_shown->findChild<QAbstractItemView *>(u"tableView"_s) : nullptr;
        return table && table->isVisible() && table->model() && table->model()->rowCount() > 1;
    });
    if (!check(held, tr("Space shows the result as a table")))
        co_return false;
    co_await settle();
    picture(u"preview"_s);
    m_shown->close();
    m_shown = nullptr;
    co_return true;
}

// The files of this computer beside those of the sandbox.
TourPart Tour::openSecondPane()
{
    MainWindow *window = m_desktop->window();
    auto *button = window->findChild<QToolButton *>(u"secondPaneButton"_s);
    m_robot.click(button);
    bool held = co_await until([window] {
        const auto *pane = window->findChild<SidePane *>();
        return pane && pane->isVisible();
    });
    if (!check(held, tr("a second pane opens")))
        co_return false;
    LocalPanel *local = window->findChild<SidePane *>()->localPanel();
    local->openFolder(m_work->filePath(u"Downloads"_s));
    const auto *view = local->findChild<QTreeView *>();
    held = co_await until([view] {
        const QModelIndex first = view->model()->index(0, 0, view->rootIndex());
        return first.data().toString() == u"result.csv"_s;
    });
    if (!check(held, tr("it shows what was downloaded to this computer")))
        co_return false;
    co_await settle();
    picture(u"second-pane"_s);
    m_robot.click(button);
    co_return true;
}

// What was deleted is brought back.
TourPart Tour::deleteAndUndo()
{
    MainWindow *window = m_desktop->window();
    auto *view = window->currentFiles()->findChild<QAbstractItemView *>(u"fileView"_s);
    m_robot.clickRow(view, fileRow(u"summarise.py"_s));
    m_robot.click(window->currentFiles()->findChild<QToolButton *>(u"deleteButton"_s));
    bool held = co_await until([this] { return dialog() != nullptr; });
    if (!check(held, tr("Delete asks, with the name")))
        co_return false;
    m_robot.click(button(dialog(), tr("Delete")));
    held = co_await until([this, window] {
        return !fileRow(u"summarise.py"_s).isValid() && !window->noticeText().isEmpty();
    });
    if (!check(held, tr("the file is in the trash, and the window offers to undo that")))
        co_return false;
    co_await settle();
    picture(u"deleted"_s);
    m_robot.click(button(window->findChild<NoticeBar *>(), tr("Undo")));
    held = co_await until([this] { return fileRow(u"summarise.py"_s).isValid(); });
    if (!check(held, tr("Undo brings it back")))
        co_return false;
    co_return true;
}

}  // namespace voidrun
