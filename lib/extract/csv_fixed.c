/*
 * csv_fixed.c - rows of print-outs, whose columns two or more spaces part. A row with empty cells has fewer parts; they
 * are laid over the columns by where they begin. Folding has made wide letters narrow and half-width kana wide, so that
 * places agree only roughly.
 */
#include "base/utf8.h"
#include "extract/csv.h"

#define SLACK 2u          /* characters by which a cell may miss its column without cost */
#define FAR 8u            /* a cell that misses more, on the average, belongs nowhere */
#define IMPOSSIBLE 65535u /* cost */

struct part {
    size_t begin, end;
    uint32_t screen; /* where it begins */
};

static uint32_t screen_width(const char *t, size_t p, size_t end)
{
    uint32_t w = 0, cp;
    while (p < end) {
        p += sk_utf8_next(t + p, end - p, &cp);
        w += cp < 0x80 ? 1 : 2;
    }
    return w;
}

/* The parts of a line, at most cap; *n counts all of them. */
static uint32_t split_line(const char *t, size_t p, size_t end, struct part *out, uint32_t cap)
{
    uint32_t n = 0, screen = 0;
    size_t from = p;
    while (end > p && (t[end - 1] == ' ' || t[end - 1] == '\r'))
        end--;
    while (p < end && t[p] == ' ')
        p++;
    while (p < end) {
        size_t e = p;
        while (e < end && !(t[e] == ' ' && e + 1 < end && t[e + 1] == ' '))
            e++;
        screen += screen_width(t, from, p);
        from = p;
        if (n < cap)
            out[n] = (struct part){ p, e, screen };
        n++;
        while (e < end && t[e] == ' ')
            e++;
        p = e;
    }
    return n;
}

static uint32_t cost_of(const struct sk_dialect *d, uint32_t col, uint32_t screen)
{
    uint32_t lo = d->at[col].min, hi = d->at[col].max;
    if (screen + SLACK < lo)
        return lo - screen;
    return screen > hi + SLACK ? screen - hi : 0;
}

/* The cheapest way to give n parts to columns in order; false when none is near. */
static bool lay(const struct sk_dialect *d, const struct part *parts, uint32_t n, uint8_t *cols)
{
    uint16_t best[SK_FIXED_COLUMNS + 1], next[SK_FIXED_COLUMNS + 1];
    uint8_t from[SK_FIXED_COLUMNS][SK_FIXED_COLUMNS + 1]; /* 1: the part takes the column before this place */
    uint32_t width = d->columns;
    for (uint32_t c = 0; c <= width; c++)
        best[c] = 0;
    for (uint32_t i = 0; i < n; i++) {
        next[0] = IMPOSSIBLE;
        for (uint32_t c = 1; c <= width; c++) {
            uint32_t take = best[c - 1] + cost_of(d, c - 1, parts[i].screen);
            take = best[c - 1] == IMPOSSIBLE || take > IMPOSSIBLE ? IMPOSSIBLE : take;
            from[i][c] = take < next[c - 1];
            next[c] = (uint16_t)(from[i][c] ? take : next[c - 1]);
        }
        for (uint32_t c = 0; c <= width; c++)
            best[c] = next[c];
    }
    if (best[width] > n * FAR)
        return false;
    for (uint32_t i = n, c = width; i-- > 0; c--) {
        while (c > 0 && !from[i][c])
            c--;
        if (c == 0)
            return false;
        cols[i] = (uint8_t)(c - 1);
    }
    return true;
}

uint32_t sk_fixed_row(const struct sk_dialect *d, const char *t, size_t p, size_t end, struct sk_rows *rows)
{
    struct part parts[256];
    uint8_t cols[SK_FIXED_COLUMNS];
    uint32_t n = split_line(t, p, end, parts, 256), kept = n < 256 ? n : 256;
    bool other = d->columns != 0 && n != d->columns && n > 1, laid = false;
    if (other && n < d->columns && d->columns <= SK_FIXED_COLUMNS)
        laid = lay(d, parts, n, cols);
    if (other && !laid) /* a title, a sentence: one cell */
        return sk_rows_add(rows, parts[0].begin, parts[kept - 1].end, 0) ? n : 0;
    for (uint32_t i = 0; i < kept; i++)
        if (!sk_rows_add(rows, parts[i].begin, parts[i].end, laid ? cols[i] : i))
            return 0;
    return n;
}

unsigned sk_fixed_learn(struct sk_dialect *d, const char *t, const struct sk_rows *rows)
{
    struct part parts[SK_FIXED_COLUMNS];
    uint8_t cols[SK_FIXED_COLUMNS];
    unsigned all = 0, good = 0;
    if (d->columns < 2 || d->columns > SK_FIXED_COLUMNS)
        return 0;
    for (uint32_t c = 0; c < d->columns; c++) {
        d->at[c].min = UINT16_MAX;
        d->at[c].max = 0;
    }
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0, j; i < rows->n; i = j) {
            for (j = i; j < rows->n && rows->cells[j].row == rows->cells[i].row;)
                j++;
            size_t p = rows->cells[i].begin;
            while (p > 0 && t[p - 1] != '\n' && t[p - 1] != '\r')
                p--;
            uint32_t n = split_line(t, p, rows->cells[j - 1].end, parts, SK_FIXED_COLUMNS);
            bool whole = n == d->columns;
            if (pass == 1 && (whole || all != 0)) { /* what stands above the first whole row is a title */
                all++;
                good += whole || (n > 1 && n < d->columns && lay(d, parts, n, cols));
            }
            for (uint32_t c = 0; pass == 0 && whole && c < n; c++) {
                uint16_t at = (uint16_t)(parts[c].screen < IMPOSSIBLE / 2 ? parts[c].screen : IMPOSSIBLE / 2);
                d->at[c].min = at < d->at[c].min ? at : d->at[c].min;
                d->at[c].max = at > d->at[c].max ? at : d->at[c].max;
            }
        }
    return all ? good * 10 / all : 0;
}
