// SPDX-License-Identifier: MIT
#pragma once

#include <QHash>
#include <QObject>
#include <QPointer>
#include <QSet>

#include "api/error.h"
#include "api/profile.h"
#include "api/types.h"

class QToolButton;

namespace voidrun
{

class DifferenceDialog;
class EditorWindow;
class OpenEdits;
struct OpenEdit;

// The window's part in editing: opens what was fetched with the desktop's program for it, or here
// where there is none or the file could be run by one; asks when both sides changed; says what
// happened. GUI thread.
class EditingFlow : public QObject
{
    Q_OBJECT

public:
    // Both outlive it; questions are asked over `window`.
    EditingFlow(OpenEdits *edits, QWidget *window);
    ~EditingFlow() override;

    // `here`: with the editor of this application, whatever the desktop has.
    void open(const ConnectionProfile &profile, const QString &sandboxId,
              const QString &sandboxName, const QString &path, bool here);
    void stop(int id);
    void showDifference(int id);

    // Says how many are open and how many have changes that are not sent; owned by the caller.
    QToolButton *createIndicator(QWidget *parent);

    // What would wait or be lost if the application ended now, as sentences.
    QStringList unfinished() const;
    // The names of a sandbox's files with changes that it has not got yet.
    QStringList unsentIn(const QString &connectionId, const QString &sandboxId) const;
    // Closes the editors here, whatever is in them.
    void closeEditors();

Q_SIGNALS:
    void problem(const QString &sentence);
    // Likewise, where a call to the server of that connection failed.
    void failure(const QString &sentence, const voidrun::Error &error, const QString &connectionId);
    void notice(const QString &sentence);
    void listRequested();
    // What was to be opened is a link to a folder.
    void folderFound(const QString &sandboxId, const QString &path);

private:
    void connectEdits();
    void show(int id);
    void editHere(int id);
    void endEditor(int id);
    void askStop(int id);
    void updateIndicator(QToolButton *indicator) const;
    QString nameOf(const OpenEdit &edit) const;

    OpenEdits *m_edits;
    QWidget *m_window;
    QSet<int> m_here;     // opened() shall use the editor of this application
    QSet<int> m_outside;  // given to a program of the desktop
    QSet<int> m_over;     // their editor was closed: they end when they are sent
    QHash<int, QPointer<EditorWindow>> m_editors;
    QHash<int, QPointer<DifferenceDialog>> m_dialogs;
};

}  // namespace voidrun
