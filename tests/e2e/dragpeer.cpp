// SPDX-License-Identifier: MIT
#include <QApplication>
#include <QDirIterator>
#include <QDrag>
#include <QDropEvent>
#include <QFile>
#include <QFileInfo>
#include <QMimeData>
#include <QMouseEvent>
#include <QUrl>
#include <QWidget>

#include <cstdio>

using namespace Qt::StringLiterals;

// Does what a file manager does at the two ends of a drag. Usage:
//   dragpeer X Y give FILE…   a window whose files can be dragged out of it
//   dragpeer X Y take FOLDER  a window that copies what is dropped on it into FOLDER
// Prints "ready" when its window is on the screen and one line for each thing that happens.
class DragPeer : public QWidget
{
public:
    DragPeer(const QString &mode, const QStringList &paths) : m_mode(mode), m_paths(paths)
    {
        setAcceptDrops(mode == "take"_L1);
    }

protected:
    void mouseMoveEvent(QMouseEvent *event) override
    {
        if (m_mode != "give"_L1 || !(event->buttons() & Qt::LeftButton))
            return;
        auto *drag = new QDrag(this);
        auto *data = new QMimeData;
        QList<QUrl> urls;
        for (const QString &path : m_paths)
            urls.append(QUrl::fromLocalFile(path));
        data->setUrls(urls);
        drag->setMimeData(data);
        const Qt::DropAction action = drag->exec(Qt::CopyAction | Qt::MoveAction, Qt::CopyAction);
        say(u"dragged %1"_s.arg(int(action)));
    }

    void dragEnterEvent(QDragEnterEvent *event) override { event->acceptProposedAction(); }

    void dropEvent(QDropEvent *event) override
    {
        const QList<QUrl> urls = event->mimeData()->urls();
        if (urls.isEmpty()) {
            event->ignore();
            say(u"dropped nothing"_s);
            return;
        }
        event->setDropAction(Qt::CopyAction);
        event->accept();
        for (const QUrl &url : urls)
            copy(url.toLocalFile());
        say(u"dropped %1"_s.arg(urls.size()));
    }

    void showEvent(QShowEvent *) override { say(u"ready"_s); }

private:
    static void say(const QString &line)
    {
        std::printf("%s\n", qUtf8Printable(line));
        std::fflush(stdout);
    }

    void copy(const QString &path)
    {
        const QString target = m_paths.value(0) % u'/' % QFileInfo(path).fileName();
        if (!QFileInfo(path).isDir()) {
            QFile::copy(path, target);
            return;
        }
        QDir().mkpath(target);
        QDirIterator entries(path, QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot,
                             QDirIterator::Subdirectories);
        while (entries.hasNext()) {
            const QFileInfo entry = entries.nextFileInfo();
            const QString inside = target % entry.filePath().sliced(path.size());
            if (entry.isDir())
                QDir().mkpath(inside);
            else
                QFile::copy(entry.filePath(), inside);
        }
    }

    QString m_mode;
    QStringList m_paths;
};

int main(int argc, char **argv)
{
    QApplication application(argc, argv);
    const QStringList arguments = QApplication::arguments();
    if (arguments.size() < 5)
        return 2;
    DragPeer peer(arguments.at(3), arguments.sliced(4));
    peer.setWindowFlag(Qt::X11BypassWindowManagerHint);
    peer.setGeometry(arguments.at(1).toInt(), arguments.at(2).toInt(), 200, 200);
    peer.show();
    return QApplication::exec();
}
