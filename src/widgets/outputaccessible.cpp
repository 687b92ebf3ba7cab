// SPDX-License-Identifier: MIT
#include "outputaccessible.h"

#include "outputview.h"

namespace voidrun
{

namespace
{

QAccessibleInterface *makeInterface(const QString &, QObject *object)
{
    auto *view = qobject_cast<OutputView *>(object);
    return view ? new OutputAccessible(view) : nullptr;
}

}  // namespace

OutputAccessible::OutputAccessible(OutputView *view)
    : QAccessibleWidget(view, QAccessible::EditableText)
{
}

void OutputAccessible::install()
{
    QAccessible::installFactory(makeInterface);  // a second time changes nothing
}

OutputView *OutputAccessible::view() const
{
    return static_cast<OutputView *>(widget());
}

QString OutputAccessible::whole() const
{
    QString text;
    for (const OutputView::SpokenLine &line : view()->spokenLines())
        text += line.text + u'\n';
    return text;
}

void *OutputAccessible::interface_cast(QAccessible::InterfaceType type)
{
    if (type == QAccessible::TextInterface)
        return static_cast<QAccessibleTextInterface *>(this);
    return QAccessibleWidget::interface_cast(type);
}

QString OutputAccessible::text(QAccessible::Text kind) const
{
    return kind == QAccessible::Value ? whole() : QAccessibleWidget::text(kind);
}

QAccessible::State OutputAccessible::state() const
{
    QAccessible::State state = QAccessibleWidget::state();
    state.readOnly = true;
    state.multiLine = true;
    return state;
}

void OutputAccessible::selection(int, int *start, int *end) const
{
    *start = *end = 0;
}

void OutputAccessible::setCursorPosition(int position)
{
    m_cursor = qBound(0, position, characterCount());
}

QString OutputAccessible::text(int start, int end) const
{
    const QString text = whole();
    const qsizetype from = qBound(qsizetype(0), qsizetype(start), text.size());
    const qsizetype to = end < 0 ? text.size() : qBound(from, qsizetype(end), text.size());
    return text.sliced(from, to - from);
}

int OutputAccessible::characterCount() const
{
    return int(whole().size());
}

// Of its line: characters have no places of their own here.
QRect OutputAccessible::characterRect(int offset) const
{
    qsizetype end = 0;
    for (const OutputView::SpokenLine &line : view()->spokenLines()) {
        end += line.text.size() + 1;
        if (offset < end)
            return line.place.translated(view()->viewport()->mapToGlobal(QPoint()));
    }
    return {};
}

int OutputAccessible::offsetAtPoint(const QPoint &point) const
{
    const QPoint local = view()->viewport()->mapFromGlobal(point);
    int start = 0;
    for (const OutputView::SpokenLine &line : view()->spokenLines()) {
        if (line.place.contains(local))
            return start;
        start += int(line.text.size()) + 1;
    }
    return -1;
}

void OutputAccessible::scrollToSubstring(int, int) {}  // all of it is on the screen

QString OutputAccessible::attributes(int, int *start, int *end) const
{
    *start = 0;
    *end = characterCount();
    return {};
}

}  // namespace voidrun
