// SPDX-License-Identifier: MIT
#pragma once

#include <QPointer>
#include <QStackedWidget>
#include <QTimer>

class QHBoxLayout;
class QLineEdit;
class QMimeData;
class QStringListModel;
class QToolButton;

namespace voidrun
{

// Where we are in a sandbox: the folders above as buttons, or, after a click beside them or edit(),
// a line to type a path into, completed with the folders that are known. What is dragged over a
// button can be dropped there, and opens its folder when it stays. GUI thread.
class PathBar : public QStackedWidget
{
    Q_OBJECT

public:
    explicit PathBar(QWidget *parent = nullptr);

    void setPath(const QString &path);
    // Full paths that may be completed to.
    void setKnownFolders(const QStringList &paths);
    void edit();

Q_SIGNALS:
    // Chosen or typed; absolute and clean.
    void pathChosen(const QString &path);
    void editingEnded();
    // Somebody types a path in that folder; setKnownFolders() may answer.
    void foldersWanted(const QString &folder);
    // `action` is chosenAction()'s.
    void dropped(const QMimeData *data, const QString &folder, Qt::DropAction action);

protected:
    void mousePressEvent(QMouseEvent *event) override;
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dragMoveEvent(QDragMoveEvent *event) override;
    void dragLeaveEvent(QDragLeaveEvent *event) override;
    void dropEvent(QDropEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void rebuild();
    void endEditing();
    void wantFolders(const QString &text);
    QToolButton *buttonAt(const QPointF &position) const;
    void setDropButton(QToolButton *button);

    QString m_path;
    QString m_wantedFolder;
    QPointer<QToolButton> m_dropButton;
    QTimer m_spring;
    QWidget *m_crumbs;
    QHBoxLayout *m_layout;
    QLineEdit *m_edit;
    QStringListModel *m_known;
};

}  // namespace voidrun
