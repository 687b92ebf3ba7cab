// SPDX-License-Identifier: MIT
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <chrono>

namespace voidrun
{

// Tells when a command has ended that took its time. Shells that know bracketed paste switch it off
// while a command runs, which is exact; of others it is guessed from a long silence after output.
// GUI thread.
class TerminalActivity : public QObject
{
    Q_OBJECT

public:
    struct Limits {
        std::chrono::milliseconds longCommand = std::chrono::seconds(10);
        std::chrono::milliseconds silence = std::chrono::seconds(5);
    };

    explicit TerminalActivity(QObject *parent = nullptr);
    TerminalActivity(const Limits &limits, QObject *parent);

    // True while the shell says that a command runs; it may say nothing.
    bool isCommandRunning() const { return m_knowsPrompts && m_running; }

    void typed(const QByteArray &bytes);
    void outputShown();
    void promptShown(bool shown);  // bracketed paste switched on or off

Q_SIGNALS:
    void runningChanged();
    // A command that took that long has ended.
    void finished(std::chrono::milliseconds duration);

private:
    void finish();

    Limits m_limits;
    QTimer m_silence;
    QElapsedTimer m_started;  // invalid: nothing was entered since the last end
    QElapsedTimer m_lastOutput;
    bool m_knowsPrompts = false;
    bool m_running = false;
};

}  // namespace voidrun
