// SPDX-License-Identifier: MIT
#include "watchpanel.h"

#include <QActionGroup>
#include <QClipboard>
#include <QDragEnterEvent>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLocale>
#include <QMenu>
#include <QScrollBar>

#include "dropframe.h"
#include "errortext.h"
#include "icons.h"
#include "models/fsmodel.h"
#include "models/visibletext.h"
#include "models/watcheventsmodel.h"
#include "models/watchfiltermodel.h"
#include "models/watchmodel.h"
#include "ui_watchpanel.h"
#include "watchproxies.h"
#include "watchtext.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

WatchPanel::WatchPanel(WatchModel *watches, QWidget *parent)
    : QWidget(parent),
      m_ui(std::make_unique<Ui::WatchPanel>()),
      m_watches(watches),
      m_watchProxy(std::make_unique<WatchProxy>()),
      m_changes(std::make_unique<ChangeProxy>(watches->events())),
      m_optionsMenu(new QMenu(this)),
      m_recursive(m_optionsMenu->addAction(tr("All folders &below it too"))),
      m_hidden(m_optionsMenu->addAction(tr("&Hidden files too"))),
      m_notify(new QActionGroup(this)),
      m_dropFrame(new DropFrame(this))
{
    m_ui->setupUi(this);
    setFocusProxy(m_ui->changeView);
    setUpViews();
    setUpFilters();
    setUpOptions();
    connectModels();
    connectButtons();
    updateState();
}

WatchPanel::~WatchPanel() = default;

void WatchPanel::setUpViews()
{
    m_watchProxy->setSourceModel(m_watches);
    m_ui->watchView->setModel(m_watchProxy.get());
    m_ui->changeView->setModel(m_changes.get());
    const int em = fontMetrics().horizontalAdvance(u'm');
    QHeaderView *watches = m_ui->watchView->header();
    watches->setStretchLastSection(false);
    watches->setSectionResizeMode(WatchModel::FolderColumn, QHeaderView::Stretch);
    watches->resizeSection(WatchModel::SandboxColumn, 8 * em);
    watches->resizeSection(WatchModel::StateColumn, 11 * em);
    QHeaderView *changes = m_ui->changeView->header();
    changes->setStretchLastSection(false);
    changes->setSectionResizeMode(WatchEventsModel::PathColumn, QHeaderView::Stretch);
    changes->resizeSection(WatchEventsModel::TimeColumn, 6 * em);
    changes->resizeSection(WatchEventsModel::SandboxColumn, 8 * em);
    changes->resizeSection(WatchEventsModel::KindColumn, 15 * em);
    changes->resizeSection(WatchEventsModel::SizeColumn, 7 * em);
    m_ui->changeView->setTextElideMode(Qt::ElideMiddle);  // both ends of a path tell
    m_ui->splitter->setSizes({30 * em, 60 * em});
    m_ui->splitter->setStretchFactor(1, 1);
    for (QLabel *label : {m_ui->summaryLabel, m_ui->emptyLabel, m_ui->stateLabel})
        label->setForegroundRole(QPalette::PlaceholderText);
    connect(m_ui->changeView, &QAbstractItemView::activated, this, &WatchPanel::activate);
    connect(m_ui->changeView, &QWidget::customContextMenuRequested, this,
            &WatchPanel::showChangeMenu);
    connect(m_ui->watchView, &QWidget::customContextMenuRequested, this,
            [this](const QPoint &point) {
                if (current())
                    m_optionsMenu->popup(m_ui->watchView->viewport()->mapToGlobal(point));
            });
    connect(m_ui->watchView->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &WatchPanel::updateState);
}

void WatchPanel::setUpFilters()
{
    using Kind = WatchChange::Kind;
    m_ui->kindBox->addItem(tr("All changes"));
    for (const Kind kind :
         {Kind::Created, Kind::Changed, Kind::Deleted, Kind::Renamed, Kind::Permissions})
        m_ui->kindBox->addItem(WatchEventsModel::kindName(kind), int(kind));
    m_ui->sandboxBox->addItem(tr("All sandboxes"));
    connect(m_ui->kindBox, &QComboBox::currentIndexChanged, this, [this] {
        const QVariant kind = m_ui->kindBox->currentData();
        m_changes->setKind(kind.isValid() ? std::optional(Kind(kind.toInt())) : std::nullopt);
        updateSummary();
    });
    connect(m_ui->sandboxBox, &QComboBox::currentIndexChanged, this, [this] {
        m_changes->setSandbox(m_ui->sandboxBox->currentData().toString());
        updateSummary();
    });
    connect(m_ui->patternEdit, &QLineEdit::textChanged, this, [this](const QString &text) {
        m_changes->setPattern(text);
        updateSummary();
    });
}

void WatchPanel::setUpOptions()
{
    using Notify = Watch::Notify;
    m_ui->optionsButton->setMenu(m_optionsMenu);
    for (QAction *action : {m_recursive, m_hidden}) {
        action->setCheckable(true);
        connect(action, &QAction::triggered, this,
                [this] { setOptions(m_recursive->isChecked(), !m_hidden->isChecked()); });
    }
    m_optionsMenu->addSection(tr("Tell about new changes"));
    const std::pair<Notify, QString> modes[] = {
        {Notify::Off, tr("&Nowhere")},
        {Notify::Panel, tr("Here and at the &sandbox")},
        {Notify::Desktop, tr("On the &desktop too, while VoidRun is behind")}};
    for (const auto &[mode, text] : modes) {
        QAction *action = m_notify->addAction(text);
        action->setCheckable(true);
        action->setData(int(mode));
        m_optionsMenu->addAction(action);
        connect(action, &QAction::triggered, this, [this, mode] {
            if (const Watch *watch = current())
                m_watches->setNotify(watch->id, mode);
        });
    }
}

void WatchPanel::connectModels()
{
    connect(m_watches, &QAbstractItemModel::dataChanged, this, &WatchPanel::updateState);
    connect(m_watches, &QAbstractItemModel::rowsRemoved, this, &WatchPanel::updateState);
    connect(m_watchProxy.get(), &QAbstractItemModel::rowsInserted, this,
            [this](const QModelIndex &, int, int last) {
                fillSandboxes();
                m_ui->watchView->setCurrentIndex(m_watchProxy->index(last, 0));
                updateState();
            });
    connect(m_watches, &WatchModel::rescanned, this, &WatchPanel::tellRescan);
    connect(m_watches, &WatchModel::rescanFailed, this, [this](int id, const Error &error) {
        const Watch *watch = m_watches->watch(id);
        Q_EMIT problem(tr("“%1” of “%2” could not be listed, so what is missed while the "
                          "connection is lost cannot be found. %3")
                           .arg(visibleText(watch->request.path), visibleText(watch->sandboxName),
                                errorText(error)));
    });
    // Somebody who looks further down is not moved away by what is new.
    connect(m_changes.get(), &QAbstractItemModel::rowsAboutToBeInserted, this, [this] {
        const bool isScrolled = m_ui->changeView->verticalScrollBar()->value() > 0;
        m_topRow = isScrolled ? m_ui->changeView->indexAt(QPoint(1, 1)) : QModelIndex();
    });
    connect(m_changes.get(), &QAbstractItemModel::rowsInserted, this, [this] {
        if (m_topRow.isValid())
            m_ui->changeView->scrollTo(m_topRow, QAbstractItemView::PositionAtTop);
        m_topRow = QModelIndex();
    });
    const WatchEventsModel *events = m_watches->events();
    connect(events, &QAbstractItemModel::rowsInserted, this, &WatchPanel::updateSummary);
    connect(events, &QAbstractItemModel::rowsRemoved, this, &WatchPanel::updateSummary);
    connect(events, &QAbstractItemModel::modelReset, this, &WatchPanel::updateSummary);
    connect(events, &WatchEventsModel::waitingCountChanged, this, &WatchPanel::updateSummary);
    connect(events, &WatchEventsModel::droppedCountChanged, this, &WatchPanel::updateSummary);
}

void WatchPanel::connectButtons()
{
    const std::pair<QToolButton *, QString> buttons[] = {
        {m_ui->watchButton, u"eye"_s},      {m_ui->pauseButton, u"pause"_s},
        {m_ui->clearButton, u"delete"_s},   {m_ui->exportButton, u"download"_s},
        {m_ui->rescanButton, u"refresh"_s}, {m_ui->resumeButton, u"play"_s},
        {m_ui->removeButton, u"close"_s}};
    for (const auto &[button, icon] : buttons) {
        button->setIcon(themedIcon(icon));
        button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    }
    connect(m_ui->watchButton, &QToolButton::clicked, this, &WatchPanel::watchRequested);
    connect(m_ui->pauseButton, &QToolButton::toggled, this, [this](bool paused) {
        m_watches->events()->setPaused(paused);
        updateSummary();
    });
    connect(m_ui->clearButton, &QToolButton::clicked, m_watches->events(),
            &WatchEventsModel::clear);
    connect(m_ui->exportButton, &QToolButton::clicked, this, &WatchPanel::askExport);
    const auto onCurrent = [this](QToolButton *button, auto run) {
        connect(button, &QToolButton::clicked, this, [this, run] {
            if (const Watch *watch = current())
                (m_watches->*run)(watch->id);
        });
    };
    onCurrent(m_ui->rescanButton, &WatchModel::rescan);
    onCurrent(m_ui->resumeButton, &WatchModel::resume);
    onCurrent(m_ui->removeButton, &WatchModel::remove);
}

// Those that have been watched, too: their changes are still in the list.
void WatchPanel::fillSandboxes()
{
    for (int row = 0; row < m_watches->rowCount(); ++row) {
        const auto watch = m_watches->index(row, 0).data(WatchModel::WatchRole).value<Watch>();
        if (m_ui->sandboxBox->findData(watch.sandboxId) < 0)
            m_ui->sandboxBox->addItem(visibleText(watch.sandboxName), watch.sandboxId);
    }
}

const Watch *WatchPanel::current() const
{
    const QModelIndexList rows = m_ui->watchView->selectionModel()->selectedRows();
    return rows.isEmpty() ? nullptr
                          : m_watches->watch(rows.first().data(WatchModel::IdRole).toInt());
}

void WatchPanel::setOptions(bool recursive, bool ignoreHidden)
{
    if (const Watch *watch = current())
        m_watches->setOptions(watch->id, recursive, ignoreHidden);
}

void WatchPanel::updateState()
{
    const Watch *watch = current();
    const bool isThere = watch != nullptr;
    m_ui->stack->setCurrentWidget(m_watches->rowCount() > 0 || m_watches->events()->rowCount() > 0
                                      ? static_cast<QWidget *>(m_ui->splitter)
                                      : m_ui->emptyPage);
    m_ui->rescanButton->setEnabled(isThere && !watch->isScanning);
    m_ui->resumeButton->setVisible(
        isThere && (watch->state == Watch::State::Stopped || watch->state == Watch::State::Asleep));
    m_ui->removeButton->setEnabled(isThere);
    m_ui->optionsButton->setEnabled(isThere);
    m_ui->stateLabel->setText(isThere ? watchSentence(*watch) : QString());
    if (isThere) {
        m_recursive->setChecked(watch->request.recursive);
        m_hidden->setChecked(!watch->request.ignoreHidden);
        for (QAction *action : m_notify->actions())
            action->setChecked(action->data().toInt() == int(watch->notify));
    }
    updateSummary();
}

void WatchPanel::updateSummary()
{
    const WatchEventsModel *events = m_watches->events();
    const int rows = events->rowCount();
    QStringList parts;
    if (m_watches->rowCount() > 0)
        parts.append(tr("%n folder(s) watched", nullptr, m_watches->rowCount()));
    if (m_changes->isFiltering())
        parts.append(tr("%1 of %n change(s) shown", nullptr, rows)
                         .arg(QLocale().toString(m_changes->rowCount())));
    else if (rows > 0)
        parts.append(tr("%n change(s)", nullptr, rows));
    if (events->droppedCount() > 0)
        parts.append(tr("%n older one(s) dropped", nullptr, int(events->droppedCount())));
    if (events->isPaused())
        parts.append(tr("paused, %n wait(s)", nullptr, events->waitingCount()));
    m_ui->summaryLabel->setText(parts.join(u" · "_s));
    m_ui->pauseButton->setText(events->isPaused() ? tr("Resume") : tr("Pause"));
    m_ui->pauseButton->setIcon(themedIcon(events->isPaused() ? u"play"_s : u"pause"_s));
    m_ui->clearButton->setEnabled(rows > 0 || events->waitingCount() > 0);
    m_ui->exportButton->setEnabled(m_changes->rowCount() > 0);
}

void WatchPanel::tellRescan(int id, int missed)
{
    const Watch *watch = m_watches->watch(id);
    const QString folder = visibleText(watch->request.path);
    if (missed < 0)
        Q_EMIT notice(tr("“%1” was not known before, so nothing could be compared; it is from now "
                         "on.")
                          .arg(folder));
    else if (missed == 0)
        Q_EMIT notice(tr("“%1” is as it was seen; nothing was missed.").arg(folder));
    else
        Q_EMIT notice(
            tr("%n change(s) in “%1” had been missed; they are in the list now.", nullptr, missed)
                .arg(folder));
}

void WatchPanel::activate(const QModelIndex &index)
{
    const WatchChange &change = m_changes->change(index);
    Q_EMIT fileRequested(change.connectionId, change.sandboxId, change.path);
}

void WatchPanel::showChangeMenu(const QPoint &position)
{
    const QModelIndex index = m_ui->changeView->indexAt(position);
    if (!index.isValid())
        return;
    const WatchChange change = m_changes->change(index);
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(themedIcon(u"folder"_s), tr("&Show in files"), this, [this, change] {
        Q_EMIT fileRequested(change.connectionId, change.sandboxId, change.path);
    });
    menu->addAction(themedIcon(u"copy"_s), tr("&Copy path"), this,
                    [change] { QGuiApplication::clipboard()->setText(change.path); });
    menu->popup(m_ui->changeView->viewport()->mapToGlobal(position));
}

void WatchPanel::dragEnterEvent(QDragEnterEvent *event)
{
    if (!FsModel::hasGuestPaths(event->mimeData()))
        return;
    event->setDropAction(Qt::CopyAction);
    event->accept();
    m_dropFrame->cover();
}

void WatchPanel::dragLeaveEvent(QDragLeaveEvent *)
{
    m_dropFrame->hide();
}

void WatchPanel::dropEvent(QDropEvent *event)
{
    m_dropFrame->hide();
    event->setDropAction(Qt::CopyAction);  // nothing moves
    event->accept();
    const QString sandboxId = FsModel::sandboxOf(event->mimeData());
    Q_EMIT foldersDropped(sandboxId, FsModel::guestPathsOf(event->mimeData(), sandboxId));
}

void WatchPanel::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    m_dropFrame->setGeometry(rect());
}

}  // namespace voidrun
