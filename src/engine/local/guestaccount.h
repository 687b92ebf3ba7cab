// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <filesystem>

namespace voidrun
{

// The account on this computer that sandboxes run as. A plain user's are the user's own. Root's
// are an account that owns nothing else, because root without capabilities may still change
// root's files and is exempt from the kernel's process limit.
class GuestAccount
{
public:
    // Ours, whoever we are.
    static GuestAccount ours();
    // For root: the account that owns nothing. From the range that is reserved for containers.
    static GuestAccount unprivileged();

    uid_t id() const { return m_id; }
    // Programs for it start through the launcher (launcher.h).
    bool needsLauncher() const;
    // Gives a tree to the account unless its top is the account's already. Nothing may run in it
    // meanwhile. Blocks; throws std::system_error.
    void adopt(const std::filesystem::path &tree) const;

private:
    explicit GuestAccount(uid_t id) : m_id(id) {}

    uid_t m_id;
};

}  // namespace voidrun
