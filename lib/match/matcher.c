/*
 * matcher.c - Hyperscan. One database of literals (every label, header and listed word) and, when rules bring regular
 * expressions, one of those. Compiled for the generic platform: as fast as one for this CPU (measured), and one cache
 * file serves all machines.
 */
#include "match/match.h"

#include <hs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/hash.h"
#include "match/cache.h"
#include "match/hits.h"
#include "match/lint.h"

#define MOST_HITS ((size_t)4 << 20)
#define MOST_WIDTH 200u  /* bytes a regular expression may match */
#define LEAST_LITERAL 3u /* bytes of fixed text it must hold */
#define SAMPLE_BYTES (256u << 10)
#define SLOWER_THAN_WORDS                                                                                              \
    12 /* a rule whose expression alone takes this many times as long as all words together is refused */

struct pattern {
    const char *regex;
    uint32_t detector;
    unsigned min, max;    /* width in bytes */
    hs_database_t *start; /* width varies: the same expression, which also tells where a match begins; else NULL */
};

struct sk_matcher {
    const struct sk_word *words;
    size_t n_words;
    struct pattern *patterns;
    size_t n_patterns;
    hs_database_t *literals, *regexes; /* NULL when there is nothing of that kind */
    bool from_cache;
    size_t bytes;
};

struct sk_match_scratch {
    hs_scratch_t *hs;
    struct sk_word_hit *words;
    size_t n_words, words_cap;
    struct sk_atom *atoms;
    size_t atoms_cap;
    struct sk_regex_hit *regexes;
    size_t n_regexes, regexes_cap;
    bool capped, no_memory;
};

/* ---- compiling ---- */

static const hs_platform_info_t GENERIC = { .tune = HS_TUNE_FAMILY_GENERIC, .cpu_features = 0 };

static unsigned word_flags(const struct sk_word *w)
{
    for (size_t i = 0; i < w->n; i++)
        if (w->text[i] >= 'a' && w->text[i] <= 'z')
            return HS_FLAG_CASELESS;
    return 0;
}

static bool compile_literals(struct sk_matcher *m, struct sk_problems *problems)
{
    size_t n = m->n_words;
    if (n == 0)
        return true;
    const char **texts = sk_new(n, sizeof(*texts));
    unsigned *flags = sk_new(n, sizeof(*flags)), *ids = sk_new(n, sizeof(*ids));
    size_t *lengths = sk_new(n, sizeof(*lengths));
    bool ok = texts && flags && ids && lengths;
    if (!ok)
        problems->no_memory = true;
    for (size_t i = 0; ok && i < n; i++) {
        texts[i] = m->words[i].text;
        lengths[i] = m->words[i].n;
        flags[i] = word_flags(&m->words[i]);
        ids[i] = (unsigned)i;
    }
    hs_compile_error_t *error = NULL;
    if (ok && hs_compile_lit_multi(texts, flags, ids, lengths, (unsigned)n, HS_MODE_BLOCK, &GENERIC, &m->literals,
                                   &error) != HS_SUCCESS) {
        sk_problem_add(problems, "patterns", 0, 0, "語をまとめて検索の形にできません: %s",
                       "cannot compile the words: %s", error ? error->message : "?");
        ok = false;
    }
    hs_free_compile_error(error);
    free(texts);
    free(flags);
    free(ids);
    free(lengths);
    return ok;
}

static bool compile_one(const char *regex, unsigned flags, hs_database_t **db, char *why, size_t cap)
{
    hs_compile_error_t *error = NULL;
    if (hs_compile(regex, flags, HS_MODE_BLOCK, &GENERIC, db, &error) == HS_SUCCESS)
        return true;
    snprintf(why, cap, "%s", error ? error->message : "?");
    hs_free_compile_error(error);
    return false;
}

/* Width, and the rules for expressions; false: a problem was added. */
static bool examine(struct pattern *p, const struct sk_detector *d, struct sk_problems *problems)
{
    hs_expr_info_t *info = NULL;
    hs_compile_error_t *error = NULL;
    if (hs_expression_info(p->regex, 0, &info, &error) != HS_SUCCESS) {
        sk_problem_add(problems, d->file, d->line, 0, "正規表現を使えません: %s",
                       "the regular expression is refused: %s", error ? error->message : "?");
        hs_free_compile_error(error);
        return false;
    }
    p->min = info->min_width;
    p->max = info->max_width;
    free(info);
    struct sk_lint lint = sk_lint_regex(p->regex);
    if (lint.ja)
        sk_problem_add(problems, d->file, d->line, 0, "正規表現: %s%s", "regular expression: %.0s%s", lint.ja, lint.en);
    else if (lint.literal < LEAST_LITERAL)
        sk_problem_add(
            problems, d->file, d->line, 0, "正規表現には、必ず含まれる文字列が %u バイト以上必要です(遅くなるため)",
            "a regular expression must hold a fixed text of at least %u bytes (else it is slow)", LEAST_LITERAL);
    else if (p->max > MOST_WIDTH)
        sk_problem_add(
            problems, d->file, d->line, 0,
            "正規表現が当たる長さに上限がないか、%u バイトを超えます。* や + の代わりに {1,20} のように書きます",
            "the regular expression can match more than %u bytes; write {1,20} instead of * or +", MOST_WIDTH);
    else
        return true;
    return false;
}

static bool find_patterns(struct sk_matcher *m, const struct sk_rules *rules, struct sk_problems *problems)
{
    const struct sk_detector *d;
    size_t n = sk_rules_detectors(rules, &d);
    m->patterns = sk_new(n, sizeof(*m->patterns));
    if (!m->patterns) {
        problems->no_memory = true;
        return false;
    }
    bool ok = true;
    for (size_t i = 0; i < n; i++) {
        struct pattern p = { .regex = d[i].regex, .detector = (uint32_t)i };
        if (!p.regex)
            continue;
        if (examine(&p, &d[i], problems))
            m->patterns[m->n_patterns++] = p;
        else
            ok = false;
    }
    return ok;
}

static bool compile_regexes(struct sk_matcher *m, const struct sk_rules *rules, struct sk_problems *problems)
{
    const struct sk_detector *d;
    char why[300];
    size_t n = m->n_patterns;
    sk_rules_detectors(rules, &d);
    if (n == 0)
        return true;
    const char **texts = sk_new(n, sizeof(*texts));
    unsigned *ids = sk_new(n, sizeof(*ids));
    bool ok = texts && ids;
    if (!ok)
        problems->no_memory = true;
    for (size_t i = 0; ok && i < n; i++) {
        struct pattern *p = &m->patterns[i];
        texts[i] = p->regex;
        ids[i] = (unsigned)i;
        if (p->min != p->max && !compile_one(p->regex, HS_FLAG_SOM_LEFTMOST, &p->start, why, sizeof(why))) {
            sk_problem_add(problems, d[p->detector].file, d[p->detector].line, 0, "正規表現を使えません: %s",
                           "the regular expression is refused: %s", why);
            ok = false;
        }
    }
    hs_compile_error_t *error = NULL;
    if (ok &&
        hs_compile_multi(texts, NULL, ids, (unsigned)n, HS_MODE_BLOCK, &GENERIC, &m->regexes, &error) != HS_SUCCESS) {
        int at = error && error->expression >= 0 && (size_t)error->expression < n ? error->expression : 0;
        const struct sk_detector *bad = &d[m->patterns[at].detector];
        sk_problem_add(problems, bad->file, bad->line, 0, "正規表現を使えません: %s",
                       "the regular expression is refused: %s", error ? error->message : "?");
        ok = false;
    }
    hs_free_compile_error(error);
    free(texts);
    free(ids);
    return ok;
}

/* ---- the cost of regular expressions, measured when they are first compiled ---- */

static int count_hit(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *ctx)
{
    (void)id, (void)from, (void)to, (void)flags;
    ++*(size_t *)ctx;
    return 0;
}

static double seconds_of_scan(const hs_database_t *db, hs_scratch_t *scratch, const struct sk_buf *text)
{
    double best = 1e9;
    for (int i = 0; i < 5; i++) { /* the best of five: others use the machine too */
        struct timespec a, b;
        size_t hits = 0;
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &a);
        hs_scan(db, text->p, (unsigned)text->n, 0, scratch, count_hit, &hits);
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &b);
        double t = (double)(b.tv_sec - a.tv_sec) + 1e-9 * (double)(b.tv_nsec - a.tv_nsec);
        best = t < best ? t : best;
    }
    return best;
}

/* The examples of all rules, again and again: dense with what rules look for, hits and traps. */
static bool make_sample(const struct sk_rules *rules, struct sk_buf *text)
{
    const struct sk_detector *d;
    size_t n = sk_rules_detectors(rules, &d);
    while (text->n < SAMPLE_BYTES) {
        size_t before = text->n;
        for (size_t i = 0; i < n; i++) {
            for (size_t k = 0; k < d[i].n_hits; k++)
                sk_buf_printf(text, "%s\n", d[i].hits[k].text);
            for (size_t k = 0; k < d[i].n_misses; k++)
                sk_buf_printf(text, "%s\n", d[i].misses[k].text);
        }
        if (text->failed || text->n == before)
            return false;
    }
    return true;
}

static bool measure(struct sk_matcher *m, const struct sk_rules *rules, struct sk_problems *problems)
{
    const struct sk_detector *d;
    struct sk_buf text;
    hs_scratch_t *scratch = NULL;
    char why[300];
    bool ok = true;
    sk_rules_detectors(rules, &d);
    if (!m->literals || m->n_patterns == 0)
        return true;
    sk_buf_init(&text, (size_t)64 << 20);
    if (make_sample(rules, &text) && hs_alloc_scratch(m->literals, &scratch) == HS_SUCCESS) {
        double words = seconds_of_scan(m->literals, scratch, &text);
        for (size_t i = 0; i < m->n_patterns; i++) {
            const struct pattern *p = &m->patterns[i];
            hs_database_t *alone = NULL;
            if (!compile_one(p->regex, 0, &alone, why, sizeof(why)) ||
                hs_alloc_scratch(alone, &scratch) != HS_SUCCESS) {
                hs_free_database(alone);
                continue;
            }
            double t = seconds_of_scan(alone, scratch, &text);
            if (t > words * SLOWER_THAN_WORDS) {
                sk_problem_add(
                    problems, d[p->detector].file, d[p->detector].line, 0,
                    "正規表現が遅すぎます(全部の語を探す時間の %.0f 倍)。決まった文字列から始めるか、短くします",
                    "the regular expression is too slow (%.0f times all words together); begin with a fixed text or "
                    "make it shorter",
                    t / words);
                ok = false;
            }
            hs_free_database(alone);
        }
    }
    hs_free_scratch(scratch);
    sk_buf_free(&text);
    return ok;
}

/* ---- the cache: all databases one behind the other, each with its length ---- */

static bool cache_key(const struct sk_matcher *m, uint8_t key[SK_SHA256_BYTES])
{
    struct sk_buf b;
    sk_buf_init(&b, (size_t)64 << 20);
    sk_buf_printf(&b, "%s generic %zu %u %u\n", hs_version(), sizeof(void *), (unsigned)HS_MODE_BLOCK, MOST_WIDTH);
    for (size_t i = 0; i < m->n_words; i++) {
        sk_buf_printf(&b, "w %u %u ", word_flags(&m->words[i]), (unsigned)m->words[i].n);
        sk_buf_add(&b, m->words[i].text, m->words[i].n);
    }
    for (size_t i = 0; i < m->n_patterns; i++)
        sk_buf_printf(&b, "r %zu %s\n", strlen(m->patterns[i].regex), m->patterns[i].regex);
    bool ok = !b.failed && sk_sha256(b.p, b.n, key);
    sk_buf_free(&b);
    return ok;
}

/* The i-th place for a database; NULL behind the last. */
static hs_database_t **database(struct sk_matcher *m, size_t i)
{
    if (i == 0)
        return &m->literals;
    if (i == 1)
        return &m->regexes;
    return i - 2 < m->n_patterns ? &m->patterns[i - 2].start : NULL;
}

static void to_cache(struct sk_matcher *m, const char *dir, const uint8_t *key)
{
    struct sk_buf b;
    sk_buf_init(&b, (size_t)256 << 20);
    bool ok = true;
    for (size_t i = 0; ok && database(m, i); i++) {
        char *bytes = NULL;
        size_t n = 0;
        hs_database_t *db = *database(m, i);
        ok = !db || hs_serialize_database(db, &bytes, &n) == HS_SUCCESS;
        uint64_t length = n;
        ok = ok && sk_buf_add(&b, &length, sizeof(length)) && sk_buf_add(&b, bytes, n);
        free(bytes);
    }
    if (ok)
        sk_cache_write(dir, key, b.p, b.n);
    sk_buf_free(&b);
}

static void free_databases(struct sk_matcher *m)
{
    for (size_t i = 0; database(m, i); i++) {
        hs_free_database(*database(m, i));
        *database(m, i) = NULL;
    }
}

static bool from_cache(struct sk_matcher *m, const char *dir, const uint8_t *key)
{
    struct sk_buf b;
    if (!sk_cache_read(dir, key, &b))
        return false;
    size_t at = 0;
    bool ok = true;
    for (size_t i = 0; ok && database(m, i); i++) {
        uint64_t length = 0;
        ok = b.n - at >= sizeof(length);
        if (ok)
            memcpy(&length, b.p + at, sizeof(length));
        at += sizeof(length);
        ok = ok && length <= b.n - at;
        bool wanted = i == 0   ? m->n_words > 0
                      : i == 1 ? m->n_patterns > 0
                               : m->patterns[i - 2].min != m->patterns[i - 2].max;
        ok = ok && wanted == (length > 0);
        if (ok && length)
            ok = hs_deserialize_database(b.p + at, (size_t)length, database(m, i)) == HS_SUCCESS;
        at += ok ? (size_t)length : 0;
    }
    ok = ok && at == b.n;
    if (!ok)
        free_databases(m);
    sk_buf_free(&b);
    return ok;
}

/* ---- the matcher ---- */

static bool build(struct sk_matcher *m, const struct sk_rules *rules, const char *cache_dir,
                  struct sk_problems *problems)
{
    const struct sk_use *uses;
    uint8_t key[SK_SHA256_BYTES];
    m->n_words = sk_rules_literals(rules, &m->words, &uses);
    if (hs_valid_platform() != HS_SUCCESS) {
        sk_problem_add(problems, "patterns", 0, 0, "この CPU では検索の部品が動きません(SSSE3 が必要です)",
                       "the matching engine does not run on this CPU (SSSE3 is needed)");
        return false;
    }
    if (!find_patterns(m, rules, problems))
        return false;
    bool keyed = cache_dir && cache_key(m, key);
    if (keyed && from_cache(m, cache_dir, key)) {
        m->from_cache = true;
    } else {
        if (!compile_literals(m, problems) || !compile_regexes(m, rules, problems) || !measure(m, rules, problems))
            return false;
        if (keyed)
            to_cache(m, cache_dir, key);
    }
    for (size_t i = 0; database(m, i); i++) {
        size_t n = 0;
        if (*database(m, i) && hs_database_size(*database(m, i), &n) == HS_SUCCESS)
            m->bytes += n;
    }
    return true;
}

struct sk_matcher *sk_matcher_new(const struct sk_rules *rules, const char *cache_dir, struct sk_problems *problems)
{
    struct sk_matcher *m = sk_new(1, sizeof(*m));
    if (!m) {
        problems->no_memory = true;
        return NULL;
    }
    if (build(m, rules, cache_dir, problems))
        return m;
    sk_matcher_free(m);
    return NULL;
}

void sk_matcher_free(struct sk_matcher *m)
{
    if (!m)
        return;
    free_databases(m);
    free(m->patterns);
    free(m);
}

bool sk_matcher_from_cache(const struct sk_matcher *m)
{
    return m->from_cache;
}

size_t sk_matcher_bytes(const struct sk_matcher *m)
{
    return m->bytes;
}

const char *sk_match_engine(void)
{
#define TEXT_OF(x) #x
#define VERSION_TEXT(a, b, c) TEXT_OF(a) "." TEXT_OF(b) "." TEXT_OF(c)
#ifdef SEKISHO_VECTORSCAN
    return "Vectorscan " VERSION_TEXT(HS_MAJOR, HS_MINOR, HS_PATCH);
#else
    return "Hyperscan " VERSION_TEXT(HS_MAJOR, HS_MINOR, HS_PATCH);
#endif
}

/* ---- scanning ---- */

struct sk_match_scratch *sk_match_scratch_new(const struct sk_matcher *m)
{
    struct sk_match_scratch *s = sk_new(1, sizeof(*s));
    struct sk_matcher *list = (struct sk_matcher *)m; /* database() only looks */
    for (size_t i = 0; s && database(list, i); i++)
        if (*database(list, i) && hs_alloc_scratch(*database(list, i), &s->hs) != HS_SUCCESS) {
            sk_match_scratch_free(s);
            return NULL;
        }
    return s;
}

void sk_match_scratch_free(struct sk_match_scratch *s)
{
    if (!s)
        return;
    hs_free_scratch(s->hs);
    free(s->words);
    free(s->atoms);
    free(s->regexes);
    free(s);
}

struct scan {
    const struct sk_matcher *m;
    struct sk_match_scratch *s;
    const char *text;
    uint32_t n;
};

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static int on_word(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *ctx)
{
    (void)from, (void)flags;
    struct scan *x = ctx;
    struct sk_match_scratch *s = x->s;
    uint32_t end = (uint32_t)to, begin = end - x->m->words[id].n;
    /* A word of ASCII letters is a whole word: the tel of hotel is none. */
    if ((begin > 0 && is_letter(x->text[begin]) && is_letter(x->text[begin - 1])) ||
        (end < x->n && is_letter(x->text[end - 1]) && is_letter(x->text[end])))
        return 0;
    if (s->n_words == MOST_HITS) {
        s->capped = true;
        return 1;
    }
    if (s->n_words == s->words_cap && !sk_grow(&s->words, &s->words_cap, s->n_words + 1, sizeof(*s->words))) {
        s->no_memory = true;
        return 1;
    }
    s->words[s->n_words++] = (struct sk_word_hit){ .begin = begin, .end = end, .word = id };
    return 0;
}

static int on_regex(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *ctx)
{
    (void)from, (void)flags;
    struct sk_match_scratch *s = ((struct scan *)ctx)->s;
    if (s->n_regexes == MOST_HITS) {
        s->capped = true;
        return 1;
    }
    if (s->n_regexes == s->regexes_cap &&
        !sk_grow(&s->regexes, &s->regexes_cap, s->n_regexes + 1, sizeof(*s->regexes))) {
        s->no_memory = true;
        return 1;
    }
    s->regexes[s->n_regexes++] = (struct sk_regex_hit){ .end = (uint32_t)to, .detector = id }; /* pattern, for now */
    return 0;
}

struct start {
    unsigned long long end, from;
};

static int on_start(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *ctx)
{
    (void)id, (void)flags;
    struct start *x = ctx;
    if (to == x->end && from < x->from)
        x->from = from;
    return 0;
}

/* Looks back from the end of a hit for its begin: asking the engine for begins everywhere would cost far more than
 * these few windows. */
static bool find_begins(const struct scan *x)
{
    struct sk_match_scratch *s = x->s;
    size_t kept = 0;
    for (size_t i = 0; i < s->n_regexes; i++) {
        struct sk_regex_hit hit = s->regexes[i];
        const struct pattern *p = &x->m->patterns[hit.detector];
        hit.detector = p->detector;
        hit.begin = hit.end - p->min;
        if (p->start) {
            uint32_t window = hit.end < p->max ? hit.end : p->max;
            struct start start = { window, window };
            if (hs_scan(p->start, x->text + hit.end - window, window, 0, s->hs, on_start, &start) != HS_SUCCESS)
                return false;
            hit.begin = hit.end - window + (uint32_t)start.from;
        }
        if (hit.begin < hit.end)
            s->regexes[kept++] = hit;
    }
    s->n_regexes = kept;
    return true;
}

static bool scan_atoms(struct sk_match_scratch *s, const char *text, uint32_t n, size_t *found)
{
    *found = sk_match_atoms(text, n, s->atoms, s->atoms_cap);
    size_t want = *found < MOST_HITS ? *found : MOST_HITS;
    if (want > s->atoms_cap) {
        if (!sk_grow(&s->atoms, &s->atoms_cap, want, sizeof(*s->atoms)))
            return false;
        *found = sk_match_atoms(text, n, s->atoms, s->atoms_cap);
    }
    if (*found > MOST_HITS || *found > s->atoms_cap) {
        s->capped = true;
        *found = s->atoms_cap < MOST_HITS ? s->atoms_cap : MOST_HITS;
    }
    return true;
}

static bool run(const hs_database_t *db, const struct scan *x, match_event_handler on_hit)
{
    if (!db)
        return true;
    hs_error_t e = hs_scan(db, x->text, x->n, 0, x->s->hs, on_hit, (void *)x);
    return (e == HS_SUCCESS || e == HS_SCAN_TERMINATED) && !x->s->no_memory;
}

bool sk_match_scan(const struct sk_matcher *m, struct sk_match_scratch *s, const char *text, uint32_t n,
                   struct sk_hits *hits)
{
    struct scan x = { m, s, text, n };
    size_t atoms = 0;
    s->n_words = s->n_regexes = 0;
    s->capped = s->no_memory = false;
    if (n > 0 && (!run(m->literals, &x, on_word) || !run(m->regexes, &x, on_regex) || !find_begins(&x) ||
                  !scan_atoms(s, text, n, &atoms)))
        return false;
    sk_hits_sort_words(s->words, s->n_words);
    s->n_regexes = sk_hits_sort_regexes(s->regexes, s->n_regexes);
    *hits = (struct sk_hits){ s->words, s->n_words, s->atoms, atoms, s->regexes, s->n_regexes, s->capped };
    return true;
}
