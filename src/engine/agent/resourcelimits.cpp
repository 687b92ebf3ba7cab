// SPDX-License-Identifier: MIT
#include "resourcelimits.h"

#include <sys/resource.h>

#include <cerrno>
#include <system_error>

namespace voidrun
{

namespace
{

void limit(__rlimit_resource resource, std::optional<std::int64_t> value)
{
    rlimit limits{};
    if (!value || ::getrlimit(resource, &limits) != 0)
        return;
    const auto wanted = static_cast<rlim_t>(*value);
    if (limits.rlim_max <= wanted)
        return;
    limits = {wanted, wanted};
    if (::setrlimit(resource, &limits) != 0)
        throw std::system_error(errno, std::generic_category(), "limits");
}

}  // namespace

void limitResources(const JsonBody &limits)
{
    // Counted for this sandbox's user namespace alone.
    limit(RLIMIT_NPROC, limits.integer("tasks"));
    limit(RLIMIT_DATA, limits.integer("data"));
    limit(RLIMIT_FSIZE, limits.integer("file"));
    limit(RLIMIT_MEMLOCK, limits.integer("locked"));
    limit(RLIMIT_RTPRIO, 0);
    limit(RLIMIT_NICE, 0);
}

}  // namespace voidrun
