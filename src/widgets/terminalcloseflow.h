// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>
#include <QPointer>
#include <QTimer>

namespace voidrun
{

class TerminalView;

// Closing one terminal: asks the guest what runs in it, and the person only if something does or
// the guest does not say. Deletes itself. GUI thread.
class TerminalCloseFlow : public QObject
{
    Q_OBJECT

public:
    // Null where nothing has to be asked: it can be closed at once. One at a time for a view.
    static TerminalCloseFlow *startFor(TerminalView *view);
    static bool isUnderWay(const TerminalView *view);

Q_SIGNALS:
    // The terminal is to be ended, or only left.
    void decided(bool keepsRunning);

private:
    explicit TerminalCloseFlow(TerminalView *view);

    void question(const QStringList &programs);

    TerminalView *m_view;
    QTimer m_patience;
};

}  // namespace voidrun
