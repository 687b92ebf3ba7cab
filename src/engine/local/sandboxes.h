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

// All sandboxes of this engine, as they are on disk. Owned by main; engine thread, with one worker
// thread for work that waits for the disk.
class Sandboxes
{
public:
    Sandboxes(asio::any_io_executor executor, const StateDirectory &directory,
              const Bubblewrap &bubblewrap);

    // Takes over what an earlier engine left; unreadable ones are left alone and logged.
    void adopt();

    // Newest first.
    std::vector<std::shared_ptr<Sandbox>> list() const;
    // Throws HttpError 404.
    std::shared_ptr<Sandbox> find(const std::string &id) const;
    // Makes and starts one. Throws HttpError: 409 for a taken name, 500, 502, 507.
    Awaitable<std::shared_ptr<Sandbox>> create(SandboxRecord record);
    Awaitable<void> remove(std::string id);
    Awaitable<void> sleepAll();

private:
    bool isNameTaken(const std::string &name) const;
    Awaitable<void> makeFolder(const SandboxRecord &record);

    asio::any_io_executor m_executor;
    const StateDirectory &m_directory;
    const Bubblewrap &m_bubblewrap;
    std::map<std::string, std::shared_ptr<Sandbox>> m_sandboxes;
    std::set<std::string> m_namesBeingMade;
    asio::thread_pool m_disk{1};
};

}  // namespace voidrun
