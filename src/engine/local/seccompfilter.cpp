// SPDX-License-Identifier: MIT
#include "seccompfilter.h"

#include <linux/sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <cerrno>
#include <memory>
#include <stdexcept>

namespace voidrun
{

namespace
{

// Refused as not permitted: the kernel's administration, namespaces, devices, other processes.
constexpr const char *notPermitted[] = {
    "acct",
    "add_key",
    "bpf",
    "chroot",
    "clock_adjtime",
    "clock_adjtime64",
    "clock_settime",
    "clock_settime64",
    "delete_module",
    "fanotify_init",
    "finit_module",
    "init_module",
    "ioperm",
    "iopl",
    "kexec_file_load",
    "kexec_load",
    "keyctl",
    "lookup_dcookie",
    "mbind",
    "migrate_pages",
    "mount",
    "move_pages",
    "nfsservctl",
    "open_by_handle_at",
    "perf_event_open",
    "pivot_root",
    "quotactl",
    "quotactl_fd",
    "reboot",
    "request_key",
    "sched_setaffinity",
    "set_mempolicy",
    "setdomainname",
    "sethostname",
    "setns",
    "settimeofday",
    "stime",
    "swapoff",
    "swapon",
    "syslog",
    "umount",
    "umount2",
    "uselib",
    "userfaultfd",
    "ustat",
    "vhangup",
};

// Refused as not there, so that programs fall back to what is allowed. clone3 and memfd_create are
// among them because the filter cannot see clone3's flags, and a memory file belongs to no process
// whose memory could be counted.
constexpr const char *notThere[] = {
    "clone3",
    "fsconfig",
    "fsmount",
    "fsopen",
    "fspick",
    "io_uring_enter",
    "io_uring_register",
    "io_uring_setup",
    "memfd_create",
    "memfd_secret",
    "modify_ldt",
    "mount_setattr",
    "move_mount",
    "open_tree",
    "open_tree_attr",
    "set_mempolicy_home_node",
    "sysfs",
    "_sysctl",
    "vm86",
    "vm86old",
};

constexpr unsigned refusedIoctls[] = {TIOCSTI, TIOCLINUX, TIOCCONS, TIOCSETD, TIOCSSERIAL};

constexpr unsigned long namespaceFlags[] = {CLONE_NEWNS,  CLONE_NEWCGROUP, CLONE_NEWUTS,
                                            CLONE_NEWIPC, CLONE_NEWUSER,   CLONE_NEWPID,
                                            CLONE_NEWNET};

// The last family number is open: what the kernel may learn is refused too.
constexpr int allowedFamilies[] = {AF_UNSPEC, AF_UNIX, AF_INET, AF_INET6, AF_NETLINK};

class Filter
{
public:
    Filter() : m_context(::seccomp_init(SCMP_ACT_ALLOW), ::seccomp_release)
    {
        if (!m_context)
            throw std::runtime_error("the system call filter could not be made");
        // 32-bit and x32 programs would pass by the rules.
        check(::seccomp_attr_set(m_context.get(), SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS));
        check(::seccomp_attr_set(m_context.get(), SCMP_FLTATR_CTL_OPTIMIZE, 2));
    }

    // The call is not made but answered: with an error or, for 0, as done. A name that this
    // processor has no number for needs no rule.
    template<typename... Conditions>
    void answer(const char *name, int error, Conditions... conditions)
    {
        const int number = ::seccomp_syscall_resolve_name(name);
        if (number == __NR_SCMP_ERROR || number < 0)
            return;
        check(::seccomp_rule_add(m_context.get(), SCMP_ACT_ERRNO(error), number,
                                 sizeof...(conditions), conditions...));
    }

    std::string program() const
    {
        std::size_t size = 0;
        check(::seccomp_export_bpf_mem(m_context.get(), nullptr, &size));
        std::string bytes(size, '\0');
        check(::seccomp_export_bpf_mem(m_context.get(), bytes.data(), &size));
        return bytes;
    }

private:
    static void check(int result)
    {
        if (result < 0)
            throw std::runtime_error("the system call filter could not be built (error " +
                                     std::to_string(-result) + ")");
    }

    std::unique_ptr<void, void (*)(scmp_filter_ctx)> m_context;
};

void refuseNamespaces(Filter &filter)
{
    for (const unsigned long flag : namespaceFlags) {
        filter.answer("clone", EPERM, SCMP_A0(SCMP_CMP_MASKED_EQ, flag, flag));
        filter.answer("unshare", EPERM, SCMP_A0(SCMP_CMP_MASKED_EQ, flag, flag));
    }
    filter.answer("unshare", EPERM, SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_NEWTIME, CLONE_NEWTIME));
}

void refuseFamilies(Filter &filter)
{
    int next = 0;
    for (const int family : allowedFamilies) {
        for (; next < family; ++next) {
            filter.answer("socket", EAFNOSUPPORT, SCMP_A0_32(SCMP_CMP_EQ, unsigned(next)));
            filter.answer("socketpair", EAFNOSUPPORT, SCMP_A0_32(SCMP_CMP_EQ, unsigned(next)));
        }
        next = family + 1;
    }
    filter.answer("socket", EAFNOSUPPORT, SCMP_A0_32(SCMP_CMP_GE, unsigned(next)));
    filter.answer("socketpair", EAFNOSUPPORT, SCMP_A0_32(SCMP_CMP_GE, unsigned(next)));
}

// A sandbox has one account, root, whose are all its files: what would give a file to another one
// says that it did, so that packages with such files can be installed.
void ignoreOwners(Filter &filter)
{
    for (const char *name : {"chown", "lchown", "fchown"}) {
        filter.answer(name, 0, SCMP_A1_32(SCMP_CMP_GT, 0U));
        filter.answer(name, 0, SCMP_A2_32(SCMP_CMP_GT, 0U));
    }
    filter.answer("fchownat", 0, SCMP_A2_32(SCMP_CMP_GT, 0U));
    filter.answer("fchownat", 0, SCMP_A3_32(SCMP_CMP_GT, 0U));
}

}  // namespace

std::string makeSeccompFilter()
{
    Filter filter;
    for (const char *name : notPermitted)
        filter.answer(name, EPERM);
    for (const char *name : notThere)
        filter.answer(name, ENOSYS);
    // The kernel looks at the lower half of these numbers only.
    for (const unsigned request : refusedIoctls)
        filter.answer("ioctl", EPERM, SCMP_A1(SCMP_CMP_MASKED_EQ, 0xffffffffU, request));
    filter.answer("ptrace", EPERM, SCMP_A1_32(SCMP_CMP_EQ, 1U));
    refuseNamespaces(filter);
    refuseFamilies(filter);
    ignoreOwners(filter);
    return filter.program();
}

}  // namespace voidrun
