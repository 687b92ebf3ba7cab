// SPDX-License-Identifier: MIT
#include "runjob.h"

#include <QUuid>

#include <utility>

#include "api/client.h"
#include "api/codeflow.h"
#include "api/eventstream.h"
#include "outputlog.h"
#include "stopscript.h"

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace voidrun
{

namespace
{

constexpr qsizetype ErrorEnd = 4096;  // bytes that are kept to explain a failure
constexpr auto LetGoAfter = 3s;
constexpr int LookTime = 15;  // s that a look into the sandbox may take

// The server has looked at the call and turned it down. What failed in it, or on the way to it
// (500, 502, 504), may have begun there all the same.
bool isRefusal(const Error &error)
{
    switch (error.kind) {
        case Error::Kind::BadRequest:
        case Error::Kind::NotFound:
        case Error::Kind::Unauthorized:
        case Error::Kind::Conflict:
        case Error::Kind::Overloaded:
        case Error::Kind::Redirected:
            return true;
        default:
            return false;
    }
}

// It never left this computer.
bool isUnsent(const Error &error)
{
    return error.kind == Error::Kind::InvalidInput || error.kind == Error::Kind::Unreachable ||
           error.kind == Error::Kind::Tls || error.kind == Error::Kind::MissingKey ||
           error.kind == Error::Kind::MissingBaseUrl;
}

}  // namespace

RunJob::RunJob(Client *client, const RunRequest &request, QObject *parent)
    : RunJob(client, request, 0, parent)
{
}

RunJob::RunJob(Client *client, const RunRequest &request, qint64 pid, QObject *parent)
    : QObject(parent),
      m_client(client),
      m_request(request),
      m_pid(pid),
      m_mark(stopscript::Variable % u'=' % QUuid::createUuid().toString(QUuid::Id128)),
      m_output(new OutputLog(this))
{
    m_letGo.setSingleShot(true);
    m_letGo.setInterval(LetGoAfter);
    connect(&m_letGo, &QTimer::timeout, this, [this] {
        if (m_stream)
            m_stream->close();
    });
}

RunJob::~RunJob()
{
    if (isLive())
        removeFile();
}

qint64 RunJob::elapsed() const
{
    if (m_state == State::Ended)
        return m_outcome.duration;
    return m_clock.isValid() ? m_clock.elapsed() : 0;
}

void RunJob::setState(State state)
{
    if (m_state == state)
        return;
    m_state = state;
    Q_EMIT stateChanged(state);
}

void RunJob::start()
{
    if (m_state != State::Idle)
        return;  // it was abandoned before
    m_startedAt = QDateTime::currentDateTimeUtc();
    m_clock.start();
    setState(State::Preparing);
    const bool isUnknown = m_request.isCode && !isKnown(m_request.language);
    if (!m_client || isUnknown) {
        Error error;
        error.kind = isUnknown ? Error::Kind::InvalidInput : Error::Kind::Cancelled;
        error.reason = isUnknown ? Error::Reason::None : Error::Reason::Closed;
        explainFailure(error);
    } else if (isAttached()) {
        m_stream = m_client->attachCommand(m_request.sandboxId, m_pid);
        follow();
    } else if (!m_request.isCode) {
        stream(m_request.text);
    } else if (const QString line = inlineCommand(m_request.language, m_request.text);
               !line.isEmpty()) {
        stream(line);
    } else {
        upload();
    }
}

// Code that is long goes through a file, as the SDKs do it.
void RunJob::upload()
{
    m_file = "/tmp/voidrun-"_L1 % QUuid::createUuid().toString(QUuid::Id128) %
             fileEnding(m_request.language);
    m_code.setData(m_request.text.toUtf8());
    m_code.open(QIODevice::ReadOnly);
    auto *reply = m_client->upload(m_request.sandboxId, m_file, &m_code);
    m_step = reply;
    reply->onFinished(this, [this](const Result<Done> &uploaded) {
        if (m_state == State::Ended)
            return;
        if (m_state == State::Stopping) {
            m_outcome.kind = RunOutcome::Kind::Stopped;
            m_outcome.hasBegun = false;
            end();
        } else if (uploaded) {
            stream(fileCommand(m_request.language, m_file));
        } else {
            explainFailure(uploaded.error());
        }
    });
}

void RunJob::stream(const QString &command)
{
    ExecRequest request;
    request.command = command;
    request.timeout = m_request.timeout;
    request.cwd = m_request.folder;
    request.env = m_request.environment;
    request.env.insert(m_mark.section(u'=', 0, 0), m_mark.section(u'=', 1));
    m_stream = m_client->execStream(m_request.sandboxId, request);
    follow();
}

void RunJob::follow()
{
    connect(m_stream.get(), &EventStream::standardOutput, this, &RunJob::takeOutput);
    connect(m_stream.get(), &EventStream::standardError, this, &RunJob::takeErrors);
    connect(m_stream.get(), &EventStream::finished, this, &RunJob::takeEnd);
    setState(State::Running);
}

void RunJob::takeOutput(const QByteArray &bytes)
{
    m_output->append(OutputChannel::Output, bytes);
    m_lastLine.append(bytes);
}

void RunJob::takeErrors(const QByteArray &bytes)
{
    m_output->append(OutputChannel::Error, bytes);
    m_errorEnd += bytes.last(qMin(bytes.size(), ErrorEnd));
    m_errorEnd = m_errorEnd.last(qMin(m_errorEnd.size(), ErrorEnd));
}

void RunJob::stop()
{
    if (!isLive() || m_state == State::Stopping)
        return;
    const bool isPreparing = m_state == State::Preparing;
    setState(State::Stopping);
    if (isAttached() || !m_client) {
        m_outcome.kind = RunOutcome::Kind::Stopped;
        m_stream->close();
        return;
    }
    if (isPreparing) {
        if (m_step)
            m_step->abort();
        return;
    }
    ExecRequest request;
    request.command = stopscript::endMarked(m_mark);
    m_isStopAsked = true;
    m_client->exec(m_request.sandboxId, request)
        ->onFinished(this, [this](const Result<ExecResult> &result) { takeStopped(result); });
}

void RunJob::abandon()
{
    if (m_state == State::Ended)
        return;
    m_client.clear();
    if (m_outcome.kind == RunOutcome::Kind::None) {
        m_outcome.kind = m_stream ? RunOutcome::Kind::Unknown : RunOutcome::Kind::NotStarted;
        m_outcome.error.kind = Error::Kind::ConnectionLost;
    }
    end();
}

void RunJob::setClient(Client *client)
{
    m_client = client;
}

void RunJob::lookForIt()
{
    Error error;
    error.kind = Error::Kind::Cancelled;
    error.reason = Error::Reason::NotConnected;
    if (!m_client)
        return Q_EMIT lookedFor(std::unexpected(error));
    ExecRequest request;
    request.command = stopscript::findMarked(m_mark);
    m_client->exec(m_request.sandboxId, request)
        ->onFinished(this, [this](const Result<ExecResult> &result) {
            if (!result)
                return Q_EMIT lookedFor(std::unexpected(result.error()));
            const auto found = stopscript::foundBy(result->stdOut);
            if (found)
                return Q_EMIT lookedFor(*found);
            Error failure;
            failure.kind = Error::Kind::CommandFailed;
            failure.detail = result->stdErr;
            Q_EMIT lookedFor(std::unexpected(failure));
        });
}

void RunJob::takeStopped(const Result<ExecResult> &result)
{
    if (m_state == State::Ended)
        return;
    m_isStopAsked = false;
    if (result) {
        const stopscript::Report report = stopscript::reportOf(result->stdOut);
        m_outcome.ended = report.ended;
        m_outcome.wasForced = report.wasForced;
        m_isStopDone = report.isDone;
        m_outcome.isGone = report.isDone;
    } else {
        m_outcome.error = result.error();
    }
    if (m_streamEnd)
        return finishStop(*m_streamEnd);
    // Its end comes now; where it does not, the stream is let go, which ends it on our engine.
    if (!m_isStopDone)
        m_stream->close();
    else
        m_letGo.start();
}

void RunJob::takeEnd(const Result<ExitStatus> &result)
{
    m_letGo.stop();
    if (m_state == State::Stopping) {
        m_streamEnd = result;
        if (!m_isStopAsked)
            finishStop(result);
    } else if (result) {
        m_outcome.kind = RunOutcome::Kind::Exited;
        m_outcome.exitCode = result->exitCode;
        m_outcome.serverWords = result->error;
        m_outcome.reason = exitReason(result->exitCode, result->error, m_errorEnd);
        if (m_outcome.reason == ExitReason::NotFound)
            lookForInstaller();
        else
            end();
    } else {
        explainFailure(result.error());
    }
}

void RunJob::finishStop(const Result<ExitStatus> &result)
{
    if (m_outcome.kind == RunOutcome::Kind::None) {
        if (!result && m_outcome.error == Error())
            m_outcome.error = result.error();
        m_outcome.kind =
            m_isStopDone || result ? RunOutcome::Kind::Stopped : RunOutcome::Kind::Unknown;
        m_outcome.exitCode = result ? result->exitCode : 0;
    }
    end();
}

// Said to have not begun only where that is certain.
void RunJob::explainFailure(const Error &error)
{
    m_outcome.error = error;
    const bool isCertain = isRefusal(error) || isUnsent(error) || !m_stream;
    m_outcome.kind = isCertain && m_output->size() == 0 ? RunOutcome::Kind::NotStarted
                                                        : RunOutcome::Kind::Unknown;
    if (m_outcome.kind != RunOutcome::Kind::NotStarted || m_request.folder.isEmpty() || !m_client ||
        !isRefusal(error)) {
        end();
        return;
    }
    m_client->stat(m_request.sandboxId, m_request.folder)
        ->onFinished(this, [this](const Result<FileStat> &stat) {
            const bool isMissing = !stat && (stat.error().kind == Error::Kind::NotFound ||
                                             stat.error().kind == Error::Kind::CommandFailed);
            if (isMissing || (stat && !stat->isDir()))
                m_outcome.kind = RunOutcome::Kind::NoFolder;
            end();
        });
}

void RunJob::lookForInstaller()
{
    m_outcome.program = missingProgram(m_errorEnd);
    const QString look = stopscript::findInstaller(m_outcome.program);
    if (look.isEmpty() || !m_client) {
        end();
        return;
    }
    ExecRequest request;
    request.command = look;
    request.timeout = LookTime;
    m_client->exec(m_request.sandboxId, request)
        ->onFinished(this, [this](const Result<ExecResult> &result) {
            if (result && result->exitCode == 0)
                m_outcome.installLine = result->stdOut.trimmed();
            end();
        });
}

// How that goes changes nothing: mostly the file is gone already.
void RunJob::removeFile()
{
    if (m_client && !m_file.isEmpty())
        m_client->remove(m_request.sandboxId, m_file);
    m_file.clear();
}

void RunJob::end()
{
    if (m_state == State::Ended)
        return;
    m_outcome.duration = m_clock.isValid() ? m_clock.elapsed() : 0;
    const QByteArray line = m_lastLine.value();
    if (!line.isEmpty() && m_outcome.kind == RunOutcome::Kind::Exited) {
        ExecResult last;
        last.stdOut = QString::fromUtf8(line);
        m_outcome.result = codeResult(last).results;
        m_outcome.resultText = line;
    }
    m_lastLine = {};
    removeFile();
    if (EventStream *stream = m_stream.release())
        stream->deleteLater();  // it may be what called
    setState(State::Ended);
    Q_EMIT ended();
}

}  // namespace voidrun
