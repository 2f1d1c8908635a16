#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "report/json.h"

static const struct sk_json *read_text(const char *text, struct sk_arena *arena, size_t *at)
{
    struct sk_bytes in = sk_bytes(text, strlen(text));
    const struct sk_json *v = sk_json_read(&in, arena);
    *at = strlen(text) - in.n;
    return v && in.n == 0 ? v : NULL;
}

/* After Nicolas Seriot's JSONTestSuite: y_ must be read, n_ must not. */
Test(json, accepts_and_refuses)
{
    static const char *const GOOD[] = { "null",
                                        " [] ",
                                        "{}",
                                        "[1]",
                                        "-0",
                                        "0.5e-3",
                                        "1E+2",
                                        "\"\"",
                                        "\"\\uD834\\uDD1E\"",
                                        "\"\\/\\b\\f\\n\\r\\t\\\"\\\\\"",
                                        "{\"a\":{\"b\":[true,false,null]}}",
                                        "[\"\\u3042あ\"]",
                                        "\"\x7f\"",
                                        "[[[[[[[[]]]]]]]]" };
    static const char *const BAD[] = { "",
                                       " ",
                                       "nul",
                                       "nulll",
                                       "[1,]",
                                       "[,1]",
                                       "[1",
                                       "{",
                                       "{\"a\"}",
                                       "{\"a\":}",
                                       "{\"a\":1,}",
                                       "{a:1}",
                                       "{'a':1}",
                                       "01",
                                       "-",
                                       "+1",
                                       "1.",
                                       ".5",
                                       "1e",
                                       "1e+",
                                       "0x1",
                                       "NaN",
                                       "Infinity",
                                       "\"",
                                       "\"\\\"",
                                       "\"\\x41\"",
                                       "\"\\u12\"",
                                       "\"\\u12G4\"",
                                       "\"\\uD834\"",
                                       "\"\\uD834\\u0041\"",
                                       "\"\\uDD1E\"",
                                       "\"\\u0000\"",
                                       "\"a\nb\"",
                                       "\"\x01\"",
                                       "\"\xFF\"",
                                       "\"\xC0\x80\"",
                                       "\"\xED\xA0\x80\"",
                                       "[1] x",
                                       "1 2",
                                       "\xEF\xBB\xBF[]",
                                       "// a\n1",
                                       "[1}",
                                       "{\"a\":1]" };
    size_t at;
    for (size_t i = 0; i < sizeof(GOOD) / sizeof(*GOOD); i++) {
        struct sk_arena a;
        sk_arena_init(&a, 1 << 20);
        cr_assert(read_text(GOOD[i], &a, &at), "%s", GOOD[i]);
        sk_arena_free(&a);
    }
    for (size_t i = 0; i < sizeof(BAD) / sizeof(*BAD); i++) {
        struct sk_arena a;
        sk_arena_init(&a, 1 << 20);
        cr_assert_not(read_text(BAD[i], &a, &at), "%s", BAD[i]);
        sk_arena_free(&a);
    }
}

Test(json, depth_is_bounded)
{
    char deep[201];
    size_t at;
    struct sk_arena a;
    sk_arena_init(&a, 1 << 20);
    for (size_t n = SK_JSON_DEPTH - 1; n <= SK_JSON_DEPTH + 1; n++) {
        memset(deep, '[', n);
        memset(deep + n, ']', n);
        deep[2 * n] = '\0';
        cr_assert_eq(read_text(deep, &a, &at) != NULL, n <= SK_JSON_DEPTH, "%zu", n);
    }
    sk_arena_free(&a);
}

Test(json, memory_is_bounded)
{
    size_t n = 100000;
    char *text = malloc(n + 1);
    memset(text, '[', 1);
    for (size_t i = 1; i + 2 < n; i += 2)
        memcpy(text + i, "1,", 2);
    text[n - 1] = '\0';
    struct sk_arena a;
    sk_arena_init(&a, 10000);
    struct sk_bytes in = sk_bytes(text, strlen(text));
    cr_assert_null(sk_json_read(&in, &a));
    sk_arena_free(&a);
    free(text);
}

Test(json, values_are_found)
{
    struct sk_arena a;
    size_t at;
    sk_arena_init(&a, 1 << 20);
    const struct sk_json *v = read_text(
        "{\"s\":\"\\u3042\\uD834\\uDD1E\",\"n\":18446744073709551615,\"m\":18446744073709551616,\"f\":1.0,\"i\":-1,"
        "\"d\":1,\"d\":2,\"x\":{\"n\":7}}",
        &a, &at);
    uint64_t n;
    cr_assert(v);
    cr_assert_str_eq(sk_json_text(v, "s"), "あ𝄞");
    cr_assert(sk_json_u64(v, "n", &n) && n == UINT64_MAX);
    cr_assert_not(sk_json_u64(v, "m", &n));
    cr_assert_not(sk_json_u64(v, "f", &n));
    cr_assert_not(sk_json_u64(v, "i", &n));
    cr_assert_not(sk_json_u64(v, "s", &n));
    cr_assert_null(sk_json_get(v, "d"), "a key that stands twice is not believed");
    cr_assert_null(sk_json_text(v, "n"));
    cr_assert_null(sk_json_get(NULL, "n"));
    cr_assert(sk_json_u64(sk_json_get(v, "x"), "n", &n) && n == 7);
    sk_arena_free(&a);
}

Test(json, the_place_of_a_mistake_is_told)
{
    struct sk_arena a;
    size_t at;
    sk_arena_init(&a, 1 << 20);
    cr_assert_null(read_text("{\"a\": 1,\n \"b\": tru}", &a, &at));
    cr_assert(at >= 14 && at <= 16, "%zu", at);
    sk_arena_free(&a);
}
