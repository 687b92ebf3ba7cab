// SPDX-License-Identifier: MIT
#include "transferpanel.h"

#include <QDesktopServices>
#include <QHeaderView>
#include <QUrl>

#include "errortext.h"
#include "icons.h"
#include "models/transfermodel.h"
#include "transferdelegate.h"
#include "ui_transferpanel.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

// Hides what was fetched for a drag and puts sentences where the model has errors.
class TransferProxy : public QSortFilterProxyModel
{
public:
    using QSortFilterProxyModel::QSortFilterProxyModel;

    QVariant data(const QModelIndex &index, int role) const override
    {
        const bool isState = index.column() == TransferModel::StateColumn;
        if (role == Qt::DecorationRole && index.column() == TransferModel::NameColumn) {
            const auto item = index.data(TransferModel::ItemRole).value<TransferModel::Item>();
            return themedIcon(item.request.direction == TransferRequest::Direction::Upload
                                  ? u"upload"_s
                                  : u"download"_s);
        }
        if (isState && (role == Qt::DisplayRole || role == Qt::ToolTipRole)) {
            const auto item = index.data(TransferModel::ItemRole).value<TransferModel::Item>();
            if (item.state == TransferModel::State::Failed)
                return TransferPanel::tr("Failed: %1").arg(errorText(item.error));
        }
        return QSortFilterProxyModel::data(index, role);
    }

protected:
    bool filterAcceptsRow(int row, const QModelIndex &parent) const override
    {
        const QModelIndex index = sourceModel()->index(row, 0, parent);
        return !index.data(TransferModel::ItemRole).value<TransferModel::Item>().request.staging;
    }
};

}  // namespace

TransferPanel::TransferPanel(TransferModel *model, QWidget *parent)
    : QWidget(parent),
      m_ui(std::make_unique<Ui::TransferPanel>()),
      m_model(model),
      m_proxy(std::make_unique<TransferProxy>())
{
    m_ui->setupUi(this);
    setFocusProxy(m_ui->transferView);
    m_proxy->setSourceModel(model);
    m_ui->transferView->setModel(m_proxy.get());
    m_ui->transferView->setItemDelegateForColumn(TransferModel::ProgressColumn,
                                                 new TransferDelegate(this));
    QHeaderView *header = m_ui->transferView->header();
    header->setStretchLastSection(true);
    const int em = fontMetrics().horizontalAdvance(u'm');
    header->resizeSection(TransferModel::NameColumn, 18 * em);
    header->resizeSection(TransferModel::SandboxColumn, 12 * em);
    header->resizeSection(TransferModel::ProgressColumn, 15 * em);
    header->resizeSection(TransferModel::SpeedColumn, 10 * em);
    m_ui->cancelButton->setIcon(themedIcon(u"close"_s));
    m_ui->retryButton->setIcon(themedIcon(u"refresh"_s));
    m_ui->openButton->setIcon(themedIcon(u"folder"_s));
    for (QToolButton *button :
         {m_ui->cancelButton, m_ui->retryButton, m_ui->openButton, m_ui->clearButton})
        button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);

    connect(m_ui->cancelButton, &QToolButton::clicked, this,
            [this] { m_model->cancel(currentId()); });
    connect(m_ui->retryButton, &QToolButton::clicked, this,
            [this] { m_model->retry(currentId()); });
    connect(m_ui->clearButton, &QToolButton::clicked, model, &TransferModel::clearFinished);
    connect(m_ui->openButton, &QToolButton::clicked, this, &TransferPanel::showInFolder);
    connect(m_ui->transferView->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &TransferPanel::updateButtons);
    connect(model, &QAbstractItemModel::dataChanged, this, &TransferPanel::updateButtons);
    connect(m_proxy.get(), &QAbstractItemModel::rowsRemoved, this, &TransferPanel::updateButtons);
    connect(m_proxy.get(), &QAbstractItemModel::rowsInserted, this,
            [this](const QModelIndex &, int, int last) {
                const QModelIndex newest = m_proxy->index(last, 0);
                m_ui->transferView->setCurrentIndex(newest);
                m_ui->transferView->scrollTo(newest);
                updateButtons();
            });
    updateButtons();
}

TransferPanel::~TransferPanel() = default;

int TransferPanel::currentId() const
{
    const QModelIndexList rows = m_ui->transferView->selectionModel()->selectedRows();
    return rows.isEmpty() ? 0 : rows.first().data(TransferModel::IdRole).toInt();
}

void TransferPanel::updateButtons()
{
    using State = TransferModel::State;
    const TransferModel::Item *item = m_model->item(currentId());
    const bool active = item && (item->state == State::Waiting || item->state == State::Asking ||
                                 item->state == State::Running);
    m_ui->cancelButton->setEnabled(active);
    m_ui->retryButton->setEnabled(
        item && (item->state == State::Failed || item->state == State::Cancelled));
    m_ui->openButton->setEnabled(item && !item->results.isEmpty() &&
                                 item->request.direction == TransferRequest::Direction::Download);
    const int count = m_model->activeCount();
    m_ui->summaryLabel->setText(count > 0 ? tr("%n under way", nullptr, count) : QString());
    bool anyFinished = false;
    for (int row = 0; row < m_proxy->rowCount() && !anyFinished; ++row) {
        const auto state =
            m_proxy->index(row, 0).data(TransferModel::ItemRole).value<TransferModel::Item>().state;
        anyFinished = state == State::Done || state == State::Failed || state == State::Cancelled;
    }
    m_ui->clearButton->setEnabled(anyFinished);
}

void TransferPanel::showInFolder()
{
    if (const TransferModel::Item *item = m_model->item(currentId()))
        QDesktopServices::openUrl(QUrl::fromLocalFile(item->request.target));
}

}  // namespace voidrun
