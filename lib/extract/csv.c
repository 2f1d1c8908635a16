#define _GNU_SOURCE
#include "extract/csv.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* A quoted field that has not ended after so much is no quoted field: the quotation mark is text (claims write marks
 * bare). */
#define QUOTED_BYTES ((size_t)32 << 10)
#define QUOTED_LINES 200u

/* ---------------------------------------------------------------- fields */

/* First delimiter or line end at or after p. */
static size_t next_mark(const char *t, size_t p, size_t n, char delimiter, char line)
{
#ifdef __SSE2__
    const __m128i d = _mm_set1_epi8(delimiter), l = _mm_set1_epi8(line);
    for (; p < n; p += 16) { /* SK_PAD bytes behind n may be read */
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)(t + p));
        unsigned m = (unsigned)_mm_movemask_epi8(_mm_or_si128(_mm_cmpeq_epi8(v, d), _mm_cmpeq_epi8(v, l)));
        if (m) {
            p += (unsigned)__builtin_ctz(m);
            return p < n ? p : n;
        }
    }
    return n;
#else
    while (p < n && t[p] != delimiter && t[p] != line)
        p++;
    return p;
#endif
}

enum quoted { QUOTED, NOT_QUOTED, QUOTED_MORE };

/* The mark at `open` begins a field: finds the closing one. multi: the field may span lines. */
static enum quoted find_close(const char *t, size_t open, size_t n, bool whole, bool multi, char line, size_t *close,
                              bool *lines)
{
    size_t limit = n - open < QUOTED_BYTES ? n : open + QUOTED_BYTES;
    unsigned ends = 0;
    for (size_t p = open + 1;; p++) {
        p = next_mark(t, p, limit, '"', line);
        if (p >= limit)
            return limit < n || whole || !multi ? NOT_QUOTED : QUOTED_MORE;
        if (t[p] == line) {
            if (!multi || ++ends > QUOTED_LINES)
                return NOT_QUOTED;
            continue;
        }
        if (p + 1 >= n && !whole)
            return QUOTED_MORE;
        if (p + 1 < n && t[p + 1] == '"') {
            p++;
            continue;
        }
        *close = p;
        *lines = ends > 0;
        return QUOTED;
    }
}

struct field {
    size_t begin, end; /* the cell */
    size_t next;       /* the delimiter or line end behind it, or n */
    bool quoted;
};

struct reading {
    const struct sk_dialect *d;
    const char *t;
    size_t n;
    bool whole, multi;
    bool spans_lines; /* a quoted field did */
    bool broken;      /* and text follows its closing mark */
};

static void trim(const char *t, struct field *f)
{
    while (f->end > f->begin && (t[f->end - 1] == ' ' || t[f->end - 1] == '\r'))
        f->end--;
    while (f->begin < f->end && t[f->begin] == ' ')
        f->begin++;
}

/* False when the field may go on behind the text. */
static bool read_field(struct reading *r, size_t p, struct field *f)
{
    const char *t = r->t;
    char line = r->d->cr ? '\r' : '\n';
    size_t q = p;
    while (q < r->n && t[q] == ' ')
        q++;
    f->quoted = false;
    if (q < r->n && t[q] == '"') {
        size_t close;
        bool spans = false;
        enum quoted is = find_close(t, q, r->n, r->whole, r->multi, line, &close, &spans);
        r->spans_lines = r->spans_lines || spans;
        if (is == QUOTED_MORE)
            return false;
        if (is == QUOTED) {
            f->next = next_mark(t, close + 1, r->n, r->d->delimiter, line);
            struct field rest = { close + 1, f->next, 0, false };
            trim(t, &rest);
            f->quoted = rest.begin == rest.end;
            r->broken = r->broken || (!f->quoted && spans);
            f->begin = f->quoted ? q + 1 : q; /* text behind the closing mark: then the marks belong to the text */
            f->end = f->quoted ? close : f->next;
            trim(t, f);
            return true;
        }
    }
    f->begin = p;
    f->end = f->next = next_mark(t, q, r->n, r->d->delimiter, line);
    trim(t, f);
    return true;
}

/* ---------------------------------------------------------------- rows */

bool sk_rows_add(struct sk_rows *rows, size_t begin, size_t end, uint32_t col)
{
    if (rows->n == rows->cap && !sk_grow(&rows->cells, &rows->cap, rows->n + 1, sizeof(*rows->cells))) {
        rows->no_memory = true;
        return false;
    }
    rows->cells[rows->n++] = (struct sk_cell){ .begin = (uint32_t)begin,
                                               .end = (uint32_t)end,
                                               .row = rows->row,
                                               .col = (uint16_t)(col < UINT16_MAX ? col : UINT16_MAX) };
    return true;
}

/* Reads one row from p; *end is where the next begins. Returns its number of fields, 0 when it is not complete or
 * memory is out. */
static uint32_t read_delimited(struct reading *r, size_t p, struct sk_rows *rows, size_t *end)
{
    char line = r->d->cr ? '\r' : '\n';
    for (uint32_t col = 0;; col++) {
        struct field f;
        while (p < r->n && r->t[p] == r->d->delimiter) { /* most fields of a claim are empty */
            p++;
            col++;
        }
        if (!read_field(r, p, &f))
            return 0;
        bool ends = f.next >= r->n || r->t[f.next] == line;
        if (f.next >= r->n && !r->whole)
            return 0;
        if ((f.begin < f.end || (ends && col)) && !sk_rows_add(rows, f.begin, f.end, col))
            return 0;
        p = f.next + 1;
        if (ends) {
            *end = p < r->n ? p : r->n;
            return col + 1;
        }
    }
}

static uint32_t distance(uint32_t a, uint32_t b)
{
    return a > b ? a - b : b - a;
}

/* A row whose quoted field spans lines must be as wide as the others; else its first mark is text that met another mark
 * by chance. */
static uint32_t read_checked(struct reading *r, size_t p, struct sk_rows *rows, size_t *end)
{
    size_t before = rows->n;
    r->multi = !r->d->one_line;
    r->spans_lines = r->broken = false;
    uint32_t fields = read_delimited(r, p, rows, end);
    bool doubtful =
        r->multi && (fields == 0 || r->broken || (r->spans_lines && r->d->columns && fields != r->d->columns));
    bool broken = r->broken;
    if (!doubtful || rows->no_memory)
        return fields;
    size_t other_end, kept = rows->n;
    r->multi = false;
    uint32_t plain = read_delimited(r, p, rows, &other_end);
    uint32_t columns = r->d->columns;
    bool better = plain && (fields == 0 ? columns && plain == columns
                                        : broken || (columns && distance(plain, columns) < distance(fields, columns)));
    if (rows->no_memory)
        return 0;
    if (better) {
        memmove(rows->cells + before, rows->cells + kept, (rows->n - kept) * sizeof(*rows->cells));
        rows->n = before + (rows->n - kept);
        *end = other_end;
        return plain;
    }
    rows->n = kept;
    return fields;
}

size_t sk_table_split(const struct sk_dialect *d, const char *text, size_t n, bool whole, struct sk_rows *rows)
{
    struct reading r = { .d = d, .t = text, .n = n, .whole = whole };
    size_t p = 0;
    while (p < n && !rows->no_memory) {
        size_t before = rows->n, end;
        if (d->kind == SK_FIXED_WIDTH) {
            char line = d->cr ? '\r' : '\n';
            end = next_mark(text, p, n, line, line);
            if (end == n && !whole)
                break;
            sk_fixed_row(d, text, p, end, rows);
            end = end < n ? end + 1 : n;
        } else if (read_checked(&r, p, rows, &end) == 0) {
            rows->n = before;
            break;
        }
        rows->row++;
        p = end;
    }
    return p;
}
