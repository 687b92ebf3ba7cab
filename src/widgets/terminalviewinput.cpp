// SPDX-License-Identifier: MIT
// What comes into a TerminalView from keys, mouse, clipboard and drops.
#include <QCheckBox>
#include <QClipboard>
#include <QDesktopServices>
#include <QDropEvent>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QMenu>
#include <QMimeData>
#include <QUrl>

#include "emulator.h"
#include "icons.h"
#include "models/fsmodel.h"
#include "models/guestpath.h"
#include "models/visibletext.h"
#include "question.h"
#include "terminalfilter.h"
#include "terminaloptionsdialog.h"
#include "terminalsearchbar.h"
#include "terminalsettings.h"
#include "terminalview.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

constexpr Qt::KeyboardModifiers ControlShift = Qt::ControlModifier | Qt::ShiftModifier;

// Keys that shells and full-screen programs use: never the window's while a terminal has the focus.
bool belongsToPrograms(const QKeyEvent &key)
{
    const bool isLetter = key.key() >= Qt::Key_A && key.key() <= Qt::Key_Z;
    const bool isFunction = key.key() >= Qt::Key_F1 && key.key() <= Qt::Key_F12;
    return (isLetter &&
            (key.modifiers() == Qt::ControlModifier || key.modifiers() == Qt::AltModifier)) ||
           (isFunction && key.modifiers() == Qt::NoModifier);
}

// Ours, whatever the window has for them.
bool isOwnKey(const QKeyEvent &key)
{
    return key.modifiers() == ControlShift &&
           (key.key() == Qt::Key_C || key.key() == Qt::Key_V || key.key() == Qt::Key_F);
}

QStringList localFilesOf(const QMimeData *data)
{
    QStringList files;
    for (const QUrl &url : data->urls()) {
        if (url.isLocalFile())
            files.append(url.toLocalFile());
    }
    return files;
}

}  // namespace

bool TerminalView::eventFilter(QObject *watched, QEvent *event)
{
    switch (event->type()) {
        case QEvent::ShortcutOverride: {
            const auto *key = static_cast<QKeyEvent *>(event);
            if (isOwnKey(*key) || belongsToPrograms(*key)) {
                event->accept();
                return true;
            }
            break;
        }
        case QEvent::KeyPress:
            if (takeKey(*static_cast<QKeyEvent *>(event)))
                return true;
            break;
        case QEvent::MouseMove:
            if (passToProgram(watched, *static_cast<QMouseEvent *>(event)))
                return true;
            break;
        case QEvent::MouseButtonPress:
            if (passToProgram(watched, *static_cast<QMouseEvent *>(event)))
                return true;
            if (takePress(*static_cast<QMouseEvent *>(event)))
                return true;
            break;
        case QEvent::MouseButtonRelease:
            if (passToProgram(watched, *static_cast<QMouseEvent *>(event)))
                return true;
            if (options().copyOnSelect)  // once the emulator has its selection
                QMetaObject::invokeMethod(
                    this,
                    [this] {
                        if (!m_terminal->selectedText().isEmpty())
                            copy();
                    },
                    Qt::QueuedConnection);
            break;
        case QEvent::Wheel: {
            const auto *wheel = static_cast<QWheelEvent *>(event);
            if (wheel->modifiers() != Qt::ControlModifier || wheel->angleDelta().y() == 0)
                break;
            if (wheel->angleDelta().y() > 0)
                m_terminal->zoomIn();
            else
                m_terminal->zoomOut();
            return true;
        }
        case QEvent::ContextMenu:
            return true;
        case QEvent::Drop:
            takeDrop(static_cast<QDropEvent *>(event));
            return true;
        case QEvent::DragEnter: {
            auto *drag = static_cast<QDragEnterEvent *>(event);
            drag->setDropAction(Qt::CopyAction);
            drag->setAccepted(mayDrop(drag->mimeData()));
            return true;
        }
        case QEvent::DragMove:
            static_cast<QDragMoveEvent *>(event)->accept();
            return true;
        case QEvent::Resize:
            followSize();
            break;
        default:
            break;
    }
    return QWidget::eventFilter(watched, event);
}

bool TerminalView::takeKey(const QKeyEvent &key)
{
    if (isOwnKey(key)) {
        if (key.key() == Qt::Key_C)
            copy();
        else if (key.key() == Qt::Key_V)
            pasteClipboard(false);
        else
            find();
        return true;
    }
    if (key.modifiers() == Qt::ShiftModifier && key.key() == Qt::Key_Insert) {
        pasteClipboard(false);
        return true;
    }
    if (m_session->waitsForKey() && !key.text().isEmpty()) {
        reconnect();
        return true;
    }
    return false;
}

// A program that wants the mouse gets all its buttons; Shift takes it back, as everywhere.
bool TerminalView::isForPrograms(const QMouseEvent &mouse) const
{
    // What the emulator calls so is the contrary: that the mouse selects text.
    return m_emulation && !m_emulation->programUsesMouse() &&
           !(mouse.modifiers() & Qt::ShiftModifier);
}

// The emulator counts the right half of a cell to the next one: right for selecting, wrong for what
// a program is told.
bool TerminalView::passToProgram(QObject *display, const QMouseEvent &mouse)
{
    if (m_passing || display != m_terminal->focusProxy() || !isForPrograms(mouse))
        return false;
    const int cell =
        m_terminal->focusProxy()->inputMethodQuery(Qt::ImCursorRectangle).toRect().width();
    const QPointF left(cell / 2.0, 0);
    QMouseEvent moved(mouse.type(), mouse.position() - left, mouse.scenePosition() - left,
                      mouse.globalPosition() - left, mouse.button(), mouse.buttons(),
                      mouse.modifiers());
    m_passing = true;
    QCoreApplication::sendEvent(display, &moved);
    m_passing = false;
    return true;
}

bool TerminalView::takePress(const QMouseEvent &mouse)
{
    if (isForPrograms(mouse))
        return false;
    if (mouse.button() == Qt::MiddleButton) {
        pasteClipboard(true);
        return true;
    }
    if (mouse.button() == Qt::RightButton) {
        showContextMenu(mouse.globalPosition().toPoint());
        return true;
    }
    return false;
}

bool TerminalView::mayDrop(const QMimeData *data) const
{
    return !droppedText(data).isEmpty() || !localFilesOf(data).isEmpty();
}

void TerminalView::takeDrop(QDropEvent *drop)
{
    drop->setDropAction(Qt::CopyAction);  // what is dropped stays where it came from
    drop->setAccepted(mayDrop(drop->mimeData()));
    const QString text = droppedText(drop->mimeData());
    if (!text.isEmpty())
        paste(text);
    else if (const QStringList files = localFilesOf(drop->mimeData()); !files.isEmpty())
        askForUpload(files);
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

void TerminalView::askForUpload(const QStringList &files)
{
    QStringList names;
    for (const QString &file : files)
        names.append(visibleText(file));
    ask(this,
        {.title = tr("Upload"),
         .text = files.size() == 1
                     ? tr("Upload “%1” to %2?")
                           .arg(guestpath::fileName(names.constFirst()), m_sandboxName)
                     : tr("Upload %n items to %1?", nullptr, int(files.size())).arg(m_sandboxName),
         .details = tr("It is copied into the sandbox; then its path there is typed here."),
         .action = tr("Upload")},
        [this, files] { Q_EMIT filesDropped(files); })
        ->setDetailedText(names.join(u'\n'));
}

void TerminalView::typePaths(const QStringList &guestPaths)
{
    QStringList words;
    for (const QString &path : guestPaths)
        words.append(guestpath::shellQuoted(path));
    if (!words.isEmpty())
        send(sanitizedPaste(words.join(u' ')) + u' ');
}

void TerminalView::copy()
{
    m_terminal->copyClipboard();
}

void TerminalView::find()
{
    m_searchBar->open();
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
    if (lines == 1 || !options().askBeforePaste)
        send(clean);
    else
        askForPaste(clean, int(lines));
}

void TerminalView::askForPaste(const QString &text, int lines)
{
    auto *remember = m_settings ? new QCheckBox(tr("&Do not ask again")) : nullptr;
    auto *box = ask(this,
                    {.title = tr("Paste"),
                     .text = tr("Paste %n lines into the terminal?", nullptr, lines),
                     .details = tr("The shell may run each line at once."),
                     .action = tr("Paste")},
                    [this, text, remember = QPointer(remember)] {
                        if (m_settings && remember && remember->isChecked()) {
                            TerminalOptions chosen = options();
                            chosen.askBeforePaste = false;
                            m_settings->setOptions(chosen);
                        }
                        send(text);
                    });
    box->setDetailedText(text);
    if (remember)
        box->setCheckBox(remember);
}

void TerminalView::send(const QString &text)
{
    Q_EMIT pasted(text);
    typePasted(text);
    m_terminal->setFocus();
}

void TerminalView::typePasted(QString text)
{
    text.replace(u'\n', u'\r');
    m_terminal->bracketText(text);
    m_session->write(text.toUtf8());
    m_terminal->scrollToEnd();
}

// What a link says is not where it leads; the whole address is shown before anything opens it.
void TerminalView::openLink(const QUrl &url)
{
    const bool isWeb = url.isValid() && !url.host().isEmpty() &&
                       (url.scheme() == "http"_L1 || url.scheme() == "https"_L1);
    if (!isWeb)
        return;
    ask(this,
        {.title = tr("Open link"),
         .text = tr("Open this address in your browser?"),
         .details = visibleText(QString::fromLatin1(url.toEncoded())),
         .action = tr("Open")},
        [url] { QDesktopServices::openUrl(url); });
}

void TerminalView::showOptions()
{
    auto *dialog = new TerminalOptionsDialog(options(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog] {
        if (m_settings)
            m_settings->setOptions(dialog->options());
    });
    dialog->open();
}

void TerminalView::showContextMenu(const QPoint &globalPosition)
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    auto *copyAction = menu->addAction(themedIcon(u"copy"_s), tr("&Copy"), ControlShift | Qt::Key_C,
                                       this, &TerminalView::copy);
    copyAction->setEnabled(!m_terminal->selectedText().isEmpty());
    menu->addAction(themedIcon(u"paste"_s), tr("&Paste"), ControlShift | Qt::Key_V, this,
                    [this] { pasteClipboard(false); });
    menu->addAction(themedIcon(u"search"_s), tr("&Find…"), ControlShift | Qt::Key_F, this,
                    &TerminalView::find);
    menu->addSeparator();
    menu->addAction(tr("&Larger text"), m_terminal, &QTermWidget::zoomIn);
    menu->addAction(tr("&Smaller text"), m_terminal, &QTermWidget::zoomOut);
    menu->addAction(tr("&Normal text"), this,
                    [this] { m_terminal->setTerminalFont(options().font()); });
    menu->addSeparator();
    menu->addAction(tr("Cl&ear"), m_terminal, &QTermWidget::clear);
    if (m_settings)
        menu->addAction(tr("&Options…"), this, &TerminalView::showOptions);
    menu->popup(globalPosition);
}

}  // namespace voidrun
