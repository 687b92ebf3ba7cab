// SPDX-License-Identifier: MIT
// Makes a sandbox, shows what a command in it prints, and deletes it. The server comes from
// VR_API_URL and VR_API_KEY, or from .env in the working directory.
#include <voidrun/client.h>
#include <voidrun/dotenv.h>

#include <QCoreApplication>
#include <QDir>

#include <cstdio>

using namespace voidrun;

static void fail(const Error &error)
{
    std::fprintf(stderr, "%s %s\n", qPrintable(error.code), qPrintable(error.detail));
    QCoreApplication::exit(1);
}

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    const auto environment =
        withDotEnv(QProcessEnvironment::systemEnvironment(), QDir::currentPath());
    Client client(ConnectionProfile::fromEnvironment(environment));

    client.createSandbox({})->onFinished(&client, [&](const Result<Sandbox> &sandbox) {
        if (!sandbox)
            return fail(sandbox.error());
        client.exec(sandbox->id, {.command = QStringLiteral("echo hello from $(hostname)")})
            ->onFinished(&client, [&, id = sandbox->id](const Result<ExecResult> &result) {
                if (!result)
                    return fail(result.error());
                std::printf("%s", qPrintable(result->stdOut));
                client.deleteSandbox(id)->onFinished(
                    &client, [](const Result<Done> &) { QCoreApplication::quit(); });
            });
    });
    return QCoreApplication::exec();
}
