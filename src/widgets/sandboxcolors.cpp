// SPDX-License-Identifier: MIT
#include "sandboxcolors.h"

#include <QPainter>
#include <QPixmap>

#include <iterator>

namespace voidrun
{

namespace
{

// Neither red nor green: those say failed and running. Readable on light and dark.
constexpr int Hues[] = {28, 200, 275, 45, 180, 300, 220, 250};
constexpr int Size = 64;  // px, drawn large for screens at 200 %

}  // namespace

QColor SandboxColors::colorOf(const QString &sandboxId)
{
    const auto known = m_places.constFind(sandboxId);
    const int place = known == m_places.cend() ? int(m_places.size()) : *known;
    m_places.insert(sandboxId, place);
    return QColor::fromHsv(Hues[size_t(place) % std::size(Hues)], 150, 205);
}

QIcon SandboxColors::icon(const QString &sandboxId, Mark mark)
{
    QPixmap pixmap(Size, Size);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    const QColor color = colorOf(sandboxId);
    painter.setPen(QPen(color, 8, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    switch (mark) {
        case Mark::None:
            painter.setBrush(color);
            painter.drawEllipse(QRect(18, 18, 28, 28));
            break;
        case Mark::Watched:  // a ring
            painter.drawEllipse(QRect(16, 16, 32, 32));
            break;
        case Mark::Broadcast:  // arrows in two directions from one point
            painter.setBrush(color);
            painter.drawEllipse(QRect(8, 24, 16, 16));
            painter.drawPolyline(QPolygon({{20, 30}, {44, 14}, {56, 14}}));
            painter.drawPolyline(QPolygon({{20, 34}, {44, 50}, {56, 50}}));
            painter.drawPolyline(QPolygon({{48, 6}, {56, 14}, {48, 22}}));
            painter.drawPolyline(QPolygon({{48, 42}, {56, 50}, {48, 58}}));
            break;
    }
    return QIcon(pixmap);
}

}  // namespace voidrun
