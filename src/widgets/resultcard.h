// SPDX-License-Identifier: MIT
#pragma once

#include <QFrame>

#include <memory>

#include "models/runtypes.h"

class QAbstractItemModel;

namespace voidrun
{

namespace Ui
{
class ResultCard;
}

// How a run ended: in words, with its exit code and time, what code gave as its result, and what
// can be done next. GUI thread.
class ResultCard : public QFrame
{
    Q_OBJECT

public:
    explicit ResultCard(QWidget *parent = nullptr);
    ~ResultCard() override;

    void showOutcome(const RunRequest &request, const RunOutcome &outcome);
    // What still runs of one whose outcome is not known.
    void showLook(const Result<QStringList> &running);

Q_SIGNALS:
    void againRequested();
    void installRequested(const QString &line);
    void lookRequested();  // whether it still runs; showLook() is to follow

protected:
    void changeEvent(QEvent *event) override;

private:
    void showValue(const RunRequest &request, const RunOutcome &outcome);
    bool showImage(const QString &text);
    void showDetails();
    void updateIcon();

    std::unique_ptr<Ui::ResultCard> m_ui;
    std::unique_ptr<QAbstractItemModel> m_value;
    RunOutcome m_outcome;
};

}  // namespace voidrun
