/*
 * fmt_xml.c - XML: records of known kinds as fields; all other text line by line, each behind the name of its element,
 * which in many files is its label (<氏名>…</氏名>).
 */
#include "extract/base64.h"
#include "extract/doc.h"
#include "extract/fieldset.h"
#include "extract/markup.h"
#include "extract/xml_records.h"

#include <stdlib.h>
#include <strings.h>

int sk_sniff_xml(struct sk_bytes head, struct sk_source *source);
bool sk_extract_xml(struct sk_job *job);

#define DEPTH 256u
#define NAME 64u
#define TEXT_MAX ((size_t)64 << 20)

struct xml {
    struct sk_job *job;
    struct sk_out *o;
    const struct sk_doc *doc;
    const struct xml_family *family;
    struct sk_fieldset fields;
    uint32_t record;
    struct {
        char name[NAME];
        bool parent, leaves; /* has elements; has elements without elements */
    } open[DEPTH];
    unsigned depth, over; /* over: elements deeper than that */
    bool rooted, base64, overflow;
    struct sk_buf text;
};

/* ---------------------------------------------------------------- known records */

static bool is_open(const struct xml *x, const char *name)
{
    for (unsigned i = 0; i < x->depth; i++)
        if (strcmp(x->open[i].name, name) == 0)
            return true;
    return false;
}

static bool applies(const struct xml *x, const struct xml_rule *r, const char *name, const char **atts)
{
    if (strcmp(r->name, name) != 0 || (r->within && !is_open(x, r->within)))
        return false;
    const char *v = r->when ? sk_xml_attr(atts, r->when) : NULL;
    return !r->when || (v && strcmp(v, r->is) == 0);
}

static void add(struct xml *x, const struct xml_rule *r, const char *p, size_t n)
{
    enum sk_element e = (enum sk_element)r->element;
    if (e == SK_EL_PHONE && n > 4 && strncasecmp(p, "tel:", 4) == 0)
        p += 4, n -= 4;
    if (e == SK_EL_PHONE && n > 7 && strncasecmp(p, "mailto:", 7) == 0)
        e = SK_EL_EMAIL, p += 7, n -= 7;
    sk_fieldset_add(&x->fields, x->record, e, (enum sk_aspect)r->aspect, p, n);
}

static bool attribute_fields(struct xml *x, const char *name, const char **atts)
{
    bool any = false;
    for (size_t i = 0; x->family && i < x->family->n; i++) {
        const struct xml_rule *r = &x->family->rules[i];
        const char *v = r->attribute ? sk_xml_attr(atts, r->attribute) : NULL;
        if (v && applies(x, r, name, atts)) {
            add(x, r, v, strlen(v));
            any = true;
        }
    }
    return any;
}

static bool text_field(struct xml *x, const char *p, size_t n)
{
    const char *name = x->open[x->depth - 1].name;
    for (size_t i = 0; x->family && i < x->family->n; i++) {
        const struct xml_rule *r = &x->family->rules[i];
        if (!r->attribute && !r->when && applies(x, r, name, NULL)) {
            add(x, r, p, n);
            return true;
        }
    }
    return false;
}

/* ---------------------------------------------------------------- lines */

/* In records of a known kind names are the format's and no labels. */
static bool line(struct xml *x, const char *label, const char *p, size_t n)
{
    if (label && !x->family && !(sk_out_text(x->o, label, strlen(label)) && sk_out_text(x->o, "：", 3)))
        return false;
    return sk_out_text(x->o, p, n) && sk_out_line(x->o);
}

static bool give_base64(struct xml *x)
{
    x->base64 = false;
    size_t n = sk_base64_decode(x->text.p, x->text.n);
    bool ok = n == 0 || !sk_budget_member(x->job->budget) ||
              sk_out_child_bytes(x->job, "text", 4, SK_SHOWN, sk_bytes(x->text.p, n));
    sk_buf_clear(&x->text);
    return ok;
}

/* The text gathered so far belongs to the innermost element. */
static bool flush(struct xml *x, bool leaf)
{
    const char *p = x->text.p;
    size_t n = x->text.n;
    for (; n && (unsigned char)*p <= ' '; p++)
        n--;
    while (n && (unsigned char)p[n - 1] <= ' ')
        n--;
    bool ok = true;
    if (n && x->base64)
        return give_base64(x);
    if (n && (x->depth == 0 || !text_field(x, p, n)))
        ok = line(x, leaf && x->depth ? x->open[x->depth - 1].name : NULL, p, n);
    sk_buf_clear(&x->text);
    return ok;
}

static bool is_plumbing(const char *name)
{
    return strncmp(name, "xmlns", 5) == 0 || strcmp(sk_xml_local(name), "schemaLocation") == 0;
}

/* In records of a known kind codes fill the attributes: only more than ASCII is text. */
static bool holds_text(const struct xml *x, const char *value)
{
    bool high = false;
    for (const char *p = value; *p && !high; p++)
        high = (unsigned char)*p >= 0x80;
    return *value && (high || !x->family);
}

static bool attribute_lines(struct xml *x, const char **atts)
{
    bool ok = true;
    if (x->family && x->family->no_attributes)
        return true;
    for (; ok && atts[0]; atts += 2)
        if (!is_plumbing(atts[0]) && holds_text(x, atts[1]))
            ok = line(x, sk_xml_local(atts[0]), atts[1], strlen(atts[1]));
    return ok;
}

/* ---------------------------------------------------------------- elements */

static void push(struct xml *x, const char *name)
{
    if (x->depth == DEPTH) {
        x->over++;
        return;
    }
    size_t n = strnlen(name, NAME - 1);
    memcpy(x->open[x->depth].name, name, n);
    x->open[x->depth].name[n] = '\0';
    x->open[x->depth].parent = x->open[x->depth].leaves = false;
    x->depth++;
}

static void begin_root(struct xml *x, const char *name)
{
    x->rooted = true;
    x->family = xml_family_of(name, x->doc->p, x->doc->n);
    if (x->family && x->family->format)
        x->job->sink->format(x->job->sink->ctx, x->job->part, x->family->format);
    x->record = 1;
}

static bool on_start(void *ctx, const char *name, const char **atts)
{
    struct xml *x = ctx;
    if (!flush(x, false))
        return false;
    if (!x->rooted)
        begin_root(x, name);
    if (x->depth)
        x->open[x->depth - 1].parent = true;
    if (x->family && x->family->record && strcmp(x->family->record, name) == 0)
        x->record++;
    push(x, name);
    const char *how = sk_xml_attr(atts, "representation");
    x->base64 = how && strcmp(how, "B64") == 0;
    return attribute_fields(x, name, atts) || attribute_lines(x, atts);
}

static bool pop(struct xml *x)
{
    bool parent = x->open[x->depth - 1].parent, leaves = x->open[x->depth - 1].leaves;
    bool ok = flush(x, !parent);
    x->depth--;
    if (x->depth)
        x->open[x->depth - 1].leaves |= !parent;
    /* An element full of simple ones is a record: a blank line parts it from the next. */
    return ok && (!leaves || x->family || sk_out_line(x->o));
}

static bool on_end(void *ctx, const char *name)
{
    struct xml *x = ctx;
    bool ok = true;
    if (x->over) {
        x->over--;
        return flush(x, false);
    }
    unsigned at = x->depth;
    while (at && strncmp(x->open[at - 1].name, name, NAME - 1) != 0)
        at--;
    if (at == 0) /* an end without a beginning */
        return flush(x, false);
    while (ok && x->depth >= at)
        ok = pop(x);
    return ok;
}

static bool on_text(void *ctx, const char *s, size_t n)
{
    struct xml *x = ctx;
    x->overflow |= !sk_buf_add(&x->text, s, n);
    return true;
}

static bool on_comment(void *ctx, const char *s, size_t n)
{
    struct xml *x = ctx;
    return flush(x, false) && sk_out_kind(x->o, SK_RUN_COMMENT, SK_HIDDEN_COMMENT) && line(x, NULL, s, n) &&
           sk_out_kind(x->o, SK_RUN_BODY, SK_SHOWN);
}

/* ---------------------------------------------------------------- the document */

static enum sk_charset declared(const char *head, size_t n)
{
    return n > 5 && memcmp(head, "<?xml", 5) == 0 ? sk_doc_named(head, n < 200 ? n : 200, "encoding") : SK_CS_BINARY;
}

static bool read_document(struct xml *x)
{
    static const struct sk_markup_calls CALLS = { on_start, on_end, on_text, on_comment, NULL };
    const struct sk_sink *sink = x->job->sink;
    bool ok = sk_markup_parse(x->doc->p, x->doc->n, false, &CALLS, x, x->job->budget);
    bool spent = x->job->budget->spent != SK_WHY_NONE, cut = x->depth > 0;
    if (!ok && !spent)
        return false;
    ok = flush(x, false);
    while (ok && x->depth)
        ok = pop(x);
    ok = ok && sk_fieldset_give(&x->fields, x->o);
    if (spent || x->overflow || x->fields.lost)
        sink->reason(sink->ctx, x->job->part, spent ? x->job->budget->spent : SK_WHY_TOO_LARGE, "");
    else if (cut)
        sink->reason(sink->ctx, x->job->part, SK_WHY_DAMAGED, "");
    return ok;
}

bool sk_extract_xml(struct sk_job *job)
{
    struct sk_doc d;
    bool go = true;
    struct xml *x = sk_doc_load(job, declared, &d) ? sk_new(1, sizeof(*x)) : NULL;
    struct sk_out *o = x ? sk_out_open(job, job->part) : NULL;
    if (o) {
        x->job = job;
        x->o = o;
        x->doc = &d;
        sk_fieldset_init(&x->fields);
        sk_buf_init(&x->text, TEXT_MAX);
        go = read_document(x);
        go = sk_out_close(o) && go;
        sk_fieldset_free(&x->fields);
        sk_buf_free(&x->text);
    }
    free(x);
    sk_doc_free(&d);
    return go;
}

/* Without a declaration: the document must end with the end tag of the element with which it begins. */
static bool is_enclosed(const char *peek, struct sk_source *source)
{
    char tail[256], want[NAME + 4] = "</";
    size_t n = strcspn(peek + 1, " \t\r\n/>");
    if (n == 0 || n >= NAME || peek[1] == '!' || peek[1] == '?' || !sk_source_random(source))
        return false;
    memcpy(want + 2, peek + 1, n);
    uint64_t size = sk_source_size(source), at = size > sizeof(tail) ? size - sizeof(tail) : 0;
    ssize_t got = sk_source_read(source, at, tail, sizeof(tail));
    return got > 0 && sk_find(sk_bytes(tail, (size_t)got), 0, want, n + 2) != SIZE_MAX;
}

int sk_sniff_xml(struct sk_bytes head, struct sk_source *source)
{
    char peek[256];
    size_t n = sk_doc_peek(head, peek, sizeof(peek));
    if (n >= 6 && memcmp(peek, "<?xml ", 6) == 0)
        return 48;
    return n > 3 && peek[0] == '<' && is_enclosed(peek, source) ? 48 : 0;
}
