// SPDX-License-Identifier: MIT
#include "startpage.h"

#include "icons.h"
#include "ui_startpage.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{
constexpr int IconSize = 72;
}

StartPage::StartPage(QWidget *parent) : QWidget(parent), m_ui(std::make_unique<Ui::StartPage>())
{
    m_ui->setupUi(this);
    QFont font = m_ui->titleLabel->font();
    font.setPointSizeF(font.pointSizeF() * 1.7);
    font.setWeight(QFont::DemiBold);
    m_ui->titleLabel->setFont(font);
    m_ui->iconLabel->setPixmap(QIcon(u":/icons/voidrun-desktop.svg"_s)
                                   .pixmap(QSize(IconSize, IconSize), devicePixelRatio()));
    connect(m_ui->mainButton, &QPushButton::clicked, this, &StartPage::mainButtonClicked);
    connect(m_ui->secondButton, &QPushButton::clicked, this, &StartPage::secondButtonClicked);
}

StartPage::~StartPage() = default;

void StartPage::showText(const QString &title, const QString &text, const QString &button,
                         const QString &secondButton)
{
    m_ui->titleLabel->setText(title);
    m_ui->textLabel->setText(text);
    m_ui->mainButton->setText(button);
    m_ui->mainButton->setVisible(!button.isEmpty());
    m_ui->secondButton->setText(secondButton);
    m_ui->secondButton->setVisible(!secondButton.isEmpty());
}

}  // namespace voidrun
