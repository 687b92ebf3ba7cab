// SPDX-License-Identifier: MIT
#include "processdialog.h"

#include <QPushButton>

#include "models/guestpath.h"
#include "runtext.h"
#include "ui_processdialog.h"

namespace voidrun
{

ProcessDialog::ProcessDialog(QWidget *parent)
    : QDialog(parent), m_ui(std::make_unique<Ui::ProcessDialog>())
{
    m_ui->setupUi(this);
    m_ui->buttonBox->button(QDialogButtonBox::Ok)->setText(tr("Start"));
    m_ui->folderEdit->setText(QString(guestpath::WorkFolder));
    connect(m_ui->buttonBox, &QDialogButtonBox::accepted, this, [this] { accept(); });
    connect(m_ui->buttonBox, &QDialogButtonBox::rejected, this, &QDialog::reject);
}

ProcessDialog::~ProcessDialog() = default;

void ProcessDialog::setRequest(const RunRequest &request)
{
    m_ui->commandEdit->setText(request.text);
    m_ui->folderEdit->setText(request.folder);
    m_ui->environmentTable->setVariables(request.environment, request.unkept);
}

void ProcessDialog::accept()
{
    RunRequest request;
    request.text = m_ui->commandEdit->text();
    request.folder = m_ui->folderEdit->text().trimmed();
    request.environment = m_ui->environmentTable->variables();
    const RunProblem problem = problemOf(request);
    const QString sentence = problemText(problem);
    const bool isFolder = problem == RunProblem::RelativeFolder;
    const bool isName = problem == RunProblem::BadName;
    m_ui->folderProblem->showProblem(isFolder ? sentence : QString());
    m_ui->environmentProblem->showProblem(isName ? sentence : QString());
    m_ui->commandProblem->showProblem(isFolder || isName ? QString() : sentence);
    const bool isLong = m_ui->timeBox->value() > LongestTime;
    m_ui->timeProblem->showProblem(isLong ? tr("A time limit is at most 900 seconds; 0 means none.")
                                          : QString());
    if (problem != RunProblem::None || isLong)
        return;
    CommandRequest command;
    command.command = request.text;
    command.cwd = request.folder;
    command.env = request.environment;
    command.timeout = m_ui->timeBox->value();
    Q_EMIT startRequested(command);
    QDialog::accept();
}

}  // namespace voidrun
