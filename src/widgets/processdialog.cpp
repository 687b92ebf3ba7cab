// SPDX-License-Identifier: MIT
#include "processdialog.h"

#include <QLayout>
#include <QPushButton>

#include "errortext.h"
#include "models/guestpath.h"
#include "models/visibletext.h"
#include "runtext.h"
#include "ui_processdialog.h"

namespace voidrun
{

ProcessDialog::ProcessDialog(QWidget *parent)
    : QDialog(parent), m_ui(std::make_unique<Ui::ProcessDialog>())
{
    m_ui->setupUi(this);
    setWaiting(false);
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
    if (!m_ui->buttonBox->button(QDialogButtonBox::Ok)->isEnabled())
        return;  // it is being started
    m_ui->environmentTable->commit();
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
    growToFit();
    if (problem != RunProblem::None || isLong)
        return;
    CommandRequest command;
    command.command = request.text;
    command.cwd = request.folder;
    command.env = request.environment;
    command.timeout = m_ui->timeBox->value();
    setWaiting(true);
    Q_EMIT startRequested(command);
}

void ProcessDialog::setWaiting(bool waiting)
{
    QPushButton *start = m_ui->buttonBox->button(QDialogButtonBox::Ok);
    start->setEnabled(!waiting);
    start->setText(waiting ? tr("Starting…") : tr("Start"));
}

void ProcessDialog::showStarted()
{
    QDialog::accept();
}

void ProcessDialog::showFailure(const Error &error, bool noFolder)
{
    setWaiting(false);
    if (noFolder) {
        m_ui->folderProblem->showProblem(tr("There is no folder “%1” in the sandbox.")
                                             .arg(visibleText(m_ui->folderEdit->text())));
        m_ui->folderEdit->setFocus();
    } else {
        m_ui->commandProblem->showProblem(errorText(error));
        m_ui->commandEdit->setFocus();
    }
    growToFit();
}

// Lines that are broken need more height than a layout asks for by itself.
void ProcessDialog::growToFit()
{
    layout()->activate();
    resize(width(), qMax(height(), layout()->totalHeightForWidth(width())));
}

}  // namespace voidrun
