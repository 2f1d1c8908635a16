/*
 * match.h - folded text -> candidates' raw material. The only folder that includes hs.h.
 *   words   Hyperscan literals (labels, headers, word lists), each hit with its end and start
 *   atoms   digit runs by a dedicated scanner
 *   regex   rules that need one; each reports the end, the start is found by walking back
 * A matcher is immutable and shareable; a scratch belongs to one thread.
 */
#ifndef SK_MATCH_MATCH_H
#define SK_MATCH_MATCH_H

#include "rules/rules.h"

struct sk_word_hit {
    uint32_t begin, end;
    uint32_t word; /* index into sk_rules_literals */
    bool inner;    /* lies inside a longer hit: the 保険者番号 of 被保険者番号 says nothing about insurers */
};

/* A maximal run of ASCII digits. */
struct sk_atom {
    uint32_t begin;
    uint16_t n;  /* digits; 65535 = that many or more */
    uint8_t gap; /* bytes between the previous atom's end and begin, 255 = more or none */
    uint8_t flags;
};
/* flags of an atom */
#define SK_ATOM_WORD_BEFORE 1u /* an ASCII letter or '_' touches the run in front */
#define SK_ATOM_WORD_BEHIND 2u
#define SK_ATOM_POINT_BEFORE 4u /* "digit . run": continues a decimal or dotted number */
#define SK_ATOM_TOUCHED 7u      /* any of these */
#define SK_ATOM_OF_ADDRESS 8u   /* detect's own: stands in a column of addresses, which tells them itself */

struct sk_regex_hit {
    uint32_t begin, end;
    uint32_t detector;
};

struct sk_hits { /* sorted by begin; owned by the scratch, valid until its next scan */
    const struct sk_word_hit *words;
    size_t n_words;
    const struct sk_atom *atoms;
    size_t n_atoms;
    const struct sk_regex_hit *regexes;
    size_t n_regexes;
    bool capped; /* more hits than the scratch holds (4 Mi each): counted text was not wholly matched */
};

struct sk_matcher;
struct sk_match_scratch;

/*
 * Compiles the rules, or takes the compiled database from cache_dir (NULL = no cache). The cache file's name is the
 * SHA-256 of engine version, CPU, patterns and flags; a file is used only when the folder and file belong to this user
 * or root and nobody else can write them, and its own checksum holds; new ones are written aside and renamed. A cache
 * that cannot be used is no error. NULL: problems (patterns refused, with file and line) or no memory.
 */
struct sk_matcher *sk_matcher_new(const struct sk_rules *rules, const char *cache_dir, struct sk_problems *problems);
void sk_matcher_free(struct sk_matcher *m);
bool sk_matcher_from_cache(const struct sk_matcher *m);
size_t sk_matcher_bytes(const struct sk_matcher *m); /* size of the databases */

struct sk_match_scratch *sk_match_scratch_new(const struct sk_matcher *m);
void sk_match_scratch_free(struct sk_match_scratch *s);
/* text has SK_PAD readable bytes behind n. False without memory. */
bool sk_match_scan(const struct sk_matcher *m, struct sk_match_scratch *s, const char *text, uint32_t n,
                   struct sk_hits *hits);
/* The digit scanner alone: fills up to cap atoms, returns the number found (may exceed cap). */
size_t sk_match_atoms(const char *text, uint32_t n, struct sk_atom *atoms, size_t cap);
/* "Hyperscan 5.4.0", "Vectorscan 5.4.9". */
const char *sk_match_engine(void);

#endif
