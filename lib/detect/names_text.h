/* names_text.h - inside detect: names of persons in running text, by the dictionary and by what stands around them. */
#ifndef SK_DETECT_NAMES_TEXT_H
#define SK_DETECT_NAMES_TEXT_H

#include "detect/numbers.h"

/* The words that stand around names, made once for the rules, which outlive them; freed with free. NULL: no memory. */
struct sk_name_words *sk_name_words_new(const struct sk_rules *r);

/* Adds the names of the segment to the finder's candidates. Nothing without a dictionary of names. */
void sk_names_text(struct sk_find *f);

#endif
