/* sqlite.c - see sqlite.h. */
#include "extract/sqlite.h"

#include <stdlib.h>

#define TABLE_LEAF 0x0Du
#define TABLE_INNER 0x05u
#define INDEX_LEAF 0x0Au
#define INDEX_INNER 0x02u

/* Big-endian, seven bits a byte, eight in the ninth. */
static bool varint(struct sk_bytes *b, uint64_t *out)
{
    uint64_t v = 0;
    uint8_t c;
    for (int i = 0; i < 9; i++) {
        if (!sk_u8(b, &c))
            return false;
        if (i == 8) {
            *out = v << 8 | c;
            return true;
        }
        v = v << 7 | (c & 0x7Fu);
        if (!(c & 0x80u))
            break;
    }
    *out = v;
    return true;
}

/* ---------------------------------------------------------------- records */

bool sqlite_record(struct sk_bytes payload, struct sk_bytes *header, struct sk_bytes *body)
{
    uint64_t n;
    struct sk_bytes at = payload;
    if (!varint(&at, &n) || n > payload.n || n < payload.n - at.n)
        return false;
    *header = sk_bytes(at.p, (size_t)n - (payload.n - at.n));
    *body = sk_bytes(payload.p + n, payload.n - (size_t)n);
    return true;
}

static int64_t integer(struct sk_bytes b)
{
    uint64_t v = b.n && (b.p[0] & 0x80u) ? UINT64_MAX : 0;
    for (size_t i = 0; i < b.n; i++)
        v = v << 8 | b.p[i];
    return (int64_t)v;
}

bool sqlite_next(struct sk_bytes *header, struct sk_bytes *body, struct sqlite_value *v)
{
    static const uint8_t SIZE[] = { 0, 1, 2, 3, 4, 6, 8, 8, 0, 0 };
    uint64_t type;
    *v = (struct sqlite_value){ .kind = SQLITE_NOTHING };
    if (!varint(header, &type) || type == 10 || type == 11)
        return false;
    if (type >= 12) {
        uint64_t n = (type - 12) / 2; /* what a chain of overflow pages lost is missing at the end */
        v->kind = type & 1 ? SQLITE_TEXT : SQLITE_BYTES;
        return sk_take(body, n < body->n ? (size_t)n : body->n, &v->bytes);
    }
    if (!sk_take(body, SIZE[type], &v->bytes))
        return false;
    v->integer = type == 9 ? 1 : integer(v->bytes);
    v->kind = type == 0 ? SQLITE_NOTHING : type == 7 ? SQLITE_REAL : SQLITE_INTEGER;
    if (type == 7)
        memcpy(&v->real, &v->integer, sizeof(v->real));
    return true;
}

/* ---------------------------------------------------------------- pages */

static bool visit(struct sqlite_db *d, uint32_t page)
{
    uint8_t bit = (uint8_t)(1u << (page % 8));
    if (page == 0 || page > d->pages || (d->visited[page / 8] & bit)) {
        d->damaged = true;
        return false;
    }
    d->visited[page / 8] |= bit;
    return true;
}

static bool load(struct sqlite_db *d, uint32_t page, uint8_t *out)
{
    ssize_t got = sk_read_fully(d->source, (uint64_t)(page - 1) * d->page_size, out, d->page_size);
    if (got == (ssize_t)d->page_size)
        return true;
    d->damaged = true;
    return false;
}

const uint8_t *sqlite_unvisited(struct sqlite_db *d, uint32_t page)
{
    if (page == 0 || page > d->pages || (d->visited[page / 8] & 1u << (page % 8)))
        return NULL;
    return load(d, page, d->spill) ? d->spill : NULL;
}

bool sqlite_open(struct sqlite_db *d, struct sk_job *job, struct sk_source *source)
{
    uint8_t head[100];
    struct sk_bytes b = sk_bytes(head, sizeof(head));
    uint64_t size = sk_source_size(source);
    uint16_t page;
    memset(d, 0, sizeof(*d));
    sk_buf_init(&d->payload, (size_t)job->budget->limits.max_member_bytes);
    d->job = job;
    d->source = source;
    if (sk_read_fully(source, 0, head, sizeof(head)) != (ssize_t)sizeof(head) || !sk_skip(&b, 16) ||
        !sk_u16be(&b, &page))
        return false;
    d->page_size = page == 1 ? 65536u : page;
    if (d->page_size < 512 || (d->page_size & (d->page_size - 1)) || d->page_size - head[20] < 480 ||
        size / d->page_size > UINT32_MAX - 8)
        return false;
    d->usable = d->page_size - head[20];
    d->pages = (uint32_t)(size / d->page_size);
    d->cs = head[59] == 2 ? SK_CS_UTF16LE : head[59] == 3 ? SK_CS_UTF16BE : SK_CS_UTF8;
    d->visited = sk_new((size_t)d->pages / 8 + 1, 1);
    d->level = sk_new(SQLITE_LEVELS, d->page_size);
    d->spill = sk_new(1, d->page_size);
    return d->visited && d->level && d->spill;
}

void sqlite_close(struct sqlite_db *d)
{
    free(d->visited);
    free(d->level);
    free(d->spill);
    sk_buf_free(&d->payload);
}

/* ---------------------------------------------------------------- cells */

/* The payload of a cell: in place, or gathered with its overflow pages in d->payload. False: nothing of it. */
static bool payload(struct sqlite_db *d, struct sk_bytes cell, uint64_t size, bool table, struct sk_bytes *out)
{
    uint32_t u = d->usable, most = table ? u - 35 : (u - 12) * 64 / 255 - 23, least = (u - 12) * 32 / 255 - 23, next;
    if (size <= most)
        return sk_take(&cell, (size_t)size, out);
    uint64_t part = least + (size - least) % (u - 4);
    struct sk_bytes local;
    sk_buf_clear(&d->payload);
    if (part > most)
        part = least;
    if (!sk_take(&cell, (size_t)part, &local) || !sk_u32be(&cell, &next))
        return false;
    sk_buf_add(&d->payload, local.p, local.n);
    for (uint64_t left = size - part; left && next;) {
        if (!visit(d, next) || !load(d, next, d->spill))
            break;
        struct sk_bytes page = sk_bytes(d->spill, u);
        sk_u32be(&page, &next);
        size_t n = left < page.n ? (size_t)left : page.n;
        if (!sk_buf_add(&d->payload, page.p, n)) {
            d->large = true;
            break;
        }
        left -= n;
    }
    *out = sk_bytes(d->payload.p, d->payload.n);
    return true;
}

struct walk {
    sqlite_row row;
    void *ctx;
};

/* The i-th cell of a page: its child page, if inner, and its record. */
static bool cell(struct sqlite_db *d, const uint8_t *page, size_t base, uint16_t i, uint32_t *child,
                 const struct walk *w)
{
    uint8_t type = page[base];
    struct sk_bytes all = sk_bytes(page, d->usable), at, record;
    uint16_t where;
    uint64_t size = 0, rowid = 0;
    bool inner = type == INDEX_INNER || type == TABLE_INNER, table = type == TABLE_LEAF || type == TABLE_INNER;
    *child = 0;
    if (!sk_slice(all, base + (inner ? 12 : 8) + (size_t)i * 2, 2, &at) || !sk_u16be(&at, &where) ||
        !sk_slice(all, where, 1, &at)) {
        d->damaged = true;
        return true;
    }
    at.n = d->usable - where;
    if ((inner && !sk_u32be(&at, child)) || (type != TABLE_INNER && !varint(&at, &size)) ||
        (table && !varint(&at, &rowid))) {
        d->damaged = true;
        return true;
    }
    if (type == TABLE_INNER)
        return true;
    if (!payload(d, at, size, table, &record)) {
        d->damaged = true;
        return true;
    }
    return !w->row || w->row(w->ctx, (int64_t)rowid, record);
}

bool sqlite_walk(struct sqlite_db *d, uint32_t root, sqlite_row row, void *ctx)
{
    struct {
        uint16_t n, i;
        uint32_t last; /* right-most child; 0 = done */
        size_t base;
    } at[SQLITE_LEVELS];
    const struct walk w = { row, ctx };
    uint32_t child = root;
    unsigned depth = 0;
    for (;;) {
        if (child) { /* go down */
            if (depth >= SQLITE_LEVELS || !visit(d, child) ||
                !load(d, child, d->level + (size_t)depth * d->page_size)) {
                d->damaged = true;
            } else {
                const uint8_t *page = d->level + (size_t)depth * d->page_size;
                size_t base = child == 1 ? 100 : 0;
                uint8_t type = page[base];
                bool inner = type == INDEX_INNER || type == TABLE_INNER;
                if (!inner && type != TABLE_LEAF && type != INDEX_LEAF) {
                    d->damaged = true;
                } else {
                    struct sk_bytes b = sk_bytes(page + base + 3, 9);
                    at[depth].base = base;
                    at[depth].i = 0;
                    at[depth].last = 0;
                    sk_u16be(&b, &at[depth].n);
                    if (inner && sk_skip(&b, 3))
                        sk_u32be(&b, &at[depth].last);
                    depth++;
                }
                if (!sk_budget_time(d->job->budget))
                    return false;
            }
            child = 0;
        }
        if (depth == 0)
            return true;
        unsigned k = depth - 1;
        if (at[k].i < at[k].n) {
            if (!cell(d, d->level + (size_t)k * d->page_size, at[k].base, at[k].i++, &child, &w))
                return false;
        } else if (at[k].last) {
            child = at[k].last;
            at[k].last = 0;
        } else {
            depth--;
        }
    }
}
