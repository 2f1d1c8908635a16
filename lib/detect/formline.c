#include "detect/formline.h"

#include "base/hash.h"
#include "detect/chars.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define LONGEST_LABEL 72u /* bytes */
#define SPREAD 6          /* 生 年 月 日: a label of single characters with spaces between */

static bool look_up(const struct sk_rules *rules, const char *s, size_t n, struct sk_label *out)
{
    char norm[LONGEST_LABEL * 2];
    if (n == 0 || n > LONGEST_LABEL)
        return false;
    size_t k = sk_header_normalise(s, n, norm, sizeof(norm));
    if (k == 0)
        return false;
    out->role = sk_rules_header(rules, norm, k, &out->weak);
    for (size_t i = k; out->role == SK_ROLE_NONE && i-- > 3;) /* 被保険者の氏名 */
        if (sk_has(norm + i - 3, k - i + 3, "の")) {
            out->role = i < k ? sk_rules_header(rules, norm + i, k - i, &out->weak) : SK_ROLE_NONE;
            break;
        }
    if (out->role == SK_ROLE_NONE) { /* 氏名(漢字), 電話番号(自宅) */
        const char *bracket = memchr(norm, '(', k);
        if (bracket && bracket > norm && norm[k - 1] == ')')
            out->role = sk_rules_header(rules, norm, (size_t)(bracket - norm), &out->weak);
    }
    out->spelling = sk_fnv1a(norm, k);
    return out->role != SK_ROLE_NONE;
}

static uint32_t char_end(const char *t, uint32_t p, uint32_t end)
{
    uint32_t cp;
    return p + (uint32_t)sk_utf8_next(t + p, end - p, &cp);
}

static bool parts_words(char c)
{
    return c == ' ' || c == '\t' || c == '|' || c == ':';
}

static uint32_t word_end(const char *t, uint32_t p, uint32_t end)
{
#ifdef __SSE2__ /* sentences are passed over whole, and every x86-64 has these; elsewhere byte by byte */
    for (; end - p >= 16; p += 16) {
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)(t + p));
        __m128i blank = _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8(' ')), _mm_cmpeq_epi8(v, _mm_set1_epi8('\t')));
        __m128i sign = _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('|')), _mm_cmpeq_epi8(v, _mm_set1_epi8(':')));
        unsigned found = (unsigned)_mm_movemask_epi8(_mm_or_si128(blank, sign));
        if (found)
            return p + (uint32_t)__builtin_ctz(found);
    }
#endif
    while (p < end && !parts_words(t[p]))
        p++;
    return p;
}

static void set(struct sk_label *l, const char *t, uint32_t begin, uint32_t end, uint32_t line_end)
{
    l->begin = begin;
    l->end = end;
    l->value = end;
    while (l->value < line_end && (t[l->value] == ' ' || t[l->value] == '\t'))
        l->value++;
    l->colon = l->value < line_end && (t[l->value] == ':' || t[l->value] == '|');
    if (l->colon)
        l->value++;
}

/* 【氏名】佐藤 */
static bool bracketed(const struct sk_rules *rules, const char *t, uint32_t p, uint32_t end, struct sk_label *out)
{
    static const char *const OPEN[] = { "【", "[", "〔", "〈", "<" }, *const CLOSE[] = { "】", "]", "〕", "〉", ">" };
    for (size_t i = 0; i < sizeof(OPEN) / sizeof(OPEN[0]); i++) {
        if (!sk_has(t + p, end - p, OPEN[i]))
            continue;
        uint32_t from = p + (uint32_t)strlen(OPEN[i]), to = from;
        if (from >= end || !(t[from] & 0x80)) /* [worker-2], <p>, ... of logs and markup */
            return false;
        while (to < end && to - from < LONGEST_LABEL && !sk_has(t + to, end - to, CLOSE[i]))
            to++;
        if (to >= end || !look_up(rules, t + from, to - from, out))
            return false;
        set(out, t, p, to + (uint32_t)strlen(CLOSE[i]), end);
        out->colon = true;
        return true;
    }
    return false;
}

/* A label of single characters: 氏 名, 生 年 月 日. The longest that is a known label. */
static bool spread(const struct sk_rules *rules, const char *t, uint32_t p, uint32_t end, struct sk_label *out)
{
    uint32_t at = p;
    bool found = false;
    for (int i = 0; i < SPREAD && at < end; i++) {
        uint32_t next = char_end(t, at, end);
        bool number = i > 1 && sk_is_digit(t[at]); /* 電 話 1 */
        if ((next - at < 3 && !number) || (next < end && !parts_words(t[next])))
            break;
        struct sk_label l;
        if (i > 0 && look_up(rules, t + p, next - p, &l)) {
            set(&l, t, p, next, end);
            *out = l;
            found = true;
        }
        at = next;
        while (at < end && t[at] == ' ')
            at++;
        if (at < end && parts_words(t[at]))
            break;
    }
    return found;
}

#define PAIR_VALUE 24u

/* "記号 12" over "番号 3456": weak words that mean something beside each other, when nothing but a number follows. */
static bool pair_line(const char *t, const struct sk_label *l, uint32_t end)
{
    if ((l->role != SK_ROLE_KOKUHO_SYMBOL && l->role != SK_ROLE_KOKUHO_NUMBER) || l->value == l->end ||
        end - l->value > PAIR_VALUE || !sk_is_digit(t[l->value]))
        return false;
    for (uint32_t i = l->value; i < end; i++)
        if (!sk_is_digit(t[i]) && t[i] != '-')
            return false;
    return true;
}

/* Is there a label at p, the start of a word? Without a colon only a strong one, with something parting it from its
 * value. */
static bool label_at(const struct sk_rules *rules, const char *t, uint32_t p, uint32_t end, struct sk_label *out)
{
    if (bracketed(rules, t, p, end, out))
        return true;
    uint32_t e = word_end(t, p, end);
    if (e == p || e - p > LONGEST_LABEL || sk_is_digit(t[p]) || memchr(t + p, ',', e - p))
        return false;
    bool ascii = true;
    for (uint32_t i = p; i < e && ascii; i++)
        ascii = !(t[i] & 0x80);
    if (!ascii && spread(rules, t, p, end, out))
        return true;
    bool colon = e < end && t[e] == ':';
    if ((ascii && (!colon || e - p < 2)) || !look_up(rules, t + p, e - p, out))
        return false;
    set(out, t, p, e, end);
    return out->colon || !out->weak || pair_line(t, out, end);
}

/* Bullets and numbers in front: ・, ●, 1., (2), ①. */
static uint32_t behind_bullet(const char *t, uint32_t p, uint32_t end)
{
    for (int i = 0; i < 6 && p < end; i++) {
        uint32_t cp;
        size_t k = sk_utf8_next(t + p, end - p, &cp);
        bool sign = cp == ' ' || cp == '\t' || cp == '*' || cp == '-' || cp == '(' || cp == ')' || cp == '.' ||
                    cp == '|' || cp == '"' || cp == 0x30FB || cp == 0x203B || (cp >= 0x2460 && cp <= 0x24FF) ||
                    (cp >= 0x25A0 && cp <= 0x27BF);
        if (!sign && !(cp < 0x80 && sk_is_digit((char)cp)))
            break;
        p += (uint32_t)k;
    }
    return p;
}

size_t sk_form_labels(const struct sk_rules *rules, const char *text, uint32_t begin, uint32_t end,
                      struct sk_label *out, size_t cap)
{
    size_t n = 0;
    uint32_t p = behind_bullet(text, begin, end);
    for (unsigned words = 0; p < end && n < cap && words < 64; words++) {
        if (label_at(rules, text, p, end, &out[n])) {
            if (n > 0)
                out[n - 1].value_end = p;
            p = out[n].value;
            out[n++].value_end = end;
        } else {
            p = word_end(text, p, end);
            if (p < end && text[p] == ':') /* no label: what is behind the colon may be one */
                p++;
        }
        while (p < end && (text[p] == ' ' || text[p] == '\t' || text[p] == '|'))
            p++;
    }
    return n;
}
