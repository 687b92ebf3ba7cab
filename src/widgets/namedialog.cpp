// SPDX-License-Identifier: MIT
#include "namedialog.h"

#include <QPushButton>

#include "errortext.h"
#include "models/fsmodel.h"
#include "ui_namedialog.h"

namespace voidrun
{

NameDialog::NameDialog(QWidget *parent) : QDialog(parent), m_ui(std::make_unique<Ui::NameDialog>())
{
    m_ui->setupUi(this);
    m_ui->buttonBox->button(QDialogButtonBox::Ok)->setText(tr("Create"));
    connect(m_ui->buttonBox, &QDialogButtonBox::accepted, this, [this] { accept(); });
    connect(m_ui->buttonBox, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_ui->nameEdit, &QLineEdit::textEdited, this,
            [this] { m_ui->problemLabel->showProblem({}); });
}

NameDialog::~NameDialog() = default;

void NameDialog::setQuestion(const QString &text)
{
    m_ui->questionLabel->setText(text);
}

void NameDialog::setIsTaken(std::function<bool(const QString &)> isTaken)
{
    m_isTaken = std::move(isTaken);
}

void NameDialog::accept()
{
    const QString name = m_ui->nameEdit->text();
    const QString problem = nameProblem(name, m_isTaken);
    m_ui->problemLabel->showProblem(problem);
    if (!problem.isEmpty())
        return;
    Q_EMIT nameAccepted(name);
    QDialog::accept();
}

QString nameProblem(const QString &name, const std::function<bool(const QString &)> &isTaken)
{
    Error error;
    if (!FsModel::isValidName(name))
        error.reason = Error::Reason::BadName;
    else if (isTaken && isTaken(name))
        error.reason = Error::Reason::NameTaken;
    else
        return {};
    return errorText(error);
}

}  // namespace voidrun
