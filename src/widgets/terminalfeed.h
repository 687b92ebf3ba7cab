// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QObject>
#include <QPointer>

#include <memory>

#include "emulator.h"

namespace voidrun
{

// Gives a sandbox's output to the emulator of a QTermWidget. Where its emulation was found the
// bytes go straight to it (measured: half as fast again as the pty); where not, a worker thread
// writes them to the pty slave, because such a write can block for ever in the GUI thread. Lives in
// the GUI thread; feed() never waits.
class TerminalFeed : public QObject
{
    Q_OBJECT

public:
    // `emulation` lives as long as `terminal`, or is null.
    TerminalFeed(QTermWidget *terminal, Konsole::Emulation *emulation);
    ~TerminalFeed() override;

    void feed(const QByteArray &bytes);
    // Shows now what was fed; the emulation would wait 10 ms for more.
    void flush();
    // False while the pty worker still has more than a little to write.
    bool isReady() const;

Q_SIGNALS:
    void ready();

private:
    class PtyWriter;

    QPointer<Konsole::Emulation> m_emulation;
    std::unique_ptr<PtyWriter> m_writer;
};

}  // namespace voidrun
