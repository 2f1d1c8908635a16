/* table_feed.h - CSV text -> folded table segments, for tests and fuzzers that have no extractor below them. */
#ifndef TABLE_FEED_H
#define TABLE_FEED_H

#include "extract/extract.h"

#include <stdlib.h>
#include <string.h>

typedef bool (*table_give)(void *ctx, const struct sk_segment *s);

struct table_feed {
    const struct sk_fold *fold;
    uint32_t part;
    uint32_t rows; /* of each segment; 0 = all in one */
    bool sheet;    /* as a worksheet: empty cells are absent */
    char separator;
};

/* End of the field that begins at i (without its separator); *from, *to: its text without quotes and outer spaces. */
static inline size_t table_field(const char *t, size_t n, size_t i, char separator, size_t *from, size_t *to)
{
    size_t at = i;
    bool quoted = at < n && t[at] == '"';
    if (quoted) {
        for (at++; at < n && !(t[at] == '"' && (at + 1 >= n || t[at + 1] != '"')); at++)
            at += t[at] == '"';
        *from = i + 1;
        *to = at < n ? at : n;
        while (at < n && t[at] != separator && t[at] != '\n')
            at++;
    } else {
        while (at < n && t[at] != separator && t[at] != '\n')
            at++;
        *from = i;
        *to = at;
    }
    while (*from < *to && strchr(" \t\r", t[*from]) != NULL)
        ++*from;
    while (*to > *from && strchr(" \t\r", t[*to - 1]) != NULL)
        --*to;
    return at;
}

/* Folds UTF-8 CSV and gives it as segments. False when give said stop or without memory. */
static inline bool table_feed(const struct table_feed *f, const char *csv, size_t n_csv, table_give give, void *ctx)
{
    size_t cap = n_csv * 6 + 1024;
    char *text = calloc(cap + SK_PAD, 1);
    struct sk_cell *cells = malloc((cap + 1) * sizeof *cells);
    bool ok = text != NULL && cells != NULL, first = true;
    size_t n = ok ? sk_fold_utf8(f->fold, csv, n_csv, text, cap) : 0, begin = 0;
    uint32_t row = 0;
    while (ok && (begin < n || first)) {
        struct sk_segment s = { .part = f->part, .layout = SK_TABLE, .first = first, .sheet = f->sheet, .fold = f->fold };
        size_t i = begin;
        uint32_t rows = 0;
        while (i < n && (f->rows == 0 || rows < f->rows)) {
            for (uint16_t col = 0; i <= n; col++) {
                size_t from, to, end = table_field(text, n, i, f->separator, &from, &to);
                if (!f->sheet || from < to)
                    cells[s.n_cells++] = (struct sk_cell){ .begin = (uint32_t)(from - begin), .end = (uint32_t)(to - begin), .row = row, .col = col };
                i = end + 1;
                if (end >= n || text[end] == '\n' || col == UINT16_MAX)
                    break;
            }
            rows++;
            row++;
        }
        if (i > n)
            i = n;
        char *copy = calloc(i - begin + SK_PAD, 1); /* each segment in its own memory: a dangling pointer shows */
        struct sk_cell *own = malloc((s.n_cells + 1) * sizeof *own);
        ok = copy != NULL && own != NULL;
        if (ok) {
            memcpy(copy, text + begin, i - begin);
            memcpy(own, cells, s.n_cells * sizeof *own);
            s.text = copy;
            s.len = (uint32_t)(i - begin);
            s.cells = own;
            s.last = i >= n;
            ok = give(ctx, &s);
        }
        free(copy);
        free(own);
        begin = i;
        first = false;
    }
    free(text);
    free(cells);
    return ok;
}

#endif
