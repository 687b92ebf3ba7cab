// SPDX-License-Identifier: MIT
#pragma once

#include <QStackedWidget>

class QHBoxLayout;
class QLineEdit;
class QStringListModel;

namespace voidrun
{

// Where we are in a sandbox: the folders above as buttons, or, after a click beside them or edit(),
// a line to type a path into, completed with the folders that are known. GUI thread.
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

protected:
    void mousePressEvent(QMouseEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void rebuild();
    void endEditing();

    QString m_path;
    QWidget *m_crumbs;
    QHBoxLayout *m_layout;
    QLineEdit *m_edit;
    QStringListModel *m_known;
};

}  // namespace voidrun
