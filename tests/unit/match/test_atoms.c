/* The digit scanner against a byte-by-byte reading, all variants against each other. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "match/atoms.h"

static bool letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The definition in match.h, read literally. */
static size_t by_hand(const char *t, uint32_t n, struct sk_atom *out, size_t cap)
{
    size_t count = 0;
    uint32_t last = 0;
    for (uint32_t i = 0; i < n;) {
        if (!digit(t[i])) {
            i++;
            continue;
        }
        uint32_t e = i;
        while (e < n && digit(t[e]))
            e++;
        if (count < cap) {
            struct sk_atom a = { .begin = i };
            a.n = (uint16_t)(e - i > 65535 ? 65535 : e - i);
            a.gap = (uint8_t)(count == 0 || i - last > 254 ? 255 : i - last);
            a.flags = (uint8_t)((i > 0 && letter(t[i - 1]) ? SK_ATOM_WORD_BEFORE : 0) |
                                (e < n && letter(t[e]) ? SK_ATOM_WORD_BEHIND : 0) |
                                (i > 1 && t[i - 1] == '.' && digit(t[i - 2]) ? SK_ATOM_POINT_BEFORE : 0));
            out[count] = a;
        }
        count++;
        last = e;
        i = e;
    }
    return count;
}

static bool same(const struct sk_atom *a, const struct sk_atom *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (a[i].begin != b[i].begin || a[i].n != b[i].n || a[i].gap != b[i].gap || a[i].flags != b[i].flags)
            return false;
    return true;
}

static void compare(const char *text, uint32_t n, size_t cap)
{
    struct sk_atom *want = calloc(cap + 1, sizeof(*want)), *got = calloc(cap + 1, sizeof(*got));
    size_t wanted = by_hand(text, n, want, cap), kept = wanted < cap ? wanted : cap;
    const sk_atoms_scan scans[] = { sk_atoms_portable, sk_match_atoms, sk_atoms_avx2(), sk_atoms_avx512() };
    for (size_t k = 0; k < 4; k++) {
        if (!scans[k])
            continue;
        memset(got, 0xAA, (cap + 1) * sizeof(*got));
        cr_assert_eq(scans[k](text, n, got, cap), wanted, "variant %zu, n %u", k, n);
        cr_assert(same(got, want, kept), "variant %zu, n %u", k, n);
        cr_assert_eq(got[cap].begin, 0xAAAAAAAAu, "variant %zu wrote past cap", k);
    }
    free(want);
    free(got);
}

Test(atoms, by_hand)
{
    static const char TEXT[] = "12-345 a6b _7 8.90 v1.2.3 2026/10/01 12345678901234567890";
    struct sk_atom a[32];
    size_t n = sk_match_atoms(TEXT, sizeof(TEXT) - 1, a, 32);
    cr_assert_eq(n, 13);
    cr_expect(a[0].begin == 0 && a[0].n == 2 && a[0].gap == 255 && a[0].flags == 0);
    cr_expect(a[1].begin == 3 && a[1].n == 3 && a[1].gap == 1);
    cr_expect_eq(a[2].flags, SK_ATOM_WORD_BEFORE | SK_ATOM_WORD_BEHIND);
    cr_expect_eq(a[3].flags, SK_ATOM_WORD_BEFORE);
    cr_expect_eq(a[5].flags, SK_ATOM_POINT_BEFORE);
    cr_expect_eq(a[6].flags, SK_ATOM_WORD_BEFORE);
    cr_expect_eq(a[8].flags, SK_ATOM_POINT_BEFORE);
    cr_expect_eq(a[12].n, 20);
}

Test(atoms, random_text)
{
    static const char ALPHABET[] = "0123456789.-/: ,aZ_\n\xE5\x80\xB9\x2F\x3A@`{\x00\x7F\xFF";
    unsigned seed = 7;
    char *text = malloc(4096 + 64);
    for (int round = 0; round < 3000; round++) {
        uint32_t n = (uint32_t)(rand_r(&seed) % (round % 10 ? 200 : 4096));
        unsigned digits = (unsigned)rand_r(&seed) % 4;
        for (uint32_t i = 0; i < n + 64; i++) /* also behind n, where it must not be seen */
            text[i] = (unsigned)rand_r(&seed) % 4 < digits ? "0123456789"[rand_r(&seed) % 10]
                                                           : ALPHABET[(size_t)rand_r(&seed) % (sizeof(ALPHABET) - 1)];
        compare(text, n, round % 3 ? 4096 : 5);
    }
    free(text);
}

Test(atoms, every_byte_and_length)
{
    char text[256];
    for (unsigned c = 0; c < 256; c++) {
        memset(text, (int)c, sizeof(text));
        for (uint32_t n = 0; n <= 130; n += 13)
            compare(text, n, 200);
    }
    for (uint32_t n = 0; n <= 200; n++) {
        memset(text, '7', sizeof(text));
        compare(text, n, 4);
    }
}

Test(atoms, longer_than_its_counter)
{
    uint32_t n = 70000;
    char *text = malloc(n + 64);
    memset(text, '5', n + 64);
    compare(text, n, 4);
    free(text);
}
