// SPDX-License-Identifier: MIT
#include "editorwindow.h"

#include <QCloseEvent>
#include <QShortcut>
#include <QTextBlock>

#include "errortext.h"
#include "icons.h"
#include "models/openedits.h"
#include "models/visibletext.h"
#include "question.h"
#include "ui_editorwindow.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

EditorWindow::EditorWindow(OpenEdits *edits, int id, QWidget *parent)
    : QWidget(parent, Qt::Window),
      m_ui(std::make_unique<Ui::EditorWindow>()),
      m_edits(edits),
      m_id(id)
{
    m_ui->setupUi(this);
    setAttribute(Qt::WA_DeleteOnClose);
    m_ui->problemLabel->hide();
    m_ui->findBar->hide();
    m_file = edits->edit(id)->localFile();
    setUpActions();
    connect(m_ui->editor->document(), &QTextDocument::modificationChanged, this,
            &EditorWindow::updateTitle);
    connect(m_ui->editor->document(), &QTextDocument::modificationChanged, this,
            &EditorWindow::updateState);
    connect(m_ui->editor, &QPlainTextEdit::cursorPositionChanged, this, &EditorWindow::updateInfo);
    connect(m_ui->editor, &CodeEditor::shown, this, &EditorWindow::updateInfo);
    connect(edits, &QAbstractItemModel::dataChanged, this, &EditorWindow::updateState);
    const auto ifOurs = [this](auto run) {
        return [this, run](int changed) {
            if (changed == m_id)
                (this->*run)();
        };
    };
    connect(edits, &OpenEdits::refreshed, this, ifOurs(&EditorWindow::checkFile));
    connect(edits, &OpenEdits::opened, this, ifOurs(&EditorWindow::checkFile));
    connect(edits, &OpenEdits::stopped, this, ifOurs(&EditorWindow::discard));
    updateTitle();
    updateState();
    load();
}

EditorWindow::~EditorWindow() = default;

void EditorWindow::setUpActions()
{
    const auto button = [this](QToolButton *shown, const QString &icon, const QKeySequence &keys,
                               auto run) {
        shown->setIcon(themedIcon(icon));
        shown->setAccessibleName(shown->text());
        shown->setToolTip(
            tr("%1 (%2)").arg(shown->text(), keys.toString(QKeySequence::NativeText)));
        auto *shortcut = new QShortcut(keys, this);
        connect(shortcut, &QShortcut::activated, this, run);
        connect(shown, &QToolButton::clicked, this, run);
    };
    button(m_ui->saveButton, u"upload"_s, QKeySequence::Save, [this] { save(); });
    button(m_ui->findButton, u"search"_s, QKeySequence::Find, [this] { showFind(); });
    button(m_ui->undoButton, u"undo"_s, QKeySequence::Undo, [this] { m_ui->editor->undo(); });
    button(m_ui->redoButton, u"redo"_s, QKeySequence::Redo, [this] { m_ui->editor->redo(); });
    button(m_ui->nextButton, u"down"_s, QKeySequence::FindNext, [this] { find(false); });
    button(m_ui->previousButton, u"up"_s, QKeySequence::FindPrevious, [this] { find(true); });
    button(m_ui->findCloseButton, u"close"_s, Qt::Key_Escape, [this] { hideFind(); });
    connect(m_ui->editor, &QPlainTextEdit::undoAvailable, m_ui->undoButton, &QWidget::setEnabled);
    connect(m_ui->editor, &QPlainTextEdit::redoAvailable, m_ui->redoButton, &QWidget::setEnabled);
    m_ui->undoButton->setEnabled(false);
    m_ui->redoButton->setEnabled(false);
    connect(m_ui->findEdit, &QLineEdit::returnPressed, this, [this] { find(false); });
    connect(m_ui->findEdit, &QLineEdit::textEdited, this, [this] { m_ui->findLabel->clear(); });
    auto *close = new QShortcut(QKeySequence::Close, this);
    connect(close, &QShortcut::activated, this, &QWidget::close);
}

bool EditorWindow::hasUnsaved() const
{
    return !m_isDiscarded && m_text && m_ui->editor->document()->isModified();
}

void EditorWindow::discard()
{
    m_isDiscarded = true;
    close();
}

void EditorWindow::closeEvent(QCloseEvent *event)
{
    if (!hasUnsaved())
        return event->accept();
    event->ignore();
    ask(this,
        {.title = tr("Not saved"),
         .text = tr("Save your changes to “%1”?").arg(windowTitle().remove(u"[*]"_s)),
         .details = tr("Without saving they are lost."),
         .action = tr("Don't save"),
         .icon = QMessageBox::Warning,
         .role = QMessageBox::DestructiveRole,
         .gentlerAction = tr("Save"),
         .gentler = [this] { save([this] { close(); }); }},
        [this] { discard(); });
}

void EditorWindow::showFind()
{
    m_ui->findBar->show();
    const QString selected = m_ui->editor->textCursor().selectedText();
    if (!selected.isEmpty() && !selected.contains(QChar::ParagraphSeparator))
        m_ui->findEdit->setText(selected);
    m_ui->findEdit->setFocus(Qt::ShortcutFocusReason);
    m_ui->findEdit->selectAll();
}

void EditorWindow::hideFind()
{
    m_ui->findBar->hide();
    m_ui->editor->setFocus(Qt::ShortcutFocusReason);
}

// From the cursor on, then from the other end.
void EditorWindow::find(bool backwards)
{
    const QString wanted = m_ui->findEdit->text();
    if (wanted.isEmpty())
        return showFind();
    QTextDocument::FindFlags flags;
    flags.setFlag(QTextDocument::FindBackward, backwards);
    flags.setFlag(QTextDocument::FindCaseSensitively, m_ui->caseBox->isChecked());
    const QTextDocument *document = m_ui->editor->document();
    QTextCursor found = document->find(wanted, m_ui->editor->textCursor(), flags);
    m_ui->findLabel->clear();
    if (found.isNull()) {
        QTextCursor start(m_ui->editor->document());
        if (backwards)
            start.movePosition(QTextCursor::End);
        found = document->find(wanted, start, flags);
        m_ui->findLabel->setText(found.isNull() ? tr("Not found")
                                                : tr("Went on from the other end"));
    }
    if (!found.isNull())
        m_ui->editor->setTextCursor(found);
}

void EditorWindow::updateTitle()
{
    if (const OpenEdit *edit = m_edits->edit(m_id))
        setWindowTitle(
            tr("%1 — %2[*]").arg(visibleText(edit->name), visibleText(edit->sandboxName)));
    setWindowModified(m_ui->editor->document()->isModified());
}

void EditorWindow::updateInfo()
{
    if (!m_text)
        return;
    const QTextCursor cursor = m_ui->editor->textCursor();
    QStringList parts{
        tr("Line %1, column %2").arg(cursor.blockNumber() + 1).arg(cursor.positionInBlock() + 1)};
    if (const QString language = m_ui->editor->languageName(); !language.isEmpty())
        parts.append(language);
    parts.append(m_text->encodingName());
    switch (m_text->lineEnd()) {
        case TextFile::LineEnd::Lf:
            break;
        case TextFile::LineEnd::CrLf:
            parts.append(tr("Windows line ends"));
            break;
        case TextFile::LineEnd::Cr:
            parts.append(tr("Old Macintosh line ends"));
            break;
        case TextFile::LineEnd::Mixed:
            parts.append(tr("Mixed line ends"));
            break;
    }
    m_ui->infoLabel->setText(parts.join(u"  ·  "_s));
}

void EditorWindow::updateState()
{
    const OpenEdit *edit = m_edits->edit(m_id);
    if (!edit)
        return;
    for (int row = 0; row < m_edits->rowCount(); ++row) {
        const QModelIndex index = m_edits->index(row, OpenEdits::StateColumn);
        if (index.data(OpenEdits::IdRole).toInt() == m_id)
            m_ui->stateLabel->setText(hasUnsaved() ? tr("Not saved") : index.data().toString());
    }
    m_ui->stateLabel->setToolTip(edit->error == Error() ? QString() : errorText(edit->error));
}

}  // namespace voidrun
