/* The same order as the library's workers (lib/work/sandbox.c). Nothing is opened after this: what must be read was
 * read. */
#define _GNU_SOURCE
#include "lock.h"

#include <errno.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef __NR_landlock_create_ruleset
#define __NR_landlock_create_ruleset 444
#define __NR_landlock_restrict_self 446
#endif

static bool limit(int resource, uint64_t soft, uint64_t hard)
{
    struct rlimit r = { (rlim_t)soft, (rlim_t)hard };
    return setrlimit((__rlimit_resource_t)resource, &r) == 0;
}

/* Access rights per ABI: https://docs.kernel.org/userspace-api/landlock.html */
static bool enter_landlock(void)
{
    struct {
        uint64_t fs, net, scoped;
    } set;
    long abi = syscall(__NR_landlock_create_ruleset, NULL, 0, 1u);
    if (abi < 1)
        return true;
    unsigned rights = abi >= 5 ? 16 : abi >= 3 ? 15 : abi >= 2 ? 14 : 13;
    set.fs = ((uint64_t)1 << rights) - 1;
    set.net = abi >= 4 ? 3 : 0;
    set.scoped = abi >= 6 ? 3 : 0;
    long fd = syscall(__NR_landlock_create_ruleset, &set, abi >= 6 ? 24 : abi >= 4 ? 16 : 8, 0u);
    if (fd < 0)
        return false;
    bool ok = syscall(__NR_landlock_restrict_self, (int)fd, 0u) == 0;
    close((int)fd);
    return ok;
}

static bool enter_seccomp(void)
{
    static const int ALLOWED[] = {
        SCMP_SYS(read),          SCMP_SYS(write),        SCMP_SYS(close),          SCMP_SYS(lseek),
        SCMP_SYS(fstat),         SCMP_SYS(munmap),       SCMP_SYS(mremap),         SCMP_SYS(madvise),
        SCMP_SYS(brk),           SCMP_SYS(futex),        SCMP_SYS(exit),           SCMP_SYS(exit_group),
        SCMP_SYS(clock_gettime), SCMP_SYS(gettimeofday), SCMP_SYS(time),           SCMP_SYS(restart_syscall),
        SCMP_SYS(getrandom),     SCMP_SYS(rt_sigreturn), SCMP_SYS(rt_sigprocmask), SCMP_SYS(sched_yield),
        SCMP_SYS(getrusage),     SCMP_SYS(getpid),       SCMP_SYS(gettid),         SCMP_SYS(sysinfo),
        SCMP_SYS(rt_sigaction),
    };
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    if (!filter)
        return false;
    int rc = 0;
    for (size_t i = 0; i < sizeof(ALLOWED) / sizeof(ALLOWED[0]); i++)
        rc |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, ALLOWED[i], 0);
    rc |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    rc |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    rc |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1, SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid()));
    if (rc == 0)
        rc = seccomp_load(filter);
    seccomp_release(filter);
    return rc == 0;
}

bool lock_process(uint32_t seconds)
{
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    return limit(RLIMIT_CORE, 0, 0) && limit(RLIMIT_AS, (uint64_t)2 << 30, (uint64_t)2 << 30) &&
           limit(RLIMIT_CPU, seconds, (uint64_t)seconds + 2) && limit(RLIMIT_FSIZE, 0, 0) &&
           prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && enter_landlock() && enter_seccomp();
}
