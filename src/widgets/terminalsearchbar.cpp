// SPDX-License-Identifier: MIT
#include "terminalsearchbar.h"

#include <QBuffer>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QScrollBar>
#include <QToolButton>

#include "emulator.h"
#include "icons.h"
#include "terminaloverlay.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{
constexpr int RefreshDelay = 300;  // ms after output
constexpr int Gap = 8;             // pixels to the terminal's edges
}  // namespace

QString terminalText(QTermWidget *terminal)
{
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    terminal->saveHistory(&buffer);
    return QString::fromUtf8(buffer.data());
}

TerminalSearchBar::TerminalSearchBar(QTermWidget *terminal, TerminalOverlay *overlay,
                                     QWidget *parent)
    : QFrame(parent),
      m_terminal(terminal),
      m_overlay(overlay),
      m_edit(new QLineEdit(this)),
      m_label(new QLabel(this))
{
    setFrameShape(QFrame::StyledPanel);
    setAutoFillBackground(true);
    setAccessibleName(tr("Find in the terminal"));
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(6, 4, 4, 4);
    layout->setSpacing(4);
    m_edit->setPlaceholderText(tr("Find"));
    m_edit->setAccessibleName(tr("Text to find in the terminal"));
    m_edit->setClearButtonEnabled(true);
    m_edit->setMinimumWidth(fontMetrics().averageCharWidth() * 22);
    m_label->setMinimumWidth(fontMetrics().horizontalAdvance(tr("%1 of %2").arg(999).arg(999)));
    m_label->setAlignment(Qt::AlignCenter);
    layout->addWidget(m_edit, 1);
    layout->addWidget(m_label);
    m_case = addButton({}, tr("Upper and lower case count"), {});
    m_case->setText(u"Aa"_s);
    m_case->setCheckable(true);
    connect(addButton(u"up"_s, tr("Older match"), tr("Enter")), &QToolButton::clicked, this,
            &TerminalSearchBar::showOlder);
    connect(addButton(u"down"_s, tr("Newer match"), tr("Shift+Enter")), &QToolButton::clicked, this,
            &TerminalSearchBar::showNewer);
    connect(addButton(u"close"_s, tr("Close the search"), tr("Esc")), &QToolButton::clicked, this,
            &TerminalSearchBar::close);
    connect(m_edit, &QLineEdit::textChanged, this, &TerminalSearchBar::search);
    connect(m_case, &QToolButton::toggled, this, &TerminalSearchBar::search);
    m_refresh.setSingleShot(true);
    connect(&m_refresh, &QTimer::timeout, this, &TerminalSearchBar::refresh);
    terminal->installEventFilter(this);
    hide();
}

QToolButton *TerminalSearchBar::addButton(const QString &icon, const QString &text,
                                          const QString &keys)
{
    auto *button = new QToolButton(this);
    if (!icon.isEmpty())
        button->setIcon(themedIcon(icon));
    button->setAutoRaise(true);
    button->setAccessibleName(text);
    button->setToolTip(keys.isEmpty() ? text : tr("%1 (%2)").arg(text, keys));
    layout()->addWidget(button);
    return button;
}

void TerminalSearchBar::open()
{
    const QString selected = m_terminal->selectedText();
    show();
    raise();
    place();
    if (!selected.isEmpty() && !selected.contains(u'\n'))
        m_edit->setText(selected.trimmed());
    m_edit->setFocus();
    m_edit->selectAll();
    search();
}

void TerminalSearchBar::close()
{
    m_refresh.stop();
    m_matches.clear();
    m_overlay->showMatches({}, -1);
    hide();
    Q_EMIT closed();
}

void TerminalSearchBar::outputShown()
{
    if (isVisible() && !m_refresh.isActive())
        m_refresh.start(RefreshDelay);
}

void TerminalSearchBar::find()
{
    m_matches =
        findInTerminal(terminalText(m_terminal), m_edit->text(), m_terminal->screenColumnsCount(),
                       m_case->isChecked() ? Qt::CaseSensitive : Qt::CaseInsensitive);
}

void TerminalSearchBar::search()
{
    if (!isVisible())
        return;
    find();
    m_current = m_matches.size() - 1;
    showCurrent();
}

void TerminalSearchBar::refresh()
{
    const TerminalMatch before = m_matches.value(m_current);
    find();
    m_current = before.isEmpty() ? -1 : m_matches.indexOf(before);
    if (m_current < 0)
        m_current = m_matches.size() - 1;
    m_overlay->showMatches(m_matches, m_current);
    updateLabel();
}

void TerminalSearchBar::step(int by)
{
    if (m_matches.isEmpty())
        return;
    m_current = (m_current + by + m_matches.size()) % m_matches.size();
    showCurrent();
}

void TerminalSearchBar::showCurrent()
{
    auto *scrollBar = m_terminal->findChild<QScrollBar *>();
    if (m_current >= 0 && scrollBar) {
        const int line = m_matches.at(m_current).constFirst().line;
        const int lines = m_terminal->screenLinesCount();
        if (line < scrollBar->value() || line >= scrollBar->value() + lines)
            scrollBar->setValue(line - lines / 2);
    }
    m_overlay->showMatches(m_matches, m_current);
    updateLabel();
}

void TerminalSearchBar::updateLabel()
{
    m_label->setText(m_edit->text().isEmpty() ? QString()
                     : m_matches.isEmpty()
                         ? tr("Not found")
                         : tr("%1 of %2").arg(m_current + 1).arg(m_matches.size()));
}

void TerminalSearchBar::place()
{
    adjustSize();
    const auto *scrollBar = m_terminal->findChild<QScrollBar *>();
    const int used = scrollBar && scrollBar->isVisible() ? scrollBar->width() : 0;
    resize(qMin(width(), m_terminal->width() - used - 2 * Gap), height());
    move(m_terminal->geometry().right() - used - Gap - width(), m_terminal->y() + Gap);
}

void TerminalSearchBar::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape)
        close();
    else if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        step(event->modifiers() & Qt::ShiftModifier ? 1 : -1);
    else
        QFrame::keyPressEvent(event);
}

bool TerminalSearchBar::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::Resize && isVisible()) {
        place();
        outputShown();  // other lines are broken
    }
    return QFrame::eventFilter(watched, event);
}

}  // namespace voidrun
