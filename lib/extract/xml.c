/* xml.c - see xml.h. */
#include "extract/xml.h"
#include "text/fold.h"

#include <expat.h>
#include <stdlib.h>
#include <string.h>

#define CONVERT_MAX ((size_t)256 << 20) /* documents in legacy encodings are converted as a whole */
#define HEAD 256u
#define HEAD_MAX 1024u

struct sk_xml {
    XML_Parser parser;
    const struct sk_xml_calls *calls;
    void *ctx;
    struct sk_budget *budget;
    uint32_t depth;
    bool stopped, bad;
    enum sk_charset convert; /* SK_CS_BINARY: expat reads the encoding itself */
    struct sk_buf hold;      /* first bytes until the encoding is known; all bytes when converting */
    bool head_seen;
};

const char *sk_xml_local(const char *name)
{
    const char *colon = strchr(name, ':');
    return colon ? colon + 1 : name;
}

static void halt(struct sk_xml *x, bool bad)
{
    x->bad = x->bad || bad;
    x->stopped = x->stopped || !bad;
    XML_StopParser(x->parser, XML_FALSE);
}

static void XMLCALL on_start(void *user, const XML_Char *name, const XML_Char **atts)
{
    struct sk_xml *x = user;
    if (x->bad || x->stopped)
        return;
    if (++x->depth > SK_XML_DEPTH) {
        halt(x, true);
        return;
    }
    if (x->calls->start && !x->calls->start(x->ctx, sk_xml_local(name), atts))
        halt(x, false);
}

static void XMLCALL on_end(void *user, const XML_Char *name)
{
    struct sk_xml *x = user;
    if (x->bad || x->stopped)
        return;
    x->depth--;
    if (x->calls->end && !x->calls->end(x->ctx, sk_xml_local(name)))
        halt(x, false);
}

static void XMLCALL on_text(void *user, const XML_Char *s, int n)
{
    struct sk_xml *x = user;
    if (!x->bad && !x->stopped && n > 0 && x->calls->text && !x->calls->text(x->ctx, s, (size_t)n))
        halt(x, false);
}

/* Entities that hold entities multiply; plain ones are kept in bounds by expat's own guard. */
static void XMLCALL on_entity(void *user, const XML_Char *name, int parameter, const XML_Char *value, int n,
                              const XML_Char *base, const XML_Char *system, const XML_Char *public_id,
                              const XML_Char *notation)
{
    struct sk_xml *x = user;
    (void)name, (void)base, (void)system, (void)public_id, (void)notation;
    if (parameter || (value && n > 0 && (n > 4096 || memchr(value, '&', (size_t)n) || memchr(value, '%', (size_t)n))))
        halt(x, true);
}

/* A declared encoding that nobody here knows: read byte by byte as Latin-1, so that digits and markup survive. */
static int XMLCALL on_encoding(void *user, const XML_Char *name, XML_Encoding *info)
{
    (void)user, (void)name;
    for (int i = 0; i < 256; i++)
        info->map[i] = i;
    info->data = NULL;
    info->convert = NULL;
    info->release = NULL;
    return XML_STATUS_OK;
}

static bool new_parser(struct sk_xml *x, const char *encoding)
{
    x->parser = XML_ParserCreate(encoding);
    if (!x->parser)
        return false;
    XML_SetUserData(x->parser, x);
    XML_SetElementHandler(x->parser, on_start, on_end);
    if (x->calls->text)
        XML_SetCharacterDataHandler(x->parser, on_text);
    XML_SetEntityDeclHandler(x->parser, on_entity);
    XML_SetUnknownEncodingHandler(x->parser, on_encoding, NULL);
    return true;
}

struct sk_xml *sk_xml_new(const struct sk_xml_calls *calls, void *ctx, struct sk_budget *budget)
{
    struct sk_xml *x = sk_new(1, sizeof(*x));
    if (!x)
        return NULL;
    x->calls = calls;
    x->ctx = ctx;
    x->budget = budget;
    sk_buf_init(&x->hold, CONVERT_MAX);
    return x;
}

/* What the XML declaration names, when expat would not read it: it knows "utf-8", UTF-16, Latin-1 and ASCII only. A
 * byte order mark of UTF-8 is stronger than the declaration. */
static enum sk_charset declared(const char *p, size_t n)
{
    const char *end = memchr(p, '>', n), *q;
    if (n >= 3 && memcmp(p, "\xEF\xBB\xBF", 3) == 0)
        return SK_CS_UTF8;
    if (n < 6 || memcmp(p, "<?xml ", 6) != 0)
        return SK_CS_BINARY;
    for (q = p, end = end ? end : p + n; end - q > 10 && memcmp(q, "encoding", 8) != 0;)
        q++;
    if (end - q <= 10)
        return SK_CS_BINARY;
    for (q += 8; q < end && *q != '"' && *q != '\'';)
        q++;
    const char *name = q < end ? q + 1 : end;
    const char *stop = name < end ? memchr(name, *q, (size_t)(end - name)) : NULL;
    enum sk_charset cs = stop ? sk_charset_named(name, (size_t)(stop - name)) : SK_CS_BINARY;
    return cs == SK_CS_CP932 || cs == SK_CS_EUCJP || cs == SK_CS_ISO2022JP || cs == SK_CS_UTF8 ? cs : SK_CS_BINARY;
}

static bool give(struct sk_xml *x, const char *p, size_t n)
{
    while (n > 0 && !x->bad && !x->stopped) {
        size_t piece = n < (1u << 20) ? n : (1u << 20);
        if (x->budget && !sk_budget_time(x->budget)) {
            x->stopped = true;
            break;
        }
        if (XML_Parse(x->parser, p, (int)piece, XML_FALSE) != XML_STATUS_OK)
            x->bad = !x->stopped;
        p += piece;
        n -= piece;
    }
    return !x->bad && !x->stopped;
}

/* True when the bytes themselves go to expat; false when they are gathered to be converted. */
static bool direct(const struct sk_xml *x)
{
    return x->convert == SK_CS_BINARY || x->convert == SK_CS_UTF8;
}

static bool start_parser(struct sk_xml *x, const char *p, size_t n)
{
    x->head_seen = true;
    x->convert = n ? declared(p, n < HEAD_MAX ? n : HEAD_MAX) : SK_CS_BINARY;
    x->bad = !new_parser(x, x->convert == SK_CS_BINARY ? NULL : "UTF-8");
    return !x->bad;
}

bool sk_xml_feed(struct sk_xml *x, const void *p, size_t n)
{
    if (x->bad || x->stopped)
        return false;
    if (!x->head_seen && x->hold.n == 0 && n >= HEAD && !start_parser(x, p, n))
        return false;
    if (x->head_seen && direct(x))
        return give(x, p, n);
    if (!sk_buf_add(&x->hold, p, n)) {
        x->bad = true;
        return false;
    }
    if (x->head_seen || x->hold.n < HEAD)
        return true;
    return start_parser(x, x->hold.p, x->hold.n) && (!direct(x) || give(x, x->hold.p, x->hold.n));
}

static void convert_all(struct sk_xml *x)
{
    size_t cap = x->hold.n * 4 + 16;
    char *utf8 = sk_new(cap, 1);
    if (!utf8) {
        x->bad = true;
        return;
    }
    size_t n = sk_to_utf8(x->convert, (const uint8_t *)x->hold.p, x->hold.n, utf8, cap);
    give(x, utf8, n);
    free(utf8);
}

enum sk_xml_end sk_xml_close(struct sk_xml *x)
{
    if (!x->head_seen && !x->bad && !x->stopped && start_parser(x, x->hold.p, x->hold.n) && direct(x))
        give(x, x->hold.p, x->hold.n);
    if (!x->bad && !x->stopped && !direct(x))
        convert_all(x);
    if (!x->bad && !x->stopped && XML_Parse(x->parser, "", 0, XML_TRUE) != XML_STATUS_OK)
        x->bad = !x->stopped;
    enum sk_xml_end r = x->stopped ? SK_XML_STOPPED : x->bad ? SK_XML_BAD : SK_XML_OK;
    if (x->parser)
        XML_ParserFree(x->parser);
    sk_buf_free(&x->hold);
    free(x);
    return r;
}

enum sk_xml_end sk_xml_parse(struct sk_bytes doc, const struct sk_xml_calls *calls, void *ctx, struct sk_budget *budget)
{
    struct sk_xml *x = sk_xml_new(calls, ctx, budget);
    if (!x)
        return SK_XML_BAD;
    sk_xml_feed(x, doc.p, doc.n);
    return sk_xml_close(x);
}

/* ---------------------------------------------------------------- attributes */

const char *sk_xml_attr(const char **atts, const char *local)
{
    for (; atts[0]; atts += 2)
        if (strcmp(sk_xml_local(atts[0]), local) == 0)
            return atts[1];
    return NULL;
}

const char *sk_xml_attr_prefixed(const char **atts, const char *local)
{
    for (; atts[0]; atts += 2)
        if (strchr(atts[0], ':') && strcmp(sk_xml_local(atts[0]), local) == 0)
            return atts[1];
    return NULL;
}

const char *sk_xml_attr_plain(const char **atts, const char *local)
{
    for (; atts[0]; atts += 2)
        if (strcmp(atts[0], local) == 0)
            return atts[1];
    return NULL;
}

bool sk_xml_on(const char *value)
{
    return value && strcmp(value, "0") != 0 && strcmp(value, "false") != 0 && strcmp(value, "off") != 0;
}
