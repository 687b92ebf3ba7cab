// SPDX-License-Identifier: MIT
#include "transferpanel.h"

#include <QActionGroup>
#include <QDesktopServices>
#include <QHeaderView>
#include <QLocale>
#include <QMenu>
#include <QUrl>

#include "errortext.h"
#include "icons.h"
#include "models/transfermodel.h"
#include "transferdelegate.h"
#include "transferproblemsdialog.h"
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
            if (item.waitsForServer)
                return TransferPanel::tr("Waiting for “%1”; goes on by itself")
                    .arg(item.request.profile.name);
            if (item.state == TransferModel::State::Failed && item.filesDone > 0)
                return TransferPanel::tr("%1 of %n file(s) copied: %2", nullptr, item.filesTotal)
                    .arg(item.filesDone)
                    .arg(errorText(item.error));
            if (item.state == TransferModel::State::Failed)
                return TransferPanel::tr("Failed: %1").arg(errorText(item.error));
            if (item.state == TransferModel::State::Paused && item.error != Error())
                return TransferPanel::tr("Paused: %1").arg(errorText(item.error));
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
    setUpButtons();
    setUpAllMenu();
    connect(m_ui->transferView->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &TransferPanel::updateButtons);
    connect(model, &QAbstractItemModel::dataChanged, this, &TransferPanel::updateButtons);
    connect(model, &QAbstractItemModel::rowsMoved, this, &TransferPanel::updateButtons);
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

void TransferPanel::setUpButtons()
{
    m_ui->cancelButton->setIcon(themedIcon(u"close"_s));
    m_ui->retryButton->setIcon(themedIcon(u"refresh"_s));
    m_ui->openButton->setIcon(themedIcon(u"folder"_s));
    for (QToolButton *button :
         {m_ui->pauseButton, m_ui->cancelButton, m_ui->retryButton, m_ui->problemsButton,
          m_ui->openButton, m_ui->clearButton, m_ui->allButton})
        button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    connect(m_ui->pauseButton, &QToolButton::clicked, this, &TransferPanel::pauseOrResume);
    connect(m_ui->cancelButton, &QToolButton::clicked, this,
            [this] { m_model->cancel(currentId()); });
    connect(m_ui->retryButton, &QToolButton::clicked, this,
            [this] { m_model->retry(currentId()); });
    connect(m_ui->problemsButton, &QToolButton::clicked, this, &TransferPanel::showProblems);
    connect(m_ui->transferView, &QAbstractItemView::activated, this, &TransferPanel::showProblems);
    connect(m_ui->upButton, &QToolButton::clicked, this,
            [this] { m_model->move(currentId(), -1); });
    connect(m_ui->downButton, &QToolButton::clicked, this,
            [this] { m_model->move(currentId(), 1); });
    connect(m_ui->clearButton, &QToolButton::clicked, m_model, &TransferModel::clearFinished);
    connect(m_ui->openButton, &QToolButton::clicked, this, &TransferPanel::showInFolder);
}

void TransferPanel::setUpAllMenu()
{
    auto *menu = new QMenu(this);
    connect(menu->addAction(tr("Pause all")), &QAction::triggered, m_model,
            &TransferModel::pauseAll);
    connect(menu->addAction(tr("Resume all")), &QAction::triggered, m_model,
            &TransferModel::resumeAll);
    connect(menu->addAction(tr("Cancel all")), &QAction::triggered, m_model,
            &TransferModel::cancelAll);
    menu->addSeparator();
    QMenu *count = menu->addMenu(tr("Files at a time"));
    auto *group = new QActionGroup(count);
    for (const int calls : {1, 2, 4, 6}) {
        QAction *action = count->addAction(QLocale().toString(calls));
        action->setCheckable(true);
        action->setData(calls);
        group->addAction(action);
        connect(action, &QAction::triggered, this,
                [this, calls] { m_model->setConcurrency(calls); });
    }
    connect(count, &QMenu::aboutToShow, this, [this, group] {
        for (QAction *action : group->actions())
            action->setChecked(action->data().toInt() == m_model->concurrency());
    });
    m_ui->allButton->setMenu(menu);
}

void TransferPanel::pauseOrResume()
{
    const TransferModel::Item *item = m_model->item(currentId());
    if (item && item->state == TransferModel::State::Paused)
        m_model->resume(item->id);
    else if (item)
        m_model->pause(item->id);
}

void TransferPanel::showProblems()
{
    const TransferModel::Item *item = m_model->item(currentId());
    if (!item || item->failures.isEmpty())
        return;
    auto *dialog = new TransferProblemsDialog(*item, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &TransferProblemsDialog::retryRequested, m_model, &TransferModel::retry);
    dialog->open();
}

int TransferPanel::currentId() const
{
    const QModelIndexList rows = m_ui->transferView->selectionModel()->selectedRows();
    return rows.isEmpty() ? 0 : rows.first().data(TransferModel::IdRole).toInt();
}

void TransferPanel::updateButtons()
{
    using State = TransferModel::State;
    const TransferModel::Item *item = m_model->item(currentId());
    const bool isPaused = item && item->state == State::Paused;
    const bool runs = item && (item->state == State::Waiting || item->state == State::Running);
    m_ui->pauseButton->setText(isPaused ? tr("Resume") : tr("Pause"));
    m_ui->pauseButton->setIcon(themedIcon(isPaused ? u"play"_s : u"pause"_s));
    m_ui->pauseButton->setEnabled(runs || isPaused);
    m_ui->cancelButton->setEnabled(item &&
                                   (!TransferModel::isFinal(item->state) || item->waitsForServer));
    m_ui->retryButton->setEnabled(
        item && (item->state == State::Failed || item->state == State::Cancelled));
    m_ui->problemsButton->setEnabled(item && !item->failures.isEmpty());
    const QModelIndexList selected = m_ui->transferView->selectionModel()->selectedRows();
    const int row = selected.isEmpty() ? -1 : selected.first().row();
    m_ui->upButton->setEnabled(row > 0);
    m_ui->downButton->setEnabled(row >= 0 && row + 1 < m_proxy->rowCount());
    m_ui->openButton->setEnabled(item && !item->results.isEmpty() &&
                                 item->request.direction == TransferRequest::Direction::Download);
    const int count = m_model->activeCount();
    m_ui->summaryLabel->setText(count > 0 ? tr("%n under way", nullptr, count) : QString());
    bool anyFinished = false;
    for (int row = 0; row < m_proxy->rowCount() && !anyFinished; ++row) {
        const auto state =
            m_proxy->index(row, 0).data(TransferModel::ItemRole).value<TransferModel::Item>().state;
        anyFinished = TransferModel::isFinal(state);
    }
    m_ui->clearButton->setEnabled(anyFinished);
}

void TransferPanel::showInFolder()
{
    if (const TransferModel::Item *item = m_model->item(currentId()))
        QDesktopServices::openUrl(QUrl::fromLocalFile(item->request.target));
}

}  // namespace voidrun
