/* lists.h - inside detect: the word lists of patterns/words/ that records ask. */
#ifndef SK_DETECT_LISTS_H
#define SK_DETECT_LISTS_H

#include "rules/rules.h"

struct sk_lists {
    struct sk_care_list {
        const struct sk_word_list *list;
        uint8_t element;
    } care[3]; /* diseases, drugs, procedures */
    size_t n_care;
    uint8_t first[8192];                      /* bit by hash of the first six bytes: some word of care begins so */
    const struct sk_word_list *organisations; /* parts of names of bodies: no person is called so */
};
void sk_lists_init(struct sk_lists *l, const struct sk_rules *rules);
/* Only the words of organisations, for those who ask nothing else: costs nothing. */
void sk_lists_init_organisations(struct sk_lists *l, const struct sk_rules *rules);
/* The longest word of care that begins at text[at]; its length, 0 = none. */
size_t sk_lists_care(const struct sk_lists *l, const char *text, size_t n, enum sk_element *e);
/* Length of the longest word of the sorted list that text begins with, 0 = none. */
size_t sk_list_longest(const struct sk_word_list *list, const char *text, size_t n);
/* Does a word of organisations stand anywhere in the text? */
bool sk_lists_organisation(const struct sk_lists *l, const char *text, size_t n);

#endif
