/* bench.h - results and policies made by hand for the tests of judge. */
#ifndef TESTS_JUDGE_BENCH_H
#define TESTS_JUDGE_BENCH_H

#include "judge/judge.h"
#include "text/fold.h"

#define DEFAULT_POLICY PATTERNS_DIR "/policies/kokuhoren-default.yaml"
#define AS_OF 20780 /* 2026-11-23 */

/* The default policy; made once a process. */
const struct sk_policy *the_policy(void);
/* Text of a file of the tests or patterns; freed by the caller. */
char *read_text(const char *path);
/* The default policy with the first `from` replaced by `to` (NULL: as it is), loaded. *line: where the change begins.
 */
struct sk_policy *changed_policy(const char *from, const char *to, struct sk_problems *problems, unsigned *line);
struct sk_policy *policy_from(const char *text, struct sk_problems *problems);
bool has_problem(const struct sk_problems *problems, unsigned line, const char *ja, const char *en);

struct bench {
    struct seki_result r;
    struct sk_part parts[16];
    struct sk_why whys[16];
    struct sk_found found[80];
    struct sk_mask masks[80];
    struct sk_insurer insurers[16];
    struct sk_marking markings[16];
    struct sk_msip msips[8];
    struct sk_hidden_sum hiddens[16];
    struct sk_member members[16];
    struct sk_place places[80];
    uint32_t n_places;
};
/* An inspected file without findings; SHA-256 32 times `mark`. */
void bench_start(struct bench *b, uint8_t mark);
uint32_t bench_part(struct bench *b, uint32_t parent, const char *name);
void bench_found(struct bench *b, enum sk_element e, enum sk_confidence c, uint64_t count);
void bench_mask(struct bench *b, sk_elements elements, sk_elements high);
void bench_why(struct bench *b, uint32_t part, enum sk_reason why);
void bench_persons(struct bench *b, uint64_t min, uint64_t max);
void bench_insurer(struct bench *b, const char *number, uint64_t n, uint64_t line);
void bench_mark(struct bench *b, const char *word); /* a word of the default policy */
void bench_hidden(struct bench *b, uint32_t part, enum sk_hidden kind, uint64_t records, uint64_t persons,
                  sk_elements set);
void bench_member(struct bench *b, uint32_t part, const char *name, uint64_t size, uint32_t crc);
/* Claims of n people of 100016 in the table of one record each. */
void bench_claims(struct bench *b, uint8_t mark, uint64_t n);
/* A zip whose one member is encrypted with the method, as the zip format tells it. */
void bench_locked(struct bench *b, const char *method, const char *name, uint64_t size, uint32_t crc);

bool label_has(const struct sk_policy *p, const struct sk_label *l, const char *handling);
bool label_has_rule(const struct sk_label *l, const char *rule);

#endif
