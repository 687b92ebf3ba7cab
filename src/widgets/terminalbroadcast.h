// SPDX-License-Identifier: MIT
#pragma once

#include <QList>
#include <QObject>
#include <QPointer>

namespace voidrun
{

class TerminalView;

// What is typed or pasted into one of the chosen terminals goes to all of them. Keys are repeated
// as keys, so that each program gets them the way it asked for; what emulators answer by themselves
// is not. On while at least two are chosen. GUI thread.
class TerminalBroadcast : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    QList<TerminalView *> members() const;
    bool isMember(const TerminalView *view) const;
    bool isOn() const { return members().size() > 1; }
    void setMember(TerminalView *view, bool member);
    void stop();

Q_SIGNALS:
    void changed();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void watch(TerminalView *view);
    void unwatch(TerminalView *view);

    QList<QPointer<TerminalView>> m_members;
    bool m_repeating = false;
};

}  // namespace voidrun
