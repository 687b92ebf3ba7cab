// SPDX-License-Identifier: MIT
#include <QClipboard>
#include <QImage>
#include <QMimeData>
#include <QStandardPaths>
#include <QtTest>

#include "panelundertest.h"
#include "pathbar.h"

using namespace voidrun;
using namespace Qt::StringLiterals;

// What other programs drag and copy becomes files; folders open under a drag that stays.
class TestFileClipping : public QObject, private test::PanelUnderTest
{
    Q_OBJECT

private:
    static QImage picture()
    {
        QImage image(20, 10, QImage::Format_ARGB32);
        image.fill(Qt::red);
        return image;
    }

    static QByteArray contentOf(const QString &path)
    {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

    // Moves a drag of `data` over the view and leaves it there.
    bool hover(const QMimeData &data, const QPoint &point)
    {
        QDragEnterEvent enter(point, Qt::CopyAction | Qt::MoveAction, &data, Qt::LeftButton, {});
        QCoreApplication::sendEvent(view()->viewport(), &enter);
        QDragMoveEvent move(point, Qt::CopyAction | Qt::MoveAction, &data, Qt::LeftButton, {});
        QCoreApplication::sendEvent(view()->viewport(), &move);
        return move.isAccepted();
    }

    void drop(const QMimeData &data, const QPoint &point)
    {
        QDropEvent event(point, Qt::CopyAction | Qt::MoveAction, &data, Qt::LeftButton, {});
        QCoreApplication::sendEvent(view()->viewport(), &event);
    }

private Q_SLOTS:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        QVERIFY2(startSandbox(), qPrintable(m_sandbox.problem()));
    }

    void init() { QVERIFY(openPanel(u"mkdir -p data/deep; touch a.txt"_s)); }
    void cleanup() { m_panel.reset(); }

    void becomesAFile_data()
    {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<QString>("ending");
        for (const bool dropped : {false, true}) {
            const char *way = dropped ? "dropped" : "pasted";
            QTest::addRow("image %s", way) << u"image"_s << u".png"_s;
            QTest::addRow("text %s", way) << u"text"_s << u".txt"_s;
            QTest::addRow("link %s", way) << u"link"_s << u".url"_s;
        }
    }

    void becomesAFile()
    {
        QFETCH(QString, kind);
        QFETCH(QString, ending);
        auto data = std::make_unique<QMimeData>();
        if (kind == u"image"_s) {
            data->setImageData(picture());
            data->setText(u"https://example.invalid/picture.png"_s);
        } else if (kind == u"link"_s) {
            data->setUrls({QUrl(u"https://example.invalid/a b"_s)});
        } else {
            data->setText(u"one\ntwo – ü\n"_s);
        }
        QSignalSpy uploads(m_panel.get(), &FilePanel::uploadRequested);
        if (QByteArray(QTest::currentDataTag()).endsWith("dropped")) {
            const QPoint onFolder = view()->visualRect(row(u"data"_s)).center();
            QVERIFY(hover(*data, onFolder));
            drop(*data, onFolder);
        } else {
            QGuiApplication::clipboard()->setMimeData(data.release());
            view()->setFocus();
            QTest::keyClick(view(), Qt::Key_V, Qt::ControlModifier);
        }
        QTRY_COMPARE(uploads.count(), 1);
        const bool dropped = QByteArray(QTest::currentDataTag()).endsWith("dropped");
        QCOMPARE(uploads.first().at(1).toString(), dropped ? u"/app/data"_s : u"/app"_s);
        const QString path = uploads.first().at(0).toStringList().value(0);
        QVERIFY2(path.endsWith(ending), qPrintable(path));
        if (kind == u"image"_s)
            QCOMPARE(QImage(path).convertToFormat(QImage::Format_ARGB32), picture());
        else if (kind == u"link"_s)
            QCOMPARE(contentOf(path), "[InternetShortcut]\nURL=https://example.invalid/a%20b\n");
        else
            QCOMPARE(contentOf(path), "one\ntwo – ü\n");
    }

    void aFolderUnderADragOpens()
    {
        QMimeData data;
        data.setUrls({QUrl::fromLocalFile(u"/tmp/some file"_s)});
        QVERIFY(hover(data, view()->visualRect(row(u"data"_s)).center()));
        QTRY_COMPARE(m_panel->folder(), u"/app/data"_s);
        QTRY_COMPARE(names(), QStringList{u"deep"_s});
        QSignalSpy uploads(m_panel.get(), &FilePanel::uploadRequested);
        drop(data, QPoint(100, view()->viewport()->height() - 10));
        QCOMPARE(uploads.first().at(1).toString(), u"/app/data"_s);
    }

    void aDragThatPassesOpensNothing()
    {
        QMimeData data;
        data.setUrls({QUrl::fromLocalFile(u"/tmp/some file"_s)});
        hover(data, view()->visualRect(row(u"data"_s)).center());
        QDragLeaveEvent leave;
        QCoreApplication::sendEvent(view()->viewport(), &leave);
        constexpr int Longer = 1000;  // ms, than a folder waits
        QVERIFY(!QTest::qWaitFor([this] { return m_panel->folder() != u"/app"_s; }, Longer));
    }

    void theFoldersAboveTakeDropsAndOpen()
    {
        m_panel->openFolder(u"/app/data/deep"_s);
        QTRY_VERIFY(loaded());
        auto *bar = m_panel->findChild<PathBar *>();
        QToolButton *above = nullptr;
        for (auto *button : bar->findChildren<QToolButton *>()) {
            if (button->toolTip() == u"/app"_s && button->isVisible())
                above = button;
        }
        QVERIFY(above);
        const QPoint point = above->mapTo(bar, above->rect().center());
        QMimeData data;
        data.setUrls({QUrl::fromLocalFile(u"/tmp/some file"_s)});
        QDragEnterEvent enter(point, Qt::CopyAction, &data, Qt::LeftButton, {});
        QCoreApplication::sendEvent(bar, &enter);
        QDragMoveEvent move(point, Qt::CopyAction, &data, Qt::LeftButton, {});
        QCoreApplication::sendEvent(bar, &move);
        QVERIFY(move.isAccepted());
        QSignalSpy uploads(m_panel.get(), &FilePanel::uploadRequested);
        QDropEvent dropped(point, Qt::CopyAction, &data, Qt::LeftButton, {});
        QCoreApplication::sendEvent(bar, &dropped);
        QCOMPARE(uploads.count(), 1);
        QCOMPARE(uploads.first().at(1).toString(), u"/app"_s);
        QCOMPARE(m_panel->folder(), u"/app/data/deep"_s);
        QCoreApplication::sendEvent(bar, &enter);
        QCoreApplication::sendEvent(bar, &move);
        QTRY_COMPARE(m_panel->folder(), u"/app"_s);
        QDragLeaveEvent leave;
        QCoreApplication::sendEvent(bar, &leave);
    }

    void ownFilesCanBeDroppedInAFolderThatOpened()
    {
        // As the view's own drag would carry them.
        const std::unique_ptr<QMimeData> data(
            m_panel->model()->mimeData({m_panel->model()->indexOf(u"/app/a.txt"_s)}));
        QVERIFY(!m_panel->model()->canDropMimeData(data.get(), Qt::MoveAction, -1, -1, {}));
        m_panel->openFolder(u"/app/data"_s);
        QTRY_VERIFY(loaded());
        QVERIFY(m_panel->model()->canDropMimeData(data.get(), Qt::MoveAction, -1, -1, {}));
        const QPoint below(100, view()->viewport()->height() - 10);
        QVERIFY(hover(*data, below));
        drop(*data, below);
        QTRY_VERIFY(names().contains(u"a.txt"_s));
        QCOMPARE(m_sandbox.run(u"ls /app /app/data"_s),
                 u"/app:\ndata\n\n/app/data:\na.txt\ndeep\n"_s);
    }
};

QTEST_MAIN(TestFileClipping)
#include "tst_fileclipping.moc"
