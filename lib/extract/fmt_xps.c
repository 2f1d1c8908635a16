/*
 * fmt_xps.c - XPS and OpenXPS (ECMA-388): what Windows prints into a file. Text stands in attributes of glyph runs;
 * runs of one line are joined, a gap between them reads as a tab.
 */
#include "base/utf8.h"
#include "extract/ooxml.h"

#include <stdlib.h>
#include <strings.h>

int sk_sniff_xps(struct sk_bytes head, struct sk_source *source);
bool sk_extract_xps(struct sk_job *job);

#define TAIL_BYTES ((size_t)64 << 10)

struct page {
    struct sk_out *o;
    struct sk_side links;
    uint32_t number;
    bool in_line;
    double y, end, em; /* of the last run */
};

/* Not strtod, whose point depends on the locale. */
static double number(const char *s)
{
    double v = 0, scale = 0;
    if (!s)
        return 0;
    bool negative = *s == '-';
    for (s += negative; *s; s++) {
        if (*s == '.' && scale == 0)
            scale = 1;
        else if (*s >= '0' && *s <= '9' && v < 1e12)
            v = v * 10 + (*s - '0'), scale *= 10;
        else
            break;
    }
    v = scale > 1 ? v / scale : v;
    return negative ? -v : v;
}

/* Ideographs are as wide as the font is high, others about half of it. */
static double width(const char *p, size_t n, double em)
{
    double sum = 0;
    uint32_t c;
    for (size_t at = 0; at < n; at += sk_utf8_next(p + at, n - at, &c)) {
        sk_utf8_next(p + at, n - at, &c);
        sum += c >= 0x2E80 ? em : em / 2;
    }
    return sum;
}

static bool run(struct page *g, const char **atts)
{
    const char *text = sk_xml_attr(atts, "UnicodeString");
    if (!text || !*text)
        return true;
    text += strncmp(text, "{}", 2) == 0 ? 2 : 0; /* says that what follows is no markup extension */
    double x = number(sk_xml_attr(atts, "OriginX")), y = number(sk_xml_attr(atts, "OriginY")),
           em = number(sk_xml_attr(atts, "FontRenderingEmSize")), away = y > g->y ? y - g->y : g->y - y;
    size_t n = strlen(text);
    bool ok = true;
    if (g->in_line && (away > em / 3 || x < g->end - g->em * 2))
        ok = sk_out_line(g->o);
    else if (g->in_line && x > g->end + em)
        ok = sk_out_text(g->o, "\t", 1);
    g->in_line = true;
    g->y = y;
    g->em = em;
    g->end = x + width(text, n, em);
    return ok && sk_out_text(g->o, text, n);
}

static bool on_start(void *ctx, const char *name, const char **atts)
{
    struct page *g = ctx;
    const char *link = sk_xml_attr(atts, "FixedPage.NavigateUri");
    if (link && !sk_side_add(&g->links, SK_RUN_BODY, SK_HIDDEN_NAME, 0, 0, link, strlen(link)))
        return false;
    return strcmp(name, "Glyphs") != 0 || run(g, atts);
}

static bool ends_with(const char *s, const char *end)
{
    size_t n = strlen(s), k = strlen(end);
    return n >= k && strcasecmp(s + n - k, end) == 0;
}

static bool read_page(struct sk_opc *p, size_t i, struct sk_out *o)
{
    static const struct sk_xml_calls CALLS = { on_start, NULL, NULL };
    const char *name = sk_opc_name(p, i), *slash = strrchr(name, '/');
    struct page g = { .o = o };
    unsigned long number_of = strtoul(slash ? slash + 1 : name, NULL, 10);
    g.number = number_of && number_of < UINT32_MAX ? (uint32_t)number_of : (uint32_t)i + 1;
    sk_side_init(&g.links, o);
    bool ok =
        sk_out_kind(o, SK_RUN_BODY, SK_SHOWN) && sk_out_place(o, g.number, 0, 0) && sk_opc_parse(p, i, &CALLS, &g);
    ok = (!g.in_line || sk_out_line(o)) && ok && sk_side_flush(&g.links);
    sk_side_free(&g.links);
    return ok;
}

bool sk_extract_xps(struct sk_job *job)
{
    static const char *const PLUMBING[] = { ".odttf", ".ttf", ".ttc", ".fdseq", ".fdoc", ".struct", ".frag", ".dict" };
    struct sk_opc *p = sk_opc_open(job);
    struct sk_out *o = p ? sk_out_open(job, job->part) : NULL;
    bool ok = true;
    for (size_t i = 0; o && ok && i < sk_opc_count(p); i++)
        if (ends_with(sk_opc_name(p, i), ".fpage"))
            ok = read_page(p, i, o);
    for (size_t i = 0; o && i < sk_opc_count(p); i++) /* fonts, outlines, the order of pages */
        for (size_t k = 0; k < sizeof(PLUMBING) / sizeof(PLUMBING[0]); k++)
            p->seen[i] |= ends_with(sk_opc_name(p, i), PLUMBING[k]);
    if (o) {
        ok = ok && sk_ooxml_props(p, o) && sk_ooxml_rest(p, o);
        ok = sk_out_close(o) && ok;
    } else if (p) {
        sk_opc_reason(p, SK_WHY_TOO_LARGE, "memory");
    }
    sk_opc_close(p);
    return ok;
}

/* A ZIP that names fixed pages, in its first members or in its directory. */
int sk_sniff_xps(struct sk_bytes head, struct sk_source *source)
{
    if (!SK_STARTS(head, "PK\x03\x04"))
        return 0;
    if (sk_find(head, 0, ".fpage", 6) != SIZE_MAX && sk_find(head, 0, "[Content_Types].xml", 19) != SIZE_MAX)
        return 190;
    uint64_t size = sk_source_size(source);
    if (!sk_source_random(source) || size <= head.n || sk_find(head, 0, "FixedDoc", 8) == SIZE_MAX)
        return 0;
    size_t n = size < TAIL_BYTES ? (size_t)size : TAIL_BYTES;
    uint8_t *tail = sk_new(n, 1);
    ssize_t got = tail ? sk_source_read(source, size - n, tail, n) : 0;
    bool found = got > 0 && sk_find(sk_bytes(tail, (size_t)got), 0, ".fpage", 6) != SIZE_MAX;
    free(tail);
    return found ? 190 : 0;
}
