// SPDX-License-Identifier: MIT
#include "sandboxes.h"

#include <algorithm>
#include <system_error>

#include "common/httperror.h"
#include "common/log.h"
#include "common/randomid.h"

namespace voidrun
{

namespace fs = std::filesystem;

namespace
{

constexpr std::size_t largestRecord = 1024 * 1024;

HttpError diskError(const std::system_error &error)
{
    const bool full = error.code() == std::errc::no_space_on_device ||
                      error.code() == std::error_code(EDQUOT, std::generic_category());
    return full ? HttpError(507, "There is no space left on this computer's disk.", error.what())
                : HttpError(500, "The sandbox could not be made.", error.what());
}

}  // namespace

Sandboxes::Sandboxes(asio::any_io_executor executor, const StateDirectory &directory,
                     const Bubblewrap &bubblewrap)
    : m_executor(std::move(executor)), m_directory(directory), m_bubblewrap(bubblewrap)
{
}

void Sandboxes::adopt()
{
    for (const auto &entry : fs::directory_iterator(m_directory.sandboxes())) {
        const std::string id = entry.path().filename();
        try {
            auto record =
                SandboxRecord::fromFile(readFile(entry.path() / "sandbox.json", largestRecord));
            if (record.id != id)
                throw std::runtime_error("the folder's name is not its id");
            m_sandboxes[id] = std::make_shared<Sandbox>(
                m_executor, m_bubblewrap, SandboxFolder(entry.path()), std::move(record));
        } catch (const std::exception &error) {
            log("leaving {} alone: {}", entry.path().string(), error.what());
        }
    }
    asio::post(m_disk, [this] { m_directory.emptyTrash(true); });
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

Awaitable<std::shared_ptr<Sandbox>> Sandboxes::create(SandboxRecord record)
{
    if (isNameTaken(record.name))
        throw HttpError(409, "There is already a sandbox with this name.", record.name);
    const std::string name = record.name;
    m_namesBeingMade.insert(name);
    std::exception_ptr failure;
    try {
        co_await makeFolder(record);
    } catch (...) {
        failure = std::current_exception();
    }
    m_namesBeingMade.erase(name);
    if (failure)
        std::rethrow_exception(failure);

    const std::string id = record.id;
    const auto sandbox = std::make_shared<Sandbox>(
        m_executor, m_bubblewrap, SandboxFolder(m_directory.sandboxes() / id), std::move(record));
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
Awaitable<void> Sandboxes::makeFolder(const SandboxRecord &record)
{
    const fs::path building = m_directory.building() / record.id;
    const fs::path target = m_directory.sandboxes() / record.id;
    const StateDirectory &directory = m_directory;
    co_await runOn(m_disk, [record, building, target, &directory] {
        try {
            SandboxFolder(building).make(record);
            fs::rename(building, target);
        } catch (const std::system_error &error) {
            std::error_code ignored;
            if (fs::exists(building, ignored)) {
                directory.moveToTrash(building);
                directory.emptyTrash(false);
            }
            throw diskError(error);
        }
    });
}

Awaitable<void> Sandboxes::remove(std::string id)
{
    const auto sandbox = find(id);
    co_await sandbox->retire();
    // Another call may have removed it meanwhile.
    if (m_sandboxes.erase(id) == 0)
        throw HttpError(404, "There is no such sandbox.");
    try {
        m_directory.moveToTrash(sandbox->folder().path());
    } catch (const std::system_error &error) {
        m_sandboxes[id] = std::make_shared<Sandbox>(m_executor, m_bubblewrap, sandbox->folder(),
                                                    sandbox->record());
        throw HttpError(500, "The sandbox could not be deleted.", error.what());
    }
    asio::post(m_disk, [this] { m_directory.emptyTrash(false); });
    log("deleted sandbox {}", id);
}

Awaitable<void> Sandboxes::sleepAll()
{
    for (const auto &sandbox : list())
        co_await sandbox->sleep();
}

}  // namespace voidrun
