/*
 * Locks a worker before it sees its first byte: a parser that an attacker has taken over can compute, and answer on the
 * sockets it already has, and nothing else. Tried in the same order as the layers fail: limits, no_new_privs, landlock,
 * seccomp.
 */
#define _GNU_SOURCE
#include "work/pool.h"

#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

/* AddressSanitizer reserves terabytes of addresses: no limit on them can hold. */
#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

void sk_no_core(void)
{
    struct rlimit none = { 0, 0 };
    setrlimit(RLIMIT_CORE, &none);
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

/* ---- limits ---- */

static bool limit(int resource, uint64_t most)
{
    struct rlimit r;
    if (getrlimit((__rlimit_resource_t)resource, &r) < 0)
        return false;
    if (r.rlim_max == RLIM_INFINITY || r.rlim_max > most)
        r.rlim_max = (rlim_t)most;
    r.rlim_cur = r.rlim_max;
    return setrlimit((__rlimit_resource_t)resource, &r) == 0;
}

/* Addresses that the process has already: the rule database and the parent's heap are no cost of the file. */
static uint64_t address_space(void)
{
    unsigned long long pages = 0;
    FILE *f = fopen("/proc/self/statm", "re");
    if (f) {
        char line[64];
        if (fgets(line, sizeof(line), f))
            pages = strtoull(line, NULL, 10);
        fclose(f);
    }
    return (uint64_t)pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

static bool enter_limits(uint64_t memory_bytes)
{
    if (memory_bytes && !SANITIZED) {
        uint64_t have = address_space();
        uint64_t most = memory_bytes > (uint64_t)INT64_MAX - have ? (uint64_t)INT64_MAX : have + memory_bytes;
        if (!limit(RLIMIT_AS, most))
            return false;
    }
    /* Not RLIMIT_NPROC: it counts all processes of the user; seccomp stops forks. */
    return limit(RLIMIT_FSIZE, 0) && limit(RLIMIT_MSGQUEUE, 0) && limit(RLIMIT_MEMLOCK, 0);
}

/* ---- landlock, where the kernel has it: Debian 12's headers are older than its kernels, so the numbers stand here
 * ---- */

#ifndef __NR_landlock_create_ruleset
#define __NR_landlock_create_ruleset 444
#define __NR_landlock_restrict_self 446
#endif

struct ruleset { /* struct landlock_ruleset_attr */
    uint64_t fs, net, scoped;
};

static bool enter_landlock(void)
{
    /* Access rights known to each ABI, https://docs.kernel.org/userspace-api/landlock.html: 13 in ABI 1, REFER 2,
     * TRUNCATE 3, TCP 4, IOCTL_DEV 5, scopes 6. Handled and never allowed by a rule = denied. */
    long abi = syscall(__NR_landlock_create_ruleset, NULL, 0, 1u /* LANDLOCK_CREATE_RULESET_VERSION */);
    if (abi < 1)
        return true;
    unsigned rights = abi >= 5 ? 16 : abi >= 3 ? 15 : abi >= 2 ? 14 : 13;
    struct ruleset r = { .fs = ((uint64_t)1 << rights) - 1, .net = abi >= 4 ? 3 : 0, .scoped = abi >= 6 ? 3 : 0 };
    size_t size = abi >= 6 ? 24 : abi >= 4 ? 16 : 8;
    long fd = syscall(__NR_landlock_create_ruleset, &r, size, 0u);
    if (fd < 0)
        return false;
    bool ok = syscall(__NR_landlock_restrict_self, (int)fd, 0u) == 0;
    close((int)fd);
    return ok;
}

/* ---- seccomp: what computing, reading an open file and answering need ---- */

static const int ALLOWED[] = {
    SCMP_SYS(read),        SCMP_SYS(readv),         SCMP_SYS(pread64),         SCMP_SYS(preadv),
    SCMP_SYS(write),       SCMP_SYS(writev),        SCMP_SYS(sendmsg),         SCMP_SYS(recvmsg),
    SCMP_SYS(recvfrom),    SCMP_SYS(sendto),        SCMP_SYS(close),           SCMP_SYS(lseek),
    SCMP_SYS(fstat),       SCMP_SYS(fadvise64),     SCMP_SYS(munmap),          SCMP_SYS(mremap),
    SCMP_SYS(madvise),     SCMP_SYS(brk),           SCMP_SYS(futex),           SCMP_SYS(exit),
    SCMP_SYS(exit_group),  SCMP_SYS(clock_gettime), SCMP_SYS(clock_getres),    SCMP_SYS(gettimeofday),
    SCMP_SYS(time),        SCMP_SYS(nanosleep),     SCMP_SYS(clock_nanosleep), SCMP_SYS(restart_syscall),
    SCMP_SYS(getrandom),   SCMP_SYS(rt_sigreturn),  SCMP_SYS(rt_sigprocmask),  SCMP_SYS(rt_sigaction),
    SCMP_SYS(sigaltstack), SCMP_SYS(sched_yield),   SCMP_SYS(getrusage),       SCMP_SYS(sysinfo),
    SCMP_SYS(getpid),      SCMP_SYS(gettid),
};

static int allow_all(scmp_filter_ctx filter)
{
    int rc = 0;
    for (size_t i = 0; i < sizeof(ALLOWED) / sizeof(*ALLOWED) && rc == 0; i++)
        rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, ALLOWED[i], 0);
    /* Memory yes, new code no. */
    const int maps[] = { SCMP_SYS(mmap), SCMP_SYS(mprotect) };
    for (size_t i = 0; i < 2 && rc == 0; i++)
        rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, maps[i], 1, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    /* glibc 2.33 and later spell fstat(fd) so. */
    if (rc == 0)
        rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(newfstatat), 1, SCMP_A3(SCMP_CMP_EQ, AT_EMPTY_PATH, 0));
    /* abort() in a library: a signal to itself and to nobody else. */
    if (rc == 0)
        rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
                              SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid(), 0));
    return rc;
}

static bool enter_seccomp(void)
{
    /* An error, not death: libraries probe for locale or timezone files and go on well without. */
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    if (!filter) {
        errno = ENOMEM;
        return false;
    }
    int rc = allow_all(filter);
    if (rc == 0)
        rc = seccomp_load(filter);
    seccomp_release(filter);
    if (rc < 0)
        errno = -rc;
    return rc == 0;
}

bool sk_sandbox_enter(uint64_t memory_bytes)
{
    sk_no_core();
    return enter_limits(memory_bytes) && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && enter_landlock() &&
           enter_seccomp();
}
