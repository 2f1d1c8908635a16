/* diff.h - what changed between two sets of rules. */
#ifndef SK_RULES_DIFF_H
#define SK_RULES_DIFF_H

#include "rules/rules.h"

/* A line a change: "+ detector care_number  care_insured_number", "~ detector x  labels, score", "- header ...",
 * "+ disease ...". *changes (may be NULL): how many. False without memory. */
bool sk_rules_diff(const struct sk_rules *before, const struct sk_rules *after, bool english, struct sk_buf *out,
                   size_t *changes);

#endif
