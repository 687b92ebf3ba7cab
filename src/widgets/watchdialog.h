// SPDX-License-Identifier: MIT
#pragma once

#include <QDialog>

#include <memory>

#include "api/watchtypes.h"

namespace voidrun
{

namespace Ui
{
class WatchDialog;
}

class SandboxModel;

// Which folder of which sandbox is to be watched, and how. GUI thread.
class WatchDialog : public QDialog
{
    Q_OBJECT

public:
    // `folders` are offered, the first one at once. `sandboxes` outlives it.
    WatchDialog(SandboxModel *sandboxes, const QString &sandboxId, const QStringList &folders,
                QWidget *parent = nullptr);
    ~WatchDialog() override;

    void accept() override;

Q_SIGNALS:
    void watchRequested(const QString &sandboxId, const voidrun::WatchRequest &request);

private:
    std::unique_ptr<Ui::WatchDialog> m_ui;
};

}  // namespace voidrun
