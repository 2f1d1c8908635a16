/* ole_doc.c - Word's binary documents (MS-DOC), Word 6 to 2003: all pieces of the text in the order of the document,
 * tables by their row ends, fields by their results, and what is hidden or deleted apart. */
#include "extract/ooxml.h"
#include "extract/word.h"

#include <stdlib.h>

#define CELL_MAX ((size_t)16 << 20)
#define RUN_MAX 16384u
#define FIELDS_MAX 64u

struct doc {
    struct word *w;
    struct sk_out *o;
    struct sk_side side;
    struct sk_grid *grid;
    const struct word_story *story;
    bool in_grid, row_open, after_mark;
    struct sk_buf cell, piece, code;
    unsigned fields;             /* open */
    uint8_t in_code[FIELDS_MAX]; /* their instructions are not over yet */
    unsigned codes;              /* how many of them */
    uint32_t paragraph;
    bool lost;
};

/* ---------------------------------------------------------------- characters */

/* Windows 1252 where it differs from Latin-1; its place in Unicode. */
static void add_western(struct sk_buf *out, struct sk_bytes b)
{
    static const uint16_t HIGH[32] = { 0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                       0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D,   0x017D, 0x8F,
                                       0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                       0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178 };
    for (size_t i = 0; i < b.n; i++) {
        uint32_t c = b.p[i] >= 0x80 && b.p[i] < 0xA0 ? HIGH[b.p[i] - 0x80] : b.p[i];
        char utf8[4];
        size_t n = c < 0x80 ? (utf8[0] = (char)c, 1)
                            : sk_to_utf8(SK_CS_UTF16LE, (const uint8_t[]){ (uint8_t)c, (uint8_t)(c >> 8) }, 2, utf8, 4);
        sk_buf_add(out, utf8, n);
    }
}

static void decode(struct doc *d, struct sk_bytes b, bool wide)
{
    sk_buf_clear(&d->piece);
    if (wide && sk_buf_reserve(&d->piece, b.n * 2 + 16)) {
        d->piece.n = sk_to_utf8(SK_CS_UTF16LE, b.p, b.n, d->piece.p, b.n * 2 + 16);
        d->piece.p[d->piece.n] = '\0';
    } else if (d->w->old && d->w->codepage == 932) {
        sk_ole_text(932, b, &d->piece);
    } else if (!wide) {
        add_western(&d->piece, b);
    }
}

static bool put(struct doc *d, const char *p, size_t n, uint8_t flags)
{
    if (d->codes) {
        sk_buf_add(&d->code, p, n);
        return true;
    }
    if (flags & (WORD_VANISH | WORD_DELETED))
        return sk_side_add(&d->side, d->story->kind, flags & WORD_DELETED ? SK_HIDDEN_CHANGE : SK_HIDDEN_TEXT, 0,
                           d->paragraph, p, n);
    if (d->in_grid) {
        d->lost |= !sk_buf_add(&d->cell, p, n);
        return true;
    }
    return sk_out_text(d->o, p, n);
}

/* ---------------------------------------------------------------- tables */

static bool cell_end(struct doc *d)
{
    if (!d->row_open)
        sk_grid_row(d->grid);
    d->row_open = true;
    bool ok = sk_grid_cell(d->grid, d->cell.p ? d->cell.p : "", d->cell.n, d->story->hidden, 1, SK_MERGE_NONE);
    sk_buf_clear(&d->cell);
    return ok;
}

static bool set_table(struct doc *d, bool table)
{
    if (d->in_grid == table)
        return true;
    bool ok = true;
    if (table) {
        ok = sk_grid_begin(d->grid, d->o, false);
    } else {
        ok = (d->cell.n == 0 || cell_end(d)) && sk_grid_end(d->grid) && sk_side_settle(&d->side) &&
             sk_out_kind(d->o, d->story->kind, d->story->hidden);
    }
    d->in_grid = table;
    d->row_open = false;
    return ok;
}

/* Where nothing is known of rows (Word 95), a mark behind a mark ends one. */
static bool cell_mark(struct doc *d, uint8_t flags, bool again)
{
    if (flags & WORD_ROW_END) {
        d->row_open = false;
        sk_buf_clear(&d->cell);
        return true;
    }
    if (d->in_grid)
        return cell_end(d);
    return again ? sk_out_line(d->o) : sk_out_text(d->o, "\t", 1);
}

/* ---------------------------------------------------------------- marks */

static bool line_end(struct doc *d)
{
    if (d->in_grid) {
        d->lost |= !sk_buf_add(&d->cell, "\n", 1);
        return true;
    }
    return sk_out_line(d->o) && sk_out_place(d->o, 0, 0, ++d->paragraph);
}

/* 13 instruction 14 result 15. Of instructions only targets of links are somebody's text. */
static bool field_mark(struct doc *d, uint8_t c)
{
    bool ok = true;
    if (c == 0x13) {
        if (d->fields < FIELDS_MAX)
            d->in_code[d->fields] = 1, d->codes++;
        d->fields++;
        return true;
    }
    if (d->fields == 0)
        return true;
    unsigned top = d->fields - 1;
    bool code = top < FIELDS_MAX && d->in_code[top];
    if (code) {
        d->in_code[top] = 0;
        if (--d->codes == 0) {
            if (d->code.n && (strstr(d->code.p, "://") || strstr(d->code.p, "mailto:")))
                ok = sk_side_add(&d->side, d->story->kind, SK_HIDDEN_NAME, 0, d->paragraph, d->code.p, d->code.n);
            sk_buf_clear(&d->code);
        }
    }
    if (c == 0x15)
        d->fields--;
    return ok;
}

static bool control(struct doc *d, uint8_t c, uint8_t flags)
{
    bool again = d->after_mark;
    d->after_mark = c == 0x07;
    switch (c) {
    case 0x07:
        return cell_mark(d, flags, again);
    case 0x09:
        return put(d, "\t", 1, flags);
    case 0x0B:
    case 0x0C:
    case 0x0D:
    case 0x0E:
        return line_end(d);
    case 0x13:
    case 0x14:
    case 0x15:
        return field_mark(d, c);
    case 0x1E: /* hyphen that does not break a line */
        return put(d, "-", 1, flags);
    default: /* 1F is an optional hyphen; others stand for pictures and notes */
        return true;
    }
}

/* ---------------------------------------------------------------- the text */

static bool next_story(struct doc *d, uint32_t cp)
{
    const struct word *w = d->w;
    if (d->story && cp < d->story->end)
        return true;
    const struct word_story *s = d->story ? d->story : w->stories;
    while (cp >= s->end && s + 1 < w->stories + w->n_stories)
        s++;
    bool ok = !d->story || set_table(d, false);
    d->story = s;
    d->fields = d->codes = 0;
    return ok && sk_side_settle(&d->side) && sk_out_kind(d->o, s->kind, s->hidden) &&
           sk_out_place(d->o, 0, 0, ++d->paragraph);
}

static uint16_t unit(struct sk_bytes b, size_t i, bool wide)
{
    return (uint16_t)(wide ? b.p[2 * i] | b.p[2 * i + 1] << 8 : b.p[i]);
}

/* Characters up to the next mark, the next story, or a change of what is known of them. */
static bool run(struct doc *d, const struct word_piece *p, uint32_t *cp)
{
    size_t size = p->wide ? 2 : 1, n = 0;
    uint64_t at = p->off + (uint64_t)(*cp - p->cp) * size;
    uint32_t until1, until2, most = p->end - *cp < RUN_MAX ? p->end - *cp : RUN_MAX;
    struct sk_bytes b;
    if (!next_story(d, *cp) || at > UINT32_MAX)
        return false;
    uint8_t para = word_flags(&d->w->paragraphs, (uint32_t)at, &until1),
            flags = para | word_flags(&d->w->characters, (uint32_t)at, &until2);
    uint64_t until = (until1 < until2 ? until1 : until2) - at;
    most = (until + size - 1) / size < most ? (uint32_t)((until + size - 1) / size) : most;
    if (d->story->end - *cp < most)
        most = d->story->end - *cp;
    if (!sk_slice(sk_bytes(d->w->stream.p, d->w->stream.n), at, (uint64_t)most * size, &b) ||
        !set_table(d, (para & WORD_IN_TABLE) && d->grid))
        return false;
    while (n < most && unit(b, n, p->wide) >= 0x20)
        n++;
    if (n == 0) {
        *cp += 1;
        return control(d, (uint8_t)unit(b, 0, p->wide), flags);
    }
    /* A pair of surrogates, or a character of two bytes, is not cut by the length of a run. */
    if (n == RUN_MAX && p->wide && (unit(b, n - 1, true) & 0xFC00) == 0xD800)
        n--;
    *cp += (uint32_t)n;
    d->after_mark = false;
    decode(d, sk_bytes(b.p, n * size), p->wide);
    return put(d, d->piece.p ? d->piece.p : "", d->piece.n, flags);
}

static bool text(struct doc *d)
{
    bool ok = true;
    for (size_t i = 0; ok && i < d->w->n_pieces; i++) {
        const struct word_piece *p = &d->w->pieces[i];
        if (!sk_budget_time(d->w->f->job->budget))
            return true;
        for (uint32_t cp = p->cp; ok && cp < p->end;)
            ok = run(d, p, &cp);
    }
    if (ok && d->story)
        ok = set_table(d, false);
    return ok && sk_side_flush(&d->side);
}

bool sk_doc_read(struct sk_ole *f)
{
    struct word w = { 0 };
    struct doc d = { .w = &w, .o = sk_out_open(f->job, f->job->part), .grid = sk_grid_new() };
    bool ok = true;
    if (!d.o || !d.grid) {
        sk_ole_tell(f, SK_WHY_TOO_LARGE, "memory");
        if (d.o)
            ok = sk_out_close(d.o);
        sk_grid_free(d.grid);
        return ok;
    }
    sk_side_init(&d.side, d.o);
    sk_buf_init(&d.cell, CELL_MAX);
    sk_buf_init(&d.piece, CELL_MAX);
    sk_buf_init(&d.code, (size_t)1 << 20);
    if (word_open(&w, f))
        ok = text(&d);
    else
        sk_ole_tell(f, SK_WHY_DAMAGED, "");
    if (d.lost || d.side.lost)
        sk_ole_tell(f, SK_WHY_TOO_LARGE, "");
    ok = ok && sk_out_kind(d.o, SK_RUN_BODY, SK_SHOWN) && sk_ole_props(f, d.o);
    ok = sk_out_close(d.o) && ok;
    word_close(&w);
    sk_side_free(&d.side);
    sk_buf_free(&d.cell);
    sk_buf_free(&d.piece);
    sk_buf_free(&d.code);
    sk_grid_free(d.grid);
    return ok;
}
