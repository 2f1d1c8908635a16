/*
 * source.h - read-only bytes with a size: a file descriptor, memory, or a forward-only stream (a member of an archive).
 * Nothing here opens by name or writes.
 */
#ifndef SK_INPUT_SOURCE_H
#define SK_INPUT_SOURCE_H

#include "base/budget.h"
#include "base/bytes.h"
#include "base/mem.h"

#include <sys/types.h>

#define SK_SIZE_UNKNOWN UINT64_MAX
#define SK_HEAD_BYTES ((size_t)64 << 10) /* how much of a stream can be looked at again */

struct sk_source;

/* Pulls the next bytes of a stream: count, 0 at the end, -1 on damage (what was read before stays valid). */
typedef ssize_t (*sk_pull)(void *ctx, void *buf, size_t n);

/* Borrow the memory / descriptor / ctx, which must outlive the source. NULL without memory. */
struct sk_source *sk_source_memory(struct sk_bytes bytes);
struct sk_source *sk_source_fd(int fd, uint64_t size);
struct sk_source *sk_source_stream(sk_pull pull, void *ctx, uint64_t size_or_unknown);
/* Stretches of other random sources, one behind the other: an archive inside a program, volumes of a split archive.
 * The list is copied; the sources are borrowed. NULL without memory, or when a source is a stream. */
struct sk_stretch {
    struct sk_source *source;
    uint64_t off, n;
};
struct sk_source *sk_source_joined(const struct sk_stretch *pieces, size_t n);
/* How many stretches; 0 for other sources. Where the i-th begins. */
size_t sk_source_stretches(const struct sk_source *s);
uint64_t sk_source_stretch(const struct sk_source *s, size_t i);
void sk_source_free(struct sk_source *s);

/* Known for memory and descriptors; for a stream the declared size or SK_SIZE_UNKNOWN. */
uint64_t sk_source_size(const struct sk_source *s);
/* True when any offset may be read; a stream only goes forward from the last offset, but for its first SK_HEAD_BYTES.
 */
bool sk_source_random(const struct sk_source *s);
/* Copies up to n bytes at off; returns the count, 0 at the end, -1 when the device or the container gives an error. */
ssize_t sk_source_read(struct sk_source *s, uint64_t off, void *buf, size_t n);
/* The first min(n, SK_HEAD_BYTES) bytes, valid until the source is freed. */
struct sk_bytes sk_source_head(struct sk_source *s, size_t n);
/*
 * All bytes in memory: memory sources give their own view, others are read into *hold (freed by the caller with
 * sk_buf_free). False when larger than max (budget->spent = TOO_LARGE), on a read error, or without memory.
 */
bool sk_source_all(struct sk_source *s, uint64_t max, struct sk_budget *budget, struct sk_buf *hold,
                   struct sk_bytes *out);

#endif
