// SPDX-License-Identifier: MIT
#include <QtTest>

#include "models/fslisting.h"
#include "models/visibletext.h"

using namespace voidrun;
using namespace Qt::StringLiterals;

// The order and the choice of what a folder shows.
class TestFsListing : public QObject
{
    Q_OBJECT

private:
    static FileEntry entry(const QString &name, bool isDir = false, qint64 size = 0)
    {
        FileEntry entry;
        entry.name = name;
        entry.path = u"/somewhere/"_s + name;
        entry.isDir = isDir;
        entry.size = size;
        return entry;
    }

    static QStringList names(const FsListing &listing)
    {
        QStringList names;
        for (const FsListed &listed : listing)
            names.append(listed.entry.isDir ? listed.entry.name + u'/' : listed.entry.name);
        return names;
    }

private Q_SLOTS:
    void foldersFirstThenNaturalOrder()
    {
        const FsListing listing = sortedListing(
            {entry(u"b10"_s), entry(u"b9"_s), entry(u"z"_s, true), entry(u"B1"_s), entry(u"a"_s)},
            nameCollator());
        QCOMPARE(names(listing), (QStringList{u"z/"_s, u"a"_s, u"B1"_s, u"b9"_s, u"b10"_s}));
        QCOMPARE(listing.front().entry.path, QString());
    }

    void whatCannotBeAskedForIsLeftOut()
    {
        const FsListing listing = sortedListing(
            {entry(QString()), entry(u".."_s), entry(u"a/b"_s), entry(u"a"_s, false, 1),
             entry(u"a"_s, false, 2), entry(u"d"_s), entry(u"d"_s, true)},
            nameCollator());
        QCOMPARE(names(listing), (QStringList{u"d/"_s, u"a"_s}));
        QCOMPARE(listing.back().entry.size, 1);  // the first of that name
    }

    void namesThatSortAlikeStay()
    {
        const FsListing listing =
            sortedListing({entry(u"a"_s), entry(u"A"_s), entry(u"\u00e4"_s), entry(u"a\u0308"_s)},
                          nameCollator());
        QCOMPARE(listing.size(), 4);
    }
};

QTEST_GUILESS_MAIN(TestFsListing)
#include "tst_fslisting.moc"
