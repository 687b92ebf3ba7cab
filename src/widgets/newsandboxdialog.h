// SPDX-License-Identifier: MIT
#pragma once

#include <QDialog>

#include <expected>
#include <memory>

#include "models/sandboxspecs.h"

namespace voidrun
{

namespace Ui
{
class NewSandboxDialog;
}

// Asks for a sandbox's name and, on request, everything else that the API takes. Checks before
// sending, waits while the sandbox is made, and shows what the server refused with all fields as
// they were. GUI thread.
class NewSandboxDialog : public QDialog
{
    Q_OBJECT

public:
    // `names` are taken. The first field holds a suggestion, selected.
    explicit NewSandboxDialog(const QStringList &names, QWidget *parent = nullptr);
    ~NewSandboxDialog() override;

    // Whether the sandbox will run on this computer, which keeps some promises less.
    void setLocal(bool local);
    // The names that the server offers; what is in the field stays.
    void setImages(const QStringList &names);
    void setSpec(const SandboxSpec &spec);
    // Shows what was refused; the fields can be changed again.
    void showProblem(const QString &sentence);
    // Between specAccepted() and showProblem(), or the end of the dialog.
    bool isWaiting() const { return m_waiting; }

Q_SIGNALS:
    void specAccepted(const voidrun::SandboxSpec &spec);

private:
    void accept() override;
    std::expected<SandboxSpec, SpecProblem> readFields() const;
    void setMoreVisible(bool visible);
    void setWaiting(bool waiting);

    std::unique_ptr<Ui::NewSandboxDialog> m_ui;
    QStringList m_names;
    bool m_waiting = false;
};

}  // namespace voidrun
