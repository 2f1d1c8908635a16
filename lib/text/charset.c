/* charset.c - the decision which encoding a sample is in; see charset_score.c for the evidence. */
#include "text/charset.h"
#include "text/charset_internal.h"
#include "text/fold_internal.h"
#include <stdlib.h>
#include <string.h>

struct bytes_seen {
    size_t high, nul, control, escape, shift, c30; /* control: what text does not hold; shift: SO and SI; c30: '0' */
};

/* 16 bytes at a time, in the vector form that GCC and Clang compile for every processor. */
typedef uint8_t lanes __attribute__((vector_size(16)));
#define PER_COUNT 255 /* vectors until a lane of a count is full */

static size_t sum(lanes v)
{
    size_t n = 0;
    for (unsigned i = 0; i < sizeof(v); i++)
        n += v[i];
    return n;
}

static void look_vectors(struct bytes_seen *b, const uint8_t *p, size_t vectors)
{
    lanes high = { 0 }, nul = { 0 }, control = { 0 }, escape = { 0 }, shift = { 0 }, c30 = { 0 };
    for (size_t i = 0; i < vectors; i++) {
        lanes v;
        memcpy(&v, p + i * sizeof(v), sizeof(v));
        high += v >> 7;
        nul -= (lanes)(v == 0);
        escape -= (lanes)(v == 0x1B);
        shift -= (lanes)((v & 0xFE) == 0x0E);
        c30 -= (lanes)(v == 0x30);
        /* 01-07, 10-1F but ESC and 1A, which ends files of CP/M and DOS. */
        control -= (lanes)((lanes)(v - 1) < 7) | (lanes)((lanes)(v - 0x10) < 10) | (lanes)((lanes)(v - 0x1C) < 4);
    }
    b->high += sum(high);
    b->nul += sum(nul);
    b->control += sum(control);
    b->escape += sum(escape);
    b->shift += sum(shift);
    b->c30 += sum(c30);
}

static struct bytes_seen look(const uint8_t *p, size_t n)
{
    struct bytes_seen b = { 0 };
    size_t vectors = n / sizeof(lanes), i = 0;
    for (; i < vectors; i += PER_COUNT)
        look_vectors(&b, p + i * sizeof(lanes), vectors - i < PER_COUNT ? vectors - i : PER_COUNT);
    uint8_t rest[sizeof(lanes)];
    memset(rest, ' ', sizeof(rest));
    memcpy(rest, p + vectors * sizeof(lanes), n % sizeof(lanes));
    look_vectors(&b, rest, 1);
    return b;
}

static struct sk_guess one(enum sk_charset cs, uint8_t bom)
{
    return (struct sk_guess){ .best = cs, .second = cs, .bom = bom };
}

/* ---- UTF-16 without a byte order mark ---- */
#define WIDE_SAMPLE 2048
#define ODD_MOST 25                 /* one unit in so many may be none of text */
enum strength { NO, WEAK, STRONG }; /* WEAK: when nothing else fits */

static enum strength reads_as_utf16(const struct sk_units *u, const struct bytes_seen *b)
{
    const struct sk_units k = *u;
    if (k.n < 2 || k.bad * ODD_MOST > k.n || (k.fair + k.bad) * 4 > k.n)
        return NO;
    if (b->high == 0 && b->control == 0) {
        /* Every byte could be ASCII, or ASCII with some NULs. Kana alone look like "0B0D0F". */
        if (k.zero == 0)
            return k.n >= 3 && k.kana * 10 >= k.n * 9 && k.thirty * 10 >= k.n * 8 && k.low_thirty * 8 <= k.n ? STRONG
                                                                                                             : NO;
        if (k.kanji > k.printable || (k.lines && k.bad == 0))
            return STRONG;
        return (k.ascii + k.kana) * 10 >= k.n * 7 && k.kanji < 2 ? STRONG : NO;
    }
    if (k.zero || b->control || k.kana * 4 > k.n)
        return STRONG;
    return k.n > 2 && k.fair + k.bad == 0 && k.printable * 2 <= k.kanji ? WEAK : NO;
}

/* Kana written "0B0D0F": hexadecimal text uses no letter behind F. */
static bool is_hex_text(const uint8_t *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (p[i] > 'F')
            return false;
    return true;
}

static enum sk_charset utf16_order(const uint8_t *p, size_t n, const struct bytes_seen *b, enum strength *strength)
{
    size_t most = n / 2 / ODD_MOST; /* with more it is no UTF-16, whatever follows */
    struct sk_units l = sk_count_units(p, n, 1, most), r = sk_count_units(p, n, 0, most);
    enum strength le = reads_as_utf16(&l, b), be = reads_as_utf16(&r, b);
    if (le == be && le != NO) { /* the order in which fewer characters are odd */
        size_t odd_l = l.bad * 4 + l.fair, odd_r = r.bad * 4 + r.fair;
        if (odd_l < odd_r || (odd_l == odd_r && l.ascii + l.kana >= r.ascii + r.kana))
            be = NO;
        else
            le = NO;
    }
    *strength = le > be ? le : be;
    return *strength == NO ? SK_CS_BINARY : le > be ? SK_CS_UTF16LE : SK_CS_UTF16BE;
}

/* The head of the sample decides fast what is not; the whole of it confirms what is. */
static enum sk_charset guess_utf16(const uint8_t *p, size_t n, const struct bytes_seen *b, enum strength *strength)
{
    size_t head = n < WIDE_SAMPLE ? n : WIDE_SAMPLE;
    *strength = NO;
    if (is_hex_text(p, head))
        return SK_CS_BINARY;
    enum sk_charset cs = utf16_order(p, head, b, strength);
    if (cs != SK_CS_BINARY && head < n) {
        struct sk_units all = sk_count_units(p, n, cs == SK_CS_UTF16LE, n / 2 / ODD_MOST);
        *strength = reads_as_utf16(&all, b);
    }
    return *strength == NO ? SK_CS_BINARY : cs;
}

/* ---- ISO-2022-JP ---- */
static bool is_iso2022jp(const uint8_t *p, size_t n, const struct bytes_seen *b)
{
    if (b->high * 64 > n || b->nul || !(b->escape || b->shift > 1))
        return false;
    size_t chars = 0, invalid = 0, left_over = 0;
    uint32_t shift = 0;
    for (size_t i = 0; i < n && chars < 400;) {
        struct sk_raw c = sk_decode(SK_CS_ISO2022JP, p + i, n - i, false, shift);
        if (c.kind == SK_RAW_CUT)
            break;
        invalid += c.kind == SK_RAW_BAD;
        chars += c.kind == SK_RAW_JIS || c.kind == SK_RAW_JIS0212 || (c.kind == SK_RAW_CP && c.cp >= 0xFF61);
        left_over += c.kind == SK_RAW_CP && c.cp == 0x1B;
        shift = c.shift;
        i += (size_t)c.skip + c.len;
    }
    return chars > 0 && invalid * 8 <= chars && left_over * 4 <= b->escape + b->shift;
}

/* ---- UTF-8, CP932, EUC-JP ---- */
#define STEP 256
#define SURE 200 /* so far ahead, and all but free of invalid bytes, nothing can turn it */

struct candidates {
    struct sk_utf8_score utf8;
    struct sk_score cp932, eucjp;
    bool begun; /* a later block that may begin inside a character of UTF-8 */
};

/* Strictly valid with a longer sequence is proof; with a beginning that was skipped it takes more. */
static bool is_utf8(const struct candidates *c)
{
    return c->utf8.longer > (c->begun ? 8 : 0) && c->utf8.s.invalid == 0;
}

static size_t ahead(size_t at, size_t n)
{
    return n - at < STEP ? n : at + STEP;
}

static void score(struct candidates *c, const uint8_t *p, size_t n)
{
    while (c->utf8.s.at < n && (c->utf8.s.invalid < 8 || c->utf8.s.invalid * 16 < c->utf8.longer) &&
           !(c->utf8.longer > 100 && c->utf8.s.invalid == 0))
        sk_score_utf8(&c->utf8, p, n, ahead(c->utf8.s.at, n));
    if (is_utf8(c))
        return;
    while (c->cp932.at < n || c->eucjp.at < n) {
        size_t at = c->cp932.at < c->eucjp.at ? c->cp932.at : c->eucjp.at, limit = ahead(at, n);
        if (c->cp932.at < limit)
            sk_score_cp932(&c->cp932, p, n, limit);
        if (c->eucjp.at < limit)
            sk_score_eucjp(&c->eucjp, p, n, limit);
        long lead = c->cp932.points - c->eucjp.points;
        const struct sk_score *best = lead > 0 ? &c->cp932 : &c->eucjp;
        if (labs(lead) > SURE && best->invalid * 32 <= best->chars)
            break;
    }
}

static bool readable(const struct sk_score *s)
{
    return s->points > 0 && s->chars > 0 && s->invalid * 8 <= s->chars;
}

static struct sk_guess decide(const struct candidates *c)
{
    const struct sk_utf8_score *u = &c->utf8;
    bool utf8 = u->s.chars > 0 && u->s.invalid * 16 <= u->s.chars && !c->begun;
    if (is_utf8(c))
        return one(SK_CS_UTF8, 0);
    long cp932 = c->cp932.points;
    if (c->cp932.chars >= 3 && c->cp932.euc_kana == c->cp932.chars)
        cp932 = (long)c->cp932.chars - 1; /* kanji that all begin with 8E: half-width kana of EUC-JP */
    const struct {
        enum sk_charset cs;
        long points;
    } list[] = {
        { SK_CS_UTF8, utf8 ? (u->longer ? u->s.points * 2 : u->s.points) : 0 },
        /* Before EUC-JP, which is far rarer: a tie is one word that is kana in the one and kanji in the other. */
        { SK_CS_CP932, readable(&c->cp932) ? cp932 : 0 },
        { SK_CS_EUCJP, readable(&c->eucjp) ? c->eucjp.points : 0 },
    };
    struct sk_guess g = one(SK_CS_BINARY, 0);
    long best = 0, second = 0;
    for (size_t i = 0; i < 3; i++) {
        if (list[i].points > best) {
            second = best;
            g.second = g.best;
            best = list[i].points;
            g.best = list[i].cs;
        } else if (list[i].points > second) {
            second = list[i].points;
            g.second = list[i].cs;
        }
    }
    /* Close: within a few characters, or not twice as good. */
    if (second <= 0 || (best - second > 12 && second * 2 < best))
        g.second = g.best;
    return g;
}

/* More control bytes than any text holds? NULs alone may be padding of fixed-length records. */
static bool is_binary(const struct bytes_seen *b, size_t n)
{
    size_t control = b->control + b->shift;
    return control * 64 > n || (b->nul * 16 > n && control > 0) || b->nul * 4 > n * 3;
}

static struct sk_guess guess_bom(const uint8_t *p, size_t n)
{
    if (n >= 3 && memcmp(p, "\xEF\xBB\xBF", 3) == 0)
        return one(SK_CS_UTF8, 3);
    if (n < 2 || (n >= 4 && p[2] == 0 && p[3] == 0)) /* FF FE 00 00 is UTF-32, which nobody here reads */
        return one(SK_CS_BINARY, 0);
    bool le = p[0] == 0xFF && p[1] == 0xFE, be = p[0] == 0xFE && p[1] == 0xFF;
    if (!le && !be)
        return one(SK_CS_BINARY, 0);
    struct sk_units k = sk_count_units(p + 2, n - 2, le, SIZE_MAX);
    return k.bad * 4 > k.n ? one(SK_CS_BINARY, 0) : one(le ? SK_CS_UTF16LE : SK_CS_UTF16BE, 2);
}

struct sk_guess sk_charset_guess(const uint8_t *p, size_t n, bool at_start)
{
    if (n == 0)
        return one(SK_CS_ASCII, 0);
    if (at_start) {
        struct sk_guess g = guess_bom(p, n);
        if (g.best != SK_CS_BINARY)
            return g;
    }
    struct bytes_seen b = look(p, n);
    enum strength strength = NO;
    enum sk_charset wide = SK_CS_BINARY;
    bool seems_wide = b.nul || b.control || b.c30 * 4 > n || (b.high && b.c30 * 16 > n);
    if (seems_wide)
        wide = guess_utf16(p, n, &b, &strength);
    if (is_iso2022jp(p, n, &b))
        return one(SK_CS_ISO2022JP, 0);
    bool binary = is_binary(&b, n);
    if (binary || (strength == STRONG && (b.nul || b.high == 0)))
        return one(wide, 0);
    if (b.high == 0)
        return one(SK_CS_ASCII, 0);
    struct candidates c = { 0 };
    while (!at_start && c.utf8.s.at < 3 && c.utf8.s.at < n && (p[c.utf8.s.at] & 0xC0) == 0x80)
        c.utf8.s.at++;
    c.begun = c.utf8.s.at > 0;
    score(&c, p, n);
    struct sk_guess narrow = decide(&c);
    if (narrow.best != SK_CS_BINARY)
        return narrow;
    return one(seems_wide ? wide : guess_utf16(p, n, &b, &strength), 0);
}

/* ---- does a later block still read the same way? ---- */
static bool few_invalid(enum sk_charset cs, const uint8_t *p, size_t n)
{
    size_t invalid = 0, chars = 0;
    uint32_t shift = 0;
    for (size_t i = 0; i < n;) {
        if (p[i] < 0x80 && p[i] >= 0x20 && cs != SK_CS_ISO2022JP && cs != SK_CS_UTF16LE && cs != SK_CS_UTF16BE) {
            i++;
            continue;
        }
        struct sk_raw c = sk_decode(cs, p + i, n - i, false, shift);
        if (c.kind == SK_RAW_CUT)
            break;
        invalid += c.kind == SK_RAW_BAD;
        chars += c.kind != SK_RAW_CP || c.cp >= 0x80;
        shift = c.shift;
        i += (size_t)c.skip + c.len;
    }
    return invalid * 16 <= chars;
}

bool sk_charset_holds(enum sk_charset cs, const uint8_t *p, size_t n)
{
    if (n == 0)
        return true;
    if (cs == SK_CS_UTF16LE || cs == SK_CS_UTF16BE) {
        struct sk_units k = sk_count_units(p, n, cs == SK_CS_UTF16LE, SIZE_MAX);
        return k.bad * 4 <= k.n;
    }
    struct sk_guess g = sk_charset_guess(p, n, false);
    if (g.best == cs || g.second == cs)
        return cs == SK_CS_BINARY || cs == SK_CS_ASCII || few_invalid(cs, p, n);
    /* A block may happen to hold ASCII only. */
    return g.best == SK_CS_ASCII && cs != SK_CS_BINARY;
}
