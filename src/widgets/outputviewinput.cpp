// SPDX-License-Identifier: MIT
// How an OutputView looks and what mouse and keys do in it.
#include <QClipboard>
#include <QContextMenuEvent>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QMenu>
#include <QMouseEvent>
#include <QScrollBar>

#include <array>

#include "calmstyle.h"
#include "outputview.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

constexpr qsizetype WholeLine = 1'000'000;  // a column behind every line

// The sixteen colours, readable on white and on a dark ground.
constexpr std::array<QRgb, 16> OnLight{0x1b1b1b, 0xb4141d, 0x1a7a35, 0x8a6100, 0x1d55c4, 0x8f2a9b,
                                       0x0b7285, 0x6b7075, 0x55595e, 0xd01f2a, 0x1f8f40, 0xa07000,
                                       0x2f6be0, 0xa93db5, 0x0e889e, 0x3c4043};
constexpr std::array<QRgb, 16> OnDark{0x8a9097, 0xff7b81, 0x6cd48a, 0xe5c061, 0x82aaff, 0xdc9be6,
                                      0x67d4e0, 0xd5d9de, 0xa6acb3, 0xff9da1, 0x93e6ab, 0xf2d68a,
                                      0xa6c3ff, 0xe9bdf0, 0x94e5ee, 0xffffff};

// The palette of 256 behind the first sixteen: a cube of colours and a ramp of greys.
QColor paletteColor(int index)
{
    if (index >= 232) {
        const int grey = 8 + (index - 232) * 10;
        return {grey, grey, grey};
    }
    const auto level = [](int step) { return step == 0 ? 0 : 55 + step * 40; };
    const int cube = index - 16;
    return {level(cube / 36), level(cube / 6 % 6), level(cube % 6)};
}

}  // namespace

QColor OutputView::errorColor() const
{
    const bool dark = palette().color(QPalette::Base).lightness() < 128;
    return dark ? QColor(0xff, 0x9d, 0xa1) : QColor(0xb4, 0x1c, 0x25);
}

QColor OutputView::colorOf(quint32 color, const QColor &other) const
{
    if (color == 0)
        return other;
    if (color >= AnsiStyle::Direct)
        return QColor::fromRgb(color & 0xffffff);
    const auto index = color & 0xff;
    const bool dark = palette().color(QPalette::Base).lightness() < 128;
    if (index < 16)
        return QColor::fromRgb(dark ? OnDark[index] : OnLight[index]);
    return paletteColor(int(index));
}

QTextCharFormat OutputView::formatOf(const AnsiStyle &style, bool isError) const
{
    QTextCharFormat format;
    const QColor base = palette().color(QPalette::Base);
    QColor text =
        colorOf(style.foreground, isError ? errorColor() : palette().color(QPalette::Text));
    QColor ground = colorOf(style.background, base);
    if (style.inverse)
        std::swap(text, ground);
    if (style.dim)
        text = mixed(text, ground, 0.65);
    format.setForeground(text);
    if (ground != base)
        format.setBackground(ground);
    if (style.bold)
        format.setFontWeight(QFont::Bold);
    format.setFontItalic(style.italic);
    format.setFontUnderline(style.underlined);
    return format;
}

QList<QTextLayout::FormatRange> OutputView::formatsOf(const OutputLog::Line &line,
                                                      qint64 number) const
{
    QList<QTextLayout::FormatRange> formats;
    const bool isError = line.channel == OutputChannel::Error;
    const auto size = line.content.text.size();
    const auto add = [&](qsizetype from, qsizetype to, const QTextCharFormat &format) {
        from = qBound(qsizetype(0), from, size);
        to = qBound(from, to, size);
        if (to > from)
            formats.append({int(from), int(to - from), format});
    };
    if (isError)
        add(0, size, formatOf({}, true));
    const auto &runs = line.content.runs;
    for (qsizetype i = 0; i < runs.size(); ++i)
        add(runs[i].start, i + 1 < runs.size() ? runs[i + 1].start : size,
            formatOf(runs[i].style, isError));
    if (!m_searched.isEmpty()) {
        QTextCharFormat mark;
        const bool dark = palette().color(QPalette::Base).lightness() < 128;
        mark.setBackground(dark ? QColor(0x6b, 0x55, 0x00) : QColor(0xff, 0xe0, 0x82));
        if (number == m_foundLine)
            mark.setFontUnderline(true);
        for (qsizetype at = 0;
             (at = line.content.text.indexOf(m_searched, at, Qt::CaseInsensitive)) >= 0;
             at += m_searched.size())
            add(at, at + m_searched.size(), mark);
    }
    const auto [first, last] = std::minmax(m_anchor, m_end);
    if (first != last && number >= first.line && number <= last.line) {
        QTextCharFormat chosen;
        chosen.setBackground(palette().color(QPalette::Highlight));
        chosen.setForeground(palette().color(QPalette::HighlightedText));
        add(number == first.line ? first.column : 0, number == last.line ? last.column : size,
            chosen);
    }
    return formats;
}

OutputView::Place OutputView::placeAt(const QPoint &point)
{
    layOut();
    if (m_rows.empty())
        return {};
    const Row *row = &m_rows.front();
    for (const Row &candidate : m_rows) {
        if (candidate.top <= point.y())
            row = &candidate;
    }
    const int part = qBound(0, int((point.y() - row->top) / fontMetrics().lineSpacing()),
                            qMax(0, row->layout->lineCount() - 1));
    const QTextLine line = row->layout->lineAt(part);
    const qreal x = point.x() - gutterWidth() + horizontalScrollBar()->value();
    return {row->line, line.isValid() ? line.xToCursor(x) : 0};
}

void OutputView::mousePressEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton || !m_log)
        return;
    m_end = placeAt(event->position().toPoint());
    if (!(event->modifiers() & Qt::ShiftModifier))
        m_anchor = m_end;
    relayout();
}

void OutputView::mouseMoveEvent(QMouseEvent *event)
{
    if (!(event->buttons() & Qt::LeftButton) || !m_log)
        return;
    const QPoint point = event->position().toPoint();
    if (point.y() < 0)
        verticalScrollBar()->triggerAction(QAbstractSlider::SliderSingleStepSub);
    else if (point.y() > viewport()->height())
        verticalScrollBar()->triggerAction(QAbstractSlider::SliderSingleStepAdd);
    m_end = placeAt(point);
    relayout();
}

void OutputView::mouseDoubleClickEvent(QMouseEvent *event)
{
    m_anchor = m_end = placeAt(event->position().toPoint());
    m_anchor.column = 0;
    m_end.column = WholeLine;
    relayout();
}

bool OutputView::hasSelection() const
{
    return m_anchor != m_end;
}

void OutputView::selectAll()
{
    if (!m_log || m_log->lineCount() == 0)
        return;
    m_anchor = {};
    m_end = {m_log->lineCount() - 1, WholeLine};
    relayout();
}

void OutputView::copySelection()
{
    if (!m_log || m_log->lineCount() == 0)
        return;
    const bool isAll = !hasSelection();
    const auto [first, last] = std::minmax(m_anchor, m_end);
    const Place from = isAll ? Place() : first;
    const Place to = isAll ? Place{m_log->lineCount() - 1, WholeLine} : last;
    m_log->copy(from.line, to.line, this, [from, to](QStringList lines) {
        if (lines.isEmpty())
            return;
        const bool isOne = from.line == to.line;
        lines.last().truncate(to.column);
        lines.first() =
            lines.first().mid(isOne ? qMin(from.column, lines.first().size()) : from.column);
        QGuiApplication::clipboard()->setText(lines.join(u'\n'));
    });
}

// By whole lines, for those who have no mouse.
void OutputView::moveSelection(int lines)
{
    if (!m_log || m_log->lineCount() == 0)
        return;
    const qint64 last = m_log->lineCount() - 1;
    if (!hasSelection()) {
        const qint64 line = lines < 0 && m_followsEnd ? last : topLine();
        m_anchor = {line, 0};
        m_end = {line, WholeLine};
    } else {
        m_end = {qBound(qint64(0), m_end.line + lines, last), WholeLine};
        m_anchor.column = m_end.line < m_anchor.line ? WholeLine : 0;
        m_end.column = m_end.line < m_anchor.line ? 0 : WholeLine;
    }
    goTo(m_end.line);
}

void OutputView::keyPressEvent(QKeyEvent *event)
{
    QScrollBar *bar = verticalScrollBar();
    const bool shift = event->modifiers() & Qt::ShiftModifier;
    if (event->matches(QKeySequence::Copy))
        copySelection();
    else if (event->matches(QKeySequence::SelectAll))
        selectAll();
    else if (event->key() == Qt::Key_Home)
        bar->setValue(0);
    else if (event->key() == Qt::Key_End)
        bar->setValue(bar->maximum());
    else if (shift && (event->key() == Qt::Key_Up || event->key() == Qt::Key_Down))
        moveSelection(event->key() == Qt::Key_Up ? -1 : 1);
    else
        QAbstractScrollArea::keyPressEvent(event);
}

void OutputView::contextMenuEvent(QContextMenuEvent *event)
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    QAction *copy = menu->addAction(hasSelection() ? tr("&Copy") : tr("&Copy all"), this,
                                    &OutputView::copySelection);
    copy->setShortcut(QKeySequence::Copy);
    QAction *all = menu->addAction(tr("Select &all"), this, &OutputView::selectAll);
    all->setShortcut(QKeySequence::SelectAll);
    for (QAction *action : {copy, all})
        action->setEnabled(m_log && m_log->lineCount() > 0);
    menu->popup(event->globalPos());
}

}  // namespace voidrun
