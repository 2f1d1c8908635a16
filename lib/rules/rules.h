/*
 * rules.h - patterns/ read and checked: detectors, column headers, word lists. Immutable after loading, shareable
 * between threads. Knows nothing of matching. Everything is folded (text/fold.h) when loaded.
 */
#ifndef SK_RULES_RULES_H
#define SK_RULES_RULES_H

#include "base/element.h"
#include "rules/problem.h"
#include "text/fold.h"

/* How the digits of a number may be written: contiguous (n_groups 0) or in groups with one separator between ("4-4-4").
 */
struct sk_shape {
    uint8_t min, max; /* digits (characters for alnum) in all */
    uint8_t groups[6], n_groups;
};

struct sk_example {
    const char *text;
    unsigned line, column;
};

/* One file patterns/detectors/<id>.yaml. See patterns/README.md for the meaning of each key. */
struct sk_detector {
    const char *id, *title_ja, *title_en, *file;
    unsigned line;
    enum sk_element element;
    /* find: exactly one of the three */
    const struct sk_shape *shapes; /* digits: numbers of these shapes */
    size_t n_shapes;
    const char *regex;  /* Hyperscan subset, on folded text; finds a short core */
    const char *finder; /* name in detect/finders.def: a form that needs code (email, date, wareki, ...) */
    bool line_break;    /* digits may be cut by one line end */
    bool letters;       /* the number may hold letters where the check allows (care office, passport) */
    /* judging a candidate */
    const char *check; /* name in detect/checks.def, NULL = none */
    bool check_soft;   /* a failed check only lowers the score; else it ends the candidate */
    bool needs_label;  /* no finding without a label, column or record beside it */
    int16_t found, grouped, checked, labelled, column, against_score,
        failed;                /* score parts; against_score, failed <= 0 */
    uint16_t within;           /* folded bytes before the number in which a label counts; a third of it behind */
    const char *const *labels; /* folded words that speak for it */
    size_t n_labels;
    const char *const *against; /* folded words that speak against */
    size_t n_against;
    const char *const *placeholders; /* specimen values: never more than low */
    size_t n_placeholders;
    const struct sk_example *hits, *misses;
    size_t n_hits, n_misses;
};
/* Score -> confidence: >= 70 high, >= 45 medium, >= 20 low, less: no finding. */
#define SK_SCORE_HIGH 70
#define SK_SCORE_MEDIUM 45
#define SK_SCORE_LOW 20

/* What a column or a form label holds: X(symbol, NAME in headers.tsv, element or NONE, class, value check). */
enum sk_role {
#define X(symbol, element, class, check) SK_ROLE_##symbol,
#include "rules/roles.def"
#undef X
    SK_ROLES,
    SK_ROLE_NONE = 255
};
struct sk_role_info {
    const char *name;
    enum sk_element element; /* SK_EL_NONE: context only */
    char class;              /* I identifier, N number, Q quasi, H health/care, M money, X context */
    const char *check;       /* value check of detect/values.def */
};
const struct sk_role_info *sk_role_info(enum sk_role r);

struct sk_header {
    const char *text; /* normalised header, see sk_header_normalise */
    uint8_t role;
    bool weak; /* generic word that needs a neighbour: 名, 番号, 記号, 種別, 日数 ... */
};

/* A word list of patterns/words/<name>.txt (folded, sorted by bytes, unique). */
struct sk_word_list {
    const char *name;
    const char *const *words;
    size_t n;
};

struct sk_rules;
/* Reads dir (detectors, headers, words). NULL when there are problems (added) or no memory. fold must outlive the
 * rules. */
struct sk_rules *sk_rules_load(const char *dir, const struct sk_fold *fold, struct sk_problems *problems);
void sk_rules_free(struct sk_rules *r);
const char *sk_rules_version(const struct sk_rules *r);   /* from patterns/VERSION: "2026.11.24" */
const uint8_t *sk_rules_digest(const struct sk_rules *r); /* SHA-256 over names and bytes of all files read */
/* SHA-256 over all that can change what is found in a text: the same after a change of titles, examples, comments, the
 * version. What was found under rules of the same meaning is still true. */
const uint8_t *sk_rules_meaning(const struct sk_rules *r);
size_t sk_rules_detectors(const struct sk_rules *r, const struct sk_detector **out);
/* Exact look-up of a normalised header; SK_ROLE_NONE when unknown. *weak may be NULL. */
enum sk_role sk_rules_header(const struct sk_rules *r, const char *text, size_t n, bool *weak);
/* Scored fallback for headers that are not in the list: the role whose spelling shares the most; score 0-100. */
enum sk_role sk_rules_header_near(const struct sk_rules *r, const char *text, size_t n, int *score);
/* Folded text -> header form: spaces and line ends, * ※ 【】, trailing numbers, 必須 ... removed; claims.md section 4.
 * Returns length. */
size_t sk_header_normalise(const char *folded, size_t n, char *out, size_t cap);
const struct sk_word_list *sk_rules_words(const struct sk_rules *r, const char *name); /* NULL when there is none */

/* ---- the literals that the matcher looks for: labels, against-words, header spellings (as form labels), word lists.
 * Their ASCII letters are lower-case here and match in any case. ---- */
enum sk_use_kind { SK_USE_LABEL, SK_USE_AGAINST, SK_USE_HEADER, SK_USE_LIST };
struct sk_use {
    uint8_t kind;
    uint16_t index; /* detector, role, or word list */
};
struct sk_word {
    const char *text;
    uint16_t n;
    uint16_t first_use, n_uses; /* in uses[] */
};
size_t sk_rules_literals(const struct sk_rules *r, const struct sk_word **words, const struct sk_use **uses);

#endif
