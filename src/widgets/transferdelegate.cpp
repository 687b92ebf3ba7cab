// SPDX-License-Identifier: MIT
#include "transferdelegate.h"

#include <QPainter>

#include "models/transfermodel.h"

namespace voidrun
{

QSize TransferDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &) const
{
    return {160, option.fontMetrics.height() + 12};
}

void TransferDelegate::initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const
{
    QStyledItemDelegate::initStyleOption(option, index);
    option->text.clear();  // the bar says it; the text stays in the model for screen readers
}

void TransferDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                             const QModelIndex &index) const
{
    QStyledItemDelegate::paint(painter, option, index);
    if (index.column() != TransferModel::ProgressColumn)
        return;
    const auto item = index.data(TransferModel::ItemRole).value<TransferModel::Item>();
    using State = TransferModel::State;
    double share = 0;
    if (item.state == State::Done)
        share = 1;
    else if (item.bytesTotal > 0)
        share = double(item.bytesDone) / double(item.bytesTotal);
    else if (item.filesTotal > 0)
        share = double(item.filesDone) / double(item.filesTotal);
    share = qBound(0.0, share, 1.0);

    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const int text = option.fontMetrics.horizontalAdvance(QStringLiteral("100 %")) + 8;
    const QRectF bar(option.rect.left() + 4, option.rect.center().y() - 2.5,
                     qMax(10, option.rect.width() - text - 12), 6);
    QColor track = option.palette.color(QPalette::WindowText);
    track.setAlpha(36);
    painter->setPen(Qt::NoPen);
    painter->setBrush(track);
    painter->drawRoundedRect(bar, 3, 3);
    QColor color = option.palette.color(QPalette::Active, QPalette::Highlight);
    if (item.state == State::Failed)
        color = QColor(0xd1, 0x34, 0x38);
    else if (item.state == State::Done)
        color = QColor(0x2e, 0xa0, 0x43);
    else if (item.state == State::Cancelled || item.state == State::Paused)
        color = option.palette.color(QPalette::Mid);
    painter->setBrush(color);
    if (share > 0)
        painter->drawRoundedRect(QRectF(bar.topLeft(), QSizeF(qMax(6.0, bar.width() * share), 6)),
                                 3, 3);
    painter->setPen(option.palette.color(QPalette::WindowText));
    painter->drawText(option.rect.adjusted(0, 0, -6, 0), Qt::AlignRight | Qt::AlignVCenter,
                      tr("%1 %").arg(int(share * 100)));
    painter->restore();
}

}  // namespace voidrun
