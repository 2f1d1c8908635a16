/* lists.h - inside detect: what the word lists of patterns/words/ mean. */
#ifndef SK_DETECT_LISTS_H
#define SK_DETECT_LISTS_H

#include "rules/rules.h"

struct sk_lists {
    uint8_t *element; /* by list index of sk_use: element of its words, SK_EL_NONE for lists that are no finding */
    uint8_t *no_name; /* by list index: its words show that a text is no person's name */
    size_t n;
};
bool sk_lists_init(struct sk_lists *l, const struct sk_rules *rules);
void sk_lists_free(struct sk_lists *l);
/* Element of a literal that is a list's word, SK_EL_NONE when it is none. */
enum sk_element sk_lists_element(const struct sk_lists *l, const struct sk_word *w, const struct sk_use *uses);
bool sk_lists_no_name(const struct sk_lists *l, const struct sk_word *w, const struct sk_use *uses);

#endif
