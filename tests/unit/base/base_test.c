#include "base/budget.h"
#include "base/bytes.h"
#include "base/element.h"
#include "base/files.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/utf8.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

Test(bytes, no_read_passes_the_end)
{
    const uint8_t data[] = { 1, 2, 3, 4, 5, 6, 7 };
    struct sk_bytes b = sk_bytes(data, sizeof(data)), part;
    uint32_t v32;
    uint16_t v16;
    uint64_t v64;
    cr_assert(sk_u32le(&b, &v32));
    cr_expect_eq(v32, 0x04030201u);
    cr_expect_not(sk_u32be(&b, &v32), "three bytes are left");
    cr_expect_eq(b.n, 3);
    cr_assert(sk_u16be(&b, &v16));
    cr_expect_eq(v16, 0x0506);
    cr_expect_not(sk_u64le(&b, &v64));
    cr_expect_not(sk_slice(b, UINT64_MAX, 1, &part));
    cr_expect_not(sk_slice(b, 1, 1, &part));
    cr_expect(sk_slice(b, 1, 0, &part));
    cr_expect_not(sk_skip(&b, SIZE_MAX));
}

Test(bytes, find)
{
    struct sk_bytes b = sk_bytes("abcabc", 6);
    cr_expect_eq(sk_find(b, 0, "bc", 2), 1);
    cr_expect_eq(sk_find(b, 2, "bc", 2), 4);
    cr_expect_eq(sk_find(b, 5, "bc", 2), SIZE_MAX);
    cr_expect_eq(sk_find(b, 7, "a", 1), SIZE_MAX);
}

Test(mem, ceilings_hold)
{
    struct sk_buf b;
    sk_buf_init(&b, 10);
    cr_expect(sk_buf_str(&b, "0123456789"));
    cr_expect_not(sk_buf_str(&b, "x"));
    cr_expect(b.failed);
    cr_expect_str_eq(b.p, "0123456789");
    sk_buf_free(&b);

    struct sk_arena a;
    sk_arena_init(&a, 4096);
    cr_expect_not_null(sk_arena_alloc(&a, 4000));
    cr_expect_null(sk_arena_alloc(&a, 200));
    cr_expect_null(sk_arena_new(&a, SIZE_MAX / 2, 3));
    sk_arena_reset(&a);
    cr_expect_not_null(sk_arena_alloc(&a, 4000));
    sk_arena_free(&a);
}

/* FIPS 180-4 example, and the vectors of the SipHash paper's reference code. */
Test(hash, published_vectors)
{
    uint8_t out[32];
    char hex[65];
    cr_assert(sk_sha256("abc", 3, out));
    sk_hex(out, 32, hex);
    cr_expect_str_eq(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    static const uint64_t SIP[] = { 0x726fdb47dd0e0e31ULL, 0x74f839c593dc67fdULL, 0x0d6c8009d9a94f5aULL, 0x85676696d7fb7e2dULL };
    struct sk_key key = { 0x0706050403020100ULL, 0x0f0e0d0c0b0a0908ULL };
    uint8_t in[64];
    for (int i = 0; i < 64; i++)
        in[i] = (uint8_t)i;
    for (size_t n = 0; n < 4; n++)
        cr_expect_eq(sk_siphash(&key, in, n), SIP[n], "length %zu", n);
    cr_expect_eq(sk_siphash(&key, in, 15), 0xa129ca6149be45e5ULL);
    cr_expect_eq(sk_siphash(&key, in, 63), 0x958a324ceb064572ULL);
}

/* A million times "a" (FIPS 180-4 examples), read from wherever the descriptor stands, which does not move. */
Test(hash, of_a_file)
{
    char step[10000], hex[SK_SHA256_HEX];
    uint8_t out[SK_SHA256_BYTES];
    uint64_t bytes = 7;
    FILE *f = tmpfile();
    cr_assert(f);
    memset(step, 'a', sizeof(step));
    for (int i = 0; i < 100; i++)
        cr_assert(sk_write_all(fileno(f), step, sizeof(step)));
    cr_assert(sk_sha256_file(fileno(f), out, &bytes));
    sk_hex(out, sizeof(out), hex);
    cr_expect_str_eq(hex, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    cr_expect_eq(bytes, 1000000);
    cr_expect_eq(lseek(fileno(f), 0, SEEK_CUR), 1000000);
    fclose(f);
    cr_expect_not(sk_sha256_file(-1, out, &bytes));
}

Test(utf8, invalid_bytes_are_single)
{
    static const struct {
        const char *in;
        size_t n, count;
        bool valid;
    } CASES[] = {
        { "", 0, 0, true },
        { "aあ\xF0\xA0\xAE\xB7", 8, 3, true },
        { "\xC0\x80", 2, 2, false },                 /* overlong */
        { "\xED\xA0\x80", 3, 3, false },             /* surrogate */
        { "\xE3\x81", 2, 2, false },                 /* cut */
        { "\xF4\x90\x80\x80", 4, 4, false },         /* over 10FFFF */
    };
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        cr_expect_eq(sk_utf8_count(CASES[i].in, CASES[i].n), CASES[i].count, "case %zu", i);
        cr_expect_eq(sk_utf8_valid(CASES[i].in, CASES[i].n), CASES[i].valid, "case %zu", i);
    }
    for (uint32_t c = 0; c < 0x110000; c++) {
        char out[4];
        uint32_t back, prev;
        if (c >= 0xD800 && c < 0xE000)
            continue;
        size_t n = sk_utf8_put(out, c);
        if (sk_utf8_next(out, n, &back) != n || back != c || sk_utf8_prev(out, n, &prev) != n || prev != c)
            cr_assert_fail("U+%04X", c);
    }
}

Test(budget, limits_and_reasons)
{
    struct sk_budget b = { 0 };
    struct sk_limits l = SK_LIMITS_DEFAULT;
    l.max_expanded_bytes = 1000;
    sk_budget_start(&b, &l, 10);
    cr_expect(sk_budget_expand(&b, 1000));
    cr_expect_not(sk_budget_expand(&b, 1));
    cr_expect_eq(b.spent, SK_WHY_TOO_LARGE);

    l = SK_LIMITS_DEFAULT;
    l.ratio_floor = 100;
    l.max_ratio = 10;
    sk_budget_start(&b, &l, 10);
    cr_expect(sk_budget_expand(&b, 100));
    cr_expect_not(sk_budget_expand(&b, 100));
    cr_expect_eq(b.spent, SK_WHY_RATIO);
    sk_budget_start(&b, &l, 0);
    cr_expect_not(sk_budget_expand(&b, UINT64_MAX));
}

Test(element, names_are_found_again)
{
    for (int e = 0; e < SK_EL_COUNT; e++)
        cr_expect_eq(sk_element_find(sk_element_name((enum sk_element)e)), e);
    cr_expect_eq(sk_element_find("no_such"), SK_EL_NONE);
    for (int r = 0; r < SK_WHY_COUNT; r++)
        cr_expect_eq(sk_reason_find(sk_reason_code((enum sk_reason)r)), r);
}
