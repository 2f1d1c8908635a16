/*
 * pool.h - worker processes. The parent walks and opens; a worker gets a descriptor over a socket, is locked (seccomp,
 * rlimits, landlock where the kernel has it) before the first byte, scans, and answers with one length-checked message.
 * A crash, a hang or a memory blow-up costs one file; the worker is replaced. Results come back in the order of
 * submission, whatever the number of workers.
 */
#ifndef SK_WORK_POOL_H
#define SK_WORK_POOL_H

#include "report/wire.h"

/* What a worker does with a descriptor; runs in the worker. Returns NULL without memory. */
typedef struct seki_result *(*sk_pool_scan)(void *ctx, int fd, const char *name, uint64_t size);

struct sk_pool_options {
    unsigned workers; /* [1], at most 64 */
    sk_pool_scan scan;
    void *scan_ctx;                      /* made before the fork; shared copy-on-write */
    void (*before_lock)(void *scan_ctx); /* may be NULL; runs in the worker, while it may still start processes */
    uint32_t seconds;                    /* wall time of one file before the worker is killed [600 + 30] */
    uint64_t memory_bytes;               /* RLIMIT_AS beyond what the worker has at its start [2 GiB]; 0 = none */
    bool sandbox;                        /* lock workers [true] */
    bool (*cancelled)(void *ctx);        /* may be NULL; polled every 50 ms while waiting. True stops the pool. */
    void *cancel_ctx;
};

struct sk_pool;
struct sk_pool *sk_pool_new(const struct sk_pool_options *o); /* NULL: fork failed or no memory */
/* Queues one file; the descriptor is closed by the pool. fd < 0: no descriptor, an empty slot that keeps its place in
 * the order and is delivered with result == NULL. Blocks, delivering earlier results, while the queue is full. */
bool sk_pool_submit(struct sk_pool *p, int fd, const char *name, uint64_t size, void *tag);
/* Delivered in order of submission, in the parent, from within submit and drain. The callee owns result
 * (sk_result_free). For crashed or timed-out files result has state UNINSPECTABLE and the reason. Returning false stops
 * the pool. */
typedef bool (*sk_pool_deliver)(void *ctx, void *tag, struct seki_result *result);
void sk_pool_on_deliver(struct sk_pool *p, sk_pool_deliver f, void *ctx);
/* For a file that will never be delivered because the pool was stopped: from a submit that returns false, and from
 * sk_pool_free. */
typedef void (*sk_pool_drop)(void *ctx, void *tag);
void sk_pool_on_drop(struct sk_pool *p, sk_pool_drop f, void *ctx);
bool sk_pool_drain(struct sk_pool *p);
void sk_pool_free(struct sk_pool *p);                 /* kills workers that still run */
uint64_t sk_pool_peak_bytes(const struct sk_pool *p); /* largest resident set of a worker so far */

/* The message is report/wire.h. */

/* sandbox.c: locks this process: no new files, sockets, processes or programs. False with errno when the kernel
 * refuses. */
bool sk_sandbox_enter(uint64_t memory_bytes);
/* No core dump and no ptrace by others: what this process holds in memory is not written anywhere. Workers always do
 * it; a parent that scans in process may. */
void sk_no_core(void);

#endif
