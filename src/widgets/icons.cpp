// SPDX-License-Identifier: MIT
#include "icons.h"

#include <QFile>
#include <QGuiApplication>
#include <QIconEngine>
#include <QPainter>
#include <QPalette>
#include <QSet>
#include <QSvgRenderer>

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

class LineIconEngine : public QIconEngine
{
public:
    LineIconEngine(const QString &name, const QColor &color) : m_name(name), m_color(color)
    {
        QFile file(u":/icons/%1.svg"_s.arg(name));
        if (file.open(QIODevice::ReadOnly))
            m_svg = file.readAll();
    }

    void paint(QPainter *painter, const QRect &rect, QIcon::Mode mode, QIcon::State) override
    {
        const QPalette palette = QGuiApplication::palette();
        // The same in a chosen row, which is only tinted.
        const QColor color = m_color.isValid() ? m_color : palette.color(QPalette::WindowText);
        QByteArray svg = m_svg;
        svg.replace("currentColor", color.name().toLatin1());
        QSvgRenderer renderer(svg);
        if (mode == QIcon::Disabled)
            painter->setOpacity(painter->opacity() * 0.35);
        const int side = qMin(rect.width(), rect.height());
        QRectF target(0, 0, side, side);
        target.moveCenter(QRectF(rect).center());
        renderer.render(painter, target);
    }

    QPixmap pixmap(const QSize &size, QIcon::Mode mode, QIcon::State state) override
    {
        return scaledPixmap(size, mode, state, 1);
    }

    // `size` is in device-independent pixels.
    QPixmap scaledPixmap(const QSize &size, QIcon::Mode mode, QIcon::State state,
                         qreal scale) override
    {
        QPixmap pixmap(size * scale);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        painter.setRenderHint(QPainter::Antialiasing);
        paint(&painter, QRect(QPoint(), pixmap.size()), mode, state);
        return pixmap;
    }

    QIconEngine *clone() const override { return new LineIconEngine(m_name, m_color); }

private:
    QString m_name;
    QColor m_color;
    QByteArray m_svg;
};

}  // namespace

QIcon themedIcon(const QString &name, const QColor &color)
{
    return QIcon(new LineIconEngine(name, color));
}

QString iconNameForFile(const QString &fileName, bool isDir, bool isSymlink)
{
    if (isDir)
        return u"folder"_s;
    if (isSymlink)
        return u"link"_s;
    static const QSet<QString> scripts{u"py"_s, u"js"_s, u"ts"_s, u"sh"_s, u"mjs"_s, u"rb"_s};
    static const QSet<QString> images{u"png"_s, u"jpg"_s, u"jpeg"_s, u"gif"_s, u"svg"_s, u"webp"_s};
    static const QSet<QString> archives{u"zip"_s, u"gz"_s, u"tar"_s, u"bz2"_s, u"xz"_s, u"tgz"_s};
    static const QSet<QString> texts{u"txt"_s, u"md"_s,   u"json"_s, u"csv"_s, u"tsv"_s,
                                     u"log"_s, u"yaml"_s, u"yml"_s,  u"xml"_s, u"html"_s};
    const QString ending = fileName.section(u'.', -1).toLower();
    if (scripts.contains(ending))
        return u"script"_s;
    if (images.contains(ending))
        return u"image"_s;
    if (archives.contains(ending))
        return u"archive"_s;
    if (texts.contains(ending))
        return u"text"_s;
    return u"file"_s;
}

}  // namespace voidrun
