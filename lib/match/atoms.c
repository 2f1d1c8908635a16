#include "match/atoms.h"

#include <string.h>

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
