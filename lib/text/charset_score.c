/*
 * charset_score.c - how well a sample reads as CP932, EUC-JP, UTF-8 or UTF-16.
 *
 * Kanji, names and half-width kana must count, not only frequent kana: a register has no kana at all. So the points
 * follow the structure of JIS X 0208 (rows that are filled, level 1 before level 2) and of half-width kana spelling
 * (a voiced mark stands behind a kana that takes it; small kana do not begin a word).
 */
#include "text/charset_internal.h"
#include "text/fold_internal.h"

enum { HIRAGANA = 6, KATAKANA = 5, SIGN = 4, LEVEL1 = 4, RARE = 1, EMPTY = -20, USER = -10 };

static bool is_letter(uint8_t c)
{
    return (uint8_t)((c | 0x20) - 'a') < 26;
}

/* ---- JIS X 0208 by row and cell (1-94), with the NEC and IBM rows of CP932 ---- */
static int jis_points(unsigned row, unsigned cell)
{
    switch (row) {
    case 1:
        return SIGN;
    case 2:
        return cell <= 14 || (cell >= 26 && cell <= 33) || (cell >= 42 && cell <= 48) || (cell >= 60 && cell <= 74) ||
                       (cell >= 82 && cell <= 89) || cell == 94
                   ? RARE
                   : EMPTY;
    case 3:
        return (cell >= 16 && cell <= 25) || (cell >= 33 && cell <= 58) || (cell >= 65 && cell <= 90) ? SIGN : EMPTY;
    case 4:
        return cell <= 83 ? HIRAGANA : EMPTY;
    case 5:
        return cell <= 86 ? KATAKANA : EMPTY;
    case 6:
        return cell <= 24 || (cell >= 33 && cell <= 56) ? RARE : EMPTY;
    case 7:
        return cell <= 33 || (cell >= 49 && cell <= 81) ? RARE : EMPTY;
    case 8:
        return cell <= 32 ? RARE : EMPTY;
    case 13:
        return cell <= 30 || (cell >= 32 && cell <= 54) || (cell >= 63 && cell <= 92) ? RARE : EMPTY;
    case 47:
        return cell <= 51 ? LEVEL1 : EMPTY;
    case 84:
        return cell <= 6 ? RARE : EMPTY;
    default:
        if (row >= 16 && row <= 46)
            return LEVEL1;
        return (row >= 48 && row <= 83) || (row >= 89 && row <= 92) ? RARE : EMPTY;
    }
}

/* ---- CP932 ---- */
static bool takes_voice(uint8_t c) /* ｳ ｶ-ﾄ ﾊ-ﾎ */
{
    return c == 0xB3 || (c >= 0xB6 && c <= 0xC4) || (c >= 0xCA && c <= 0xCE);
}

static bool takes_small_y(uint8_t c) /* ｷ ｼ ﾁ ﾆ ﾋ ﾐ ﾘ and voiced marks */
{
    return c == 0xB7 || c == 0xBC || c == 0xC1 || c == 0xC6 || c == 0xCB || c == 0xD0 || c == 0xD8 || c >= 0xDE;
}

/* One half-width kana behind `before` (0 at the start of a run). */
static int kana_points(uint8_t before, uint8_t c)
{
    if (c == 0xDE)
        return takes_voice(before) ? 3 : -6;
    if (c == 0xDF)
        return before >= 0xCA && before <= 0xCE ? 3 : -6;
    if (c < 0xA6)
        return 0;
    if (!before && ((c >= 0xA7 && c <= 0xB0) || c == 0xDD))
        return -4;
    if (c >= 0xAC && c <= 0xAE)
        return takes_small_y(before) ? 3 : -3;
    return c == 0xA6 ? 0 : 2;
}

/* A run of half-width kana from p[at]; returns its length. */
static size_t kana_run(struct sk_score *s, const uint8_t *p, size_t n, size_t at, bool behind_kanji)
{
    size_t i = at;
    uint8_t before = 0;
    for (; i < n && p[i] >= 0xA1 && p[i] <= 0xDF; i++) {
        s->points += kana_points(before, p[i]);
        before = p[i] < 0xA6 ? 0 : p[i];
    }
    size_t len = i - at;
    bool letter = (at > 0 && !behind_kanji && is_letter(p[at - 1])) || (i < n && is_letter(p[i]));
    if (len == 1 && letter)
        s->points -= 5; /* Latin text: a capital with an accent */
    if (behind_kanji)
        s->points -= 3; /* half-width kana and full-width text rarely touch; EUC-JP misread always does so */
    s->chars += len;
    return len;
}

/* Leads 8E with kana as second byte, several in a row: half-width kana of EUC-JP. */
static size_t euc_kana_run(const uint8_t *p, size_t n, size_t at)
{
    size_t k = 0;
    while (at + 2 * k + 1 < n && p[at + 2 * k] == 0x8E && p[at + 2 * k + 1] >= 0xA1 && p[at + 2 * k + 1] <= 0xDF)
        k++;
    return k;
}

static int cp932_points(uint8_t a, uint8_t b)
{
    if (a >= 0xF0 && a <= 0xF9)
        return USER;
    if (a >= 0xFA)
        return a < 0xFC || b <= 0x4B ? RARE : EMPTY; /* IBM's kanji: 髙 﨑 */
    unsigned row = 2u * (a - (a < 0xA0 ? 0x81u : 0xC1u)) + 1, cell = b - 0x3Fu;
    if (b > 0x7F)
        cell--;
    if (cell > 94) {
        row++;
        cell -= 94;
    }
    return jis_points(row, cell);
}

/* Latin text in a Windows code page: an accented letter or a curly quote, with ASCII letters about it. behind_ascii:
 * the byte before is a character of its own. */
static bool looks_latin(const uint8_t *p, size_t n, size_t at, bool behind_ascii)
{
    if (!is_letter(p[at + 1]) || (at + 2 < n && p[at + 2] >= 0x80))
        return false;
    return (behind_ascii && at > 0 && is_letter(p[at - 1])) || (at + 2 < n && is_letter(p[at + 2]));
}

void sk_score_cp932(struct sk_score *s, const uint8_t *p, size_t n, size_t limit)
{
    bool kanji = false, kana = false; /* what stands just before */
    size_t i = s->at;
    while (i < limit) {
        uint8_t c = p[i];
        if (c < 0x80) {
            i++;
            kanji = kana = false;
        } else if (c >= 0xA1 && c <= 0xDF) {
            i += kana_run(s, p, n, i, kanji);
            kana = true;
            kanji = false;
        } else if (sk_cp932_lead(c) && i + 1 == n) {
            i = n;
        } else if (sk_cp932_lead(c) && sk_cp932_trail(p[i + 1])) {
            size_t run = euc_kana_run(p, n, i);
            s->euc_kana += run > 0;
            run = run >= 3 ? run : 1;
            if (run == 1)
                s->points += looks_latin(p, n, i, !kanji && !kana) ? -6 : cp932_points(c, p[i + 1]);
            if (kana)
                s->points -= 3;
            s->euc_kana += run - 1;
            s->chars += run;
            i += 2 * run;
            kanji = true;
            kana = false;
        } else {
            s->points += EMPTY;
            s->invalid++;
            s->chars++;
            i++;
        }
    }
    s->at = i;
}

/* ---- EUC-JP ---- */
static int jis0212_points(uint8_t a)
{
    return a == 0xA2 || a == 0xA6 || a == 0xA7 || (a >= 0xA9 && a <= 0xAB) || (a >= 0xB0 && a <= 0xED) || a == 0xF3 ||
                   a == 0xF4
               ? RARE
               : EMPTY;
}

void sk_score_eucjp(struct sk_score *s, const uint8_t *p, size_t n, size_t limit)
{
    size_t i = s->at;
    while (i < limit) {
        uint8_t c = p[i];
        if (c < 0x80) {
            i++;
            continue;
        }
        size_t len = c == 0x8F ? 3 : 2, run = euc_kana_run(p, n, i);
        bool whole = i + len <= n, lead = sk_euc_byte(c) || c == 0x8F;
        if (run) {
            s->points += (long)run * (run >= 3 ? 3 : 1);
            s->chars += run;
            i += 2 * run;
        } else if (lead && whole && sk_euc_byte(p[i + 1]) && sk_euc_byte(p[i + len - 1])) {
            bool latin = i > 0 && is_letter(p[i - 1]) && i + len < n && is_letter(p[i + len]);
            s->points += latin ? -3 : c == 0x8F ? jis0212_points(p[i + 1]) : jis_points(c - 0xA0u, p[i + 1] - 0xA0u);
            s->chars++;
            i += len;
        } else if ((lead || c == 0x8E) && !whole && (i + 1 == n || sk_euc_byte(p[i + 1]))) {
            i = n;
        } else {
            s->points += EMPTY;
            s->invalid++;
            s->chars++;
            i++;
        }
    }
    s->at = i;
}

/* ---- UTF-8 ---- */
static int utf8_pair_points(const uint8_t *p, size_t n, size_t at)
{
    bool letter = (at > 0 && is_letter(p[at - 1])) || (at + 2 < n && is_letter(p[at + 2]));
    if (letter || p[at] == 0xC2)
        return 4;                  /* é in a word; ° ± · § and no-break space */
    return p[at] <= 0xD1 ? 1 : -2; /* Latin, Greek, Cyrillic; then scripts that nobody writes here */
}

void sk_score_utf8(struct sk_utf8_score *u, const uint8_t *p, size_t n, size_t limit)
{
    struct sk_score *s = &u->s;
    size_t i = s->at;
    while (i < limit) {
        if (p[i] < 0x80) {
            i++;
            continue;
        }
        if ((p[i] & 0xF0) == 0xE0 && p[i] > 0xE0 && p[i] != 0xED && n - i > 2 && (p[i + 1] & p[i + 2] & 0x80) &&
            !((p[i + 1] | p[i + 2]) & 0x40)) { /* most of Japanese */
            s->chars++;
            u->longer++;
            s->points += HIRAGANA;
            i += 3;
            continue;
        }
        struct sk_raw c = sk_decode(SK_CS_UTF8, p + i, n - i, false, 0);
        if (c.kind == SK_RAW_CUT) {
            i = n;
        } else if (c.kind == SK_RAW_BAD) {
            s->invalid++;
            s->points += EMPTY;
            i++;
        } else {
            s->chars++;
            u->longer += c.len > 2;
            s->points += c.len > 2 ? HIRAGANA : utf8_pair_points(p, n, i);
            i += c.len;
        }
    }
    s->at = i;
}

/* ---- UTF-16 ---- */
static bool is_fair(uint32_t u)
{
    static const uint16_t ranges[][2] = {
        { 0xA0, 0xFF },     { 0x391, 0x3C9 },   { 0x401, 0x451 },   { 0x2010, 0x2044 }, { 0x2100, 0x22FF },
        { 0x2460, 0x24FF }, { 0x2500, 0x267F }, { 0x3200, 0x33FF }, { 0x3400, 0x4DBF }, { 0xE000, 0xE757 },
        { 0xF900, 0xFAFF }, { 0xFE00, 0xFE0F }, { 0xFEFF, 0xFEFF },
    };
    for (size_t i = 0; i < sizeof(ranges) / sizeof(*ranges) && u >= ranges[i][0]; i++)
        if (u <= ranges[i][1])
            return true;
    return false;
}

static bool is_ascii(uint8_t c) /* of text, or NUL */
{
    return (c >= 0x20 && c < 0x7F) || c == 0 || c == '\t' || c == '\n' || c == '\r';
}

struct sk_units sk_count_units(const uint8_t *p, size_t n, unsigned high, size_t most_bad)
{
    struct sk_units k = { 0 };
    for (size_t i = 0; i + 1 < n && k.bad <= most_bad; i += 2) {
        uint32_t u = (uint32_t)p[i + high] << 8 | p[i + 1 - high];
        k.n++;
        k.zero += p[i + high] == 0;
        k.thirty += p[i + high] == 0x30;
        k.low_thirty += p[i + 1 - high] == 0x30;
        if ((u >= 0x20 && u < 0x7F) || u == '\t' || u == '\n' || u == '\r') {
            k.ascii++;
            k.lines += u == '\n';
        } else if ((u >= 0x3000 && u <= 0x3017) || (u >= 0x3041 && u <= 0x30FE) || (u >= 0xFF01 && u <= 0xFF9F)) {
            k.kana++;
        } else if (u >= 0x4E00 && u <= 0x9FA0) {
            k.kanji++;
            k.printable += is_ascii(p[i]) && is_ascii(p[i + 1]);
        } else if (u >= 0xD800 && u < 0xDC00 && i + 3 < n && (p[i + 2 + high] & 0xFC) == 0xDC) {
            k.fair++;
            k.n++;
            k.fair++;
            i += 2;
        } else if (is_fair(u)) {
            k.fair++;
        } else {
            k.bad++;
        }
    }
    return k;
}
