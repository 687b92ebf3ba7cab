// SPDX-License-Identifier: MIT
#include "terminaltextwindow.h"

#include <QFontDatabase>
#include <QPushButton>
#include <QShortcut>
#include <QTextDocument>

#include "icons.h"
#include "ui_terminaltextwindow.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{
constexpr int MostMarks = 1000;  // matches that are marked at once
}

TerminalTextWindow::TerminalTextWindow(const QString &title, const QString &text, QWidget *parent)
    : QDialog(parent), m_ui(std::make_unique<Ui::TerminalTextWindow>())
{
    m_ui->setupUi(this);
    setWindowTitle(title);
    setWindowFlag(Qt::WindowMinMaxButtonsHint);
    m_ui->textEdit->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_ui->textEdit->setPlainText(text);
    m_ui->textEdit->moveCursor(QTextCursor::End);
    m_ui->previousButton->setIcon(themedIcon(u"up"_s));
    m_ui->nextButton->setIcon(themedIcon(u"down"_s));
    const auto on = [this](const QKeySequence &keys, auto run) {
        connect(new QShortcut(keys, this), &QShortcut::activated, this, run);
    };
    on(Qt::Key_F3, [this] { find(false); });
    on(Qt::SHIFT | Qt::Key_F3, [this] { find(true); });
    on(Qt::CTRL | Qt::Key_F, [this] { m_ui->searchEdit->setFocus(); });
    connect(m_ui->previousButton, &QToolButton::clicked, this, [this] { find(true); });
    connect(m_ui->nextButton, &QToolButton::clicked, this, [this] { find(false); });
    connect(m_ui->searchEdit, &QLineEdit::textChanged, this, [this] {
        highlight();
        m_ui->textEdit->moveCursor(QTextCursor::End);
        find(true);  // what was last comes first
    });
    connect(m_ui->searchEdit, &QLineEdit::returnPressed, this, [this] { find(true); });
    connect(m_ui->buttonBox, &QDialogButtonBox::rejected, this, &QDialog::reject);
    // Return searches; it does not close.
    for (QAbstractButton *button : m_ui->buttonBox->buttons())
        qobject_cast<QPushButton *>(button)->setAutoDefault(false);
    m_ui->searchEdit->setFocus();
}

TerminalTextWindow::~TerminalTextWindow() = default;

void TerminalTextWindow::find(bool backwards)
{
    const QString wanted = m_ui->searchEdit->text();
    const auto flags = backwards ? QTextDocument::FindBackward : QTextDocument::FindFlags();
    if (wanted.isEmpty() || m_ui->textEdit->find(wanted, flags))
        return;
    // Round to the other end.
    const QTextCursor before = m_ui->textEdit->textCursor();
    m_ui->textEdit->moveCursor(backwards ? QTextCursor::End : QTextCursor::Start);
    if (!m_ui->textEdit->find(wanted, flags))
        m_ui->textEdit->setTextCursor(before);
}

void TerminalTextWindow::highlight()
{
    const QString wanted = m_ui->searchEdit->text();
    QList<QTextEdit::ExtraSelection> marks;
    QTextCursor at(m_ui->textEdit->document());
    QColor color = palette().color(QPalette::Highlight);
    color.setAlphaF(0.35F);
    while (!wanted.isEmpty() && marks.size() < MostMarks) {
        at = m_ui->textEdit->document()->find(wanted, at);
        if (at.isNull())
            break;
        QTextEdit::ExtraSelection mark;
        mark.cursor = at;
        mark.format.setBackground(color);
        marks.append(mark);
    }
    m_ui->textEdit->setExtraSelections(marks);
    m_ui->countLabel->setText(wanted.isEmpty() ? QString()
                              : marks.size() == MostMarks
                                  ? tr("%n or more", nullptr, MostMarks)
                                  : tr("%n found", nullptr, int(marks.size())));
}

}  // namespace voidrun
