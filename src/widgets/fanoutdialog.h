// SPDX-License-Identifier: MIT
#pragma once

#include <QDialog>
#include <QPointer>

#include <memory>

#include "models/runtypes.h"

class QPlainTextEdit;

namespace voidrun
{

namespace Ui
{
class FanOutDialog;
}

class Connection;
class FanOut;

// The same run in sandboxes that a person chooses, and their answers side by side: one column for
// each that differs, its lines marked where they are not those of the most frequent one. Where more
// differ than have room, the last column is the one of the chosen sandbox. It does not close while
// anything runs or waits. GUI thread.
class FanOutDialog : public QDialog
{
    Q_OBJECT

public:
    FanOutDialog(Connection *connection, const RunRequest &request, QWidget *parent = nullptr);
    ~FanOutDialog() override;

    FanOut *model() const { return m_model.get(); }
    // What runs is stopped first, where the person says so.
    void reject() override;

private:
    void fillChoice();
    void run();
    void updateState();
    void showAnswers();
    void showChosen();
    QList<int> shownGroups() const;
    QString summary() const;
    QWidget *makeColumn(int group);
    void fillColumn(QPlainTextEdit *view, int group);

    std::unique_ptr<Ui::FanOutDialog> m_ui;
    QPointer<Connection> m_connection;
    const RunRequest m_request;
    std::unique_ptr<FanOut> m_model;
    bool m_isClosing = false;  // when all are stopped
};

}  // namespace voidrun
