// SPDX-License-Identifier: MIT
#include "terminalstatetext.h"

#include <QCoreApplication>

#include "errortext.h"
#include "models/terminalsession.h"
#include "sandboxdelegate.h"

namespace voidrun
{

namespace
{

class Texts
{
    Q_DECLARE_TR_FUNCTIONS(voidrun::TerminalStateText)

public:
    static TerminalStateText ended(const TerminalSession &session, const QString &name)
    {
        const bool isWatched = session.kind() == TerminalSession::Kind::ReadOnly;
        switch (session.endReason()) {
            case TerminalSession::End::SandboxGone:
                return {
                    tr("The sandbox “%1” does not exist any more. This is what its terminal showed "
                       "last.")
                        .arg(name),
                    {}};
            case TerminalSession::End::Elsewhere:
                if (isWatched)
                    break;
                return {tr("This terminal was ended from somewhere else. Press any key for a new "
                           "one in %1.")
                            .arg(name),
                        tr("New terminal")};
            case TerminalSession::End::SessionGone:
                if (isWatched)
                    break;
                return {tr("This session does not run in %1 any more: the sandbox has slept or was "
                           "started anew meanwhile. Press any key for a new terminal.")
                            .arg(name),
                        tr("New terminal")};
            case TerminalSession::End::Exited:
            case TerminalSession::End::None:
                break;
        }
        if (isWatched)
            return {tr("The terminal that you were watching in %1 has ended.").arg(name), {}};
        return {tr("This terminal has ended. Press any key for a new one."), tr("New terminal")};
    }

    static TerminalStateText failed(const TerminalSession &session, const QString &name)
    {
        const Error &error = session.error();
        // Not the terminal failed: its connection was closed or its engine ended.
        if (error.reason == Error::Reason::Closed && !session.hasClient())
            return {tr("The connection of this terminal has ended. It goes on when the connection "
                       "is there again; choose it at the left."),
                    {}};
        if (session.kind() == TerminalSession::Kind::Temporary &&
            error.kind == Error::Kind::ConnectionLost)
            return {tr("This temporary terminal has ended with its connection. Press any key for a "
                       "new one in %1.")
                        .arg(name),
                    tr("New terminal")};
        return {tr("The terminal in %1 could not be opened. %2").arg(name, errorText(error)),
                tr("Try again")};
    }

    static TerminalStateText of(const TerminalSession &session, const QString &name)
    {
        using State = TerminalSession::State;
        switch (session.state()) {
            case State::Idle:
                break;
            case State::Live:
                if (session.kind() == TerminalSession::Kind::ReadOnly)
                    return {tr("You are watching a terminal in %1: nothing that you type or paste "
                               "gets into it.")
                                .arg(name),
                            {}};
                break;
            case State::Starting:
                return {tr("Opening a terminal in %1…").arg(name), {}, true};
            case State::Reconnecting:
                return {
                    tr("Connection lost. Your session goes on in %1; connecting again…").arg(name),
                    {},
                    true};
            case State::Away:
                return {tr("This is from last time. The terminal goes on when its connection is "
                           "open; choose it at the left."),
                        {}};
            case State::Asleep:
                if (!session.isSandboxAsleep())
                    return {tr("%1 is not running. Your files are safe. Press any key to start "
                               "it.")
                                .arg(name),
                            tr("Start it")};
                return {sandboxAsleepText(name) % u' ' % tr("Press any key to wake it."),
                        tr("Wake it")};
            case State::Ended:
                return ended(session, name);
            case State::Failed:
                return failed(session, name);
        }
        return {};
    }
};

}  // namespace

TerminalStateText terminalStateText(const TerminalSession &session, const QString &name)
{
    return Texts::of(session, name);
}

}  // namespace voidrun
