#define _GNU_SOURCE
#include "work/worker.h"
#include "work/launcher.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define WORKER_FD 3

/* ---------------------------------------------------------------- the parent's end */

bool sk_worker_send(int fd, int file, const char *name, uint64_t size)
{
    size_t n = name ? strlen(name) : 0;
    struct sk_order order = { .size = size,
                              .name = (uint32_t)(n < SK_NAME_MAX ? n : SK_NAME_MAX),
                              .magic = SK_ORDER_MAGIC };
    struct iovec parts[2] = { { &order, sizeof(order) }, { (char *)name, order.name } };
    union {
        struct cmsghdr header;
        char space[CMSG_SPACE(sizeof(int))];
    } control;
    memset(&control, 0, sizeof(control));
    struct msghdr m = {
        .msg_iov = parts, .msg_iovlen = 2, .msg_control = control.space, .msg_controllen = sizeof(control.space)
    };
    struct cmsghdr *c = CMSG_FIRSTHDR(&m);
    c->cmsg_level = SOL_SOCKET;
    c->cmsg_type = SCM_RIGHTS;
    c->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(c), &file, sizeof(int));
    ssize_t sent;
    do
        sent = sendmsg(fd, &m, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    return sent == (ssize_t)(sizeof(order) + order.name); /* far below the socket's buffer: whole or not at all */
}

/* ---------------------------------------------------------------- the worker */

static bool send_all(const void *p, size_t n)
{
    for (const char *at = p; n;) {
        ssize_t sent = send(WORKER_FD, at, n, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent <= 0)
            return false;
        at += sent;
        n -= (size_t)sent;
    }
    return true;
}

static bool answer(enum sk_answer_kind kind, const void *payload, size_t n)
{
    struct rusage use;
    memset(&use, 0, sizeof(use));
    getrusage(RUSAGE_SELF, &use);
    struct sk_answer a = { .kind = kind, .length = (uint32_t)n, .peak_bytes = (uint64_t)use.ru_maxrss << 10 };
    return send_all(&a, sizeof(a)) && send_all(payload, n);
}

static bool receive_all(void *p, size_t n)
{
    for (char *at = p; n;) {
        ssize_t got = recv(WORKER_FD, at, n, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        at += got;
        n -= (size_t)got;
    }
    return true;
}

/* The next file; -1 = the parent has closed. */
static int receive_order(struct sk_order *order, char name[SK_NAME_MAX + 1])
{
    int file = -1;
    union {
        struct cmsghdr header;
        char space[CMSG_SPACE(sizeof(int))];
    } control;
    struct iovec part = { order, sizeof(*order) };
    struct msghdr m = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = control.space, .msg_controllen = sizeof(control.space)
    };
    ssize_t got;
    do
        got = recvmsg(WORKER_FD, &m, MSG_CMSG_CLOEXEC);
    while (got < 0 && errno == EINTR);
    if (got <= 0)
        return -1;
    struct cmsghdr *c = CMSG_FIRSTHDR(&m);
    if (c && c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS && c->cmsg_len == CMSG_LEN(sizeof(int)))
        memcpy(&file, CMSG_DATA(c), sizeof(int));
    if (file < 0 || !receive_all((char *)order + got, sizeof(*order) - (size_t)got) || order->magic != SK_ORDER_MAGIC ||
        order->name > SK_NAME_MAX || !receive_all(name, order->name))
        return -1;
    name[order->name] = '\0';
    return file;
}

/* Nothing of the parent's stays within reach: not its files, its terminal or its reports. */
static bool cut_descriptors(int fd)
{
    fd = fcntl(fd, F_DUPFD_CLOEXEC, 10); /* a parent without standard streams may have it below 3 */
    int null = open("/dev/null", O_RDWR);
    if (fd < 0 || null < 0 || dup2(null, 0) < 0 || dup2(null, 1) < 0 || dup2(null, 2) < 0)
        return false;
    if (dup2(fd, WORKER_FD) < 0)
        return false;
    sk_close_from(WORKER_FD + 1);
    return true;
}

/* Ctrl-C goes to the whole group, but stopping is the parent's to decide; a crash must be a crash, whatever handlers
 * the parent has. */
static void reset_signals(void)
{
    for (int s = 1; s < NSIG; s++)
        signal(s, s == SIGINT || s == SIGTERM || s == SIGHUP || s == SIGQUIT || s == SIGPIPE || s == SIGTSTP ? SIG_IGN
                                                                                                             : SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

static void serve(const struct sk_pool_options *o)
{
    struct sk_order order;
    char name[SK_NAME_MAX + 1];
    struct sk_buf message;
    sk_buf_init(&message, SK_WIRE_MAX);
    for (int file; (file = receive_order(&order, name)) >= 0;) {
        struct seki_result *r = o->scan(o->scan_ctx, file, name, order.size);
        close(file);
        sk_buf_clear(&message);
        bool whole = r && sk_wire_encode(r, &message);
        sk_result_free(r);
        if (!whole) { /* a heap that once was full is not trusted with the next file */
            answer(SK_NO_MEMORY, NULL, 0);
            return;
        }
        if (!answer(SK_RESULT, message.p, message.n))
            return;
        if (message.cap > (1u << 20))
            sk_buf_free(&message);
    }
}

static _Noreturn void work(const struct sk_pool_options *o, int fd, pid_t parent)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) /* it died before the line above */
        _exit(0);
    reset_signals();
    sk_no_core();
    bool cut = cut_descriptors(fd);
    if (cut && o->before_lock)
        o->before_lock(o->scan_ctx);
    bool locked = cut && (!o->sandbox || sk_sandbox_enter(o->memory_bytes));
    if (!locked)
        answer(SK_REFUSED, NULL, 0);
    else if (answer(SK_READY, NULL, 0))
        serve(o);
    _exit(0); /* not exit(): the parent's buffers and handlers are not ours to run */
}

pid_t sk_worker_start(const struct sk_pool_options *o, int *fd)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
        return -1;
    pid_t parent = getpid();
    pid_t pid = fork();
    if (pid == 0)
        work(o, ends[1], parent);
    int error = errno;
    close(ends[1]);
    if (pid < 0) {
        close(ends[0]);
        errno = error;
        return -1;
    }
    *fd = ends[0];
    return pid;
}
