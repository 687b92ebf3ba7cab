// SPDX-License-Identifier: MIT
#pragma once

#include <QTemporaryDir>
#include <QtTest>

#include <memory>

#include "desktop.h"
#include "filepanel.h"
#include "mainwindow.h"
#include "models/connection.h"
#include "models/fsmodel.h"
#include "models/sandboxmodel.h"
#include "sandboxpanel.h"

namespace voidrun::test
{

// The whole application on a state directory of its own, with the engine that is built with it.
// For one test at a time.
class DesktopUnderTest
{
protected:
    Desktop::Options options(const QString &settings = QStringLiteral("settings.ini")) const
    {
        Desktop::Options options;
        options.stateDir = m_work->filePath(QStringLiteral("state"));
        options.settingsFile = m_work->filePath(settings);
        options.engineProgram =
            QCoreApplication::applicationDirPath() % QStringLiteral("/voidrun-local");
        return options;
    }

    static SandboxModel *sandboxesOf(const Desktop &desktop)
    {
        Connection *connection = desktop.window()->connection();
        return connection ? connection->sandboxes() : nullptr;
    }

    static bool isLoaded(const Desktop &desktop)
    {
        const SandboxModel *sandboxes = sandboxesOf(desktop);
        return sandboxes && sandboxes->loadState() == SandboxModel::LoadState::Loaded;
    }

    bool start()
    {
        m_desktop = std::make_unique<Desktop>(options());
        m_desktop->start();
        return QTest::qWaitFor([this] { return isLoaded(*m_desktop); }, 30'000);
    }

    bool makeSandbox(const QString &name)
    {
        SandboxSpec spec;
        spec.name = name;
        sandboxesOf(*m_desktop)->create(spec);
        return QTest::qWaitFor(
            [&] {
                const FilePanel *files = m_desktop->window()->currentFiles();
                // A list may name it before the window has it as the one that was made.
                return sandboxesOf(*m_desktop)->names().contains(name) &&
                       m_desktop->window()->sandboxPanel()->currentSandbox() == idOf(name) &&
                       files && files->model()->folderState() == FsModel::FolderState::Loaded;
            },
            30'000);
    }

    QString idOf(const QString &name) const
    {
        const SandboxModel *sandboxes = sandboxesOf(*m_desktop);
        const auto row = int(sandboxes->names().indexOf(name));
        return sandboxes->index(row, 0).data(SandboxModel::IdRole).toString();
    }

    void shutDown()
    {
        m_desktop.reset();
        m_work.reset();
    }

    std::unique_ptr<QTemporaryDir> m_work;
    std::unique_ptr<Desktop> m_desktop;
};

}  // namespace voidrun::test
