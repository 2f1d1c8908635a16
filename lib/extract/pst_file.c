/* pst_file.c - header, trees, blocks (MS-PST 2.2; pages of 4096 bytes as libpff's documentation describes them) */
#include "extract/pst.h"

#include <stdlib.h>
#include <zlib.h>

#define PAGE 512u
#define LARGE_PAGE 4096u
#define LEVELS 8u
#define BLOCK_MAX 65536u
#define SUBNODES_MAX 200000u
#define DATA_BLOCKS_MAX ((size_t)8 << 20) /* of one node: 64 GiB */

static uint64_t number(const struct pst *p, const uint8_t *b)
{
    uint64_t v = 0;
    for (unsigned i = p->wide ? 8 : 4; i-- > 0;)
        v = v << 8 | b[i];
    return v;
}

static uint32_t number32(const uint8_t *b)
{
    return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

static unsigned number16(const uint8_t *b)
{
    return b[0] | (unsigned)b[1] << 8;
}

bool pst_open(struct pst *p, struct sk_job *job, struct sk_source *source)
{
    uint8_t h[564];
    memset(p, 0, sizeof(*p));
    p->job = job;
    p->source = source;
    sk_buf_init(&p->packed, BLOCK_MAX);
    if (sk_source_read(source, 0, h, sizeof(h)) != (ssize_t)sizeof(h) || memcmp(h, "!BDN", 4) != 0)
        return false;
    unsigned version = number16(h + 10);
    p->wide = version >= 20;
    p->large = version >= 36;
    p->nodes = number(p, h + (p->wide ? 224 : 188));
    p->blocks = number(p, h + (p->wide ? 240 : 196));
    p->method = h[p->wide ? 513 : 461];
    p->pages_left = sk_source_size(source) / PAGE + 16;
    return version >= 14;
}

void pst_close(struct pst *p)
{
    sk_buf_free(&p->packed);
}

/* ---------------------------------------------------------------- trees */

struct page {
    uint8_t bytes[LARGE_PAGE];
    unsigned entries, size, level;
};

static bool read_page(struct pst *p, uint64_t at, struct page *page)
{
    size_t n = p->large ? LARGE_PAGE : PAGE;
    if (!sk_budget_time(p->job->budget))
        return false;
    if (sk_source_read(p->source, at, page->bytes, n) != (ssize_t)n)
        return p->damaged = true, false;
    const uint8_t *tail = page->bytes + (p->large ? 4056 : p->wide ? 488 : 496);
    page->entries = p->large ? number16(tail) : tail[0];
    page->size = p->large ? tail[4] : tail[2];
    page->level = p->large ? tail[5] : tail[3];
    unsigned least = page->level ? (p->wide ? 24 : 12) : p->wide ? 24 : 12;
    bool ok = page->level <= LEVELS && page->size >= least &&
              (size_t)page->entries * page->size <= (size_t)(tail - page->bytes);
    p->damaged |= !ok;
    return ok;
}

/* The entry of a block: offset, bytes stored, bytes after inflating. */
static bool find_block(struct pst *p, uint64_t bid, uint64_t *at, unsigned *stored, unsigned *whole)
{
    struct page page;
    uint64_t where = p->blocks;
    unsigned above = LEVELS + 1;
    bid &= ~(uint64_t)1;
    for (;;) {
        if (!read_page(p, where, &page) || page.level >= above)
            return false;
        above = page.level;
        const uint8_t *found = NULL;
        for (unsigned i = 0; i < page.entries; i++) {
            const uint8_t *e = page.bytes + (size_t)i * page.size;
            uint64_t key = number(p, e) & ~(uint64_t)1;
            if (key == bid || (page.level && key < bid))
                found = e;
            if (key >= bid)
                break;
        }
        if (!found)
            return false;
        unsigned w = p->wide ? 8 : 4;
        if (page.level == 0) {
            *at = number(p, found + w);
            *stored = number16(found + 2 * (size_t)w);
            *whole = p->large ? number16(found + 2 * (size_t)w + 2) : *stored;
            return true;
        }
        where = number(p, found + 2 * (size_t)w);
    }
}

static bool walk(struct pst *p, uint64_t at, unsigned above, pst_each each, void *ctx)
{
    struct page *page = malloc(sizeof(*page));
    unsigned w = p->wide ? 8 : 4;
    bool go = page != NULL;
    if (p->pages_left == 0) {
        p->damaged = true;
        free(page);
        return true;
    }
    p->pages_left--;
    if (!page || !read_page(p, at, page) || page->level >= above) {
        p->damaged = true;
        free(page);
        return p->job->budget->spent == SK_WHY_NONE && !p->job->budget->is_cancelled;
    }
    for (unsigned i = 0; go && i < page->entries; i++) {
        const uint8_t *e = page->bytes + (size_t)i * page->size;
        if (page->level) {
            go = walk(p, number(p, e + 2 * (size_t)w), page->level, each, ctx);
        } else if (page->size >= 3 * w + 4) {
            struct pst_node node = { number32(e), number32(e + 3 * (size_t)w), number(p, e + w),
                                     number(p, e + 2 * (size_t)w) };
            go = each(ctx, &node);
        }
    }
    free(page);
    return go;
}

bool pst_nodes(struct pst *p, pst_each each, void *ctx)
{
    uint64_t left = p->pages_left;
    bool go = walk(p, p->nodes, LEVELS + 1, each, ctx);
    p->pages_left = left; /* for the next round */
    return go;
}

/* ---------------------------------------------------------------- blocks */

bool pst_block(struct pst *p, uint64_t bid, struct sk_buf *out)
{
    uint64_t at;
    unsigned stored, whole;
    if (!find_block(p, bid, &at, &stored, &whole) || stored > BLOCK_MAX || !sk_buf_reserve(out, whole + (size_t)stored))
        return p->damaged = true, false;
    uint8_t *to = (uint8_t *)out->p + out->n;
    bool packed = whole != stored && whole != 0;
    if (packed) {
        sk_buf_clear(&p->packed);
        if (!sk_buf_reserve(&p->packed, stored))
            return false;
        to = (uint8_t *)p->packed.p;
    }
    if (sk_source_read(p->source, at, to, stored) != (ssize_t)stored)
        return p->damaged = true, false;
    if (packed) {
        uLongf n = whole;
        if (uncompress((Bytef *)out->p + out->n, &n, to, stored) != Z_OK)
            return p->damaged = true, false;
        stored = (unsigned)n;
        to = (uint8_t *)out->p + out->n;
    }
    if (!(bid & 2)) /* blocks of the file itself are never garbled */
        pst_ungarble(p->method, bid, to, stored);
    out->n += stored;
    return true;
}

/* A block that lists others (XBLOCK, XXBLOCK); level: of this list. */
static bool list_blocks(struct pst *p, struct sk_bytes b, unsigned level, struct pst_data *out)
{
    size_t w = p->wide ? 8 : 4, n = number16(b.p + 2);
    struct sk_buf inner;
    bool ok = true;
    sk_buf_init(&inner, BLOCK_MAX * 2);
    for (size_t i = 0; ok && i < n && 8 + (i + 1) * w <= b.n; i++) {
        uint64_t bid = number(p, b.p + 8 + i * w);
        if (level == 1) {
            ok = out->n < DATA_BLOCKS_MAX && sk_grow(&out->bids, &out->cap, out->n + 1, sizeof(*out->bids));
            if (ok)
                out->bids[out->n++] = bid;
            continue;
        }
        sk_buf_clear(&inner);
        ok = pst_block(p, bid, &inner) && inner.n >= 8 && inner.p[0] == 1 && inner.p[1] == 1 &&
             list_blocks(p, sk_bytes(inner.p, inner.n), 1, out);
    }
    sk_buf_free(&inner);
    return ok;
}

bool pst_data_list(struct pst *p, uint64_t bid, struct pst_data *out)
{
    struct sk_buf b;
    bool ok;
    memset(out, 0, sizeof(*out));
    if (bid == 0)
        return true;
    if (!(bid & 2)) {
        ok = sk_grow(&out->bids, &out->cap, 1, sizeof(*out->bids));
        if (ok)
            out->bids[out->n++] = bid;
        return ok;
    }
    sk_buf_init(&b, BLOCK_MAX * 2);
    ok = pst_block(p, bid, &b) && b.n >= 8 && b.p[0] == 1 && (b.p[1] == 1 || b.p[1] == 2) &&
         list_blocks(p, sk_bytes(b.p, b.n), (unsigned)b.p[1], out);
    sk_buf_free(&b);
    p->damaged |= !ok;
    return ok;
}

void pst_data_free(struct pst_data *d)
{
    free(d->bids);
    memset(d, 0, sizeof(*d));
}

/* ---------------------------------------------------------------- nodes below a node (SLBLOCK, SIBLOCK) */

static bool add_subnodes(struct pst *p, uint64_t bid, unsigned depth, struct pst_subnodes *out)
{
    struct sk_buf b;
    size_t w = p->wide ? 8 : 4;
    sk_buf_init(&b, BLOCK_MAX * 2);
    bool ok = pst_block(p, bid, &b) && b.n >= (p->wide ? 8 : 4) && b.p[0] == 2 && (uint8_t)b.p[1] <= 1;
    size_t n = ok ? number16((const uint8_t *)b.p + 2) : 0, at = p->wide ? 8 : 4;
    bool leaf = ok && b.p[1] == 0;
    size_t size = leaf ? 3 * w : 2 * w;
    for (size_t i = 0; ok && i < n && at + (i + 1) * size <= b.n; i++) {
        const uint8_t *e = (const uint8_t *)b.p + at + i * size;
        if (!leaf) {
            ok = depth > 0 && add_subnodes(p, number(p, e + w), 0, out);
            continue;
        }
        ok = out->n < SUBNODES_MAX && sk_grow(&out->nodes, &out->cap, out->n + 1, sizeof(*out->nodes));
        if (ok)
            out->nodes[out->n++] = (struct pst_node){ number32(e), 0, number(p, e + w), number(p, e + 2 * w) };
    }
    sk_buf_free(&b);
    p->damaged |= !ok;
    return ok;
}

bool pst_subnodes_list(struct pst *p, uint64_t bid, struct pst_subnodes *out)
{
    memset(out, 0, sizeof(*out));
    return bid == 0 || add_subnodes(p, bid, 1, out);
}

const struct pst_node *pst_subnode(const struct pst_subnodes *s, uint32_t nid)
{
    for (size_t i = 0; i < s->n; i++)
        if (s->nodes[i].nid == nid)
            return &s->nodes[i];
    return NULL;
}

void pst_subnodes_free(struct pst_subnodes *s)
{
    free(s->nodes);
    memset(s, 0, sizeof(*s));
}
