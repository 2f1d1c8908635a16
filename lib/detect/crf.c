#include "detect/crf.h"

#include "base/utf8.h"

#include <math.h>
#include <string.h>

#define LONGEST 7u /* characters of a word that is looked up */
#define AROUND 12u /* characters on either side that say how sure a name is */

enum { OTHER, KANJI, HIRAGANA, KATAKANA, LATIN, DIGIT, SPACE, MARK, DOT, BRACKET, LINE = 15 };

static uint8_t kind_of(uint32_t c)
{
    if (c == SK_CRF_BREAK)
        return LINE;
    if (c < 0x80)
        return c == ' ' || c == '\t'                                      ? SPACE
               : c >= '0' && c <= '9'                                     ? DIGIT
               : (c | 32) >= 'a' && (c | 32) <= 'z'                       ? LATIN
               : c == '(' || c == ')' || c == '[' || c == ']' || c == '"' ? BRACKET
                                                                          : MARK;
    if (c == 0x3007 || c == 0x3006 || sk_is_kanji(c))
        return KANJI;
    if (sk_is_hiragana(c))
        return HIRAGANA;
    if (c == 0x30FB || c == 0x30A0 || c == 0xFF65)
        return DOT;
    if (sk_is_katakana(c) || c == 0x30FC)
        return KATAKANA;
    if (c >= 0x3008 && c <= 0x3011)
        return BRACKET;
    return c >= 0x3000 && c <= 0x303F ? MARK : OTHER;
}

uint32_t sk_crf_char(const struct sk_names *m, uint32_t cp)
{
    if (cp >= '0' && cp <= '9')
        return '0';
    return cp < 0x3000 ? (cp == '\r' ? SK_CRF_BREAK : cp) : sk_names_fold(m, cp);
}

/* ---------------------------------------------------------------- words */

static void longest(uint8_t *at, unsigned length, unsigned rank)
{
    if ((*at & 15u) < length)
        *at = (uint8_t)(length | rank << 4);
}

static void note(struct sk_crf_words *w, unsigned n, unsigned flags)
{
    struct sk_crf_words *e = w + n - 1;
    unsigned s = SK_NAME_SURNAME(flags), g = SK_NAME_GIVEN(flags);
    if (s) {
        longest(&w->surname, n, s);
        longest(&e->surname_end, n, s);
    }
    if (g) {
        longest(&w->given, n, g);
        longest(&e->given_end, n, g);
    }
    if (s && n <= 4) {
        w->surnames |= (uint8_t)(1u << n);
        w->ranks_s[n] = (uint8_t)s;
    }
    if (g && n <= 4) {
        w->givens |= (uint8_t)(1u << n);
        w->ranks_g[n] = (uint8_t)g;
    }
    if (flags & (SK_NAME_PLACE | SK_NAME_MUNICIPALITY | SK_NAME_TOWN)) {
        unsigned rank = flags & SK_NAME_MUNICIPALITY ? 3 : flags & SK_NAME_PLACE ? 2 : 1;
        longest(&w->place, n, rank);
        longest(&e->place_end, n, rank);
    }
    if (flags & SK_NAME_ORGANISATION) {
        longest(&w->org, n, 0);
        longest(&e->org_end, n, 0);
    }
    if (flags & SK_NAME_NOUN) {
        longest(&w->noun, n, 0);
        longest(&e->noun_end, n, 0);
        for (unsigned k = 0; k < n; k++)
            if (w[k].cover < n)
                w[k].cover = (uint8_t)n;
    }
    if (flags & SK_NAME_HONORIFIC)
        longest(&w->honorific, n, 0);
    if (flags & SK_NAME_ROLE)
        longest(&e->role_end, n, 0);
    if (flags & SK_NAME_FACILITY)
        longest(&w->facility, n, 0);
    if (flags & SK_NAME_PERSON)
        longest(&w->person, n, 0);
}

static bool writes_words(uint8_t kind)
{
    return kind >= KANJI && kind <= KATAKANA;
}

static void look_up(const struct sk_names *m, struct sk_crf_work *w, uint32_t total)
{
    for (uint32_t i = 0; i < total; i++) {
        if (!writes_words(w->words[i].kind))
            continue;
        uint64_t h = SK_NAMES_START;
        for (unsigned n = 1; n <= LONGEST && i + n <= total; n++) {
            if (n > 1 && !writes_words(w->words[i + n - 1].kind))
                break;
            h = sk_names_step(h, w->cp[i + n - 1]);
            unsigned flags = 0;
            if (n == 1)
                flags = w->words[i].kind == KANJI ? sk_names_single(m, w->cp[i]) : 0;
            else if (n <= 3 && !sk_names_begin(m, n, h))
                break;
            else
                flags = sk_names_word(m, h);
            if (flags)
                note(&w->words[i], n, flags);
        }
    }
}

/* A surname and a given name side by side, or with a space between. */
static void side_by_side(struct sk_crf_work *w, uint32_t total)
{
    for (uint32_t i = 0; i < total; i++) {
        struct sk_crf_words *x = &w->words[i];
        for (unsigned a = 1; x->surnames >> a; a++) {
            uint32_t j = i + a;
            if (!(x->surnames >> a & 1) || j >= total)
                continue;
            j += w->words[j].kind == SPACE;
            if (j >= total)
                continue;
            const struct sk_crf_words *y = &w->words[j];
            for (unsigned b = 1; y->givens >> b; b++) {
                if (!(y->givens >> b & 1) || j + b > total)
                    continue;
                unsigned s = x->ranks_s[a], g = y->ranks_g[b], q = s + g + a + b; /* the better the larger */
                if (q >= x->first >> 10)
                    x->first = (uint16_t)(q << 10 | s << 8 | g << 6 | a << 3 | b);
                for (uint32_t k = i; k < j + b; k++)
                    if (q > w->words[k].inner >> 8)
                        w->words[k].inner = (uint16_t)(q << 8 | (a + b) << 4 | (k < i + a ? k - i + 1 : 8 + k - j));
                if (q > w->words[j + b - 1].last >> 8)
                    w->words[j + b - 1].last = (uint16_t)(q << 8 | a << 4 | b);
            }
        }
    }
}

void sk_crf_load(const struct sk_names *m, const uint32_t *cp, uint32_t n, uint32_t from, uint32_t to,
                 struct sk_crf_work *w)
{
    uint32_t total = to - from + 2 * SK_CRF_EDGE;
    memset(w->words, 0, total * sizeof(*w->words));
    for (uint32_t i = 0; i < total; i++) {
        uint32_t at = from + i; /* SK_CRF_EDGE further on */
        w->cp[i] = at >= SK_CRF_EDGE && at - SK_CRF_EDGE < n ? cp[at - SK_CRF_EDGE] : SK_CRF_BREAK;
        w->words[i].kind = kind_of(w->cp[i]);
    }
    look_up(m, w, total);
    side_by_side(w, total);
}

/* ---------------------------------------------------------------- features */

struct maker {
    uint32_t *rows;
    unsigned n;
};

static inline void put(struct maker *f, uint64_t x)
{
    uint64_t z = (x + (f->n + 1) * 0x9E3779B97F4A7C15u) * 0xD6E8FEB86659FD93u;
    z ^= z >> 33;
    f->rows[f->n++] = (uint32_t)(z * 0x9E3779B97F4A7C15u >> (64 - SK_CRF_ROW_BITS));
}

#define TWO(a, b) ((uint64_t)(a) << 20 ^ (uint64_t)(b))
#define THREE(a, b, c) ((TWO(a, b) << 20) ^ (uint64_t)(c))

/* NOLINTNEXTLINE(readability-non-const-parameter): the maker writes them */
void sk_crf_features(const struct sk_crf_work *w, uint32_t i, uint32_t rows[SK_CRF_FEATURES])
{
    struct maker f = { .rows = rows };
    const struct sk_crf_words *x = &w->words[i + SK_CRF_EDGE], *l = x - 1, *r = x + 1;
    const uint32_t *c = &w->cp[i + SK_CRF_EDGE];
    unsigned edge = (unsigned)x->given_end | (unsigned)x->surname_end << 8;
    /* characters */
    put(&f, c[0]);
    put(&f, c[2]);
    put(&f, TWO(c[-2], c[-1]));
    put(&f, TWO(c[-1], c[0]));
    put(&f, TWO(c[0], c[1]));
    put(&f, TWO(c[1], c[2]));
    put(&f, THREE(c[0], c[1], c[2]));
    put(&f, THREE(c[-1], c[0], c[1]));
    put(&f, THREE(c[-2], c[-1], c[0]));
    unsigned left = (unsigned)x[-3].kind | (unsigned)x[-2].kind << 4 | (unsigned)l->kind << 8 | (unsigned)x->kind << 12;
    unsigned right = (unsigned)x->kind | (unsigned)r->kind << 4 | (unsigned)x[2].kind << 8 | (unsigned)x[3].kind << 12;
    put(&f, left);
    put(&f, right);
    /* surnames and given names */
    put(&f, edge);
    put(&f, TWO(x->surname, x->noun));
    put(&f, TWO(l->surname_end, x->given));
    put(&f, TWO(x->surname_end, r->given));
    put(&f, x->first & 1023u);
    put(&f, x->inner);
    put(&f, x->last);
    put(&f, TWO(x->first & 63u, x->cover));
    put(&f, TWO(x->inner & 255u, x->cover));
    put(&f, TWO(x->last >> 8, c[1]));
    put(&f, TWO(x->first >> 6, c[-1]));
    /* other words */
    put(&f, TWO(x->place, x->place_end));
    put(&f, TWO(l->place_end, r->place));
    put(&f, TWO(x->surname, x->place));
    put(&f, TWO(x->surname_end, x->place_end));
    put(&f, TWO(x->org, x->org_end));
    put(&f, TWO(x->noun, x->noun_end));
    put(&f, TWO((unsigned)r->noun | (unsigned)l->noun_end << 4, x->cover));
    put(&f, TWO((unsigned)x->surname | (unsigned)l->kind << 8, l->noun_end));
    put(&f, TWO((unsigned)x->given_end | (unsigned)r->kind << 8, r->noun));
    put(&f, TWO(x->person, x->kind));
    put(&f, TWO((unsigned)x->person | (unsigned)r->person << 4, (unsigned)l->kind << 4 | r->kind));
    /* what stands around */
    put(&f, TWO(r->honorific, right & 255u));
    put(&f, TWO(edge, r->honorific));
    put(&f, TWO(x[2].honorific, x[3].honorific));
    put(&f, TWO(l->role_end, x->kind));
    put(&f, TWO(x[-2].role_end, c[-1]));
    put(&f, THREE(l->role_end, x[-2].role_end, x->surname));
    put(&f, TWO(r->facility, edge));
    put(&f, TWO(x->facility, x->surname));
    put(&f, TWO(x[2].facility, x[3].facility));
    put(&f, TWO((unsigned)x->surname | (unsigned)x->given << 8, c[-1]));
    put(&f, TWO(edge, c[1]));
    put(&f, THREE(edge, c[1], c[2]));
    put(&f, THREE(x->surname, c[-1], c[-2]));
}

/* ---------------------------------------------------------------- labels */

static void scores(const struct sk_prose *p, struct sk_crf_work *w, uint32_t n, int bias)
{
    typedef int8_t bytes __attribute__((vector_size(8)));
    typedef int16_t lanes __attribute__((vector_size(16)));
    uint32_t rows[2][SK_CRF_FEATURES];
    sk_crf_features(w, 0, rows[0]);
    for (uint32_t i = 0; i < n; i++) {
        lanes sum = { 0 };
        const uint32_t *now = rows[i & 1];
        if (i + 1 < n) { /* the table is larger than the cache near the core: ask for what comes next */
            uint32_t *next = rows[~i & 1];
            sk_crf_features(w, i + 1, next);
            for (unsigned k = 0; k < SK_CRF_FEATURES; k++)
                __builtin_prefetch(p->rows + (size_t)next[k] * SK_CRF_LABELS);
        }
        for (unsigned k = 0; k < SK_CRF_FEATURES; k++) {
            bytes row;
            memcpy(&row, p->rows + (size_t)now[k] * SK_CRF_LABELS, sizeof(row));
            sum += __builtin_convertvector(row, lanes);
        }
        memcpy(w->score[i], &sum, sizeof(sum));
        w->score[i][SK_CRF_O] = (int16_t)(w->score[i][SK_CRF_O] + bias);
    }
}

static bool opens(unsigned label)
{
    return label != SK_CRF_I && label != SK_CRF_E;
}

static bool closes(unsigned label)
{
    return label != SK_CRF_B && label != SK_CRF_I;
}

/* The best labels, into back[i][0]. */
static void best_labels(const struct sk_prose *p, struct sk_crf_work *w, uint32_t n)
{
    int32_t at[SK_CRF_LABELS], next[SK_CRF_LABELS];
    memset(w->back[0], 0, sizeof(w->back[0]));
    for (unsigned y = 0; y < SK_CRF_LABELS; y++)
        at[y] = opens(y) ? w->score[0][y] : SK_CRF_NEVER;
    for (uint32_t i = 1; i < n; i++) {
        for (unsigned y = 0; y < SK_CRF_LABELS; y++) {
            int32_t best = at[0] + p->step[0][y];
            uint8_t from = 0;
            for (unsigned x = 1; x < SK_CRF_LABELS; x++) {
                int32_t v = at[x] + p->step[x][y];
                from = v > best ? (uint8_t)x : from;
                best = v > best ? v : best;
            }
            next[y] = best + w->score[i][y];
            w->back[i][y] = from;
        }
        memcpy(at, next, sizeof(at));
    }
    uint8_t y = SK_CRF_O;
    for (unsigned x = 1; x < SK_CRF_LABELS; x++)
        if (closes(x) && at[x] > at[y])
            y = (uint8_t)x;
    for (uint32_t i = n; i-- > 0;) {
        uint8_t before = w->back[i][y];
        w->back[i][0] = y;
        y = before;
    }
}

/* One character further: what all labels of it weigh. Weights of a character are at most 1, so that a few dozen
 * characters stay within a double. */
static void further(const struct sk_prose *p, double at[SK_CRF_LABELS], const double weight[SK_CRF_LABELS])
{
    double inside = at[SK_CRF_B] * p->factor[SK_CRF_B][SK_CRF_I] + at[SK_CRF_I] * p->factor[SK_CRF_I][SK_CRF_I];
    double last = at[SK_CRF_B] * p->factor[SK_CRF_B][SK_CRF_E] + at[SK_CRF_I] * p->factor[SK_CRF_I][SK_CRF_E];
    double next[SK_CRF_LABELS];
    for (unsigned y = 0; y < SK_CRF_LABELS; y++)
        next[y] = at[SK_CRF_O] * p->factor[SK_CRF_O][y] + at[SK_CRF_E] * p->factor[SK_CRF_E][y] +
                  at[SK_CRF_S] * p->factor[SK_CRF_S][y] + at[SK_CRF_X] * p->factor[SK_CRF_X][y];
    next[SK_CRF_I] = inside;
    next[SK_CRF_E] = last;
    for (unsigned y = 0; y < SK_CRF_LABELS; y++)
        at[y] = next[y] * weight[y];
}

static double sum_of(const double at[SK_CRF_LABELS])
{
    return at[SK_CRF_O] + at[SK_CRF_E] + at[SK_CRF_S] + at[SK_CRF_X];
}

/* The share of all labellings around the span in which exactly it is a name. Far characters hardly matter. */
static float how_sure(const struct sk_prose *p, const struct sk_crf_work *w, uint32_t n, uint32_t begin, uint32_t end)
{
    double all[SK_CRF_LABELS] = { 0 }, with[SK_CRF_LABELS] = { 0 };
    uint32_t from = begin > AROUND ? begin - AROUND : 0, to = n - end > AROUND ? end + AROUND : n;
    all[SK_CRF_O] = with[SK_CRF_O] = 1; /* in front: the step from it costs all labellings alike */
    for (uint32_t i = from; i < to; i++) {
        const int16_t *s = w->score[i];
        double weight[SK_CRF_LABELS];
        int16_t most = s[0];
        for (unsigned y = 1; y < SK_CRF_LABELS; y++)
            most = s[y] > most ? s[y] : most;
        for (unsigned y = 0; y < SK_CRF_LABELS; y++)
            weight[y] = (double)expf((float)(s[y] - most) / (float)p->scale);
        further(p, all, weight);
        if (i >= begin && i < end) { /* only the one label that the span has here */
            unsigned label = end - begin == 1 ? SK_CRF_S : i == begin ? SK_CRF_B : i + 1 == end ? SK_CRF_E : SK_CRF_I;
            for (unsigned y = 0; y < SK_CRF_LABELS; y++)
                weight[y] = y == label ? weight[y] : 0;
        }
        further(p, with, weight);
    }
    double sum = sum_of(all);
    return sum > 0 ? (float)(sum_of(with) / sum) : 0;
}

uint32_t sk_crf_find(const struct sk_prose *p, struct sk_crf_work *w, uint32_t n, int bias, struct sk_crf_span *out,
                     uint32_t cap)
{
    uint32_t found = 0, begin = 0;
    if (n == 0)
        return 0;
    scores(p, w, n, bias);
    best_labels(p, w, n);
    for (uint32_t i = 0; i < n && found < cap; i++) {
        uint8_t y = w->back[i][0];
        if (y == SK_CRF_B)
            begin = i;
        if (y != SK_CRF_S && y != SK_CRF_E)
            continue;
        begin = y == SK_CRF_S ? i : begin;
        out[found++] = (struct sk_crf_span){ .begin = begin, .end = i + 1, .sure = how_sure(p, w, n, begin, i + 1) };
    }
    return found;
}
