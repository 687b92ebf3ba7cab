// SPDX-License-Identifier: MIT
#pragma once

#include <QSortFilterProxyModel>
#include <QWidget>

#include <memory>

namespace voidrun
{

namespace Ui
{
class OpenEditsPanel;
}

class OpenEdits;

// The files that are open for editing, and what can be done with one. GUI thread.
class OpenEditsPanel : public QWidget
{
    Q_OBJECT

public:
    // `edits` outlives it.
    explicit OpenEditsPanel(OpenEdits *edits, QWidget *parent = nullptr);
    ~OpenEditsPanel() override;

Q_SIGNALS:
    void openRequested(int id);
    void saveRequested(int id);
    void differenceRequested(int id);
    void stopRequested(int id);

private:
    void setUpButtons();
    void updateButtons();
    int currentId() const;  // 0 without a selection

    std::unique_ptr<Ui::OpenEditsPanel> m_ui;
    OpenEdits *m_edits;
    std::unique_ptr<QSortFilterProxyModel> m_proxy;
};

}  // namespace voidrun
