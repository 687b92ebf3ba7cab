// SPDX-License-Identifier: MIT
#include "openeditspanel.h"

#include <QHeaderView>

#include "errortext.h"
#include "icons.h"
#include "models/openedits.h"
#include "ui_openeditspanel.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

// Puts sentences where the model has errors, and the file's icon.
class EditProxy : public QSortFilterProxyModel
{
public:
    using QSortFilterProxyModel::QSortFilterProxyModel;

    QVariant data(const QModelIndex &index, int role) const override
    {
        const bool isState = index.column() == OpenEdits::StateColumn;
        if (role == Qt::DecorationRole && index.column() == OpenEdits::NameColumn)
            return themedIcon(iconNameForFile(index.data().toString(), false, false));
        if (!isState || (role != Qt::DisplayRole && role != Qt::ToolTipRole))
            return QSortFilterProxyModel::data(index, role);
        const auto edit = index.data(OpenEdits::EditRole).value<OpenEdit>();
        const QString state = QSortFilterProxyModel::data(index, Qt::DisplayRole).toString();
        if (edit.error == Error())
            return state;
        return edit.isWaiting ? OpenEditsPanel::tr("%1; it is tried again by itself. %2")
                                    .arg(state, errorText(edit.error))
                              : OpenEditsPanel::tr("%1. %2").arg(state, errorText(edit.error));
    }
};

}  // namespace

OpenEditsPanel::OpenEditsPanel(OpenEdits *edits, QWidget *parent)
    : QWidget(parent),
      m_ui(std::make_unique<Ui::OpenEditsPanel>()),
      m_edits(edits),
      m_proxy(std::make_unique<EditProxy>())
{
    m_ui->setupUi(this);
    setFocusProxy(m_ui->editView);
    m_proxy->setSourceModel(edits);
    m_ui->editView->setModel(m_proxy.get());
    QHeaderView *header = m_ui->editView->header();
    header->setStretchLastSection(true);
    const int em = fontMetrics().horizontalAdvance(u'm');
    header->resizeSection(OpenEdits::NameColumn, 16 * em);
    header->resizeSection(OpenEdits::SandboxColumn, 12 * em);
    header->resizeSection(OpenEdits::FolderColumn, 16 * em);
    setUpButtons();
    connect(m_ui->editView->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &OpenEditsPanel::updateButtons);
    connect(edits, &QAbstractItemModel::dataChanged, this, &OpenEditsPanel::updateButtons);
    connect(m_proxy.get(), &QAbstractItemModel::rowsRemoved, this, &OpenEditsPanel::updateButtons);
    connect(m_proxy.get(), &QAbstractItemModel::rowsInserted, this,
            [this](const QModelIndex &, int, int last) {
                const QModelIndex newest = m_proxy->index(last, 0);
                m_ui->editView->setCurrentIndex(newest);
                m_ui->editView->scrollTo(newest);
                updateButtons();
            });
    updateButtons();
}

OpenEditsPanel::~OpenEditsPanel() = default;

void OpenEditsPanel::setUpButtons()
{
    const auto onCurrent = [this](QToolButton *button, const QString &icon, auto signal) {
        button->setIcon(themedIcon(icon));
        button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        connect(button, &QToolButton::clicked, this,
                [this, signal] { Q_EMIT(this->*signal)(currentId()); });
    };
    onCurrent(m_ui->openButton, u"edit"_s, &OpenEditsPanel::openRequested);
    onCurrent(m_ui->saveButton, u"upload"_s, &OpenEditsPanel::saveRequested);
    onCurrent(m_ui->differenceButton, u"difference"_s, &OpenEditsPanel::differenceRequested);
    onCurrent(m_ui->stopButton, u"close"_s, &OpenEditsPanel::stopRequested);
    connect(m_ui->editView, &QAbstractItemView::activated, this, [this] {
        const OpenEdit *edit = m_edits->edit(currentId());
        if (edit && edit->state == OpenEdit::State::Conflict)
            Q_EMIT differenceRequested(edit->id);
        else if (edit)
            Q_EMIT openRequested(edit->id);
    });
}

int OpenEditsPanel::currentId() const
{
    const QModelIndexList rows = m_ui->editView->selectionModel()->selectedRows();
    return rows.isEmpty() ? 0 : rows.first().data(OpenEdits::IdRole).toInt();
}

void OpenEditsPanel::updateButtons()
{
    const OpenEdit *edit = m_edits->edit(currentId());
    const bool isFetched = edit && edit->isFetched();
    const bool isConflict = edit && edit->state == OpenEdit::State::Conflict;
    m_ui->openButton->setEnabled(isFetched);
    m_ui->saveButton->setEnabled(isFetched && edit->hasUnsent() &&
                                 edit->state != OpenEdit::State::Uploading);
    m_ui->differenceButton->setEnabled(isFetched && edit->hasUnsent());
    m_ui->differenceButton->setText(isConflict ? tr("Decide…") : tr("Show difference"));
    m_ui->stopButton->setEnabled(edit);
    const int unsent = m_edits->unsentCount();
    m_ui->summaryLabel->setText(unsent > 0 ? tr("%n with changes not sent", nullptr, unsent)
                                           : QString());
}

}  // namespace voidrun
