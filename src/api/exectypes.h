// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QDateTime>
#include <QMap>
#include <QString>
#include <QStringList>
#include <QVariant>

#include <optional>

namespace voidrun
{

// The contract's section 3 as plain values.

struct ExecRequest {
    QString command{};  // a shell line, at most 100,000 characters
    int timeout = 30;   // seconds, at most 300
    QMap<QString, QString> env{};
    QString cwd{};
    QStringList args{};
};

struct ExecResult {
    QString stdOut;
    QString stdErr;
    int exitCode = 0;
};

// How a command ended. `error` is what the server adds to it, such as the time limit; often empty.
struct ExitStatus {
    int exitCode = 0;
    QString error;

    bool operator==(const ExitStatus &) const = default;
};

// One event of an output stream. `bytes` are the program's own, its line ends included.
struct OutputEvent {
    enum class Type { StdOut, StdErr, Exit, Error };

    Type type = Type::StdOut;
    QByteArray bytes;  // of Error: the server's text
    ExitStatus exit;   // of Exit

    bool operator==(const OutputEvent &) const = default;
};

// A command that runs in the background.
struct CommandRequest {
    QString command{};  // as ExecRequest's
    QMap<QString, QString> env{};
    QString cwd{};
    int timeout = 0;  // seconds, at most 900; 0 = none
};

struct GuestCommand {
    qint64 pid = 0;
    QString command;
    QDateTime startTime;  // may be invalid
    bool running = false;
    std::optional<int> exitCode;  // of one that has ended
};

// What a shell session answers.
struct SessionAnswer {
    QString sessionId;
    QString output;
    QString error;
    std::optional<int> exitCode;
};

enum class Language { Python, JavaScript, Node, TypeScript, Bash, Sh };

struct CodeRequest {
    QString code{};
    Language language = Language::Python;
    int timeout = 60;  // seconds, at most 300
    QMap<QString, QString> env{};
    QString cwd{};
};

struct CodeResult {
    struct Logs {
        QStringList stdOut;  // lines
        QStringList stdErr;
    };

    bool success = false;  // exit status 0
    QString stdOut;
    QString stdErr;
    int exitCode = 0;
    QString error;     // stderr of code that failed
    QVariant results;  // last non-empty line of stdout, as JSON where it is that; null for none
    Logs logs;
};

}  // namespace voidrun
