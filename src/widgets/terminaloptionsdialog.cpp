// SPDX-License-Identifier: MIT
#include "terminaloptionsdialog.h"

#include "ui_terminaloptionsdialog.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

TerminalOptionsDialog::TerminalOptionsDialog(const TerminalOptions &options, QWidget *parent)
    : QDialog(parent), m_ui(std::make_unique<Ui::TerminalOptionsDialog>()), m_before(options)
{
    m_ui->setupUi(this);
    m_ui->fontBox->setCurrentFont(options.font());
    m_ui->sizeBox->setValue(options.font().pointSizeF());
    m_shownFamily = m_ui->fontBox->currentFont().family();
    m_shownSize = m_ui->sizeBox->value();
    m_ui->scrollbackBox->setMaximum(TerminalOptions::MostScrollback);
    m_ui->scrollbackBox->setValue(options.scrollback);
    m_ui->copyBox->setChecked(options.copyOnSelect);
    m_ui->pasteBox->setChecked(options.askBeforePaste);
    m_ui->bellBox->setChecked(options.flashOnBell);
    m_ui->finishedBox->setChecked(options.noticeWhenFinished);
    fillSchemes(options.colorScheme);
    connect(m_ui->buttonBox, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(m_ui->buttonBox, &QDialogButtonBox::rejected, this, &QDialog::reject);
}

TerminalOptionsDialog::~TerminalOptionsDialog() = default;

void TerminalOptionsDialog::fillSchemes(const QString &chosen)
{
    const QHash<QString, QString> names{{u"VoidRunLight"_s, tr("Light")},
                                        {u"VoidRunDark"_s, tr("Dark")},
                                        {u"Solarized"_s, tr("Solarized, dark")},
                                        {u"SolarizedLight"_s, tr("Solarized, light")},
                                        {u"BreezeModified"_s, tr("Breeze")},
                                        {u"DarkPastels"_s, tr("Dark pastels")},
                                        {u"Tango"_s, tr("Tango")},
                                        {u"BlackOnWhite"_s, tr("Black on white")},
                                        {u"WhiteOnBlack"_s, tr("White on black")}};
    m_ui->schemeBox->addItem(tr("Light or dark, as the window"), QString());
    for (const QString &scheme : TerminalOptions::colorSchemes())
        m_ui->schemeBox->addItem(names.value(scheme, scheme), scheme);
    m_ui->schemeBox->setCurrentIndex(qMax(0, m_ui->schemeBox->findData(chosen)));
}

TerminalOptions TerminalOptionsDialog::options() const
{
    TerminalOptions options = m_before;
    // What was not touched goes on following the desktop.
    const QString family = m_ui->fontBox->currentFont().family();
    if (family != m_shownFamily)
        options.fontFamily = family;
    if (m_ui->sizeBox->value() != m_shownSize)
        options.fontSize = m_ui->sizeBox->value();
    options.colorScheme = m_ui->schemeBox->currentData().toString();
    options.scrollback = m_ui->scrollbackBox->value();
    options.copyOnSelect = m_ui->copyBox->isChecked();
    options.askBeforePaste = m_ui->pasteBox->isChecked();
    options.flashOnBell = m_ui->bellBox->isChecked();
    options.noticeWhenFinished = m_ui->finishedBox->isChecked();
    return options;
}

}  // namespace voidrun
