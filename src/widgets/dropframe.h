// SPDX-License-Identifier: MIT
#pragma once

#include <QWidget>

namespace voidrun
{

// Lies over its parent and says that what is dragged may be dropped there; hidden at first. GUI
// thread.
class DropFrame : public QWidget
{
    Q_OBJECT

public:
    explicit DropFrame(QWidget *parent);

    void cover();  // all of its parent

protected:
    void paintEvent(QPaintEvent *event) override;
};

}  // namespace voidrun
