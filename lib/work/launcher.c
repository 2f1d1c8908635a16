#define _GNU_SOURCE
#include "work/launcher.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifndef SEKISHO_HELPERS_DIR
#define SEKISHO_HELPERS_DIR "/usr/local/libexec/sekisho"
#endif
#define SLOTS 16u /* documents inside documents, each read by a program of its own */
#define GRACE_MS 300u
#define TICK_MS 50
#define PATH_MAX_HERE 4096u
#define SOCKET_FD 3
#define MAGIC 0x4B4C4853u
#define EXIT_MEMORY 3 /* what our helpers say when memory ends */
#define EXIT_ABSENT 127

enum op { START, FINISH };
struct order {
    uint32_t magic, op, slot, seconds;
    char name[16];
};
struct reply {
    int32_t value; /* START: slot or -1; FINISH: enum sk_helper_end */
};

struct sk_launcher {
    int fd; /* -1: not forked */
    pid_t owner;
    int fds[SLOTS]; /* the program's socket in this process; -1 = free */
    struct sk_helper helper;
    char folder[PATH_MAX_HERE];
};

void sk_close_from(unsigned first)
{
#ifdef SYS_close_range
    if (syscall(SYS_close_range, first, ~0u, 0u) == 0)
        return;
#endif
    long most = sysconf(_SC_OPEN_MAX);
    for (long fd = first; fd < (most > 0 && most < 65536 ? most : 65536); fd++)
        close((int)fd);
}

/* ---------------------------------------------------------------- messages */

union control {
    struct cmsghdr header;
    char space[CMSG_SPACE(sizeof(int))];
};

/* One message of the sequenced-packet socket, with a descriptor when fd >= 0. */
static bool send_message(int to, void *p, size_t n, int fd)
{
    struct iovec part = { p, n };
    union control control;
    struct msghdr m = { .msg_iov = &part, .msg_iovlen = 1 };
    if (fd >= 0) {
        memset(&control, 0, sizeof(control));
        m.msg_control = control.space;
        m.msg_controllen = sizeof(control.space);
        struct cmsghdr *c = CMSG_FIRSTHDR(&m);
        c->cmsg_level = SOL_SOCKET;
        c->cmsg_type = SCM_RIGHTS;
        c->cmsg_len = CMSG_LEN(sizeof(int));
        memcpy(CMSG_DATA(c), &fd, sizeof(int));
    }
    ssize_t sent;
    do
        sent = sendmsg(to, &m, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    return sent == (ssize_t)n;
}

static bool receive_message(int from, void *p, size_t n, int *fd)
{
    struct iovec part = { p, n };
    union control control;
    struct msghdr m = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = control.space, .msg_controllen = sizeof(control.space)
    };
    memset(&control, 0, sizeof(control));
    *fd = -1;
    ssize_t got;
    do
        got = recvmsg(from, &m, MSG_CMSG_CLOEXEC);
    while (got < 0 && errno == EINTR);
    struct cmsghdr *c = got > 0 ? CMSG_FIRSTHDR(&m) : NULL;
    if (c && c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS && c->cmsg_len == CMSG_LEN(sizeof(int)))
        memcpy(fd, CMSG_DATA(c), sizeof(int));
    return got == (ssize_t)n;
}

/* ---------------------------------------------------------------- the launcher's process */

struct child {
    pid_t pid; /* 0 = free */
    uint64_t deadline_ns;
    bool overdue;
};

static uint64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* folder/sekisho-NAME, with a name of small letters only. */
static bool program_path(const char *folder, const struct order *o, char path[PATH_MAX_HERE + 32])
{
    size_t n = strnlen(o->name, sizeof(o->name));
    if (n == 0 || n == sizeof(o->name))
        return false;
    for (size_t i = 0; i < n; i++)
        if (o->name[i] < 'a' || o->name[i] > 'z')
            return false;
    snprintf(path, PATH_MAX_HERE + 32, "%s/sekisho-%s", folder, o->name);
    return access(path, X_OK) == 0;
}

/* The program gets one end as its standard input and output, and nothing else of ours: no environment, no files. */
static pid_t start_program(const char *path, uint32_t seconds, int fd)
{
    char number[16], *argv[] = { (char *)path, number, NULL }, *none[] = { NULL };
    snprintf(number, sizeof(number), "%u", seconds);
    posix_spawn_file_actions_t actions;
    if (posix_spawn_file_actions_init(&actions) != 0)
        return -1;
    pid_t pid = -1;
    if (posix_spawn_file_actions_adddup2(&actions, fd, 0) != 0 ||
        posix_spawn_file_actions_adddup2(&actions, fd, 1) != 0 || posix_spawn(&pid, path, &actions, NULL, argv, none))
        pid = -1;
    posix_spawn_file_actions_destroy(&actions);
    return pid;
}

static void on_start(const char *folder, struct child *children, const struct order *o)
{
    struct reply r = { -1 };
    int ends[2] = { -1, -1 };
    char path[PATH_MAX_HERE + 32];
    uint32_t slot = 0;
    while (slot < SLOTS && children[slot].pid)
        slot++;
    if (slot < SLOTS && program_path(folder, o, path) &&
        socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0) {
        struct timeval tick = { 0, TICK_MS * 1000 };
        setsockopt(ends[0], SOL_SOCKET, SO_RCVTIMEO, &tick, sizeof(tick));
        setsockopt(ends[0], SOL_SOCKET, SO_SNDTIMEO, &tick, sizeof(tick));
        pid_t pid = start_program(path, o->seconds, ends[1]);
        if (pid > 0) {
            children[slot] = (struct child){ pid, now_ns() + (uint64_t)o->seconds * 1000000000u, false };
            r.value = (int32_t)slot;
        }
    }
    send_message(SOCKET_FD, &r, sizeof(r), r.value >= 0 ? ends[0] : -1);
    if (ends[0] >= 0) {
        close(ends[0]);
        close(ends[1]);
    }
}

static enum sk_helper_end how(const struct child *c, int status)
{
    if (c->overdue)
        return SK_HELPER_TIMEOUT;
    if (WIFSIGNALED(status))
        return WTERMSIG(status) == SIGXCPU ? SK_HELPER_TIMEOUT : SK_HELPER_CRASHED;
    switch (WEXITSTATUS(status)) {
    case 0:
        return SK_HELPER_DONE;
    case EXIT_MEMORY:
        return SK_HELPER_MEMORY;
    case EXIT_ABSENT:
        return SK_HELPER_ABSENT;
    default:
        return SK_HELPER_CRASHED;
    }
}

static void on_finish(struct child *children, const struct order *o)
{
    struct reply r = { SK_HELPER_CRASHED };
    struct child *c = o->slot < SLOTS ? &children[o->slot] : NULL;
    if (c && c->pid) {
        int status = 0;
        pid_t got = waitpid(c->pid, &status, WNOHANG);
        for (unsigned ms = 0; got == 0 && ms < GRACE_MS; ms++) {
            struct timespec pause = { 0, 1000000 };
            nanosleep(&pause, NULL);
            got = waitpid(c->pid, &status, WNOHANG);
        }
        if (got == 0) {
            kill(c->pid, SIGKILL);
            waitpid(c->pid, &status, 0);
        }
        r.value = (int32_t)how(c, status);
        c->pid = 0;
    }
    send_message(SOCKET_FD, &r, sizeof(r), -1);
}

/* Kills what is over its time; it stays until the worker asks how it ended. Milliseconds until the next. */
static int kill_overdue(struct child *children)
{
    uint64_t now = now_ns(), wait = (uint64_t)3600 * 1000;
    for (unsigned i = 0; i < SLOTS; i++) {
        struct child *c = &children[i];
        if (!c->pid || c->overdue)
            continue;
        if (now >= c->deadline_ns) {
            c->overdue = true;
            kill(c->pid, SIGKILL);
        } else if ((c->deadline_ns - now) / 1000000u + 1 < wait) {
            wait = (c->deadline_ns - now) / 1000000u + 1;
        }
    }
    return (int)wait;
}

static _Noreturn void serve(const char *folder)
{
    struct child children[SLOTS] = { { 0 } };
    for (;;) {
        struct pollfd p = { .fd = SOCKET_FD, .events = POLLIN };
        int ready = poll(&p, 1, kill_overdue(children));
        if (ready < 0 && errno != EINTR)
            break;
        if (ready <= 0)
            continue;
        struct order o;
        int none;
        if (!receive_message(SOCKET_FD, &o, sizeof(o), &none) || o.magic != MAGIC)
            break;
        if (none >= 0)
            close(none);
        if (o.op == START)
            on_start(folder, children, &o);
        else
            on_finish(children, &o);
    }
    for (unsigned i = 0; i < SLOTS; i++)
        if (children[i].pid)
            kill(children[i].pid, SIGKILL);
    _exit(0);
}

static _Noreturn void become_launcher(const char *folder, int fd)
{
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    for (int s = 1; s < NSIG; s++) /* stopping is the worker's to decide; the programs inherit what is ignored */
        signal(s, s == SIGINT || s == SIGTERM || s == SIGHUP || s == SIGQUIT || s == SIGTSTP ? SIG_IGN : SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    fd = fcntl(fd, F_DUPFD_CLOEXEC, 10);
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (fd < 0 || null < 0 || dup2(null, 0) < 0 || dup2(null, 1) < 0 || dup2(null, 2) < 0 ||
        dup3(fd, SOCKET_FD, O_CLOEXEC) < 0)
        _exit(1);
    sk_close_from(SOCKET_FD + 1);
    serve(folder);
}

/* ---------------------------------------------------------------- the worker's side */

bool sk_launcher_fork(struct sk_launcher *l)
{
    int ends[2];
    if (l->fd >= 0 && l->owner == getpid())
        return true;
    l->fd = -1; /* inherited over a fork: another process's */
    for (unsigned i = 0; i < SLOTS; i++)
        l->fds[i] = -1;
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
        return false;
    pid_t pid = fork();
    if (pid == 0) {
        /* Twice, so that the launcher is no child of a host that waits for its own children. */
        pid_t again = fork();
        if (again == 0)
            become_launcher(l->folder, ends[1]);
        _exit(again < 0);
    }
    close(ends[1]);
    int status = 1;
    while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    if (pid < 0 || status != 0) {
        close(ends[0]);
        return false;
    }
    l->fd = ends[0];
    l->owner = getpid();
    return true;
}

static int start_helper(void *ctx, const char *name, uint32_t seconds)
{
    struct sk_launcher *l = ctx;
    struct order o = { .magic = MAGIC, .op = START, .seconds = seconds };
    struct reply r;
    int fd;
    if (strlen(name) >= sizeof(o.name) || !sk_launcher_fork(l))
        return -1;
    memcpy(o.name, name, strlen(name));
    if (!send_message(l->fd, &o, sizeof(o), -1) || !receive_message(l->fd, &r, sizeof(r), &fd))
        return -1;
    if (fd >= 0 && r.value >= 0 && r.value < (int32_t)SLOTS && l->fds[r.value] < 0)
        return l->fds[r.value] = fd;
    if (fd >= 0)
        close(fd);
    return -1;
}

static enum sk_helper_end finish_helper(void *ctx, int fd)
{
    struct sk_launcher *l = ctx;
    struct order o = { .magic = MAGIC, .op = FINISH };
    struct reply r;
    int none;
    while (o.slot < SLOTS && l->fds[o.slot] != fd)
        o.slot++;
    close(fd);
    if (o.slot == SLOTS)
        return SK_HELPER_CRASHED;
    l->fds[o.slot] = -1;
    if (!send_message(l->fd, &o, sizeof(o), -1) || !receive_message(l->fd, &r, sizeof(r), &none))
        return SK_HELPER_CRASHED;
    if (none >= 0)
        close(none);
    return r.value >= 0 && r.value <= SK_HELPER_ABSENT ? (enum sk_helper_end)r.value : SK_HELPER_CRASHED;
}

static const char *folder_of(const char *given)
{
    const char *env = secure_getenv("SEKISHO_HELPERS");
    if (given || env)
        return given ? given : env;
#ifdef SEKISHO_BUILD_HELPERS_DIR
    if (access(SEKISHO_BUILD_HELPERS_DIR, X_OK) == 0)
        return SEKISHO_BUILD_HELPERS_DIR;
#endif
    return SEKISHO_HELPERS_DIR;
}

struct sk_launcher *sk_launcher_new(const char *folder)
{
    struct sk_launcher *l = sk_new(1, sizeof(*l));
    if (!l)
        return NULL;
    folder = folder_of(folder);
    l->fd = -1;
    for (unsigned i = 0; i < SLOTS; i++)
        l->fds[i] = -1;
    if (strlen(folder) < sizeof(l->folder)) /* else: no program is found in "" */
        memcpy(l->folder, folder, strlen(folder));
    l->helper = (struct sk_helper){ l, start_helper, finish_helper };
    return l;
}

const struct sk_helper *sk_launcher_helper(struct sk_launcher *l)
{
    return l ? &l->helper : NULL;
}

void sk_launcher_free(struct sk_launcher *l)
{
    if (!l)
        return;
    if (l->fd >= 0 && l->owner == getpid())
        close(l->fd);
    free(l);
}
