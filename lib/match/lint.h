/* lint.h - what a regular expression of a rule may not do (it would be slow, or not mean what it says). No matching
 * here. */
#ifndef SK_MATCH_LINT_H
#define SK_MATCH_LINT_H

#include <stdbool.h>
#include <stddef.h>

struct sk_lint {
    const char *ja, *en; /* the first mistake, NULL = none */
    size_t literal;      /* bytes of the longest text that every match holds */
};
/* Expects a pattern that the engine compiles; of others it says anything. */
struct sk_lint sk_lint_regex(const char *pattern);

#endif
