// SPDX-License-Identifier: MIT
#pragma once

#include <QDialog>
#include <QDialogButtonBox>

#include <memory>

#include "models/transfermodel.h"

namespace voidrun
{

namespace Ui
{
class ConflictDialog;
}

// Asks what happens to names that are taken: once for all of them, or one after the other. Compare
// shows the size and time of both sides. Does not wait; answered() comes at the end, else
// rejected(). GUI thread.
class ConflictDialog : public QDialog
{
    Q_OBJECT

public:
    using Answers = QHash<QString, TransferRequest::Conflict>;

    // What is asked about, and what a person calls the two sides.
    struct Subject {
        QList<TransferConflict> conflicts;
        QString where;
        QString newSide;       // in brackets after "New"
        QString existingSide;  // after "Existing"
        bool mergesFolders = true;
    };

    ConflictDialog(const Subject &subject, QWidget *parent);
    ConflictDialog(const TransferModel::Item &item, QWidget *parent);
    ~ConflictDialog() override;

Q_SIGNALS:
    void answered(const voidrun::ConflictDialog::Answers &answers);

private:
    QPushButton *addAnswer(const QString &text, QDialogButtonBox::ButtonRole role,
                           TransferRequest::Conflict answer);
    bool canOverwrite(const TransferConflict &conflict) const;
    void fillComparison();
    void showQuestion();
    void setCompared(bool compared);
    void take(TransferRequest::Conflict answer);

    std::unique_ptr<Ui::ConflictDialog> m_ui;
    QList<TransferConflict> m_conflicts;  // not answered yet; the first is asked about
    Subject m_subject;
    QPushButton *m_overwrite = nullptr;
    Answers m_answers;
};

}  // namespace voidrun
