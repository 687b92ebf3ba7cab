// SPDX-License-Identifier: MIT
#include "question.h"

#include <QPushButton>

namespace voidrun
{

QMessageBox *ask(QWidget *parent, const Question &question, const std::function<void()> &confirmed)
{
    auto *box = new QMessageBox(parent);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setIcon(question.icon);
    box->setWindowTitle(question.title);
    box->setTextFormat(Qt::PlainText);
    box->setText(question.text);
    box->setInformativeText(question.details);
    if (!question.gentlerAction.isEmpty()) {
        const auto *gentler = box->addButton(question.gentlerAction, QMessageBox::AcceptRole);
        QObject::connect(gentler, &QPushButton::clicked, parent, question.gentler);
    }
    const auto *yes = box->addButton(question.action, question.role);
    box->setDefaultButton(box->addButton(QMessageBox::Cancel));
    QObject::connect(yes, &QPushButton::clicked, parent, confirmed);
    box->open();
    return box;
}

}  // namespace voidrun
