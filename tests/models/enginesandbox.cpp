// SPDX-License-Identifier: MIT
#include "enginesandbox.h"

#include "support/replywait.h"

using namespace Qt::StringLiterals;

namespace voidrun::test
{

bool EngineSandbox::start()
{
    if (!m_engine.start()) {
        m_problem = m_engine.problem();
        return false;
    }
    m_client = std::make_unique<Client>(m_engine.profile());
    SandboxSpec spec;
    spec.name = u"models-test"_s;
    const Result<Sandbox> made = answerOf(m_client->createSandbox(spec));
    if (!made) {
        m_problem = QString::fromUtf8(problemOf(made)) + m_engine.log();
        return false;
    }
    m_id = made->id;
    return true;
}

bool EngineSandbox::reconnect()
{
    m_client = std::make_unique<Client>(m_engine.profile());
    return answerOf(m_client->sandbox(m_id)).has_value();
}

QString EngineSandbox::run(const QString &command)
{
    ExecRequest request;
    request.command = command;
    const Result<ExecResult> result = answerOf(m_client->exec(m_id, request));
    if (!result)
        return u"! "_s + QString::fromUtf8(problemOf(result));
    return result->exitCode == 0 ? result->stdOut : u"! "_s + result->stdErr;
}

}  // namespace voidrun::test
