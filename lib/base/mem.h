/*
 * mem.h - memory with ceilings. The library allocates only through these; every call can fail and every
 * caller handles it. Nothing here aborts. Not thread-safe: one arena or buffer belongs to one thread.
 */
#ifndef SK_BASE_MEM_H
#define SK_BASE_MEM_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* n * size bytes, zeroed; NULL on overflow or lack of memory. Release with free(). */
void *sk_new(size_t n, size_t size);
/* Grows *items (cap elements of size) so that at least want fit, doubling; false leaves all unchanged. */
bool sk_grow(void *items_ptr, size_t *cap, size_t want, size_t size);
/* A copy of n bytes plus a final NUL. */
char *sk_copy_string(const char *s, size_t n);

/* ---- arena: many small things freed together ---- */
struct sk_chunk;
struct sk_arena {
    struct sk_chunk *chunk;
    size_t used, ceiling; /* bytes handed out; the most that may be */
};
void sk_arena_init(struct sk_arena *a, size_t ceiling);
/* 16-byte aligned, not cleared; NULL over the ceiling or without memory. */
void *sk_arena_alloc(struct sk_arena *a, size_t n);
/* n * size bytes, cleared. */
void *sk_arena_new(struct sk_arena *a, size_t n, size_t size);
char *sk_arena_string(struct sk_arena *a, const char *s, size_t n);
/* Frees all but one chunk. */
void sk_arena_reset(struct sk_arena *a);
void sk_arena_free(struct sk_arena *a);

/* ---- buf: growing bytes, always NUL-terminated when p != NULL ---- */
struct sk_buf {
    char *p;
    size_t n, cap, ceiling;
    bool failed; /* set by the first add that could not be done; later adds do nothing */
};
void sk_buf_init(struct sk_buf *b, size_t ceiling);
bool sk_buf_add(struct sk_buf *b, const void *p, size_t n);
bool sk_buf_str(struct sk_buf *b, const char *s);
bool sk_buf_printf(struct sk_buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Makes room for n more bytes behind b->n; the caller then raises b->n. */
bool sk_buf_reserve(struct sk_buf *b, size_t n);
void sk_buf_clear(struct sk_buf *b); /* n = 0, failed = false; keeps memory */
void sk_buf_free(struct sk_buf *b);

#endif
