// SPDX-License-Identifier: MIT
#pragma once

#include <QFrame>

class QLabel;
class QToolButton;

namespace voidrun
{

// The line under a terminal: Copy, Paste, Find and Options for people who do not know the keys.
// Where there is little room only the icons. GUI thread.
class TerminalBar : public QFrame
{
    Q_OBJECT

public:
    explicit TerminalBar(QWidget *parent);

    void setCopyEnabled(bool enabled);
    void setPasteEnabled(bool enabled);
    // On the left: what a person must always see of this terminal. Plain text.
    void setNote(const QString &note);

Q_SIGNALS:
    void copyClicked();
    void pasteClicked();
    void findClicked();
    void optionsClicked();

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    QToolButton *addButton(const QString &icon, const QString &text, const QString &tip);

    QLabel *m_note;
    QToolButton *m_copy;
    QToolButton *m_paste;
    QList<QToolButton *> m_buttons;
};

}  // namespace voidrun
