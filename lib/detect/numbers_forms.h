/* numbers_forms.h - inside detect: the ways in which the numbers of all detectors are written, by what a run of digits
 * can begin. */
#ifndef SK_DETECT_NUMBERS_FORMS_H
#define SK_DETECT_NUMBERS_FORMS_H

#include "rules/rules.h"

#define SK_LONGEST_RUN 20u /* digits in a row that any shape may have */

struct sk_form { /* one way of writing a detector's number */
    uint16_t detector;
    bool needs_label;
    uint8_t total, n_groups, groups[6];
};

struct sk_forms_by_run { /* by the length of the first group, then by detector */
    struct sk_form *at;
    uint16_t first[SK_LONGEST_RUN + 2];
    uint32_t seconds[SK_LONGEST_RUN + 2]; /* bit n: a second group has n digits; bit 0: one group is all */
};

struct sk_number_forms {
    struct sk_forms_by_run all, unlabelled; /* unlabelled: those that need no label */
    struct sk_form *spelled;                /* those with letters, by detector */
    size_t n_spelled;
    uint64_t spelled_totals; /* bit n: one has n characters */
    uint32_t spelled_most;   /* characters of the longest */
};

/* False without memory; sk_number_forms_free takes it either way. */
bool sk_number_forms_init(struct sk_number_forms *f, const struct sk_detector *detectors, size_t n);
void sk_number_forms_free(struct sk_number_forms *f);

/* Could one of them begin with a run of n digits, when the next, near enough to belong to it, has `next` (0: none)? */
static inline bool sk_form_may_begin(const struct sk_forms_by_run *f, unsigned n, unsigned next)
{
    return (f->seconds[n] & (1u | (next < 32 ? (uint32_t)1 << next : 0))) != 0;
}

#endif
