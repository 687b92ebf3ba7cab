// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "sandbox.h"
#include "statedirectory.h"

namespace voidrun
{

// All sandboxes of this engine, as they are on disk. Owned by main; engine thread, with a worker
// thread for making and saving and one for deleting, which may take long.
class Sandboxes
{
public:
    Sandboxes(const asio::any_io_executor &executor, const StateDirectory &directory,
              const Bubblewrap &bubblewrap, const Images &images, std::chrono::seconds idleTimeout);

    // Takes over what an earlier engine left; unreadable ones are left alone and logged.
    void adopt();

    // Newest first.
    std::vector<std::shared_ptr<Sandbox>> list() const;
    bool anyRuns() const;
    // Throws HttpError 404.
    std::shared_ptr<Sandbox> find(const std::string &id) const;
    // Makes and starts one. Throws HttpError: 409 for a taken name, 500, 502, 507, 529.
    Awaitable<std::shared_ptr<Sandbox>> create(SandboxRecord record, std::filesystem::path image);
    Awaitable<void> remove(std::string id);
    Awaitable<void> sleepAll();

private:
    bool isNameTaken(const std::string &name) const;
    Awaitable<void> makeFolder(const SandboxRecord &record, const std::filesystem::path &image);

    void emptyTrash();

    asio::thread_pool m_disk{1};
    asio::thread_pool m_trash{1};
    SandboxHost m_host;
    std::map<std::string, std::shared_ptr<Sandbox>> m_sandboxes;
    std::set<std::string> m_namesBeingMade;
};

}  // namespace voidrun
