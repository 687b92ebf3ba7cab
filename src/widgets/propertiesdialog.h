// SPDX-License-Identifier: MIT
#pragma once

#include <QDialog>

#include <array>
#include <memory>

#include "api/error.h"
#include "api/types.h"

class QCheckBox;

namespace voidrun
{

namespace Ui
{
class PropertiesDialog;
}

// What one file or folder of a sandbox is, and who may do what with it. GUI thread.
class PropertiesDialog : public QDialog
{
    Q_OBJECT

public:
    explicit PropertiesDialog(const FileEntry &entry, QWidget *parent = nullptr);
    ~PropertiesDialog() override;

    void showStat(const FileStat &stat);
    void showFolderSize(qint64 bytes);
    void showProblem(const voidrun::Error &error);

Q_SIGNALS:
    // The person wants these permission bits; they differ from what was shown.
    void modeChosen(uint mode);

private:
    void setUpPermissions();
    void setMode(uint mode);
    void showMode(uint mode);
    void takeOctal(const QString &text);
    void updateButtons();

    std::unique_ptr<Ui::PropertiesDialog> m_ui;
    std::array<QCheckBox *, 9> m_boxes{};  // rwx of owner, group, others: from 0400 down
    uint m_shownMode = 0;
    uint m_mode = 0;
    bool m_isFolder = false;
};

}  // namespace voidrun
