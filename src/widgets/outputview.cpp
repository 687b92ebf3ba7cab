// SPDX-License-Identifier: MIT
#include "outputview.h"

#include <QAccessible>
#include <QClipboard>
#include <QFontDatabase>
#include <QGuiApplication>
#include <QPainter>
#include <QScrollBar>

#include <utility>

#include "calmstyle.h"
#include "outputaccessible.h"

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace voidrun
{

namespace
{

constexpr auto PaintEvery = 33ms;
constexpr int Margin = 6;          // px around the text
constexpr qreal Widest = 100'000;  // px of one line

}  // namespace

OutputView::OutputView(QWidget *parent) : QAbstractScrollArea(parent)
{
    OutputAccessible::install();
    setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    setFocusPolicy(Qt::StrongFocus);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOn);
    viewport()->setCursor(Qt::IBeamCursor);
    viewport()->setBackgroundRole(QPalette::Base);
    viewport()->setAutoFillBackground(true);
    m_timer.setSingleShot(true);
    m_timer.setInterval(PaintEvery);
    connect(&m_timer, &QTimer::timeout, this, &OutputView::relayout);
}

OutputView::~OutputView() = default;

void OutputView::setLog(OutputLog *log)
{
    if (m_log)
        m_log->disconnect(this);
    m_log = log;
    m_anchor = m_end = {};
    m_foundLine = -1;
    m_widest = 0;
    m_followsEnd = true;
    if (log) {
        const auto later = [this] {
            if (!m_timer.isActive())
                m_timer.start();
        };
        connect(log, &OutputLog::grown, this, later);
        connect(log, &OutputLog::loaded, this, later);
    }
    relayout();
}

void OutputView::setWrapped(bool wrapped)
{
    m_isWrapped = wrapped;
    m_widest = 0;
    relayout();
}

qint64 OutputView::topLine() const
{
    return verticalScrollBar()->value();
}

int OutputView::gutterWidth() const
{
    return fontMetrics().horizontalAdvance(u'!') + 2 * Margin;
}

void OutputView::relayout()
{
    m_isStale = true;
    updateBars();
    viewport()->update();
}

// The first line that still leaves the screen full to the end.
int OutputView::lastTop() const
{
    const qint64 count = m_log ? m_log->lineCount() : 0;
    qreal room = viewport()->height() - 2 * Margin;
    qint64 line = count;
    if (!m_isWrapped)
        return int(qMax(qint64(0), count - qint64(room / fontMetrics().lineSpacing())));
    while (line > 0) {
        room -= fontMetrics().lineSpacing() * qMax(1, rowOf(line - 1, 0).layout->lineCount());
        if (room < 0)
            break;
        --line;
    }
    return int(qMin(line, qMax(qint64(0), count - 1)));
}

void OutputView::updateBars()
{
    if (m_isUpdating)
        return;
    m_isUpdating = true;
    const int last = lastTop();
    const int lines = qMax(1, viewport()->height() / fontMetrics().lineSpacing());
    verticalScrollBar()->setPageStep(qMax(1, lines - 1));
    verticalScrollBar()->setRange(0, last);
    if (m_followsEnd)
        verticalScrollBar()->setValue(last);
    const int room = viewport()->width() - gutterWidth() - Margin;
    horizontalScrollBar()->setPageStep(room);
    horizontalScrollBar()->setSingleStep(fontMetrics().averageCharWidth() * 4);
    horizontalScrollBar()->setRange(0, m_isWrapped ? 0 : qMax(0, int(m_widest) - room));
    m_isUpdating = false;
}

OutputView::Row OutputView::rowOf(qint64 number, qreal top) const
{
    const OutputLog::Line line = m_log->line(number);
    Row row;
    row.line = number;
    row.top = top;
    row.isError = line.channel == OutputChannel::Error;
    QString text = line.content.text;
    if (line.isLost)
        text = tr("(the disk had no room for this part)");
    else if (!line.isLoaded)
        text = u"…"_s;
    row.layout = std::make_unique<QTextLayout>(text, font());
    QTextOption option;
    option.setWrapMode(m_isWrapped ? QTextOption::WrapAnywhere : QTextOption::NoWrap);
    row.layout->setTextOption(option);
    row.layout->setFormats(formatsOf(line, number));
    row.layout->beginLayout();
    const qreal width =
        m_isWrapped ? qMax(20, viewport()->width() - gutterWidth() - Margin) : Widest;
    qreal y = 0;
    for (QTextLine part = row.layout->createLine(); part.isValid();
         part = row.layout->createLine()) {
        part.setLineWidth(width);
        part.setPosition({0, y});
        y += fontMetrics().lineSpacing();
    }
    row.layout->endLayout();
    return row;
}

void OutputView::layOut()
{
    if (!m_isStale)
        return;
    m_isStale = false;
    m_rows.clear();
    const qint64 count = m_log ? m_log->lineCount() : 0;
    qreal y = Margin;
    qreal widest = m_widest;
    for (qint64 line = topLine(); line < count && y < viewport()->height(); ++line) {
        m_rows.push_back(rowOf(line, y));
        const QTextLayout &layout = *m_rows.back().layout;
        y += fontMetrics().lineSpacing() * qMax(1, layout.lineCount());
        widest = qMax(widest, layout.maximumWidth());
    }
    if (widest > m_widest) {
        m_widest = qMin(widest, Widest);
        updateBars();
    }
}

void OutputView::paintEvent(QPaintEvent *)
{
    layOut();
    tellReaders();
    QPainter painter(viewport());
    const QColor text = palette().color(QPalette::Text);
    const QColor base = palette().color(QPalette::Base);
    const int gutter = gutterWidth();
    painter.fillRect(0, 0, gutter, viewport()->height(), mixed(text, base, 0.04));
    painter.setPen(text);
    painter.setClipRect(QRect(gutter, 0, viewport()->width() - gutter, viewport()->height()));
    const qreal left = gutter + Margin / 2.0 - horizontalScrollBar()->value();
    for (const Row &row : m_rows)
        row.layout->draw(&painter, {left, row.top});
    painter.setClipping(false);
    painter.setFont(font());
    painter.setPen(errorColor());
    for (const Row &row : m_rows) {
        if (row.isError)
            painter.drawText(QRectF(0, row.top, gutter, fontMetrics().lineSpacing()),
                             Qt::AlignCenter, u"!"_s);
    }
}

void OutputView::scrollContentsBy(int, int)
{
    if (!m_isUpdating)
        m_followsEnd = verticalScrollBar()->value() >= verticalScrollBar()->maximum();
    m_isStale = true;
    viewport()->update();
}

void OutputView::resizeEvent(QResizeEvent *event)
{
    QAbstractScrollArea::resizeEvent(event);
    relayout();
}

void OutputView::changeEvent(QEvent *event)
{
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        relayout();
}

void OutputView::goTo(qint64 line)
{
    m_followsEnd = false;
    const auto shown = [&] {
        return std::ranges::any_of(m_rows, [&](const Row &row) {
            return row.line == line &&
                   row.top + fontMetrics().lineSpacing() <= viewport()->height();
        });
    };
    layOut();
    if (!shown())
        verticalScrollBar()->setValue(
            int(qMax(qint64(0), line - verticalScrollBar()->pageStep() / 3)));
    relayout();
}

void OutputView::search(const QString &text, bool forward, bool fromHere)
{
    m_searched = text;
    if (!m_log || text.isEmpty()) {
        m_foundLine = -1;
        relayout();
        return;
    }
    const qint64 start = m_foundLine < 0 ? topLine() : m_foundLine;
    const qint64 last = m_log->lineCount() - 1;
    qint64 from = fromHere || m_foundLine < 0 ? start : start + (forward ? 1 : -1);
    if (from > last)
        from = 0;
    else if (from < 0)
        from = last;
    m_log->find(text, from, forward, this, [this](qint64 line) {
        m_foundLine = line;
        if (line >= 0)
            goTo(line);
        relayout();
        Q_EMIT found(line);
    });
}

QList<OutputView::SpokenLine> OutputView::spokenLines()
{
    layOut();
    QList<SpokenLine> lines;
    for (const Row &row : m_rows) {
        const int height = fontMetrics().lineSpacing() * qMax(1, row.layout->lineCount());
        const QString text = row.layout->text();
        lines.append({row.isError ? tr("error: %1").arg(text) : text,
                      QRect(0, int(row.top), viewport()->width(), height)});
    }
    return lines;
}

void OutputView::tellReaders()
{
    if (!QAccessible::isActive())
        return;
    QStringList lines;
    for (const SpokenLine &line : spokenLines())
        lines.append(line.text);
    const QString before = std::exchange(m_spoken, lines.join(u'\n'));
    if (before == m_spoken)
        return;
    QAccessibleTextUpdateEvent event(this, 0, before, m_spoken);
    QAccessible::updateAccessibility(&event);
}

QString OutputView::visibleLines() const
{
    QStringList lines;
    for (const Row &row : m_rows)
        lines.append(row.layout->text());
    return lines.join(u'\n');
}

}  // namespace voidrun
