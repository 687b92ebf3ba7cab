// SPDX-License-Identifier: MIT
// How the EditorWindow reads and writes its file.
#include <QFile>
#include <QLabel>
#include <QSaveFile>

#include "background.h"
#include "editorwindow.h"
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

}  // namespace voidrun
