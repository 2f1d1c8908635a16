/* conditions.h - inside detect: diseases, drugs, procedures, measured values and grades of care in text. They matter
 * only beside a person; who that is, the caller knows. */
#ifndef SK_DETECT_CONDITIONS_H
#define SK_DETECT_CONDITIONS_H

#include "rules/rules.h"

struct sk_conditions;
/* The word lists of the rules as one dictionary; NULL without memory. The rules must outlive it. */
struct sk_conditions *sk_conditions_new(const struct sk_rules *rules);
void sk_conditions_free(struct sk_conditions *k);

struct sk_condition {
    uint32_t begin, end;
    enum sk_element element;
};
/* The first condition of text[from, to); false: there is none. Go on at found->end. */
bool sk_conditions_next(const struct sk_conditions *k, const char *text, uint32_t from, uint32_t to,
                        struct sk_condition *found);

#endif
