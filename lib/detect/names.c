#include "detect/names.h"

#include "detect/chars.h"
#include "detect/crf.h"

#define LONGEST_FAMILY 5u
#define LONGEST_GIVEN 5u

static bool name_char(uint32_t cp)
{
    return sk_is_kanji(cp) || sk_is_hiragana(cp) || sk_is_katakana(cp) || cp == 0x30FC;
}

void sk_name_read(const struct sk_names *m, const char *text, size_t n, unsigned most, struct sk_name_text *out)
{
    size_t i = 0;
    out->n = 0;
    out->more = false;
    while (i < n && out->n < most) {
        uint32_t cp;
        size_t k = sk_utf8_next(text + i, n - i, &cp);
        if (!name_char(cp) && !(cp == ' ' && out->n > 0 && out->cp[out->n - 1] != ' '))
            return;
        i += k;
        out->cp[out->n] = sk_names_fold(m, cp);
        out->end[out->n++] = (uint32_t)i;
    }
    out->more = i < n;
}

unsigned sk_name_word(const struct sk_names *m, const struct sk_name_text *t, unsigned from, unsigned to)
{
    uint64_t h = SK_NAMES_START;
    for (unsigned i = from; i < to; i++)
        h = sk_names_step(h, t->cp[i]);
    return sk_names_word(m, h);
}

static unsigned reading_word(const struct sk_names *m, const struct sk_name_text *t, unsigned from, unsigned to)
{
    uint64_t h = SK_NAMES_START;
    for (unsigned i = from; i < to; i++)
        h = sk_names_step(h, sk_names_kana(t->cp[i]));
    return sk_names_word(m, h);
}

bool sk_name_tail(const struct sk_word_list *tails, const char *s, size_t n)
{
    for (size_t i = 0; tails && i < tails->n; i++)
        if (sk_has_behind(s, n, tails->words[i]))
            return true;
    return false;
}

static bool all_kanji(const struct sk_name_text *t, unsigned from, unsigned to)
{
    for (unsigned i = from; i < to; i++)
        if (!sk_is_kanji(t->cp[i]))
            return false;
    return true;
}

static bool all_kana(const struct sk_name_text *t, unsigned from, unsigned to)
{
    for (unsigned i = from; i < to; i++)
        if (!(sk_is_hiragana(t->cp[i]) || sk_is_katakana(t->cp[i]) || t->cp[i] == 0x30FC))
            return false;
    return true;
}

/* The space, when there is exactly one; n when there is none, n + 1 when there are more. */
static unsigned space_of(const struct sk_name_text *t)
{
    unsigned at = t->n;
    for (unsigned i = 0; i < t->n; i++)
        if (t->cp[i] == ' ') {
            if (at < t->n)
                return t->n + 1;
            at = i;
        }
    return at;
}

static enum sk_name_like parted_name(const struct sk_names *m, const struct sk_name_text *t, unsigned space, bool tail)
{
    unsigned family = space <= LONGEST_FAMILY ? SK_NAME_SURNAME(sk_name_word(m, t, 0, space)) : 0;
    unsigned length = t->n - space - 1;
    unsigned flags = length <= LONGEST_GIVEN ? sk_name_word(m, t, space + 1, t->n) : 0;
    unsigned given = SK_NAME_GIVEN(flags);
    if (family && given)
        return SK_NAME_LIKELY;
    if (family >= 2 && length >= 1 && length <= 3 && !tail && !(flags & SK_NAME_OTHERS))
        return SK_NAME_LIKELY;
    return (family && !tail) || given >= 2 ? SK_NAME_MAYBE : SK_NAME_NO;
}

static enum sk_name_like joined_name(const struct sk_names *m, const struct sk_name_text *t, bool tail)
{
    enum sk_name_like best = SK_NAME_NO;
    unsigned whole = sk_name_word(m, t, 0, t->n);
    for (unsigned k = 1; k <= LONGEST_FAMILY && k < t->n; k++) {
        unsigned family = SK_NAME_SURNAME(sk_name_word(m, t, 0, k)), length = t->n - k;
        if (!family || length > LONGEST_GIVEN)
            continue;
        unsigned flags = sk_name_word(m, t, k, t->n), given = SK_NAME_GIVEN(flags);
        if (given && family + given >= 3 && !(whole & SK_NAME_OTHERS))
            return SK_NAME_LIKELY;
        bool shape = length >= 1 && length <= 3 && all_kanji(t, k, t->n) && !tail && !(flags & SK_NAME_OTHERS);
        if (!(whole & SK_NAME_OTHERS) && (given || (family >= 2 && k >= 2 && shape)))
            best = SK_NAME_MAYBE;
    }
    return best;
}

enum sk_name_like sk_name_cell(const struct sk_names *m, const struct sk_word_list *tails, const char *s, size_t n)
{
    struct sk_name_text t;
    sk_name_read(m, s, n, SK_NAME_CHARS, &t);
    if (t.n < 2 || t.n > 10 || t.more || t.end[t.n - 1] != n || !sk_is_kanji(t.cp[0]))
        return SK_NAME_NO;
    unsigned space = space_of(&t);
    bool tail = sk_name_tail(tails, s, n);
    if (space > t.n || space + 1 == t.n)
        return SK_NAME_NO;
    return space < t.n ? parted_name(m, &t, space, tail) : joined_name(m, &t, tail);
}

/* How sure the model is that all of the text is one name. */
static float modelled(const struct sk_names *m, const struct sk_prose *p, const struct sk_name_text *t)
{
    struct sk_crf_work work;
    struct sk_crf_span span;
    sk_crf_load(m, t->cp, t->n, 0, t->n, &work);
    bool whole = sk_crf_find(p, &work, t->n, 0, &span, 1) == 1 && span.begin == 0 && span.end == t->n;
    return whole ? span.sure : 0;
}

#define CELL_SURE 0.9f
#define CELL_MAYBE 0.6f

enum sk_name_like sk_name_cell_of(const struct sk_rules *r, const char *s, size_t n)
{
    const struct sk_names *m = sk_rules_names(r);
    const struct sk_prose *p = sk_rules_prose(r);
    const struct sk_word_list *tails = sk_rules_words(r, "not_name");
    enum sk_name_like like = m ? sk_name_cell(m, tails, s, n) : SK_NAME_NO;
    struct sk_name_text t;
    if (like == SK_NAME_LIKELY || !m || !p)
        return like;
    sk_name_read(m, s, n, SK_NAME_CHARS, &t);
    if (t.n < 3 || t.n > 8 || t.more || t.end[t.n - 1] != n || !sk_is_kanji(t.cp[0]) || sk_name_tail(tails, s, n) ||
        sk_name_word(m, &t, 0, t.n) & SK_NAME_OTHERS)
        return like;
    float sure = modelled(m, p, &t);
    return sure >= CELL_SURE ? SK_NAME_LIKELY : sure >= CELL_MAYBE ? SK_NAME_MAYBE : like;
}

enum sk_name_like sk_name_reading(const struct sk_names *m, const char *s, size_t n)
{
    struct sk_name_text t;
    sk_name_read(m, s, n, SK_NAME_CHARS, &t);
    if (t.n < 3 || t.more || t.end[t.n - 1] != n)
        return SK_NAME_NO;
    unsigned space = space_of(&t);
    if (space > t.n || space + 1 == t.n || !all_kana(&t, 0, space < t.n ? space : t.n) ||
        (space < t.n && !all_kana(&t, space + 1, t.n)))
        return SK_NAME_NO;
    if (space < t.n) {
        bool family = reading_word(m, &t, 0, space) & SK_NAME_SURNAME_READING;
        bool given = reading_word(m, &t, space + 1, t.n) & SK_NAME_GIVEN_READING;
        return family && given ? SK_NAME_LIKELY : family || given ? SK_NAME_MAYBE : SK_NAME_NO;
    }
    if (reading_word(m, &t, 0, t.n) & (SK_NAME_MUNICIPALITY | SK_NAME_NOUN))
        return SK_NAME_NO;
    for (unsigned k = 2; k + 2 <= t.n; k++)
        if ((reading_word(m, &t, 0, k) & SK_NAME_SURNAME_READING) &&
            (reading_word(m, &t, k, t.n) & SK_NAME_GIVEN_READING))
            return t.n >= 5 ? SK_NAME_LIKELY : SK_NAME_MAYBE;
    return SK_NAME_NO;
}
