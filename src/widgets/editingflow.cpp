// SPDX-License-Identifier: MIT
#include "editingflow.h"

#include <QDesktopServices>
#include <QToolButton>
#include <QUrl>

#include "differencedialog.h"
#include "editorwindow.h"
#include "errortext.h"
#include "icons.h"
#include "models/guestpath.h"
#include "models/openedits.h"
#include "models/visibletext.h"
#include "question.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

EditingFlow::EditingFlow(OpenEdits *edits, QWidget *window)
    : QObject(window), m_edits(edits), m_window(window)
{
    connectEdits();
}

EditingFlow::~EditingFlow()
{
    closeEditors();
}

void EditingFlow::connectEdits()
{
    connect(m_edits, &OpenEdits::opened, this, &EditingFlow::show);
    connect(
        m_edits, &OpenEdits::openFailed, this, [this](const OpenEdit &edit, const Error &error) {
            m_here.remove(edit.id);
            if (error.reason == Error::Reason::IsFolder) {
                Q_EMIT folderFound(edit.sandboxId, error.subject);
                return;
            }
            Q_EMIT failure(tr("“%1” could not be opened. %2").arg(nameOf(edit), errorText(error)),
                           error, edit.profile.id);
        });
    connect(m_edits, &OpenEdits::saved, this, [this](int id) {
        const OpenEdit &edit = *m_edits->edit(id);
        Q_EMIT notice(tr("“%1” was saved in “%2”.")
                          .arg(visibleText(edit.path), visibleText(edit.sandboxName)));
        if (m_over.contains(id))
            m_edits->stop(id, false);
    });
    connect(m_edits, &OpenEdits::saveFailed, this, [this](int id) {
        const OpenEdit &edit = *m_edits->edit(id);
        const QString sentence =
            edit.isWaiting ? tr("“%1” is not saved in “%2” yet; it is tried again by itself. %3")
                           : tr("“%1” could not be saved in “%2”. Your copy is kept. %3");
        Q_EMIT failure(
            sentence.arg(nameOf(edit), visibleText(edit.sandboxName), errorText(edit.error)),
            edit.error, edit.profile.id);
    });
    connect(m_edits, &OpenEdits::copyLost, this, [this](int id) {
        Q_EMIT problem(tr("The copy of “%1” on this computer was removed. “Open again” in the list "
                          "of open edits fetches it anew.")
                           .arg(nameOf(*m_edits->edit(id))));
    });
    connect(m_edits, &OpenEdits::refreshed, this, [this](int id) {
        Q_EMIT notice(tr("“%1” is the sandbox's again.").arg(nameOf(*m_edits->edit(id))));
    });
    connect(m_edits, &OpenEdits::restored, this, [this](int count) {
        Q_EMIT notice(tr("%n file(s) are still open for editing.", nullptr, count));
    });
    connect(m_edits, &OpenEdits::conflictFound, this, &EditingFlow::showDifference);
    connect(m_edits, &OpenEdits::stopRefused, this, &EditingFlow::askStop);
    connect(m_edits, &OpenEdits::stopped, this, [this](int id) {
        m_here.remove(id);
        m_outside.remove(id);
        m_over.remove(id);
    });
}

QString EditingFlow::nameOf(const OpenEdit &edit) const
{
    return visibleText(guestpath::fileName(edit.path));
}

void EditingFlow::open(const ConnectionProfile &profile, const QString &sandboxId,
                       const QString &sandboxName, const QString &path, bool here)
{
    const int id = m_edits->open(profile, sandboxId, sandboxName, path);
    if (here)
        m_here.insert(id);
    m_over.remove(id);
}

void EditingFlow::show(int id)
{
    const OpenEdit *edit = m_edits->edit(id);
    if (!edit)
        return;
    m_over.remove(id);
    const bool isHere = m_here.remove(id) || m_editors.value(id);
    if (isHere || edit->program.isEmpty() ||
        !QDesktopServices::openUrl(QUrl::fromLocalFile(edit->localFile())))
        return editHere(id);
    m_outside.insert(id);
    Q_EMIT notice(tr("“%1” is open in %2. What you save there gets into the sandbox by itself.")
                      .arg(nameOf(*edit), visibleText(edit->program)));
}

void EditingFlow::editHere(int id)
{
    if (EditorWindow *editor = m_editors.value(id)) {
        editor->show();
        editor->raise();
        editor->activateWindow();
        return;
    }
    // A window of its own, not one that stays above ours.
    auto *editor = new EditorWindow(m_edits, id);
    m_editors.insert(id, editor);
    connect(editor, &EditorWindow::refused, this,
            [this](int, const QString &sentence) { Q_EMIT problem(sentence); });
    connect(editor, &QObject::destroyed, this, [this, id] { endEditor(id); });
}

// Nothing else has it open: it leaves the list when everything is sent.
void EditingFlow::endEditor(int id)
{
    m_editors.remove(id);
    if (m_outside.contains(id) || !m_edits->edit(id))
        return;
    m_over.insert(id);
    if (!m_edits->edit(id)->hasUnsent())
        m_edits->stop(id, false);
}

void EditingFlow::stop(int id)
{
    const OpenEdit *edit = m_edits->edit(id);
    const EditorWindow *editor = m_editors.value(id);
    if (!edit)
        return;
    if (edit->hasUnsent() || (editor && editor->hasUnsaved()))
        askStop(id);
    else
        m_edits->stop(id, false);
}

void EditingFlow::askStop(int id)
{
    const OpenEdit *edit = m_edits->edit(id);
    if (!edit || m_over.contains(id))
        return;  // it ends when it is sent
    ask(m_window,
        {.title = tr("Stop editing"),
         .text = tr("Stop editing “%1”?").arg(nameOf(*edit)),
         .details = tr("It has changes that are not in “%1” yet. They are lost.")
                        .arg(visibleText(edit->sandboxName)),
         .action = tr("Stop and drop the changes"),
         .icon = QMessageBox::Warning,
         .role = QMessageBox::DestructiveRole},
        [this, id] { m_edits->stop(id, true); });
}

void EditingFlow::showDifference(int id)
{
    if (!m_edits->edit(id))
        return;
    if (DifferenceDialog *shown = m_dialogs.value(id)) {
        shown->raise();
        shown->activateWindow();
        return;
    }
    auto *dialog = new DifferenceDialog(m_edits, id, m_window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    m_dialogs.insert(id, dialog);
    dialog->open();
}

QToolButton *EditingFlow::createIndicator(QWidget *parent)
{
    auto *indicator = new QToolButton(parent);
    indicator->setObjectName(u"editIndicator"_s);
    indicator->setAutoRaise(true);
    indicator->setIcon(themedIcon(u"edit"_s));
    indicator->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    indicator->setToolTip(tr("Shows the open edits"));
    connect(indicator, &QToolButton::clicked, this, &EditingFlow::listRequested);
    const auto update = [this, indicator] { updateIndicator(indicator); };
    connect(m_edits, &OpenEdits::unsentCountChanged, indicator, update);
    connect(m_edits, &QAbstractItemModel::rowsInserted, indicator, update);
    connect(m_edits, &QAbstractItemModel::rowsRemoved, indicator, update);
    update();
    return indicator;
}

void EditingFlow::updateIndicator(QToolButton *indicator) const
{
    const int unsent = m_edits->unsentCount();
    indicator->setText(unsent > 0
                           ? tr("%n file(s) with changes not sent", nullptr, unsent)
                           : tr("%n file(s) open for editing", nullptr, m_edits->rowCount()));
    indicator->setAccessibleName(indicator->text());
}

QStringList EditingFlow::unfinished() const
{
    QStringList sentences;
    for (const QPointer<EditorWindow> &editor : m_editors) {
        const OpenEdit *edit = editor ? m_edits->edit(editor->id()) : nullptr;
        if (edit && editor->hasUnsaved())
            sentences.append(
                tr("“%1” has changes that you have not saved; they are lost").arg(nameOf(*edit)));
    }
    if (const int unsent = m_edits->unsentCount(); unsent > 0)
        sentences.append(
            tr("%n edited file(s) not sent yet; they are kept here and sent when you "
               "start VoidRun again",
               nullptr, unsent));
    return sentences;
}

QStringList EditingFlow::unsentIn(const QString &connectionId, const QString &sandboxId) const
{
    QStringList names;
    for (const OpenEdit &edit : m_edits->editsIn(connectionId, sandboxId)) {
        const EditorWindow *editor = m_editors.value(edit.id);
        if (edit.hasUnsent() || (editor && editor->hasUnsaved()))
            names.append(nameOf(edit));
    }
    return names;
}

void EditingFlow::closeEditors()
{
    const auto editors = std::exchange(m_editors, {});
    for (const QPointer<EditorWindow> &editor : editors) {
        if (!editor)
            continue;
        editor->disconnect(this);
        editor->discard();
        delete editor;
    }
}

}  // namespace voidrun
