#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "report/wire.h"
#include "sample.h"

static struct seki_result *through(const struct seki_result *r)
{
    struct sk_buf b;
    sk_buf_init(&b, SK_WIRE_MAX);
    cr_assert(sk_wire_encode(r, &b));
    struct seki_result *back = sk_wire_decode(sk_bytes(b.p, b.n));
    sk_buf_free(&b);
    return back;
}

Test(wire, random_results_come_back_as_they_were)
{
    for (uint64_t seed = 0; seed < 2000; seed++) {
        struct seki_result *r = sample_random(seed), *back = through(r);
        cr_assert(back, "seed %llu is refused", (unsigned long long)seed);
        cr_assert(sample_equal(r, back), "seed %llu", (unsigned long long)seed);
        sk_result_free(r);
        sk_result_free(back);
    }
}

/* Every prefix and every changed byte: refused, or a result that encodes to exactly these bytes. */
Test(wire, damaged_messages_are_refused_or_consistent)
{
    for (uint64_t seed = 0; seed < 30; seed++) {
        struct seki_result *r = sample_random(seed);
        struct sk_buf b, again;
        sk_buf_init(&b, SK_WIRE_MAX);
        sk_buf_init(&again, SK_WIRE_MAX);
        cr_assert(sk_wire_encode(r, &b));
        for (size_t n = 0; n < b.n; n++) {
            char *exact = malloc(n ? n : 1);
            memcpy(exact, b.p, n);
            cr_assert_null(sk_wire_decode(sk_bytes(exact, n)), "prefix of %zu bytes", n);
            free(exact);
            char was = b.p[n];
            b.p[n] = (char)(was ^ (1 << n % 8));
            struct seki_result *back = sk_wire_decode(sk_bytes(b.p, b.n));
            if (back) {
                sk_buf_clear(&again);
                cr_assert(sk_wire_encode(back, &again));
                cr_assert(again.n == b.n && memcmp(again.p, b.p, b.n) == 0, "byte %zu", n);
            }
            sk_result_free(back);
            b.p[n] = was;
        }
        sk_buf_free(&b);
        sk_buf_free(&again);
        sk_result_free(r);
    }
}

Test(wire, what_does_not_hold_is_refused)
{
    const struct sk_part part = { .name = "a" }, loop[2] = { { .name = "a" }, { .parent = 1, .name = "b" } };
    const struct sk_why far = { .part = 1 }, unknown = { .reason = SK_WHY_COUNT };
    const struct sk_found element = { .element = SK_EL_COUNT }, confidence = { .confidence = SK_CONF_COUNT };
    const struct sk_place kind = { .kind = SK_AT_PART + 1 }, hidden = { .hidden = SK_HIDDEN_COUNT };
    const struct sk_found bad_kind = { .at = &kind, .n_at = 1 }, bad_hidden = { .at = &hidden, .n_at = 1 };
    const struct sk_mask mask = { .elements = SK_BIT(SK_EL_COUNT) };
    const struct sk_insurer name = { .number = "山田太郎" }, longer = { .number = "123456789" };
    const struct seki_result CASES[] = {
        { .state = SK_UNINSPECTABLE + 1 },
        { .parts = loop, .n_parts = 2 },
        { .whys = &far, .n_whys = 1 }, /* no part at all */
        { .parts = &part, .n_parts = 1, .whys = &far, .n_whys = 1 },
        { .parts = &part, .n_parts = 1, .whys = &unknown, .n_whys = 1 },
        { .parts = &part, .n_parts = 1, .found = &element, .n_found = 1 },
        { .parts = &part, .n_parts = 1, .found = &confidence, .n_found = 1 },
        { .parts = &part, .n_parts = 1, .found = &bad_kind, .n_found = 1 },
        { .parts = &part, .n_parts = 1, .found = &bad_hidden, .n_found = 1 },
        { .masks = &mask, .n_masks = 1 },
        { .insurers = &name, .n_insurers = 1 },
        { .insurers = &longer, .n_insurers = 1 },
    };
    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        struct sk_buf b;
        sk_buf_init(&b, SK_WIRE_MAX);
        /* The writer may refuse as well: it checks the same bounds. */
        if (sk_wire_encode(&CASES[i], &b))
            cr_assert_null(sk_wire_decode(sk_bytes(b.p, b.n)), "case %zu", i);
        sk_buf_free(&b);
    }
}

Test(wire, counts_beyond_the_message_allocate_nothing)
{
    /* Magic, length 41, state, NULL format, size, has_sha256, digest, has_crc, crc, then 2^32 - 1 parts. */
    uint8_t m[8 + 4 + 32 + 2 + 5] = { 'S', 'K', 'R', '1', 43 };
    memcpy(m + 8 + 38, "\xFF\xFF\xFF\xFF\x0F", 5);
    cr_assert_null(sk_wire_decode(sk_bytes(m, sizeof(m))));
}

Test(wire, invalid_names_are_repaired_by_the_writer)
{
    const struct sk_part part = { .name = "\x96\xBC\x95\xEB.csv" }; /* 名簿 in CP932 */
    const struct seki_result r = { .parts = &part, .n_parts = 1 };
    struct seki_result *back = through(&r);
    cr_assert(back);
    cr_assert_str_eq(back->parts[0].name, "\uFFFD\uFFFD\uFFFD\uFFFD.csv");
    cr_assert_null(back->format);
    sk_result_free(back);
}

Test(wire, appends_to_what_is_there)
{
    struct seki_result r = { .size = 7 };
    struct sk_buf b;
    sk_buf_init(&b, SK_WIRE_MAX);
    sk_buf_str(&b, "head");
    cr_assert(sk_wire_encode(&r, &b));
    struct seki_result *back = sk_wire_decode(sk_bytes(b.p + 4, b.n - 4));
    cr_assert(back && back->size == 7);
    sk_result_free(back);
    sk_buf_free(&b);
}
