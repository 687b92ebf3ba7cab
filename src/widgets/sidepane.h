// SPDX-License-Identifier: MIT
#pragma once

#include <QHash>
#include <QPointer>
#include <QWidget>

class QComboBox;
class QStackedWidget;

namespace voidrun
{

class FilePanel;
class LocalPanel;
class SandboxModel;

// The second pane of the files: this computer, or any sandbox. Its panels are made when they are
// asked for, with what filesRequested() brings. GUI thread.
class SidePane : public QWidget
{
    Q_OBJECT

public:
    explicit SidePane(QWidget *parent = nullptr);

    LocalPanel *localPanel() const { return m_local; }
    // The sandboxes to choose from; null for none. Panels of others go.
    void setSandboxes(SandboxModel *sandboxes);
    // For filesRequested(): the panel to show for that sandbox, taken over.
    void addFiles(const QString &sandboxId, FilePanel *files);
    QList<FilePanel *> panels() const { return m_files.values(); }
    void choose(const QString &sandboxId);  // empty: this computer

Q_SIGNALS:
    void filesRequested(const QString &sandboxId);
    void closed();

private:
    void fill();
    void showChosen();

    QComboBox *m_choice;
    QStackedWidget *m_stack;
    LocalPanel *m_local;
    QPointer<SandboxModel> m_sandboxes;
    QList<std::pair<QString, QString>> m_choices;  // id and name, as they are offered
    QHash<QString, FilePanel *> m_files;           // by sandbox
};

}  // namespace voidrun
