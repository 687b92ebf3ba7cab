// SPDX-License-Identifier: MIT
#pragma once

#include <QDialog>

#include <functional>
#include <memory>

namespace voidrun
{

namespace Ui
{
class NameDialog;
}

// Asks for the name of a new file or folder and keeps what was typed until it can be one.
// GUI thread.
class NameDialog : public QDialog
{
    Q_OBJECT

public:
    explicit NameDialog(QWidget *parent = nullptr);
    ~NameDialog() override;

    void setQuestion(const QString &text);
    void setIsTaken(std::function<bool(const QString &)> isTaken);

Q_SIGNALS:
    void nameAccepted(const QString &name);

private:
    void accept() override;

    std::unique_ptr<Ui::NameDialog> m_ui;
    std::function<bool(const QString &)> m_isTaken;
};

// Why `name` cannot be given to a file; empty when it can.
QString nameProblem(const QString &name, const std::function<bool(const QString &)> &isTaken);

}  // namespace voidrun
