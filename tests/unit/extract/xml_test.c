/* xml_test.c - encodings (bytes written out by hand from the code tables), bounds, pieces. */
#include "extract/xml.h"

#include <criterion/criterion.h>
#include <string.h>

TestSuite(xml);

struct seen {
    char text[512], names[512];
    unsigned stop_at, count;
};

static bool on_start(void *ctx, const char *name, const char **atts)
{
    struct seen *s = ctx;
    const char *v = sk_xml_attr(atts, "v");
    strncat(s->names, name, sizeof(s->names) - strlen(s->names) - 1);
    if (v) {
        strncat(s->names, "=", sizeof(s->names) - strlen(s->names) - 1);
        strncat(s->names, v, sizeof(s->names) - strlen(s->names) - 1);
    }
    strncat(s->names, " ", sizeof(s->names) - strlen(s->names) - 1);
    return ++s->count != s->stop_at;
}

static bool on_text(void *ctx, const char *p, size_t n)
{
    struct seen *s = ctx;
    size_t have = strlen(s->text);
    n = n < sizeof(s->text) - have - 1 ? n : sizeof(s->text) - have - 1;
    memcpy(s->text + have, p, n);
    s->text[have + n] = '\0';
    return true;
}

static const struct sk_xml_calls CALLS = { on_start, NULL, on_text };

static enum sk_xml_end parse(const char *xml, size_t n, struct seen *s)
{
    struct sk_budget budget = { 0 };
    memset(s, 0, sizeof(*s));
    sk_budget_start(&budget, &SK_LIMITS_DEFAULT, n);
    return sk_xml_parse(sk_bytes(xml, n), &CALLS, s, &budget);
}

#define DOC(encoding, bytes) "<?xml version=\"1.0\" encoding=\"" encoding "\"?><a>" bytes "</a>"
#define UTF8_DOC "<?xml version=\"1.0\" encoding=\"Shift_JIS\"?><a>\xE8\xA1\xA8</a>"

Test(xml, encodings)
{
    /* 表 is 95 5C in Shift_JIS (5C is no backslash there), C9 BD in EUC-JP, 1B 24 42 49 3D in ISO-2022-JP, 8868 in
     * UTF-16. */
    static const struct {
        const char *xml;
        size_t n;
        const char *text;
    } CASES[] = {
#define CASE(x, t) { x, sizeof(x) - 1, t }
        CASE(DOC("Shift_JIS", "\x95\x5C"), "表"), CASE(DOC("x-sjis", "\x95\x5C"), "表"),
        CASE(DOC("EUC-JP", "\xC9\xBD"), "表"),    CASE(DOC("ISO-2022-JP", "\x1B$B\x49\x3D\x1B(B"), "表"),
        CASE(DOC("utf8", "\xE8\xA1\xA8"), "表"),  CASE("\xEF\xBB\xBF" UTF8_DOC, "表"),
        CASE("<a>\xE8\xA1\xA8</a>", "表"),        CASE(DOC("windows-1252", "n\xE9 1"), "né 1"),
        CASE(DOC("no-such-code", "12"), "12"),    CASE("\xFE\xFF\0<\0a\0>\x88\x68\0<\0/\0a\0>", "表"),
#undef CASE
    };
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        struct seen s;
        cr_expect_eq(parse(CASES[i].xml, CASES[i].n, &s), SK_XML_OK, "%zu", i);
        cr_expect_str_eq(s.text, CASES[i].text, "%zu: %s", i, s.text);
    }
}

Test(xml, local_names)
{
    struct seen s;
    static const char XML[] = "<w:p xmlns:w=\"u\" w:v=\"1\"><t v=\"2\"/><x:y v=\"3\" /></w:p>";
    cr_expect_eq(parse(XML, sizeof(XML) - 1, &s), SK_XML_OK);
    cr_expect_str_eq(s.names, "p=1 t=2 y=3 ");
}

Test(xml, ends)
{
    static const struct {
        const char *xml;
        enum sk_xml_end end;
        const char *text;
    } CASES[] = {
        { "<a>before<b>", SK_XML_BAD, "before" },
        { "<a>before</b>after</a>", SK_XML_BAD, "before" },
        { "", SK_XML_BAD, "" },
        { "no xml", SK_XML_BAD, "" },
        { "<!DOCTYPE a [<!ENTITY x \"plain\">]><a>&x;</a>", SK_XML_OK, "plain" },
        { "<!DOCTYPE a [<!ENTITY x \"aa\"><!ENTITY y \"&x;&x;\">]><a>&y;</a>", SK_XML_BAD, "" },
        { "<!DOCTYPE a [<!ENTITY % x \"aa\">]><a>1</a>", SK_XML_BAD, "" },
        { "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a>1</a>", SK_XML_OK, "1" },
        { "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>1&x;2</a>", SK_XML_OK, "12" },
    };
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        struct seen s;
        cr_expect_eq(parse(CASES[i].xml, strlen(CASES[i].xml), &s), CASES[i].end, "%zu", i);
        cr_expect_str_eq(s.text, CASES[i].text, "%zu: %s", i, s.text);
    }
}

Test(xml, depth)
{
    char xml[SK_XML_DEPTH * 8 + 64] = "";
    for (unsigned extra = 0; extra < 2; extra++) {
        xml[0] = '\0';
        for (unsigned i = 0; i < SK_XML_DEPTH + extra; i++)
            strcat(xml, "<a>");
        for (unsigned i = 0; i < SK_XML_DEPTH + extra; i++)
            strcat(xml, "</a>");
        struct seen s;
        cr_expect_eq(parse(xml, strlen(xml), &s), extra ? SK_XML_BAD : SK_XML_OK);
    }
}

Test(xml, pieces_and_stop)
{
    static const char XML[] = DOC("Shift_JIS", "\x95\x5C") " ";
    struct sk_budget budget = { 0 };
    struct seen s = { 0 };
    sk_budget_start(&budget, &SK_LIMITS_DEFAULT, 1);
    struct sk_xml *x = sk_xml_new(&CALLS, &s, &budget);
    for (size_t i = 0; i + 1 < sizeof(XML); i++)
        cr_assert(sk_xml_feed(x, XML + i, 1));
    cr_expect_eq(sk_xml_close(x), SK_XML_OK);
    cr_expect_str_eq(s.text, "表");

    struct seen t = { .stop_at = 2 };
    static const char STOP[] = "<a>1<b>2</b>3</a>";
    cr_expect_eq(sk_xml_parse(sk_bytes(STOP, sizeof(STOP) - 1), &CALLS, &t, &budget), SK_XML_STOPPED);
    cr_expect_str_eq(t.text, "1");
}
