#define _GNU_SOURCE
#include "base/bytes.h"

size_t sk_find(struct sk_bytes b, size_t from, const void *needle, size_t n)
{
    if (from > b.n || n > b.n - from)
        return SIZE_MAX;
    if (n == 0)
        return from;
    const void *at = memmem(b.p + from, b.n - from, needle, n);
    return at ? (size_t)((const uint8_t *)at - b.p) : SIZE_MAX;
}
