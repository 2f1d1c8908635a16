/* The same order as the library's workers (lib/work/sandbox.c); here poppler's character maps may be read, and nothing else. */
#include "lock.h"

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <initializer_list>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef __NR_landlock_create_ruleset
#define __NR_landlock_create_ruleset 444
#define __NR_landlock_add_rule 445
#define __NR_landlock_restrict_self 446
#endif

namespace {
constexpr uint64_t kMemory = uint64_t(2) << 30;
constexpr uint64_t kBaseSeconds = 60, kBytesPerSecond = 256 << 10;

bool limit(int resource, uint64_t most)
{
    rlimit r{};
    if (getrlimit(__rlimit_resource_t(resource), &r) < 0)
        return false;
    if (r.rlim_max == RLIM_INFINITY || r.rlim_max > most)
        r.rlim_max = rlim_t(most);
    r.rlim_cur = r.rlim_max;
    return setrlimit(__rlimit_resource_t(resource), &r) == 0;
}

/* SIGXCPU at the soft limit tells what it was; SIGKILL at the hard one. */
bool limitCpu(uint64_t seconds)
{
    rlimit r = { rlim_t(seconds), rlim_t(seconds + 2) };
    return setrlimit(RLIMIT_CPU, &r) == 0;
}

struct RuleSet {
    uint64_t fs, net, scoped;
};
struct __attribute__((packed)) PathBeneath {
    uint64_t access;
    int32_t parent;
};

/* Access rights per ABI: https://docs.kernel.org/userspace-api/landlock.html */
bool enterLandlock(const char *readable)
{
    long abi = syscall(__NR_landlock_create_ruleset, nullptr, 0, 1u);
    if (abi < 1)
        return true;
    unsigned rights = abi >= 5 ? 16 : abi >= 3 ? 15 : abi >= 2 ? 14 : 13;
    RuleSet set = { (uint64_t(1) << rights) - 1, abi >= 4 ? 3u : 0u, abi >= 6 ? 3u : 0u };
    long fd = syscall(__NR_landlock_create_ruleset, &set, abi >= 6 ? 24 : abi >= 4 ? 16 : 8, 0u);
    if (fd < 0)
        return false;
    int folder = open(readable, O_PATH | O_CLOEXEC);
    if (folder >= 0) {
        PathBeneath rule = { 1u << 2 | 1u << 3 /* READ_FILE, READ_DIR */, folder };
        syscall(__NR_landlock_add_rule, int(fd), 1 /* PATH_BENEATH */, &rule, 0u);
        close(folder);
    }
    bool ok = syscall(__NR_landlock_restrict_self, int(fd), 0u) == 0;
    close(int(fd));
    return ok;
}

const int kAllowed[] = {
    SCMP_SYS(read),         SCMP_SYS(readv),         SCMP_SYS(pread64),    SCMP_SYS(write),           SCMP_SYS(writev),
    SCMP_SYS(close),        SCMP_SYS(lseek),         SCMP_SYS(fstat),      SCMP_SYS(newfstatat),      SCMP_SYS(stat),
    SCMP_SYS(lstat),        SCMP_SYS(access),        SCMP_SYS(getdents64), SCMP_SYS(munmap),          SCMP_SYS(mremap),
    SCMP_SYS(madvise),      SCMP_SYS(brk),           SCMP_SYS(futex),      SCMP_SYS(exit),            SCMP_SYS(exit_group),
    SCMP_SYS(clock_gettime), SCMP_SYS(gettimeofday), SCMP_SYS(time),       SCMP_SYS(restart_syscall), SCMP_SYS(getrandom),
    SCMP_SYS(rt_sigreturn), SCMP_SYS(rt_sigprocmask), SCMP_SYS(sched_yield), SCMP_SYS(getrusage),     SCMP_SYS(getpid),
    SCMP_SYS(gettid),       SCMP_SYS(fadvise64),     SCMP_SYS(sysinfo),
};

bool enterSeccomp()
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    if (!filter)
        return false;
    int rc = 0;
    for (int call : kAllowed)
        rc |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 0);
    /* Files are opened for reading only, memory is never made into code, signals go to this process only. */
    const scmp_datum_t writing = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC | O_APPEND;
    rc |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(openat), 1, SCMP_A2(SCMP_CMP_MASKED_EQ, writing, 0));
    rc |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(open), 1, SCMP_A1(SCMP_CMP_MASKED_EQ, writing, 0));
    for (int call : { SCMP_SYS(mmap), SCMP_SYS(mprotect) })
        rc |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 1, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    rc |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1, SCMP_A0(SCMP_CMP_EQ, scmp_datum_t(getpid())));
    rc |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(fcntl), 1, SCMP_A1(SCMP_CMP_EQ, F_SETFD));
    if (rc == 0)
        rc = seccomp_load(filter);
    seccomp_release(filter);
    return rc == 0;
}
} // namespace

bool lockProcess(uint32_t seconds, uint64_t bytes)
{
    uint64_t cpu = kBaseSeconds + bytes / kBytesPerSecond;
    if (cpu > seconds)
        cpu = seconds;
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    return limit(RLIMIT_CORE, 0) && limit(RLIMIT_AS, kMemory + bytes) && limitCpu(cpu ? cpu : 1) && limit(RLIMIT_FSIZE, 0) &&
           limit(RLIMIT_MEMLOCK, 0) && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && enterLandlock(POPPLER_DATA) && enterSeccomp();
}
