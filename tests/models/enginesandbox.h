// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

#include <memory>

#include "api/client.h"
#include "support/engineprocess.h"

namespace voidrun::test
{

// The real engine with one real sandbox in it. Lives in the test's thread.
class EngineSandbox
{
public:
    // False with `problem()` otherwise.
    bool start();

    EngineProcess &engine() { return m_engine; }
    Client *client() { return m_client.get(); }
    const QString &id() const { return m_id; }
    const QString &problem() const { return m_problem; }

    // After a restart of the engine, which may have another port.
    bool reconnect();

    // Runs a shell line in the sandbox; its output, or what went wrong with "! " before it.
    QString run(const QString &command);

private:
    EngineProcess m_engine;
    std::unique_ptr<Client> m_client;
    QString m_id;
    QString m_problem;
};

}  // namespace voidrun::test
