// SPDX-License-Identifier: MIT
#pragma once

#include <QFrame>
#include <QTimer>

#include <functional>

class QLabel;
class QPushButton;
class QToolButton;

namespace voidrun
{

// A sentence on a card over the top of its parent, which it does not push down: rows must not slide
// under the pointer. What stands at the left and right ends of the top stays visible. Problems stay
// until they are closed or replaced, notices go by themselves. GUI thread.
class NoticeBar : public QFrame
{
    Q_OBJECT

public:
    explicit NoticeBar(QWidget *parent);

    void showProblem(const QString &sentence);
    // With a button, if `action` is given, that runs `triggered` and takes the notice away.
    void showNotice(const QString &sentence, const QString &action = {},
                    const std::function<void()> &triggered = {});
    QString text() const;

protected:
    void changeEvent(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void fitToParent();
    void showText(const QString &sentence, bool problem, const QString &action,
                  const std::function<void()> &triggered);
    void updateColors();

    QLabel *m_icon;
    QLabel *m_label;
    QPushButton *m_action;
    QToolButton *m_close;
    std::function<void()> m_triggered;
    QTimer m_timer;
    bool m_problem = false;
    bool m_updating = false;
};

}  // namespace voidrun
