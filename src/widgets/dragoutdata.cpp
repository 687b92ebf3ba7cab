// SPDX-License-Identifier: MIT
#include "dragoutdata.h"

#include <QUrl>

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{
constexpr auto UriList = "text/uri-list"_L1;
}

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

QStringList DragOutData::formats() const
{
    QStringList formats = QMimeData::formats();
    if (isOffered())
        formats.append(QString(UriList));
    return formats;
}

bool DragOutData::hasFormat(const QString &mimeType) const
{
    return mimeType == UriList ? isOffered() : QMimeData::hasFormat(mimeType);
}

QVariant DragOutData::retrieveData(const QString &mimeType, QMetaType type) const
{
    if (mimeType != UriList)
        return QMimeData::retrieveData(mimeType, type);
    if (m_localFiles.isEmpty()) {
        m_askedTooEarly = true;
        return {};
    }
    if (type.id() == QMetaType::QByteArray) {
        QByteArray lines;
        for (const QString &file : m_localFiles)
            lines += QUrl::fromLocalFile(file).toEncoded() + "\r\n";
        return lines;
    }
    QVariantList urls;
    for (const QString &file : m_localFiles)
        urls.append(QUrl::fromLocalFile(file));
    return urls;
}

}  // namespace voidrun
