/* fold_tables.c - builds the tables once at start: a few milliseconds, then nothing of ICU is called per character. */
#include "base/mem.h"
#include "base/utf8.h"
#include "text/fold_internal.h"
#include <stdlib.h>
#include <string.h>

/* Puts text into fold->more; its offset, or UINT32_MAX without memory. */
static uint32_t add_more(struct sk_fold *f, const char *text, size_t n)
{
    if (f->more_n + n + 1 > 0xFFFFFF || !sk_grow(&f->more, &f->more_cap, f->more_n + n + 1, 1))
        return UINT32_MAX;
    uint32_t at = (uint32_t)f->more_n;
    f->more[at] = (uint8_t)n;
    memcpy(f->more + at + 1, text, n);
    f->more_n += n + 1;
    return at;
}

/* false only without memory. */
static bool make_entry(struct sk_fold *f, uint32_t cp, uint32_t *entry)
{
    struct sk_fold_rule rule;
    sk_fold_rule(f->nfkc, (UChar32)cp, &rule);
    if (rule.kind == SK_FOLD_DROP || rule.kind == SK_FOLD_LONG || rule.kind == SK_FOLD_VOICE) {
        *entry = SK_FOLD_ENTRY(rule.kind, rule.low);
        return true;
    }
    if (rule.kind == SK_FOLD_PLAIN && rule.n == 1 && (uint32_t)rule.text[0] == cp && cp > 0xFFFF) {
        *entry = SK_FOLD_ENTRY(SK_FOLD_SELF, 0);
        return true;
    }
    char text[SK_FOLD_LONGEST * 4];
    size_t n = 0;
    for (unsigned i = 0; i < rule.n; i++)
        n += sk_utf8_put(text + n, (uint32_t)rule.text[i]);
    if (rule.kind == SK_FOLD_PLAIN && n <= SK_FOLD_PLAIN) {
        uint8_t b[4] = { 0 };
        memcpy(b, text, n);
        b[3] = (uint8_t)n;
        *entry = sk_fold_load4(b);
        return true;
    }
    uint32_t at = add_more(f, text, n);
    *entry = SK_FOLD_ENTRY(rule.kind == SK_FOLD_MARK ? SK_FOLD_MARK : SK_FOLD_MORE, at);
    return at != UINT32_MAX;
}

static bool build_bmp(struct sk_fold *f)
{
    f->bmp = sk_new(0x10000, sizeof(*f->bmp));
    if (!f->bmp)
        return false;
    for (uint32_t c = 0; c < 0x10000; c++) {
        if (c >= 0xD800 && c < 0xE000) {
            f->bmp[c] = SK_FOLD_ENTRY(SK_FOLD_PAIR, 0);
        } else if (c >= 0x3400 && (c < 0xA000 || (c >= 0xAC00 && c < 0xD7A4) || (c >= 0xE000 && c < 0xF900))) {
            /* Kanji, Hangul syllables and private use: nothing in NFKC can change these. */
            f->bmp[c] = 3u << 24 | (0xE0 | c >> 12) | (0x80 | (c >> 6 & 0x3F)) << 8 | (0x80 | (c & 0x3F)) << 16;
        } else if (!make_entry(f, c, &f->bmp[c])) {
            return false;
        }
    }
    return true;
}

/* One page above FFFF; stored only when something in it changes. */
static bool build_page(struct sk_fold *f, uint32_t page)
{
    uint32_t entries[256];
    bool changed = false;
    for (uint32_t i = 0; i < 256; i++) {
        if (!make_entry(f, page << 8 | i, &entries[i]))
            return false;
        changed |= entries[i] != SK_FOLD_ENTRY(SK_FOLD_SELF, 0);
    }
    if (!changed)
        return true;
    if (!sk_grow(&f->pages, &f->pages_cap, f->pages_n + 256, sizeof(*f->pages)))
        return false;
    memcpy(f->pages + f->pages_n, entries, sizeof(entries));
    f->pages_n += 256;
    f->page[page] = (uint16_t)(f->pages_n / 256);
    return true;
}

/* Only plane 1, the compatibility ideographs of plane 2 and the variation selectors of plane 14 hold anything that
 * changes; a test looks at all other code points too. */
static bool build_pages(struct sk_fold *f)
{
    for (uint32_t page = 0x100; page < 0x200; page++)
        if (!build_page(f, page))
            return false;
    for (uint32_t page = 0x2F8; page < 0x2FB; page++)
        if (!build_page(f, page))
            return false;
    return build_page(f, 0xE00) && build_page(f, 0xE01);
}

static uint32_t cell_entry(const struct sk_fold *f, uint16_t cp)
{
    return cp ? f->bmp[cp] : SK_FOLD_ENTRY(SK_FOLD_BAD, 0);
}

static bool build_cells(struct sk_fold *f, struct sk_cells *cells)
{
    f->cp932 = sk_new(128 * 256, sizeof(uint32_t));
    f->jis = sk_new(128 * 256, sizeof(uint32_t));
    f->jis0212 = sk_new(128 * 128, sizeof(uint32_t));
    if (!f->cp932 || !f->jis || !f->jis0212)
        return false;
    for (unsigned a = 0x80; a < 0x100; a++) {
        uint16_t cp932[192], jis[192], jis0212[192];
        if (!sk_cells_row(cells, SK_CELLS_CP932, a, cp932) || !sk_cells_row(cells, SK_CELLS_JIS, a, jis) ||
            !sk_cells_row(cells, SK_CELLS_JIS0212, a, jis0212))
            return false;
        bool kana = a >= 0xA1 && a <= 0xDF;
        for (unsigned b = 0; b < 256; b++) {
            size_t at = (a - 0x80) << 8 | b;
            if (kana)
                f->cp932[at] = f->bmp[0xFF61 + a - 0xA1];
            else
                f->cp932[at] = cell_entry(f, b < 0x40 ? 0 : cp932[b - 0x40]);
            f->jis[at] = cell_entry(f, b < 0x40 ? 0 : jis[b - 0x40]);
            if (a == 0x8E && b >= 0xA1 && b <= 0xDF)
                f->jis[at] = f->bmp[0xFF61 + b - 0xA1];
            if (b >= 0x80)
                f->jis0212[(a & 0x7F) << 7 | (b & 0x7F)] = cell_entry(f, jis0212[b - 0x40]);
        }
    }
    return true;
}

static void build_voiced(struct sk_fold *f)
{
    for (UChar32 i = 0; i < 192; i++)
        for (UChar32 m = 0; m < 2; m++) {
            UChar32 c = unorm2_composePair(f->nfkc, 0x3040 + i, 0x3099 + m);
            f->voiced[i][m] = (uint16_t)(c > 0 ? c : 0);
        }
}

struct sk_fold *sk_fold_new(void)
{
    UErrorCode e = U_ZERO_ERROR;
    struct sk_fold *f = sk_new(1, sizeof(*f));
    struct sk_cells *cells = sk_cells_open();
    bool ok = f && cells;
    if (ok) {
        f->nfkc = unorm2_getNFKCInstance(&e);
        f->isa = sk_fold_best_isa();
        ok = !U_FAILURE(e) && build_bmp(f) && build_pages(f) && build_cells(f, cells);
    }
    if (ok)
        build_voiced(f);
    sk_cells_close(cells);
    if (ok)
        return f;
    sk_fold_free(f);
    return NULL;
}

void sk_fold_free(struct sk_fold *f)
{
    if (!f)
        return;
    free(f->bmp);
    free(f->cp932);
    free(f->jis);
    free(f->jis0212);
    free(f->pages);
    free(f->more);
    free(f);
}
