// SPDX-License-Identifier: MIT
#pragma once

#include <QAccessibleWidget>

namespace voidrun
{

class OutputView;

// An OutputView as a screen reader gets it: the lines on the screen as a text that cannot be
// changed, those of the standard error with "error:" before them. Scrolling brings others. Belongs
// to Qt's accessibility; GUI thread.
class OutputAccessible : public QAccessibleWidget, public QAccessibleTextInterface
{
public:
    explicit OutputAccessible(OutputView *view);
    static void install();  // once, for all views

    void *interface_cast(QAccessible::InterfaceType type) override;
    QString text(QAccessible::Text kind) const override;
    QAccessible::State state() const override;

    void selection(int index, int *start, int *end) const override;
    int selectionCount() const override { return 0; }
    void addSelection(int, int) override {}
    void removeSelection(int) override {}
    void setSelection(int, int, int) override {}
    int cursorPosition() const override { return m_cursor; }
    void setCursorPosition(int position) override;
    QString text(int start, int end) const override;
    int characterCount() const override;
    QRect characterRect(int offset) const override;
    int offsetAtPoint(const QPoint &point) const override;
    void scrollToSubstring(int start, int end) override;
    QString attributes(int offset, int *start, int *end) const override;

private:
    OutputView *view() const;
    QString whole() const;

    int m_cursor = 0;
};

}  // namespace voidrun
