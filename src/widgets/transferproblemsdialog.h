// SPDX-License-Identifier: MIT
#pragma once

#include <QDialog>

#include <memory>

#include "models/transfermodel.h"

namespace voidrun
{

namespace Ui
{
class TransferProblemsDialog;
}

// Which files of a transfer were not copied, and why each. GUI thread.
class TransferProblemsDialog : public QDialog
{
    Q_OBJECT

public:
    TransferProblemsDialog(const TransferModel::Item &item, QWidget *parent);
    ~TransferProblemsDialog() override;

Q_SIGNALS:
    void retryRequested(int id);

private:
    void copy() const;

    std::unique_ptr<Ui::TransferProblemsDialog> m_ui;
};

}  // namespace voidrun
