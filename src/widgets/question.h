// SPDX-License-Identifier: MIT
#pragma once

#include <QMessageBox>
#include <QStringList>

#include <functional>

namespace voidrun
{

// Something to be confirmed, or left: Cancel is the default answer, and Escape means the same.
struct Question {
    QString title;    // of its window
    QString text;     // the question; plain text
    QString details;  // what follows from a yes
    QString action;   // the word on the button that says yes
    QMessageBox::Icon icon = QMessageBox::Question;
    QMessageBox::ButtonRole role = QMessageBox::AcceptRole;
    // Another way to say yes, offered before the first; none where it is empty.
    QString gentlerAction = {};
    std::function<void()> gentler = {};
    QStringList names = {};  // what it is about, each on a line of a list that scrolls
};

// Asks without waiting; `confirmed` runs on a yes, while `parent` lives. The box deletes itself.
QMessageBox *ask(QWidget *parent, const Question &question, const std::function<void()> &confirmed);

}  // namespace voidrun
