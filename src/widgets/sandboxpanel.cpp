// SPDX-License-Identifier: MIT
#include "sandboxpanel.h"

#include <QMenu>
#include <QShortcut>

#include "icons.h"
#include "models/connectionmodel.h"
#include "models/sandboxmodel.h"
#include "ui_sandboxpanel.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

SandboxPanel::SandboxPanel(ConnectionModel *connections, QWidget *parent)
    : QWidget(parent), m_ui(std::make_unique<Ui::SandboxPanel>()), m_connections(connections)
{
    m_ui->setupUi(this);
    m_ui->newButton->setIcon(themedIcon(u"add"_s));
    m_ui->deleteButton->setIcon(themedIcon(u"delete"_s));
    m_ui->connectionMenuButton->setIcon(themedIcon(u"more"_s));

    m_filter.setFilterCaseSensitivity(Qt::CaseInsensitive);
    m_filter.setFilterRole(Qt::DisplayRole);
    m_ui->sandboxView->setModel(&m_filter);
    connect(m_ui->searchEdit, &QLineEdit::textChanged, this, [this](const QString &text) {
        m_filter.setFilterFixedString(text);
        const QModelIndex chosen =
            m_sandboxes ? m_filter.mapFromSource(m_sandboxes->indexOf(m_chosen)) : QModelIndex();
        if (chosen.isValid())
            m_ui->sandboxView->setCurrentIndex(chosen);
        updateList();
    });

    m_ui->connectionBox->setModel(connections);
    connect(m_ui->connectionBox, &QComboBox::activated, this, [this](int row) {
        Q_EMIT connectionChosen(m_connections->index(row).data(ConnectionModel::IdRole).toString());
    });
    auto *menu = new QMenu(this);
    connect(menu, &QMenu::aboutToShow, this, [this, menu] {
        menu->clear();
        const QString id = m_ui->connectionBox->currentData(ConnectionModel::IdRole).toString();
        menu->addAction(themedIcon(u"add"_s), tr("&Add connection…"), this,
                        &SandboxPanel::addConnectionRequested);
        auto *change = menu->addAction(tr("&Change this connection…"), this,
                                       [this, id] { Q_EMIT changeConnectionRequested(id); });
        auto *remove = menu->addAction(themedIcon(u"delete"_s), tr("&Remove this connection…"),
                                       this, [this, id] { Q_EMIT removeConnectionRequested(id); });
        change->setEnabled(ConnectionModel::isChangeable(id));
        remove->setEnabled(ConnectionModel::isChangeable(id));
    });
    m_ui->connectionMenuButton->setMenu(menu);

    auto *deleteKey = new QShortcut(QKeySequence::Delete, m_ui->sandboxView);
    deleteKey->setContext(Qt::WidgetShortcut);
    connect(deleteKey, &QShortcut::activated, m_ui->deleteButton, &QToolButton::click);
    connect(m_ui->newButton, &QPushButton::clicked, this, &SandboxPanel::newSandboxRequested);
    connect(m_ui->deleteButton, &QToolButton::clicked, this,
            [this] { Q_EMIT deleteRequested(currentSandbox()); });
    connect(m_ui->messageButton, &QPushButton::clicked, this, &SandboxPanel::messageButtonClicked);
    connect(m_ui->sandboxView, &SandboxListView::currentRowChanged, this,
            [this](const QModelIndex &index) {
                m_ui->deleteButton->setEnabled(index.isValid());
                // A row that only the search hides stays chosen.
                if (!index.isValid() && m_sandboxes && m_sandboxes->indexOf(m_chosen).isValid())
                    return;
                m_chosen = idOf(index);
                Q_EMIT sandboxChosen(m_chosen);
            });
    connect(m_ui->sandboxView, &SandboxListView::terminalRequested, this,
            [this](const QModelIndex &index) { Q_EMIT terminalRequested(idOf(index)); });
    connect(m_ui->sandboxView, &QListView::activated, this,
            [this](const QModelIndex &index) { Q_EMIT terminalRequested(idOf(index)); });
    connect(m_ui->sandboxView, &SandboxListView::guestFilesDropped, this,
            [this](const QModelIndex &index, const QMimeData *data) {
                Q_EMIT guestFilesDropped(idOf(index), data);
            });
    connect(m_ui->sandboxView, &SandboxListView::filesDropped, this,
            [this](const QModelIndex &index, const QList<QUrl> &files) {
                Q_EMIT filesDropped(idOf(index), files);
            });
    connect(m_ui->sandboxView, &QWidget::customContextMenuRequested, this,
            &SandboxPanel::showContextMenu);
    updateList();
}

SandboxPanel::~SandboxPanel() = default;

QString SandboxPanel::idOf(const QModelIndex &index) const
{
    return index.data(SandboxModel::IdRole).toString();
}

void SandboxPanel::setSandboxes(SandboxModel *sandboxes)
{
    if (m_sandboxes)
        m_sandboxes->disconnect(this);
    m_sandboxes = sandboxes;
    m_chosen.clear();
    m_filter.setSourceModel(sandboxes);
    m_ui->deleteButton->setEnabled(false);
    if (sandboxes) {
        connect(sandboxes, &SandboxModel::loadingFinished, this, &SandboxPanel::updateList);
        connect(sandboxes, &SandboxModel::loadingFailed, this, &SandboxPanel::updateList);
        connect(sandboxes, &QAbstractItemModel::rowsInserted, this, &SandboxPanel::updateList);
        connect(sandboxes, &QAbstractItemModel::rowsRemoved, this, &SandboxPanel::updateList);
    }
    updateList();
    Q_EMIT sandboxChosen({});
}

void SandboxPanel::setCurrentConnection(const QString &id)
{
    const int row = m_ui->connectionBox->findData(id, ConnectionModel::IdRole);
    if (row >= 0)
        m_ui->connectionBox->setCurrentIndex(row);
}

void SandboxPanel::showMessage(const QString &text, const QString &button)
{
    m_message = text;
    m_button = button;
    updateList();
}

void SandboxPanel::updateList()
{
    QString text = m_message;
    QString button = m_button;
    const int rows = m_filter.rowCount();
    if (text.isEmpty() && m_sandboxes && rows == 0) {
        if (m_sandboxes->rowCount() > 0)
            text = tr("No sandbox matches “%1”.").arg(m_ui->searchEdit->text());
        else if (m_sandboxes->loadState() == SandboxModel::LoadState::Loaded)
            text = tr("No sandboxes yet.");
    }
    m_ui->messageLabel->setText(text);
    m_ui->messageButton->setText(button);
    m_ui->messageButton->setVisible(!button.isEmpty());
    m_ui->stack->setCurrentWidget(text.isEmpty() ? m_ui->listPage : m_ui->messagePage);
    m_ui->newButton->setEnabled(m_sandboxes && m_message.isEmpty());
}

void SandboxPanel::focusList()
{
    m_ui->sandboxView->setFocus(Qt::ShortcutFocusReason);
}

QString SandboxPanel::currentSandbox() const
{
    return m_chosen;
}

void SandboxPanel::setCurrentSandbox(const QString &id)
{
    if (!m_sandboxes)
        return;
    const QModelIndex source = m_sandboxes->indexOf(id);
    if (source.isValid() && !m_filter.mapFromSource(source).isValid())
        m_ui->searchEdit->clear();  // what was asked for must be seen
    const QModelIndex index = m_filter.mapFromSource(source);
    if (index.isValid())
        m_ui->sandboxView->setCurrentIndex(index);
}

void SandboxPanel::setBadges(const QHash<QString, int> &badges)
{
    m_ui->sandboxView->setBadges(badges);
}

void SandboxPanel::addLifeActions(QMenu *menu, const QModelIndex &index)
{
    const QString id = idOf(index);
    const auto sandbox = index.data(SandboxModel::SandboxRole).value<Sandbox>();
    const bool isIdle = !m_sandboxes->isBusy(id);
    QAction *life = nullptr;
    if (sandbox.isRunning())
        life = menu->addAction(themedIcon(u"asleep"_s), tr("Put to &sleep"), this,
                               [this, id] { Q_EMIT sleepRequested(id); });
    else if (sandbox.isAsleep())
        life = menu->addAction(themedIcon(u"running"_s), tr("&Wake"), this,
                               [this, id] { Q_EMIT wakeRequested(id); });
    else
        life = menu->addAction(themedIcon(u"refresh"_s), tr("&Recover"), this,
                               [this, id] { Q_EMIT startRequested(id); });
    life->setEnabled(isIdle);
    auto *byItself = menu->addAction(tr("Sleep by &itself when idle"));
    byItself->setCheckable(true);
    byItself->setChecked(sandbox.autoSleep);
    byItself->setEnabled(isIdle);
    connect(byItself, &QAction::toggled, this,
            [this, id](bool checked) { Q_EMIT autoSleepRequested(id, checked); });
}

void SandboxPanel::showContextMenu(const QPoint &position)
{
    const QModelIndex index = m_ui->sandboxView->indexAt(position);
    if (!index.isValid())
        return;
    const QString id = idOf(index);
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(themedIcon(u"terminal"_s), tr("Open &terminal"), this,
                    [this, id] { Q_EMIT terminalRequested(id); });
    menu->addAction(themedIcon(u"eye"_s), tr("Watch a &folder…"), this,
                    [this, id] { Q_EMIT watchRequested(id); });
    menu->addSeparator();
    addLifeActions(menu, index);
    menu->addSeparator();
    menu->addAction(themedIcon(u"delete"_s), tr("&Delete…"), this,
                    [this, id] { Q_EMIT deleteRequested(id); });
    menu->popup(m_ui->sandboxView->viewport()->mapToGlobal(position));
}

}  // namespace voidrun
