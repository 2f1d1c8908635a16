/* The pool with scan functions that misbehave in every way a parser can. */
#define _GNU_SOURCE
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "work/pool.h"

#if defined(__SANITIZE_ADDRESS__)
#define ASAN 1
#else
#define ASAN 0
#endif

static struct seki_result *answer_with(const char *name, const char *format, uint64_t size)
{
    struct seki_result *r = calloc(1, sizeof(*r));
    sk_arena_init(&r->arena, 1 << 20);
    struct sk_part *part = sk_arena_new(&r->arena, 1, sizeof(*part));
    part->name = sk_arena_string(&r->arena, name, strlen(name));
    r->format = sk_arena_string(&r->arena, format, strlen(format));
    r->size = size;
    r->parts = part;
    r->n_parts = 1;
    return r;
}

/* What the locked process may still do, as a word: "locked", or what was possible. */
static const char *try_to_escape(int fd)
{
    static char fault[64];
    char buf[16];
    struct stat st;
    if (open("/etc/passwd", O_RDONLY) >= 0 || open("/tmp/x", O_CREAT | O_WRONLY, 0600) >= 0)
        return "open";
    if (socket(AF_INET, SOCK_STREAM, 0) >= 0 || socket(AF_UNIX, SOCK_STREAM, 0) >= 0)
        return "socket";
    pid_t pid = fork();
    if (pid == 0)
        _exit(0);
    if (pid > 0)
        return "fork";
    char *argv[] = { "/bin/true", NULL };
    execve(argv[0], argv, NULL); /* comes back only when refused */
    if (kill(getppid(), 0) == 0)
        return "kill";
    if (mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED)
        return "code";
    for (int other = 4; other < 64; other++) /* 3 is the answer's socket */
        if (other != fd && fcntl(other, F_GETFD) >= 0)
            return "descriptor";
    /* and the ordinary work */
    void *memory = malloc(3 << 20);
    if (!memory || memset(memory, 1, 3 << 20) != memory)
        return "no memory";
    free(memory);
    if (pread(fd, buf, 4, 0) != 4 || memcmp(buf, "file", 4) != 0 || fstat(fd, &st) != 0 || st.st_size < 4)
        return "no reading";
    struct timespec t;
    if (clock_gettime(CLOCK_MONOTONIC, &t) != 0)
        return "no clock";
    snprintf(fault, sizeof(fault), "locked");
    return fault;
}

static struct seki_result *scan(void *ctx, int fd, const char *name, uint64_t size)
{
    static unsigned count;
    if (strncmp(name, "crash", 5) == 0)
        raise(SIGSEGV);
    if (strncmp(name, "abort", 5) == 0)
        abort();
    if (strncmp(name, "hang", 4) == 0)
        for (volatile unsigned i = 0;; i++)
            ;
    if (strncmp(name, "exit", 4) == 0)
        _exit(7);
    if (strncmp(name, "null", 4) == 0)
        return NULL;
    if (strncmp(name, "eat", 3) == 0)
        for (;;) {
            char *p = malloc(1 << 20);
            if (!p)
                return NULL;
            memset(p, 1, 1 << 20);
        }
    if (strncmp(name, "gorge", 5) == 0)
        for (;;)
            memset(malloc(1 << 20), 1, 1 << 20); /* as a library that does not look */
    if (strncmp(name, "garbage", 7) == 0)
        for (unsigned i = 0; i < 64; i++)
            if (write(3, "garbage garbage garbage garbage ", 32) < 0)
                break;
    if (strncmp(name, "close", 5) == 0) {
        close(3);
        for (;;)
            nanosleep(&(struct timespec){ 60, 0 }, NULL);
    }
    if (strncmp(name, "escape", 6) == 0)
        return answer_with(name, try_to_escape(fd), size);
    if (strncmp(name, "slow", 4) == 0)
        nanosleep(&(struct timespec){ 0, 100000000 }, NULL);
    if (strncmp(name, "count", 5) == 0) {
        char number[16];
        snprintf(number, sizeof(number), "%u", ++count);
        return answer_with(name, number, size);
    }
    return answer_with(name, ctx ? ctx : "text", size);
}

struct got {
    char name[32], format[32];
    uint64_t size;
    int state, reason;
    char detail[32];
    bool empty;
    uintptr_t tag;
};
struct log {
    struct got items[5000];
    unsigned n, stop_at;
};

static bool note(void *ctx, void *tag, struct seki_result *r)
{
    struct log *log = ctx;
    struct got *g = &log->items[log->n++];
    memset(g, 0, sizeof(*g));
    g->tag = (uintptr_t)tag;
    g->empty = !r;
    g->reason = SK_WHY_NONE;
    if (r) {
        snprintf(g->name, sizeof(g->name), "%s", r->parts[0].name);
        snprintf(g->format, sizeof(g->format), "%s", r->format);
        g->size = r->size;
        g->state = r->state;
        if (r->n_whys) {
            g->reason = r->whys[0].reason;
            snprintf(g->detail, sizeof(g->detail), "%s", r->whys[0].detail);
        }
    }
    sk_result_free(r);
    return log->n != log->stop_at;
}

static int file_of(const char *text)
{
    FILE *f = tmpfile();
    fputs(text, f);
    fflush(f);
    int fd = dup(fileno(f));
    fclose(f);
    return fd;
}

static struct sk_pool *pool_of(unsigned workers, uint32_t seconds, uint64_t memory, bool sandbox, void *ctx,
                               struct log *log)
{
    struct sk_pool_options o = { .workers = workers,
                                 .scan = scan,
                                 .scan_ctx = ctx,
                                 .seconds = seconds,
                                 .memory_bytes = memory,
                                 .sandbox = sandbox };
    struct sk_pool *p = sk_pool_new(&o);
    if (p)
        sk_pool_on_deliver(p, note, log);
    return p;
}

static bool submit(struct sk_pool *p, const char *name, uintptr_t tag)
{
    return sk_pool_submit(p, file_of("file content"), name, 12, (void *)tag);
}

Test(pool, results_come_in_order_whatever_the_workers_do)
{
    for (unsigned workers = 1; workers <= 4; workers += 3) {
        struct log *log = calloc(1, sizeof(*log));
        struct sk_pool *p = pool_of(workers, 30, 0, false, NULL, log);
        cr_assert(p);
        for (uintptr_t i = 0; i < 1000; i++) {
            if (i % 7 == 3)
                cr_assert(sk_pool_submit(p, -1, "none", 0, (void *)i));
            else
                cr_assert(submit(p, i % 97 == 5 ? "slow" : "quick", i));
        }
        cr_assert(sk_pool_drain(p));
        cr_assert_eq(log->n, 1000);
        for (unsigned i = 0; i < 1000; i++) {
            cr_assert_eq(log->items[i].tag, i);
            cr_assert_eq(log->items[i].empty, i % 7 == 3);
            if (!log->items[i].empty) {
                cr_assert_eq(log->items[i].size, 12);
                cr_assert_str_eq(log->items[i].format, "text");
            }
        }
        cr_assert(sk_pool_peak_bytes(p) > 100000);
        sk_pool_free(p);
        free(log);
    }
}

Test(pool, a_file_that_breaks_the_worker_costs_one_file)
{
    static const struct {
        const char *name;
        int reason;
        const char *detail;
    } CASES[] = {
        { "crash", SK_WHY_CRASHED, ASAN ? NULL : "SIGSEGV" },
        { "abort", SK_WHY_CRASHED, ASAN ? NULL : "SIGABRT" },
        { "hang", SK_WHY_TIMEOUT, "5 s" },
        { "exit", SK_WHY_CRASHED, "exit 7" },
        { "null", SK_WHY_TOO_LARGE, "memory" },
        { "garbage", SK_WHY_CRASHED, "protocol" },
        { "close", SK_WHY_CRASHED, "protocol" },
#if !ASAN
        { "eat", SK_WHY_TOO_LARGE, "memory" },
        { "gorge", SK_WHY_TOO_LARGE, "memory" },
#endif
    };
    enum { N = sizeof(CASES) / sizeof(*CASES) };
    struct log *log = calloc(1, sizeof(*log));
    struct sk_pool *p = pool_of(2, 5, 100 << 20, true, NULL, log);
    cr_assert(p);
    for (uintptr_t i = 0; i < 3 * N; i++)
        cr_assert(submit(p, i % 3 == 1 ? CASES[i / 3].name : "good", i));
    cr_assert(sk_pool_drain(p));
    cr_assert_eq(log->n, 3 * N);
    for (unsigned i = 0; i < 3 * N; i++) {
        const struct got *g = &log->items[i];
        cr_assert_eq(g->tag, i);
        if (i % 3 != 1) {
            cr_assert_eq(g->state, SK_INSPECTED, "file %u beside %s: %s", i, CASES[i / 3].name, g->detail);
            cr_assert_str_eq(g->name, "good");
            continue;
        }
        cr_assert_eq(g->state, SK_UNINSPECTABLE);
        cr_assert_eq(g->reason, CASES[i / 3].reason, "%s gave %d %s", g->name, g->reason, g->detail);
        cr_assert_str_eq(g->name, CASES[i / 3].name);
        cr_assert_eq(g->size, 12);
        if (CASES[i / 3].detail)
            cr_assert_str_eq(g->detail, CASES[i / 3].detail, "%s said %s", g->name, g->detail);
    }
    sk_pool_free(p);
    free(log);
}

/* A worker says why it goes while the next file is being handed to it: what it said counts. */
Test(pool, last_words_are_heard)
{
    enum { N = 300 };
    struct log *log = calloc(1, sizeof(*log));
    struct sk_pool *p = pool_of(2, 30, 100 << 20, true, NULL, log);
    cr_assert(p);
    for (uintptr_t i = 0; i < N; i++)
        cr_assert(submit(p, i % 2 ? "null" : "good", i));
    cr_assert(sk_pool_drain(p));
    cr_assert_eq(log->n, N);
    for (unsigned i = 1; i < N; i += 2)
        cr_assert_eq(log->items[i].reason, SK_WHY_TOO_LARGE, "file %u: %s", i, log->items[i].detail);
    sk_pool_free(p);
    free(log);
}

Test(pool, a_locked_worker_can_only_work)
{
    struct log *log = calloc(1, sizeof(*log));
    struct sk_pool *p = pool_of(1, 30, (uint64_t)1 << 30, true, NULL, log);
    cr_assert(p);
    cr_assert(submit(p, "escape", 1));
    cr_assert(submit(p, "escape again", 2));
    cr_assert(sk_pool_drain(p));
    cr_assert_str_eq(log->items[0].format, "locked", "%s", log->items[0].format);
    cr_assert_str_eq(log->items[1].format, "locked");
    sk_pool_free(p);
    free(log);
}

Test(pool, the_parent_keeps_its_freedom)
{
    struct log *log = calloc(1, sizeof(*log));
    struct sk_pool *p = pool_of(1, 30, (uint64_t)1 << 30, true, NULL, log);
    int fd = open("/etc/passwd", O_RDONLY);
    cr_assert(fd >= 0);
    close(fd);
    sk_pool_free(p);
    free(log);
}

Test(pool, context_is_shared_and_long_names_are_cut)
{
    struct log *log = calloc(1, sizeof(*log));
    char name[5000], made_before[] = "made before the fork";
    memset(name, 'n', sizeof(name) - 1);
    name[sizeof(name) - 1] = '\0';
    struct sk_pool *p = pool_of(2, 30, 0, true, made_before, log);
    cr_assert(sk_pool_submit(p, file_of("file"), name, UINT64_MAX, NULL));
    cr_assert(sk_pool_submit(p, file_of("file"), NULL, 0, NULL));
    cr_assert(sk_pool_drain(p));
    cr_assert_str_eq(log->items[0].format, made_before);
    cr_assert_eq(log->items[0].size, UINT64_MAX);
    cr_assert_str_eq(log->items[1].name, "");
    sk_pool_free(p);
    free(log);
}

static void count_drop(void *ctx, void *tag)
{
    (void)tag;
    (*(unsigned *)ctx)++;
}

Test(pool, stopping_drops_the_rest_and_kills_what_runs)
{
    struct log *log = calloc(1, sizeof(*log));
    log->stop_at = 2;
    unsigned dropped = 0, submitted = 0;
    struct sk_pool *p = pool_of(2, 600, 0, true, NULL, log);
    sk_pool_on_drop(p, count_drop, &dropped);
    bool ok = true;
    for (uintptr_t i = 0; ok && i < 500; i++, submitted++)
        ok = submit(p, i == 2 ? "hang" : "good", i);
    cr_assert_not(ok && sk_pool_drain(p));
    cr_assert_eq(log->n, 2);
    sk_pool_free(p);
    cr_assert_eq(dropped + log->n, submitted);
    cr_assert_eq(waitpid(-1, NULL, 0), -1); /* no child is left */
    cr_assert_eq(errno, ECHILD);
    free(log);
}

static bool at_once(void *ctx)
{
    return ++*(unsigned *)ctx > 3;
}

Test(pool, cancelling_needs_no_result, .timeout = 20)
{
    struct log *log = calloc(1, sizeof(*log));
    unsigned polls = 0;
    struct sk_pool_options o = {
        .workers = 1, .scan = scan, .seconds = 600, .sandbox = true, .cancelled = at_once, .cancel_ctx = &polls
    };
    struct sk_pool *p = sk_pool_new(&o);
    sk_pool_on_deliver(p, note, log);
    submit(p, "hang", 0);
    cr_assert_not(sk_pool_drain(p));
    sk_pool_free(p);
    free(log);
}

Test(pool, workers_die_with_the_parent, .timeout = 20)
{
    cr_assert_eq(prctl(PR_SET_CHILD_SUBREAPER, 1), 0); /* orphans become ours, so that their end is seen */
    pid_t parent = fork();
    if (parent == 0) {
        struct log *log = calloc(1, sizeof(*log));
        struct sk_pool *p = pool_of(2, 600, 0, false, NULL, log);
        submit(p, "hang", 0);
        submit(p, "hang", 1);
        nanosleep(&(struct timespec){ 0, 100000000 }, NULL);
        kill(getpid(), SIGKILL);
    }
    int ended = 0, status;
    for (pid_t pid; (pid = waitpid(-1, &status, 0)) > 0; ended++)
        cr_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    cr_assert_eq(ended, 3);
}

Test(pool, nothing_that_holds_values_may_be_dumped)
{
    sk_no_core();
    struct rlimit r;
    cr_assert_eq(getrlimit(RLIMIT_CORE, &r), 0);
    cr_assert_eq(r.rlim_max, 0);
}
