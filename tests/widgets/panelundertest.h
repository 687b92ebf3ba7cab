// SPDX-License-Identifier: MIT
#pragma once

#include <QContextMenuEvent>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QToolButton>
#include <QtTest>

#include <memory>

#include "enginesandbox.h"
#include "filepanel.h"
#include "filetreeview.h"
#include "models/connection.h"
#include "models/fsmodel.h"

namespace voidrun::test
{

// The file list of a real sandbox, and how mouse and keys get at it. For one test at a time.
class PanelUnderTest
{
protected:
    bool startSandbox()
    {
        if (!m_sandbox.start())
            return false;
        m_connection = std::make_unique<Connection>(m_sandbox.engine().profile());
        return true;
    }

    // A new panel that shows /app, which holds what `command` makes in it.
    bool openPanel(const QString &command)
    {
        using namespace Qt::StringLiterals;
        if (const QString output =
                m_sandbox.run(u"rm -rf /app/* /app/.[!.]* && cd /app && "_s + command);
            !output.isEmpty()) {
            qWarning() << output;
            return false;
        }
        m_panel = std::make_unique<FilePanel>(m_connection->createFsModel(m_sandbox.id(), nullptr));
        m_panel->resize(900, 500);
        m_panel->show();
        if (!QTest::qWaitForWindowActive(m_panel.get()))
            return false;
        m_panel->openFolder(u"/app"_s);
        return QTest::qWaitFor([this] { return loaded(); });
    }

    FileTreeView *view() const { return m_panel->findChild<FileTreeView *>(); }
    QToolButton *tool(const QString &name) const { return m_panel->findChild<QToolButton *>(name); }

    QStringList names() const
    {
        QStringList names;
        for (int row = 0; row < view()->model()->rowCount(); ++row)
            names.append(view()->model()->index(row, 0).data().toString());
        return names;
    }

    QModelIndex row(const QString &name) const
    {
        return view()->model()->index(int(names().indexOf(name)), 0);
    }

    void click(const QModelIndex &index, Qt::KeyboardModifiers modifiers = {})
    {
        QTest::mouseClick(view()->viewport(), Qt::LeftButton, modifiers,
                          view()->visualRect(index).center());
    }

    // The entry of that name in the menu of the row (of the list where there is none), or in a menu
    // below it; null when it is not there or cannot be chosen.
    QAction *menuEntry(const QModelIndex &index, const QString &text)
    {
        const QPoint point = index.isValid() ? view()->visualRect(index).center()
                                             : QPoint(50, view()->viewport()->height() - 10);
        QContextMenuEvent event(QContextMenuEvent::Mouse, point,
                                view()->viewport()->mapToGlobal(point));
        QCoreApplication::sendEvent(view()->viewport(), &event);
        auto *menu = qobject_cast<QMenu *>(QApplication::activePopupWidget());
        QAction *found = menu ? entryOf(menu, text) : nullptr;
        if (menu)
            menu->close();
        return found && found->isEnabled() ? found : nullptr;
    }

    bool loaded() const { return m_panel->model()->folderState() == FsModel::FolderState::Loaded; }

    static QPushButton *buttonOf(QMessageBox *box, QMessageBox::ButtonRole role)
    {
        for (QAbstractButton *button : box->buttons()) {
            if (box->buttonRole(button) == role)
                return qobject_cast<QPushButton *>(button);
        }
        return nullptr;
    }

    EngineSandbox m_sandbox;
    std::unique_ptr<Connection> m_connection;
    std::unique_ptr<FilePanel> m_panel;

private:
    static QAction *entryOf(QMenu *menu, const QString &text)
    {
        for (QAction *action : menu->actions()) {
            if (action->text().remove(u'&').remove(u'…') == text)
                return action;
            if (action->menu() && action->isEnabled()) {
                if (QAction *below = entryOf(action->menu(), text))
                    return below;
            }
        }
        return nullptr;
    }
};

}  // namespace voidrun::test
