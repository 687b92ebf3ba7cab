// SPDX-License-Identifier: MIT
#include "runhistorypanel.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLocale>
#include <QMenu>
#include <QSortFilterProxyModel>

#include "icons.h"
#include "models/connection.h"
#include "models/sdkcode.h"
#include "runtext.h"
#include "ui_runhistorypanel.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

// Words and icons for what the model has as values; pinned ones first.
class HistoryProxy : public QSortFilterProxyModel
{
public:
    using QSortFilterProxyModel::QSortFilterProxyModel;

    QVariant data(const QModelIndex &index, int role) const override
    {
        const auto record = [&] { return index.data(RunHistory::RecordRole).value<RunRecord>(); };
        const bool isText = index.column() == RunHistory::TextColumn;
        if (role == Qt::DecorationRole && isText)
            return themedIcon(iconName(record()));
        if (role == Qt::ToolTipRole || (role == Qt::AccessibleDescriptionRole && isText))
            return QString(outcomeTitle(record().outcome) % u" · "_s %
                           outcomeFacts(record().outcome));
        QVariant value = QSortFilterProxyModel::data(index, role);
        if (role != Qt::DisplayRole)
            return value;
        if (isText && record().isCut)
            return RunHistoryPanel::tr("%1 … (only its beginning is kept)").arg(value.toString());
        if (index.column() == RunHistory::WhenColumn)
            return QLocale().toString(value.toDateTime().toLocalTime(), QLocale::ShortFormat);
        if (index.column() == RunHistory::TookColumn)
            return record().outcome.kind == RunOutcome::Kind::None
                       ? QString()
                       : milliseconds(value.toLongLong());
        return value;
    }

private:
    static QString iconName(const RunRecord &record)
    {
        if (record.isPinned)
            return u"star"_s;
        if (record.outcome.isSuccess())
            return u"check"_s;
        if (record.outcome.kind == RunOutcome::Kind::Stopped)
            return u"stop"_s;
        if (record.outcome.kind == RunOutcome::Kind::None)
            return u"running"_s;
        return record.outcome.kind == RunOutcome::Kind::Unknown ? u"waiting"_s : u"error"_s;
    }
};

}  // namespace

RunHistoryPanel::RunHistoryPanel(Connection *connection, QWidget *parent)
    : QWidget(parent),
      m_ui(std::make_unique<Ui::RunHistoryPanel>()),
      m_connection(connection),
      m_history(connection->history()),
      m_proxy(std::make_unique<HistoryProxy>()),
      m_menu(new QMenu(this))
{
    m_ui->setupUi(this);
    m_proxy->setSourceModel(m_history);
    m_proxy->setFilterRole(RunHistory::SearchRole);
    m_proxy->setFilterCaseSensitivity(Qt::CaseInsensitive);
    m_ui->historyView->setModel(m_proxy.get());
    QHeaderView *header = m_ui->historyView->header();
    const int em = fontMetrics().horizontalAdvance(u'm');
    header->resizeSection(RunHistory::TextColumn, 14 * em);
    header->resizeSection(RunHistory::SandboxColumn, 8 * em);
    header->resizeSection(RunHistory::WhenColumn, 9 * em);
    connect(m_ui->searchEdit, &QLineEdit::textChanged, m_proxy.get(),
            &QSortFilterProxyModel::setFilterFixedString);
    connect(m_ui->historyView, &QAbstractItemView::activated, this, &RunHistoryPanel::runCurrent);
    connect(m_ui->runButton, &QToolButton::clicked, this, &RunHistoryPanel::runCurrent);
    connect(m_ui->historyView->selectionModel(), &QItemSelectionModel::currentChanged, this,
            &RunHistoryPanel::updateButtons);
    connect(m_ui->pinButton, &QToolButton::clicked, this, [this] {
        if (const auto record = current())
            m_history->setPinned(currentRow(), !record->isPinned);
        updateButtons();
    });
    m_ui->runButton->setIcon(themedIcon(u"play"_s));
    m_ui->pinButton->setIcon(themedIcon(u"star"_s));
    m_ui->moreButton->setIcon(themedIcon(u"more"_s));
    setUpMenu();
    updateButtons();
}

RunHistoryPanel::~RunHistoryPanel() = default;

void RunHistoryPanel::setUpMenu()
{
    const auto add = [this](const QString &text, auto run) {
        QAction *action = m_menu->addAction(text);
        connect(action, &QAction::triggered, this, [this, run] {
            if (const auto record = current())
                run(*record);
        });
        return action;
    };
    add(tr("&Change and run…"),
        [this](const RunRecord &record) { Q_EMIT editRequested(record.request); });
    m_menu->addSeparator();
    const QList<QAction *> copies{
        add(tr("Copy as &curl"),
            [this](const RunRecord &record) {
                if (m_connection)
                    copyText(m_connection->curlText(record.request));
            }),
        add(tr("Copy as &Python"),
            [this](const RunRecord &record) {
                if (m_connection)
                    copyText(sdkcode::python(m_connection->profile().baseUrl, record.request));
            }),
        add(tr("Copy as &TypeScript"), [this](const RunRecord &record) {
            if (m_connection)
                copyText(sdkcode::typeScript(m_connection->profile().baseUrl, record.request));
        })};
    // Half a program is of no use to anyone.
    connect(m_menu, &QMenu::aboutToShow, this, [this, copies] {
        const auto record = current();
        for (QAction *copy : copies)
            copy->setEnabled(record && !record->isCut);
    });
    m_menu->addSeparator();
    add(tr("&Remove from the history"),
        [this](const RunRecord &) { m_history->remove(currentRow()); });
    connect(m_menu->addAction(tr("Remove &all but pinned ones")), &QAction::triggered, m_history,
            &RunHistory::clear);
    m_ui->moreButton->setMenu(m_menu);
    connect(m_ui->historyView, &QWidget::customContextMenuRequested, this,
            [this](const QPoint &point) {
                if (current())
                    m_menu->popup(m_ui->historyView->viewport()->mapToGlobal(point));
            });
}

int RunHistoryPanel::currentRow() const
{
    return m_proxy->mapToSource(m_ui->historyView->currentIndex()).row();
}

std::optional<RunRecord> RunHistoryPanel::current() const
{
    const QModelIndex index = m_ui->historyView->currentIndex();
    if (!index.isValid())
        return std::nullopt;
    return index.data(RunHistory::RecordRole).value<RunRecord>();
}

// A value that was not kept has to be written again first.
void RunHistoryPanel::runCurrent()
{
    const auto record = current();
    if (!record)
        return;
    if (record->isCut) {
        Q_EMIT editRequested(record->request);
        Q_EMIT notice(tr("The history has only the beginning of it. Add the rest, then run."));
        return;
    }
    if (record->request.unkept.isEmpty()) {
        Q_EMIT runRequested(record->request);
        return;
    }
    Q_EMIT editRequested(record->request);
    Q_EMIT notice(tr("The history does not have the values of %1. Write them again, then run.")
                      .arg(record->request.unkept.join(u", "_s)));
}

void RunHistoryPanel::copyText(const QString &text)
{
    QGuiApplication::clipboard()->setText(text);
    Q_EMIT notice(tr("It is on the clipboard. It reads your key from VR_API_KEY."));
}

void RunHistoryPanel::updateButtons()
{
    const auto record = current();
    for (QToolButton *button : {m_ui->runButton, m_ui->pinButton})
        button->setEnabled(record.has_value());
    m_ui->pinButton->setText(record && record->isPinned ? tr("Unpin") : tr("Pin"));
}

}  // namespace voidrun
