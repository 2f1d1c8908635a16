/* CP932, EUC-JP and ISO-2022-JP: every cell against ICU's converters, then random text. */
#include "base/utf8.h"
#include "reference.h"
#include "text/fold_internal.h"
#include <criterion/criterion.h>
#include <unicode/ucnv_err.h>
#include <unicode/ustring.h>

static struct sk_fold *fold;
static UConverter *cp932, *euc;

static UConverter *open_strict(const char *name)
{
    UErrorCode e = U_ZERO_ERROR;
    UConverter *c = ucnv_open(name, &e);
    ucnv_setToUCallBack(c, UCNV_TO_U_CALLBACK_STOP, NULL, NULL, NULL, &e);
    cr_assert(U_SUCCESS(e));
    return c;
}

static void setup(void)
{
    fold = sk_fold_new();
    cp932 = open_strict("ibm-943_P15A-2003");
    euc = open_strict("EUC-JP");
}
static void teardown(void)
{
    sk_fold_free(fold);
    ucnv_close(cp932);
    ucnv_close(euc);
}
TestSuite(fold_jis, .init = setup, .fini = teardown, .timeout = 280);

static uint32_t convert(UConverter *c, const char *p, size_t n)
{
    UErrorCode e = U_ZERO_ERROR;
    UChar u[8];
    ucnv_reset(c);
    int32_t k = ucnv_toUChars(c, u, 8, p, (int32_t)n, &e);
    return U_SUCCESS(e) && k == 1 && u[0] != 0xFFFD ? u[0] : BAD_CHARACTER;
}

static uint32_t cp932_cell(int a, int b)
{
    return convert(cp932, (char[]){ (char)a, (char)b }, 2);
}

/* ICU's EUC-JP, and CP932 at the same row and cell where that has none. */
static uint32_t jis_cell(int a, int b)
{
    uint32_t c = convert(euc, (char[]){ (char)a, (char)b }, 2);
    if (c != BAD_CHARACTER)
        return c;
    int row = a - 0xA0, cell = b - 0xA0; /* 1 to 94 */
    int first = (row + 1) / 2 + (row <= 62 ? 0x80 : 0xC0), second;
    if (row % 2)
        second = cell + 0x3F + (cell >= 64);
    else
        second = cell + 0x9E;
    return cp932_cell(first, second);
}

static uint32_t jis0212_cell(int a, int b)
{
    return convert(euc, (char[]){ (char)0x8F, (char)a, (char)b }, 3);
}

static size_t decoded(enum sk_charset cs, const uint8_t *p, size_t n, uint32_t *cp)
{
    char out[64];
    size_t k = sk_to_utf8(cs, p, n, out, sizeof(out));
    *cp = 0;
    return k ? k - sk_utf8_next(out, k, cp) : 99;
}

static void check_cell(enum sk_charset cs, const char *bytes, size_t n, size_t own, uint32_t want)
{
    struct source s;
    source_init(&s, cs);
    source_bytes(&s, bytes, n - own);
    source_add(&s, want, bytes + n - own, own);
    struct folded f = reference_fold(&s);
    char out[256];
    struct sk_fold_state state = { 0 };
    struct sk_fold_result r = sk_fold_run(fold, cs, s.bytes, s.n, true, &state, out, sizeof(out), NULL);
    cr_assert(r.produced == f.n && !memcmp(out, f.text, f.n) && r.invalid == f.invalid, "%s %02x %02x %02x",
              sk_charset_name(cs), bytes[0] & 0xFF, bytes[1] & 0xFF, n > 2 ? bytes[2] & 0xFF : 0);
    uint32_t cp;
    cr_assert(decoded(cs, s.bytes, s.n, &cp) == 0 && cp == (want == BAD_CHARACTER ? 0xFFFD : want));
    folded_free(&f);
    source_free(&s);
}

Test(fold_jis, cp932_bytes)
{
    for (int a = 0; a < 256; a++) {
        uint32_t cp, want = a == 0                   ? 0xFFFD
                            : a < 0x80               ? (uint32_t)a
                            : a >= 0xA1 && a <= 0xDF ? 0xFF61u + (uint32_t)a - 0xA1
                                                     : 0xFFFD;
        uint8_t byte = (uint8_t)a;
        cr_expect(decoded(SK_CS_CP932, &byte, 1, &cp) == 0 && cp == want, "%02x", a);
        char out[256];
        struct sk_fold_state state = { 0 };
        struct sk_fold_result r = sk_fold_run(fold, SK_CS_CP932, &byte, 1, true, &state, out, sizeof(out), NULL);
        cr_expect_eq(r.invalid, a && want == 0xFFFD);
        if (a > 0 && a < 0x80)
            cr_expect(r.produced == 1 && out[0] == (char)a, "%02x", a);
    }
}

Test(fold_jis, every_cp932_cell)
{
    unsigned filled = 0;
    for (int a = 0x81; a <= 0xFC; a++)
        for (int b = 0x40; b <= 0xFC; b++) {
            if ((a >= 0xA0 && a < 0xE0) || b == 0x7F)
                continue;
            uint32_t want = cp932_cell(a, b);
            filled += want != BAD_CHARACTER;
            check_cell(SK_CS_CP932, (char[]){ (char)a, (char)b }, 2, 2, want);
        }
    cr_expect(filled > 9000, "%u", filled);
    /* A lead byte with an impossible second byte: one byte is consumed. */
    char out[256];
    struct sk_fold_state state = { 0 };
    struct sk_fold_result r =
        sk_fold_run(fold, SK_CS_CP932, (const uint8_t *)"\x81\n\x82", 3, true, &state, out, 256, NULL);
    cr_expect(r.produced == 7 && !memcmp(out, "\uFFFD\n\uFFFD", 7) && r.invalid == 2);
}

Test(fold_jis, every_eucjp_cell)
{
    unsigned filled = 0, more = 0;
    for (int a = 0xA1; a <= 0xFE; a++)
        for (int b = 0xA1; b <= 0xFE; b++) {
            uint32_t want = jis_cell(a, b), want3 = jis0212_cell(a, b);
            filled += want != BAD_CHARACTER;
            more += want3 != BAD_CHARACTER;
            check_cell(SK_CS_EUCJP, (char[]){ (char)a, (char)b }, 2, 2, want);
            check_cell(SK_CS_EUCJP, (char[]){ (char)0x8F, (char)a, (char)b }, 3, 3, want3);
        }
    for (int b = 0xA1; b <= 0xFE; b++)
        check_cell(SK_CS_EUCJP, (char[]){ (char)0x8E, (char)b }, 2, 2,
                   b <= 0xDF ? 0xFF61u + (uint32_t)b - 0xA1 : BAD_CHARACTER);
    cr_expect(filled >= 6879 + 83 && more >= 6067, "%u, %u", filled, more);
}

Test(fold_jis, every_iso2022jp_cell)
{
    for (int a = 0x21; a <= 0x7E; a++) {
        for (int b = 0x21; b <= 0x7E; b++) {
            check_cell(SK_CS_ISO2022JP, (char[]){ 0x1B, '$', 'B', (char)a, (char)b }, 5, 2,
                       jis_cell(a | 0x80, b | 0x80));
            check_cell(SK_CS_ISO2022JP, (char[]){ 0x1B, '$', '(', 'D', (char)a, (char)b }, 6, 2,
                       jis0212_cell(a | 0x80, b | 0x80));
        }
        uint32_t kana = a <= 0x5F ? 0xFF61u + (uint32_t)a - 0x21 : BAD_CHARACTER;
        check_cell(SK_CS_ISO2022JP, (char[]){ 0x1B, '(', 'I', (char)a }, 4, 1, kana);
        check_cell(SK_CS_ISO2022JP, (char[]){ 0x0E, (char)a }, 2, 1, kana);
        check_cell(SK_CS_ISO2022JP, (char[]){ 0x1B, '(', 'J', (char)a }, 4, 1,
                   a == 0x5C   ? 0xA5
                   : a == 0x7E ? 0x203E
                               : (uint32_t)a);
    }
}

/* From Python's codecs, not from ICU. */
Test(fold_jis, published_cells)
{
    static const struct {
        enum sk_charset cs;
        const char *bytes;
        uint32_t cp;
    } cases[] = {
        { SK_CS_CP932, "\x87\x40", 0x2460 },
        { SK_CS_CP932, "\xFB\xFC", 0x9AD9 },
        { SK_CS_CP932, "\xFA\xB1", 0xFA11 },
        { SK_CS_CP932, "\x81\x60", 0xFF5E },
        { SK_CS_CP932, "\x81\x7C", 0xFF0D },
        { SK_CS_CP932, "\x5C", 0x5C },
        { SK_CS_CP932, "\xF0\x40", 0xE000 },
        { SK_CS_EUCJP, "\xAD\xA1", 0x2460 },
        { SK_CS_EUCJP, "\xA4\xA2", 0x3042 },
        { SK_CS_EUCJP, "\x8E\xB1", 0xFF71 },
        { SK_CS_EUCJP, "\x8F\xB0\xA1", 0x4E02 },
        { SK_CS_ISO2022JP, "\x1B$B-!\x1B(B", 0x2460 },
        { SK_CS_ISO2022JP, "\x1B$(D0!\x1B(B", 0x4E02 },
        { SK_CS_ISO2022JP, "\x1B(I1", 0xFF71 },
        { SK_CS_ISO2022JP, "\x1B$@;3", 0x5C71 },
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        uint32_t cp;
        cr_expect(decoded(cases[i].cs, (const uint8_t *)cases[i].bytes, strlen(cases[i].bytes), &cp) == 0 &&
                      cp == cases[i].cp,
                  "case %zu: U+%04X", i, cp);
    }
}

/* ---- random text ---- */
static const char *const escapes[] = { "\x1B(B", "\x1B(I", "\x1B$B", "\x1B$(D", "\x1B(J" };
enum { ASCII, KANA, JIS, JIS0212, ROMAN };

static void want_set(struct source *s, int set)
{
    if (s->set != set)
        source_bytes(s, escapes[set], strlen(escapes[set]));
    s->set = set;
}

static void add_jis(struct source *s, int row, int cell)
{
    char b[3];
    if (s->cs == SK_CS_CP932) {
        b[0] = (char)((row + 1) / 2 + (row <= 62 ? 0x80 : 0xC0));
        b[1] = (char)(row % 2 ? cell + 0x3F + (cell >= 64) : cell + 0x9E);
        source_add(s, cp932_cell(b[0], b[1]), b, 2);
        return;
    }
    int high = s->cs == SK_CS_EUCJP ? 0x80 : 0;
    if (!high)
        want_set(s, JIS);
    b[0] = (char)(row + 0x20 + high);
    b[1] = (char)(cell + 0x20 + high);
    source_add(s, jis_cell(row + 0xA0, cell + 0xA0), b, 2);
}

static void add_kana(struct source *s, uint32_t i) /* 0 = U+FF61 */
{
    char b[2] = { (char)0x8E, (char)(0xA1 + i) };
    if (s->cs == SK_CS_CP932)
        source_add(s, 0xFF61 + i, b + 1, 1);
    else if (s->cs == SK_CS_EUCJP)
        source_add(s, 0xFF61 + i, b, 2);
    else {
        want_set(s, KANA);
        b[0] = (char)(0x21 + i);
        source_add(s, 0xFF61 + i, b, 1);
    }
}

static void add_ascii(struct source *s, char c)
{
    if (s->cs == SK_CS_ISO2022JP)
        want_set(s, ASCII);
    source_add(s, (uint8_t)c, &c, 1);
}

static void add_any(struct source *s, uint32_t *seed)
{
    static const uint8_t special[][2] = { { 1, 28 },  { 1, 28 }, { 1, 28 },  { 3, 17 }, { 3, 25 },
                                          { 1, 11 },  { 1, 12 }, { 4, 11 },  { 5, 47 }, { 5, 6 },
                                          { 1, 61 },  { 1, 1 },  { 1, 33 },  { 13, 1 }, { 13, 63 },
                                          { 13, 31 }, { 1, 19 }, { 13, 15 }, { 9, 1 },  { 1, 4 } };
    switch (rnd(seed, 7)) {
    case 0:
        add_ascii(s, (char)(rnd(seed, 2) ? '0' + rnd(seed, 10) : rnd(seed, 128)));
        if (s->cs == SK_CS_ISO2022JP && strchr("\x0E\x0F\x1B", (char)s->bytes[s->n - 1])) {
            s->bytes[s->n - 1] = '\n'; /* those are no characters there */
            s->c[s->count - 1].cp = '\n';
        }
        break;
    case 1:
        add_kana(s, rnd(seed, 63));
        break;
    case 2:
        add_kana(s, (uint32_t[]){ 61, 62, 15, 19, 21, 41, 0x30 - 0x21 }[rnd(seed, 7)]);
        break;
    case 3: {
        size_t k = rnd(seed, sizeof(special) / sizeof(*special));
        add_jis(s, special[k][0], special[k][1]);
        break;
    }
    case 4:
        add_jis(s, 4 + (int)rnd(seed, 2), 1 + (int)rnd(seed, 83));
        break;
    default:
        add_jis(s, 1 + (int)rnd(seed, 94), 1 + (int)rnd(seed, 94));
    }
}

static void random_sources(enum sk_charset cs, uint32_t seed, int count, uint32_t longest, int thorough)
{
    for (int i = 0; i < count; i++) {
        struct source s;
        source_init(&s, cs);
        uint32_t n = 1 + rnd(&seed, longest), calm = 1 + rnd(&seed, 40);
        for (uint32_t k = 0; k < n; k++) {
            if (rnd(&seed, calm) == 0)
                add_any(&s, &seed);
            else if (i % 3 == 0)
                add_jis(&s, 16 + (int)rnd(&seed, 30), 1 + (int)rnd(&seed, 94));
            else if (i % 3 == 1)
                add_ascii(&s, (char)(0x20 + rnd(&seed, 0x5F)));
            else
                add_kana(&s, 0x30 - 0x21 + rnd(&seed, 48));
            if (rnd(&seed, 50) == 0 && cs != SK_CS_ISO2022JP)
                source_add(&s, BAD_CHARACTER, cs == SK_CS_CP932 ? "\xFD" : "\xFF", 1);
            if (rnd(&seed, 40) == 0 && cs == SK_CS_EUCJP) {
                char b[3] = { (char)0x8F, (char)(0xA1 + rnd(&seed, 94)), (char)(0xA1 + rnd(&seed, 94)) };
                source_add(&s, jis0212_cell(b[1], b[2]), b, 3);
            }
        }
        check_fold(fold, &s, thorough);
        source_free(&s);
    }
}

Test(fold_jis, random_short_in_all_pieces)
{
    random_sources(SK_CS_CP932, 1, 250, 40, 1);
    random_sources(SK_CS_EUCJP, 2, 200, 40, 1);
    random_sources(SK_CS_ISO2022JP, 3, 200, 40, 1);
}

Test(fold_jis, random_long)
{
    random_sources(SK_CS_CP932, 4, 150, 1200, 0);
    random_sources(SK_CS_EUCJP, 5, 60, 1000, 0);
    random_sources(SK_CS_ISO2022JP, 6, 60, 1000, 0);
}

/* A lost escape back to ASCII spoils one line only (RFC 1468: lines begin in a single-byte set). */
Test(fold_jis, iso2022jp_lines)
{
    char out[256];
    struct sk_fold_state state = { 0 };
    static const char in[] = "\x1B$B;3ED\n12345\n\x1B$(D0!\r\nabc";
    struct sk_fold_result r =
        sk_fold_run(fold, SK_CS_ISO2022JP, (const uint8_t *)in, sizeof(in) - 1, true, &state, out, sizeof(out), NULL);
    static const char want[] = "山田\n12345\n丂\r\nabc";
    cr_expect(r.produced == sizeof(want) - 1 && !memcmp(out, want, r.produced) && r.invalid == 0);
    /* The usual way to write numbers in mail: digits in ASCII, the mark between them in JIS X 0208. */
    static const char phone[] = "03\x1B$B!<\x1B(B1234\x1B$B!<\x1B(B5678";
    state.shift = 0;
    r = sk_fold_run(fold, SK_CS_ISO2022JP, (const uint8_t *)phone, sizeof(phone) - 1, true, &state, out, sizeof(out),
                    NULL);
    cr_expect(r.produced == 12 && !memcmp(out, "03-1234-5678", 12));
    cr_expect_eq(state.shift, 0);
}

/* Escape sequences without end must neither hold back input nor stretch checkpoints. */
Test(fold_jis, iso2022jp_escapes_only)
{
    struct source s;
    source_init(&s, SK_CS_ISO2022JP);
    add_ascii(&s, '1');
    for (int i = 0; i < 200; i++)
        source_bytes(&s, escapes[i % 5], strlen(escapes[i % 5]));
    s.set = ROMAN;
    add_ascii(&s, '2');
    check_fold(fold, &s, 1);
    source_free(&s);
}
