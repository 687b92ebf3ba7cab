// SPDX-License-Identifier: MIT
#pragma once

#include <QStyledItemDelegate>

#include "api/types.h"
#include "models/sandboxmodel.h"

namespace voidrun
{

class SandboxListView;

// Draws one sandbox: state icon, name, and below it the state in words. GUI thread.
class SandboxDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    explicit SandboxDelegate(SandboxListView *view);

    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;

    static QRect terminalButtonRect(const QRect &row, Qt::LayoutDirection direction);

private:
    SandboxListView *m_view;
};

// "Running", "Asleep", … ; an unknown word is shown as it is.
QString sandboxStateText(const Sandbox &sandbox);
// What is under way for it; empty for nothing.
QString sandboxActivityText(SandboxModel::Activity activity);
QIcon sandboxStateIcon(const Sandbox &sandbox);
// The sentence for one that is asleep, wherever something of it would be shown.
QString sandboxAsleepText(const QString &name);

}  // namespace voidrun
