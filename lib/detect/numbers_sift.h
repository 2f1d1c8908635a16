/* numbers_sift.h - inside detect: which numbers of a table of known columns are worth a look. */
#ifndef SK_DETECT_NUMBERS_SIFT_H
#define SK_DETECT_NUMBERS_SIFT_H

#include "detect/numbers.h"

struct sk_sifted {
    struct sk_atom *at;
    size_t cap;
};
/* Leaves in hits the atoms of a table without those that nobody would count; they lie in `to`. False without memory. */
bool sk_sift_atoms(struct sk_sifted *to, const struct sk_labels *labels, const struct sk_segment *s,
                   const struct sk_columns *k, struct sk_hits *hits);

#endif
