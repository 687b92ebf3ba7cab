// SPDX-License-Identifier: MIT
#pragma once

#include <QFrame>
#include <QTimer>

#include <functional>

class QLabel;
class QProgressBar;
class QPushButton;
class QToolButton;

namespace voidrun
{

// A sentence on a card over the top of its parent, which it does not push down: rows must not slide
// under the pointer. What stands at the left and right ends of the top stays visible. Problems stay
// until they are closed or replaced, notices go by themselves. Below the sentence there may be a
// bar for something that is under way, which stays until it is over or cancelled. GUI thread.
class NoticeBar : public QFrame
{
    Q_OBJECT

public:
    explicit NoticeBar(QWidget *parent);

    void showProblem(const QString &sentence);
    // With a button, if `action` is given, that runs `triggered` and takes the notice away.
    void showNotice(const QString &sentence, const QString &action = {},
                    const std::function<void()> &triggered = {});
    void hideText();
    QString text() const;
    // `permille` of it is done; -1 where that is not known. `cancel` is run by its button.
    void showProgress(const QString &sentence, int permille, const std::function<void()> &cancel);
    void hideProgress();

protected:
    void changeEvent(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void fitToParent();
    void showText(const QString &sentence, bool problem, const QString &action,
                  const std::function<void()> &triggered);
    void updateColors();

    QWidget *m_textRow;
    QLabel *m_icon;
    QLabel *m_label;
    QPushButton *m_action;
    QToolButton *m_close;
    QWidget *m_progressRow;
    QLabel *m_progressLabel;
    QProgressBar *m_progressBar;
    QPushButton *m_cancel;
    std::function<void()> m_triggered;
    std::function<void()> m_cancelled;
    QTimer m_timer;
    bool m_problem = false;
    bool m_updating = false;
};

}  // namespace voidrun
