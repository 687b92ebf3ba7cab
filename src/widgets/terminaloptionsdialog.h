// SPDX-License-Identifier: MIT
#pragma once

#include <QDialog>

#include <memory>

#include "terminaloptions.h"

namespace voidrun
{

namespace Ui
{
class TerminalOptionsDialog;
}

// Font, colours, history and habits of all terminals. GUI thread.
class TerminalOptionsDialog : public QDialog
{
    Q_OBJECT

public:
    explicit TerminalOptionsDialog(const TerminalOptions &options, QWidget *parent = nullptr);
    ~TerminalOptionsDialog() override;

    TerminalOptions options() const;

private:
    void fillSchemes(const QString &chosen);

    std::unique_ptr<Ui::TerminalOptionsDialog> m_ui;
    TerminalOptions m_before;
    QString m_shownFamily;
    double m_shownSize = 0;
};

}  // namespace voidrun
