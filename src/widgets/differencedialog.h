// SPDX-License-Identifier: MIT
#pragma once

#include <QDialog>

#include <memory>

#include "models/editcomparison.h"

class QPushButton;

namespace voidrun
{

namespace Ui
{
class DifferenceDialog;
}

class OpenEdits;

// What differs between the copy of an edited file and the sandbox's own, and, where both were
// changed, the question what shall happen. Closing it decides nothing: both stay. GUI thread.
class DifferenceDialog : public QDialog
{
    Q_OBJECT

public:
    // `edits` outlives it; it goes with the edit, and with the conflict if it asks about one.
    DifferenceDialog(OpenEdits *edits, int id, QWidget *parent);
    ~DifferenceDialog() override;

    int id() const { return m_id; }

protected:
    void changeEvent(QEvent *event) override;

private:
    void setUpAnswers();
    void compare();
    void showResult(const EditComparison::Result &result);
    void showSentence(const QString &sentence);
    void showLines();
    void askName();
    void leaveIfOver();

    std::unique_ptr<Ui::DifferenceDialog> m_ui;
    OpenEdits *m_edits;
    int m_id;
    bool m_asks;
    EditComparison::Result m_result;
};

}  // namespace voidrun
