/*
 * detect.h - segments and raw hits of one file -> findings, records, people. One struct sk_detect per scanner, reused
 * for file after file; never sees a file or a policy.
 */
#ifndef SK_DETECT_DETECT_H
#define SK_DETECT_DETECT_H

#include "base/hash.h"
#include "detect/register.h"
#include "detect/result.h"
#include "match/match.h"

/* What a policy asks to be looked for besides the rules; judge/policy.c fills it. All text is folded. */
struct sk_mark_word {
    const char *text; /* normalised: folded, spaces and brackets removed */
    bool enclosed_only;
};
struct sk_detect_config {
    const struct sk_mark_word *mark_words;
    size_t n_mark_words;
    uint32_t mark_positions; /* bits of enum sk_mark_position */
    uint32_t cia_positions;
    uint32_t first_lines;
    const char *const *small_headers; /* folded */
    size_t n_small_headers;
    long long small_from, small_to;
    uint32_t max_places;               /* an element; 0 = all [1000] */
    bool person_keys;                  /* give result.person_keys */
    struct sk_key key;                 /* of the keyed hashes; random per run, or the store's */
    const struct sk_register *own;     /* index of the own register; NULL: none */
    struct sk_register_list *own_list; /* an index is being made: people only give their keys to it */
    long today;                        /* days since 1970-01-01: no birth date lies behind it */
};

struct sk_detect;
/* rules must outlive it. NULL without memory. */
struct sk_detect *sk_detect_new(const struct sk_rules *rules, const struct sk_detect_config *config);
void sk_detect_free(struct sk_detect *d);

void sk_detect_begin(struct sk_detect *d); /* a new file */
/* Segments of one part come in order; outs of several parts may interleave. hits belong to the segment. False without
 * memory. */
bool sk_detect_segment(struct sk_detect *d, const struct sk_segment *s, const struct sk_hits *hits);
/* Only identifiers with their check digits and the words around them, addresses, dates and e-mail: no names, tables,
 * forms, records or people. That is the work of the rule sets of other tools, with which bench/ compares it; no verdict
 * may rest on it. Returns how many were found at medium or high confidence, SIZE_MAX without memory. */
size_t sk_detect_identifiers(struct sk_detect *d, const struct sk_segment *s, const struct sk_hits *hits);
/* All segments of this part and its children were given. *format: better name of the part when its rows showed one
 * ("csv", "uke", "uke-insurer", "uke-returned", "care-claims", "disability-claims", ...), else untouched. */
bool sk_detect_part_end(struct sk_detect *d, uint32_t part, const char **format);
/* Fills found, masks, persons, insurers, person_keys, small_cells, markings, hiddens of r (in r->arena). */
bool sk_detect_end(struct sk_detect *d, struct seki_result *r);
/* The table of people is full (some two million): further ones are told apart less well, persons_max is then an upper
 * bound only. */
bool sk_detect_persons_full(const struct sk_detect *d);

/* Every check and finder that a detector names exists, shapes are sane. Problems are added; false when there were some.
 */
bool sk_detect_check_rules(const struct sk_rules *rules, struct sk_problems *problems);
/* Runs every detector's examples as lines of prose. A hit must be found at medium or high confidence, a miss must not.
 * Returns the number of examples run; each failure is a problem at its line. */
size_t sk_detect_test_examples(const struct sk_rules *rules, const struct sk_matcher *matcher,
                               const struct sk_fold *fold, struct sk_problems *problems);

#endif
