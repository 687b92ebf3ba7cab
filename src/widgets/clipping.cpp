// SPDX-License-Identifier: MIT
#include "clipping.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QDir>
#include <QImage>
#include <QMimeData>
#include <QPointer>
#include <QSaveFile>
#include <QStandardPaths>
#include <QThreadPool>
#include <QUrl>
#include <QUuid>

#include <expected>

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

constexpr int KeptDays = 7;
constexpr qsizetype MostText = 64 * 1024 * 1024;  // characters

struct Content {
    QString name;
    QImage image;
    QByteArray bytes;
};

QUrl linkOf(const QMimeData *data)
{
    for (const QUrl &url : data->urls()) {
        if (url.scheme() == u"http"_s || url.scheme() == u"https"_s)
            return url;
    }
    return {};
}

Content contentOf(const QMimeData *data)
{
    const QString now = QDateTime::currentDateTime().toString(u"yyyy-MM-dd HH.mm.ss"_s);
    if (data->hasImage())
        return {
            Clipping::tr("Image %1").arg(now) % u".png"_s, data->imageData().value<QImage>(), {}};
    if (const QUrl link = linkOf(data); link.isValid())
        return {Clipping::tr("Link %1").arg(now) % u".url"_s,
                {},
                "[InternetShortcut]\nURL=" + link.toEncoded() + '\n'};
    return {Clipping::tr("Text %1").arg(now) % u".txt"_s,
            {},
            data->text().first(qMin(data->text().size(), MostText)).toUtf8()};
}

void removeOld(const QDir &folder)
{
    const QDateTime limit = QDateTime::currentDateTime().addDays(-KeptDays);
    for (const QFileInfo &old : folder.entryInfoList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        if (old.lastModified() < limit)
            QDir(old.filePath()).removeRecursively();
    }
}

// The path, or why there is none.
std::expected<QString, QString> writeFile(const Content &content, const QString &base)
{
    removeOld(QDir(base));
    const QDir folder(base % u'/' % QUuid::createUuid().toString(QUuid::WithoutBraces));
    if (!folder.mkpath(u"."_s))
        return std::unexpected(folder.path());
    QSaveFile file(folder.filePath(content.name));
    if (!file.open(QIODevice::WriteOnly))
        return std::unexpected(file.errorString());
    if (!content.image.isNull() ? !content.image.save(&file, "PNG")
                                : file.write(content.bytes) != content.bytes.size())
        return std::unexpected(file.errorString());
    if (!file.commit())
        return std::unexpected(file.errorString());
    return file.fileName();
}

}  // namespace

Clipping::Clipping(QObject *parent) : QObject(parent) {}

bool Clipping::canWrite(const QMimeData *data)
{
    return data && (data->hasImage() || linkOf(data).isValid() || data->hasText());
}

void Clipping::write(const QMimeData *data, const QString &targetFolder)
{
    const QString base =
        QStandardPaths::writableLocation(QStandardPaths::AppLocalDataLocation) % u"/clippings"_s;
    const auto tell = [self = QPointer(this),
                       targetFolder](const std::expected<QString, QString> &result) {
        if (!self)
            return;
        if (result)
            Q_EMIT self->written(*result, targetFolder);
        else
            Q_EMIT self->failed(tr("It could not be made into a file: %1").arg(result.error()));
    };
    QThreadPool::globalInstance()->start([content = contentOf(data), base, tell] {
        const auto result = writeFile(content, base);
        QMetaObject::invokeMethod(qApp, [tell, result] { tell(result); }, Qt::QueuedConnection);
    });
}

}  // namespace voidrun
