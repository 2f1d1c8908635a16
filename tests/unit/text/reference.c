#include "reference.h"
#include "base/utf8.h"
#include "text/fold_internal.h"
#include <criterion/criterion.h>
#include <unicode/uchar.h>

uint32_t rnd(uint32_t *seed, uint32_t below)
{
    *seed = *seed * 1664525u + 1013904223u;
    return (uint32_t)(((uint64_t)(*seed >> 4) * below) >> 28);
}

void source_init(struct source *s, enum sk_charset cs)
{
    *s = (struct source){ .cs = cs };
}

void source_free(struct source *s)
{
    free(s->bytes);
    free(s->c);
}

void source_bytes(struct source *s, const void *p, size_t n)
{
    if (s->n + n > s->cap) {
        s->cap = (s->n + n) * 2;
        s->bytes = realloc(s->bytes, s->cap);
    }
    if (n)
        memcpy(s->bytes + s->n, p, n);
    s->n += n;
}

void source_add(struct source *s, uint32_t cp, const void *p, size_t n)
{
    if (s->count == s->count_cap) {
        s->count_cap = s->count_cap * 2 + 64;
        s->c = realloc(s->c, s->count_cap * sizeof(*s->c));
    }
    s->c[s->count].cp = cp;
    s->c[s->count].begin = (uint32_t)s->n;
    source_bytes(s, p, n);
    s->c[s->count++].end = (uint32_t)s->n;
}

void source_add_utf(struct source *s, uint32_t cp)
{
    char b[4];
    if (s->cs == SK_CS_UTF8) {
        source_add(s, cp, b, sk_utf8_put(b, cp));
        return;
    }
    uint32_t v = cp - 0x10000, units[2] = { cp, 0 };
    size_t count = 1;
    if (cp > 0xFFFF) {
        units[0] = 0xD800 + (v >> 10);
        units[1] = 0xDC00 + (v & 0x3FF);
        count = 2;
    }
    for (size_t i = 0; i < count; i++) {
        int high = s->cs == SK_CS_UTF16BE ? 0 : 1;
        b[2 * i + high] = (char)(units[i] >> 8);
        b[2 * i + 1 - high] = (char)units[i];
    }
    source_add(s, cp, b, count * 2);
}

/* ---- one character: NFKC by ICU, then the list of fold.h ---- */
enum { TEXT, DROPPED, LONG_MARK };

static int in(uint32_t c, const uint32_t *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (list[i] == c)
            return 1;
    return 0;
}
#define IN(c, ...) in((c), (const uint32_t[]){ __VA_ARGS__ }, sizeof((uint32_t[]){ __VA_ARGS__ }) / sizeof(uint32_t))

static uint32_t one_to_one(uint32_t c)
{
    if (IN(c, 0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2015, 0x2212, 0xFE63, 0xFF0D, 0x2043, 0x207B, 0x208B, 0x2500))
        return '-';
    if (IN(c, 0x301C, 0xFF5E))
        return '~';
    if (c == 0 || (c > 0x7F && u_getIntPropertyValue((UChar32)c, UCHAR_GENERAL_CATEGORY) == U_SPACE_SEPARATOR))
        return ' ';
    return c;
}

static int one(const UNormalizer2 *nfkc, uint32_t c, uint32_t *text, size_t *n)
{
    *n = 0;
    if (c == BAD_CHARACTER) {
        text[(*n)++] = 0xFFFD;
        return TEXT;
    }
    if (IN(c, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0xAD) ||
        u_hasBinaryProperty((UChar32)c, UCHAR_VARIATION_SELECTOR)) {
        if (!IN(c, 0x180B, 0x180C, 0x180D, 0x180F)) /* Mongolian ones are neither SVS of kanji nor IVS */
            return DROPPED;
    }
    if (c == 0x30FC || c == 0xFF70) {
        text[(*n)++] = 0x30FC;
        return LONG_MARK;
    }
    uint32_t sub = one_to_one(c);
    if (sub != c) {
        text[(*n)++] = sub;
        return TEXT;
    }
    UChar src[2], dst[64];
    int32_t len = 0;
    UErrorCode e = U_ZERO_ERROR;
    if (c > 0xFFFF) {
        src[len++] = (UChar)(0xD7C0 + (c >> 10));
        src[len++] = (UChar)(0xDC00 | (c & 0x3FF));
    } else {
        src[len++] = (UChar)c;
    }
    int32_t got = unorm2_normalize(nfkc, src, len, dst, 64, &e);
    int keep = 0, digit = u_charDigitValue((UChar32)c) >= 0 && u_charType((UChar32)c) == U_DECIMAL_DIGIT_NUMBER;
    for (int32_t i = 0; i < got;) {
        UChar32 u;
        U16_NEXT(dst, i, got, u);
        text[(*n)++] = one_to_one((uint32_t)u);
        if ((u >= '0' && u <= '9' && !digit) || u == ',' || u == ';' || u == '"' || u == '|')
            keep = 1;
    }
    if ((keep && !(c < 0x80)) || c == 0x3299) {
        *n = 0;
        text[(*n)++] = c;
    }
    return TEXT;
}

struct piece {
    int kind;
    size_t n;
    uint32_t text[24];
    uint32_t begin, end;
};

static int digit_piece(const struct piece *p, int at_end)
{
    if (p->kind != TEXT || p->n == 0)
        return 0;
    uint32_t c = at_end ? p->text[p->n - 1] : p->text[0];
    return (at_end || p->n == 1) && c >= '0' && c <= '9';
}

static void dashes(struct piece *p, size_t n)
{
    for (size_t i = 0; i + 2 < n; i++) {
        if (!digit_piece(&p[i], 1) || p[i + 1].kind != LONG_MARK)
            continue;
        size_t k = p[i + 2].kind == LONG_MARK ? 2 : 1;
        if (i + k + 1 < n && digit_piece(&p[i + k + 1], 0))
            for (size_t j = 1; j <= k; j++) {
                p[i + j].kind = TEXT;
                p[i + j].text[0] = '-';
            }
    }
}

struct folded reference_fold(const struct source *s)
{
    UErrorCode e = U_ZERO_ERROR;
    const UNormalizer2 *nfkc = unorm2_getNFKCInstance(&e);
    struct piece *p = calloc(s->count + 1, sizeof(*p));
    size_t n = 0, bytes = 0;
    struct folded f = { 0 };
    for (size_t i = 0; i < s->count; i++) {
        uint32_t text[24];
        size_t k;
        int kind = one(nfkc, s->c[i].cp, text, &k);
        if (s->c[i].cp == BAD_CHARACTER)
            f.invalid += s->c[i].end - s->c[i].begin;
        uint32_t c = s->c[i].cp;
        if (c == 0x309B || c == 0x309C) { /* joins like its combining form, else NFKC's space and mark */
            text[0] = c == 0x309B ? 0x3099 : 0x309A;
            k = 1;
        }
        if (kind == TEXT && n && p[n - 1].kind != DROPPED && p[n - 1].n) {
            UChar32 both = unorm2_composePair(nfkc, (UChar32)p[n - 1].text[p[n - 1].n - 1], (UChar32)text[0]);
            if (both >= 0) {
                p[n - 1].kind = TEXT;
                p[n - 1].text[p[n - 1].n - 1] = (uint32_t)both;
                p[n - 1].end = s->c[i].end;
                for (size_t j = 1; j < k; j++) {
                    both = unorm2_composePair(nfkc, (UChar32)p[n - 1].text[p[n - 1].n - 1], (UChar32)text[j]);
                    if (both >= 0)
                        p[n - 1].text[p[n - 1].n - 1] = (uint32_t)both;
                    else
                        p[n - 1].text[p[n - 1].n++] = text[j];
                }
                continue;
            }
        }
        if (c == 0x309B || c == 0x309C) {
            text[1] = text[0];
            text[0] = ' ';
            k = 2;
        }
        p[n].kind = kind;
        p[n].n = k;
        memcpy(p[n].text, text, k * sizeof(*text));
        p[n].begin = s->c[i].begin;
        p[n].end = s->c[i].end;
        n++;
        bytes += 4 * k + 8;
    }
    dashes(p, n);
    f.text = calloc(bytes + 4, 4);
    f.begin = calloc(bytes + 4, 4);
    f.end = calloc(bytes + 4, 4);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < p[i].n; j++) {
            size_t len = sk_utf8_put(f.text + f.n, p[i].text[j]);
            while (len--) {
                f.begin[f.n] = p[i].begin;
                f.end[f.n++] = p[i].end;
            }
        }
    free(p);
    return f;
}

void folded_free(struct folded *f)
{
    free(f->text);
    free(f->begin);
    free(f->end);
}

/* ---- what fold.h promises ---- */
static void same_text(const struct source *s, const struct folded *want, const char *got, size_t n, const char *how,
                      size_t step)
{
    if (want->n == n && memcmp(want->text, got, n) == 0)
        return;
    size_t i = 0;
    while (i < n && i < want->n && got[i] == want->text[i])
        i++;
    char dump[400] = "";
    size_t from = i < want->n ? want->begin[i] : (uint32_t)s->n, len = 0;
    from = from > 16 ? from - 16 : 0;
    for (size_t k = from; k < s->n && k < from + 48; k++)
        len += (size_t)snprintf(dump + len, sizeof(dump) - len, "%02x ", s->bytes[k]);
    cr_assert(0, "charset %s, %s %zu: %zu bytes, wanted %zu, differ at %zu; source from %zu: %s",
              sk_charset_name(s->cs), how, step, n, want->n, i, from, dump);
}

static void check_pieces(const struct sk_fold *f, const struct source *s, const struct folded *want, size_t step)
{
    char *out = malloc(want->n + 512);
    char *buf = malloc(s->n * 17 + 512);
    size_t done = 0, at = 0, fed = 0, invalid = 0;
    struct sk_fold_state state = { 0 };
    while (at < s->n) {
        fed = fed + step < s->n ? fed + step : s->n;
        uint8_t *exact = malloc(fed - at + 1); /* so that reads past the end show */
        memcpy(exact, s->bytes + at, fed - at);
        struct sk_fold_result r =
            sk_fold_run(f, s->cs, exact, fed - at, fed == s->n, &state, buf, s->n * 17 + 512, NULL);
        free(exact);
        cr_assert(r.ok);
        cr_assert_leq(done + r.produced, want->n + 511);
        cr_assert(fed == s->n || fed - at - r.consumed <= 64, "too much is held back: %zu", fed - at - r.consumed);
        memcpy(out + done, buf, r.produced);
        done += r.produced;
        at += r.consumed;
        invalid += r.invalid;
        cr_assert(fed < s->n || at == s->n, "the last piece was not consumed");
    }
    same_text(s, want, out, done, "pieces of", step);
    cr_assert_eq(invalid, want->invalid);
    free(out);
    free(buf);
}

static void check_small_buffer(const struct sk_fold *f, const struct source *s, const struct folded *want, size_t cap)
{
    char *out = malloc(want->n + 512), *buf = malloc(cap);
    size_t done = 0, at = 0;
    struct sk_fold_state state = { 0 };
    while (at < s->n) {
        struct sk_fold_result r = sk_fold_run(f, s->cs, s->bytes + at, s->n - at, true, &state, buf, cap, NULL);
        cr_assert(r.ok && r.consumed > 0 && r.produced <= cap);
        memcpy(out + done, buf, r.produced);
        done += r.produced;
        at += r.consumed;
    }
    same_text(s, want, out, done, "buffer of", cap);
    free(out);
    free(buf);
}

static void check_map(const struct sk_fold *f, const struct source *s, const struct folded *want,
                      const struct sk_fold_map *map)
{
    if (map->identity) {
        cr_assert_eq(want->n, s->n);
    } else {
        cr_assert(map->n > 0 && map->source[0] == 0 && map->folded[0] == 0);
        for (size_t i = 0; i < map->n; i++) {
            uint32_t next = i + 1 < map->n ? map->source[i + 1] : (uint32_t)s->n;
            cr_assert(next - map->source[i] <= 64, "%s: checkpoints %u apart", sk_charset_name(s->cs),
                      next - map->source[i]);
            cr_assert(i + 1 == map->n || map->folded[i] <= map->folded[i + 1]);
        }
    }
    uint32_t seed = (uint32_t)s->n;
    char dump[200] = "";
    for (size_t k = 0; k < s->n && k < 60; k++)
        snprintf(dump + 3 * k, 4, "%02x ", s->bytes[k]);
    for (uint32_t i = 0; i < want->n; i++) {
        uint32_t begin, end, to = i + 1;
        sk_fold_source(f, s->cs, s->bytes, s->n, map, i, to, &begin, &end);
        cr_assert(begin == want->begin[i] && end == want->end[i], "%s: folded %u is source %u-%u, not %u-%u; %s",
                  sk_charset_name(s->cs), i, want->begin[i], want->end[i], begin, end, dump);
        to = i + 1 + rnd(&seed, 100);
        to = to < want->n ? to : (uint32_t)want->n;
        sk_fold_source(f, s->cs, s->bytes, s->n, map, i, to, &begin, &end);
        cr_assert(begin == want->begin[i] && end == want->end[to - 1], "%s: folded %u-%u", sk_charset_name(s->cs), i,
                  to);
    }
}

static void check_loops(const struct sk_fold *f, const struct source *s, const struct folded *want, int thorough)
{
    struct sk_fold_map map;
    sk_fold_map_init(&map);
    struct sk_fold_state state = { 0 };
    size_t cap = s->n * 17 + 512;
    char *out = malloc(cap);
    struct sk_fold_result r = sk_fold_run(f, s->cs, s->bytes, s->n, true, &state, out, cap, &map);
    cr_assert(r.ok && r.consumed == s->n);
    same_text(s, want, out, r.produced, "whole", 0);
    cr_assert_eq(r.invalid, want->invalid);
    check_map(f, s, want, &map);
    free(out);
    sk_fold_map_free(&map);
    check_small_buffer(f, s, want, 256);
    if (thorough)
        for (size_t step = 1; step <= s->n && step <= 70; step++)
            check_pieces(f, s, want, step);
    else
        check_pieces(f, s, want, 1 + s->n / 3);
    check_small_buffer(f, s, want, 700);
}

void check_fold(struct sk_fold *f, const struct source *s, int thorough)
{
    struct folded want = reference_fold(s);
    for (int isa = SK_FOLD_PORTABLE; isa <= SK_FOLD_AVX512; isa++)
        if (sk_fold_force(f, (enum sk_fold_isa)isa))
            check_loops(f, s, &want, thorough);
    folded_free(&want);
}
