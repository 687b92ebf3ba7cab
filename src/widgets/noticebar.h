// SPDX-License-Identifier: MIT
#pragma once

#include <QFrame>
#include <QTimer>

class QLabel;
class QToolButton;

namespace voidrun
{

// A sentence across the top of the window: problems stay until they are closed or replaced,
// notices go by themselves. GUI thread.
class NoticeBar : public QFrame
{
    Q_OBJECT

public:
    explicit NoticeBar(QWidget *parent = nullptr);

    void showProblem(const QString &sentence);
    void showNotice(const QString &sentence);
    QString text() const;

protected:
    void changeEvent(QEvent *event) override;

private:
    void showText(const QString &sentence, bool problem);
    void updateColors();

    QLabel *m_icon;
    QLabel *m_label;
    QToolButton *m_close;
    QTimer m_timer;
    bool m_problem = false;
    bool m_updating = false;
};

}  // namespace voidrun
