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
static inline bool sk_atoms_digit(char c)
{
    return c >= '0' && c <= '9';
}
static inline bool sk_atoms_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* A run of digits has ended before end. */
static inline void sk_atoms_close(struct sk_atoms_state *s, const char *text, uint32_t n, uint32_t end)
{
    uint32_t begin = s->begin, digits = end - begin, gap = begin - s->last_end;
    s->open = false;
    if (s->n < s->cap) {
        unsigned flags = 0;
        if (begin > 0 && sk_atoms_word(text[begin - 1]))
            flags |= SK_ATOM_WORD_BEFORE;
        if (end < n && sk_atoms_word(text[end]))
            flags |= SK_ATOM_WORD_BEHIND;
        if (begin > 1 && text[begin - 1] == '.' && sk_atoms_digit(text[begin - 2]))
            flags |= SK_ATOM_POINT_BEFORE;
        s->atoms[s->n] = (struct sk_atom){ begin, (uint16_t)(digits < UINT16_MAX ? digits : UINT16_MAX),
                                           (uint8_t)(s->any && gap < 255 ? gap : 255), (uint8_t)flags };
    }
    s->n++;
    s->any = true;
    s->last_end = end;
}

#endif
