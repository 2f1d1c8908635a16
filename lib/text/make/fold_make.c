/*
 * fold_make.c - writes the tables of the fold as C, when Sekisho is built: making them from ICU's data took three
 * milliseconds of every start, and as constants they are shared by all processes.
 *
 *     fold_make fold_data.c
 */
#include "base/mem.h"
#include "base/utf8.h"
#include "text/fold_internal.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct maker {
    const UNormalizer2 *nfkc;
    uint32_t *bmp, *cp932, *jis, *jis0212; /* as in struct sk_fold */
    uint16_t page[SK_FOLD_PAGES];
    uint32_t *pages;
    size_t pages_n, pages_cap; /* entries */
    uint8_t *more;
    size_t more_n, more_cap;
    uint16_t voiced[192][2];
};

/* Puts text into more; its offset, or UINT32_MAX without memory. */
static uint32_t add_more(struct maker *f, const char *text, size_t n)
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
static bool make_entry(struct maker *f, uint32_t cp, uint32_t *entry)
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

static bool build_bmp(struct maker *f)
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
static bool build_page(struct maker *f, uint32_t page)
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
static bool build_pages(struct maker *f)
{
    for (uint32_t page = 0x100; page < 0x200; page++)
        if (!build_page(f, page))
            return false;
    for (uint32_t page = 0x2F8; page < 0x2FB; page++)
        if (!build_page(f, page))
            return false;
    return build_page(f, 0xE00) && build_page(f, 0xE01);
}

static uint32_t cell_entry(const struct maker *f, uint16_t cp)
{
    return cp ? f->bmp[cp] : SK_FOLD_ENTRY(SK_FOLD_BAD, 0);
}

static bool build_cells(struct maker *f, struct sk_cells *cells)
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

static void build_voiced(struct maker *f)
{
    for (UChar32 i = 0; i < 192; i++)
        for (UChar32 m = 0; m < 2; m++) {
            UChar32 c = unorm2_composePair(f->nfkc, 0x3040 + i, 0x3099 + m);
            f->voiced[i][m] = (uint16_t)(c > 0 ? c : 0);
        }
}

static bool make(struct maker *f)
{
    UErrorCode e = U_ZERO_ERROR;
    struct sk_cells *cells = sk_cells_open();
    f->nfkc = unorm2_getNFKCInstance(&e);
    bool ok = cells && !U_FAILURE(e) && build_bmp(f) && build_pages(f) && build_cells(f, cells);
    if (ok)
        build_voiced(f);
    sk_cells_close(cells);
    return ok;
}

static void head(const char *type, const char *name, const char *size)
{
    printf("\nconst %s %s%s = {", type, name, size);
}

static void put32(const char *name, const uint32_t *v, size_t n)
{
    head("uint32_t", name, "[]");
    for (size_t i = 0; i < n; i++)
        printf("%s0x%x,", i % 12 ? "" : "\n", (unsigned)v[i]);
    puts("\n};");
}

static void write_tables(const struct maker *f)
{
    puts("/* Written by fold_make. */\n#include \"text/fold_internal.h\"");
    put32("sk_fold_bmp", f->bmp, 0x10000);
    put32("sk_fold_cp932", f->cp932, 128 * 256);
    put32("sk_fold_jis", f->jis, 128 * 256);
    put32("sk_fold_jis0212", f->jis0212, 128 * 128);
    put32("sk_fold_pages", f->pages, f->pages_n);
    head("uint16_t", "sk_fold_page", "[SK_FOLD_PAGES]");
    for (size_t i = 0; i < SK_FOLD_PAGES; i++)
        printf("%s%u,", i % 24 ? "" : "\n", (unsigned)f->page[i]);
    puts("\n};");
    head("uint8_t", "sk_fold_more", "[]");
    for (size_t i = 0; i < f->more_n; i++)
        printf("%s%u,", i % 24 ? "" : "\n", (unsigned)f->more[i]);
    puts("\n};");
    head("uint16_t", "sk_fold_voiced", "[192][2]");
    for (size_t i = 0; i < 192; i++)
        printf("%s{ 0x%x, 0x%x },", i % 8 ? "" : "\n", (unsigned)f->voiced[i][0], (unsigned)f->voiced[i][1]);
    puts("\n};");
}

int main(int argc, char **argv)
{
    struct maker *f = sk_new(1, sizeof(*f));
    bool ok = f && argc == 2 && freopen(argv[1], "w", stdout) && make(f);
    if (ok)
        write_tables(f);
    if (f) {
        free(f->bmp);
        free(f->cp932);
        free(f->jis);
        free(f->jis0212);
        free(f->pages);
        free(f->more);
        free(f);
    }
    ok = ok && fflush(stdout) == 0 && !ferror(stdout);
    return ok ? 0 : 1;
}
