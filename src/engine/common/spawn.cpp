// SPDX-License-Identifier: MIT
#include "spawn.h"

#include <fcntl.h>
#include <spawn.h>
#include <csignal>

#include <system_error>

#include "filedescriptor.h"

namespace voidrun
{

namespace
{

void check(int error, const char *what)
{
    if (error != 0)
        throw std::system_error(error, std::generic_category(), what);
}

// posix_spawn's two argument objects, with their lifetimes.
class SpawnActions
{
public:
    SpawnActions()
    {
        check(::posix_spawn_file_actions_init(&m_actions), "posix_spawn");
        check(::posix_spawnattr_init(&m_attributes), "posix_spawn");
    }
    SpawnActions(const SpawnActions &) = delete;
    SpawnActions &operator=(const SpawnActions &) = delete;
    ~SpawnActions()
    {
        ::posix_spawn_file_actions_destroy(&m_actions);
        ::posix_spawnattr_destroy(&m_attributes);
    }

    void addDescriptor(int source, int target)
    {
        if (source < 0)
            check(::posix_spawn_file_actions_addopen(&m_actions, target, "/dev/null", O_RDWR, 0),
                  "posix_spawn");
        else
            check(::posix_spawn_file_actions_adddup2(&m_actions, source, target), "posix_spawn");
    }

    // The session leader's first open of a terminal makes it the controlling one.
    void addTerminal(const std::string &path)
    {
        check(::posix_spawn_file_actions_addopen(&m_actions, 0, path.c_str(), O_RDWR, 0),
              "posix_spawn");
        addDescriptor(0, 1);
        addDescriptor(0, 2);
    }

    void finish(const SpawnRequest &request)
    {
        const int firstUnused = 3 + static_cast<int>(request.more.size());
        check(::posix_spawn_file_actions_addclosefrom_np(&m_actions, firstUnused), "posix_spawn");
        if (!request.workingDirectory.empty())
            check(::posix_spawn_file_actions_addchdir_np(&m_actions,
                                                         request.workingDirectory.c_str()),
                  "posix_spawn");
        sigset_t all;
        sigset_t none;
        ::sigfillset(&all);
        ::sigemptyset(&none);
        check(::posix_spawnattr_setsigdefault(&m_attributes, &all), "posix_spawn");
        check(::posix_spawnattr_setsigmask(&m_attributes, &none), "posix_spawn");
        short flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK;
        if (request.newSession)
            flags |= POSIX_SPAWN_SETSID;
        check(::posix_spawnattr_setflags(&m_attributes, flags), "posix_spawn");
    }

    posix_spawn_file_actions_t m_actions;
    posix_spawnattr_t m_attributes;
};

// Copies above every target, so that placing one does not overwrite another.
std::vector<FileDescriptor> copyAbove(const std::vector<int> &sources)
{
    std::vector<FileDescriptor> copies;
    for (const int source : sources) {
        copies.emplace_back(::fcntl(source, F_DUPFD_CLOEXEC, 3 + static_cast<int>(sources.size())));
        check(copies.back().isOpen() ? 0 : errno, "fcntl");
    }
    return copies;
}

std::vector<char *> pointers(const std::vector<std::string> &texts)
{
    std::vector<char *> result;
    result.reserve(texts.size() + 1);
    for (const std::string &text : texts)
        result.push_back(const_cast<char *>(text.c_str()));
    result.push_back(nullptr);
    return result;
}

}  // namespace

pid_t spawnProcess(const SpawnRequest &request)
{
    SpawnActions actions;
    if (request.terminal.empty()) {
        actions.addDescriptor(request.input, 0);
        actions.addDescriptor(request.output, 1);
        actions.addDescriptor(request.error, 2);
    } else {
        actions.addTerminal(request.terminal);
    }
    const std::vector<FileDescriptor> more = copyAbove(request.more);
    for (int target = 3; const FileDescriptor &descriptor : more)
        actions.addDescriptor(descriptor.value(), target++);
    actions.finish(request);
    auto arguments = pointers(request.arguments);
    auto environment = pointers(request.environment);
    pid_t pid = -1;
    check(::posix_spawn(&pid, request.program.c_str(), &actions.m_actions, &actions.m_attributes,
                        arguments.data(), environment.data()),
          request.program.c_str());
    return pid;
}

}  // namespace voidrun
