/* pst_table.c - heaps on nodes, the trees in them, properties and tables (MS-PST 2.3) */
#include "extract/pst.h"

#include <stdlib.h>

#define TREE_LEVELS 8u
#define RECORDS_MAX 200000u
#define COLUMNS_MAX 256u

static unsigned number16(const uint8_t *b)
{
    return b[0] | (unsigned)b[1] << 8;
}

static uint32_t number32(const uint8_t *b)
{
    return (uint32_t)number16(b) | (uint32_t)number16(b + 2) << 16;
}

/* ---------------------------------------------------------------- heap */

/* All blocks of some data one behind the other, with the place of each. */
static bool gather(struct pst *p, uint64_t bid, struct sk_buf *bytes, size_t **starts, size_t *n)
{
    struct pst_data d;
    bool ok = pst_data_list(p, bid, &d);
    *n = 0;
    *starts = ok ? sk_new(d.n + 1, sizeof(**starts)) : NULL;
    ok = *starts != NULL;
    for (size_t i = 0; ok && i < d.n; i++) {
        (*starts)[i] = bytes->n;
        ok = pst_block(p, d.bids[i], bytes);
        *n = ok ? i + 1 : i;
    }
    if (*starts)
        (*starts)[*n] = bytes->n;
    pst_data_free(&d);
    return ok;
}

bool pst_heap_open(struct pst *p, const struct pst_node *node, struct pst_heap *h)
{
    memset(h, 0, sizeof(*h));
    h->p = p;
    sk_buf_init(&h->bytes, PST_HEAP_MAX);
    if (!gather(p, node->data, &h->bytes, &h->starts, &h->n) || h->n == 0 || h->starts[1] < 12)
        return false;
    const uint8_t *b = (const uint8_t *)h->bytes.p;
    h->kind = b[3];
    h->root = number32(b + 4);
    return b[2] == 0xEC && pst_subnodes_list(p, node->sub, &h->sub);
}

void pst_heap_free(struct pst_heap *h)
{
    sk_buf_free(&h->bytes);
    free(h->starts);
    pst_subnodes_free(&h->sub);
}

/* An allocation: the page map at the end of its block says where it begins and ends. */
static bool heap_item(const struct pst_heap *h, uint32_t hid, struct sk_bytes *out)
{
    size_t block = h->p->large ? hid >> 19 : hid >> 16, index = h->p->large ? (hid >> 5) & 0x3FFF : (hid >> 5) & 0x7FF;
    if ((hid & 0x1F) || index == 0 || block >= h->n)
        return false;
    struct sk_bytes b = sk_bytes(h->bytes.p + h->starts[block], h->starts[block + 1] - h->starts[block]), map, one;
    size_t map_at = b.n >= 2 ? number16(b.p) : 0;
    if (!sk_slice(b, map_at, 4, &map) || index > number16(map.p) || !sk_slice(b, map_at + 4 + (index - 1) * 2, 4, &one))
        return false;
    size_t begin = number16(one.p), end = number16(one.p + 2);
    return begin <= end && sk_slice(b, begin, end - begin, out);
}

bool pst_value(struct pst_heap *h, uint32_t hnid, struct sk_buf *hold, struct sk_bytes *out)
{
    *out = sk_bytes(NULL, 0);
    if (hnid == 0)
        return true;
    if ((hnid & 0x1F) == 0)
        return heap_item(h, hnid, out);
    const struct pst_node *node = pst_subnode(&h->sub, hnid);
    struct pst_data d;
    bool ok = node && pst_data_list(h->p, node->data, &d);
    sk_buf_clear(hold);
    for (size_t i = 0; ok && i < d.n; i++)
        ok = pst_block(h->p, d.bids[i], hold);
    if (node)
        pst_data_free(&d);
    *out = sk_bytes(hold->p, hold->n);
    return ok;
}

/* ---------------------------------------------------------------- trees in a heap (BTH) */

struct tree {
    struct pst_heap *h;
    size_t key, value;
    uint32_t records;
    bool (*each)(struct tree *t, const uint8_t *record);
    void *ctx;
};

static bool descend(struct tree *t, uint32_t hid, unsigned level)
{
    struct sk_bytes b;
    if (hid == 0)
        return true;
    if (!heap_item(t->h, hid, &b))
        return false;
    size_t size = t->key + (level ? 4 : t->value);
    for (size_t i = 0; (i + 1) * size <= b.n; i++) {
        const uint8_t *r = b.p + i * size;
        if (t->records++ > RECORDS_MAX || !(level ? descend(t, number32(r + t->key), level - 1) : t->each(t, r)))
            return false;
    }
    return true;
}

static bool tree_walk(struct tree *t, uint32_t root)
{
    struct sk_bytes b;
    if (!heap_item(t->h, root, &b) || b.n < 8 || b.p[0] != 0xB5 || b.p[3] > TREE_LEVELS || b.p[1] == 0)
        return false;
    t->key = b.p[1];
    t->value = b.p[2];
    return descend(t, number32(b.p + 4), b.p[3]);
}

/* ---------------------------------------------------------------- properties */

bool pst_is_inline(unsigned type)
{
    return type == 0x02 || type == 0x03 || type == 0x04 || type == 0x0A || type == 0x0B;
}

struct property_walk {
    pst_on_property each;
    void *ctx;
};

static bool on_record(struct tree *t, const uint8_t *r)
{
    struct property_walk *w = t->ctx;
    if (t->key != 2 || t->value != 6)
        return false;
    struct pst_property p = { (uint16_t)number16(r), (uint16_t)number16(r + 2), number32(r + 4), sk_bytes(r + 4, 4) };
    return w->each(w->ctx, t->h, &p);
}

bool pst_properties(struct pst_heap *h, pst_on_property each, void *ctx)
{
    struct property_walk w = { each, ctx };
    struct tree t = { .h = h, .each = on_record, .ctx = &w };
    return h->kind == 0xBC && tree_walk(&t, h->root);
}

/* ---------------------------------------------------------------- tables */

struct columns {
    struct sk_bytes info; /* TCINFO with its columns */
    size_t n, row, exists;
};

static bool row_cells(struct pst_heap *h, const struct columns *c, const uint8_t *row, uint32_t number,
                      pst_on_cell each, void *ctx)
{
    for (size_t i = 0; i < c->n; i++) {
        const uint8_t *d = c->info.p + 22 + i * 8;
        size_t at = number16(d + 4), size = d[6], bit = d[7];
        if (at + size > c->row || c->exists + bit / 8 >= c->row || !(row[c->exists + bit / 8] >> (7 - bit % 8) & 1))
            continue;
        struct pst_property p = { (uint16_t)number16(d + 2), (uint16_t)number16(d), size == 4 ? number32(row + at) : 0,
                                  sk_bytes(row + at, size) };
        if (!each(ctx, h, number, &p))
            return false;
    }
    return true;
}

bool pst_table(struct pst_heap *h, pst_on_cell each, void *ctx)
{
    struct columns c = { 0 };
    struct sk_bytes rows;
    struct sk_buf hold;
    size_t *starts = NULL, blocks = 0;
    uint32_t number = 0;
    if (h->kind != 0x7C || !heap_item(h, h->root, &c.info) || c.info.n < 22 || c.info.p[0] != 0x7C)
        return false;
    c.n = c.info.p[1];
    c.row = number16(c.info.p + 8);
    c.exists = number16(c.info.p + 6);
    uint32_t where = number32(c.info.p + 14);
    if (c.n > COLUMNS_MAX || 22 + c.n * 8 > c.info.n || c.row == 0)
        return false;
    if (where == 0)
        return true;
    bool ok = true;
    sk_buf_init(&hold, PST_HEAP_MAX);
    if ((where & 0x1F) == 0) {
        ok = heap_item(h, where, &rows);
        for (size_t i = 0; ok && (i + 1) * c.row <= rows.n; i++)
            ok = row_cells(h, &c, rows.p + i * c.row, number++, each, ctx);
    } else { /* rows never stand in two blocks */
        const struct pst_node *node = pst_subnode(&h->sub, where);
        ok = node && gather(h->p, node->data, &hold, &starts, &blocks);
        for (size_t k = 0; ok && k < blocks; k++)
            for (size_t at = starts[k]; ok && at + c.row <= starts[k + 1] && number < RECORDS_MAX; at += c.row)
                ok = row_cells(h, &c, (const uint8_t *)hold.p + at, number++, each, ctx);
    }
    free(starts);
    sk_buf_free(&hold);
    return ok;
}
