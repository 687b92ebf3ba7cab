// SPDX-License-Identifier: MIT
#include "newsandboxdialog.h"

#include <QPushButton>

#include "errortext.h"
#include "icons.h"
#include "ui_newsandboxdialog.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

NewSandboxDialog::NewSandboxDialog(const QStringList &names, QWidget *parent)
    : QDialog(parent), m_ui(std::make_unique<Ui::NewSandboxDialog>()), m_names(names)
{
    m_ui->setupUi(this);
    const int column = m_ui->portsLabel->sizeHint().width();  // the widest; both forms line up
    m_ui->nameLabel->setMinimumWidth(column);
    m_ui->environmentLabel->setMinimumWidth(column);
    connect(m_ui->buttonBox, &QDialogButtonBox::accepted, this, [this] { accept(); });
    connect(m_ui->buttonBox, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_ui->moreButton, &QToolButton::toggled, this, &NewSandboxDialog::setMoreVisible);
    // What is corrected is not complained about any more.
    const auto clearProblem = [this] { showProblem({}); };
    connect(m_ui->environmentEdit, &QPlainTextEdit::textChanged, this, clearProblem);
    for (QLineEdit *edit : {m_ui->nameEdit, m_ui->labelsEdit, m_ui->portsEdit})
        connect(edit, &QLineEdit::textEdited, this, clearProblem);
    connect(m_ui->imageBox, &QComboBox::editTextChanged, this, clearProblem);
    m_ui->nameEdit->setText(suggestedSandboxName(names));
    m_ui->nameEdit->selectAll();
    m_ui->localHint->setForegroundRole(QPalette::PlaceholderText);
    setWaiting(false);
    setLocal(false);
    setMoreVisible(false);
}

NewSandboxDialog::~NewSandboxDialog() = default;

void NewSandboxDialog::setMoreVisible(bool visible)
{
    m_ui->moreButton->setChecked(visible);
    m_ui->moreButton->setIcon(themedIcon(visible ? u"collapse"_s : u"expand"_s));
    m_ui->morePage->setVisible(visible);
}

void NewSandboxDialog::setLocal(bool local)
{
    m_ui->localHint->setVisible(local);
}

void NewSandboxDialog::setImages(const QStringList &names)
{
    const QSignalBlocker quiet(m_ui->imageBox);  // the person's choice stays as it is
    const QString chosen = m_ui->imageBox->currentText();
    m_ui->imageBox->clear();
    m_ui->imageBox->addItems(names);
    m_ui->imageBox->setCurrentText(chosen);
}

void NewSandboxDialog::setSpec(const SandboxSpec &spec)
{
    m_ui->nameEdit->setText(spec.name);
    m_ui->imageBox->setCurrentText(spec.image);
    m_ui->cpuBox->setValue(spec.cpu);
    m_ui->memBox->setValue(spec.mem);
    m_ui->autoSleepBox->setChecked(spec.autoSleep);
    QStringList lines;
    for (const auto &[name, value] : spec.envVars.asKeyValueRange())
        lines.append(name % u'=' % value);
    m_ui->environmentEdit->setPlainText(lines.join(u'\n'));
    lines.clear();
    for (const auto &[name, value] : spec.labels.asKeyValueRange())
        lines.append(name % u'=' % value);
    m_ui->labelsEdit->setText(lines.join(u", "_s));
    lines.clear();
    for (const int port : spec.publishPorts)
        lines.append(QString::number(port));
    m_ui->portsEdit->setText(lines.join(u", "_s));
    setMoreVisible(!spec.envVars.isEmpty() || !spec.labels.isEmpty() ||
                   !spec.publishPorts.isEmpty());
}

std::expected<SandboxSpec, SpecProblem> NewSandboxDialog::readFields() const
{
    SandboxSpec spec;
    spec.name = m_ui->nameEdit->text().trimmed();
    spec.image = m_ui->imageBox->currentText().trimmed();
    spec.cpu = m_ui->cpuBox->value();
    spec.mem = m_ui->memBox->value();
    spec.autoSleep = m_ui->autoSleepBox->isChecked();
    const QStringList environment = m_ui->environmentEdit->toPlainText().split(u'\n');
    for (const QString &line : environment) {
        if (line.trimmed().isEmpty())
            continue;
        const qsizetype equals = line.indexOf(u'=');
        if (equals < 1)
            return std::unexpected(SpecProblem::EnvironmentName);
        spec.envVars.insert(line.first(equals).trimmed(), line.sliced(equals + 1));
    }
    const QStringList labels = m_ui->labelsEdit->text().split(u',', Qt::SkipEmptyParts);
    for (const QString &label : labels) {
        if (label.trimmed().isEmpty())
            continue;
        const qsizetype equals = label.indexOf(u'=');
        if (equals < 1)
            return std::unexpected(SpecProblem::LabelName);
        spec.labels.insert(label.first(equals).trimmed(), label.sliced(equals + 1).trimmed());
    }
    const QStringList ports = m_ui->portsEdit->text().split(u',', Qt::SkipEmptyParts);
    for (const QString &port : ports) {
        if (port.trimmed().isEmpty())
            continue;
        bool isNumber = false;
        spec.publishPorts.append(port.trimmed().toInt(&isNumber));
        if (!isNumber)
            return std::unexpected(SpecProblem::PortRange);
    }
    const SpecProblem problem = checkSpec(spec, m_names);
    if (problem != SpecProblem::None)
        return std::unexpected(problem);
    return spec;
}

void NewSandboxDialog::showProblem(const QString &sentence)
{
    setWaiting(false);
    m_ui->problemLabel->showProblem(sentence);
}

void NewSandboxDialog::setWaiting(bool waiting)
{
    m_waiting = waiting;
    m_ui->fields->setEnabled(!waiting);
    QPushButton *create = m_ui->buttonBox->button(QDialogButtonBox::Ok);
    create->setEnabled(!waiting);
    create->setText(waiting ? tr("Creating…") : tr("Create"));
}

void NewSandboxDialog::accept()
{
    const auto spec = readFields();
    if (!spec) {
        showProblem(problemText(spec.error()));
        return;
    }
    showProblem({});
    setWaiting(true);
    Q_EMIT specAccepted(*spec);
}

}  // namespace voidrun
