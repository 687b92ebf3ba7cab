// SPDX-License-Identifier: MIT
#include "question.h"

#include <QCoreApplication>
#include <QDialogButtonBox>
#include <QGridLayout>
#include <QListWidget>
#include <QPushButton>

#include <algorithm>

#include "models/visibletext.h"

namespace voidrun
{

namespace
{

constexpr int LinesShown = 10;

// Between the texts and the buttons.
void addNames(QMessageBox *box, const QStringList &names)
{
    auto *list = new QListWidget(box);
    list->setObjectName(QStringLiteral("names"));
    list->setAccessibleName(QCoreApplication::translate("Question", "What this is about"));
    list->setUniformItemSizes(true);
    list->setSelectionMode(QAbstractItemView::NoSelection);
    list->setTextElideMode(Qt::ElideMiddle);
    for (const QString &name : names)
        list->addItem(visibleText(name));
    const int lines = std::min(LinesShown, int(names.size()));
    list->setFixedHeight(lines * list->sizeHintForRow(0) + 2 * list->frameWidth());
    auto *layout = qobject_cast<QGridLayout *>(box->layout());
    auto *buttons = box->findChild<QDialogButtonBox *>();
    layout->removeWidget(buttons);
    const int row = layout->rowCount();
    layout->addWidget(list, row, layout->columnCount() - 1);
    layout->addWidget(buttons, row + 1, 0, 1, layout->columnCount());
}

}  // namespace

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
    if (!question.names.isEmpty())
        addNames(box, question.names);
    QObject::connect(yes, &QPushButton::clicked, parent, confirmed);
    box->open();
    return box;
}

}  // namespace voidrun
