#include "detect/names_text.h"

#include "detect/chars.h"
#include "detect/names.h"

/*
 * A name in running text begins where a run of kanji begins, or behind a word such as 患者 in it; a bitmap of the first
 * two characters of surnames sorts out nearly all other runs. What follows is asked of the dictionary. What stands
 * around tells whether a person is meant: honorific, role, age, reading. Names beside a public office (桜川市長) are
 * published and are left out; names with nothing around them stay at low confidence.
 */

#define BEFORE 90u /* bytes in front in which a role or an office is looked for */

struct text {
    const struct sk_names *names;
    const char *t;
    uint32_t n;
    const struct sk_word_list *honorifics, *roles, *titles, *tails;
    uint64_t role_first; /* bit by the first character of some role */
};

struct name {
    uint32_t begin, end;
    unsigned family, given; /* ranks */
    bool known;             /* given name of the dictionary */
    bool alone;             /* a surname only */
    uint32_t behind;        /* end of the honorific, = end when there is none */
};

static unsigned first_bit(uint32_t cp)
{
    return (cp * 0x9E3779B1u) >> 26;
}

static void first_bits(struct text *x)
{
    for (size_t i = 0; x->roles && i < x->roles->n; i++) {
        uint32_t cp;
        const char *w = x->roles->words[i];
        sk_utf8_next(w, strlen(w), &cp);
        x->role_first |= (uint64_t)1 << first_bit(cp);
    }
}

/* Length of the longest word of the list that stands at p. */
static uint32_t word_at(const struct text *x, const struct sk_word_list *list, uint32_t p)
{
    size_t best = 0;
    for (size_t i = 0; list && i < list->n; i++) {
        size_t k = strlen(list->words[i]);
        if (k > best && sk_has(x->t + p, x->n - p, list->words[i]))
            best = k;
    }
    return (uint32_t)best;
}

static bool kanji_at(const struct text *x, uint32_t p)
{
    uint32_t cp = 0;
    if (p < x->n)
        sk_utf8_next(x->t + p, x->n - p, &cp);
    return sk_is_kanji(cp);
}

/* End of the honorific behind p, p when there is none. 様式, 氏名, 様々 are none. */
static uint32_t honorific(const struct text *x, uint32_t p)
{
    uint32_t from = p + (p < x->n && x->t[p] == ' ');
    uint32_t k = word_at(x, x->honorifics, from);
    if (k == 0 || (kanji_at(x, from + k) && !sk_has(x->t + from + k, x->n - from - k, "方")))
        return p;
    return from + k;
}

static bool ends_word(const struct text *x, const struct sk_name_text *c, unsigned at, uint32_t p)
{
    if (at >= c->n)
        return !c->more || !kanji_at(x, p);
    if (sk_is_kanji(c->cp[at]))
        return honorific(x, p) > p || word_at(x, x->titles, p) > 0;
    return true;
}

/* Kana given names end where a particle begins, which only a boundary or an honorific proves. */
static bool kana_ends(const struct text *x, const struct sk_name_text *c, unsigned from, unsigned at, uint32_t p)
{
    if (sk_is_kanji(c->cp[from]))
        return ends_word(x, c, at, p);
    if (at - from < 2)
        return false;
    if (honorific(x, p) > p)
        return true;
    return at >= c->n || c->cp[at] == ' ' || sk_is_kanji(c->cp[at]) ||
           sk_is_hiragana(c->cp[from]) != sk_is_hiragana(c->cp[at]);
}

static void better(struct name *best, int *best_score, struct name now, int score)
{
    if (score > *best_score) {
        *best = now;
        *best_score = score;
    }
}

/* A given name behind a surname that ends at character k. */
static void try_given(const struct text *x, const struct sk_name_text *c, uint32_t begin, unsigned k, unsigned rank,
                      struct name *best, int *score)
{
    bool spaced = k < c->n && c->cp[k] == ' ';
    unsigned from = k + spaced;
    if (from >= c->n || (spaced && k == 1 && rank < 3))
        return;
    for (unsigned g = 1; g <= 5 && from + g <= c->n; g++) {
        unsigned to = from + g;
        uint32_t p = begin + c->end[to - 1];
        if (c->cp[to - 1] == ' ')
            break;
        if (!kana_ends(x, c, from, to, p))
            continue;
        unsigned flags = sk_name_word(x->names, c, from, to), given = SK_NAME_GIVEN(flags);
        struct name now = { .begin = begin, .end = p, .family = rank, .given = given, .known = given != 0 };
        if (given && rank + given >= 3)
            better(best, score, now, 10 + (int)(rank * 2 + given) + (k >= 2));
        else if (!given && rank >= 2 && k >= 2 && g <= 3 && sk_is_kanji(c->cp[from]) && sk_is_kanji(c->cp[to - 1]) &&
                 !(flags & 0x7C0u) && !sk_name_tail(x->tails, x->t + begin, p - begin))
            better(best, score, now, (int)rank + (g == 2));
    }
}

static bool name_at(const struct text *x, uint32_t begin, struct name *out)
{
    struct sk_name_text c;
    int score = 0;
    sk_name_read(x->names, x->t + begin, x->n - begin, &c);
    for (unsigned k = 1; k <= 5 && k <= c.n; k++) {
        unsigned rank;
        if (c.cp[k - 1] == ' ')
            break;
        rank = SK_NAME_SURNAME(sk_name_word(x->names, &c, 0, k));
        if (rank == 0)
            continue;
        try_given(x, &c, begin, k, rank, out, &score);
        uint32_t p = begin + c.end[k - 1];
        if (rank >= (k >= 2 ? 2u : 3u) && honorific(x, p) > p)
            better(out, &score, (struct name){ .begin = begin, .end = p, .family = rank, .alone = true },
                   4 + (int)rank + (k >= 2));
    }
    if (score > 0)
        out->behind = honorific(x, out->end);
    return score > 0;
}

/* The text in front of p, without a space, colon, bracket or の between, ends with a word of the list. */
static bool word_before(const struct text *x, const struct sk_word_list *list, uint32_t p, const char *const *gaps,
                        size_t n_gaps)
{
    for (int step = 0; step < 3; step++) {
        bool cut = false;
        for (size_t i = 0; i < n_gaps && !cut; i++)
            if (sk_has_behind(x->t, p, gaps[i])) {
                p -= (uint32_t)strlen(gaps[i]);
                cut = true;
            }
        if (!cut)
            break;
    }
    uint32_t from = p > BEFORE ? p - BEFORE : 0;
    return p > from && sk_name_tail(list, x->t + from, p - from);
}

static bool role_before(const struct text *x, uint32_t p)
{
    static const char *const GAPS[] = { " ", ":", "の", "「", "、", "・" };
    return word_before(x, x->roles, p, GAPS, sizeof(GAPS) / sizeof(GAPS[0]));
}

static bool title_before(const struct text *x, uint32_t p)
{
    static const char *const GAPS[] = { " ", ":", "の", "・" };
    return word_before(x, x->titles, p, GAPS, sizeof(GAPS) / sizeof(GAPS[0]));
}

/* (45歳), (78), (男), (昭和30年..., (さとうけんた), サトウ ケンタ behind the name. */
static bool told_behind(const struct text *x, const struct name *name, long today)
{
    uint32_t p = name->behind, e;
    bool bracket = p < x->n && x->t[p] == '(';
    while (p < x->n && (x->t[p] == ' ' || x->t[p] == '(') && p - name->behind < 3)
        p++;
    e = p;
    while (e < x->n && sk_is_digit(x->t[e]) && e - p < 4)
        e++;
    if (e > p && e - p <= 3)
        return sk_has(x->t + e, x->n - e, "歳") || sk_has(x->t + e, x->n - e, "才") ||
               (bracket && e < x->n && x->t[e] == ')' && e - p == 2);
    if (bracket && (sk_has(x->t + p, x->n - p, "男)") || sk_has(x->t + p, x->n - p, "女)") ||
                    sk_has(x->t + p, x->n - p, "男性") || sk_has(x->t + p, x->n - p, "女性")))
        return true;
    long day;
    size_t k = sk_date_read(x->t + p, x->n - p, false, &day);
    if (k && day < today)
        return sk_has(x->t + p + k, x->n - p - k, "生");
    for (e = p; e < x->n && e - p < 60;) { /* a reading */
        uint32_t cp;
        size_t used = sk_utf8_next(x->t + e, x->n - e, &cp);
        if (!sk_is_hiragana(cp) && !sk_is_katakana(cp) && cp != 0x30FC && cp != ' ')
            break;
        e += (uint32_t)used;
    }
    while (e > p && x->t[e - 1] == ' ')
        e--;
    return p > name->behind && e > p && sk_name_reading(x->names, x->t + p, e - p) == SK_NAME_LIKELY;
}

static void add(struct sk_find *f, const struct text *x, const struct name *name)
{
    bool honoured = name->behind > name->end, role = role_before(x, name->begin);
    if (!role && title_before(x, name->begin))
        return;
    uint32_t title = name->end + (name->end < x->n && x->t[name->end] == ' ');
    if (word_at(x, x->titles, title) > 0)
        return;
    bool told = honoured || role || told_behind(x, name, f->c->config.today);
    if (!told && (!name->known || name->family + name->given < 4))
        return;
    sk_find_add(f, name->begin, name->end, told ? SK_FIND_GROUPED : 0);
}

/* The run of kanji [p, end): a name at its start, or behind a role or a unit of counting. Returns where to go on. */
static uint32_t run(struct sk_find *f, const struct text *x, uint32_t p, uint32_t end)
{
    uint32_t first, second;
    size_t k = sk_utf8_next(x->t + p, x->n - p, &first);
    if (p > 0 && sk_is_digit(x->t[p - 1]) && p + k < end) { /* 5日佐藤様 */
        p += (uint32_t)k;
        k = sk_utf8_next(x->t + p, x->n - p, &first);
    }
    for (int step = 0; step < 3 && p < end; step++) {
        struct name name = { 0 };
        second = 0;
        if (p + k < x->n)
            sk_utf8_next(x->t + p + k, x->n - p - k, &second);
        bool may = second == ' ' || first > 0xFFFF || second > 0xFFFF || sk_names_pair(x->names, first, second);
        if (!sk_is_kanji(second) || second == 0x69D8) /* 林さん, 森様; 一ノ瀬 is in the dictionary by its first two */
            may = may || honorific(x, p + (uint32_t)k) > p + k;
        if (may && name_at(x, p, &name)) {
            add(f, x, &name);
            return name.behind > end ? name.behind : end;
        }
        uint32_t role = x->role_first >> first_bit(first) & 1 ? word_at(x, x->roles, p) : 0;
        if (role == 0 || p + role >= end)
            break;
        p += role;
        k = sk_utf8_next(x->t + p, x->n - p, &first);
    }
    return end;
}

void sk_names_text(struct sk_find *f)
{
    const struct sk_rules *r = f->c->rules;
    struct text x = { .names = sk_rules_names(r), .t = f->s->text, .n = f->s->len };
    if (x.names == NULL || f->s->layout != SK_PROSE)
        return;
    x.honorifics = sk_rules_words(r, "honorific");
    x.roles = sk_rules_words(r, "person_role");
    x.titles = sk_rules_words(r, "title");
    x.tails = sk_rules_words(r, "not_name");
    first_bits(&x);
    for (uint32_t i = 0; i < x.n;) {
        unsigned char c = (unsigned char)x.t[i];
        if (c < 0xE3) { /* kanji begin with E3 (々, block A) to E9, EF (compatibility) or F0 */
            i++;
            continue;
        }
        uint32_t cp, end = i;
        size_t k = sk_utf8_next(x.t + i, x.n - i, &cp);
        if (!sk_is_kanji(cp)) {
            i += (uint32_t)k;
            continue;
        }
        do {
            end += (uint32_t)k;
            k = end < x.n ? sk_utf8_next(x.t + end, x.n - end, &cp) : 0;
        } while (k && sk_is_kanji(cp));
        i = run(f, &x, i, end);
    }
}
