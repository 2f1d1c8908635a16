/* xls_sheet.c - one sheet of a binary workbook. What hides columns or merges cells stands behind the cells, so that
 * they are gathered first and written in reading order. */
#include "extract/ooxml.h"
#include "extract/xls.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define COLUMNS 256u
#define ROWS 65536u
#define REPEATS_MAX 1000000u
#define VALUE_MAX ((size_t)1 << 20)

struct cell {
    uint32_t row;
    uint16_t col, format;
    enum { SHARED, TEXT, NUMBER, REPEAT } kind;
    union {
        uint32_t string; /* SHARED: index; REPEAT: the cell whose value it shows */
        uint64_t text;   /* begin in texts; its end is the next NUL */
        double number;
    } v;
};

struct sheet {
    struct xls *x;
    struct sk_out *o;
    struct sk_side side;
    enum sk_hidden hidden;
    struct cell *cells;
    size_t n, cap;
    struct sk_buf texts; /* each with a NUL behind it */
    uint8_t hidden_rows[ROWS / 8];
    uint8_t hidden_columns[COLUMNS / 8];
    struct merge {
        uint16_t row0, row1, col0, col1;
    } * merges;
    size_t n_merges, cap_merges;
    uint16_t object; /* type of the object whose text comes next */
    bool wants_string, lost;
};

/* ---------------------------------------------------------------- gathering */

static struct cell *add(struct sheet *s, uint32_t row, uint32_t col, uint16_t format)
{
    if (!sk_grow(&s->cells, &s->cap, s->n + 1, sizeof(*s->cells))) {
        s->lost = true;
        return NULL;
    }
    struct cell *c = &s->cells[s->n++];
    *c = (struct cell){ .row = row, .col = (uint16_t)col, .format = format };
    return c;
}

static bool place(struct sk_bytes *b, uint16_t *row, uint16_t *col, uint16_t *format)
{
    return sk_u16le(b, row) && sk_u16le(b, col) && sk_u16le(b, format);
}

/* RkNumber (2.5.217): the upper 30 bits of a double or a whole number, perhaps a hundredfold. */
static double rk(uint32_t v)
{
    double d;
    if (v & 2) {
        d = (double)((int32_t)v >> 2);
    } else {
        uint64_t bits = (uint64_t)(v & ~3u) << 32;
        memcpy(&d, &bits, sizeof(d));
    }
    return v & 1 ? d / 100 : d;
}

static void add_number(struct sheet *s, uint16_t row, uint16_t col, uint16_t format, double v)
{
    struct cell *c = add(s, row, col, format);
    if (c) {
        c->kind = NUMBER;
        c->v.number = v;
    }
}

static void add_rks(struct sheet *s, struct sk_bytes b, bool several)
{
    uint16_t row, col, format;
    uint32_t v;
    if (!sk_u16le(&b, &row) || !sk_u16le(&b, &col))
        return;
    do {
        if (!sk_u16le(&b, &format) || !sk_u32le(&b, &v))
            return;
        add_number(s, row, col++, format, rk(v));
    } while (several && b.n >= 6 + 2);
}

/* A text that has been put behind `begin` in texts belongs to c. */
static void end_text(struct sheet *s, struct cell *c, size_t begin)
{
    for (size_t i = begin; i < s->texts.n; i++)
        if (s->texts.p[i] == '\0')
            s->texts.p[i] = ' ';
    if (s->texts.n == begin || !sk_buf_add(&s->texts, "", 1)) {
        s->lost |= s->texts.failed;
        s->texts.n = begin;
        if (c == &s->cells[s->n - 1])
            s->n--;
        return;
    }
    c->kind = TEXT;
    c->v.text = begin;
}

static void add_label(struct sheet *s, struct biff *b)
{
    uint16_t row, col, format;
    if (!place(&b->body, &row, &col, &format))
        return;
    struct cell *c = add(s, row, col, format);
    size_t begin = s->texts.n;
    if (c) {
        biff_string(b, false, &s->texts);
        end_text(s, c, begin);
    }
}

/* The value of a formula is a number, or says that a STRING record follows (2.5.133). */
static void add_formula(struct sheet *s, struct sk_bytes b)
{
    uint16_t row, col, format;
    uint64_t bits;
    double v;
    if (!place(&b, &row, &col, &format) || !sk_u64le(&b, &bits))
        return;
    if (bits >> 48 != 0xFFFF) {
        memcpy(&v, &bits, sizeof(v));
        add_number(s, row, col, format, v);
    } else if ((bits & 0xFF) == 0) {
        s->wants_string = add(s, row, col, format) != NULL;
        if (s->wants_string)
            s->cells[s->n - 1].kind = TEXT;
    }
}

static void add_result(struct sheet *s, struct biff *b)
{
    size_t begin = s->texts.n;
    if (!s->wants_string || s->n == 0)
        return;
    s->wants_string = false;
    biff_string(b, false, &s->texts);
    end_text(s, &s->cells[s->n - 1], begin);
}

static void add_merges(struct sheet *s, struct sk_bytes b)
{
    uint16_t n;
    struct merge m;
    if (!sk_u16le(&b, &n))
        return;
    for (; n && sk_u16le(&b, &m.row0) && sk_u16le(&b, &m.row1) && sk_u16le(&b, &m.col0) && sk_u16le(&b, &m.col1); n--)
        if (m.row1 > m.row0 && s->n_merges < REPEATS_MAX &&
            sk_grow(&s->merges, &s->cap_merges, s->n_merges + 1, sizeof(*s->merges)))
            s->merges[s->n_merges++] = m;
}

static void hide_columns(struct sheet *s, struct sk_bytes b)
{
    uint16_t first, last, width, format, flags;
    if (!sk_u16le(&b, &first) || !sk_u16le(&b, &last) || !sk_u16le(&b, &width) || !sk_u16le(&b, &format) ||
        !sk_u16le(&b, &flags) || !((flags & 1) || width == 0))
        return;
    for (uint32_t c = first; c <= last && c < COLUMNS; c++)
        s->hidden_columns[c / 8] = (uint8_t)(s->hidden_columns[c / 8] | 1u << c % 8);
}

static void hide_row(struct sheet *s, struct sk_bytes b)
{
    uint16_t row, flags;
    if (sk_u16le(&b, &row) && sk_skip(&b, 10) && sk_u16le(&b, &flags) && (flags & 0x20))
        s->hidden_rows[row / 8] = (uint8_t)(s->hidden_rows[row / 8] | 1u << row % 8);
}

/* ---------------------------------------------------------------- beside the cells */

static bool page_line(struct sheet *s, struct biff *b, struct sk_buf *text)
{
    struct sk_buf out;
    enum sk_run_kind kind = b->type == 0x14 ? SK_RUN_HEADER : SK_RUN_FOOTER;
    sk_buf_clear(text);
    if (b->body.n == 0 || !biff_string(b, !b->wide, text))
        return true;
    sk_buf_init(&out, VALUE_MAX);
    xlsx_header_text(text->p ? text->p : "", text->n, &out);
    bool ok = sk_side_add(&s->side, kind, s->hidden, 0, 0, out.p, out.n);
    sk_buf_free(&out);
    return ok;
}

/* Text of a comment or of a box: the characters stand in the CONTINUE record behind (2.4.329). */
static bool object_text(struct sheet *s, struct biff *b, struct sk_buf *text)
{
    uint16_t n;
    struct sk_bytes at = b->body;
    sk_buf_clear(text);
    if (!sk_skip(&at, 10) || !sk_u16le(&at, &n) || n == 0)
        return true;
    b->body.n = 0;
    biff_characters(b, n, 0, text);
    bool note = s->object == 0x19;
    s->object = 0;
    enum sk_run_kind kind = note ? SK_RUN_COMMENT : sk_is_stamp(text->p, text->n) ? SK_RUN_STAMP : SK_RUN_BODY;
    return sk_side_add(&s->side, kind, note ? SK_HIDDEN_COMMENT : s->hidden, 0, 0, text->p, text->n);
}

/* NOTE of BIFF5 holds the text itself. */
static bool old_note(struct sheet *s, struct biff *b, struct sk_buf *text)
{
    uint16_t n;
    sk_buf_clear(text);
    if (b->wide || !sk_skip(&b->body, 4) || !sk_u16le(&b->body, &n))
        return true;
    sk_ole_text(b->codepage, sk_bytes(b->body.p, n < b->body.n ? n : b->body.n), text);
    return sk_side_add(&s->side, SK_RUN_COMMENT, SK_HIDDEN_COMMENT, 0, 0, text->p, text->n);
}

/* ---------------------------------------------------------------- records */

static bool record(struct sheet *s, struct biff *b, struct sk_buf *text)
{
    uint16_t row, col, format;
    uint32_t string;
    uint64_t bits;
    double v;
    struct cell *c;
    struct sk_bytes at = b->body;
    switch (b->type) {
    case 0xFD: /* LABELSST */
        if (place(&at, &row, &col, &format) && sk_u32le(&at, &string) && (c = add(s, row, col, format)))
            c->v.string = string;
        break;
    case 0x204: /* LABEL */
    case 0xD6:  /* RSTRING */
        add_label(s, b);
        break;
    case 0x203: /* NUMBER */
        if (place(&at, &row, &col, &format) && sk_u64le(&at, &bits)) {
            memcpy(&v, &bits, sizeof(v));
            add_number(s, row, col, format, v);
        }
        break;
    case 0x27E: /* RK */
    case 0xBD:  /* MULRK */
        add_rks(s, at, b->type == 0xBD);
        break;
    case 0x06: /* FORMULA */
    case 0x206:
    case 0x406:
        add_formula(s, at);
        break;
    case 0x207: /* STRING */
        add_result(s, b);
        break;
    case 0x208: /* ROW */
        hide_row(s, at);
        break;
    case 0x7D: /* COLINFO */
        hide_columns(s, at);
        break;
    case 0xE5: /* MERGEDCELLS */
        add_merges(s, at);
        break;
    case 0x5D: /* OBJ: the type stands in its first part */
        if (sk_skip(&at, 4) && sk_u16le(&at, &row))
            s->object = row;
        break;
    case 0x1B6: /* TXO */
        return object_text(s, b, text);
    case 0x1C: /* NOTE */
        return old_note(s, b, text);
    case 0x14: /* HEADER */
    case 0x15: /* FOOTER */
        return page_line(s, b, text);
    default:
        break;
    }
    return true;
}

static bool gather(struct sheet *s, struct sk_bytes from)
{
    struct biff b = { .rest = from, .wide = s->x->wide, .codepage = s->x->codepage };
    struct sk_buf text;
    unsigned inner = 0; /* charts within the sheet */
    bool ok = true;
    sk_buf_init(&text, VALUE_MAX);
    for (size_t i = 0; ok && biff_next(&b); i++) {
        if ((i & 4095) == 0 && !sk_budget_time(s->x->f->job->budget))
            break;
        if (b.type == 0x809) {
            inner += i > 0;
        } else if (b.type == 0x0A) {
            if (inner == 0)
                break;
            inner--;
        } else if (b.type == 0x100D) { /* SeriesText: titles and names of a chart, which may be a sheet of its own */
            sk_buf_clear(&text);
            ok = !sk_skip(&b.body, 2) || !biff_string(&b, true, &text) ||
                 sk_side_add(&s->side, SK_RUN_BODY, s->hidden, 0, 0, text.p, text.n);
        } else if (inner == 0 || b.type == 0x5D || b.type == 0x1B6) {
            ok = record(s, &b, &text);
        }
    }
    sk_buf_free(&text);
    return ok;
}

/* ---------------------------------------------------------------- writing */

static int by_place(const void *a, const void *b)
{
    const struct cell *x = a, *y = b;
    if (x->row != y->row)
        return x->row < y->row ? -1 : 1;
    if (x->col != y->col)
        return x->col < y->col ? -1 : 1;
    return (x->kind == REPEAT) - (y->kind == REPEAT);
}

static size_t find(const struct sheet *s, size_t n, uint32_t row, uint32_t col)
{
    size_t low = 0, high = n;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        const struct cell *c = &s->cells[mid];
        if (c->row < row || (c->row == row && c->col < col))
            low = mid + 1;
        else
            high = mid;
    }
    return low < n && s->cells[low].row == row && s->cells[low].col == col ? low : n;
}

/* A merged cell shows its value for each of its rows. The cells are sorted twice: indices must hold while repeats are
 * added. */
static struct cell *with_repeats(struct sheet *s, size_t *n)
{
    size_t own = s->n, repeats = 0;
    for (size_t i = 0; i < s->n_merges && repeats < REPEATS_MAX; i++) {
        const struct merge *m = &s->merges[i];
        size_t at = find(s, own, m->row0, m->col0);
        for (uint32_t row = m->row0 + 1u; at < own && row <= m->row1 && repeats < REPEATS_MAX; row++, repeats++) {
            struct cell *c = add(s, row, m->col0, s->cells[at].format);
            if (!c)
                break;
            c->kind = REPEAT;
            c->v.string = (uint32_t)at;
        }
    }
    *n = s->n;
    if (s->n == own)
        return NULL;
    struct cell *all = sk_new(s->n, sizeof(*all));
    if (!all) {
        *n = own;
        return NULL;
    }
    memcpy(all, s->cells, s->n * sizeof(*all));
    qsort(all, s->n, sizeof(*all), by_place);
    return all;
}

/* Not by the C locale, whose point may be a comma. */
static size_t decimal(double v, char out[64])
{
    if (!isfinite(v))
        return 0;
    int n = snprintf(out, 64, fabs(v) < 1e15 && v == floor(v) ? "%.0f" : "%.15g", v);
    for (int i = 0; i < n; i++)
        if (out[i] == ',')
            out[i] = '.';
    return n > 0 && n < 64 ? (size_t)n : 0;
}

static bool value(struct sheet *s, const struct cell *c, const char **p, size_t *n, char out[XLSX_NUMBER])
{
    static const struct xlsx_format GENERAL = { XLSX_PLAIN, NULL, false };
    struct xlsx_strings *t = &s->x->strings;
    char digits[64];
    *n = 0;
    if (c->kind == SHARED && c->v.string < t->n) {
        struct xlsx_string *a = &t->items[c->v.string], *b = a + 1;
        if (!a->used && b->ruby > a->ruby &&
            !sk_side_add(&s->side, SK_RUN_RUBY, s->hidden, 0, 0, t->ruby.p + a->ruby, (size_t)(b->ruby - a->ruby)))
            return false;
        a->used = true;
        *p = t->text.p + a->begin;
        *n = (size_t)(b->begin - a->begin);
    } else if (c->kind == TEXT && s->texts.p) {
        *p = s->texts.p + c->v.text;
        *n = strlen(*p);
    } else if (c->kind == NUMBER) {
        const struct xlsx_format *f = c->format < s->x->n_formats ? &s->x->formats[c->format] : &GENERAL;
        size_t k = decimal(c->v.number, digits);
        *n = k ? xlsx_number(f, s->x->date1904, digits, k, out) : 0;
        *p = out;
    }
    return true;
}

static enum sk_hidden hidden_cell(const struct sheet *s, const struct cell *c)
{
    if (c->row < ROWS && (s->hidden_rows[c->row / 8] & 1u << c->row % 8))
        return SK_HIDDEN_ROW;
    if (c->col < COLUMNS && (s->hidden_columns[c->col / 8] & 1u << c->col % 8))
        return SK_HIDDEN_COLUMN;
    return c->kind != REPEAT && c->format < s->x->n_formats && s->x->formats[c->format].unseen ? SK_HIDDEN_TEXT
                                                                                               : SK_SHOWN;
}

static bool write_cells(struct sheet *s)
{
    char out[XLSX_NUMBER];
    size_t n, owed = 0;
    bool ok = sk_out_kind(s->o, SK_RUN_BODY, s->hidden) && sk_out_table_begin(s->o, true);
    for (size_t i = 1; i < s->n; i++)
        if (by_place(&s->cells[i - 1], &s->cells[i]) > 0) { /* rarely: Excel writes them in order */
            qsort(s->cells, s->n, sizeof(*s->cells), by_place);
            break;
        }
    struct cell *all = with_repeats(s, &n), *cells = all ? all : s->cells;
    for (size_t i = 0; ok && i < n; i++) {
        const struct cell *c = &cells[i];
        const char *p = NULL;
        size_t len = 0;
        bool again = c->kind == REPEAT;
        if (again && i > 0 && cells[i - 1].row == c->row && cells[i - 1].col == c->col)
            continue; /* a value of its own under a merged range */
        if (!value(s, again ? &s->cells[c->v.string] : c, &p, &len, out) || len == 0)
            continue;
        owed += len; /* a short reference can stand for a long text, many times */
        if (owed >= ((size_t)256 << 10) && (ok = sk_budget_expand(s->x->f->job->budget, owed)))
            owed = 0;
        ok = ok && sk_out_cell_begin(s->o, c->row, c->col, hidden_cell(s, c), again) && sk_out_text(s->o, p, len) &&
             sk_out_cell_end(s->o);
    }
    free(all);
    return sk_out_table_end(s->o) && ok;
}

bool xls_sheet_read(struct xls *x, const struct xls_sheet *sheet)
{
    struct sk_job *job = x->f->job;
    const char *name = sheet->name_n ? x->names.p + sheet->name : "";
    struct sk_bytes from;
    if (!sk_slice(x->stream, sheet->at, 1, &from)) {
        sk_ole_tell(x->f, SK_WHY_DAMAGED, "");
        return true;
    }
    from.n = x->stream.n - sheet->at;
    uint32_t part = job->sink->part(job->sink->ctx, job->part, name, sheet->name_n, sheet->hidden);
    struct sheet *s = part ? sk_new(1, sizeof(*s)) : NULL;
    if (!s || !(s->o = sk_out_open(job, part))) {
        sk_ole_tell(x->f, SK_WHY_TOO_LARGE, "");
        free(s);
        return true;
    }
    s->x = x;
    s->hidden = sheet->hidden;
    sk_side_init(&s->side, s->o);
    sk_buf_init(&s->texts, SIZE_MAX / 2);
    bool ok = sk_out_name(s->o, name, sheet->name_n, s->hidden) && gather(s, from) && write_cells(s) &&
              sk_side_flush(&s->side);
    if (s->lost || s->side.lost)
        sk_ole_tell(x->f, SK_WHY_TOO_LARGE, "memory");
    ok = sk_out_close(s->o) && ok;
    sk_side_free(&s->side);
    sk_buf_free(&s->texts);
    free(s->cells);
    free(s->merges);
    free(s);
    return ok;
}
