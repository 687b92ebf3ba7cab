// SPDX-License-Identifier: MIT
#include "dragoutdata.h"

#include <QUrl>

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{
constexpr auto UriList = "text/uri-list"_L1;
constexpr auto CopiedFiles = "x-special/gnome-copied-files"_L1;  // what file managers ask for

QByteArray linesOf(const QStringList &files, const QByteArray &lineEnd)
{
    QByteArray lines;
    for (const QString &file : files)
        lines += QUrl::fromLocalFile(file).toEncoded() + lineEnd;
    return lines;
}

}  // namespace

DragOutData::DragOutData(QMimeData *inner, Offer offer) : m_offer(offer)
{
    for (const QString &format : inner->formats())
        setData(format, inner->data(format));
    delete inner;
}

void DragOutData::setFetched(const QStringList &localFiles)
{
    m_localFiles = localFiles;
}

DragOutData *DragOutData::clone() const
{
    auto *inner = new QMimeData;
    for (const QString &format : QMimeData::formats())
        inner->setData(format, data(format));
    auto *other = new DragOutData(inner, m_offer);
    other->setFetched(m_localFiles);
    return other;
}

QStringList DragOutData::formats() const
{
    QStringList formats = QMimeData::formats();
    if (isOffered())
        formats.append(QString(UriList));
    if (isCopied())
        formats.append(QString(CopiedFiles));
    return formats;
}

bool DragOutData::hasFormat(const QString &mimeType) const
{
    if (mimeType == CopiedFiles)
        return isCopied();
    return mimeType == UriList ? isOffered() : QMimeData::hasFormat(mimeType);
}

QVariant DragOutData::retrieveData(const QString &mimeType, QMetaType type) const
{
    if (mimeType == CopiedFiles && isCopied())
        return QByteArray("copy\n" + linesOf(m_localFiles, "\n").chopped(1));
    if (mimeType != UriList)
        return QMimeData::retrieveData(mimeType, type);
    if (m_localFiles.isEmpty()) {
        m_askedTooEarly = true;
        return {};
    }
    if (type.id() == QMetaType::QByteArray)
        return linesOf(m_localFiles, "\r\n");
    QVariantList urls;
    for (const QString &file : m_localFiles)
        urls.append(QUrl::fromLocalFile(file));
    return urls;
}

}  // namespace voidrun
