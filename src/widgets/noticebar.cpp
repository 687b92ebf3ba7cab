// SPDX-License-Identifier: MIT
#include "noticebar.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
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
constexpr double EdgeShare = 0.25;
}  // namespace

NoticeBar::NoticeBar(QWidget *parent)
    : QFrame(parent),
      m_icon(new QLabel(this)),
      m_label(new QLabel(this)),
      m_action(new QPushButton(this)),
      m_close(new QToolButton(this))
{
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(14, 6, 8, 6);
    layout->setSpacing(10);
    layout->addWidget(m_icon, 0, Qt::AlignTop);
    layout->addWidget(m_label, 1);
    layout->addWidget(m_action, 0, Qt::AlignTop);
    layout->addWidget(m_close, 0, Qt::AlignTop);
    m_label->setTextFormat(Qt::PlainText);
    m_label->setWordWrap(true);
    m_label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_close->setIcon(themedIcon(u"close"_s));
    m_close->setAutoRaise(true);
    m_close->setToolTip(tr("Close"));
    m_close->setAccessibleName(tr("Close this message"));
    connect(m_close, &QToolButton::clicked, this, &QWidget::hide);
    connect(m_action, &QPushButton::clicked, this, [this] {
        hide();
        m_triggered();
    });
    m_timer.setSingleShot(true);
    m_timer.setInterval(NoticeTime);
    connect(&m_timer, &QTimer::timeout, this, [this] {
        if (underMouse())
            m_timer.start();  // it does not go from under the pointer
        else
            hide();
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
    if (isVisible() && m_problem)
        return;  // a problem is not pushed away by good news
    showText(sentence, false, action, triggered);
}

QString NoticeBar::text() const
{
    return isHidden() ? QString() : m_label->text();
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
    fitToParent();
    raise();
    show();
}

void NoticeBar::fitToParent()
{
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
