/* names_text.h - inside detect: names of persons in running text, by the dictionary and by what stands around them. */
#ifndef SK_DETECT_NAMES_TEXT_H
#define SK_DETECT_NAMES_TEXT_H

#include "detect/numbers.h"

/* Adds the names of the segment to the finder's candidates. Nothing without a dictionary of names. */
void sk_names_text(struct sk_find *f);

#endif
