// SPDX-License-Identifier: MIT
#include "sandboxes.h"

#include <algorithm>
#include <system_error>

#include "common/httperror.h"
#include "common/log.h"
#include "common/randomid.h"
#include "diskerror.h"
#include "guestprocesses.h"

namespace voidrun
{

namespace fs = std::filesystem;

namespace
{

constexpr std::size_t largestRecord = 1024 * 1024;
constexpr std::size_t maxSandboxes = 1000;

}  // namespace

Sandboxes::Sandboxes(const asio::any_io_executor &executor, const StateDirectory &directory,
                     const Bubblewrap &bubblewrap, const Images &images,
                     std::chrono::seconds idleTimeout)
    : m_host{executor, directory, bubblewrap, images, idleTimeout, m_disk}
{
}

void Sandboxes::adopt()
{
    for (const auto &entry : fs::directory_iterator(m_host.directory.sandboxes())) {
        const std::string id = entry.path().filename();
        try {
            auto record =
                SandboxRecord::fromFile(readFile(entry.path() / "sandbox.json", largestRecord));
            if (record.id != id)
                throw std::runtime_error("the folder's name is not its id");
            const SandboxFolder folder(entry.path());
            folder.sweep();
            m_sandboxes[id] = std::make_shared<Sandbox>(m_host, folder, std::move(record));
        } catch (const std::exception &error) {
            log("leaving {} alone: {}", entry.path().string(), error.what());
        }
    }
    std::vector<std::string> ids;
    ids.reserve(m_sandboxes.size());
    for (const auto &[id, sandbox] : m_sandboxes)
        ids.push_back(id);
    endLeftovers(ids);
    emptyTrash();
}

void Sandboxes::emptyTrash()
{
    asio::post(m_trash, [this] { m_host.directory.emptyTrash(); });
}

std::vector<std::shared_ptr<Sandbox>> Sandboxes::list() const
{
    std::vector<std::shared_ptr<Sandbox>> result;
    result.reserve(m_sandboxes.size());
    for (const auto &[id, sandbox] : m_sandboxes)
        result.push_back(sandbox);
    std::ranges::stable_sort(result, [](const auto &left, const auto &right) {
        return left->record().createdAt > right->record().createdAt;
    });
    return result;
}

bool Sandboxes::anyRuns() const
{
    return std::ranges::any_of(m_sandboxes,
                               [](const auto &entry) { return entry.second->guest() > 0; });
}

std::shared_ptr<Sandbox> Sandboxes::find(const std::string &id) const
{
    const auto found = m_sandboxes.find(id);
    if (found == m_sandboxes.end())
        throw HttpError(404, "There is no such sandbox.");
    return found->second;
}

bool Sandboxes::isNameTaken(const std::string &name) const
{
    return m_namesBeingMade.contains(name) ||
           std::ranges::any_of(
               m_sandboxes, [&](const auto &entry) { return entry.second->record().name == name; });
}

Awaitable<std::shared_ptr<Sandbox>> Sandboxes::create(SandboxRecord record, fs::path image)
{
    if (m_sandboxes.size() + m_namesBeingMade.size() >= maxSandboxes)
        throw HttpError(529, "There are too many sandboxes on this computer.",
                        "Delete some first; at most " + std::to_string(maxSandboxes) + '.');
    if (isNameTaken(record.name))
        throw HttpError(409, "There is already a sandbox with this name.", record.name);
    const std::string name = record.name;
    m_namesBeingMade.insert(name);
    std::exception_ptr failure;
    try {
        co_await makeFolder(record, image);
    } catch (...) {
        failure = std::current_exception();
    }
    m_namesBeingMade.erase(name);
    if (failure)
        std::rethrow_exception(failure);

    const std::string id = record.id;
    const auto sandbox = std::make_shared<Sandbox>(
        m_host, SandboxFolder(m_host.directory.sandboxes() / id), std::move(record));
    m_sandboxes[id] = sandbox;
    try {
        co_await sandbox->wake();
    } catch (...) {
        failure = std::current_exception();
    }
    if (failure) {
        co_await remove(id);
        std::rethrow_exception(failure);
    }
    log("made sandbox {} ({})", id, name);
    co_return sandbox;
}

// Built aside and moved into place whole, so that a killed engine leaves all of it or nothing.
Awaitable<void> Sandboxes::makeFolder(const SandboxRecord &record, const fs::path &image)
{
    const fs::path building = m_host.directory.building() / record.id;
    const fs::path target = m_host.directory.sandboxes() / record.id;
    const GuestAccount account = m_host.bubblewrap.account();
    try {
        co_await runOn(m_disk, [record, image, building, target, account] {
            SandboxFolder(building).make(record, image, account);
            fs::rename(building, target);
        });
        co_return;
    } catch (const std::system_error &error) {
        std::error_code ignored;
        if (fs::exists(building, ignored))
            m_host.directory.moveToTrash(building);
        emptyTrash();
        throw diskError(error, "The sandbox could not be made.");
    }
}

Awaitable<void> Sandboxes::remove(std::string id)
{
    const auto sandbox = find(id);
    co_await sandbox->retire();
    // Another call may have removed it meanwhile.
    if (m_sandboxes.erase(id) == 0)
        throw HttpError(404, "There is no such sandbox.");
    try {
        m_host.directory.moveToTrash(sandbox->folder().path());
    } catch (const std::system_error &error) {
        m_sandboxes[id] = std::make_shared<Sandbox>(m_host, sandbox->folder(), sandbox->record());
        throw HttpError(500, "The sandbox could not be deleted.", error.what());
    }
    emptyTrash();
    log("deleted sandbox {}", id);
}

Awaitable<void> Sandboxes::sleepAll()
{
    for (const auto &sandbox : list())
        co_await sandbox->sleep();
}

}  // namespace voidrun
