// SPDX-License-Identifier: MIT
#include <QJsonArray>
#include <QJsonObject>

#include "envelope.h"
#include "jsoncodec.h"

namespace voidrun::codec
{

using namespace Qt::StringLiterals;

namespace
{

std::optional<int> optionalExitCode(const JsonReader &reader)
{
    if (!reader.value("exitCode"_L1).isDouble())
        return std::nullopt;
    return reader.smallNumber("exitCode"_L1);
}

GuestCommand commandOf(JsonReader &reader)
{
    GuestCommand command;
    command.pid = reader.requiredNumber("pid"_L1);
    command.command = reader.string("command"_L1);
    command.startTime = reader.time("startTime"_L1);
    command.exitCode = optionalExitCode(reader);
    command.running = reader.boolean("running"_L1, !command.exitCode);
    return command;
}

void insertEnvironment(QJsonObject &object, const QMap<QString, QString> &env, const QString &cwd)
{
    if (!env.isEmpty())
        object.insert("env"_L1, toObject(env));
    if (!cwd.isEmpty())
        object.insert("cwd"_L1, cwd);
}

QLatin1StringView actionWord(SessionRequest::Action action)
{
    switch (action) {
        case SessionRequest::Action::Create:
            return "create"_L1;
        case SessionRequest::Action::Exec:
            return "exec"_L1;
        case SessionRequest::Action::Input:
            return "input"_L1;
        case SessionRequest::Action::Resize:
            return "resize"_L1;
        case SessionRequest::Action::Close:
            return "close"_L1;
    }
    Q_UNREACHABLE_RETURN({});
}

}  // namespace

Result<ExecResult> execResult(const Response &response)
{
    return decodeObject(response, "result"_L1, [](JsonReader &reader) {
        return ExecResult{reader.string("stdout"_L1), reader.string("stderr"_L1),
                          static_cast<int>(reader.requiredNumber("exitCode"_L1))};
    });
}

Result<GuestCommand> startedCommand(const Response &response)
{
    return decodeObject(response, "command"_L1, commandOf);
}

Result<QList<GuestCommand>> commands(const Response &response)
{
    return decodeList(response, "processes"_L1, "command"_L1, commandOf);
}

Result<ExitStatus> commandExit(const Response &response)
{
    return decodeObject(response, "exit"_L1, [](JsonReader &reader) {
        return ExitStatus{static_cast<int>(reader.requiredNumber("exitCode"_L1)),
                          reader.string("error"_L1)};
    });
}

Result<SessionAnswer> sessionAnswer(const Response &response)
{
    return decodeObject(response, "session"_L1, [](const JsonReader &reader) {
        return SessionAnswer{reader.string("sessionId"_L1), reader.string("output"_L1),
                             reader.string("error"_L1), optionalExitCode(reader)};
    });
}

QByteArray toJson(const ExecRequest &request)
{
    QJsonObject object{{u"command"_s, request.command}, {u"timeout"_s, request.timeout}};
    insertEnvironment(object, request.env, request.cwd);
    if (!request.args.isEmpty())
        object.insert("args"_L1, QJsonArray::fromStringList(request.args));
    return compact(object);
}

QByteArray toJson(const CommandRequest &request)
{
    QJsonObject object{{u"command"_s, request.command}, {u"timeout"_s, request.timeout}};
    insertEnvironment(object, request.env, request.cwd);
    return compact(object);
}

QByteArray toJson(const SessionRequest &request)
{
    QJsonObject object{{u"action"_s, QString(actionWord(request.action))}};
    for (const auto &[name, value] : {std::pair("sessionId"_L1, request.sessionId),
                                      {"shell"_L1, request.shell},
                                      {"command"_L1, request.command},
                                      {"input"_L1, request.input}}) {
        if (!value.isEmpty())
            object.insert(name, value);
    }
    if (request.cols > 0 && request.rows > 0) {
        object.insert("cols"_L1, request.cols);
        object.insert("rows"_L1, request.rows);
    }
    return compact(object);
}

QByteArray sessionCommandJson(const QString &sessionId, const QString &command)
{
    return compact({{u"sessionId"_s, sessionId}, {u"command"_s, command}});
}

QByteArray pidJson(qint64 pid)
{
    return compact({{u"pid"_s, pid}});
}

}  // namespace voidrun::codec
