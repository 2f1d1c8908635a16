/*
 * inflate64.h - Deflate64 (ZIP method 9), which Windows Explorer writes for files of 2 GiB and more and no library here
 * reads. It is Deflate (RFC 1951) with a window of 64 KiB, distance codes 30 and 31, and length code 285 = 3 + 16 extra
 * bits.
 */
#ifndef SK_EXTRACT_INFLATE64_H
#define SK_EXTRACT_INFLATE64_H

#include "base/mem.h"

#include <sys/types.h>

/* Gives further input: *p and the count; 0 at the end. */
typedef size_t (*sk_inflate64_more)(void *ctx, const uint8_t **p);

struct sk_inflate64;
struct sk_inflate64 *sk_inflate64_new(sk_inflate64_more more, void *ctx); /* NULL without memory */
/* Up to n bytes; 0 at the end mark; -1 on damage (what was given before stays good). */
ssize_t sk_inflate64_step(struct sk_inflate64 *s, uint8_t *out, size_t n);
void sk_inflate64_free(struct sk_inflate64 *s);

#endif
