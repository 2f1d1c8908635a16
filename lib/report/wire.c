/*
 * One description of each struct serves both directions, so that reader and writer cannot drift apart: the io_
 * functions write when w->out is set and read otherwise. Each names the bound that a reader enforces.
 */
#include "report/wire.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

#define MAGIC 0x33524B53u /* "SKR3"; another number for another layout, so that a store never misreads an old one */
#define STRING_MAX ((size_t)1 << 20)
#define U64_BYTES 10

struct wire {
    struct sk_buf *out;     /* writing, else NULL */
    struct sk_bytes in;     /* reading */
    struct sk_arena *arena; /* of what is read */
    uint32_t n_parts;       /* bound of part numbers, once they are known */
    bool bad;
};

static bool fail(struct wire *w)
{
    w->bad = true;
    return false;
}

/* ---- integers ---- */

static bool put_u64(struct wire *w, uint64_t v)
{
    uint8_t b[U64_BYTES];
    size_t n = 0;
    for (; v >= 0x80; v >>= 7)
        b[n++] = (uint8_t)(v | 0x80);
    b[n++] = (uint8_t)v;
    return sk_buf_add(w->out, b, n) || fail(w);
}

/* Shortest form only: one value has one spelling. */
static bool get_u64(struct wire *w, uint64_t *v)
{
    *v = 0;
    for (unsigned shift = 0; shift < 70; shift += 7) {
        uint8_t b;
        if (!sk_u8(&w->in, &b) || (shift == 63 && b > 1) || (shift && b == 0))
            return fail(w);
        *v |= (uint64_t)(b & 0x7F) << shift;
        if (b < 0x80)
            return true;
    }
    return fail(w);
}

static bool io_u64(struct wire *w, uint64_t *v)
{
    return !w->bad && (w->out ? put_u64(w, *v) : get_u64(w, v));
}

static bool io_max(struct wire *w, uint64_t *v, uint64_t max)
{
    /* NOLINTNEXTLINE(clang-analyzer-*) */
    return io_u64(w, v) && (*v <= max || fail(w));
}

static bool io_u32(struct wire *w, uint32_t *v, uint32_t max)
{
    /* NOLINTNEXTLINE(clang-analyzer-*) */
    uint64_t x = *v;
    if (!io_max(w, &x, max))
        return false;
    *v = (uint32_t)x;
    return true;
}

static bool io_u8(struct wire *w, uint8_t *v, uint8_t max)
{
    /* NOLINTNEXTLINE(clang-analyzer-*) */
    uint32_t x = *v;
    if (!io_u32(w, &x, max))
        return false;
    *v = (uint8_t)x;
    return true;
}

static bool io_bool(struct wire *w, bool *v)
{
    uint8_t x = *v;
    if (!io_u8(w, &x, 1))
        return false;
    *v = x;
    return true;
}

static bool io_part(struct wire *w, uint32_t *part)
{
    return (w->n_parts && io_u32(w, part, w->n_parts - 1)) || fail(w);
}

static bool io_elements(struct wire *w, sk_elements *e)
{
    return io_max(w, e, SK_BIT(SK_EL_COUNT) - 1);
}

static bool io_digest(struct wire *w, uint8_t digest[32])
{
    struct sk_bytes b;
    if (w->out)
        return sk_buf_add(w->out, digest, 32) || fail(w);
    if (!sk_take(&w->in, 32, &b))
        return fail(w);
    memcpy(digest, b.p, 32);
    return true;
}

/* ---- strings: length + 1 (0 = NULL), bytes ---- */

/* File names need not be valid UTF-8; the reader insists on it, so the writer repairs. */
static bool put_string(struct wire *w, const char *s)
{
    if (!s)
        return put_u64(w, 0);
    size_t n = strlen(s);
    struct sk_buf fixed;
    sk_buf_init(&fixed, 3 * STRING_MAX);
    if (n > STRING_MAX || !sk_utf8_valid(s, n)) {
        size_t len;
        for (size_t i = 0; i < n && fixed.n < STRING_MAX - 4; i += len) {
            uint32_t c;
            char u[4];
            len = sk_utf8_next(s + i, n - i, &c);
            sk_buf_add(&fixed, u, sk_utf8_put(u, c));
        }
        s = fixed.p ? fixed.p : "";
        n = fixed.n;
    }
    bool ok = !fixed.failed && put_u64(w, n + 1) && sk_buf_add(w->out, s, n);
    sk_buf_free(&fixed);
    return ok || fail(w);
}

static bool get_string(struct wire *w, const char **s)
{
    uint64_t n;
    struct sk_bytes b;
    *s = NULL;
    if (!get_u64(w, &n))
        return false;
    if (n == 0)
        return true;
    if (n - 1 > STRING_MAX || !sk_take(&w->in, (size_t)n - 1, &b) || memchr(b.p, 0, b.n) ||
        !sk_utf8_valid((const char *)b.p, b.n))
        return fail(w);
    *s = sk_arena_string(w->arena, (const char *)b.p, b.n);
    return *s || fail(w);
}

static bool io_string(struct wire *w, const char **s)
{
    return !w->bad && (w->out ? put_string(w, *s) : get_string(w, s));
}

static bool io_present(struct wire *w, const char **s)
{
    if (w->out && !*s)
        *s = "";
    return io_string(w, s) && (*s || fail(w));
}

/* A string that lives in a fixed array. */
static bool io_field(struct wire *w, char *field, size_t cap)
{
    const char *s = field;
    if (!io_present(w, &s))
        return false;
    if (!w->out) {
        size_t n = strlen(s);
        if (n >= cap)
            return fail(w);
        /* NOLINTNEXTLINE(clang-analyzer-*) */
        memcpy(field, s, n + 1);
    }
    return true;
}

/* ---- arrays ---- */

typedef bool (*io_item)(struct wire *w, void *item, uint64_t index);

/* Elements of `size` bytes, each at least `least` bytes long on the wire: a count that the message cannot hold is
 * refused before anything is allocated. Items are copied while writing, as io_ functions take them by pointer. */
static const void *io_array(struct wire *w, const void *items, uint64_t *n, uint64_t max, size_t size, size_t least,
                            io_item each)
{
    union {
        struct sk_place place;
        struct sk_part part;
        struct sk_found found;
        struct sk_insurer insurer;
        struct sk_marking marking;
        struct sk_msip msip;
        struct sk_hidden_sum hidden;
        struct sk_member member;
        struct sk_mask mask;
        uint64_t key;
    } copy;
    if (!io_max(w, n, max))
        return NULL;
    if (!w->out && *n > w->in.n / least) {
        fail(w);
        return NULL;
    }
    char *read = w->out || !*n ? NULL : sk_arena_new(w->arena, (size_t)*n, size);
    if (!w->out && *n && !read)
        fail(w);
    for (uint64_t i = 0; i < *n && !w->bad; i++) {
        if (w->out)
            memcpy(&copy, (const char *)items + i * size, size);
        if (!each(w, w->out ? (void *)&copy : read + i * size, i))
            fail(w);
    }
    return w->out ? items : read;
}

/* For counts of 32 bits. */
#define IO_ARRAY(w, items, count, least, each)                                                                         \
    do {                                                                                                               \
        uint64_t n_ = (count);                                                                                         \
        (items) = io_array((w), (items), &n_, UINT32_MAX, sizeof(*(items)), (least), (each));                          \
        (count) = (uint32_t)n_;                                                                                        \
    } while (0)

/* ---- the structs, in the order of result.h ---- */

static bool io_place(struct wire *w, void *item, uint64_t index)
{
    struct sk_place *p = item;
    (void)index;
    return io_part(w, &p->part) && io_u8(w, &p->kind, SK_AT_PART) && io_u8(w, &p->hidden, SK_HIDDEN_COUNT - 1) &&
           io_u8(w, &p->run, SK_RUN_RUBY) && io_u32(w, &p->length, UINT32_MAX) && io_u32(w, &p->column, UINT32_MAX) &&
           io_u64(w, &p->offset) && io_u64(w, &p->line) && io_u32(w, &p->row, UINT32_MAX) &&
           io_u32(w, &p->col, UINT32_MAX) && io_u32(w, &p->number, UINT32_MAX);
}
#define PLACE_LEAST 11

/* A parent comes before its children: every path of a part ends. */
static bool io_part_item(struct wire *w, void *item, uint64_t index)
{
    struct sk_part *p = item;
    return io_u32(w, &p->parent, index ? (uint32_t)index - 1 : 0) && io_present(w, &p->name) &&
           io_string(w, &p->format) && io_string(w, &p->charset) && io_string(w, &p->encryption) &&
           io_u8(w, &p->hidden, SK_HIDDEN_COUNT - 1) && io_bool(w, &p->has_text);
}

static bool io_why(struct wire *w, void *item, uint64_t index)
{
    struct sk_why *y = item;
    (void)index;
    return io_part(w, &y->part) && io_u8(w, &y->reason, SK_WHY_COUNT - 1) && io_string(w, &y->detail);
}

static bool io_found(struct wire *w, void *item, uint64_t index)
{
    struct sk_found *f = item;
    (void)index;
    if (!io_u8(w, &f->element, SK_EL_COUNT - 1) || !io_u8(w, &f->confidence, SK_CONF_COUNT - 1) ||
        !io_u64(w, &f->count))
        return false;
    IO_ARRAY(w, f->at, f->n_at, PLACE_LEAST, io_place);
    return !w->bad;
}

static bool io_mask(struct wire *w, void *item, uint64_t index)
{
    struct sk_mask *m = item;
    (void)index;
    return io_elements(w, &m->elements) && io_elements(w, &m->high) && io_u64(w, &m->records);
}

/* Digits only and no more than an insurer number has: nothing else may travel under this name. */
static bool io_insurer(struct wire *w, void *item, uint64_t index)
{
    struct sk_insurer *s = item;
    (void)index;
    if (!io_present(w, &s->number))
        return false;
    size_t n = strlen(s->number);
    if (n > 8 || strspn(s->number, "0123456789") != n)
        return fail(w);
    if (!io_u64(w, &s->min) || !io_u64(w, &s->max))
        return false;
    IO_ARRAY(w, s->at, s->n_at, PLACE_LEAST, io_place);
    return !w->bad;
}

static bool io_key(struct wire *w, void *item, uint64_t index)
{
    (void)index;
    return io_u64(w, item);
}

static bool io_marking(struct wire *w, void *item, uint64_t index)
{
    struct sk_marking *m = item;
    (void)index;
    return io_u32(w, &m->word, UINT32_MAX) && io_u8(w, &m->position, SK_MARK_POSITIONS - 1) && io_u8(w, &m->c, 9) &&
           io_u8(w, &m->i, 9) && io_u8(w, &m->a, 9) && io_place(w, &m->at, 0);
}

static bool io_msip(struct wire *w, void *item, uint64_t index)
{
    struct sk_msip *m = item;
    (void)index;
    return io_field(w, m->guid, sizeof(m->guid)) && io_field(w, m->site, sizeof(m->site)) && io_bool(w, &m->removed) &&
           io_bool(w, &m->enabled) && io_bool(w, &m->label_info);
}

static bool io_hidden(struct wire *w, void *item, uint64_t index)
{
    struct sk_hidden_sum *h = item;
    (void)index;
    return io_part(w, &h->part) && io_u8(w, &h->hidden, SK_HIDDEN_COUNT - 1) && io_u64(w, &h->records) &&
           io_u64(w, &h->persons) && io_elements(w, &h->elements) && io_u64(w, &h->characters) &&
           io_place(w, &h->at, 0);
}

static bool io_member(struct wire *w, void *item, uint64_t index)
{
    struct sk_member *m = item;
    (void)index;
    return io_part(w, &m->part) && io_present(w, &m->name) && io_u64(w, &m->size) && io_u32(w, &m->crc, UINT32_MAX) &&
           io_bool(w, &m->has_crc);
}

static bool io_result(struct wire *w, struct seki_result *r)
{
    if (!io_u8(w, &r->state, SK_UNINSPECTABLE) || !io_string(w, &r->format) || !io_u64(w, &r->size) ||
        !io_bool(w, &r->has_sha256) || !io_digest(w, r->sha256) || !io_bool(w, &r->has_crc) ||
        !io_u32(w, &r->crc, UINT32_MAX))
        return false;
    IO_ARRAY(w, r->parts, r->n_parts, 7, io_part_item);
    w->n_parts = r->n_parts;
    IO_ARRAY(w, r->whys, r->n_whys, 3, io_why);
    IO_ARRAY(w, r->found, r->n_found, 4, io_found);
    IO_ARRAY(w, r->masks, r->n_masks, 3, io_mask);
    io_u64(w, &r->persons_min);
    io_u64(w, &r->persons_max);
    IO_ARRAY(w, r->insurers, r->n_insurers, 4, io_insurer);
    r->person_keys = io_array(w, r->person_keys, &r->n_person_keys, UINT64_MAX, sizeof(*r->person_keys), 1, io_key);
    io_u64(w, &r->persons_unkeyed);
    io_u64(w, &r->small_cells);
    IO_ARRAY(w, r->small_at, r->n_small_at, PLACE_LEAST, io_place);
    IO_ARRAY(w, r->markings, r->n_markings, 5 + PLACE_LEAST, io_marking);
    IO_ARRAY(w, r->msips, r->n_msips, 5, io_msip);
    IO_ARRAY(w, r->hiddens, r->n_hiddens, 6 + PLACE_LEAST, io_hidden);
    IO_ARRAY(w, r->members, r->n_members, 5, io_member);
    return io_u64(w, &r->text_bytes) && io_u64(w, &r->expanded_bytes) && io_string(w, &r->worn) &&
           io_bool(w, &r->has_own) && io_u64(w, &r->own_persons) && !w->bad;
}

/* ---- whole messages: magic, length of the body, body ---- */

static void put_u32le(char *p, uint32_t v)
{
    for (int i = 0; i < 4; i++)
        p[i] = (char)(v >> (8 * i));
}

bool sk_wire_encode(const struct seki_result *r, struct sk_buf *out)
{
    size_t start = out->n, ceiling = out->ceiling;
    char head[8] = { 0 };
    if (ceiling > start && ceiling - start > SK_WIRE_MAX)
        out->ceiling = start + SK_WIRE_MAX;
    struct seki_result copy = *r;
    struct wire w = { .out = out };
    bool ok = sk_buf_add(out, head, sizeof(head)) && io_result(&w, &copy);
    out->ceiling = ceiling;
    if (ok) {
        put_u32le(out->p + start, MAGIC);
        put_u32le(out->p + start + 4, (uint32_t)(out->n - start - sizeof(head)));
    }
    return ok;
}

struct seki_result *sk_wire_decode(struct sk_bytes message)
{
    uint32_t magic, length;
    if (message.n > SK_WIRE_MAX || !sk_u32le(&message, &magic) || magic != MAGIC || !sk_u32le(&message, &length) ||
        length != message.n)
        return NULL;
    struct seki_result *r = sk_new(1, sizeof(*r));
    if (!r)
        return NULL;
    /* No struct is more than 16 times as large as its shortest spelling. */
    sk_arena_init(&r->arena, ((size_t)64 << 10) + 24 * message.n);
    struct wire w = { .in = message, .arena = &r->arena };
    if (!io_result(&w, r) || w.in.n) {
        sk_result_free(r);
        return NULL;
    }
    return r;
}
