/*
 * fmt_json.c - JSON and NDJSON: FHIR resources as fields, lists of like objects as tables, all else as lines in which
 * the key is the label.
 */
#include "extract/base64.h"
#include "extract/doc.h"
#include "extract/fhir.h"
#include "extract/markup.h"

#include <stdlib.h>
#include <strings.h>

int sk_sniff_json(struct sk_bytes head, struct sk_source *source);
bool sk_extract_json(struct sk_job *job);

#define TREE_MAX ((size_t)512 << 20)
#define FIELDS_SOME ((size_t)32 << 20)
#define COLUMNS 128u

struct reader {
    struct sk_job *job;
    struct sk_out *o;
    struct sk_fieldset fields;
    struct fhir fhir;
    bool told; /* the format, when it is more than JSON */
    struct sk_buf text;
};

/* ---------------------------------------------------------------- lines */

static bool is_scalar(const struct json *v)
{
    return v->kind == JSON_STRING || v->kind == JSON_WORD;
}

static bool is_nothing(const struct json *v)
{
    return v->n == 0 || (v->kind == JSON_WORD && strcmp(v->p, "null") == 0);
}

static bool add_text(void *ctx, const char *s, size_t n)
{
    struct sk_buf *b = ctx;
    return sk_buf_add(b, s, n);
}

static bool add_blank(void *ctx, const char *name)
{
    (void)name;
    return sk_buf_add(ctx, " ", 1);
}

static bool start_blank(void *ctx, const char *name, const char **atts)
{
    (void)atts;
    return add_blank(ctx, name);
}

/* A narrative is XHTML in a string. */
static bool give_markup(struct reader *r, const struct json *v)
{
    static const struct sk_markup_calls CALLS = { start_blank, add_blank, add_text, NULL, NULL };
    sk_buf_clear(&r->text);
    sk_markup_parse(v->p, v->n, true, &CALLS, &r->text, r->job->budget);
    return sk_out_text(r->o, r->text.p ? r->text.p : "", r->text.n) && sk_out_line(r->o);
}

static bool line(struct reader *r, const struct json *v)
{
    if (is_nothing(v))
        return true;
    if (v->kind == JSON_STRING && v->p[0] == '<' && strncasecmp(v->p, "<div", 4) == 0)
        return give_markup(r, v);
    if (v->key_n && !(sk_out_text(r->o, v->key, v->key_n) && sk_out_text(r->o, "：", 3)))
        return false;
    return sk_out_text(r->o, v->p, v->n) && sk_out_line(r->o);
}

/* { "contentType": ..., "data": base64 } (FHIR Attachment, Binary) */
static bool attachment(struct reader *r, const struct json *o, bool *found)
{
    const struct json *data = json_get(o, "data");
    *found = data && data->kind == JSON_STRING && *json_string(o, "contentType") && data->n >= 16;
    if (!*found || !sk_budget_member(r->job->budget))
        return true;
    const char *name = json_string(o, "title");
    sk_buf_clear(&r->text);
    if (!sk_buf_add(&r->text, data->p, data->n))
        return true;
    struct sk_buf bytes = r->text; /* the child may use this reader's buffers no more than we do */
    sk_buf_init(&r->text, bytes.ceiling);
    size_t n = sk_base64_decode(bytes.p, bytes.n);
    name = *name ? name : "attachment";
    bool ok = n == 0 || sk_out_child_bytes(r->job, name, strlen(name), SK_SHOWN, sk_bytes(bytes.p, n));
    sk_buf_free(&bytes);
    return ok;
}

/* ---------------------------------------------------------------- tables */

/* An array of objects that share keys, at least two of them. */
static bool is_list(const struct json *a)
{
    const struct json *first = a->first, *second = first ? first->next : NULL;
    if (a->kind != JSON_ARRAY || !second || first->kind != JSON_OBJECT || second->kind != JSON_OBJECT)
        return false;
    unsigned shared = 0, keys = 0;
    for (const struct json *m = first->first; m && keys < COLUMNS; m = m->next) {
        keys += is_scalar(m);
        shared += is_scalar(m) && json_get(second, m->key) != NULL;
    }
    return shared >= 2 && shared * 2 >= keys;
}

static uint32_t column(const char **keys, uint32_t *n, const char *key, uint32_t guess)
{
    if (guess < *n && strcmp(keys[guess], key) == 0)
        return guess;
    for (uint32_t i = 0; i < *n; i++)
        if (strcmp(keys[i], key) == 0)
            return i;
    if (*n == COLUMNS)
        return COLUMNS;
    keys[*n] = key;
    return (*n)++;
}

static bool cell(struct reader *r, uint32_t row, uint32_t col, const char *p, size_t n)
{
    return sk_out_cell_begin(r->o, row, col, SK_SHOWN, false) && sk_out_text(r->o, p, n) && sk_out_cell_end(r->o);
}

/* Cells must come in order of their columns: a row's values are sorted into it first. */
static bool table_row(struct reader *r, const struct json *o, const char **keys, uint32_t *n, uint32_t row)
{
    const struct json *at[COLUMNS] = { NULL };
    uint32_t guess = 0;
    for (const struct json *m = o->first; m; m = m->next) {
        if (!is_scalar(m))
            continue;
        uint32_t c = column(keys, n, m->key, guess);
        guess = c + 1;
        if (c < COLUMNS)
            at[c] = m;
    }
    bool ok = true;
    for (uint32_t c = 0; ok && c < *n; c++)
        if (at[c] && !is_nothing(at[c]))
            ok = cell(r, row, c, at[c]->p, at[c]->n);
    return ok;
}

static bool give_list(struct reader *r, const struct json *a)
{
    const char *keys[COLUMNS];
    uint32_t n = 0, row = 1, heads = 0;
    for (const struct json *o = a->first; o && heads < 64; o = o->next, heads++)
        for (const struct json *m = o->first; m; m = m->next)
            if (is_scalar(m) && o->kind == JSON_OBJECT)
                column(keys, &n, m->key, 0);
    bool ok = sk_out_table_begin(r->o, false);
    for (uint32_t c = 0; ok && c < n; c++)
        ok = cell(r, 0, c, keys[c], strlen(keys[c]));
    for (const struct json *o = a->first; ok && o; o = o->next)
        if (o->kind == JSON_OBJECT)
            ok = table_row(r, o, keys, &n, row++);
    return sk_out_table_end(r->o) && ok;
}

/* ---------------------------------------------------------------- trees */

/* In FHIR codes fill the strings: only more than ASCII is text, and what was told as fields is not told again. */
static bool wanted(const struct json *v, bool fhir)
{
    bool high = !fhir;
    for (size_t i = 0; i < v->n && !high; i++)
        high = (unsigned char)v->p[i] >= 0x80;
    return high;
}

static bool give(struct reader *r, const struct json *v, bool fhir);

static bool give_members(struct reader *r, const struct json *v, bool fhir, bool listed)
{
    bool ok = true, scalars = false;
    for (const struct json *m = v->first; ok && m; m = m->next) {
        if (!is_scalar(m))
            ok = give(r, m, fhir);
        else if (!listed && wanted(m, fhir)) {
            ok = line(r, m);
            scalars = true;
        }
    }
    /* An object with values is a record: a blank line parts it from the next. */
    return ok && (!scalars || v->kind != JSON_OBJECT || sk_out_line(r->o));
}

/* Depth is bounded by the parser (JSON_DEPTH). */
static bool give(struct reader *r, const struct json *v, bool fhir)
{
    bool found = false;
    if (is_scalar(v))
        return !wanted(v, fhir) || line(r, v);
    if (v->kind == JSON_OBJECT) {
        if (fhir && fhir_is_told(v))
            return true;
        if (!attachment(r, v, &found))
            return false;
        return found || give_members(r, v, fhir, false);
    }
    if (fhir || !is_list(v))
        return give_members(r, v, fhir, false);
    bool ok = give_list(r, v);
    for (const struct json *o = v->first; ok && o; o = o->next)
        ok = is_scalar(o) ? line(r, o) : give_members(r, o, fhir, o->kind == JSON_OBJECT);
    return ok;
}

static bool one(struct reader *r, const struct json *v)
{
    bool is = fhir_is(v), ok = true;
    if (v->kind == JSON_ARRAY && v->first && fhir_is(v->first)) { /* an export as one list of resources */
        for (const struct json *m = v->first; ok && m; m = m->next)
            ok = one(r, m);
        return ok;
    }
    if (is) {
        if (!r->told)
            r->job->sink->format(r->job->sink->ctx, r->job->part, "fhir");
        r->told = true;
        fhir_read(&r->fhir, v);
    }
    return give(r, v, is) && (r->fields.arena.used < FIELDS_SOME || sk_fieldset_give(&r->fields, r->o));
}

static bool read_values(struct reader *r, const struct sk_doc *d)
{
    struct sk_arena arena;
    sk_arena_init(&arena, TREE_MAX);
    struct json_reader j = { d->p, d->p + d->n, &arena, false, false };
    const struct sk_sink *sink = r->job->sink;
    bool ok = true;
    const struct json *v;
    while (ok && sk_budget_time(r->job->budget) && (v = json_next(&j))) {
        ok = one(r, v);
        if (j.full)
            break;
        sk_arena_reset(&arena);
    }
    sk_arena_free(&arena);
    ok = ok && sk_fieldset_give(&r->fields, r->o);
    if (r->job->budget->spent != SK_WHY_NONE)
        sink->reason(sink->ctx, r->job->part, r->job->budget->spent, "");
    else if (j.full || r->fields.lost)
        sink->reason(sink->ctx, r->job->part, SK_WHY_TOO_LARGE, "");
    else if (j.cut)
        sink->reason(sink->ctx, r->job->part, SK_WHY_DAMAGED, "");
    return ok;
}

bool sk_extract_json(struct sk_job *job)
{
    struct sk_doc d;
    bool go = true;
    struct sk_out *o = sk_doc_load(job, NULL, &d) ? sk_out_open(job, job->part) : NULL;
    if (o) {
        struct reader r = { .job = job, .o = o };
        sk_fieldset_init(&r.fields);
        fhir_init(&r.fhir, &r.fields);
        sk_buf_init(&r.text, (size_t)256 << 20);
        go = read_values(&r, &d);
        go = sk_out_close(o) && go;
        sk_fieldset_free(&r.fields);
        fhir_free(&r.fhir);
        sk_buf_free(&r.text);
    }
    sk_doc_free(&d);
    return go;
}

/* {"key": ... or [{"key": ... or [[ ... or ["text", */
int sk_sniff_json(struct sk_bytes head, struct sk_source *source)
{
    char peek[512];
    (void)source;
    sk_doc_peek(head, peek, sizeof(peek));
    const char *p = peek;
    if (*p != '{' && *p != '[')
        return 0;
    bool list = *p == '[';
    while (*p == '[' || *p == '{' || (unsigned char)(*p - 1) < ' ')
        p++;
    if (*p != '"')
        return 0;
    for (p++; *p && *p != '"'; p++)
        p += *p == '\\' && p[1];
    if (!*p)
        return 0;
    p += 1 + strspn(p + 1, " \t\r\n");
    return *p == ':' || (list && (*p == ',' || *p == ']')) ? 40 : 0;
}
