// SPDX-License-Identifier: MIT
#pragma once

#include <QLabel>

namespace voidrun
{

// The sentence of a form that says what cannot be accepted; red on light and dark, away while there
// is nothing to say. GUI thread.
class ProblemLabel : public QLabel
{
    Q_OBJECT

public:
    explicit ProblemLabel(QWidget *parent = nullptr);

    void showProblem(const QString &sentence);  // empty hides it

protected:
    void changeEvent(QEvent *event) override;

private:
    void updateColor();
};

}  // namespace voidrun
