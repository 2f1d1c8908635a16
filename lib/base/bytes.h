/*
 * bytes.h - the one byte reader. A struct sk_bytes is a view that only shrinks; no read can pass its end.
 * Every binary parser of the library reads through these functions.
 */
#ifndef SK_BASE_BYTES_H
#define SK_BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct sk_bytes {
    const uint8_t *p;
    size_t n;
};

static inline struct sk_bytes sk_bytes(const void *p, size_t n)
{
    struct sk_bytes b = { (const uint8_t *)p, n };
    return b;
}

/* Moves the first n bytes into *out; false, with b unchanged, when there are fewer. */
static inline bool sk_take(struct sk_bytes *b, size_t n, struct sk_bytes *out)
{
    if (b->n < n)
        return false;
    *out = sk_bytes(b->p, n);
    b->p += n;
    b->n -= n;
    return true;
}

static inline bool sk_skip(struct sk_bytes *b, size_t n)
{
    struct sk_bytes unused;
    return sk_take(b, n, &unused);
}

/* A view of [off, off + n); false when that is not wholly inside. */
static inline bool sk_slice(struct sk_bytes b, uint64_t off, uint64_t n, struct sk_bytes *out)
{
    if (off > b.n || n > b.n - off)
        return false;
    *out = sk_bytes(b.p + off, (size_t)n);
    return true;
}

static inline bool sk_starts(struct sk_bytes b, const char *lit, size_t n)
{
    /* NOLINTNEXTLINE(clang-analyzer-*) */
    return b.n >= n && memcmp(b.p, lit, n) == 0;
}
#define SK_STARTS(b, lit) sk_starts((b), (lit), sizeof(lit) - 1)

static inline bool sk_u8(struct sk_bytes *b, uint8_t *out)
{
    struct sk_bytes v;
    if (!sk_take(b, 1, &v))
        return false;
    *out = v.p[0];
    return true;
}

static inline bool sk_u16le(struct sk_bytes *b, uint16_t *out)
{
    struct sk_bytes v;
    if (!sk_take(b, 2, &v))
        return false;
    *out = (uint16_t)(v.p[0] | v.p[1] << 8);
    return true;
}

static inline bool sk_u16be(struct sk_bytes *b, uint16_t *out)
{
    struct sk_bytes v;
    if (!sk_take(b, 2, &v))
        return false;
    *out = (uint16_t)(v.p[0] << 8 | v.p[1]);
    return true;
}

static inline bool sk_u32le(struct sk_bytes *b, uint32_t *out)
{
    struct sk_bytes v;
    if (!sk_take(b, 4, &v))
        return false;
    *out = (uint32_t)v.p[0] | (uint32_t)v.p[1] << 8 | (uint32_t)v.p[2] << 16 | (uint32_t)v.p[3] << 24;
    return true;
}

static inline bool sk_u32be(struct sk_bytes *b, uint32_t *out)
{
    struct sk_bytes v;
    if (!sk_take(b, 4, &v))
        return false;
    *out = (uint32_t)v.p[3] | (uint32_t)v.p[2] << 8 | (uint32_t)v.p[1] << 16 | (uint32_t)v.p[0] << 24;
    return true;
}

static inline bool sk_u64le(struct sk_bytes *b, uint64_t *out)
{
    uint32_t lo, hi;
    if (b->n < 8 || !sk_u32le(b, &lo) || !sk_u32le(b, &hi))
        return false;
    *out = (uint64_t)hi << 32 | lo;
    return true;
}

/* Position of the first occurrence of needle at or after from; SIZE_MAX when there is none. */
size_t sk_find(struct sk_bytes b, size_t from, const void *needle, size_t n);

#endif
