// SPDX-License-Identifier: MIT
#pragma once

#include <QSortFilterProxyModel>
#include <QWidget>

#include <memory>

namespace voidrun
{

namespace Ui
{
class TransferPanel;
}

class TransferModel;

// The list of transfers below the rest, with what can be done to them. GUI thread.
class TransferPanel : public QWidget
{
    Q_OBJECT

public:
    explicit TransferPanel(TransferModel *model, QWidget *parent = nullptr);
    ~TransferPanel() override;

private:
    void setUpButtons();
    void setUpAllMenu();
    void updateButtons();
    int currentId() const;  // 0 without a selection
    void pauseOrResume();
    void showProblems();
    void showInFolder();

    std::unique_ptr<Ui::TransferPanel> m_ui;
    TransferModel *m_model;
    std::unique_ptr<QSortFilterProxyModel> m_proxy;
};

}  // namespace voidrun
