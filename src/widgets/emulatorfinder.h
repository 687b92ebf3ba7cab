// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>
#include <QPointer>

namespace Konsole
{
class Emulation;
}

namespace voidrun
{

// QTermWidget does not tell where its emulation is, and the emulation has no parent to ask. But it
// gets children while the widget is made: alive from before that to after it, this sees it. GUI
// thread.
class EmulatorFinder : public QObject
{
    Q_OBJECT

public:
    EmulatorFinder();

    // Null where the library is made otherwise. Lives as long as the widget.
    Konsole::Emulation *emulation() const;

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    QList<QPointer<QObject>> m_candidates;
};

}  // namespace voidrun
