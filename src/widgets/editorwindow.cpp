// SPDX-License-Identifier: MIT
#include "editorwindow.h"

#include <QCloseEvent>
#include <QFile>
#include <QSaveFile>
#include <QShortcut>
#include <QTextBlock>

#include <algorithm>

#include "background.h"
#include "errortext.h"
#include "icons.h"
#include "models/openedits.h"
#include "models/visibletext.h"
#include "question.h"
#include "ui_editorwindow.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

constexpr qsizetype LongestLine = 20'000;  // characters; longer ones make every key slow

struct Written {
    QString problem;       // empty: it worked
    bool isOther = false;  // and was not replaced: somebody else has written to the file
};

// As a whole or not at all, like every careful editor.
Written writeFile(const QString &path, const QByteArray &bytes, const QByteArray &expected,
                  bool evenIfOther)
{
    if (QFile now(path); !evenIfOther && now.open(QIODevice::ReadOnly)) {
        if (now.read(EditorWindow::MaxSize + expected.size() + 1) != expected)
            return {.problem = {}, .isOther = true};
    }
    QSaveFile file(path);
    if (file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() && file.commit())
        return {};
    return {.problem = file.errorString()};
}

}  // namespace

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

void EditorWindow::load()
{
    inBackground(
        this,
        [path = m_file] {
            QFile file(path);
            return file.open(QIODevice::ReadOnly) ? std::optional(file.read(MaxSize + 1))
                                                  : std::nullopt;
        },
        [this](const std::optional<QByteArray> &bytes) {
            if (bytes)
                take(*bytes);
            else
                refuse(tr("The copy of the file on this computer could not be read."));
        });
}

void EditorWindow::take(const QByteArray &bytes)
{
    const QString name = visibleText(m_edits->edit(m_id)->name);
    if (bytes.size() > MaxSize)
        return refuse(tr("“%1” is larger than 4 MiB. Download it and open it with a program that "
                         "edits large files.")
                          .arg(name));
    m_text = TextFile::fromBytes(bytes);
    if (!m_text)
        return refuse(tr("“%1” is not a text, so it cannot be edited here. Download it to use it "
                         "with a program of yours.")
                          .arg(name));
    const QString &text = m_text->text();
    for (qsizetype at = 0; at < text.size();) {
        const qsizetype end = text.indexOf(u'\n', at);
        const qsizetype next = end < 0 ? text.size() : end;
        if (next - at > LongestLine)
            return refuse(tr("“%1” has lines of more than 20,000 characters. Download it and open "
                             "it with a program that edits such files.")
                              .arg(name));
        at = next + 1;
    }
    m_bytes = bytes;
    m_ui->editor->showText(text, name);
    m_ui->editor->setFocus();
    updateInfo();
    if (!isVisible())
        show();
}

void EditorWindow::refuse(const QString &sentence)
{
    m_isDiscarded = true;
    Q_EMIT refused(m_id, sentence);
    close();
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

// Something else has put another content there: the sandbox's, or that of another program.
void EditorWindow::checkFile()
{
    inBackground(
        this,
        [path = m_file, expected = m_bytes] {
            QFile file(path);
            return !file.open(QIODevice::ReadOnly) || file.read(MaxSize + 1) == expected;
        },
        [this](bool isSame) {
            if (isSame || m_isSaving)
                return;
            if (!hasUnsaved())
                return load();
            ask(this,
                {.title = tr("The file changed"),
                 .text = tr("“%1” was changed meanwhile, and you have changes that are not saved.")
                             .arg(windowTitle().remove(u"[*]"_s)),
                 .details = tr("Loading it drops your changes."),
                 .action = tr("Load it"),
                 .icon = QMessageBox::Warning,
                 .role = QMessageBox::DestructiveRole},
                [this] { load(); });
        });
}

void EditorWindow::save(const std::function<void()> &saved)
{
    if (!m_text || m_isSaving || m_ui->editor->isReadOnly())
        return;
    const std::optional<QByteArray> bytes = m_text->bytesOf(m_ui->editor->wholeText());
    if (!bytes) {
        m_ui->problemLabel->showProblem(
            tr("It was not saved: there is a character in it that the file's encoding, %1, does "
               "not have.")
                .arg(m_text->encodingName()));
        return;
    }
    write(*bytes, false, saved);
}

void EditorWindow::write(const QByteArray &bytes, bool evenIfOther,
                         const std::function<void()> &saved)
{
    m_isSaving = true;
    m_ui->problemLabel->showProblem({});
    const int revision = m_ui->editor->document()->revision();
    inBackground(
        this,
        [path = m_file, bytes, expected = m_bytes, evenIfOther] {
            return writeFile(path, bytes, expected, evenIfOther);
        },
        [this, bytes, revision, saved](const Written &written) {
            m_isSaving = false;
            if (written.isOther)
                return askOverwrite(bytes, saved);
            if (!written.problem.isEmpty())
                return m_ui->problemLabel->showProblem(
                    tr("It was not saved on this computer (%1).").arg(written.problem));
            m_bytes = bytes;
            if (m_ui->editor->document()->revision() == revision)
                m_ui->editor->document()->setModified(false);
            m_edits->saveNow(m_id);
            if (saved)
                saved();
        });
}

void EditorWindow::askOverwrite(const QByteArray &bytes, const std::function<void()> &saved)
{
    ask(this,
        {.title = tr("The file changed"),
         .text = tr("Another program changed the copy of this file on this computer."),
         .details = tr("Saving replaces what it wrote."),
         .action = tr("Save anyway"),
         .icon = QMessageBox::Warning,
         .role = QMessageBox::DestructiveRole},
        [this, bytes, saved] { write(bytes, true, saved); });
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
            m_ui->stateLabel->setText(index.data().toString());
    }
    m_ui->stateLabel->setToolTip(edit->error == Error() ? QString() : errorText(edit->error));
}

}  // namespace voidrun
