// SPDX-License-Identifier: MIT
#include "terminalview.h"

#include <QFile>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

#include "emulator.h"
#include "emulatorfinder.h"
#include "models/visibletext.h"
#include "terminalactivity.h"
#include "terminalbar.h"
#include "terminalfeed.h"
#include "terminalnote.h"
#include "terminaloverlay.h"
#include "terminalpump.h"
#include "terminalsearchbar.h"
#include "terminalsettings.h"
#include "terminalstatetext.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

constexpr int ResizeDelay = 60;  // ms: a storm of resizes is one resize
constexpr int Margin = 6;        // pixels around the text
constexpr qsizetype TitleLength = 80;

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
      m_bannerButton(new QPushButton(m_banner)),
      m_note(new TerminalNote(m_terminal)),
      m_bar(new TerminalBar(this)),
      m_activity(new TerminalActivity(this))
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
    layout->addWidget(m_bar);
    setFocusProxy(m_terminal);

    setUpTerminal();
    setUpBar();
    connectTerminal();
    m_resizeTimer.setSingleShot(true);
    connect(&m_resizeTimer, &QTimer::timeout, this, &TerminalView::updateSize);
    connect(session, &TerminalSession::stateChanged, this, &TerminalView::updateState);
    connect(m_bannerButton, &QPushButton::clicked, this, &TerminalView::reconnect);
}

void TerminalView::setUpTerminal()
{
    m_terminal->setScrollBarPosition(QTermWidgetInterface::ScrollBarRight);
    m_terminal->setTerminalSizeHint(false);
    m_terminal->setFlowControlEnabled(false);
    m_terminal->setFlowControlWarningEnabled(false);
    m_terminal->setMargin(Margin);
    m_terminal->setBlinkingCursor(false);
    m_terminal->setAutoClose(false);
    m_terminal->setAccessibleName(tr("Terminal in %1").arg(label()));
    m_terminal->setContextMenuPolicy(Qt::NoContextMenu);
    applyOptions();
    m_terminal->startTerminalTeletype();
    m_pump = new TerminalPump(m_session, new TerminalFeed(m_terminal, m_emulation), this);
    for (QWidget *child : m_terminal->findChildren<QWidget *>())
        child->installEventFilter(this);
    m_overlay = new TerminalOverlay(m_terminal->focusProxy(), Margin);
    m_searchBar = new TerminalSearchBar(m_terminal, m_overlay, this);
    connect(m_searchBar, &TerminalSearchBar::closed, m_terminal,
            [this] { m_terminal->setFocus(); });
    connect(m_pump, &TerminalPump::outputShown, m_searchBar, &TerminalSearchBar::outputShown);
    connect(m_pump, &TerminalPump::outputShown, m_activity, &TerminalActivity::outputShown);
}

void TerminalView::setUpBar()
{
    connect(m_terminal, &QTermWidget::copyAvailable, m_bar, &TerminalBar::setCopyEnabled);
    connect(m_bar, &TerminalBar::copyClicked, this, &TerminalView::copy);
    connect(m_bar, &TerminalBar::pasteClicked, this, [this] { pasteClipboard(false); });
    connect(m_bar, &TerminalBar::findClicked, this, &TerminalView::find);
    connect(m_bar, &TerminalBar::optionsClicked, this, &TerminalView::showOptions);
}

void TerminalView::connectTerminal()
{
    connect(m_terminal, &QTermWidget::sendData, this, [this](const char *data, int size) {
        if (m_session->waitsForKey())
            return;  // the key that reconnects is not typed into the new shell
        const QByteArray bytes = corrected(QByteArray(data, size));
        m_pump->expectEcho();
        m_activity->typed(bytes);
        m_session->write(bytes);
    });
    connect(m_terminal, &QTermWidget::titleChanged, this, [this] {
        QString title = visibleText(m_terminal->title()).simplified();
        if (title.size() > TitleLength)
            title = title.first(TitleLength - title.at(TitleLength - 1).isHighSurrogate()) % u'…';
        Q_EMIT titleChanged(title);
    });
    connect(m_terminal, &QTermWidget::termGetFocus, this, &TerminalView::focused);
    connect(m_terminal, &QTermWidget::bell, this, [this] {
        if (options().flashOnBell && isVisible())
            m_overlay->flash();
        Q_EMIT bellRang();
    });
    connect(m_terminal, &QTermWidget::urlActivated, this, &TerminalView::openLink);
    if (m_emulation)
        connect(m_emulation, &Konsole::Emulation::programBracketedPasteModeChanged, m_activity,
                &TerminalActivity::promptShown);
    connect(m_activity, &TerminalActivity::runningChanged, this,
            &TerminalView::commandRunningChanged);
    connect(m_activity, &TerminalActivity::finished, this,
            [this](std::chrono::milliseconds duration) {
                const bool isInFront = isVisible() && window()->isActiveWindow();
                if (!isInFront && options().noticeWhenFinished)
                    Q_EMIT finishedNotice(duration);
            });
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

// Behind a full line the emulator says that its cursor is beyond the last column.
QByteArray TerminalView::corrected(const QByteArray &reply) const
{
    const qsizetype semicolon = reply.indexOf(';');
    const int columns = m_terminal->screenColumnsCount();
    if (!reply.startsWith("\x1b[") || !reply.endsWith('R') || semicolon < 0 ||
        reply.sliced(semicolon + 1).chopped(1).toInt() <= columns)
        return reply;
    return reply.first(semicolon + 1) + QByteArray::number(columns) + 'R';
}

QString TerminalView::text() const
{
    return terminalText(m_terminal);
}

bool TerminalView::isCommandRunning() const
{
    return m_activity->isCommandRunning();
}

void TerminalView::setSettings(TerminalSettings *settings)
{
    m_settings = settings;
    connect(settings, &TerminalSettings::changed, this, &TerminalView::applyOptions);
    applyOptions();
}

TerminalOptions TerminalView::options() const
{
    return m_settings ? m_settings->options() : TerminalOptions();
}

void TerminalView::applyOptions()
{
    const TerminalOptions chosen = options();
    if (m_terminal->getTerminalFont() != chosen.font())
        m_terminal->setTerminalFont(chosen.font());
    if (m_terminal->historySize() != chosen.scrollback)
        m_terminal->setHistorySize(chosen.scrollback);
    updateColors();
    followSize();
}

void TerminalView::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    m_pump->setInFront(true);
    m_resizeTimer.start(0);
}

void TerminalView::hideEvent(QHideEvent *event)
{
    QWidget::hideEvent(event);
    m_pump->setInFront(false);
}

void TerminalView::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    followSize();
}

// The first size starts the session, so it does not wait; those that come later merge.
void TerminalView::followSize()
{
    const bool isFirst = m_session->state() == TerminalSession::State::Idle;
    m_resizeTimer.start(isFirst ? 0 : ResizeDelay);
}

void TerminalView::updateSize()
{
    const int cols = m_terminal->screenColumnsCount();
    const int lines = m_terminal->screenLinesCount();
    if (!isVisible() || cols < 2 || lines < 1)
        return;
    if (m_session->state() == TerminalSession::State::Idle) {
        m_pump->expectEcho();  // the first prompt answers the click that opened this
        m_session->start(cols, lines);
    } else {
        m_session->resize(cols, lines);
    }
}

void TerminalView::updateState()
{
    const TerminalStateText said = terminalStateText(*m_session, m_sandboxName);
    m_note->showText(said.isPassing ? said.text : QString());
    m_bannerLabel->setText(said.isPassing ? QString() : said.text);
    m_bannerButton->setText(said.button);
    m_bannerButton->setVisible(!said.button.isEmpty());
    m_banner->setVisible(!m_bannerLabel->text().isEmpty());
    if (m_session->state() == TerminalSession::State::Live)
        m_resizeTimer.start(0);
    Q_EMIT stateChanged();
}

void TerminalView::reconnect()
{
    m_session->resume(m_terminal->screenColumnsCount(), m_terminal->screenLinesCount());
    if (m_bannerButton->hasFocus())
        m_terminal->setFocus();
}

void TerminalView::updateColors()
{
    const bool dark = palette().color(QPalette::Window).lightness() < 128;
    QString scheme = options().colorScheme;
    if (scheme.isEmpty())
        scheme = dark ? u"VoidRunDark"_s : u"VoidRunLight"_s;
    const QString own = u":/schemes/%1.colorscheme"_s.arg(scheme);
    m_terminal->setColorScheme(QFile::exists(own) ? own : scheme);
}

void TerminalView::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::PaletteChange && m_terminal)
        updateColors();
    QWidget::changeEvent(event);
}

}  // namespace voidrun
