// SPDX-License-Identifier: MIT
#include <QSettings>
#include <QTemporaryDir>
#include <QtTest>

#include "models/places.h"

using namespace voidrun;
using namespace Qt::StringLiterals;

// Favourites and the folders shown last, kept for each connection.
class TestPlaces : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    std::unique_ptr<QSettings> m_settings;

private Q_SLOTS:
    void init()
    {
        m_settings =
            std::make_unique<QSettings>(m_folder.filePath(u"settings.ini"_s), QSettings::IniFormat);
        m_settings->clear();
    }

    void favouritesAreKeptForTheirConnection()
    {
        {
            Places places(m_settings.get(), u"one"_s);
            QSignalSpy changes(&places, &Places::changed);
            QVERIFY(places.setFavourite(u"/app/data/"_s, true));
            QVERIFY(places.setFavourite(u"/app/data"_s, true));  // already
            QVERIFY(places.setFavourite(u"/tmp"_s, true));
            QCOMPARE(changes.count(), 2);
        }
        Places again(m_settings.get(), u"one"_s);
        QCOMPARE(again.favourites(), (QStringList{u"/app/data"_s, u"/tmp"_s}));
        QVERIFY(again.isFavourite(u"/app/data/"_s));
        QVERIFY(again.setFavourite(u"/app/data"_s, false));
        QVERIFY(!again.isFavourite(u"/app/data"_s));
        QCOMPARE(Places(m_settings.get(), u"two"_s).favourites(), QStringList());
        QCOMPARE(Places(m_settings.get(), u"one"_s).favourites(), QStringList{u"/tmp"_s});
    }

    void theLastOnesComeFirstAndAreFew()
    {
        Places places(m_settings.get(), u"one"_s);
        for (int i = 0; i < 20; ++i)
            places.addRecent(u"/f%1"_s.arg(i));
        places.addRecent(u"/f12"_s);
        places.addRecent(u"/f12/"_s);
        QCOMPARE(places.recent().size(), Places::MostRecent);
        QCOMPARE(places.recent().first(2), (QStringList{u"/f12"_s, u"/f19"_s}));
        QCOMPARE(places.recent().count(u"/f12"_s), 1);
        QCOMPARE(Places(m_settings.get(), u"one"_s).recent(), places.recent());
    }

    void thereIsAnEnd()
    {
        Places places(m_settings.get(), u"one"_s);
        for (int i = 0; i < Places::MostFavourites; ++i)
            QVERIFY(places.setFavourite(u"/f%1"_s.arg(i), true));
        QVERIFY(!places.setFavourite(u"/one/more"_s, true));
        QCOMPARE(places.favourites().size(), Places::MostFavourites);
    }

    void strangeSettingsAreLeftOut()
    {
        m_settings->setValue(u"places/one/favourites"_s,
                             QStringList{u"relative"_s, u"/a/../b"_s, u"/c"_s, u"/c"_s, u""_s});
        QCOMPARE(Places(m_settings.get(), u"one"_s).favourites(), (QStringList{u"/b"_s, u"/c"_s}));
    }
};

QTEST_GUILESS_MAIN(TestPlaces)
#include "tst_places.moc"
