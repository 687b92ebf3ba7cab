// SPDX-License-Identifier: MIT
#include "connectiondialog.h"

#include <QPushButton>

#include "errortext.h"
#include "ui_connectiondialog.h"

namespace voidrun
{

ConnectionDialog::ConnectionDialog(QWidget *parent)
    : QDialog(parent), m_ui(std::make_unique<Ui::ConnectionDialog>())
{
    m_ui->setupUi(this);
    m_ui->urlEdit->setText(ConnectionProfile::hostedBaseUrl().toString());
    m_ui->buttonBox->button(QDialogButtonBox::Ok)->setText(tr("Connect"));
    connect(m_ui->buttonBox, &QDialogButtonBox::accepted, this, [this] { accept(); });
    connect(m_ui->buttonBox, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_ui->urlEdit, &QLineEdit::textChanged, this, &ConnectionDialog::updateKeyHint);
    m_ui->keyEdit->setFocus();
}

ConnectionDialog::~ConnectionDialog() = default;

void ConnectionDialog::setProfile(const ConnectionProfile &profile)
{
    m_profile = profile;
    setWindowTitle(tr("Change connection"));
    m_ui->urlEdit->setText(profile.baseUrl.toString());
    m_ui->nameEdit->setText(profile.name);
    updateKeyHint();
}

void ConnectionDialog::showProblem(const QString &sentence)
{
    m_ui->problemLabel->showProblem(sentence);
}

// A key is sent only to the server that it was entered for.
bool ConnectionDialog::isSameServer(const QUrl &url) const
{
    const QUrl::FormattingOptions origin =
        QUrl::RemoveUserInfo | QUrl::RemovePath | QUrl::RemoveQuery | QUrl::RemoveFragment;
    return url.adjusted(origin) == m_profile.baseUrl.adjusted(origin);
}

void ConnectionDialog::updateKeyHint()
{
    const Result<QUrl> url = ConnectionProfile::parseBaseUrl(m_ui->urlEdit->text());
    const bool isKept = !m_profile.apiKey.isEmpty() && url && isSameServer(*url);
    m_ui->keyEdit->setPlaceholderText(isKept ? tr("Unchanged") : QString());
}

void ConnectionDialog::accept()
{
    ConnectionProfile profile = m_profile;
    const Result<QUrl> url = ConnectionProfile::parseBaseUrl(m_ui->urlEdit->text());
    if (!url) {
        showProblem(tr("The server address cannot be used. %1").arg(errorText(url.error())));
        m_ui->urlEdit->setFocus();
        return;
    }
    const bool otherServer = !isSameServer(*url);
    profile.baseUrl = *url;
    if (!m_ui->keyEdit->text().isEmpty() || profile.apiKey.isEmpty() || otherServer) {
        const Result<QString> key = ConnectionProfile::parseApiKey(m_ui->keyEdit->text());
        if (!key) {
            showProblem(key.error().kind == Error::Kind::MissingKey
                            ? tr("Enter the API key. You find it in your account, under API keys.")
                            : tr("The key cannot be used. %1").arg(errorText(key.error())));
            m_ui->keyEdit->setFocus();
            return;
        }
        profile.apiKey = *key;
    }
    profile.name = m_ui->nameEdit->text().trimmed();
    if (profile.name.isEmpty())
        profile.name = profile.baseUrl.host();
    Q_EMIT profileAccepted(profile);
    QDialog::accept();
}

}  // namespace voidrun
