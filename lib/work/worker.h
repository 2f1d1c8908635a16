/*
 * worker.h - the two ends of a worker's socket. Down: struct sk_order, with the descriptor as SCM_RIGHTS, then the
 * name. Up: struct sk_answer, then its payload. Both ends are one binary on one machine, so the structs travel as they
 * are.
 */
#ifndef SK_WORK_WORKER_H
#define SK_WORK_WORKER_H

#include <sys/types.h>

#include "work/pool.h"

struct sk_order {
    uint64_t size; /* of the file */
    uint32_t name; /* bytes that follow */
    uint32_t magic;
};
#define SK_ORDER_MAGIC 0x4F4B4553u
#define SK_NAME_MAX 1024u

enum sk_answer_kind { SK_READY, SK_REFUSED /* could not be locked */, SK_RESULT, SK_NO_MEMORY, SK_ANSWERS };
struct sk_answer {
    uint32_t kind;
    uint32_t length;     /* payload that follows */
    uint64_t peak_bytes; /* largest resident set so far */
};

/* Forks a worker. *fd is the parent's end, non-blocking by MSG_DONTWAIT only. Returns -1 with errno. */
pid_t sk_worker_start(const struct sk_pool_options *o, int *fd);
/* Sends one file; the descriptor stays the caller's. */
bool sk_worker_send(int fd, int file, const char *name, uint64_t size);

#endif
