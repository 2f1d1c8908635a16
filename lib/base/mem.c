#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *sk_new(size_t n, size_t size)
{
    return calloc(n ? n : 1, size ? size : 1);
}

bool sk_grow(void *items_ptr, size_t *cap, size_t want, size_t size)
{
    if (want <= *cap)
        return true;
    size_t next = *cap ? *cap : 8;
    while (next < want) {
        if (next > SIZE_MAX / 2)
            return false;
        next *= 2;
    }
    if (size && next > SIZE_MAX / size)
        return false;
    void *old;
    memcpy(&old, items_ptr, sizeof(old));
    void *now = realloc(old, next * size);
    if (!now)
        return false;
    memcpy(items_ptr, &now, sizeof(now));
    *cap = next;
    return true;
}

char *sk_copy_string(const char *s, size_t n)
{
    if (n == SIZE_MAX)
        return NULL;
    char *copy = malloc(n + 1);
    if (copy) {
        if (n)
            memcpy(copy, s, n);
        copy[n] = '\0';
    }
    return copy;
}

/* ---- arena ---- */

#define CHUNK_BYTES ((size_t)64 << 10)

struct sk_chunk {
    struct sk_chunk *next;
    size_t cap, used;
    size_t pad; /* keeps data 16-byte aligned */
    unsigned char data[];
};

void sk_arena_init(struct sk_arena *a, size_t ceiling)
{
    memset(a, 0, sizeof(*a));
    a->ceiling = ceiling;
}

void *sk_arena_alloc(struct sk_arena *a, size_t n)
{
    if (n > SIZE_MAX - CHUNK_BYTES)
        return NULL;
    n = (n + 15) & ~(size_t)15;
    if (n == 0)
        n = 16;
    if (n > a->ceiling - a->used)
        return NULL;
    if (!a->chunk || n > a->chunk->cap - a->chunk->used) {
        size_t cap = n > CHUNK_BYTES ? n : CHUNK_BYTES;
        struct sk_chunk *c = malloc(sizeof(*c) + cap);
        if (!c)
            return NULL;
        c->cap = cap;
        c->used = 0;
        c->next = a->chunk;
        a->chunk = c;
    }
    void *p = a->chunk->data + a->chunk->used;
    a->chunk->used += n;
    a->used += n;
    return p;
}

void *sk_arena_new(struct sk_arena *a, size_t n, size_t size)
{
    if (size && n > SIZE_MAX / size)
        return NULL;
    void *p = sk_arena_alloc(a, n * size);
    if (p)
        memset(p, 0, n * size);
    return p;
}

char *sk_arena_string(struct sk_arena *a, const char *s, size_t n)
{
    if (n == SIZE_MAX)
        return NULL;
    char *p = sk_arena_alloc(a, n + 1);
    if (p) {
        if (n)
            memcpy(p, s, n);
        p[n] = '\0';
    }
    return p;
}

void sk_arena_reset(struct sk_arena *a)
{
    struct sk_chunk *keep = NULL;
    for (struct sk_chunk *c = a->chunk; c;) {
        struct sk_chunk *next = c->next;
        if (!keep && c->cap == CHUNK_BYTES)
            keep = c;
        else
            free(c);
        c = next;
    }
    if (keep) {
        keep->next = NULL;
        keep->used = 0;
    }
    a->chunk = keep;
    a->used = 0;
}

void sk_arena_free(struct sk_arena *a)
{
    for (struct sk_chunk *c = a->chunk; c;) {
        struct sk_chunk *next = c->next;
        free(c);
        c = next;
    }
    a->chunk = NULL;
    a->used = 0;
}

/* ---- buf ---- */

void sk_buf_init(struct sk_buf *b, size_t ceiling)
{
    memset(b, 0, sizeof(*b));
    b->ceiling = ceiling;
}

bool sk_buf_reserve(struct sk_buf *b, size_t n)
{
    if (b->failed || n > b->ceiling || b->n > b->ceiling - n) {
        b->failed = true;
        return false;
    }
    size_t want = b->n + n + 1;
    if (want > b->cap && !sk_grow(&b->p, &b->cap, want < 256 ? 256 : want, 1)) {
        b->failed = true;
        return false;
    }
    return true;
}

bool sk_buf_add(struct sk_buf *b, const void *p, size_t n)
{
    if (!sk_buf_reserve(b, n))
        return false;
    if (n)
        memcpy(b->p + b->n, p, n);
    b->n += n;
    b->p[b->n] = '\0';
    return true;
}

bool sk_buf_str(struct sk_buf *b, const char *s)
{
    return sk_buf_add(b, s, strlen(s));
}

bool sk_buf_printf(struct sk_buf *b, const char *format, ...)
{
    va_list ap;
    size_t room = b->p ? b->cap - b->n : 0; /* nearly always enough, and then it is written at once */
    va_start(ap, format);
    int n = vsnprintf(room ? b->p + b->n : NULL, room, format, ap);
    va_end(ap);
    if (n < 0 || !sk_buf_reserve(b, (size_t)n)) {
        b->failed = true;
        if (b->p)
            b->p[b->n] = '\0';
        return false;
    }
    if ((size_t)n >= room) {
        va_start(ap, format);
        vsnprintf(b->p + b->n, (size_t)n + 1, format, ap);
        va_end(ap);
    }
    b->n += (size_t)n;
    return true;
}

void sk_buf_clear(struct sk_buf *b)
{
    b->n = 0;
    b->failed = false;
    if (b->p)
        b->p[0] = '\0';
}

void sk_buf_free(struct sk_buf *b)
{
    free(b->p);
    b->p = NULL;
    b->n = b->cap = 0;
}
