#include "match/atoms.h"

#include <string.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

void sk_atoms_close(struct sk_atoms_state *s, const char *text, uint32_t n, uint32_t end)
{
    uint32_t begin = s->begin, digits = end - begin, gap = begin - s->last_end;
    s->open = false;
    if (s->n < s->cap) {
        unsigned flags = 0;
        if (begin > 0 && is_word(text[begin - 1]))
            flags |= SK_ATOM_WORD_BEFORE;
        if (end < n && is_word(text[end]))
            flags |= SK_ATOM_WORD_BEHIND;
        if (begin > 1 && text[begin - 1] == '.' && is_digit(text[begin - 2]))
            flags |= SK_ATOM_POINT_BEFORE;
        s->atoms[s->n] = (struct sk_atom){ begin, (uint16_t)(digits < UINT16_MAX ? digits : UINT16_MAX),
                                           (uint8_t)(s->any && gap < 255 ? gap : 255), (uint8_t)flags };
    }
    s->n++;
    s->any = true;
    s->last_end = end;
}

/* Bit i of the result: byte i of the eight is '0'..'9'. Exact for every byte: no carry leaves a byte. */
static inline uint64_t digits_of_eight(const char *p)
{
    const uint64_t high = 0x8080808080808080u;
    uint64_t x = 0;
    for (int i = 7; i >= 0; i--)
        x = x << 8 | (unsigned char)p[i];
    x ^= 0x3030303030303030u;                          /* digits become 0..9 */
    uint64_t over = (x & ~high) + 0x7676767676767676u; /* bit 7 set from 10 on */
    return ((~(over | x) & high) >> 7) * 0x0102040810204080u >> 56;
}

static inline uint64_t portable_mask(const char *p)
{
    uint64_t mask = 0;
    for (unsigned i = 0; i < 8; i++)
        mask |= digits_of_eight(p + 8 * i) << (8 * i);
    return mask;
}

#define ATOMS_NAME portable
#define ATOMS_TARGET
#define ATOMS_MASK portable_mask
#include "match/atoms_loop.h"

size_t sk_atoms_portable(const char *text, uint32_t n, struct sk_atom *atoms, size_t cap)
{
    return portable(text, n, atoms, cap);
}

size_t sk_match_atoms(const char *text, uint32_t n, struct sk_atom *atoms, size_t cap)
{
    sk_atoms_scan scan = sk_atoms_avx512();
    if (!scan)
        scan = sk_atoms_avx2();
    return (scan ? scan : sk_atoms_portable)(text, n, atoms, cap);
}
