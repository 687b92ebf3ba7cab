// SPDX-License-Identifier: MIT
#include "pathbar.h"

#include <QCompleter>
#include <QDragEnterEvent>
#include <QFocusEvent>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QStringListModel>
#include <QToolButton>

#include "dropaction.h"
#include "models/guestpath.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{
constexpr char PathProperty[] = "voidrunPath";
constexpr int LongestName = 24;  // characters of a folder's name on its button
constexpr int RoomToClick = 40;  // px beside the buttons that start typing
constexpr int SeparatorWidth = 10;
constexpr int SpringDelay = 800;  // ms
}  // namespace

PathBar::PathBar(QWidget *parent)
    : QStackedWidget(parent),
      m_crumbs(new QWidget(this)),
      m_layout(new QHBoxLayout(m_crumbs)),
      m_edit(new QLineEdit(this)),
      m_known(new QStringListModel(this))
{
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(0);
    m_crumbs->setCursor(Qt::IBeamCursor);
    m_crumbs->setToolTip(tr("Click to type a path (Ctrl+L)"));
    m_edit->setObjectName(u"pathEdit"_s);
    m_edit->setAccessibleName(tr("Folder"));
    m_edit->installEventFilter(this);
    auto *completer = new QCompleter(m_known, m_edit);
    completer->setCompletionMode(QCompleter::PopupCompletion);
    m_edit->setCompleter(completer);
    addWidget(m_crumbs);
    addWidget(m_edit);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAcceptDrops(true);
    m_edit->setAcceptDrops(false);
    m_spring.setSingleShot(true);
    m_spring.setInterval(SpringDelay);
    connect(&m_spring, &QTimer::timeout, this, [this] {
        if (m_dropButton)
            m_dropButton->click();
    });
    connect(m_edit, &QLineEdit::textEdited, this, &PathBar::wantFolders);
    connect(m_edit, &QLineEdit::returnPressed, this, [this] {
        QString path = m_edit->text().trimmed();
        if (!path.startsWith(u'/'))
            path = guestpath::join(m_path, path);
        endEditing();
        Q_EMIT pathChosen(guestpath::clean(path));
    });
}

void PathBar::setPath(const QString &path)
{
    if (m_path == path)
        return;
    m_path = path;
    rebuild();
}

void PathBar::setKnownFolders(const QStringList &paths)
{
    m_known->setStringList(paths);
    if (m_edit->hasFocus() && m_edit->text() != m_path)
        m_edit->completer()->complete();  // they came after what was typed
}

void PathBar::edit()
{
    m_edit->setText(m_path);
    m_wantedFolder.clear();
    setCurrentWidget(m_edit);
    m_edit->setFocus(Qt::ShortcutFocusReason);
    m_edit->selectAll();
}

void PathBar::wantFolders(const QString &text)
{
    const QString path = text.startsWith(u'/') ? text : guestpath::join(m_path, text);
    const QString folder = guestpath::clean(path.first(path.lastIndexOf(u'/') + 1));
    if (std::exchange(m_wantedFolder, folder) != folder)
        Q_EMIT foldersWanted(folder);
}

void PathBar::endEditing()
{
    if (currentWidget() != m_edit)
        return;
    setCurrentWidget(m_crumbs);
    Q_EMIT editingEnded();
}

// The last folders that fit, the current one always; what is left out is behind the first button.
void PathBar::rebuild()
{
    while (const QLayoutItem *item = m_layout->takeAt(0)) {
        if (item->widget())
            item->widget()->deleteLater();
        delete item;
    }
    QList<QToolButton *> buttons;
    int room = width() - RoomToClick;
    for (QString path = m_path;; path = guestpath::parent(path)) {
        const bool isRoot = path == u"/"_s;
        QString name = isRoot ? u"/"_s : guestpath::fileName(path);
        if (name.size() > LongestName)
            name = name.first(LongestName - 1) % u'…';
        auto *button = new QToolButton(m_crumbs);
        button->setAutoRaise(true);
        button->setFocusPolicy(Qt::TabFocus);
        button->setCursor(Qt::ArrowCursor);
        button->setText(QString(name).replace(u"&"_s, u"&&"_s));
        button->setToolTip(path);
        button->setProperty(PathProperty, path);
        button->setAccessibleName(tr("Folder %1").arg(path));
        connect(button, &QToolButton::clicked, this, [this, path] { Q_EMIT pathChosen(path); });
        room -= button->sizeHint().width() + SeparatorWidth;
        if (room < 0 && !buttons.isEmpty()) {
            button->setText(u"…"_s);
            buttons.prepend(button);
            break;
        }
        buttons.prepend(button);
        if (isRoot)
            break;
    }
    for (QToolButton *button : std::as_const(buttons)) {
        if (button != buttons.first()) {
            auto *separator = new QLabel(isRightToLeft() ? u"‹"_s : u"›"_s, m_crumbs);
            separator->setForegroundRole(QPalette::PlaceholderText);
            m_layout->addWidget(separator);
        }
        m_layout->addWidget(button);
    }
    if (!buttons.isEmpty()) {
        QFont font = buttons.last()->font();
        font.setWeight(QFont::DemiBold);
        buttons.last()->setFont(font);
    }
    m_layout->addStretch();
}

void PathBar::mousePressEvent(QMouseEvent *event)
{
    Q_UNUSED(event)
    edit();
}

QToolButton *PathBar::buttonAt(const QPointF &position) const
{
    return currentWidget() == m_crumbs ? qobject_cast<QToolButton *>(childAt(position.toPoint()))
                                       : nullptr;
}

void PathBar::setDropButton(QToolButton *button)
{
    if (m_dropButton == button)
        return;
    if (m_dropButton)
        m_dropButton->setDown(false);
    m_dropButton = button;
    m_spring.stop();
    if (button) {
        button->setDown(true);
        m_spring.start();
    }
}

void PathBar::dragEnterEvent(QDragEnterEvent *event)
{
    event->accept();
}

void PathBar::dragMoveEvent(QDragMoveEvent *event)
{
    setDropButton(buttonAt(event->position()));
    event->setDropAction(event->possibleActions() & Qt::CopyAction ? Qt::CopyAction
                                                                   : event->proposedAction());
    event->setAccepted(m_dropButton != nullptr);
}

void PathBar::dragLeaveEvent(QDragLeaveEvent *event)
{
    setDropButton(nullptr);
    QStackedWidget::dragLeaveEvent(event);
}

void PathBar::dropEvent(QDropEvent *event)
{
    const QToolButton *button = buttonAt(event->position());
    setDropButton(nullptr);
    if (!button)
        return event->ignore();
    event->accept();
    Q_EMIT dropped(event->mimeData(), button->property(PathProperty).toString(),
                   chosenAction(event));
}

void PathBar::resizeEvent(QResizeEvent *event)
{
    QStackedWidget::resizeEvent(event);
    if (event->size().width() != event->oldSize().width() && !m_path.isEmpty())
        rebuild();
}

bool PathBar::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::FocusOut) {
        // Not while its own list of completions is open.
        if (static_cast<QFocusEvent *>(event)->reason() != Qt::PopupFocusReason)
            endEditing();
    } else if (event->type() == QEvent::KeyPress &&
               static_cast<QKeyEvent *>(event)->key() == Qt::Key_Escape) {
        endEditing();
        return true;
    }
    return QStackedWidget::eventFilter(watched, event);
}

}  // namespace voidrun
