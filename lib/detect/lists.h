/* lists.h - inside detect: the word lists of patterns/words/ that records ask. */
#ifndef SK_DETECT_LISTS_H
#define SK_DETECT_LISTS_H

#include "rules/rules.h"

struct sk_lists {
    const struct sk_word_list *organisations; /* parts of names of bodies: no person is called so */
};
void sk_lists_init_organisations(struct sk_lists *l, const struct sk_rules *rules);
/* Length of the longest word of the sorted list that text begins with, 0 = none. */
size_t sk_list_longest(const struct sk_word_list *list, const char *text, size_t n);
/* Does a word of organisations stand anywhere in the text? */
bool sk_lists_organisation(const struct sk_lists *l, const char *text, size_t n);

#endif
