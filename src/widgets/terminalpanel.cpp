// SPDX-License-Identifier: MIT
#include "terminalpanel.h"

#include <QLabel>
#include <QMenu>
#include <QMouseEvent>
#include <QPainter>
#include <QPushButton>
#include <QTabBar>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

#include "emulator.h"
#include "icons.h"
#include "terminalview.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

// Neither red nor green: those say failed and running. Readable on light and dark.
constexpr int Hues[] = {28, 200, 275, 45, 180, 300, 220, 250};

QIcon dot(const QColor &color)
{
    QPixmap pixmap(32, 32);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    painter.drawEllipse(QRect(7, 7, 18, 18));
    return QIcon(pixmap);
}

bool isLive(const TerminalView *view)
{
    const TerminalSession::State state = view->session()->state();
    return state == TerminalSession::State::Live || state == TerminalSession::State::Reconnecting;
}

}  // namespace

TerminalPanel::TerminalPanel(QWidget *parent)
    : QWidget(parent), m_splitter(new QSplitter(Qt::Horizontal, this)), m_empty(new QWidget(this))
{
    auto *emptyLayout = new QVBoxLayout(m_empty);
    auto *label = new QLabel(tr("No terminal is open."), m_empty);
    label->setAlignment(Qt::AlignCenter);
    label->setForegroundRole(QPalette::PlaceholderText);
    auto *button = new QPushButton(themedIcon(u"terminal"_s), tr("Open terminal"), m_empty);
    button->setObjectName(u"openTerminalButton"_s);
    button->setProperty("opensTerminal", true);
    connect(button, &QPushButton::clicked, this, &TerminalPanel::newTerminalRequested);
    emptyLayout->addStretch();
    emptyLayout->addWidget(label);
    emptyLayout->addWidget(button, 0, Qt::AlignHCenter);
    emptyLayout->addStretch();
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_empty);
    layout->addWidget(m_splitter);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->hide();
}

QTabWidget *TerminalPanel::makeGroup()
{
    auto *group = new QTabWidget;
    group->setDocumentMode(true);
    group->setMovable(true);
    group->setMinimumWidth(160);
    group->setElideMode(Qt::ElideMiddle);
    group->tabBar()->setExpanding(false);
    auto *add = new QToolButton(group);
    add->setIcon(themedIcon(u"add"_s));
    add->setAutoRaise(true);
    add->setToolTip(tr("New terminal in the same sandbox"));
    add->setAccessibleName(tr("New terminal"));
    connect(add, &QToolButton::clicked, this,
            [this, group] { addSibling(qobject_cast<TerminalView *>(group->currentWidget())); });
    group->setCornerWidget(add);
    connect(group, &QTabWidget::tabBarClicked, this, [this, group](int index) {
        m_lastGroup = group;
        // Once the click has made it the current one.
        if (QWidget *view = group->widget(index))
            QMetaObject::invokeMethod(view, [view] { view->setFocus(); }, Qt::QueuedConnection);
        Q_EMIT currentChanged();
    });
    group->tabBar()->setContextMenuPolicy(Qt::CustomContextMenu);
    group->tabBar()->installEventFilter(this);
    connect(group->tabBar(), &QWidget::customContextMenuRequested, this,
            [this, group](const QPoint &position) { showTabMenu(group, position); });
    connect(group, &QTabWidget::currentChanged, this, [this, group](int index) {
        if (index >= 0)
            m_lastGroup = group;
        Q_EMIT currentChanged();
    });
    return group;
}

QTabWidget *TerminalPanel::groupOf(const QWidget *view) const
{
    for (int i = 0; i < m_splitter->count(); ++i) {
        auto *group = qobject_cast<QTabWidget *>(m_splitter->widget(i));
        if (group && group->indexOf(view) >= 0)
            return group;
    }
    return nullptr;
}

QTabWidget *TerminalPanel::currentGroup() const
{
    if (m_lastGroup && m_lastGroup->count() > 0)
        return m_lastGroup;
    return m_splitter->count() > 0 ? qobject_cast<QTabWidget *>(m_splitter->widget(0)) : nullptr;
}

void TerminalPanel::addSibling(const TerminalView *view)
{
    if (view)
        addTerminal(view->session()->makeSibling(), view->sandboxName(), groupOf(view));
}

// The same wherever the sandbox is shown; two get the same only when there are more than colours.
QColor TerminalPanel::colorOf(const QString &sandboxId)
{
    const auto known = m_hues.constFind(sandboxId);
    const int place = known == m_hues.cend() ? int(m_hues.size()) : *known;
    m_hues.insert(sandboxId, place);
    return QColor::fromHsv(Hues[size_t(place) % std::size(Hues)], 150, 205);
}

TerminalView *TerminalPanel::addTerminal(TerminalSession *session, const QString &sandboxName,
                                         QTabWidget *group)
{
    if (!group)
        group = currentGroup();
    if (!group) {
        group = makeGroup();
        m_splitter->addWidget(group);
    }
    int number = 1;
    for (const TerminalView *other : terminals()) {
        if (other->session()->sandboxId() == session->sandboxId())
            number = qMax(number, other->number() + 1);
    }
    auto *view = new TerminalView(session, sandboxName, number);
    const int index = insertTab(group, view, dot(colorOf(session->sandboxId())), view->label());
    connect(view, &TerminalView::titleChanged, this,
            [this, view](const QString &title) { updateTab(view, title); });
    connect(view, &TerminalView::stateChanged, this, &TerminalPanel::currentChanged);
    connect(view, &TerminalView::focused, this, [this, view] {
        m_lastGroup = groupOf(view);
        Q_EMIT currentChanged();
    });
    m_empty->hide();
    m_splitter->show();
    group->setCurrentIndex(index);
    updateTab(view);
    view->setFocus();
    return view;
}

int TerminalPanel::insertTab(QTabWidget *group, TerminalView *view, const QIcon &icon,
                             const QString &text)
{
    const int index = group->addTab(view, icon, text);
    auto *close = new QToolButton(group);
    close->setIcon(themedIcon(u"close"_s));
    close->setAutoRaise(true);
    close->setIconSize({14, 14});
    close->setToolTip(tr("Close this terminal"));
    close->setAccessibleName(tr("Close the terminal in %1").arg(view->label()));
    connect(close, &QToolButton::clicked, view, [this, view] { closeTerminal(view); });
    group->tabBar()->setTabButton(index, QTabBar::RightSide, close);
    return index;
}

void TerminalPanel::updateTab(TerminalView *view, const QString &title)
{
    QTabWidget *group = groupOf(view);
    if (!group)
        return;
    // The sandbox's name is always there, whatever title a program sets.
    const int index = group->indexOf(view);
    QString shown = title;
    shown.replace(u"&"_s, u"&&"_s);
    const QString name = view->label();
    const qsizetype Shown = 24;
    if (shown.size() > Shown)
        shown = u'…' % shown.last(Shown);
    group->setTabText(index, shown.isEmpty() ? name : tr("%1 — %2").arg(name, shown));
    group->setTabToolTip(index, title.isEmpty() ? name : tr("%1 — %2").arg(name, title));
}

TerminalView *TerminalPanel::currentTerminal() const
{
    const QTabWidget *group = currentGroup();
    return group ? qobject_cast<TerminalView *>(group->currentWidget()) : nullptr;
}

QList<TerminalView *> TerminalPanel::terminals() const
{
    QList<TerminalView *> views;
    for (int i = 0; i < m_splitter->count(); ++i) {
        const auto *group = qobject_cast<QTabWidget *>(m_splitter->widget(i));
        for (int tab = 0; group && tab < group->count(); ++tab)
            views.append(qobject_cast<TerminalView *>(group->widget(tab)));
    }
    return views;
}

void TerminalPanel::setNewTerminalEnabled(bool enabled)
{
    for (QAbstractButton *button : findChildren<QAbstractButton *>()) {
        if (button->property("opensTerminal").toBool())
            button->setEnabled(enabled);
    }
}

int TerminalPanel::liveCount() const
{
    return int(std::ranges::count_if(terminals(), isLive));
}

QStringList TerminalPanel::liveSandboxes() const
{
    QStringList names;
    for (const TerminalView *view : terminals()) {
        if (isLive(view) && !names.contains(view->sandboxName()))
            names.append(view->sandboxName());
    }
    return names;
}

void TerminalPanel::closeTerminal(TerminalView *view)
{
    if (!view)
        return;
    if (QTabWidget *group = groupOf(view))
        group->removeTab(group->indexOf(view));
    view->session()->end();
    view->deleteLater();
    removeEmptyGroups();
    if (TerminalView *next = currentTerminal())
        next->setFocus();
    Q_EMIT currentChanged();
}

void TerminalPanel::removeEmptyGroups()
{
    for (int i = m_splitter->count() - 1; i >= 0; --i) {
        auto *group = qobject_cast<QTabWidget *>(m_splitter->widget(i));
        if (group && group->count() == 0) {
            group->setParent(nullptr);
            group->deleteLater();
        }
    }
    const bool any = m_splitter->count() > 0;
    m_splitter->setVisible(any);
    m_empty->setVisible(!any);
}

void TerminalPanel::moveBeside(TerminalView *view)
{
    QTabWidget *group = groupOf(view);
    if (!group || group->count() < 2)
        return;
    const int index = group->indexOf(view);
    const QIcon icon = group->tabIcon(index);
    const QString text = group->tabText(index);
    // The new group has its size before the terminal moves in: an emulator that is squeezed to a
    // few columns, if only for a moment, wraps its lines and does not find back.
    QTabWidget *beside = makeGroup();
    m_splitter->insertWidget(m_splitter->indexOf(group) + 1, beside);
    m_splitter->setSizes(QList<int>(m_splitter->count(), width()));
    group->removeTab(index);
    insertTab(beside, view, icon, text);
    m_lastGroup = beside;
    view->setFocus();
    Q_EMIT currentChanged();
}

bool TerminalPanel::showSandbox(const QString &sandboxId)
{
    TerminalView *found = nullptr;
    for (TerminalView *view : terminals()) {
        if (view->session()->sandboxId() == sandboxId)
            found = view;
    }
    if (!found)
        return false;
    bringToFront(found);
    return true;
}

void TerminalPanel::bringToFront(TerminalView *view)
{
    groupOf(view)->setCurrentWidget(view);
    m_lastGroup = groupOf(view);
    Q_EMIT currentChanged();
}

void TerminalPanel::showNext(int steps)
{
    const QList<TerminalView *> all = terminals();
    if (all.isEmpty())
        return;
    const qsizetype at = all.indexOf(currentTerminal()) + steps;
    TerminalView *next = all.at((at % all.size() + all.size()) % all.size());
    bringToFront(next);
    next->setFocus();
}

void TerminalPanel::zoom(int steps)
{
    const TerminalView *view = currentTerminal();
    for (int step = 0; view && step < qAbs(steps); ++step) {
        if (steps > 0)
            view->terminal()->zoomIn();
        else
            view->terminal()->zoomOut();
    }
}

void TerminalPanel::showTabMenu(QTabWidget *group, const QPoint &position)
{
    const QPointer<TerminalView> view =
        qobject_cast<TerminalView *>(group->widget(group->tabBar()->tabAt(position)));
    if (!view)
        return;
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    // The tab may be gone before something is chosen.
    menu->addAction(themedIcon(u"terminal"_s), tr("&New terminal in %1").arg(view->sandboxName()),
                    this, [this, view] { addSibling(view); });
    menu->addAction(themedIcon(u"split"_s), tr("&Move beside"), this,
                    [this, view] {
                        if (view)
                            moveBeside(view);
                    })
        ->setEnabled(group->count() > 1);
    menu->addSeparator();
    menu->addAction(themedIcon(u"close"_s), tr("&Close"), this, [this, view] {
        if (view)
            closeTerminal(view);
    });
    menu->popup(group->tabBar()->mapToGlobal(position));
}

bool TerminalPanel::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::MouseButtonRelease) {
        const auto *mouse = static_cast<QMouseEvent *>(event);
        const auto *bar = qobject_cast<QTabBar *>(watched);
        auto *group = bar ? qobject_cast<QTabWidget *>(bar->parentWidget()) : nullptr;
        const int tab = bar ? bar->tabAt(mouse->position().toPoint()) : -1;
        if (mouse->button() == Qt::MiddleButton && group && tab >= 0) {
            closeTerminal(qobject_cast<TerminalView *>(group->widget(tab)));
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

void TerminalPanel::closeSandbox(const QString &sandboxId)
{
    for (TerminalView *view : terminals()) {
        if (view->session()->sandboxId() == sandboxId)
            closeTerminal(view);
    }
}

}  // namespace voidrun
