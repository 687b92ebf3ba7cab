// SPDX-License-Identifier: MIT
#pragma once

#include <QDialog>

#include <memory>

namespace voidrun
{

namespace Ui
{
class SnippetsDialog;
}

class Snippets;

// The kept snippets: add, change, order, remove. What is changed is kept at once. GUI thread.
class SnippetsDialog : public QDialog
{
    Q_OBJECT

public:
    // `snippets` outlives it.
    explicit SnippetsDialog(Snippets *snippets, QWidget *parent = nullptr);
    ~SnippetsDialog() override;

    // For a new one with this text.
    void addText(const QString &text);

private:
    void showCurrent();
    void keepCurrent();
    void updateButtons();
    int currentRow() const;

    std::unique_ptr<Ui::SnippetsDialog> m_ui;
    Snippets *m_snippets;
    bool m_showing = false;
};

}  // namespace voidrun
