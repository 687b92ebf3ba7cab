// SPDX-License-Identifier: MIT
#pragma once

#include <QLabel>

namespace voidrun
{

// A sentence over the upper edge of a terminal that will soon be gone again. It takes no room, so
// that the terminal keeps its size, and no clicks. GUI thread.
class TerminalNote : public QLabel
{
    Q_OBJECT

public:
    explicit TerminalNote(QWidget *terminal);

    void showText(const QString &text);  // empty hides it

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void place();
};

}  // namespace voidrun
