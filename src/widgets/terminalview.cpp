// SPDX-License-Identifier: MIT
#include "terminalview.h"

#include <QBuffer>
#include <QClipboard>
#include <QDropEvent>
#include <QElapsedTimer>
#include <QFontDatabase>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QMenu>
#include <QMimeData>
#include <QPushButton>

#include "emulator.h"
#include "emulatorfinder.h"
#include "errortext.h"
#include "icons.h"
#include "models/fsmodel.h"
#include "models/guestpath.h"
#include "models/visibletext.h"
#include "question.h"
#include "terminalfeed.h"
#include "terminalfilter.h"
#include "terminalpump.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

constexpr int HistoryLines = 10'000;
constexpr int ResizeDelay = 60;  // ms: a storm of resizes is one resize
constexpr qsizetype TitleLength = 80;

// Keys that shells and full-screen programs use: never the window's while a terminal has the focus.
bool belongsToPrograms(const QKeyEvent &key)
{
    const bool isLetter = key.key() >= Qt::Key_A && key.key() <= Qt::Key_Z;
    const bool isFunction = key.key() >= Qt::Key_F1 && key.key() <= Qt::Key_F12;
    return (isLetter &&
            (key.modifiers() == Qt::ControlModifier || key.modifiers() == Qt::AltModifier)) ||
           (isFunction && key.modifiers() == Qt::NoModifier);
}

QTermWidget *makeTerminal(QWidget *parent, Konsole::Emulation *&emulation)
{
    const EmulatorFinder finder;
    auto *terminal = new QTermWidget(0, parent);
    emulation = finder.emulation();
    return terminal;
}

}  // namespace

TerminalView::TerminalView(TerminalSession *session, const QString &sandboxName, int number,
                           QWidget *parent)
    : QWidget(parent),
      m_session(session),
      m_sandboxName(sandboxName),
      m_number(number),
      m_terminal(makeTerminal(this, m_emulation)),
      m_banner(new QFrame(this)),
      m_bannerLabel(new QLabel(m_banner)),
      m_bannerButton(new QPushButton(m_banner))
{
    session->setParent(this);
    auto *bannerLayout = new QHBoxLayout(m_banner);
    bannerLayout->setContentsMargins(10, 4, 10, 4);
    bannerLayout->addWidget(m_bannerLabel, 1);
    bannerLayout->addWidget(m_bannerButton);
    m_bannerLabel->setTextFormat(Qt::PlainText);
    m_bannerLabel->setWordWrap(true);
    m_banner->setAutoFillBackground(true);
    m_banner->hide();
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_banner);
    layout->addWidget(m_terminal, 1);
    setFocusProxy(m_terminal);

    QFont font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    font.setPointSizeF(QGuiApplication::font().pointSizeF() + 1);
    m_terminal->setTerminalFont(font);
    m_terminal->setHistorySize(HistoryLines);
    m_terminal->setScrollBarPosition(QTermWidgetInterface::ScrollBarRight);
    m_terminal->setTerminalSizeHint(false);
    m_terminal->setFlowControlEnabled(false);
    m_terminal->setFlowControlWarningEnabled(false);
    m_terminal->setMargin(6);
    m_terminal->setBlinkingCursor(false);
    m_terminal->setAutoClose(false);
    m_terminal->setAccessibleName(tr("Terminal in %1").arg(label()));
    m_terminal->setContextMenuPolicy(Qt::NoContextMenu);
    updateColors();
    m_terminal->startTerminalTeletype();
    m_pump = new TerminalPump(session, new TerminalFeed(m_terminal, m_emulation), this);
    for (QWidget *child : m_terminal->findChildren<QWidget *>())
        child->installEventFilter(this);

    m_resizeTimer.setSingleShot(true);
    connect(&m_resizeTimer, &QTimer::timeout, this, &TerminalView::updateSize);
    connect(session, &TerminalSession::stateChanged, this, &TerminalView::updateState);
    connect(m_terminal, &QTermWidget::sendData, this, [this](const char *data, int size) {
        if (m_session->state() == TerminalSession::State::Ended ||
            m_session->state() == TerminalSession::State::Failed)
            return;  // the key that reconnects is not typed into the new shell
        m_pump->expectEcho();
        m_session->write(QByteArray(data, size));
    });
    connect(m_terminal, &QTermWidget::titleChanged, this, [this] {
        QString title = visibleText(m_terminal->title()).simplified();
        if (title.size() > TitleLength)
            title = title.first(TitleLength) % u'…';
        Q_EMIT titleChanged(title);
    });
    connect(m_terminal, &QTermWidget::termGetFocus, this, &TerminalView::focused);
    connect(m_bannerButton, &QPushButton::clicked, this, &TerminalView::reconnect);
}

TerminalView::~TerminalView()
{
    // The emulator may still emit while its children go.
    m_terminal->disconnect(this);
    m_session->disconnect(this);
}

QString TerminalView::label() const
{
    return m_number > 1 ? tr("%1 (%2)").arg(m_sandboxName, QString::number(m_number))
                        : m_sandboxName;
}

QString TerminalView::text() const
{
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    m_terminal->saveHistory(&buffer);
    return QString::fromUtf8(buffer.data());
}

void TerminalView::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    m_resizeTimer.start(0);
}

void TerminalView::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    m_resizeTimer.start(ResizeDelay);
}

void TerminalView::updateSize()
{
    const int cols = m_terminal->screenColumnsCount();
    const int lines = m_terminal->screenLinesCount();
    if (!isVisible() || cols < 2 || lines < 1)
        return;
    if (m_session->state() == TerminalSession::State::Idle)
        m_session->start(cols, lines);
    else
        m_session->resize(cols, lines);
}

void TerminalView::updateState()
{
    using State = TerminalSession::State;
    QString text;
    QString button;
    switch (m_session->state()) {
        case State::Idle:
        case State::Live:
            break;
        case State::Starting:
            text = tr("Opening a terminal in %1…").arg(m_sandboxName);
            break;
        case State::Reconnecting:
            text = tr("Connection lost. Your session goes on in %1; connecting again…")
                       .arg(m_sandboxName);
            break;
        case State::Ended:
            text = tr("This terminal has ended. Press any key for a new one.");
            button = tr("New terminal");
            break;
        case State::Failed:
            // Cancelled: not the terminal failed, its connection was closed or its engine ended.
            text = m_session->error().kind == Error::Kind::Cancelled
                       ? tr("The connection of this terminal has ended. Press any key for a new "
                            "terminal in %1.")
                             .arg(m_sandboxName)
                       : tr("The terminal in %1 could not be opened. %2")
                             .arg(m_sandboxName, errorText(m_session->error()));
            button = tr("Try again");
            break;
    }
    m_bannerLabel->setText(text);
    m_bannerButton->setText(button);
    m_bannerButton->setVisible(!button.isEmpty());
    m_banner->setVisible(!text.isEmpty());
    if (m_session->state() == State::Live)
        m_resizeTimer.start(0);
    Q_EMIT stateChanged();
}

void TerminalView::reconnect()
{
    m_session->start(m_terminal->screenColumnsCount(), m_terminal->screenLinesCount());
    m_terminal->setFocus();
}

void TerminalView::updateColors()
{
    const bool dark = palette().color(QPalette::Window).lightness() < 128;
    m_terminal->setColorScheme(dark ? u":/schemes/VoidRunDark.colorscheme"_s
                                    : u":/schemes/VoidRunLight.colorscheme"_s);
}

void TerminalView::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::PaletteChange && m_terminal)
        updateColors();
    QWidget::changeEvent(event);
}

bool TerminalView::eventFilter(QObject *watched, QEvent *event)
{
    using State = TerminalSession::State;
    switch (event->type()) {
        case QEvent::ShortcutOverride: {
            const auto *key = static_cast<QKeyEvent *>(event);
            const bool clipboard = key->modifiers() == (Qt::ControlModifier | Qt::ShiftModifier) &&
                                   (key->key() == Qt::Key_C || key->key() == Qt::Key_V);
            if (clipboard || belongsToPrograms(*key)) {
                event->accept();
                return true;
            }
            break;
        }
        case QEvent::KeyPress: {
            const auto *key = static_cast<QKeyEvent *>(event);
            const bool controlShift = key->modifiers() == (Qt::ControlModifier | Qt::ShiftModifier);
            if (controlShift && key->key() == Qt::Key_C) {
                copy();
                return true;
            }
            if ((controlShift && key->key() == Qt::Key_V) ||
                (key->modifiers() == Qt::ShiftModifier && key->key() == Qt::Key_Insert)) {
                pasteClipboard(false);
                return true;
            }
            const State state = m_session->state();
            if ((state == State::Ended || state == State::Failed) && !key->text().isEmpty()) {
                reconnect();
                return true;
            }
            break;
        }
        case QEvent::MouseButtonPress: {
            const auto *mouse = static_cast<QMouseEvent *>(event);
            if (mouse->button() == Qt::MiddleButton) {
                pasteClipboard(true);
                return true;
            }
            if (mouse->button() == Qt::RightButton) {
                showContextMenu(mouse->globalPosition().toPoint());
                return true;
            }
            break;
        }
        case QEvent::ContextMenu:
            return true;
        case QEvent::Drop: {
            auto *drop = static_cast<QDropEvent *>(event);
            const QString text = droppedText(drop->mimeData());
            drop->setDropAction(Qt::CopyAction);  // what is dropped stays where it came from
            drop->setAccepted(!text.isEmpty());
            paste(text);
            return true;
        }
        case QEvent::DragEnter: {
            auto *drag = static_cast<QDragEnterEvent *>(event);
            drag->setDropAction(Qt::CopyAction);
            drag->setAccepted(!droppedText(drag->mimeData()).isEmpty());
            return true;
        }
        case QEvent::DragMove:
            static_cast<QDragMoveEvent *>(event)->accept();
            return true;
        case QEvent::Resize:
            m_resizeTimer.start(ResizeDelay);
            break;
        default:
            break;
    }
    return QWidget::eventFilter(watched, event);
}

// Files of this sandbox become their paths, quoted for the shell; text stays text.
QString TerminalView::droppedText(const QMimeData *data) const
{
    if (FsModel::hasGuestPaths(data)) {
        QStringList words;
        for (const QString &path : FsModel::guestPathsOf(data, m_session->sandboxId()))
            words.append(guestpath::shellQuoted(path));
        return words.join(u' ');
    }
    return data->hasUrls() ? QString() : data->text();
}

void TerminalView::copy()
{
    m_terminal->copyClipboard();
}

void TerminalView::pasteClipboard(bool selection)
{
    QClipboard *clipboard = QGuiApplication::clipboard();
    if (selection && !clipboard->supportsSelection())
        return;
    paste(clipboard->text(selection ? QClipboard::Selection : QClipboard::Clipboard));
}

void TerminalView::paste(const QString &text)
{
    const QString clean = sanitizedPaste(text);
    if (clean.isEmpty())
        return;
    const qsizetype lines = clean.trimmed().count(u'\n') + 1;
    if (lines == 1) {
        send(clean);
        return;
    }
    ask(this,
        {.title = tr("Paste"),
         .text = tr("Paste %n lines into the terminal?", nullptr, int(lines)),
         .details = tr("The shell may run each line at once."),
         .action = tr("Paste")},
        [this, clean] { send(clean); })
        ->setDetailedText(clean);
}

void TerminalView::send(QString text)
{
    text.replace(u'\n', u'\r');
    m_terminal->bracketText(text);
    m_session->write(text.toUtf8());
    m_terminal->scrollToEnd();
    m_terminal->setFocus();
}

void TerminalView::showContextMenu(const QPoint &globalPosition)
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    auto *copyAction = menu->addAction(tr("&Copy"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_C),
                                       this, &TerminalView::copy);
    copyAction->setEnabled(!m_terminal->selectedText().isEmpty());
    menu->addAction(tr("&Paste"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_V), this,
                    [this] { pasteClipboard(false); });
    menu->addSeparator();
    menu->addAction(tr("Larger text"), m_terminal, &QTermWidget::zoomIn);
    menu->addAction(tr("Smaller text"), m_terminal, &QTermWidget::zoomOut);
    menu->addSeparator();
    menu->addAction(tr("Clear"), m_terminal, &QTermWidget::clear);
    menu->popup(globalPosition);
}

}  // namespace voidrun
