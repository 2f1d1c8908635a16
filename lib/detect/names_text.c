#include "detect/names_text.h"

#include <endian.h>

#include "base/mem.h"
#include "detect/chars.h"
#include "detect/gate.h"
#include "detect/names.h"
#include "detect/runs.h"

/*
 * A name in running text begins where a run of kanji begins, or behind a word such as 患者 in it; a bitmap of the first
 * two characters of surnames sorts out nearly all other runs. What follows is asked of the dictionary. What stands
 * around tells whether a person is meant: honorific, role, age, reading. Names beside a public office (桜川市長) are
 * published and are left out; names with nothing around them stay at low confidence.
 */

#define LONGEST_NAME 11u /* characters: 勅使河原 and a given name of five, with a space */
#define BEFORE 90u       /* bytes in front in which a role or an office is looked for */

struct words { /* a list, with a bit by hash of the first `key` bytes of each word */
    const struct sk_word_list *list;
    unsigned key;                 /* 3 or 6: shorter words are not looked for at a place, only in front of one */
    uint64_t mask;                /* of so many bytes */
    uint64_t first[64], last[64]; /* the same of the last three bytes */
};

struct sk_name_words {
    struct words honorifics, roles, titles, organisations;
    const struct sk_word_list *tails;
};

struct text {
    const struct sk_names *names;
    const uint8_t *pairs;
    const char *t;
    uint32_t n;
    const struct sk_name_words *w;
};

struct name {
    uint32_t begin, end;
    unsigned family, given; /* ranks */
    bool known;             /* given name of the dictionary */
    bool alone;             /* a surname only */
    bool word;              /* all of it is another word: 東京, 平成 */
    uint32_t behind;        /* end of the honorific, = end when there is none */
};

static inline uint64_t eight(const char *s)
{
    uint64_t v;
    memcpy(&v, s, sizeof(v));
    return le64toh(v);
}

static inline uint64_t three(const char *s)
{
    return (uint64_t)(unsigned char)s[0] | (uint64_t)(unsigned char)s[1] << 8 | (uint64_t)(unsigned char)s[2] << 16;
}

static inline unsigned bit_of(uint64_t key)
{
    return (unsigned)(key * 0x9E3779B97F4A7C15u >> 52);
}

static struct words words_of(const struct sk_rules *r, const char *name, unsigned key)
{
    struct words w = { .list = sk_rules_words(r, name), .key = key, .mask = ((uint64_t)1 << 8 * key) - 1 };
    for (size_t i = 0; w.list && i < w.list->n; i++)
        if (strlen(w.list->words[i]) >= key) {
            char begin[8] = { 0 };
            memcpy(begin, w.list->words[i], key);
            unsigned bit = bit_of(eight(begin));
            w.first[bit / 64] |= (uint64_t)1 << bit % 64;
        }
    for (size_t i = 0; w.list && i < w.list->n; i++) {
        size_t n = strlen(w.list->words[i]);
        unsigned bit = n < 3 ? 0 : bit_of(three(w.list->words[i] + n - 3));
        if (n < 3) /* shorter than what is asked for */
            memset(w.last, 0xFF, sizeof(w.last));
        w.last[bit / 64] |= (uint64_t)1 << bit % 64;
    }
    return w;
}

/* The first word of the sorted list that does not stand before the `key` bytes at s. */
static size_t first_with(const struct words *w, const char *s)
{
    size_t lo = 0, hi = w->list->n;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (strncmp(w->list->words[mid], s, w->key) < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

/* False: none of the words begins with these bytes. */
static inline bool may_begin_with(const struct words *w, uint64_t bytes)
{
    unsigned bit = bit_of(bytes & w->mask);
    return w->first[bit / 64] >> bit % 64 & 1;
}

/* Length of the longest word of the list that stands at p. */
static uint32_t word_at(const struct text *x, const struct words *w, uint32_t p)
{
    size_t best = 0;
    if (p + w->key > x->n || !w->list || !may_begin_with(w, eight(x->t + p)))
        return 0;
    for (size_t i = first_with(w, x->t + p); i < w->list->n; i++) {
        const char *word = w->list->words[i];
        if (strncmp(word, x->t + p, w->key) != 0)
            break;
        if (!sk_has(x->t + p, x->n - p, word))
            continue;
        size_t k = strlen(word);
        best = k > best ? k : best;
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
    uint32_t k = word_at(x, &x->w->honorifics, from);
    if (k == 0 || (kanji_at(x, from + k) && !sk_has(x->t + from + k, x->n - from - k, "方")))
        return p;
    return from + k;
}

static bool ends_word(const struct text *x, const struct sk_name_text *c, unsigned at, uint32_t p)
{
    if (at >= c->n)
        return !c->more || !kanji_at(x, p);
    if (sk_is_kanji(c->cp[at]))
        return honorific(x, p) > p || word_at(x, &x->w->titles, p) > 0;
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
        now.word = !spaced && sk_name_word(x->names, c, 0, to) & SK_NAME_OTHERS;
        if (given && rank + given >= 3)
            better(best, score, now, 10 + (int)(rank * 2 + given) + (k >= 2));
        else if (!given && rank >= 2 && k >= 2 && g <= 3 && sk_is_kanji(c->cp[from]) && sk_is_kanji(c->cp[to - 1]) &&
                 !now.word && !(flags & SK_NAME_OTHERS) && !sk_name_tail(x->w->tails, x->t + begin, p - begin))
            better(best, score, now, (int)rank + (g == 2));
    }
}

/* 一ノ瀬, 三ケ田, 井之上; surnames in hiragana are not looked for in running text. */
static bool surname_char(uint32_t cp)
{
    return sk_is_kanji(cp) || cp == 0x30CE || cp == 0x30B1 || cp == 0x30C4;
}

static bool name_at(const struct text *x, uint32_t begin, struct name *out)
{
    struct sk_name_text c;
    int score = 0;
    sk_name_read(x->names, x->t + begin, x->n - begin, LONGEST_NAME, &c);
    for (unsigned k = 1; k <= 5 && k <= c.n; k++) {
        if (!surname_char(c.cp[k - 1])) /* a look-up costs a cache miss */
            break;
        unsigned flags = sk_name_word(x->names, &c, 0, k), rank = SK_NAME_SURNAME(flags);
        if (rank == 0)
            continue;
        try_given(x, &c, begin, k, rank, out, &score);
        uint32_t p = begin + c.end[k - 1];
        /* 神様, 町さん: a character that is a word is no surname by itself */
        if (rank >= (k >= 2 ? 2u : 3u) && !(k == 1 && flags & SK_NAME_OTHERS) && honorific(x, p) > p)
            better(out, &score, (struct name){ .begin = begin, .end = p, .family = rank, .alone = true },
                   4 + (int)rank + (k >= 2));
    }
    if (score > 0)
        out->behind = honorific(x, out->end);
    return score > 0;
}

/* The text in front of p, without a space, colon, bracket or の between, ends with a word of the list. */
static bool word_before(const struct text *x, const struct words *w, uint32_t p, const char *const *gaps, size_t n_gaps)
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
    unsigned bit = p < 3 ? 0 : bit_of(three(x->t + p - 3));
    if (p <= from || (p >= 3 && !(w->last[bit / 64] >> bit % 64 & 1)))
        return false;
    return sk_name_tail(w->list, x->t + from, p - from);
}

static bool role_before(const struct text *x, uint32_t p)
{
    static const char *const GAPS[] = { " ", ":", "の", "「", "、", "・" };
    return word_before(x, &x->w->roles, p, GAPS, sizeof(GAPS) / sizeof(GAPS[0]));
}

static bool title_before(const struct text *x, uint32_t p)
{
    static const char *const GAPS[] = { " ", ":", "の", "・" };
    return word_before(x, &x->w->titles, p, GAPS, sizeof(GAPS) / sizeof(GAPS[0]));
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
    if (word_at(x, &x->w->titles, title) > 0)
        return;
    bool told = honoured || role || told_behind(x, name, f->c->config.today);
    if (!told && (!name->known || name->word || name->family + name->given < 4))
        return;
    sk_find_add(f, name->begin, name->end, told ? SK_FIND_GROUPED : 0);
}

/* Decodes a kanji of three bytes, as nearly all are; others by the general function. 0 = no kanji. */
static inline uint32_t kanji(const char *t, uint32_t p, uint32_t n, uint32_t *used)
{
    unsigned char c = (unsigned char)t[p];
    uint32_t cp;
    if (c >= 0xE5 && c <= 0xE9 && n - p >= 3) {
        *used = 3;
        return (uint32_t)(c & 15) << 12 | (uint32_t)(t[p + 1] & 63) << 6 | (uint32_t)(t[p + 2] & 63);
    }
    if (c < 0xE3 || (c == 0xE3 && (unsigned char)t[p + 1] != 0x80 && (unsigned char)t[p + 1] < 0x90)) { /* kana */
        *used = c < 0x80 || n - p < 3 ? 1 : c < 0xE0 ? 2 : 3;
        return 0;
    }
    *used = (uint32_t)sk_utf8_next(t + p, n - p, &cp);
    return sk_is_kanji(cp) ? cp : 0;
}

/* May a name begin at p, whose first character is `first` of k bytes? */
static bool may_begin(const struct text *x, uint32_t p, uint32_t first, uint32_t k)
{
    uint32_t used, next = p + k, second = next < x->n ? kanji(x->t, next, x->n, &used) : 0;
    if (second)
        return sk_names_pair(x->pairs, first, second) || first > 0xFFFF || second > 0xFFFF || second == 0x69D8 ||
               second == 0x6C0F; /* 森様, 林氏 */
    if (next >= x->n)
        return false;
    unsigned char c = (unsigned char)x->t[next];
    uint32_t cp = 0;
    if (c == ' ')
        return true;
    if (c != 0xE3)
        return false;
    sk_utf8_next(x->t + next, x->n - next, &cp);
    return (cp == 0x30F6 || surname_char(cp)) ? sk_names_pair(x->pairs, first, sk_names_fold(x->names, cp))
                                              : word_at(x, &x->w->honorifics, next) > 0;
}

/* The run of kanji that begins at p: a name at its start, or behind a role or a unit of counting. Returns where to go
 * on. */
static uint32_t run(struct sk_find *f, const struct text *x, uint32_t p, uint32_t first, uint32_t k)
{
    if (p > 0 && sk_is_digit(x->t[p - 1])) { /* 5日佐藤様 */
        p += k;
        first = p < x->n ? kanji(x->t, p, x->n, &k) : 0;
    }
    for (int step = 0; step < 3 && first; step++) {
        struct name name = { 0 };
        if (may_begin(x, p, first, k) && name_at(x, p, &name)) {
            add(f, x, &name);
            p = name.behind;
            break;
        }
        uint32_t role = word_at(x, &x->w->roles, p);
        if (role == 0)
            break;
        p += role;
        first = p < x->n ? kanji(x->t, p, x->n, &k) : 0;
    }
    while (p < x->n && kanji(x->t, p, x->n, &k))
        p += k;
    return p;
}

static inline uint32_t of_three(uint64_t bytes)
{
    return (uint32_t)(bytes & 15) << 12 | (uint32_t)(bytes >> 8 & 63) << 6 | (uint32_t)(bytes >> 16 & 63);
}

/* False: neither a name nor a role begins the run of kanji at p. Asked of every run, so without branches: what comes
 * cannot be foreseen. SK_PAD bytes are readable behind. */
static inline bool may_matter(const struct text *x, uint32_t p)
{
    uint64_t here = eight(x->t + p), behind = eight(x->t + p + 3);
    uint32_t first = of_three(here), second = of_three(behind), sign = (uint32_t)(behind & 0xFF);
    unsigned yes = sk_names_pair(x->pairs, first, second);
    yes |= (second == 0x69D8) | (second == 0x6C0F) | (sign == ' ') | (sign >= 0xF0) | ((here & 0xFF) >= 0xF0);
    yes |= (second == 0x30F6) | (second == 0x30CE) | (second == 0x30B1) | (second == 0x30C4);
    yes |= (unsigned)may_begin_with(&x->w->honorifics, behind) | (unsigned)may_begin_with(&x->w->roles, here);
    yes |= sk_is_digit(x->t[p - (p > 0)]);
    return yes;
}

static void by_dictionary(struct sk_find *f, const struct text *x)
{
    uint64_t carry = 0;
    for (uint32_t base = 0, next = 0; base < x->n; base += 64) {
        char tail[64 + 2] = { 0 };
        const char *p = x->t + base;
        if (x->n - base < sizeof(tail))
            p = memcpy(tail, p, x->n - base);
        for (uint64_t begins = sk_runs_64(p, &carry); begins; begins &= begins - 1) {
            uint32_t at = base + (uint32_t)__builtin_ctzll(begins);
            uint32_t k, first;
            if (at >= next && may_matter(x, at) && (first = kanji(x->t, at, x->n, &k)) != 0)
                next = run(f, x, at, first, k);
        }
    }
}

/* ---------------------------------------------------------------- names by the model */

/* Shares of certainty: measured on sentences that the model was not trained on (bench/README.md). */
#define SURE 0.7f
#define LIKELY 0.5f

struct modelled {
    struct sk_find *f;
    const struct text *x;
    uint32_t last; /* end of the name in kanji found before */
};

/* The reading behind a name in kanji is no name of its own. */
static bool reads_last(const struct modelled *m, const struct sk_gate_name *found)
{
    uint32_t p = m->last;
    while (p < found->begin && (m->x->t[p] == ' ' || m->x->t[p] == '('))
        p++;
    return m->last > 0 && p > m->last && p == found->begin;
}

/* An office or post beside the name, as in front of and behind it: the person is published. */
static bool published(const struct text *x, const struct name *name)
{
    uint32_t behind = name->end + (name->end < x->n && x->t[name->end] == ' ');
    return word_at(x, &x->w->titles, behind) > 0 || title_before(x, name->begin);
}

/* An organisation's word right in front of the name or behind it: 医療法人佐藤会, 佐藤医院. */
static bool of_organisation(const struct text *x, const struct name *name)
{
    static const char *const GAPS[] = { " ", "(", ")" };
    uint32_t behind = name->end + (name->end < x->n && x->t[name->end] == ' ');
    return word_at(x, &x->w->organisations, behind) > 0 || word_before(x, &x->w->organisations, name->begin, GAPS, 3);
}

/* Alone in its line, or grown together with kanji, katakana or a space as in names of places and firms: only the
 * dictionary tells whether this is a person in full. */
static bool apart(const struct text *x, const struct name *name)
{
    uint32_t front = '\n', behind = '\n';
    if (name->begin > 0)
        sk_utf8_prev(x->t, name->begin, &front);
    if (name->end < x->n)
        sk_utf8_next(x->t + name->end, x->n - name->end, &behind);
    bool first = front == '\n' || front == '\r', last = behind == '\n' || behind == '\r';
    return !(first && last) && !sk_is_kanji(front) && !sk_is_kanji(behind) && !sk_is_katakana(behind) && behind != ' ';
}

static void by_model(void *ctx, const struct sk_gate_name *found)
{
    struct modelled *m = ctx;
    const struct text *x = m->x;
    struct name name = { .begin = found->begin, .end = found->end, .behind = honorific(x, found->end) };
    bool role = role_before(x, name.begin);
    bool told = name.behind > name.end || role || told_behind(x, &name, m->f->c->config.today);
    if (found->sure < (told ? LIKELY / 2 : LIKELY) || (!found->kanji && reads_last(m, found)))
        return;
    if (name.behind == name.end && word_at(x, &x->w->honorifics, name.end) > 0) /* 田中様式 */
        return;
    m->last = found->kanji ? found->end : m->last;
    bool doubtful = !told && (of_organisation(x, &name) ||
                              (!apart(x, &name) && sk_name_cell(x->names, x->w->tails, x->t + name.begin,
                                                                name.end - name.begin) != SK_NAME_LIKELY));
    if (doubtful || (!role && published(x, &name)))
        sk_find_add(m->f, name.begin, name.end, SK_FIND_BARE | SK_FIND_ALONE);
    else if (told && found->kanji)
        sk_find_add(m->f, name.begin, name.end, SK_FIND_GROUPED);
    else if (found->kanji && found->sure >= SURE)
        sk_find_add(m->f, name.begin, name.end, SK_FIND_GROUPED | SK_FIND_BARE);
    else
        sk_find_add(m->f, name.begin, name.end, SK_FIND_BARE);
}

struct sk_name_words *sk_name_words_new(const struct sk_rules *r)
{
    struct sk_name_words *w = sk_new(1, sizeof(*w));
    if (w)
        *w = (struct sk_name_words){ .honorifics = words_of(r, "honorific", 3),
                                     .roles = words_of(r, "person_role", 6),
                                     .titles = words_of(r, "title", 6),
                                     .organisations = words_of(r, "organisation", 6),
                                     .tails = sk_rules_words(r, "not_name") };
    return w;
}

void sk_names_text(struct sk_find *f)
{
    const struct sk_rules *r = f->c->rules;
    struct text x = { .names = sk_rules_names(r), .t = f->s->text, .n = f->s->len, .w = f->name_words };
    if (x.names == NULL || f->s->layout != SK_PROSE)
        return;
    x.pairs = sk_names_pairs(x.names);
    by_dictionary(f, &x);
    const struct sk_prose *prose = sk_rules_prose(r);
    struct modelled m = { .f = f, .x = &x };
    if (prose && !sk_gate_names(x.names, prose, x.t, x.n, 0, by_model, &m))
        f->no_memory = true;
}
