/*
 * ooxml_rest.c - what is left of a package. Nothing in it may go unread only because no relationship or no format asked
 * for it: embedded files are children, custom XML and unknown parts give their text, link targets their addresses.
 */
#define _GNU_SOURCE /* strcasestr */
#include "extract/ooxml.h"

#include <stdlib.h>
#include <strings.h>

static bool ends_with(const char *s, const char *suffix)
{
    size_t n = strlen(s), k = strlen(suffix);
    return n >= k && strcasecmp(s + n - k, suffix) == 0;
}

static bool type_in(const char *type, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (ends_with(type, list[i]))
            return true;
    return false;
}

/* ---------------------------------------------------------------- charts and diagrams */

bool sk_ooxml_pictures(struct sk_opc *p, struct sk_out *o)
{
    bool ok = true, data = false;
    struct sk_drawing how = { .kind = SK_RUN_BODY };
    for (size_t i = 0; ok && i < sk_opc_count(p); i++) {
        if (p->seen[i])
            continue;
        const char *type = sk_opc_type(p, i);
        if (ends_with(type, "drawingml.chart+xml"))
            ok = sk_chart_text(p, i, o, 0);
        else if (ends_with(type, "diagramData+xml"))
            data = true, ok = sk_drawing_text(p, i, o, &how);
        else if (ends_with(type, "drawingml.chartshapes+xml"))
            ok = sk_drawing_text(p, i, o, &how);
    }
    for (size_t i = 0; ok && i < sk_opc_count(p); i++)
        if (!p->seen[i] && ends_with(sk_opc_type(p, i), "diagramDrawing+xml")) {
            if (data) /* the same text as drawn last */
                p->seen[i] = 1;
            else
                ok = sk_drawing_text(p, i, o, &how);
        }
    free(how.known);
    return ok;
}

/* ---------------------------------------------------------------- links */

static bool give_links(struct sk_opc *p, size_t i, struct sk_out *o)
{
    /* "word/_rels/document.xml.rels" are the relationships of "word/document.xml"; the reader resolves that itself. */
    const char *name = sk_opc_name(p, i), *slash = strrchr(name, '/');
    if (!slash || !ends_with(name, ".rels") || slash - name < 5 || strncasecmp(slash - 5, "_rels", 5) != 0)
        return true;
    size_t folder = (size_t)(slash - name) - 5, n = strlen(slash + 1) - 5;
    char *source = sk_arena_alloc(&p->arena, folder + n + 1);
    if (!source)
        return true;
    memcpy(source, name, folder);
    memcpy(source + folder, slash + 1, n);
    source[folder + n] = '\0';
    size_t member = sk_zip_find(p->zip, source);
    struct sk_rels rels;
    if (member == SIZE_MAX && n > 0)
        return true;
    sk_opc_rels(p, member, &rels);
    bool ok = true;
    for (size_t k = 0; ok && k < rels.n; k++) {
        const struct sk_rel *r = &rels.items[k];
        if (!r->external)
            continue;
        if (strncasecmp(r->target, "mailto:", 7) == 0) {
            size_t len = strcspn(r->target + 7, "?");
            ok = sk_ooxml_line(o, SK_RUN_BODY, SK_SHOWN, r->target + 7, len);
        } else {
            ok = sk_ooxml_line(o, SK_RUN_BODY, SK_HIDDEN_NAME, r->target, strlen(r->target));
        }
    }
    return ok;
}

/* ---------------------------------------------------------------- XML of any kind */

struct generic {
    struct sk_side side;
    struct sk_buf text;
    bool attributes; /* custom XML keeps its data in attributes too */
};

static bool flush(struct generic *g)
{
    bool ok = sk_side_add(&g->side, SK_RUN_BODY, SK_HIDDEN_NAME, 0, 0, g->text.p, g->text.n);
    sk_buf_clear(&g->text);
    return ok && sk_side_settle(&g->side);
}

/* Attributes of data connections and of word art. */
static bool holds_text(const char *attribute)
{
    static const char *const NAMES[] = { "connection", "command", "url", "sourceFile", "string" };
    for (size_t i = 0; i < sizeof(NAMES) / sizeof(NAMES[0]); i++)
        if (strcmp(attribute, NAMES[i]) == 0)
            return true;
    return false;
}

/* Who commented: persons of Excel and Word, authors of PowerPoint, old and new. */
static bool give_person(struct generic *g, const char *name, const char **atts)
{
    static const struct sk_attribute_text NAMES[] = {
        { "person", "displayName", NULL }, { "person", "author", NULL }, { "person", "userId", NULL },
        { "cmAuthor", "name", NULL },      { "author", "name", NULL },   { "presenceInfo", "userId", NULL },
        { "author", "userId", NULL },
    };
    return sk_side_attributes(&g->side, (struct sk_attribute_place){ SK_RUN_PROPERTY, SK_SHOWN, 0, 0 }, name, atts,
                              NAMES, sizeof(NAMES) / sizeof(NAMES[0]));
}

static bool any_start(void *ctx, const char *name, const char **atts)
{
    struct generic *g = ctx;
    bool ok = flush(g) && (g->attributes || give_person(g, name, atts));
    for (; ok && atts[0]; atts += 2) {
        if (strncmp(atts[0], "xmlns", 5) == 0 ||
            !(g->attributes ? strcmp(sk_xml_local(atts[0]), "schemaLocation") != 0 : holds_text(sk_xml_local(atts[0]))))
            continue;
        ok = sk_side_add(&g->side, SK_RUN_BODY, SK_HIDDEN_NAME, 0, 0, atts[1], strlen(atts[1]));
    }
    return ok;
}

static bool any_end(void *ctx, const char *name)
{
    (void)name;
    return flush(ctx);
}

static bool any_text(void *ctx, const char *s, size_t n)
{
    struct generic *g = ctx;
    sk_buf_add(&g->text, s, n);
    return true;
}

static bool give_xml(struct sk_opc *p, size_t i, struct sk_out *o)
{
    static const struct sk_xml_calls CALLS = { any_start, any_end, any_text };
    const char *name = sk_opc_name(p, i);
    struct generic g = { .attributes = strncasecmp(name, "customXml/", 10) == 0 && !strcasestr(name, "itemProps") };
    sk_side_init(&g.side, o);
    sk_buf_init(&g.text, (size_t)16 << 20);
    bool ok = sk_opc_parse(p, i, &CALLS, &g) && flush(&g) && sk_side_flush(&g.side);
    sk_side_free(&g.side);
    sk_buf_free(&g.text);
    return ok;
}

/* ---------------------------------------------------------------- everything */

/* Parts that hold only looks, indexes or code; some are large. */
static bool is_noise(const char *type, const char *name)
{
    static const char *const TYPES[] = {
        "theme+xml",        "themeOverride+xml", "styles+xml",        "stylesWithEffects+xml",
        "fontTable+xml",    "calcChain+xml",     "settings+xml",      "webSettings+xml",
        "numbering+xml",    "tableStyles+xml",   "chartstyle+xml",    "chartcolorstyle+xml",
        "diagramStyle+xml", "diagramColors+xml", "diagramLayout+xml", "table+xml",
        "presProps+xml",    "viewProps+xml",     "pivotTable+xml",    "sheetMetadata+xml",
        "printerSettings",  "vbaProject",        "vbaData+xml",       "obfuscatedFont",
        "activeX",          "activeX+xml",       "control+xml",       "customXmlProperties+xml"
    };
    static const char *const NAMES[] = {
        ".odttf",         ".fntdata", "printerSettings",    "thumbnail", "[Content_Types].xml",
        "vbaProject.bin", "activeX",  "vbaProjectSignature"
    };
    if (type_in(type, TYPES, sizeof(TYPES) / sizeof(TYPES[0])))
        return true;
    for (size_t i = 0; i < sizeof(NAMES) / sizeof(NAMES[0]); i++)
        if (strcasestr(name, NAMES[i]))
            return true;
    return false;
}

/* A picture, by its bytes and not by its name: a document called image1.png is read. */
bool sk_is_picture(struct sk_bytes b)
{
    static const struct {
        uint8_t n;
        const char *p;
    } MAGIC[] = {
        { 4, "\211PNG" }, { 3, "\377\330\377" },     { 4, "GIF8" },     { 4, "II*\0" },         { 4, "MM\0*" },
        { 2, "BM" },      { 4, "\327\315\306\232" }, { 4, "\1\0\0\0" }, { 6, "\1\0\11\0\0\3" }, { 4, "RIFF" },
        { 3, "II\274" }
    };
    for (size_t i = 0; i < sizeof(MAGIC) / sizeof(MAGIC[0]); i++)
        if (sk_starts(b, MAGIC[i].p, MAGIC[i].n))
            return true;
    return false;
}

static bool is_known_format(struct sk_bytes b)
{
    struct sk_guess guess;
    struct sk_source *s = sk_source_memory(b);
    const struct sk_format *f = s ? sk_identify(s, &guess) : NULL;
    bool known = f && f->extract;
    sk_source_free(s);
    return known;
}

/* What is in none of our formats is told as such, unless it is too small to hold anything. */
#define TINY ((size_t)256)
static bool give_file(struct sk_opc *p, size_t i, bool embedded)
{
    const struct sk_zip_member *m = sk_zip_at(p->zip, i);
    const char *name = sk_opc_name(p, i), *slash = strrchr(name, '/');
    if (!m->unsized && m->size > ((uint64_t)64 << 20))
        return sk_opc_child(p, i, SK_HIDDEN_EMBEDDED);
    struct sk_bytes b = sk_opc_bytes(p, i);
    bool picture = sk_is_picture(b), read = !picture || p->job->budget->limits.ocr;
    p->pictures += picture ? b.n : 0;
    if (b.n == 0 || !read || (b.n < TINY && !embedded && !is_known_format(b)))
        return true;
    if (!sk_budget_member(p->job->budget))
        return true;
    name = slash ? slash + 1 : name;
    return sk_out_child_bytes(p->job, name, strlen(name), picture ? SK_SHOWN : SK_HIDDEN_EMBEDDED, b);
}

/* A scan put into a document: pictures, and next to no text beside them. */
#define SCAN_BYTES ((uint64_t)32 << 10)
static void tell_scans(struct sk_opc *p)
{
    uint64_t text = p->job->budget->text - p->text_before;
    if (!p->job->budget->limits.ocr && p->pictures >= SCAN_BYTES && p->pictures / 500 > text)
        sk_opc_reason(p, SK_WHY_IMAGE_ONLY, "");
}

static bool is_xml(const char *type, const char *name)
{
    return ends_with(type, "+xml") || ends_with(type, "/xml") || ends_with(type, "vmlDrawing") ||
           ends_with(name, ".xml") || ends_with(name, ".vml");
}

bool sk_ooxml_rest(struct sk_opc *p, struct sk_out *o)
{
    bool ok = true;
    for (size_t i = 0; ok && i < sk_opc_count(p); i++)
        ok = give_links(p, i, o);
    for (size_t i = 0; ok && i < sk_opc_count(p); i++) {
        const char *type = sk_opc_type(p, i), *name = sk_opc_name(p, i);
        if (p->seen[i] || sk_zip_at(p->zip, i)->folder || ends_with(name, ".rels"))
            continue;
        if (!sk_budget_time(p->job->budget))
            break;
        bool embedded = strcasestr(name, "embeddings/") != NULL;
        if (!embedded && is_noise(type, name))
            continue;
        if (!embedded && is_xml(type, name))
            ok = give_xml(p, i, o);
        else
            ok = give_file(p, i, embedded);
    }
    if (ok)
        tell_scans(p);
    return ok;
}
