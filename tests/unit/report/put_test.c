#include <criterion/criterion.h>
#include <limits.h>
#include <string.h>

#include "report/put.h"

typedef bool (*put)(struct sk_buf *b, const char *s, size_t n);

static const char *made(put f, const char *s, size_t n)
{
    static struct sk_buf b;
    if (!b.p)
        sk_buf_init(&b, 1 << 16);
    sk_buf_clear(&b);
    cr_assert(f(&b, s, n));
    return b.p;
}

Test(put, strings_are_made_safe)
{
    static const struct {
        put f;
        const char *in, *out;
    } CASES[] = {
        { sk_put_plain, "", "" },
        { sk_put_plain, "名簿.csv", "名簿.csv" },
        { sk_put_plain, "a\x1b[31mb\n", "a\\u{1b}[31mb\\u{a}" },
        { sk_put_plain, "evil\xE2\x80\xAEvsc.exe", "evil\\u{202e}vsc.exe" },
        { sk_put_plain,
          "a\xE2\x80\x8B\xEF\xBB\xBF"
          "b\xC2\x85",
          "a\\u{200b}\\u{feff}b\\u{85}" },
        { sk_put_plain, "\x96\xBC", "\uFFFD\uFFFD" },
        { sk_put_plain, "\xEF\xBF\xBD", "\uFFFD" },
        { sk_put_plain, "\xF3\xA0\x81\x81", "\\u{e0041}" },
        { sk_put_plain, "辻\xF3\xA0\x84\x80<&>\"'\\",
          "辻\xF3\xA0\x84\x80<&>\"'\\" }, /* variation selectors belong to names */
        { sk_put_json, "a\"b\\c/\n\t\r\b\f\x01\x7f", "a\\\"b\\\\c/\\n\\t\\r\\b\\f\\u0001\\u007f" },
        { sk_put_json, "\xE2\x80\xA8\xE2\x80\xAE\xF3\xA0\x81\x81", "\\u2028\\u202e\\udb40\\udc41" },
        { sk_put_json, "\xC0\x80名<>'", "\uFFFD\uFFFD名<>'" },
        { sk_put_csv, "plain 名", "plain 名" },
        { sk_put_csv, "a,b", "\"a,b\"" },
        { sk_put_csv, "say \"x\"", "\"say \"\"x\"\"\"" },
        { sk_put_csv, "=1+1", "'=1+1" },
        { sk_put_csv, "+81", "'+81" },
        { sk_put_csv, "-1", "'-1" },
        { sk_put_csv, "@x,y", "\"'@x,y\"" },
        { sk_put_csv, "\t=x", "\"'\t=x\"" },
        { sk_put_csv, "＝１", "'＝１" },
        { sk_put_csv, "a\r\nb", "\"a\r\nb\"" },
        { sk_put_csv, " a", "\" a\"" },
        { sk_put_csv, "a\x1b\xE2\x80\xAE", "a\\u{1b}\\u{202e}" },
        { sk_put_html, "<img src=x onerror='a'>&\"", "&lt;img src=x onerror=&#39;a&#39;&gt;&amp;&quot;" },
        { sk_put_html, "a\n\xE2\x80\xAE\xFF", "a\\u{a}\\u{202e}\uFFFD" },
    };
    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++)
        cr_assert_str_eq(made(CASES[i].f, CASES[i].in, strlen(CASES[i].in)), CASES[i].out, "case %zu gave %s", i,
                         made(CASES[i].f, CASES[i].in, strlen(CASES[i].in)));
    cr_assert_str_eq(made(sk_put_json, "a\0b", 3), "a\\u0000b");
}

Test(put, no_memory_is_told)
{
    struct sk_buf b;
    sk_buf_init(&b, 4);
    cr_assert_not(sk_put_json(&b, "\"\"\"\"", 4));
    sk_buf_free(&b);
}

Test(put, widths_follow_uax11)
{
    static const struct {
        const char *s;
        size_t width;
    } CASES[] = { { "", 0 },
                  { "abc", 3 },
                  { "名簿", 4 },
                  { "ｱｲｳ", 3 },
                  { "Ａ１", 4 },
                  { "か\u3099", 2 },
                  { "辻\xF3\xA0\x84\x80", 2 },
                  { "𠮷", 2 } };
    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++)
        cr_assert_eq(sk_width(CASES[i].s), CASES[i].width, "%s", CASES[i].s);
}

Test(put, numbers_and_cells)
{
    struct sk_buf b;
    sk_buf_init(&b, 1000);
    sk_put_number(&b, 0);
    sk_buf_str(&b, " ");
    sk_put_number(&b, 999);
    sk_buf_str(&b, " ");
    sk_put_number(&b, 1204511);
    sk_buf_str(&b, " ");
    sk_put_number(&b, UINT64_MAX);
    cr_assert_str_eq(b.p, "0 999 1,204,511 18,446,744,073,709,551,615");
    sk_buf_clear(&b);
    sk_put_size(&b, 999);
    sk_buf_str(&b, " ");
    sk_put_size(&b, 2100000000000);
    sk_buf_str(&b, " ");
    sk_put_size(&b, UINT64_MAX);
    cr_assert_str_eq(b.p, "999 B 2.1 TB 18.4 EB");
    static const struct {
        uint32_t row, col;
        const char *cell;
    } CELLS[] = { { 0, 0, "A1" },
                  { 1, 2, "C2" },
                  { 9, 25, "Z10" },
                  { 0, 26, "AA1" },
                  { 0, 701, "ZZ1" },
                  { 0, 702, "AAA1" },
                  { 1048575, 16383, "XFD1048576" },
                  { UINT32_MAX, UINT32_MAX, "MWLQKWV4294967296" } };
    for (size_t i = 0; i < sizeof(CELLS) / sizeof(*CELLS); i++) {
        sk_buf_clear(&b);
        sk_put_cell(&b, CELLS[i].row, CELLS[i].col);
        cr_assert_str_eq(b.p, CELLS[i].cell);
    }
    sk_buf_free(&b);
}

/* Python: datetime.date.fromisoformat(text).toordinal() - date(1970, 1, 1).toordinal() */
Test(put, days)
{
    static const struct {
        const char *text;
        long day;
    } CASES[] = {
        { "0001-01-01", -719162 }, { "1900-02-28", -25509 }, { "1900-03-01", -25508 },
        { "1969-12-31", -1 },      { "1970-01-01", 0 },      { "2000-02-29", 11016 },
        { "2026-11-23", 20780 },   { "2100-02-28", 47540 },  { "9999-12-31", 2932896 },
    };
    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        long day;
        char text[11];
        cr_assert(sk_day_parse(CASES[i].text, &day));
        cr_assert_eq(day, CASES[i].day, "%s gave %ld", CASES[i].text, day);
        sk_day_text(CASES[i].day, text);
        cr_assert_str_eq(text, CASES[i].text);
    }
    for (long day = -719162; day <= 2932896; day += 97) {
        char text[11];
        long back;
        sk_day_text(day, text);
        cr_assert(sk_day_parse(text, &back) && back == day, "%s", text);
    }
    static const char *const BAD[] = { "",           "2026",       "2026-11",    "2026-11-",   "2026-11-23 ",
                                       "2026-11-31", "2026-02-29", "1900-02-29", "2026-13-01", "2026-00-01",
                                       "2026-01-00", "2026/11/23", "+026-11-23", "２０２６",   "20261123" };
    for (size_t i = 0; i < sizeof(BAD) / sizeof(*BAD); i++) {
        long day;
        cr_assert_not(sk_day_parse(BAD[i], &day), "%s", BAD[i]);
    }
    char text[11];
    sk_day_text(LONG_MIN, text);
    sk_day_text(LONG_MAX, text);
    cr_assert_str_eq(text, "9999-12-31");
}

Test(put, uris_hold_no_byte_that_needs_care)
{
    struct sk_buf b;
    sk_buf_init(&b, 1000);
    sk_put_uri(&b, "/share/総務課/a b#?%:.csv");
    cr_assert_str_eq(b.p, "file:///share/%E7%B7%8F%E5%8B%99%E8%AA%B2/a%20b%23%3F%25%3A.csv"); /* urllib.parse.quote */
    sk_buf_clear(&b);
    sk_put_uri(&b, "x\x96\"<");
    cr_assert_str_eq(b.p, "x%96%22%3C");
    sk_buf_clear(&b);
    sk_put_time(&b, 1764000000);
    cr_assert_str_eq(b.p, "2025-11-24T16:00:00Z");
    sk_buf_clear(&b);
    sk_put_time(&b, -1);
    cr_assert_str_eq(b.p, "1969-12-31T23:59:59Z");
    sk_buf_free(&b);
}
