// SPDX-License-Identifier: MIT
#include "sandboxdelegate.h"

#include <QApplication>
#include <QPainter>
#include <QPainterPath>
#include <QStyle>

#include "calmstyle.h"
#include "icons.h"
#include "models/sandboxmodel.h"
#include "models/visibletext.h"
#include "sandboxlistview.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

constexpr int Padding = 8;  // device-independent pixels
constexpr int IconSize = 16;
constexpr int ButtonSize = 28;

}  // namespace

QString sandboxStateText(const Sandbox &sandbox)
{
    if (sandbox.isRunning())
        return SandboxDelegate::tr("Running");
    if (sandbox.isAsleep())
        return SandboxDelegate::tr("Asleep");
    if (sandbox.status == "error"_L1)
        return SandboxDelegate::tr("Failed");
    if (sandbox.status == "booting"_L1)
        return SandboxDelegate::tr("Starting");
    return visibleText(sandbox.status);
}

QString sandboxAsleepText(const QString &name)
{
    return SandboxDelegate::tr("“%1” is asleep. Your files are safe.").arg(name);
}

QString sandboxActivityText(SandboxModel::Activity activity)
{
    using Activity = SandboxModel::Activity;
    switch (activity) {
        case Activity::None:
            return {};
        case Activity::Deleting:
            return SandboxDelegate::tr("Deleting…");
        case Activity::FallingAsleep:
            return SandboxDelegate::tr("Falling asleep…");
        case Activity::Waking:
            return SandboxDelegate::tr("Waking up…");
        case Activity::Starting:
            return SandboxDelegate::tr("Starting…");
        case Activity::Changing:
            return SandboxDelegate::tr("Changing…");
    }
    return {};
}

QIcon sandboxStateIcon(const Sandbox &sandbox)
{
    if (sandbox.isRunning())
        return themedIcon(u"running"_s, QColor(0x2e, 0xa0, 0x43));
    if (sandbox.isAsleep())
        return themedIcon(u"asleep"_s, QColor(0x7d, 0x86, 0x97));
    if (sandbox.status == "error"_L1)
        return themedIcon(u"error"_s, QColor(0xd1, 0x34, 0x38));
    return themedIcon(u"waiting"_s, QColor(0x7d, 0x86, 0x97));
}

SandboxDelegate::SandboxDelegate(SandboxListView *view) : QStyledItemDelegate(view), m_view(view) {}

QSize SandboxDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &) const
{
    return {120, 2 * option.fontMetrics.height() + 2 * Padding + 2};
}

QRect SandboxDelegate::terminalButtonRect(const QRect &row, Qt::LayoutDirection direction)
{
    return QStyle::visualRect(direction, row,
                              QRect(row.right() - Padding - ButtonSize + 1,
                                    row.center().y() - ButtonSize / 2, ButtonSize, ButtonSize));
}

void SandboxDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                            const QModelIndex &index) const
{
    const auto sandbox = index.data(SandboxModel::SandboxRole).value<Sandbox>();
    const auto activity = index.data(SandboxModel::ActivityRole).value<SandboxModel::Activity>();
    const bool selected = option.state & QStyle::State_Selected;
    const bool hovered = option.state & QStyle::State_MouseOver;
    const QPalette &palette = option.palette;
    const QColor highlight = palette.color(QPalette::Active, QPalette::Highlight);
    const QColor text = palette.color(QPalette::WindowText);
    const QColor window = palette.color(QPalette::Window);

    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const QRect row = option.rect.adjusted(0, 1, 0, -1);
    if (m_view->dropTarget() == index) {
        painter->setPen(QPen(highlight, 2));
        painter->setBrush(mixed(highlight, window, 0.25));
        painter->drawRoundedRect(QRectF(row).adjusted(1, 1, -1, -1), 6, 6);
    } else if (selected || hovered) {
        painter->setPen(Qt::NoPen);
        painter->setBrush(mixed(highlight, window, selected ? 0.28 : 0.10));
        painter->drawRoundedRect(row, 6, 6);
    }
    if ((option.state & QStyle::State_HasFocus) &&
        (option.state & QStyle::State_KeyboardFocusChange)) {
        painter->setPen(QPen(highlight, 1.5));
        painter->setBrush(Qt::NoBrush);
        painter->drawRoundedRect(QRectF(row).adjusted(1, 1, -1, -1), 6, 6);
    }

    // Reckoned from left to right, mirrored where people read the other way.
    const auto mirrored = [&option](const QRect &rect) {
        return QStyle::visualRect(option.direction, option.rect, rect);
    };
    const QRect icon(row.left() + Padding, row.center().y() - IconSize / 2, IconSize, IconSize);
    sandboxStateIcon(sandbox).paint(painter, mirrored(icon));

    const QRect button = terminalButtonRect(option.rect, option.direction);
    if (m_view->hoveredButton() == index) {
        painter->setPen(Qt::NoPen);
        painter->setBrush(mixed(highlight, window, 0.35));
        painter->drawRoundedRect(button, 5, 5);
    }
    if (selected || hovered)
        themedIcon(u"terminal"_s).paint(painter, button.adjusted(5, 5, -5, -5));

    const int textLeft = icon.right() + Padding + 2;
    const QRect textRect = mirrored(QRect(textLeft, row.top() + Padding - 1,
                                          mirrored(button).left() - textLeft - Padding + 2,
                                          row.height() - 2 * Padding + 2));
    const QFontMetrics &metrics = option.fontMetrics;
    painter->setPen(text);
    QFont bold = option.font;
    bold.setWeight(QFont::DemiBold);
    painter->setFont(bold);
    painter->drawText(textRect, Qt::AlignLeft | Qt::AlignTop,
                      QFontMetrics(bold).elidedText(visibleText(sandbox.name), Qt::ElideMiddle,
                                                    textRect.width()));
    painter->setFont(option.font);
    painter->setPen(mixed(text, window, 0.65));
    QString state = sandboxActivityText(activity);
    if (state.isEmpty())
        state = sandboxStateText(sandbox);
    if (activity == SandboxModel::Activity::None && sandbox.cpu > 0)
        state = tr("%1 · %2").arg(state, visibleText(sandbox.image));
    if (const int changes = m_view->badge(sandbox.id); changes > 0) {
        state = tr("%n new change(s) · %1", nullptr, changes).arg(state);
        painter->setPen(text);
    }
    painter->drawText(textRect, Qt::AlignLeft | Qt::AlignBottom,
                      metrics.elidedText(state, Qt::ElideRight, textRect.width()));
    painter->restore();
}

}  // namespace voidrun
