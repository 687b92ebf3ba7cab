// SPDX-License-Identifier: MIT
#include "noticebar.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QProgressBar>
#include <QPushButton>
#include <QToolButton>

#include "calmstyle.h"
#include "icons.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{
constexpr int NoticeTime = 8000;  // ms
constexpr int IconSize = 18;
constexpr int FreeEnds = 210;  // px left and right that stay visible where there is room
constexpr int Narrowest = 420;
constexpr int Widest = 900;
constexpr int TopMargin = 4;
constexpr int Radius = 7;
constexpr int ProgressWidth = 160;
constexpr double EdgeShare = 0.25;
}  // namespace

NoticeBar::NoticeBar(QWidget *parent)
    : QFrame(parent),
      m_textRow(new QWidget(this)),
      m_icon(new QLabel(m_textRow)),
      m_label(new QLabel(m_textRow)),
      m_action(new QPushButton(m_textRow)),
      m_close(new QToolButton(m_textRow)),
      m_progressRow(new QWidget(this)),
      m_progressLabel(new QLabel(m_progressRow)),
      m_progressBar(new QProgressBar(m_progressRow)),
      m_cancel(new QPushButton(tr("Cancel"), m_progressRow))
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(14, 6, 8, 6);
    layout->setSpacing(6);
    layout->addWidget(m_textRow);
    layout->addWidget(m_progressRow);
    auto *text = new QHBoxLayout(m_textRow);
    text->setContentsMargins({});
    text->setSpacing(10);
    text->addWidget(m_icon, 0, Qt::AlignTop);
    text->addWidget(m_label, 1);
    text->addWidget(m_action, 0, Qt::AlignTop);
    text->addWidget(m_close, 0, Qt::AlignTop);
    auto *progress = new QHBoxLayout(m_progressRow);
    progress->setContentsMargins({});
    progress->setSpacing(10);
    progress->addWidget(m_progressLabel, 1);
    progress->addWidget(m_progressBar);
    progress->addWidget(m_cancel);
    m_textRow->hide();
    m_progressRow->hide();
    m_progressLabel->setTextFormat(Qt::PlainText);
    m_progressLabel->setWordWrap(true);
    m_progressBar->setFixedWidth(ProgressWidth);
    m_progressBar->setTextVisible(false);
    m_cancel->setObjectName(u"cancelButton"_s);
    connect(m_cancel, &QPushButton::clicked, this, [this] {
        const std::function<void()> cancel = m_cancelled;
        hideProgress();
        cancel();
    });
    m_label->setTextFormat(Qt::PlainText);
    m_label->setWordWrap(true);
    m_label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_close->setIcon(themedIcon(u"close"_s));
    m_close->setAutoRaise(true);
    m_close->setToolTip(tr("Close"));
    m_close->setAccessibleName(tr("Close this message"));
    connect(m_close, &QToolButton::clicked, this, &NoticeBar::hideText);
    connect(m_action, &QPushButton::clicked, this, [this] {
        hideText();
        m_triggered();
    });
    m_timer.setSingleShot(true);
    m_timer.setInterval(NoticeTime);
    connect(&m_timer, &QTimer::timeout, this, [this] {
        if (underMouse())
            m_timer.start();  // it does not go from under the pointer
        else
            hideText();
    });
    parent->installEventFilter(this);
    hide();
}

void NoticeBar::showProblem(const QString &sentence)
{
    showText(sentence, true, {}, {});
}

void NoticeBar::showNotice(const QString &sentence, const QString &action,
                           const std::function<void()> &triggered)
{
    if (isVisible() && !m_textRow->isHidden() && m_problem)
        return;  // a problem is not pushed away by good news
    showText(sentence, false, action, triggered);
}

QString NoticeBar::text() const
{
    return isHidden() || m_textRow->isHidden() ? QString() : m_label->text();
}

void NoticeBar::hideText()
{
    m_textRow->hide();
    m_problem = false;
    updateColors();
    setVisible(!m_progressRow->isHidden());
    fitToParent();
}

void NoticeBar::showProgress(const QString &sentence, int permille,
                             const std::function<void()> &cancel)
{
    m_cancelled = cancel;
    m_progressLabel->setText(sentence);
    m_progressBar->setAccessibleName(sentence);
    m_progressBar->setRange(0, permille < 0 ? 0 : 1000);
    m_progressBar->setValue(permille);
    if (!m_progressRow->isHidden() && isVisible())
        return;  // it keeps its place while it grows
    m_progressRow->show();
    if (m_textRow->isHidden())
        updateColors();
    fitToParent();
    raise();
    show();
}

void NoticeBar::hideProgress()
{
    if (m_progressRow->isHidden())
        return;
    m_progressRow->hide();
    setVisible(!m_textRow->isHidden());
    fitToParent();
}

void NoticeBar::showText(const QString &sentence, bool problem, const QString &action,
                         const std::function<void()> &triggered)
{
    m_problem = problem;
    m_label->setText(sentence);
    m_action->setText(action);
    m_action->setVisible(triggered && !action.isEmpty());
    m_triggered = triggered;
    setAccessibleName(sentence);
    updateColors();
    if (problem)
        m_timer.stop();
    else
        m_timer.start();
    m_textRow->show();
    fitToParent();
    raise();
    show();
}

void NoticeBar::fitToParent()
{
    layout()->invalidate();
    layout()->activate();
    const int room = parentWidget()->width();
    const int width = qBound(qMin(room, Narrowest), room - 2 * FreeEnds, Widest);
    const int height = qMax(heightForWidth(width), minimumSizeHint().height());
    setGeometry((room - width) / 2, TopMargin, width, height);
}

void NoticeBar::paintEvent(QPaintEvent *event)
{
    Q_UNUSED(event)
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(
        mixed(palette().color(QPalette::WindowText), palette().color(QPalette::Window), EdgeShare));
    painter.setBrush(palette().color(QPalette::Window));
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), Radius, Radius);
}

bool NoticeBar::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::Resize)
        fitToParent();
    return QFrame::eventFilter(watched, event);
}

void NoticeBar::updateColors()
{
    m_updating = true;
    const QPalette window = parentWidget() ? parentWidget()->palette() : palette();
    const bool dark = window.color(QPalette::Window).lightness() < 128;
    QPalette colors = window;
    const QColor tint = m_problem ? QColor(0xd1, 0x34, 0x38) : QColor(0x2f, 0x6d, 0xf6);
    const QColor base = window.color(QPalette::Window);
    const double share = dark ? 0.30 : 0.14;
    colors.setColor(QPalette::Window, mixed(tint, base, share));
    setPalette(colors);
    m_icon->setPixmap(themedIcon(m_problem ? u"error"_s : u"check"_s)
                          .pixmap(QSize(IconSize, IconSize), devicePixelRatio()));
    m_updating = false;
}

void NoticeBar::changeEvent(QEvent *event)
{
    QFrame::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && !m_updating)
        updateColors();
}

}  // namespace voidrun
