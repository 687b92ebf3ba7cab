// SPDX-License-Identifier: MIT
#include "propertiesdialog.h"

#include <QCheckBox>
#include <QLocale>
#include <QPushButton>
#include <QRegularExpressionValidator>

#include "errortext.h"
#include "models/guestpath.h"
#include "models/visibletext.h"
#include "ui_propertiesdialog.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

constexpr uint PermissionBits = 07777;

QString sizeText(qint64 bytes)
{
    const QLocale locale;
    QString rough = locale.formattedDataSize(bytes);
    if (bytes < 1024)
        return rough;  // which is exact then
    return PropertiesDialog::tr("%1 (%2 bytes)").arg(rough, locale.toString(bytes));
}

QString kindText(const FileEntry &entry)
{
    if (entry.isSymlink)
        return PropertiesDialog::tr("Link");
    return entry.isDir ? PropertiesDialog::tr("Folder") : PropertiesDialog::tr("File");
}

}  // namespace

PropertiesDialog::PropertiesDialog(const FileEntry &entry, QWidget *parent)
    : QDialog(parent), m_ui(std::make_unique<Ui::PropertiesDialog>()), m_isFolder(entry.isDir)
{
    m_ui->setupUi(this);
    const QString name =
        entry.path == "/"_L1 ? entry.path : guestpath::fileName(guestpath::clean(entry.path));
    setWindowTitle(tr("Properties of “%1”").arg(visibleText(name)));
    m_ui->nameLabel->setText(visibleText(name));
    m_ui->placeLabel->setText(visibleText(guestpath::parent(entry.path)));
    m_ui->kindLabel->setText(kindText(entry));
    m_ui->sizeLabel->setText(m_isFolder ? tr("Measuring…") : sizeText(entry.size));
    setUpPermissions();
    setMode(entry.mode);
    connect(m_ui->buttonBox, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_ui->buttonBox->button(QDialogButtonBox::Apply), &QPushButton::clicked, this, [this] {
        m_shownMode = m_mode;
        updateButtons();
        Q_EMIT modeChosen(m_mode);
    });
}

PropertiesDialog::~PropertiesDialog() = default;

void PropertiesDialog::setUpPermissions()
{
    const QString groups[] = {m_ui->ownerLabel->text(), m_ui->groupLabel->text(),
                              m_ui->othersLabel->text()};
    const QString rights[] = {tr("Read"), tr("Write"), m_isFolder ? tr("Enter") : tr("Run")};
    for (int i = 0; i < 9; ++i) {
        const QString &right = rights[i % 3];
        auto *box = new QCheckBox(right);
        box->setAccessibleName(tr("%1: %2").arg(groups[i / 3], right));
        m_ui->permissionGrid->addWidget(box, i / 3, 1 + (i % 3));
        m_boxes[static_cast<size_t>(i)] = box;
        connect(box, &QCheckBox::clicked, this, [this, i](bool checked) {
            const uint bit = 0400U >> i;
            showMode(checked ? m_mode | bit : m_mode & ~bit);
        });
    }
    m_ui->permissionGrid->setColumnStretch(3, 1);
    // By Tab as they are on the screen.
    for (size_t i = 1; i < m_boxes.size(); ++i)
        setTabOrder(m_boxes[i - 1], m_boxes[i]);
    setTabOrder(m_boxes.back(), m_ui->octalEdit);
    m_ui->octalEdit->setValidator(
        new QRegularExpressionValidator(QRegularExpression(u"[0-7]{0,4}"_s), this));
    connect(m_ui->octalEdit, &QLineEdit::textEdited, this, &PropertiesDialog::takeOctal);
}

void PropertiesDialog::setMode(uint mode)
{
    m_shownMode = mode & PermissionBits;
    showMode(m_shownMode);
}

void PropertiesDialog::showMode(uint mode)
{
    m_mode = mode;
    for (size_t i = 0; i < m_boxes.size(); ++i)
        m_boxes[i]->setChecked(mode & (0400U >> i));
    m_ui->octalEdit->setText(u"%1"_s.arg(mode, 3, 8, QChar(u'0')));
    updateButtons();
}

void PropertiesDialog::takeOctal(const QString &text)
{
    if (text.size() >= 3) {
        m_mode = text.toUInt(nullptr, 8);
        for (size_t i = 0; i < m_boxes.size(); ++i)
            m_boxes[i]->setChecked(m_mode & (0400U >> i));
    }
    updateButtons();
}

void PropertiesDialog::updateButtons()
{
    const bool complete = m_ui->octalEdit->text().size() >= 3;
    m_ui->buttonBox->button(QDialogButtonBox::Apply)->setEnabled(complete && m_mode != m_shownMode);
}

void PropertiesDialog::showStat(const FileStat &stat)
{
    m_ui->modifiedLabel->setText(
        stat.mtime.isValid() ? QLocale().toString(stat.mtime.toLocalTime(), QLocale::LongFormat)
                             : tr("unknown"));
    if (!stat.isDir())
        m_ui->sizeLabel->setText(sizeText(stat.size));
    if (m_mode == m_shownMode)
        setMode(stat.mode);
}

void PropertiesDialog::showFolderSize(qint64 bytes)
{
    m_ui->sizeLabel->setText(sizeText(bytes));
}

void PropertiesDialog::showProblem(const Error &error)
{
    m_ui->problemLabel->showProblem(errorText(error));
    if (m_isFolder)
        m_ui->sizeLabel->setText(tr("unknown"));
}

}  // namespace voidrun
