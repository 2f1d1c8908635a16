/* Fold of UTF-8 and UTF-16 against the reference and against plain ICU. */
#include "base/utf8.h"
#include "reference.h"
#include "text/fold_internal.h"
#include <criterion/criterion.h>
#include <unicode/uchar.h>
#include <unicode/ustring.h>

static struct sk_fold *fold;
static void setup(void)
{
    fold = sk_fold_new();
}
static void teardown(void)
{
    sk_fold_free(fold);
}
TestSuite(fold_utf, .init = setup, .fini = teardown, .timeout = 280);

Test(fold_utf, every_code_point)
{
    for (uint32_t base = 0; base < 0x110000; base += 0x1000) {
        struct source s;
        source_init(&s, SK_CS_UTF8);
        for (uint32_t c = base; c < base + 0x1000; c++) {
            if (c >= 0xD800 && c < 0xE000)
                continue;
            source_add_utf(&s, c);
            source_add_utf(&s, '\n');
        }
        if (!s.n)
            continue;
        struct folded want = reference_fold(&s);
        char *out = malloc(want.n + 1024);
        struct sk_fold_state state = { 0 };
        struct sk_fold_result r = sk_fold_run(fold, SK_CS_UTF8, s.bytes, s.n, true, &state, out, want.n + 1024, NULL);
        cr_assert(r.consumed == s.n && r.produced == want.n && !memcmp(out, want.text, want.n), "from U+%04X", base);
        free(out);
        folded_free(&want);
        source_free(&s);
    }
}

static size_t fold_text(const char *in, char *out, size_t cap)
{
    return sk_fold_utf8(fold, in, strlen(in), out, cap);
}

/* Worked by hand from fold.h. */
Test(fold_utf, rules)
{
    static const struct {
        const char *in, *out;
    } cases[] = {
        { "１２３ＡＢｃ", "123ABc" },
        { "①②⑳⑴⒈²₂½㎡㍘㋀🄁", "①②⑳⑴⒈²₂½㎡㍘㋀🄁" },
        { "𝟎𝟏", "01" },
        { "㎏㈱㌫", "kg(株)パーセント" },
        { "，；＂｜\u2028\u2029\xc2\x85﹐﹔︐\u037e", "，；＂｜\u2028\u2029\xc2\x85﹐﹔︐\u037e" },
        { ",;\"|\t\r\n", ",;\"|\t\r\n" },
        { "‐‑‒–—―−﹣－⁃⁻₋─", "-------------" },
        { "〜～~", "~~~" },
        { "\u3000\u00a0\u2003\u1680\u202f", "     " },
        { "ｶﾞｷﾞﾊﾟﾎﾟｳﾞｱﾞ", "ガギパポヴア\u3099" },
        { "か゛は゜カ\u3099あ゛", "がぱガあ \u3099" },
        { "葛\U000E0100飾﨑\uFE00", "葛飾﨑" },
        { "a\u200bb\u2060c\u00ad\ufeff", "abc" },
        { "か\u200d\u3099", "か\u3099" },
        { "㍻㍼㍽㍾㋿〇", "平成昭和大正明治令和〇" },
        { "０３ー１２３４ｰ５６７８", "03-1234-5678" },
        { "1ーー2", "1--2" },
        { "1ーーー2", "1ーーー2" },
        { "データー1ー", "データー1ー" },
        { "1ーa 2ー", "1ーa 2ー" },
        { "①ー2", "①ー2" },
        { "サービス1ー2ー3", "サービス1-2-3" },
        { "e\u0301x\u0301\u0302", "éx\u0301\u0302" },
        { "\u1112\u1161\u11ab", "한" },
        { "神\uFA19", "神神" },
        { "髙﨑𠮷", "髙﨑𠮷" },
        { "\xe4\xb8"
          "A\xff\xc0\x80",
          "\uFFFD\uFFFD"
          "A\uFFFD\uFFFD\uFFFD" },
        { "\xed\xa0\x80\xf4\x90\x80\x80", "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD" },
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        char out[256];
        size_t n = fold_text(cases[i].in, out, sizeof(out));
        cr_expect(n == strlen(cases[i].out) && !memcmp(out, cases[i].out, n), "case %zu: %.*s, wanted %s", i, (int)n,
                  out, cases[i].out);
    }
    char nul[3];
    cr_expect(sk_fold_utf8(fold, "a\0b", 3, nul, 3) == 3 && !memcmp(nul, "a b", 3));
    cr_expect_eq(fold_text("あいう", nul, 3), 3, "cut at whole characters");
    cr_expect_eq(fold_text("aあ", nul, 3), 1);
}

static uint32_t pick(uint32_t *seed)
{
    static const uint32_t pool[] = {
        '0',     '1',     '9',    'a',    'e',    'Z',    ' ',    '\n',    ',',     '-',    '=',    0,       0xFF10,
        0xFF15,  0xFF19,  0x30FC, 0x30FC, 0x30FC, 0xFF70, 0x304B, 0x306F,  0x30AB,  0x30CF, 0x30A6, 0x30EF,  0xFF76,
        0xFF8A,  0xFF73,  0xFF9E, 0xFF9F, 0x3099, 0x309A, 0x309B, 0x309C,  0x4E00,  0x9AD9, 0xFA11, 0xFA19,  0x20BB7,
        0x2F800, 0x337B,  0x32FF, 0x3231, 0x3250, 0x2460, 0xB2,   0xBD,    0x200B,  0x200D, 0xFE00, 0xE0100, 0xFEFF,
        0x2010,  0x2212,  0xFF0D, 0x301C, 0xFF5E, 0x3000, 0xA0,   0xFF0C,  0xFF5C,  0x301,  0x302,  0x308,   0x323,
        0x327,   0x338,   0x344,  0x20E3, 0x1100, 0x1161, 0x11A8, 0xAC00,  0xAC01,  0xFDFA, 0xFFFD, 0x1F600, 0x1D7CE,
        0x1D400, 0x1D165, 0x0F71, 0x0F72, 0x0F73, 0x9C7,  0x9BE,  0x11099, 0x110BA, 0x314F, 0xFFA1,
    };
    switch (rnd(seed, 8)) {
    case 0:
        return 0x20 + rnd(seed, 0x5F);
    case 1:
        return 0x3041 + rnd(seed, 0xBF);
    case 2:
        return 0x4E00 + rnd(seed, 0x5200);
    case 3: {
        uint32_t c = rnd(seed, rnd(seed, 2) ? 0x10000 : 0x110000);
        return c >= 0xD800 && c < 0xE000 ? 0xE000 : c;
    }
    default:
        return pool[rnd(seed, sizeof(pool) / sizeof(*pool))];
    }
}

static void random_sources(enum sk_charset cs, uint32_t seed, int count, uint32_t longest, int thorough)
{
    for (int i = 0; i < count; i++) {
        struct source s;
        source_init(&s, cs);
        uint32_t n = 1 + rnd(&seed, longest), run = 0, c = 0;
        for (uint32_t k = 0; k < n; k++) {
            if (run == 0) {
                c = pick(&seed);
                run = rnd(&seed, 12) == 0 ? 1 + rnd(&seed, 90) : 1;
            }
            source_add_utf(&s, c);
            run--;
            if (rnd(&seed, 60) == 0 && cs == SK_CS_UTF8)
                source_add(&s, BAD_CHARACTER, "\xFF", 1);
            if (rnd(&seed, 60) == 0 && cs != SK_CS_UTF8)
                source_add(&s, BAD_CHARACTER, cs == SK_CS_UTF16LE ? "\x01\xDC" : "\xDC\x01", 2);
        }
        check_fold(fold, &s, thorough);
        source_free(&s);
    }
}

Test(fold_utf, random_short_in_all_pieces)
{
    random_sources(SK_CS_UTF8, 1, 300, 40, 1);
    random_sources(SK_CS_UTF16LE, 2, 150, 40, 1);
    random_sources(SK_CS_UTF16BE, 3, 100, 40, 1);
}

Test(fold_utf, random_long)
{
    random_sources(SK_CS_UTF8, 4, 120, 1500, 0);
    random_sources(SK_CS_UTF16LE, 5, 40, 1000, 0);
    random_sources(SK_CS_UTF16BE, 6, 40, 1000, 0);
}

/* Text as people write it: mostly what the fast loops copy, with something else now and then. */
Test(fold_utf, nearly_plain_text)
{
    uint32_t seed = 77;
    for (int i = 0; i < 250; i++) {
        struct source s;
        source_init(&s, i % 8 ? SK_CS_UTF8 : SK_CS_UTF16LE);
        uint32_t rare = 2 + rnd(&seed, 300), style = rnd(&seed, 4);
        for (uint32_t k = 0; k < 600; k++) {
            uint32_t plain = style == 0   ? 0x4E00 + rnd(&seed, 0x5200)
                             : style == 1 ? 0x3042 + rnd(&seed, 0x50)
                             : style == 2 ? '0' + rnd(&seed, 10)
                                          : (rnd(&seed, 2) ? 0x30A1 + rnd(&seed, 0x50) : 0xFF71 + rnd(&seed, 0x29));
            source_add_utf(&s, rnd(&seed, rare) ? plain : pick(&seed));
        }
        check_fold(fold, &s, 0);
        source_free(&s);
    }
}

/* Hostile runs that must not stretch checkpoints, hold back input or slow down. */
Test(fold_utf, long_runs)
{
    static const uint32_t cp[] = { 0x3099, 0x301, 0x30FC, 0xFF9E, 0x200B, 0xFE00, 0xFDFA, 0, 0x1161, 0x309B, '1' };
    for (size_t i = 0; i < sizeof(cp) / sizeof(*cp); i++)
        for (int lead = 0; lead < 4; lead++) {
            struct source s;
            source_init(&s, i % 3 == 2 ? SK_CS_UTF16LE : SK_CS_UTF8);
            source_add_utf(&s, lead == 0 ? '1' : lead == 1 ? 0x304B : lead == 2 ? 'e' : 0x4E00);
            for (int k = 0; k < 400; k++)
                source_add_utf(&s, cp[i]);
            source_add_utf(&s, '2');
            check_fold(fold, &s, 0);
            source_free(&s);
        }
    struct source s;
    source_init(&s, SK_CS_UTF8);
    for (int k = 0; k < 300; k++) {
        source_add_utf(&s, k % 2 ? 0x30FC : '7');
        if (k % 7 == 0)
            source_add_utf(&s, 0x30FC);
    }
    check_fold(fold, &s, 1);
    source_free(&s);
}

/* Where none of our differences applies, the fold is ICU's NFKC of the whole string. */
Test(fold_utf, is_nfkc_elsewhere)
{
    UErrorCode e = U_ZERO_ERROR;
    const UNormalizer2 *nfkc = unorm2_getNFKCInstance(&e);
    static const uint32_t ranges[][2] = { { 0x20, 0x7E },       { 0xC0, 0x17E },    { 0x391, 0x3A1 },
                                          { 0x3041, 0x3096 },   { 0x30A1, 0x30FA }, { 0x4E00, 0x9FFF },
                                          { 0xF900, 0xFA6D },   { 0xFF21, 0xFF3A }, { 0xFF66, 0xFF6F },
                                          { 0xFF71, 0xFF9D },   { 0xAC00, 0xD7A3 }, { 0x20000, 0x2A6DF },
                                          { 0x2F800, 0x2FA1D }, { 0x3300, 0x3357 }, { 0x1D400, 0x1D454 } };
    static const uint32_t marks[] = { 0x3099, 0x309A, 0xFF9E, 0xFF9F, 0x301, 0x308, 0x302 };
    uint32_t seed = 5;
    for (int round = 0; round < 3000; round++) {
        UChar32 cps[60];
        int n = 0;
        while (n < 58) {
            uint32_t k = rnd(&seed, sizeof(ranges) / sizeof(*ranges));
            cps[n++] = (UChar32)(ranges[k][0] + rnd(&seed, ranges[k][1] - ranges[k][0] + 1));
            if (rnd(&seed, 4) == 0)
                cps[n++] = (UChar32)marks[rnd(&seed, 7)];
        }
        UChar u[256], v[1024];
        char in[1024], want[4096], got[4096];
        int32_t ul, vl, in_n, want_n;
        u_strFromUTF32(u, 256, &ul, cps, n, &e);
        u_strToUTF8(in, sizeof(in), &in_n, u, ul, &e);
        vl = unorm2_normalize(nfkc, u, ul, v, 1024, &e);
        u_strToUTF8(want, sizeof(want), &want_n, v, vl, &e);
        cr_assert(U_SUCCESS(e));
        size_t got_n = sk_fold_utf8(fold, in, (size_t)in_n, got, sizeof(got));
        cr_assert(got_n == (size_t)want_n && !memcmp(got, want, got_n), "round %d: %.*s", round, in_n, in);
    }
}

Test(fold_utf, circled_and_raised_are_never_digits)
{
    for (uint32_t c = 0x80; c < 0x20000; c++) {
        if ((c >= 0xD800 && c < 0xE000) || u_charType((UChar32)c) == U_DECIMAL_DIGIT_NUMBER)
            continue;
        char in[4], out[64];
        size_t n = sk_fold_utf8(fold, in, sk_utf8_put(in, c), out, sizeof(out));
        for (size_t i = 0; i < n; i++)
            cr_assert(!(out[i] >= '0' && out[i] <= '9') && !strchr(",;\"|\t\r\n", out[i]), "U+%04X", c);
    }
}

Test(fold_utf, identity_of_plain_text)
{
    static const char text[] = "番号,氏名,住所\r\n1,山田太郎,東京都千代田区\r\nabc";
    char out[512];
    struct sk_fold_map map;
    sk_fold_map_init(&map);
    struct sk_fold_state state = { 0 };
    struct sk_fold_result r =
        sk_fold_run(fold, SK_CS_UTF8, (const uint8_t *)text, sizeof(text) - 1, true, &state, out, sizeof(out), &map);
    cr_expect(r.produced == sizeof(text) - 1 && map.identity && map.n == 0);
    r = sk_fold_run(fold, SK_CS_UTF8, (const uint8_t *)"１a", 4, true, &state, out, sizeof(out), &map);
    cr_expect(!map.identity);
    r = sk_fold_run(fold, SK_CS_ASCII, (const uint8_t *)"abc\r\n", 5, true, &state, out, sizeof(out), &map);
    cr_expect(map.identity && r.produced == 5);
    sk_fold_map_free(&map);
}

Test(fold_utf, counts_characters)
{
    struct sk_fold_state zero = { 0 };
    cr_expect_eq(sk_charset_count(SK_CS_UTF8,
                                  (const uint8_t *)"\xEF\xBB\xBF"
                                                   "aあ𠮷\xFF",
                                  12, zero),
                 4);
    cr_expect_eq(sk_charset_count(SK_CS_UTF16LE, (const uint8_t *)"\xFF\xFE\x42\x30\x42\xD8\xB7\xDF", 8, zero), 2);
    cr_expect_eq(sk_charset_count(SK_CS_CP932,
                                  (const uint8_t *)"\x82\xA0\xB1"
                                                   "a\\",
                                  5, zero),
                 4);
    cr_expect_eq(sk_charset_count(SK_CS_EUCJP,
                                  (const uint8_t *)"\xA4\xA2\x8E\xB1\x8F\xB0\xA1"
                                                   "a",
                                  8, zero),
                 4);
    cr_expect_eq(sk_charset_count(SK_CS_ISO2022JP, (const uint8_t *)"a\x1B$B$\"$$\x1B(B", 11, zero), 3);
}

Test(fold_utf, nothing_and_too_little_room)
{
    char out[256];
    struct sk_fold_map map;
    sk_fold_map_init(&map);
    struct sk_fold_state state = { 0 };
    struct sk_fold_result r = sk_fold_run(fold, SK_CS_UTF8, NULL, 0, true, &state, out, sizeof(out), &map);
    cr_expect(r.ok && r.consumed == 0 && r.produced == 0 && map.identity);
    uint32_t begin, end;
    sk_fold_source(fold, SK_CS_UTF8, NULL, 0, &map, 0, 0, &begin, &end);
    cr_expect(begin == 0 && end == 0);
    r = sk_fold_run(fold, SK_CS_UTF8, (const uint8_t *)"abc", 3, true, &state, out, 255, &map);
    cr_expect(r.ok && r.consumed == 0 && r.produced == 0);
    cr_expect_eq(sk_fold_utf8(fold, "", 0, out, 0), 0);
    sk_fold_map_free(&map);
}
