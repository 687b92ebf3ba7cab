// SPDX-License-Identifier: MIT
#include "transferproblemsdialog.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QPushButton>

#include "errortext.h"
#include "models/visibletext.h"
#include "ui_transferproblemsdialog.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

TransferProblemsDialog::TransferProblemsDialog(const TransferModel::Item &item, QWidget *parent)
    : QDialog(parent), m_ui(std::make_unique<Ui::TransferProblemsDialog>())
{
    m_ui->setupUi(this);
    QString summary = tr("%1 of %n file(s) copied.", nullptr, item.filesTotal).arg(item.filesDone);
    if (const qsizetype rest = item.filesFailed - item.failures.size(); rest > 0)
        summary += u' ' + tr("%n more failed for the last of these reasons or were not tried.",
                             nullptr, static_cast<int>(rest));
    m_ui->summaryLabel->setText(summary);
    m_ui->problemView->setHeaderLabels({tr("File"), tr("Why")});
    for (const Error &error : item.failures) {
        auto *row = new QTreeWidgetItem({visibleText(error.subject), errorText(error)});
        row->setToolTip(0, row->text(0));
        row->setToolTip(1, row->text(1));
        m_ui->problemView->addTopLevelItem(row);
    }
    m_ui->problemView->header()->resizeSection(0, width() / 2);
    auto *again = m_ui->buttonBox->addButton(tr("Retry failed ones"), QDialogButtonBox::AcceptRole);
    again->setEnabled(item.state == TransferModel::State::Failed);
    connect(again, &QPushButton::clicked, this, [this, id = item.id] {
        Q_EMIT retryRequested(id);
        accept();
    });
    auto *copyButton = m_ui->buttonBox->addButton(tr("Copy"), QDialogButtonBox::ActionRole);
    connect(copyButton, &QPushButton::clicked, this, &TransferProblemsDialog::copy);
    connect(m_ui->buttonBox, &QDialogButtonBox::rejected, this, &QDialog::reject);
}

TransferProblemsDialog::~TransferProblemsDialog() = default;

void TransferProblemsDialog::copy() const
{
    QStringList lines;
    for (int row = 0; row < m_ui->problemView->topLevelItemCount(); ++row) {
        const QTreeWidgetItem *item = m_ui->problemView->topLevelItem(row);
        lines.append(item->text(0) + u": "_s + item->text(1));
    }
    QGuiApplication::clipboard()->setText(lines.join(u'\n'));
}

}  // namespace voidrun
