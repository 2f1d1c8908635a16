/*
 * fmt_access.c - Access databases: every table as a table, with rows that were deleted and not yet compacted away.
 * A password alone hides nothing in files before 2007; those encrypted with one since then are told as such.
 */
#include "extract/jet.h"
#include "extract/xlsx.h"

#include <stdio.h>
#include <stdlib.h>

int sk_sniff_access(struct sk_bytes head, struct sk_source *source);
bool sk_extract_access(struct sk_job *job);

#define CATALOG 2u /* page of MSysObjects' definition */
#define LONG_MAX_BYTES ((size_t)64 << 20)
#define SECONDS_PER_DAY 86400.0
#define DAY0 25569.0 /* 1970-01-01 in days since 1899-12-30 */

struct name {
    uint32_t page;
    size_t at, n; /* in names */
};

struct reader {
    struct jet jet;
    struct jet_table table;
    struct sk_job *job;
    struct sk_out *o;
    uint32_t part, row;
    bool objects; /* something in a binary column was not looked at */
    struct name *tables;
    size_t n, cap;
    struct sk_buf names, text, bytes;
    uint32_t *moved; /* pages and rows to which rows of the table moved, ascending */
    size_t n_moved, cap_moved;
};

/* ---------------------------------------------------------------- values */

static size_t real(double v, char *out, size_t cap)
{
    int n = snprintf(out, cap, "%.15g", v);
    for (int i = 0; i < n; i++) /* whatever the host's locale is */
        if (out[i] == ',')
            out[i] = '.';
    return n > 0 && (size_t)n < cap ? (size_t)n : 0;
}

static uint64_t bits(struct sk_bytes b)
{
    uint64_t v = 0;
    for (size_t i = b.n; i-- > 0;)
        v = v << 8 | b.p[i];
    return v;
}

/* A whole number with a decimal point `scale` digits from its end. */
static size_t decimal(uint64_t v, bool negative, unsigned scale, char *out, size_t cap)
{
    char digits[32];
    int n = snprintf(digits, sizeof(digits), "%0*llu", (int)(scale < 20 ? scale + 1 : 21), (unsigned long long)v);
    size_t whole = (size_t)n - scale, k = 0, end = (size_t)n;
    if (n <= 0 || scale > 19 || cap < 40)
        return 0;
    while (end > whole && digits[end - 1] == '0')
        end--;
    if (negative)
        out[k++] = '-';
    memcpy(out + k, digits, whole);
    k += whole;
    if (end > whole) {
        out[k++] = '.';
        memcpy(out + k, digits + whole, end - whole);
        k += end - whole;
    }
    return k;
}

static size_t number(const struct jet_column *c, struct sk_bytes b, char out[XLSX_NUMBER])
{
    static const struct xlsx_format DATE = { XLSX_DATE, NULL, false };
    uint64_t v = bits(b.n <= 8 ? b : sk_bytes(b.p, 0));
    double d;
    float f;
    int n = 0;
    switch (c->type) {
    case JET_BYTE:
        n = snprintf(out, XLSX_NUMBER, "%u", (unsigned)v);
        break;
    case JET_INT:
        n = snprintf(out, XLSX_NUMBER, "%d", (int)(int16_t)v);
        break;
    case JET_LONG:
        n = snprintf(out, XLSX_NUMBER, "%ld", (long)(int32_t)v);
        break;
    case JET_BIGINT:
        n = snprintf(out, XLSX_NUMBER, "%lld", (long long)(int64_t)v);
        break;
    case JET_MONEY:
        return decimal((int64_t)v < 0 ? 0 - v : v, (int64_t)v < 0, 4, out, XLSX_NUMBER);
    case JET_FLOAT: {
        uint32_t low = (uint32_t)v;
        memcpy(&f, &low, sizeof(f));
        return real((double)f, out, XLSX_NUMBER);
    }
    case JET_DOUBLE:
    case JET_DATE:
        memcpy(&d, &v, sizeof(d));
        if (c->type == JET_DATE && d >= 1 && d < 2958466) {
            char serial[32];
            size_t k = decimal((uint64_t)d, false, 0, serial, 40);
            return xlsx_number(&DATE, false, serial, k, out);
        }
        return real(d, out, XLSX_NUMBER);
    case JET_NUMERIC: /* sign, then four words, the highest first */
        if (b.n == 17 && bits(sk_bytes(b.p + 1, 8)) == 0)
            return decimal(bits(sk_bytes(b.p + 9, 4)) << 32 | bits(sk_bytes(b.p + 13, 4)), b.p[0] & 0x80u, c->scale,
                           out, XLSX_NUMBER);
        break;
    default:
        break;
    }
    return n > 0 ? (size_t)n : 0;
}

/* An OLE field: Access's own header, then a compound file or the bare bytes of a file. */
static bool object(struct reader *r, struct sk_bytes b, uint32_t col)
{
    char name[64];
    size_t at = sk_find(b, 0, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8);
    struct sk_guess guess;
    if (b.n < 16)
        return true;
    if (at != SIZE_MAX)
        b = sk_bytes(b.p + at, b.n - at);
    struct sk_source *s = sk_source_memory(b);
    const struct sk_format *f = s ? sk_identify(s, &guess) : NULL;
    bool ok = true;
    if (f && f->extract && strcmp(f->name, "text") != 0) {
        struct sk_job job = *r->job;
        int n = snprintf(name, sizeof(name), "row %u column %u", r->row + 1, col + 1);
        job.part = r->part;
        ok = sk_budget_member(job.budget) && sk_budget_expand(job.budget, b.n) &&
             sk_out_child(&job, name, n > 0 ? (size_t)n : 0, SK_HIDDEN_EMBEDDED, s);
    } else {
        r->objects = true;
    }
    sk_source_free(s);
    return ok;
}

static bool value(struct reader *r, const struct jet_column *c, struct sk_bytes b, uint32_t col)
{
    char out[XLSX_NUMBER];
    sk_buf_clear(&r->text);
    sk_buf_clear(&r->bytes);
    if (c->type == JET_TEXT) {
        r->jet.large |= !jet_text(&r->jet, b, &r->text);
    } else if (c->type == JET_MEMO) {
        r->jet.large |= !jet_long_value(&r->jet, b, &r->bytes) ||
                        !jet_text(&r->jet, sk_bytes(r->bytes.p ? r->bytes.p : "", r->bytes.n), &r->text);
    } else if (c->type == JET_OLE) {
        r->jet.large |= !jet_long_value(&r->jet, b, &r->bytes);
        return r->bytes.n == 0 || object(r, sk_bytes(r->bytes.p, r->bytes.n), col);
    } else {
        size_t n = number(c, b, out);
        return sk_out_text(r->o, out, n);
    }
    return r->text.n == 0 || sk_out_text(r->o, r->text.p, r->text.n);
}

/* ---------------------------------------------------------------- rows */

static int by_number(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

typedef bool (*each_row)(struct reader *r, struct sk_bytes row, enum sk_hidden hidden);

/* A row whose place says "deleted" may be one that moved there: another place points to it. */
static bool gather_moved(struct reader *r, uint32_t table)
{
    bool deleted, moved;
    r->n_moved = 0;
    for (uint32_t page = jet_first(&r->jet, table); page; page = r->jet.next[page]) {
        if (!jet_load(&r->jet, page, r->jet.page))
            continue;
        for (uint16_t i = 0, n = jet_rows(&r->jet, r->jet.page); i < n; i++) {
            struct sk_bytes row = jet_row(&r->jet, r->jet.page, i, &deleted, &moved);
            if (!moved)
                continue;
            if (!sk_grow(&r->moved, &r->cap_moved, r->n_moved + 1, sizeof(*r->moved)))
                return false;
            r->moved[r->n_moved++] = (uint32_t)bits(row);
        }
    }
    if (r->n_moved)
        qsort(r->moved, r->n_moved, sizeof(*r->moved), by_number);
    return true;
}

static bool rows(struct reader *r, uint32_t table, each_row each)
{
    bool deleted, moved;
    r->jet.large |= !gather_moved(r, table);
    for (uint32_t page = jet_first(&r->jet, table); page; page = r->jet.next[page]) {
        if (!jet_load(&r->jet, page, r->jet.page))
            continue;
        for (uint16_t i = 0, n = jet_rows(&r->jet, r->jet.page); i < n; i++) {
            struct sk_bytes row = jet_row(&r->jet, r->jet.page, i, &deleted, &moved);
            uint32_t here = page << 8 | (i & 0xFFu);
            if (deleted && r->n_moved)
                deleted = !bsearch(&here, r->moved, r->n_moved, sizeof(here), by_number);
            if (!moved && row.n && !each(r, row, deleted ? SK_HIDDEN_CHANGE : SK_SHOWN))
                return false;
        }
        if (!sk_budget_time(r->job->budget))
            return false;
    }
    return true;
}

static bool table_row(struct reader *r, struct sk_bytes row, enum sk_hidden hidden)
{
    struct sk_bytes b;
    r->row++;
    bool ok = true;
    for (uint32_t i = 0; ok && i < r->table.n; i++)
        if (jet_value(&r->jet, &r->table, &r->table.columns[i], row, &b) && r->table.columns[i].type != JET_BOOL)
            ok = sk_out_cell_begin(r->o, r->row, i, hidden, false) && value(r, &r->table.columns[i], b, i) &&
                 sk_out_cell_end(r->o);
    return ok;
}

static bool header(struct reader *r)
{
    bool ok = true;
    for (uint32_t i = 0; ok && i < r->table.n; i++) {
        sk_buf_clear(&r->text);
        r->jet.large |= !jet_text(&r->jet, r->table.columns[i].name, &r->text);
        ok = sk_out_cell_begin(r->o, 0, i, SK_SHOWN, false) &&
             (r->text.n == 0 || sk_out_text(r->o, r->text.p, r->text.n)) && sk_out_cell_end(r->o);
    }
    return ok;
}

/* ---------------------------------------------------------------- tables */

static const struct jet_column *named(const struct reader *r, const char *ascii)
{
    size_t n = strlen(ascii), unit = r->jet.layout->wide ? 2 : 1;
    for (uint16_t i = 0; i < r->table.n; i++) {
        const struct jet_column *c = &r->table.columns[i];
        bool same = c->name.n == n * unit;
        for (size_t k = 0; same && k < n; k++)
            same = c->name.p[k * unit] == (uint8_t)ascii[k];
        if (same)
            return c;
    }
    return NULL;
}

/* MSysObjects: names of the tables, and of queries, forms and the like, which are text too. */
static bool catalog_row(struct reader *r, struct sk_bytes row, enum sk_hidden hidden)
{
    const struct jet_column *id = named(r, "Id"), *name = named(r, "Name"), *type = named(r, "Type");
    struct sk_bytes a, b, c;
    if (hidden || !id || !name || !type || !jet_value(&r->jet, &r->table, id, row, &a) ||
        !jet_value(&r->jet, &r->table, name, row, &b) || !jet_value(&r->jet, &r->table, type, row, &c) || bits(c) != 1)
        return true;
    struct name n = { (uint32_t)bits(a) & 0x00FFFFFFu, r->names.n, 0 };
    if (!jet_text(&r->jet, b, &r->names) || !sk_grow(&r->tables, &r->cap, r->n + 1, sizeof(*r->tables))) {
        r->jet.large = true;
        return true;
    }
    n.n = r->names.n - n.at;
    r->tables[r->n++] = n;
    return true;
}

static bool catalog(struct reader *r)
{
    bool ok = true;
    if (!jet_table_read(&r->jet, CATALOG, &r->table))
        r->jet.damaged = true;
    else
        ok = rows(r, CATALOG, catalog_row);
    jet_table_free(&r->table);
    return ok;
}

static bool one_table(struct reader *r, uint32_t page)
{
    const struct sk_sink *sink = r->job->sink;
    const char *name = "";
    size_t n = 0;
    for (size_t i = 0; i < r->n; i++)
        if (r->tables[i].page == page) {
            name = r->names.p + r->tables[i].at;
            n = r->tables[i].n;
        }
    bool own = n >= 4 && memcmp(name, "MSys", 4) == 0; /* Access's own tables */
    if (own && !(n == 11 && memcmp(name, "MSysQueries", 11) == 0) && !(n == 11 && memcmp(name, "MSysObjects", 11) == 0))
        return true;
    if (!jet_table_read(&r->jet, page, &r->table)) {
        jet_table_free(&r->table);
        r->jet.damaged |= n > 0;
        return true;
    }
    r->part = sink->part(sink->ctx, r->job->part, name, n, SK_SHOWN);
    bool ok = r->part && (r->o = sk_out_open(r->job, r->part)), objects = r->objects;
    r->row = 0;
    if (ok) {
        ok = sk_out_name(r->o, name, n, SK_SHOWN) && sk_out_table_begin(r->o, false) && header(r) &&
             rows(r, page, table_row) && sk_out_table_end(r->o);
        ok = sk_out_close(r->o) && ok;
    } else {
        r->jet.large = true;
    }
    if (own)
        r->objects = objects; /* what Access itself keeps in binary columns is no document */
    jet_table_free(&r->table);
    return ok;
}

static int by_page(const void *a, const void *b)
{
    const struct name *x = a, *y = b;
    return (x->page > y->page) - (x->page < y->page);
}

static bool all_tables(struct reader *r)
{
    bool ok = catalog(r);
    if (r->n)
        qsort(r->tables, r->n, sizeof(*r->tables), by_page);
    for (size_t i = 0; ok && i < r->n; i++)
        if (i == 0 || r->tables[i].page != r->tables[i - 1].page)
            ok = one_table(r, r->tables[i].page);
    return ok;
}

/* ---------------------------------------------------------------- the file */

static bool extract(struct sk_job *job, struct sk_source *source)
{
    const struct sk_sink *sink = job->sink;
    struct reader *r = sk_new(1, sizeof(*r));
    bool ok = true;
    if (!r) {
        sink->reason(sink->ctx, job->part, SK_WHY_TOO_LARGE, "memory");
        return true;
    }
    r->job = job;
    sk_buf_init(&r->names, (size_t)16 << 20);
    sk_buf_init(&r->text, LONG_MAX_BYTES * 3);
    sk_buf_init(&r->bytes, LONG_MAX_BYTES);
    sk_buf_str(&r->names, ""); /* names are taken by offset even when there are none */
    if (!jet_open(&r->jet, job, source)) {
        r->jet.damaged = true;
    } else if (r->jet.encryption) {
        sink->encrypted(sink->ctx, job->part, r->jet.encryption);
        sink->reason(sink->ctx, job->part, SK_WHY_ENCRYPTED, r->jet.encryption);
    } else {
        ok = all_tables(r);
    }
    if (r->jet.damaged)
        sink->reason(sink->ctx, job->part, SK_WHY_DAMAGED, "");
    if (r->jet.large)
        sink->reason(sink->ctx, job->part, SK_WHY_TOO_LARGE, "");
    if (r->objects)
        sink->reason(sink->ctx, job->part, SK_WHY_UNSUPPORTED, "ole-field");
    jet_close(&r->jet);
    sk_buf_free(&r->names);
    sk_buf_free(&r->text);
    sk_buf_free(&r->bytes);
    free(r->tables);
    free(r->moved);
    free(r);
    return ok;
}

bool sk_extract_access(struct sk_job *job)
{
    return sk_with_random(job, extract);
}

int sk_sniff_access(struct sk_bytes head, struct sk_source *source)
{
    (void)source;
    return sk_starts(head, "\0\1\0\0Standard Jet DB", 20) || sk_starts(head, "\0\1\0\0Standard ACE DB", 20) ? 152 : 0;
}
