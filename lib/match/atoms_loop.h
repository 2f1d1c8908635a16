/*
 * atoms_loop.h - the loop over blocks of 64 bytes, included once for each instruction set with
 *   ATOMS_NAME    the function's name
 *   ATOMS_TARGET  its attributes
 *   ATOMS_MASK    (const char *) -> uint64_t, bit i set when byte i is a digit
 * A run begins or ends where neighbouring bits differ, so text without digits costs one test for 64 bytes.
 */
ATOMS_TARGET static size_t ATOMS_NAME(const char *text, uint32_t n, struct sk_atom *atoms, size_t cap)
{
    struct sk_atoms_state s = { .atoms = atoms, .cap = cap };
    uint64_t carry = 0;
    for (uint32_t base = 0; base < n;) {
        uint64_t mask;
        if (n - base >= 64) {
            mask = ATOMS_MASK(text + base);
        } else {
            char tail[64] = { 0 }; /* what stands behind n is not ours, digits or not */
            memcpy(tail, text + base, n - base);
            mask = ATOMS_MASK(tail);
        }
        uint64_t edges = mask ^ (mask << 1 | carry);
        carry = mask >> 63;
        for (; edges; edges &= edges - 1) {
            uint32_t at = base + (uint32_t)__builtin_ctzll(edges);
            if (s.open) {
                sk_atoms_close(&s, text, n, at);
            } else {
                s.open = true;
                s.begin = at;
            }
        }
        if (n - base <= 64)
            break;
        base += 64;
    }
    if (s.open)
        sk_atoms_close(&s, text, n, n);
    return s.n;
}
#undef ATOMS_NAME
#undef ATOMS_TARGET
#undef ATOMS_MASK
