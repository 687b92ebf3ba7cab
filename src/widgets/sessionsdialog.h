// SPDX-License-Identifier: MIT
#pragma once

#include <QDialog>

#include <memory>

namespace voidrun
{

namespace Ui
{
class SessionsDialog;
}

class PtySessionModel;

// The sessions that run in one sandbox, also those without a tab: to attach to, to watch without
// being able to type, or to end. GUI thread.
class SessionsDialog : public QDialog
{
    Q_OBJECT

public:
    // Takes the model as a child and asks it at once.
    SessionsDialog(PtySessionModel *sessions, const QString &sandboxName,
                   QWidget *parent = nullptr);
    ~SessionsDialog() override;

Q_SIGNALS:
    void attachRequested(const QString &sessionId);
    void watchRequested(const QString &sessionId);

private:
    void setUpButtons();
    void updateText();
    void updateButtons();
    QString currentId() const;
    void askEnd();

    std::unique_ptr<Ui::SessionsDialog> m_ui;
    PtySessionModel *m_sessions;
    QString m_sandboxName;
};

}  // namespace voidrun
