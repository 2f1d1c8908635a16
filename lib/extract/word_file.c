/* word_file.c - see word.h. File information block, piece table and formatting pages of MS-DOC. */
#include "extract/word.h"

#include <stdlib.h>

#define PAGE 512u
#define STORIES_MAX 100000u

static struct sk_bytes whole(const struct sk_buf *b)
{
    return sk_bytes(b->p, b->n);
}

static uint32_t get32(struct sk_bytes b, uint64_t at)
{
    struct sk_bytes v;
    uint32_t n = 0;
    return sk_slice(b, at, 4, &v) && sk_u32le(&v, &n) ? n : 0;
}

static uint16_t get16(struct sk_bytes b, uint64_t at)
{
    struct sk_bytes v;
    uint16_t n = 0;
    return sk_slice(b, at, 2, &v) && sk_u16le(&v, &n) ? n : 0;
}

/* ---------------------------------------------------------------- pieces (2.9.38, 2.9.177) */

static bool add_piece(struct word *w, struct word_piece p)
{
    if (p.end <= p.cp || p.off >= w->stream.n)
        return true;
    uint64_t most = (w->stream.n - p.off) / (p.wide ? 2 : 1);
    if (p.end - p.cp > most)
        p.end = p.cp + (uint32_t)most;
    if (!sk_grow(&w->pieces, &w->cap_pieces, w->n_pieces + 1, sizeof(*w->pieces)))
        return false;
    w->pieces[w->n_pieces++] = p;
    return true;
}

static void piece_table(struct word *w, struct sk_bytes b)
{
    uint64_t n = (b.n - 4) / 12;
    uint32_t before = 0;
    for (uint64_t i = 0; i < n; i++) {
        uint32_t cp = get32(b, i * 4), end = get32(b, i * 4 + 4), fc = get32(b, (n + 1) * 4 + i * 8 + 2);
        bool narrow = w->old || (fc & 0x40000000u);
        struct word_piece p = { cp, end, w->old ? fc : narrow ? (fc & 0x3FFFFFFFu) / 2 : fc, !narrow };
        if (cp < before || !add_piece(w, p)) /* characters only go up */
            break;
        before = end;
    }
}

static void complex_text(struct word *w, struct sk_bytes b)
{
    uint8_t kind;
    uint16_t n;
    uint32_t size;
    while (sk_u8(&b, &kind)) {
        if (kind == 1 && sk_u16le(&b, &n) && sk_skip(&b, n))
            continue;
        if (kind == 2 && sk_u32le(&b, &size) && size >= 16)
            piece_table(w, sk_bytes(b.p, size < b.n ? size : b.n));
        return;
    }
}

/* ---------------------------------------------------------------- formatting pages (2.9.33, 2.9.175) */

static bool sprm_next(struct sk_bytes *b, uint16_t *op, struct sk_bytes *operand)
{
    static const uint8_t SIZE[8] = { 1, 1, 2, 4, 2, 2, 0, 3 };
    uint8_t n8;
    uint16_t n16;
    if (!sk_u16le(b, op))
        return false;
    size_t n = SIZE[*op >> 13];
    if (*op >> 13 == 6) {
        if (*op == 0xD608) { /* sprmTDefTable: a length of two bytes, one too high */
            if (!sk_u16le(b, &n16))
                return false;
            n = n16 ? n16 - 1u : 0;
        } else {
            if (!sk_u8(b, &n8))
                return false;
            n = n8;
        }
    }
    return sk_take(b, n, operand);
}

static uint8_t flags_of(struct sk_bytes grpprl)
{
    uint16_t op;
    struct sk_bytes v;
    uint8_t flags = 0;
    while (sprm_next(&grpprl, &op, &v)) {
        uint8_t bit = op == 0x2416   ? WORD_IN_TABLE
                      : op == 0x2417 ? WORD_ROW_END
                      : op == 0x083C ? WORD_VANISH
                      : op == 0x0800 ? WORD_DELETED
                                     : 0;
        if (bit && v.n)
            flags = (uint8_t)(v.p[0] & 1 ? flags | bit : flags & ~bit);
    }
    return flags;
}

static struct sk_bytes properties(struct sk_bytes page, uint32_t runs, uint32_t i, bool paragraphs)
{
    size_t at = 4 * ((size_t)runs + 1) + (paragraphs ? 13 : 1) * (size_t)i, n;
    struct sk_bytes out = { NULL, 0 };
    if (at >= PAGE - 1)
        return out;
    at = (size_t)page.p[at] * 2;
    if (at == 0 || at + 2 >= PAGE)
        return out;
    n = page.p[at];
    if (!paragraphs) {
        at++;
    } else if (n) { /* an odd number of bytes, the first two of which name the style */
        n = 2 * n - 1;
        at++;
    } else {
        n = (size_t)page.p[at + 1] * 2;
        at += 2;
    }
    if (at + n > PAGE)
        n = PAGE - at;
    sk_slice(page, at, n, &out);
    if (paragraphs && !sk_skip(&out, 2))
        out.n = 0;
    return out;
}

static void read_pages(struct word *w, uint32_t fc, uint32_t lcb, bool paragraphs, struct word_ranges *r)
{
    struct sk_bytes plc, page;
    if (lcb < 12 || !sk_slice(whole(&w->table), fc, lcb, &plc))
        return;
    uint32_t n = (lcb - 4) / 8;
    for (uint32_t i = 0; i < n && (i % 64 || sk_budget_time(w->f->job->budget)); i++) {
        uint64_t at = (uint64_t)(get32(plc, ((uint64_t)n + 1) * 4 + (uint64_t)i * 4) & 0x3FFFFF) * PAGE;
        if (!sk_slice(whole(&w->stream), at, PAGE, &page))
            continue;
        uint32_t runs = page.p[PAGE - 1];
        for (uint32_t k = 0; k < runs && 4 * (k + 2) < PAGE; k++) {
            struct word_range x = { get32(page, 4 * (uint64_t)k), get32(page, 4 * (uint64_t)k + 4), 0 };
            x.flags = flags_of(properties(page, runs, k, paragraphs));
            if (x.flags && x.from < x.to && (r->n == 0 || x.from >= r->items[r->n - 1].to) &&
                sk_grow(&r->items, &r->cap, r->n + 1, sizeof(*r->items)))
                r->items[r->n++] = x;
        }
    }
}

uint8_t word_flags(const struct word_ranges *r, uint32_t at, uint32_t *until)
{
    size_t low = 0, high = r->n;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (r->items[mid].to <= at)
            low = mid + 1;
        else
            high = mid;
    }
    if (low == r->n) {
        *until = UINT32_MAX;
        return 0;
    }
    const struct word_range *x = &r->items[low];
    *until = x->from <= at ? x->to : x->from;
    return x->from <= at ? x->flags : 0;
}

/* ---------------------------------------------------------------- stories (2.3) */

static void add_story(struct word *w, uint64_t end, enum sk_run_kind kind, enum sk_hidden hidden)
{
    uint32_t before = w->n_stories ? w->stories[w->n_stories - 1].end : 0;
    if (end <= before || end > UINT32_MAX || w->n_stories >= STORIES_MAX ||
        !sk_grow(&w->stories, &w->cap_stories, w->n_stories + 1, sizeof(*w->stories)))
        return;
    w->stories[w->n_stories++] = (struct word_story){ (uint32_t)end, kind, hidden };
}

/* Six separators of notes, then for each section: headers of even, odd pages, footers of even, odd pages, first header,
 * first footer. */
static void header_stories(struct word *w, struct sk_bytes fib, uint64_t start, uint32_t n)
{
    static const bool FOOTER[6] = { false, false, true, true, false, true };
    uint32_t fc = get32(fib, 0xF2), lcb = get32(fib, 0xF6);
    struct sk_bytes plc;
    if (!w->old && lcb >= 8 && sk_slice(whole(&w->table), fc, lcb, &plc))
        for (uint32_t i = 0; i + 1 < lcb / 4; i++) {
            uint32_t end = get32(plc, 4 * (uint64_t)i + 4);
            if (end <= n)
                add_story(w, start + end, i >= 6 && FOOTER[(i - 6) % 6] ? SK_RUN_FOOTER : SK_RUN_HEADER, SK_SHOWN);
        }
    add_story(w, start + n, SK_RUN_HEADER, SK_SHOWN);
}

static void read_stories(struct word *w, struct sk_bytes fib)
{
    static const struct {
        enum sk_run_kind kind;
        enum sk_hidden hidden;
    } STORY[8] = { { SK_RUN_BODY, SK_SHOWN },
                   { SK_RUN_NOTE, SK_SHOWN },
                   { SK_RUN_HEADER, SK_SHOWN },
                   { SK_RUN_BODY, SK_HIDDEN_TEXT }, /* macros: no longer used */
                   { SK_RUN_COMMENT, SK_HIDDEN_COMMENT },
                   { SK_RUN_NOTE, SK_SHOWN },
                   { SK_RUN_BODY, SK_SHOWN },
                   { SK_RUN_WATERMARK, SK_SHOWN } };
    uint64_t at = w->old ? 0x34 : 0x4C, end = 0;
    for (unsigned i = 0; i < 8; i++, at += 4) {
        uint32_t n = get32(fib, at);
        if (i == 2)
            header_stories(w, fib, end, n);
        end += n;
        add_story(w, end, STORY[i].kind, STORY[i].hidden);
    }
    add_story(w, UINT32_MAX, SK_RUN_BODY, SK_SHOWN); /* whatever lies behind */
}

/* ---------------------------------------------------------------- the file */

bool word_open(struct word *w, struct sk_ole *f)
{
    w->f = f;
    sk_buf_init(&w->stream, SIZE_MAX / 2);
    sk_buf_init(&w->table, SIZE_MAX / 2);
    if (!sk_ole_stream(f, f->root, "WordDocument", &w->stream))
        return false;
    struct sk_bytes fib = whole(&w->stream), clx;
    uint16_t version = get16(fib, 2), lid = get16(fib, 6), flags = get16(fib, 10);
    w->old = version < 0xC1;
    w->codepage = lid == 0x409 || lid == 0x809 ? 1252 : 932;
    if (!w->old)
        sk_ole_stream(f, f->root, flags & 0x0200 ? "1Table" : "0Table", &w->table);
    uint32_t fc = get32(fib, w->old ? 0x160 : 0x1A2), lcb = get32(fib, w->old ? 0x164 : 0x1A6);
    if (lcb && sk_slice(w->old ? fib : whole(&w->table), fc, lcb, &clx))
        complex_text(w, clx);
    if (w->n_pieces == 0) { /* saved whole, without a table */
        uint32_t from = get32(fib, 0x18), to = get32(fib, 0x1C);
        if (to > from)
            add_piece(w, (struct word_piece){ 0, to - from, from, false });
    }
    read_stories(w, fib);
    if (!w->old) { /* the older ones number their properties differently */
        read_pages(w, get32(fib, 0x102), get32(fib, 0x106), true, &w->paragraphs);
        read_pages(w, get32(fib, 0xFA), get32(fib, 0xFE), false, &w->characters);
    }
    return w->n_pieces > 0;
}

void word_close(struct word *w)
{
    sk_buf_free(&w->stream);
    sk_buf_free(&w->table);
    free(w->pieces);
    free(w->paragraphs.items);
    free(w->characters.items);
    free(w->stories);
}
