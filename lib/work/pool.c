/*
 * The parent's side. A ring of slots keeps the order of submission; workers take waiting slots, results are delivered
 * from the head. Single-threaded: all progress happens inside submit and drain.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "work/worker.h"

#define MAX_WORKERS 64u
#define SLOTS_PER_WORKER 64u           /* files that may be done while one long file holds the delivery */
#define WAITING_PER_WORKER 4u          /* open descriptors in the queue */
#define HELD_BYTES ((size_t)256 << 20) /* messages of results not yet delivered */
#define AHEAD 2u                       /* files in a worker's hands: the next one is there when it has finished */
#define AHEAD_BYTES                                                                                                    \
    ((uint64_t)1 << 20) /* only small files go ahead: a file must not wait behind a long one while others idle */
#define RECYCLE 20000u  /* files of one worker: heaps fragment */
#define POLL_MS 50
#define READ_BYTES ((size_t)64 << 10)

enum slot_state { WAITING, RUNNING, DONE };
struct slot {
    enum slot_state state;
    int fd;
    char *name;
    uint64_t size;
    void *tag;
    struct seki_result *result;
    size_t bytes; /* of its message */
};

struct worker {
    pid_t pid; /* 0: none */
    int fd;
    bool ready;
    uint64_t deadline_ns; /* of jobs[0] */
    uint64_t jobs[AHEAD]; /* numbers of slots, in order */
    unsigned n_jobs, files;
    struct sk_buf in; /* the answer so far */
};

struct sk_pool {
    struct sk_pool_options o;
    struct worker *workers;
    struct slot *slots;                           /* slot number i is slots[i % capacity] */
    uint64_t head, tail, capacity, waiting, next; /* next: no slot before it is WAITING */
    size_t held;
    uint64_t peak;
    sk_pool_deliver deliver;
    void *deliver_ctx;
    sk_pool_drop drop;
    void *drop_ctx;
    bool stopped;
    pid_t *corpses; /* killed, not yet reaped: a process in an uninterruptible read of a dead server dies late */
    size_t n_corpses, cap_corpses;
};

static struct slot *slot_at(const struct sk_pool *p, uint64_t i)
{
    return &p->slots[i % p->capacity];
}

static uint64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* ---------------------------------------------------------------- files that gave no result */

static struct seki_result *unread(const struct slot *s, enum sk_reason reason, const char *detail)
{
    struct seki_result *r = sk_new(1, sizeof(*r));
    if (!r)
        return NULL;
    sk_arena_init(&r->arena, 1 << 20);
    struct sk_part *part = sk_arena_new(&r->arena, 1, sizeof(*part));
    struct sk_why *why = sk_arena_new(&r->arena, 1, sizeof(*why));
    const char *name = s->name ? s->name : "";
    if (!part || !why || !(part->name = sk_arena_string(&r->arena, name, strlen(name))) ||
        !(why->detail = sk_arena_string(&r->arena, detail, strlen(detail)))) {
        sk_result_free(r);
        return NULL;
    }
    part->format = "";
    why->reason = (uint8_t)reason;
    r->state = SK_UNINSPECTABLE;
    r->format = "";
    r->size = s->size;
    r->parts = part;
    r->whys = why;
    r->n_parts = r->n_whys = 1;
    return r;
}

static void finish(struct sk_pool *p, uint64_t number, struct seki_result *r, size_t bytes)
{
    struct slot *s = slot_at(p, number);
    if (s->fd >= 0)
        close(s->fd);
    s->fd = -1;
    s->state = DONE;
    s->result = r;
    s->bytes = bytes;
    p->held += bytes;
    if (!r) /* no memory even for saying so: never deliver it as an unread slot */
        p->stopped = true;
}

/* ---------------------------------------------------------------- workers */

static void reap_corpses(struct sk_pool *p)
{
    for (size_t i = 0; i < p->n_corpses;) {
        if (waitpid(p->corpses[i], NULL, WNOHANG) == 0)
            i++;
        else
            p->corpses[i] = p->corpses[--p->n_corpses];
    }
}

struct end {
    int status;
    uint64_t peak;
    bool killed; /* by us: its own end is not known */
};

/* Ends the worker. One that has closed its socket gets a moment to be dead of its own signal. */
static struct end bury(struct sk_pool *p, struct worker *w)
{
    struct rusage use;
    struct end e = { 0 };
    memset(&use, 0, sizeof(use));
    close(w->fd);
    pid_t got = wait4(w->pid, &e.status, WNOHANG, &use);
    for (unsigned ms = 0; got == 0 && ms < 200; ms++) {
        if (ms == 20)
            e.killed = kill(w->pid, SIGKILL) == 0;
        struct timespec pause = { 0, 1000000 };
        nanosleep(&pause, NULL);
        got = wait4(w->pid, &e.status, WNOHANG, &use);
    }
    if (got == 0 && sk_grow(&p->corpses, &p->cap_corpses, p->n_corpses + 1, sizeof(*p->corpses)))
        p->corpses[p->n_corpses++] = w->pid;
    e.peak = (uint64_t)use.ru_maxrss << 10;
    if (e.peak > p->peak)
        p->peak = e.peak;
    w->pid = 0;
    w->fd = -1;
    sk_buf_free(&w->in);
    return e;
}

/* How it ended, as a reason. Libraries crash or abort when an allocation fails, so an end close to the limit is a
 * memory blow-up, and so is a kill that was not ours: the kernel's out-of-memory killer. */
static enum sk_reason cause(const struct sk_pool *p, const struct end *e, char detail[32])
{
    if (!e->killed && WIFSIGNALED(e->status)) {
        int s = WTERMSIG(e->status);
        if (s == SIGKILL || (p->o.memory_bytes && e->peak >= p->o.memory_bytes - p->o.memory_bytes / 8)) {
            snprintf(detail, 32, "memory");
            return SK_WHY_TOO_LARGE;
        }
        const char *name = sigabbrev_np(s);
        snprintf(detail, 32, "SIG%s", name ? name : "?");
    } else if (!e->killed && WIFEXITED(e->status)) {
        snprintf(detail, 32, "exit %d", WEXITSTATUS(e->status));
    } else {
        snprintf(detail, 32, "protocol");
    }
    return SK_WHY_CRASHED;
}

/* The worker is lost: its first file gets the reason (NONE: as the worker's end tells), the file ahead goes back into
 * the queue. */
static void lose(struct sk_pool *p, struct worker *w, enum sk_reason reason, const char *detail)
{
    char how[32];
    if (reason != SK_WHY_NONE)
        kill(w->pid, SIGKILL);
    struct end e = bury(p, w);
    if (reason == SK_WHY_NONE) {
        reason = cause(p, &e, how);
        detail = how;
    }
    if (w->n_jobs)
        finish(p, w->jobs[0], unread(slot_at(p, w->jobs[0]), reason, detail), 0);
    for (unsigned i = 1; i < w->n_jobs; i++) {
        slot_at(p, w->jobs[i])->state = WAITING;
        p->waiting++;
        if (w->jobs[i] < p->next)
            p->next = w->jobs[i];
    }
    w->n_jobs = 0;
}

static bool start(struct sk_pool *p, struct worker *w)
{
    int fd;
    pid_t pid = sk_worker_start(&p->o, &fd);
    if (pid < 0)
        return false;
    *w = (struct worker){ .pid = pid, .fd = fd };
    sk_buf_init(&w->in, sizeof(struct sk_answer) + SK_WIRE_MAX);
    return true;
}

static void start_clock(const struct sk_pool *p, struct worker *w)
{
    w->deadline_ns = now_ns() + (uint64_t)p->o.seconds * 1000000000u;
}

/* ---------------------------------------------------------------- answers */

/* One whole answer of n bytes. False: the worker is not to be used again, and has been replaced by nothing. */
static bool take_answer(struct sk_pool *p, struct worker *w, const struct sk_answer *a, struct sk_bytes payload)
{
    if (a->peak_bytes > p->peak && a->peak_bytes < UINT64_MAX / 2)
        p->peak = a->peak_bytes;
    if (!w->ready) {
        if (a->kind == SK_READY && payload.n == 0) {
            w->ready = true;
            return true;
        }
        lose(p, w, SK_WHY_CRASHED, a->kind == SK_REFUSED ? "sandbox" : "protocol");
        return false;
    }
    if (!w->n_jobs || (a->kind != SK_RESULT && a->kind != SK_NO_MEMORY)) {
        lose(p, w, SK_WHY_CRASHED, "protocol");
        return false;
    }
    if (a->kind == SK_NO_MEMORY) {
        lose(p, w, SK_WHY_TOO_LARGE, "memory");
        return false;
    }
    struct seki_result *r = sk_wire_decode(payload);
    if (!r) {
        lose(p, w, SK_WHY_CRASHED, "protocol");
        return false;
    }
    finish(p, w->jobs[0], r, payload.n);
    w->files++;
    w->n_jobs--;
    memmove(w->jobs, w->jobs + 1, w->n_jobs * sizeof(*w->jobs));
    if (w->n_jobs)
        start_clock(p, w);
    return true;
}

/* Reads what has come; false when the worker was lost. */
static bool receive(struct sk_pool *p, struct worker *w)
{
    for (;;) {
        struct sk_answer a;
        if (w->in.n >= sizeof(a)) {
            memcpy(&a, w->in.p, sizeof(a));
            if (a.kind >= SK_ANSWERS || a.length > SK_WIRE_MAX) {
                lose(p, w, SK_WHY_CRASHED, "protocol");
                return false;
            }
            size_t whole = sizeof(a) + a.length;
            if (w->in.n >= whole) {
                if (!take_answer(p, w, &a, sk_bytes(w->in.p + sizeof(a), a.length)))
                    return false;
                w->in.n -= whole;
                memmove(w->in.p, w->in.p + whole, w->in.n);
                if (w->in.n == 0 && w->in.cap > ((size_t)1 << 20))
                    sk_buf_free(&w->in);
                continue;
            }
        }
        size_t room = w->in.ceiling - w->in.n; /* at least 1: a whole answer fits */
        if (room > READ_BYTES)
            room = READ_BYTES;
        if (!sk_buf_reserve(&w->in, room)) {
            lose(p, w, SK_WHY_TOO_LARGE, "memory");
            return false;
        }
        ssize_t got = recv(w->fd, w->in.p + w->in.n, room, MSG_DONTWAIT);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
            return true;
        if (got <= 0) {
            lose(p, w, SK_WHY_NONE, NULL);
            return false;
        }
        w->in.n += (size_t)got;
    }
}

/* ---------------------------------------------------------------- handing out */

static struct slot *next_waiting(struct sk_pool *p)
{
    while (p->next < p->tail && slot_at(p, p->next)->state != WAITING)
        p->next++;
    return p->next < p->tail ? slot_at(p, p->next) : NULL;
}

static bool may_take(const struct sk_pool *p, const struct worker *w, const struct slot *s)
{
    if (w->n_jobs == 0)
        return w->files < RECYCLE;
    return w->n_jobs < AHEAD && w->files + w->n_jobs < RECYCLE && s->size < AHEAD_BYTES &&
           slot_at(p, w->jobs[0])->size < AHEAD_BYTES;
}

static void hand(struct sk_pool *p, struct worker *w, struct slot *s)
{
    bool sent = sk_worker_send(w->fd, s->fd, s->name, s->size);
    if (!sent && (w->ready || w->n_jobs)) { /* it is gone: what it said before counts, and this file keeps waiting */
        if (receive(p, w))
            lose(p, w, SK_WHY_NONE, NULL);
        return;
    }
    s->state = RUNNING;
    p->waiting--;
    w->jobs[w->n_jobs++] = p->next;
    if (!sent) /* a replacement that never came up: charged to the file, so that this cannot go on for ever */
        lose(p, w, SK_WHY_NONE, NULL);
    else if (w->n_jobs == 1)
        start_clock(p, w);
}

/* Idle workers first, then one ahead; dead and worn-out ones are replaced when there is work. */
static void dispatch(struct sk_pool *p)
{
    unsigned alive = 0, failed_starts = 0;
    for (unsigned ahead = 0; ahead < AHEAD; ahead++) {
        for (unsigned i = 0; i < p->o.workers && next_waiting(p); i++) {
            struct worker *w = &p->workers[i];
            if (w->pid && w->n_jobs == 0 && w->files >= RECYCLE)
                bury(p, w);
            if (!w->pid && !start(p, w)) {
                failed_starts++;
                continue;
            }
            alive++;
            if (w->n_jobs <= ahead && may_take(p, w, next_waiting(p)))
                hand(p, w, next_waiting(p));
        }
    }
    struct slot *s = next_waiting(p);
    if (s && failed_starts && !alive) { /* the system gives no processes: say so for this file, never hang */
        p->waiting--;
        finish(p, p->next, unread(s, SK_WHY_CRASHED, "fork"), 0);
    }
}

/* ---------------------------------------------------------------- waiting */

static bool head_done(const struct sk_pool *p)
{
    return p->head < p->tail && slot_at(p, p->head)->state == DONE;
}

static void deliver_ready(struct sk_pool *p)
{
    while (!p->stopped && head_done(p)) {
        struct slot s = *slot_at(p, p->head);
        p->head++;
        p->held -= s.bytes;
        free(s.name);
        if (!p->deliver)
            sk_result_free(s.result);
        else if (!p->deliver(p->deliver_ctx, s.tag, s.result))
            p->stopped = true;
    }
}

static void kill_overdue(struct sk_pool *p)
{
    uint64_t now = now_ns();
    for (unsigned i = 0; i < p->o.workers; i++) {
        struct worker *w = &p->workers[i];
        if (w->pid && w->n_jobs && now >= w->deadline_ns) {
            char detail[32];
            snprintf(detail, sizeof(detail), "%u s", p->o.seconds);
            lose(p, w, SK_WHY_TIMEOUT, detail);
        }
    }
}

static int wait_ms(const struct sk_pool *p)
{
    uint64_t now = now_ns(), first = now + (uint64_t)60 * 1000000000u;
    for (unsigned i = 0; i < p->o.workers; i++)
        if (p->workers[i].pid && p->workers[i].n_jobs && p->workers[i].deadline_ns < first)
            first = p->workers[i].deadline_ns;
    int ms = first <= now ? 0 : (int)((first - now) / 1000000u) + 1;
    return p->o.cancelled && ms > POLL_MS ? POLL_MS : ms;
}

/* One round: take what workers have to say, waiting for it if asked; hand out; deliver. */
static void turn(struct sk_pool *p, bool wait)
{
    struct pollfd fds[MAX_WORKERS];
    unsigned which[MAX_WORKERS], n = 0;
    for (unsigned i = 0; i < p->o.workers; i++)
        if (p->workers[i].pid) {
            fds[n] = (struct pollfd){ .fd = p->workers[i].fd, .events = POLLIN };
            which[n++] = i;
        }
    if (n && poll(fds, n, wait ? wait_ms(p) : 0) > 0)
        for (unsigned i = 0; i < n; i++)
            if (fds[i].revents)
                receive(p, &p->workers[which[i]]);
    kill_overdue(p);
    if (p->n_corpses)
        reap_corpses(p);
    if (p->o.cancelled && p->o.cancelled(p->o.cancel_ctx))
        p->stopped = true;
    dispatch(p);
    deliver_ready(p);
}

/* ---------------------------------------------------------------- the interface */

bool sk_pool_submit(struct sk_pool *p, int fd, const char *name, uint64_t size, void *tag)
{
    const uint64_t most_waiting = (uint64_t)p->o.workers * WAITING_PER_WORKER;
    while (!p->stopped && (p->tail - p->head == p->capacity || (fd >= 0 && p->waiting >= most_waiting) ||
                           (p->held >= HELD_BYTES && p->head < p->tail)))
        turn(p, true);
    char *copy = name ? sk_copy_string(name, strlen(name)) : NULL;
    if (p->stopped || (name && !copy)) {
        if (fd >= 0)
            close(fd);
        free(copy);
        p->stopped = true;
        if (p->drop)
            p->drop(p->drop_ctx, tag);
        return false;
    }
    *slot_at(p, p->tail) =
        (struct slot){ .state = fd >= 0 ? WAITING : DONE, .fd = fd, .name = copy, .size = size, .tag = tag };
    p->tail++;
    p->waiting += fd >= 0;
    turn(p, false);
    return !p->stopped;
}

bool sk_pool_drain(struct sk_pool *p)
{
    while (!p->stopped && p->head < p->tail)
        turn(p, !head_done(p));
    return !p->stopped;
}

void sk_pool_on_deliver(struct sk_pool *p, sk_pool_deliver f, void *ctx)
{
    p->deliver = f;
    p->deliver_ctx = ctx;
}

void sk_pool_on_drop(struct sk_pool *p, sk_pool_drop f, void *ctx)
{
    p->drop = f;
    p->drop_ctx = ctx;
}

uint64_t sk_pool_peak_bytes(const struct sk_pool *p)
{
    return p->peak;
}

void sk_pool_free(struct sk_pool *p)
{
    if (!p)
        return;
    for (unsigned i = 0; p->workers && i < p->o.workers; i++)
        if (p->workers[i].pid) {
            kill(p->workers[i].pid, SIGKILL);
            bury(p, &p->workers[i]);
        }
    reap_corpses(p);
    for (uint64_t i = p->head; i < p->tail; i++) {
        struct slot *s = slot_at(p, i);
        if (s->fd >= 0)
            close(s->fd);
        free(s->name);
        sk_result_free(s->result);
        if (p->drop)
            p->drop(p->drop_ctx, s->tag);
    }
    free(p->workers);
    free(p->slots);
    free(p->corpses);
    free(p);
}

/* All are asked to be ready before the first file: a kernel that refuses the sandbox is an error of the run, not of
 * every file. */
static bool all_ready(struct sk_pool *p)
{
    for (unsigned i = 0; i < p->o.workers; i++) {
        struct worker *w = &p->workers[i];
        uint64_t give_up = now_ns() + (uint64_t)30 * 1000000000u;
        while (w->pid && !w->ready && now_ns() < give_up) {
            struct pollfd fd = { .fd = w->fd, .events = POLLIN };
            if (poll(&fd, 1, 1000) > 0)
                receive(p, w);
        }
        if (!w->pid || !w->ready)
            return false;
    }
    return true;
}

struct sk_pool *sk_pool_new(const struct sk_pool_options *o)
{
    struct sk_pool *p = sk_new(1, sizeof(*p));
    if (!p)
        return NULL;
    p->o = *o;
    p->o.workers = o->workers == 0 ? 1 : o->workers > MAX_WORKERS ? MAX_WORKERS : o->workers;
    p->o.seconds = o->seconds ? o->seconds : 630;
    p->capacity = (uint64_t)p->o.workers * SLOTS_PER_WORKER;
    p->workers = sk_new(p->o.workers, sizeof(*p->workers));
    p->slots = sk_new((size_t)p->capacity, sizeof(*p->slots));
    bool ok = p->workers && p->slots;
    for (unsigned i = 0; ok && i < p->o.workers; i++)
        ok = start(p, &p->workers[i]);
    if (!ok || !all_ready(p)) {
        sk_pool_free(p);
        return NULL;
    }
    return p;
}
