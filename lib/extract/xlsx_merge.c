/* xlsx_merge.c - merged ranges and cell references. */
#include "extract/xlsb.h"

#include <stdlib.h>

#define MERGES_MAX 200000u
#define TAG_MAX 512u

bool xlsx_ref(const char *s, uint32_t *row, uint32_t *col, const char **rest)
{
    uint32_t c = 0, r = 0;
    s += *s == '$';
    const char *letters = s;
    for (; ((*s | 32) >= 'a' && (*s | 32) <= 'z') && s - letters < 4; s++)
        c = c * 26 + (uint32_t)((*s | 32) - 'a' + 1);
    if (s == letters || s - letters == 4)
        return false;
    s += *s == '$';
    const char *digits = s;
    for (; *s >= '0' && *s <= '9' && s - digits < 8; s++)
        r = r * 10 + (uint32_t)(*s - '0');
    if (s == digits || r == 0 || r > 1048576 || c > 16384)
        return false;
    *row = r - 1;
    *col = c - 1;
    if (rest)
        *rest = s;
    return true;
}

static void add_range(void *ctx, uint32_t row0, uint32_t row1, uint32_t col)
{
    struct xlsx_merges *m = ctx;
    /* A merge within one row repeats nothing. */
    if (row1 > row0 && m->n < MERGES_MAX && sk_grow(&m->items, &m->cap, m->n + 1, sizeof(*m->items)))
        m->items[m->n++] = (struct xlsx_merge){ row0, row1, col };
}

static void add(struct xlsx_merges *m, const char *ref)
{
    uint32_t row0, row1, col0, col1;
    const char *rest;
    if (!xlsx_ref(ref, &row0, &col0, &rest) || *rest != ':' || !xlsx_ref(rest + 1, &row1, &col1, NULL))
        return;
    add_range(m, row0, row1, col0);
}

/* Whole tags <mergeCell ref="..."/> in the bytes; returns how many bytes need not be seen again. */
static size_t scan(struct xlsx_merges *m, struct sk_bytes b)
{
    size_t at = 0, hit;
    while ((hit = sk_find(b, at, "mergeCell ", 10)) != SIZE_MAX) {
        const char *tag = (const char *)b.p + hit, *end = memchr(tag, '>', b.n - hit < TAG_MAX ? b.n - hit : TAG_MAX);
        if (!end && b.n - hit < TAG_MAX)
            return hit;
        at = hit + 10;
        char copy[TAG_MAX];
        size_t n = end ? (size_t)(end - tag) : 0;
        memcpy(copy, tag, n);
        copy[n] = '\0';
        const char *ref = strstr(copy, "ref=");
        if (ref && ref[4])
            add(m, ref + 5);
    }
    return b.n > 10 && at < b.n - 10 ? b.n - 10 : at;
}

static int by_row(const void *a, const void *b)
{
    const struct xlsx_merge *x = a, *y = b;
    if (x->row0 != y->row0)
        return x->row0 < y->row0 ? -1 : 1;
    return x->col < y->col ? -1 : x->col > y->col;
}

static void sort(struct xlsx_merges *m)
{
    if (m->n)
        qsort(m->items, m->n, sizeof(*m->items), by_row);
}

void xlsx_merges_scan(struct sk_bytes b, struct xlsx_merges *m)
{
    if (xlsb_is(b))
        xlsb_merges(b, add_range, m);
    else
        scan(m, b);
    sort(m);
}

bool xlsx_merges_stream(struct sk_opc *p, size_t i, struct xlsx_merges *m)
{
    if (!sk_opc_streams(p, i))
        return false;
    struct sk_source *s = sk_zip_stream(p->zip, i);
    char *buf = sk_new(1 << 18, 1);
    size_t have = 0;
    uint64_t at = 0;
    for (ssize_t n; s && buf && (n = sk_source_read(s, at, buf + have, (1 << 18) - have)) > 0;) {
        at += (uint64_t)n;
        have += (size_t)n;
        size_t done = scan(m, sk_bytes(buf, have));
        memmove(buf, buf + done, have - done);
        have -= done;
    }
    free(buf);
    sk_source_free(s);
    sort(m);
    return true;
}
