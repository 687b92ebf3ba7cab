// SPDX-License-Identifier: MIT
#include <QtTest>

#include "models/watchedtree.h"

using namespace voidrun;
using namespace Qt::StringLiterals;
using Type = WatchEvent::Type;
using Kind = TreeEntry::Kind;

namespace
{

constexpr qint64 Start = 1'800'000'000'000;  // ms since 1970

QDateTime at(qint64 ms)
{
    return QDateTime::fromMSecsSinceEpoch(Start + ms);
}

TreeEntry file(qint64 size, qint64 modified = 0, uint mode = 0644)
{
    return {.kind = Kind::File,
            .size = size,
            .modified = Start + modified,
            .changed = Start + modified,
            .mode = mode};
}

TreeEntry folder()
{
    return {.kind = Kind::Folder, .size = 4096, .modified = Start, .changed = Start, .mode = 0755};
}

WatchEvent seen(Type type, const QString &path, std::optional<qint64> size = {}, qint64 ms = 1000)
{
    return {.type = type, .path = path, .size = size, .timestamp = at(ms)};
}

WatchEvent renamed(const QString &from, const QString &to)
{
    return {.type = Type::Renamed, .path = to, .oldPath = from, .timestamp = at(1000)};
}

QStringList texts(const QList<WatchEvent> &events)
{
    QStringList texts;
    for (const WatchEvent &event : events) {
        const char *word = event.type == Type::Created    ? "created "
                           : event.type == Type::Modified ? "modified "
                           : event.type == Type::Deleted  ? "deleted "
                           : event.type == Type::Chmod    ? "chmod "
                                                          : "? ";
        texts.append(QString::fromLatin1(word) + event.path);
    }
    return texts;
}

}  // namespace

// What a watch knows, and what a listing says that it does not.
class TestWatchedTree : public QObject
{
    Q_OBJECT

private:
    QStringList missed(const Tree &listing) { return texts(m_tree.take(listing, at(60'000))); }

    WatchedTree m_tree;

private Q_SLOTS:
    void init() { m_tree = WatchedTree(u"/w"_s); }

    void nothingIsMissedBeforeTheFirstListing()
    {
        QVERIFY(!m_tree.isKnown());
        QVERIFY(!m_tree.has(u"/w/a"_s));
        m_tree.beginListing();
        QCOMPARE(missed({{u"a"_s, file(1)}}), QStringList());
        QVERIFY(m_tree.isKnown());
        QCOMPARE(m_tree.has(u"/w/a"_s), std::optional(true));
        QCOMPARE(m_tree.has(u"/w/b"_s), std::optional(false));
        QVERIFY(!m_tree.has(u"/elsewhere"_s));
    }

    void whatIsNotAsItWasIsTold()
    {
        missed({{u"a"_s, file(1)},
                {u"b"_s, file(2)},
                {u"c"_s, file(3)},
                {u"d"_s, folder()},
                {u"d/e"_s, file(4)},
                {u"f"_s, file(5)}});
        TreeEntry moved = folder();
        moved.modified += 5000;  // something in it came or went
        QCOMPARE(missed({{u"a"_s, file(1)},
                         {u"b"_s, file(9)},
                         {u"c"_s, file(3, 0, 0600)},
                         {u"d"_s, moved},
                         {u"f"_s, file(5, 7000)},
                         {u"new"_s, file(1)}}),
                 QStringList({u"modified /w/b"_s, u"chmod /w/c"_s, u"modified /w/f"_s,
                              u"created /w/new"_s, u"deleted /w/d/e"_s}));
        QCOMPARE(missed({{u"a"_s, file(1)}}).size(), 5);
    }

    void whatEventsToldIsNotToldAgain()
    {
        missed({{u"a"_s, file(1)}, {u"d"_s, folder()}, {u"d/x"_s, file(1)}, {u"d-x"_s, file(1)}});
        m_tree.apply(seen(Type::Modified, u"/w/a"_s, 8));
        m_tree.apply(seen(Type::Created, u"/w/n"_s, 2));
        m_tree.apply(renamed(u"/w/d"_s, u"/w/e"_s));
        QCOMPARE(m_tree.hasParts(u"/w/e"_s), std::optional(true));
        QCOMPARE(m_tree.hasParts(u"/w/d"_s), std::optional(false));
        QCOMPARE(m_tree.entries().keys(),
                 QStringList({u"a"_s, u"d-x"_s, u"e"_s, u"e/x"_s, u"n"_s}));
        // Written a moment before the event was sent.
        QCOMPARE(missed({{u"a"_s, file(8, 990)},
                         {u"d-x"_s, file(1)},
                         {u"e"_s, folder()},
                         {u"e/x"_s, file(1)},
                         {u"n"_s, file(2, 1040)}}),
                 QStringList());
        m_tree.apply(seen(Type::Deleted, u"/w/e"_s));
        QCOMPARE(m_tree.entries().keys(), QStringList({u"a"_s, u"d-x"_s, u"n"_s}));
    }

    void whatChangedAfterItsEventIsTold()
    {
        missed({{u"a"_s, file(1)}, {u"b"_s, file(1)}, {u"c"_s, file(1)}});
        for (const QString &name : {u"a"_s, u"b"_s, u"c"_s})
            m_tree.apply(seen(Type::Modified, u"/w/"_s + name, 5));
        TreeEntry chmod = file(5, 990);
        chmod.changed = Start + 20'000;
        QCOMPARE(missed({{u"a"_s, file(6, 990)}, {u"b"_s, file(5, 20'000)}, {u"c"_s, chmod}}),
                 QStringList({u"modified /w/a"_s, u"modified /w/b"_s, u"chmod /w/c"_s}));
    }

    // The listing is made while events come; some are in it and some are not.
    void eventsDuringAListingCount()
    {
        missed({{u"a"_s, file(1)}, {u"d"_s, folder()}, {u"d/x"_s, file(1)}});
        m_tree.beginListing();
        m_tree.apply(seen(Type::Created, u"/w/after"_s, 1));
        m_tree.apply(seen(Type::Deleted, u"/w/a"_s));
        m_tree.apply(seen(Type::Chmod, u"/w/d"_s));
        QCOMPARE(missed({{u"a"_s, file(1)}, {u"d"_s, folder()}, {u"d/y"_s, file(1)}}),
                 QStringList({u"created /w/d/y"_s, u"deleted /w/d/x"_s}));
        QCOMPARE(m_tree.entries().keys(), QStringList({u"after"_s, u"d"_s, u"d/y"_s}));
    }

    void whatHappensDuringAListingBlursIt()
    {
        missed({{u"d"_s, folder()}, {u"d/x"_s, file(1)}});
        m_tree.beginListing();
        QVERIFY(!m_tree.isListingBlurred());
        m_tree.apply(renamed(u"/w/d"_s, u"/w/e"_s));
        QVERIFY(m_tree.isListingBlurred());
        m_tree.beginListing();
        QVERIFY(!m_tree.isListingBlurred());
        // A listing that is taken all the same has a file under one name or the other.
        m_tree.apply({.type = Type::Renamed,
                      .path = u"/w/e/y"_s,
                      .oldPath = u"/w/e/x"_s,
                      .size = 1,
                      .timestamp = at(1000)});
        QVERIFY(m_tree.isListingBlurred());
        QCOMPARE(missed({{u"e"_s, folder()}, {u"e/y"_s, file(1)}}), QStringList());
        QCOMPARE(m_tree.entries().keys(), QStringList({u"e"_s, u"e/y"_s}));
    }

    void aFolderThatGoesTakesItsFilesAlong()
    {
        missed({{u"d"_s, folder()}, {u"d/x"_s, file(1)}});
        m_tree.beginListing();
        m_tree.apply(seen(Type::Deleted, u"/w/d"_s));
        QCOMPARE(missed({}), QStringList());
        missed({{u"d"_s, folder()}});
        m_tree.apply(seen(Type::Deleted, u"/w"_s));
        QVERIFY(m_tree.entries().isEmpty());
    }

    void whatGrowsTooLargeIsNotKnown()
    {
        missed({});
        for (int i = 0; i <= TreeListing::MaxEntries; ++i)
            m_tree.apply(seen(Type::Created, u"/w/%1"_s.arg(i), 1));
        QVERIFY(!m_tree.isKnown());
        QVERIFY(m_tree.entries().isEmpty());
    }

    void listingsAreRead()
    {
        const QString nul(QChar::Null);
        Tree tree;
        QVERIFY(TreeListing::parse(u"d 755 4096 1800000000.5000000000 1800000001.25 "_s % nul %
                                       u"f 644 12 1800000000.5 1800000001.25 a b\nc"_s % nul,
                                   &tree));
        QCOMPARE(tree.size(), 1);
        QCOMPARE(tree.firstKey(), u"a b\nc"_s);
        QCOMPARE(tree.first(), (TreeEntry{.kind = Kind::File,
                                          .size = 12,
                                          .modified = Start + 500,
                                          .changed = Start + 1250,
                                          .mode = 0644}));
        // Without the folder itself, cut, or of another program.
        for (const QString &bad : QStringList{
                 QString(), u"f 644 12 1800000000.5 1800000001.25 a"_s + nul,
                 u"d 755 4096 1800000000.5 1800000001.25 "_s, u"d 755 4096 "_s + nul,
                 u"d 755 x 1800000000.5 1800000001.25 "_s + nul, u"find: unknown"_s + nul}) {
            Tree none;
            QVERIFY2(!TreeListing::parse(bad, &none), qPrintable(bad));
        }
    }
};

QTEST_GUILESS_MAIN(TestWatchedTree)
#include "tst_watchedtree.moc"
