// SPDX-License-Identifier: MIT
#include "watchdialog.h"

#include <QPushButton>

#include "models/guestpath.h"
#include "models/sandboxmodel.h"
#include "ui_watchdialog.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

WatchDialog::WatchDialog(SandboxModel *sandboxes, const QString &sandboxId,
                         const QStringList &folders, QWidget *parent)
    : QDialog(parent), m_ui(std::make_unique<Ui::WatchDialog>())
{
    m_ui->setupUi(this);
    m_ui->buttonBox->button(QDialogButtonBox::Ok)->setText(tr("Watch"));
    for (int row = 0; row < sandboxes->rowCount(); ++row) {
        const QModelIndex index = sandboxes->index(row, 0);
        m_ui->sandboxBox->addItem(index.data().toString(), index.data(SandboxModel::IdRole));
    }
    m_ui->sandboxBox->setCurrentIndex(qMax(0, m_ui->sandboxBox->findData(sandboxId)));
    m_ui->folderBox->addItems(folders);
    m_ui->folderBox->setFocus();
    connect(m_ui->folderBox, &QComboBox::editTextChanged, m_ui->folderProblem,
            [this] { m_ui->folderProblem->showProblem({}); });
    connect(m_ui->buttonBox, &QDialogButtonBox::accepted, this, [this] { accept(); });
    connect(m_ui->buttonBox, &QDialogButtonBox::rejected, this, &QDialog::reject);
}

WatchDialog::~WatchDialog() = default;

void WatchDialog::accept()
{
    const QString folder = m_ui->folderBox->currentText().trimmed();
    if (!folder.startsWith(u'/')) {
        m_ui->folderProblem->showProblem(
            tr("Write the whole path of the folder, such as %1.").arg(guestpath::WorkFolder));
        return;
    }
    Q_EMIT watchRequested(m_ui->sandboxBox->currentData().toString(),
                          {.path = guestpath::clean(folder),
                           .recursive = m_ui->recursiveBox->isChecked(),
                           .ignoreHidden = !m_ui->hiddenBox->isChecked()});
    QDialog::accept();
}

}  // namespace voidrun
