// SPDX-License-Identifier: MIT
#include "snippetsdialog.h"

#include <QScopedValueRollback>

#include "icons.h"
#include "models/snippets.h"
#include "ui_snippetsdialog.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

SnippetsDialog::SnippetsDialog(Snippets *snippets, QWidget *parent)
    : QDialog(parent), m_ui(std::make_unique<Ui::SnippetsDialog>()), m_snippets(snippets)
{
    m_ui->setupUi(this);
    m_ui->snippetView->setModel(snippets);
    m_ui->addButton->setIcon(themedIcon(u"add"_s));
    m_ui->removeButton->setIcon(themedIcon(u"delete"_s));
    m_ui->upButton->setIcon(themedIcon(u"up"_s));
    m_ui->downButton->setIcon(themedIcon(u"down"_s));
    connect(m_ui->addButton, &QToolButton::clicked, this, [this] { addText(tr("echo hello")); });
    connect(m_ui->removeButton, &QToolButton::clicked, this,
            [this] { m_snippets->remove(currentRow()); });
    const auto moveBy = [this](int steps) {
        m_snippets->move(currentRow(), steps);
        updateButtons();
    };
    connect(m_ui->upButton, &QToolButton::clicked, this, [moveBy] { moveBy(-1); });
    connect(m_ui->downButton, &QToolButton::clicked, this, [moveBy] { moveBy(1); });
    connect(m_ui->snippetView->selectionModel(), &QItemSelectionModel::currentChanged, this,
            &SnippetsDialog::showCurrent);
    connect(snippets, &QAbstractItemModel::rowsRemoved, this, &SnippetsDialog::showCurrent);
    connect(m_ui->nameEdit, &QLineEdit::textEdited, this, &SnippetsDialog::keepCurrent);
    connect(m_ui->contentEdit, &QPlainTextEdit::textChanged, this, &SnippetsDialog::keepCurrent);
    connect(m_ui->buttonBox, &QDialogButtonBox::rejected, this, &QDialog::reject);
    m_ui->snippetView->setCurrentIndex(snippets->index(0));
    showCurrent();
}

SnippetsDialog::~SnippetsDialog() = default;

void SnippetsDialog::addText(const QString &text)
{
    if (!m_snippets->add({.name = {}, .text = text}))
        return;
    m_ui->snippetView->setCurrentIndex(m_snippets->index(m_snippets->rowCount() - 1));
    m_ui->contentEdit->setFocus();
    m_ui->contentEdit->selectAll();
}

int SnippetsDialog::currentRow() const
{
    const QModelIndex current = m_ui->snippetView->currentIndex();
    return current.isValid() ? current.row() : -1;
}

void SnippetsDialog::showCurrent()
{
    const QScopedValueRollback showing(m_showing, true);
    const Snippet snippet = m_snippets->at(currentRow());
    m_ui->nameEdit->setText(snippet.name);
    m_ui->contentEdit->setPlainText(snippet.text);
    updateButtons();
}

// A text that is empty for a moment is not kept: the last one that was not is.
void SnippetsDialog::keepCurrent()
{
    if (!m_showing)
        m_snippets->change(currentRow(), {.name = m_ui->nameEdit->text(),
                                          .text = m_ui->contentEdit->toPlainText()});
}

void SnippetsDialog::updateButtons()
{
    const int row = currentRow();
    m_ui->nameEdit->setEnabled(row >= 0);
    m_ui->contentEdit->setEnabled(row >= 0);
    m_ui->removeButton->setEnabled(row >= 0);
    m_ui->upButton->setEnabled(row > 0);
    m_ui->downButton->setEnabled(row >= 0 && row + 1 < m_snippets->rowCount());
    m_ui->addButton->setEnabled(m_snippets->rowCount() < Snippets::MostSnippets);
}

}  // namespace voidrun
