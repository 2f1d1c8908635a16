/* atoms.h - the digit scanner's variants; all give the same result. */
#ifndef SK_MATCH_ATOMS_H
#define SK_MATCH_ATOMS_H

#include "match/match.h"

typedef size_t (*sk_atoms_scan)(const char *text, uint32_t n, struct sk_atom *atoms, size_t cap);

size_t sk_atoms_portable(const char *text, uint32_t n, struct sk_atom *atoms, size_t cap);
/* NULL when this build or this machine has none. */
sk_atoms_scan sk_atoms_avx2(void);
sk_atoms_scan sk_atoms_avx512(void);

/* Between blocks. */
struct sk_atoms_state {
    struct sk_atom *atoms;
    size_t cap, n;
    uint32_t begin, last_end;
    bool open, any;
};
/* A run of digits has ended before end. */
void sk_atoms_close(struct sk_atoms_state *s, const char *text, uint32_t n, uint32_t end);

#endif
