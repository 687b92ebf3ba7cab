// SPDX-License-Identifier: MIT
#pragma once

#include <QDialog>

#include <memory>

#include "api/profile.h"

namespace voidrun
{

namespace Ui
{
class ConnectionDialog;
}

// Asks for a server and its key; the hosted service is filled in. The key is shown as dots and
// goes to the caller only. GUI thread.
class ConnectionDialog : public QDialog
{
    Q_OBJECT

public:
    explicit ConnectionDialog(QWidget *parent = nullptr);
    ~ConnectionDialog() override;

    // For changing an existing connection; an empty key field then keeps its key.
    void setProfile(const ConnectionProfile &profile);

Q_SIGNALS:
    void profileAccepted(const voidrun::ConnectionProfile &profile);

private:
    void accept() override;
    void showProblem(const QString &sentence);
    bool isSameServer(const QUrl &url) const;
    void updateKeyHint();

    std::unique_ptr<Ui::ConnectionDialog> m_ui;
    ConnectionProfile m_profile;
};

}  // namespace voidrun
