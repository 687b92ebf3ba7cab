// SPDX-License-Identifier: MIT
#pragma once

#include <QStringList>
#include <QWidget>

#include "api/error.h"

class QLabel;
class QListWidget;

namespace voidrun
{

// What a search below a folder found: the paths from there, one of which leads to its file. GUI
// thread.
class SearchPage : public QWidget
{
    Q_OBJECT

public:
    explicit SearchPage(QWidget *parent = nullptr);

    void showSearching(const QString &folder, const QString &text);
    void showFound(const QStringList &paths);
    void showFailure(const Error &error);

Q_SIGNALS:
    void pathChosen(const QString &path);
    void closed();

private:
    QString m_folder;
    QString m_text;
    QLabel *m_label;
    QListWidget *m_list;
};

}  // namespace voidrun
