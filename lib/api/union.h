/* union.h - distinct people over the files of one place (V-AGG), exact. Keys are keyed hashes and live in memory only.
 */
#ifndef SK_API_UNION_H
#define SK_API_UNION_H

#include "judge/judge.h"

struct sk_set {
    uint64_t *slots; /* open addressing; 0 = free */
    size_t n, cap;
};
void sk_set_init(struct sk_set *s);
bool sk_set_add(struct sk_set *s, uint64_t key); /* false without memory */
void sk_set_free(struct sk_set *s);

struct sk_union {
    char *location;
    struct sk_set people;
    uint64_t unkeyed; /* people that have no key; counted once for each file */
};
struct sk_unions {
    struct sk_union *items;
    size_t n, cap;
};
void sk_unions_init(struct sk_unions *u);
/* Adds a file's people to its place, where the policy may aggregate there. */
bool sk_unions_add(struct sk_unions *u, const struct sk_policy *policy, const char *location,
                   const struct seki_result *r);
void sk_unions_sort(struct sk_unions *u);
void sk_unions_free(struct sk_unions *u);

#endif
