// SPDX-License-Identifier: MIT
#include "terminalbar.h"

#include <QHBoxLayout>
#include <QKeySequence>
#include <QLabel>
#include <QToolButton>

#include "icons.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

QString withKeys(const QString &text, const QKeySequence &keys)
{
    return u"%1 (%2)"_s.arg(text, keys.toString(QKeySequence::NativeText));
}

}  // namespace

TerminalBar::TerminalBar(QWidget *parent) : QFrame(parent), m_note(new QLabel(this))
{
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(6, 1, 6, 1);
    layout->setSpacing(2);
    m_note->setTextFormat(Qt::PlainText);
    m_note->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    layout->addWidget(m_note, 1);
    m_copy = addButton(u"copy"_s, tr("Copy"),
                       withKeys(tr("Copy the selected text"), Qt::CTRL | Qt::SHIFT | Qt::Key_C));
    m_paste = addButton(u"paste"_s, tr("Paste"),
                        withKeys(tr("Paste from the clipboard"), Qt::CTRL | Qt::SHIFT | Qt::Key_V));
    auto *find = addButton(u"search"_s, tr("Find"),
                           withKeys(tr("Find in this terminal"), Qt::CTRL | Qt::SHIFT | Qt::Key_F));
    auto *options = addButton(u"more"_s, tr("Options"), tr("Text, colours and more of terminals"));
    connect(m_copy, &QToolButton::clicked, this, &TerminalBar::copyClicked);
    connect(m_paste, &QToolButton::clicked, this, &TerminalBar::pasteClicked);
    connect(find, &QToolButton::clicked, this, &TerminalBar::findClicked);
    connect(options, &QToolButton::clicked, this, &TerminalBar::optionsClicked);
    setCopyEnabled(false);
}

QToolButton *TerminalBar::addButton(const QString &icon, const QString &text, const QString &tip)
{
    auto *button = new QToolButton(this);
    button->setIcon(themedIcon(icon));
    button->setIconSize({14, 14});
    button->setText(text);
    button->setToolTip(tip);
    button->setAccessibleName(text);
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::TabFocus);  // a click leaves the focus in the terminal
    layout()->addWidget(button);
    m_buttons.append(button);
    return button;
}

void TerminalBar::setCopyEnabled(bool enabled)
{
    m_copy->setEnabled(enabled);
}

void TerminalBar::setPasteEnabled(bool enabled)
{
    m_paste->setEnabled(enabled);
}

void TerminalBar::setNote(const QString &note)
{
    m_note->setText(note);
    m_note->setToolTip(note);
}

void TerminalBar::resizeEvent(QResizeEvent *event)
{
    QFrame::resizeEvent(event);
    const bool isWide = width() > fontMetrics().averageCharWidth() * 60;
    for (QToolButton *button : std::as_const(m_buttons))
        button->setToolButtonStyle(isWide ? Qt::ToolButtonTextBesideIcon : Qt::ToolButtonIconOnly);
}

}  // namespace voidrun
