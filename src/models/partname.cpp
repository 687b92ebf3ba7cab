// SPDX-License-Identifier: MIT
#include "partname.h"

#include <QCryptographicHash>
#include <QRandomGenerator>

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace partname
{

namespace
{

constexpr auto Suffix = ".voidrun-part"_L1;
constexpr auto ArchiveSuffix = ".tar"_L1;
constexpr qsizetype TagLength = 6;
constexpr qsizetype MaxName = 255;  // bytes

// What of a name fits in; of a long one the beginning and a hash of the whole.
QString shortened(const QString &name)
{
    constexpr qsizetype HashLength = 8;
    constexpr qsizetype Room = MaxName - Suffix.size() - ArchiveSuffix.size() - TagLength - 2;
    const QByteArray bytes = name.toUtf8();
    if (bytes.size() <= Room)
        return name;
    const QByteArray hash = QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex();
    QString beginning = name;
    while (beginning.toUtf8().size() > Room - HashLength)
        beginning.chop(beginning.back().isLowSurrogate() ? 2 : 1);
    return beginning + QString::fromLatin1(hash.first(HashLength));
}

}  // namespace

QString newTag()
{
    constexpr QLatin1StringView Letters("abcdefghijklmnopqrstuvwxyz0123456789");
    QString tag;
    for (qsizetype i = 0; i < TagLength; ++i)
        tag += Letters[QRandomGenerator::global()->bounded(Letters.size())];
    return tag;
}

QString make(const QString &name, const QString &tag)
{
    return u'.' + shortened(name) + u'.' + tag + Suffix;
}

QString makeArchive(const QString &name, const QString &tag)
{
    return make(name, tag) + ArchiveSuffix;
}

QString tagOf(const QString &name)
{
    QStringView rest(name);
    if (rest.endsWith(ArchiveSuffix))
        rest.chop(ArchiveSuffix.size());
    if (!rest.startsWith(u'.') || !rest.endsWith(Suffix))
        return {};
    rest.chop(Suffix.size());
    const bool isTagged = rest.size() > TagLength + 2 && rest[rest.size() - TagLength - 1] == u'.';
    return isTagged ? rest.last(TagLength).toString() : QString();
}

}  // namespace partname

void PartTags::learn(const QStringList &tags)
{
    m_known.unite(QSet<QString>(tags.cbegin(), tags.cend()));
}

void PartTags::begin(const QString &tag)
{
    m_known.insert(tag);
    m_active.insert(tag);
}

bool PartTags::isLeftOver(const QString &name, const QDateTime &modified) const
{
    const QString tag = partname::tagOf(name);
    if (tag.isEmpty() || m_active.contains(tag))
        return false;
    return m_known.contains(tag) ||
           (modified.isValid() && modified < QDateTime::currentDateTimeUtc().addDays(-1));
}

}  // namespace voidrun
