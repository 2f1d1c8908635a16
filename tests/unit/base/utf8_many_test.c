/* Many code points at once against one by one: characters of every length, invalid bytes, every start and length. */
#include "base/utf8.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

enum { BYTES = 600, MOST = 700 };

static uint64_t dice(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return *state >> 33;
}

/* kinds: bits of what the text is made of. */
static size_t make(char *out, unsigned kinds, uint64_t *state)
{
    static const struct {
        uint32_t from, many;
    } KINDS[] = { { 0x20, 95 },     { 0x3041, 190 },  { 0x4E00, 20992 }, { 0x80, 0x780 },
                  { 0x800, 0x800 }, { 0xD000, 2048 }, { 0x10000, 5000 }, { 0xE000, 0x2000 } };
    size_t n = 0;
    while (n + 4 < BYTES) {
        unsigned kind = (unsigned)(dice(state) % 9);
        if (!(kinds >> kind & 1))
            continue;
        if (kind == 8)
            out[n++] = (char)dice(state);
        else
            n += sk_utf8_put(out + n, KINDS[kind].from + (uint32_t)(dice(state) % KINDS[kind].many));
    }
    return n;
}

typedef uint32_t (*many)(const char *p, uint32_t n, uint32_t base, uint32_t *cp, uint32_t *at, uint32_t cap);

static void same(many read, const char *p, size_t n, uint32_t cap)
{
    static uint32_t cp[MOST + SK_UTF8_ROOM], at[MOST + SK_UTF8_ROOM];
    uint32_t k = read(p, (uint32_t)n, 1000, cp, at, cap), i = 0;
    size_t where = 0;
    for (; where < n && i < cap; i++) {
        uint32_t c;
        size_t used = sk_utf8_next(p + where, n - where, &c);
        cr_assert(i < k && cp[i] == c && at[i] == 1000 + where, "character %u of %u", i, k);
        where += used;
    }
    cr_assert(k == i && at[k] == 1000 + where, "%u characters for %u", k, i);
}

Test(utf8, many_are_those_of_one_by_one)
{
    static const unsigned KINDS[] = { 1, 2, 4, 7, 6, 15, 0x1F, 0x3F, 0x7F, 0xFF, 0x1FF, 0x107, 0x100, 0x83 };
    uint64_t state = 1;
    for (size_t t = 0; t < 40 * sizeof(KINDS) / sizeof(KINDS[0]); t++) {
        char text[BYTES];
        size_t n = make(text, KINDS[t % (sizeof(KINDS) / sizeof(KINDS[0]))], &state);
        char *exact = malloc(n); /* so that a sanitizer sees a read behind the end */
        cr_assert(exact);
        memcpy(exact, text, n);
        for (size_t from = 0; from < 70; from++) {
            uint32_t cap = t % 3 ? MOST : (uint32_t)(dice(&state) % 200);
            same(sk_utf8_many, exact + from, n - from, cap);
            same(sk_utf8_many_portable, exact + from, n - from, cap);
        }
        free(exact);
    }
    same(sk_utf8_many, "", 0, 5);
}
