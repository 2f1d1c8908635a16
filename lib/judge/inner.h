/* inner.h - shared by the judging files of this folder: evidence, texts, encryption. */
#ifndef SK_JUDGE_INNER_H
#define SK_JUDGE_INNER_H

#include "judge/policy.h"

/* ---- phrase.c: texts of a judgement, in its arena ---- */
struct sk_phrases {
    struct sk_arena *arena;
    bool no_memory; /* once set, texts are "" */
};
const char *sk_phrase(struct sk_phrases *s, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The text of b, which is freed. */
const char *sk_phrase_buf(struct sk_phrases *s, struct sk_buf *b);
/* "L3(機密)" / "L3 (name)"; "[M,T]" of bits. */
void sk_put_grade(struct sk_buf *b, const struct sk_policy *p, uint8_t grade, bool english);
void sk_put_bits(struct sk_buf *b, const struct sk_names *names, uint32_t bits);
/* Where a person would look: "3行", "B2", "5ページ" ... */
void sk_put_place(struct sk_buf *b, const struct sk_place *at, bool english);
/* The same for many places of one part, in few words: "列 B(2〜51行)", "3行・7行 ほか12か所". only_part: UINT32_MAX =
 * all. */
void sk_put_places(struct sk_buf *b, const struct sk_place *at, uint32_t n, uint64_t count, uint32_t only_part,
                   bool english);

/* ---- label.c ---- */
/* What rules look at: one file, or several that are sent together and judged as one. */
struct sk_evidence {
    const struct seki_result *const *results;
    size_t n;
    sk_elements at[SK_CONF_COUNT]; /* found with exactly this confidence */
    uint64_t persons_max;
    bool small_cells;
};
void sk_evidence_of(struct sk_evidence *e, const struct seki_result *const *results, size_t n, uint64_t persons_max);
struct sk_reviews {
    struct sk_review *items;
    size_t n;
};
/* floor: the default label is the least that is shown. False without memory. */
bool sk_label_decide(const struct sk_policy *p, const struct sk_evidence *e, bool floor, struct sk_arena *arena,
                     struct sk_label *label, struct sk_reviews *reviews);
bool sk_rule_holds(const struct sk_label_rule *rule, const struct sk_evidence *e);
void sk_label_apply(struct sk_label *label, const struct sk_effect *effect);

/* ---- place.c ---- */
const struct sk_location *sk_location_of(const struct sk_policy *p, const char *path);
/* path is at or below dir (whole components). */
bool sk_path_is_below(const char *path, const char *dir, size_t dir_n);

/* ---- strength.c ---- */
enum sk_strength { SK_PLAIN, SK_WEAK, SK_STRONG };
/* Of everything in the file: strong only when nothing of it can be read without the key. */
enum sk_strength sk_file_strength(const struct sk_policy *p, const struct seki_result *r);

/* ---- severity.c ---- */
const char *sk_severity_of(const struct sk_policy *p, int code, uint8_t grade, const char *location,
                           uint64_t persons); /* code -1: a review */

/* ---- exception.c ---- */
/* Fills j->exceptions and marks j->violations. False without memory. */
bool sk_exceptions_apply(const struct sk_policy *p, const struct seki_result *r, const struct sk_facts *facts,
                         long as_of, struct sk_judgement *j);

#endif
