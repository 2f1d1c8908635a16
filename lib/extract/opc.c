/* opc.c - see opc.h. */
#define _GNU_SOURCE /* qsort_r */
#include "extract/opc.h"
#include "extract/xlsb.h"

#include <stdlib.h>
#include <strings.h>

#define STREAM_FROM ((uint64_t)64 << 20) /* larger parts are parsed while they are inflated */
#define ARENA_MAX ((size_t)256 << 20)

size_t sk_opc_count(const struct sk_opc *p)
{
    return sk_zip_count(p->zip);
}

const char *sk_opc_name(const struct sk_opc *p, size_t i)
{
    const char *name = sk_zip_at(p->zip, i)->name;
    return *name == '/' ? name + 1 : name;
}

void sk_opc_reason(struct sk_opc *p, enum sk_reason why, const char *detail)
{
    if (why >= 32 || (p->told & 1u << why))
        return;
    p->told |= 1u << why;
    p->job->sink->reason(p->job->sink->ctx, p->job->part, why, detail);
}

/* A part whose type or relationships could not be kept would be missing in silence. */
static bool no_memory(struct sk_opc *p)
{
    sk_opc_reason(p, SK_WHY_TOO_LARGE, "memory");
    return false;
}

static void budget_reason(struct sk_opc *p)
{
    if (p->job->budget->spent != SK_WHY_NONE)
        sk_opc_reason(p, p->job->budget->spent, "");
}

/* ---------------------------------------------------------------- reading parts */

static void tell(struct sk_opc *p, size_t i, enum sk_reason why)
{
    char buf[32];
    const struct sk_zip_member *m = sk_zip_at(p->zip, i);
    if (why == SK_WHY_ENCRYPTED) {
        if (!(p->told & 1u << why))
            p->job->sink->encrypted(p->job->sink->ctx, p->job->part, m->encryption);
        sk_opc_reason(p, why, m->encryption);
    } else if (why != SK_WHY_NONE) {
        sk_opc_reason(p, why, why == SK_WHY_UNSUPPORTED ? sk_zip_method_name(m->method, buf, sizeof(buf)) : "");
    }
}

struct sk_bytes sk_opc_bytes(struct sk_opc *p, size_t i)
{
    p->seen[i] = 1;
    tell(p, i, sk_zip_read(p->zip, i, &p->bytes));
    return sk_bytes(p->bytes.p, p->bytes.n);
}

static void feed_stream(struct sk_opc *p, size_t i, struct sk_xml *x)
{
    struct sk_source *s = sk_zip_stream(p->zip, i);
    uint64_t at = 0;
    if (!s || !sk_buf_reserve(&p->bytes, 1 << 18)) {
        tell(p, i, s ? SK_WHY_TOO_LARGE : SK_WHY_UNSUPPORTED);
        sk_source_free(s);
        return;
    }
    for (ssize_t n; (n = sk_source_read(s, at, p->bytes.p, 1 << 18)) > 0; at += (uint64_t)n)
        if (!sk_xml_feed(x, p->bytes.p, (size_t)n))
            break;
    sk_source_free(s);
    tell(p, i, sk_zip_stream_why(p->zip));
}

bool sk_opc_streams(const struct sk_opc *p, size_t i)
{
    const struct sk_zip_member *m = sk_zip_at(p->zip, i);
    return !m->encrypted && !m->unsized && m->size > STREAM_FROM;
}

static bool told_end(struct sk_opc *p, enum sk_xml_end end)
{
    if (end == SK_XML_BAD)
        sk_opc_reason(p, SK_WHY_DAMAGED, "");
    budget_reason(p);
    return end != SK_XML_STOPPED;
}

bool sk_opc_parse_bytes(struct sk_opc *p, struct sk_bytes b, const struct sk_xml_calls *calls, void *ctx)
{
    return told_end(p, xlsb_is(b) ? xlsb_parse(b, calls, ctx, p->job->budget)
                                  : sk_xml_parse(b, calls, ctx, p->job->budget));
}

bool sk_opc_parse(struct sk_opc *p, size_t i, const struct sk_xml_calls *calls, void *ctx)
{
    if (!sk_opc_streams(p, i))
        return sk_opc_parse_bytes(p, sk_opc_bytes(p, i), calls, ctx);
    struct sk_xml *x = sk_xml_new(calls, ctx, p->job->budget);
    p->seen[i] = 1;
    if (!x) {
        no_memory(p);
        return true;
    }
    sk_buf_clear(&p->bytes);
    feed_stream(p, i, x);
    return told_end(p, sk_xml_close(x));
}

bool sk_opc_child(struct sk_opc *p, size_t i, enum sk_hidden hidden)
{
    const char *name = sk_opc_name(p, i), *slash = strrchr(name, '/');
    name = slash ? slash + 1 : name;
    if (p->seen[i])
        return true;
    if (!sk_budget_member(p->job->budget)) {
        budget_reason(p);
        return true;
    }
    if (!sk_opc_streams(p, i)) {
        struct sk_bytes b = sk_opc_bytes(p, i);
        return b.n == 0 || sk_out_child_bytes(p->job, name, strlen(name), hidden, b);
    }
    p->seen[i] = 1;
    struct sk_source *s = sk_zip_stream(p->zip, i);
    if (!s) {
        tell(p, i, SK_WHY_UNSUPPORTED);
        return true;
    }
    bool go = sk_out_child(p->job, name, strlen(name), hidden, s);
    sk_source_free(s);
    tell(p, i, sk_zip_stream_why(p->zip));
    return go;
}

/* ---------------------------------------------------------------- content types */

static bool add_type(struct sk_opc *p, struct opc_types *t, const char *name, const char *type)
{
    if (!name || !type)
        return true;
    if (!sk_grow(&t->items, &t->cap, t->n + 1, sizeof(*t->items)))
        return no_memory(p);
    struct opc_type *o = &t->items[t->n];
    o->name = sk_arena_string(&p->arena, name, strlen(name));
    o->type = sk_arena_string(&p->arena, type, strlen(type));
    if (!o->name || !o->type)
        return no_memory(p);
    t->n++;
    return true;
}

static bool types_start(void *ctx, const char *name, const char **atts)
{
    struct sk_opc *p = ctx;
    if (strcmp(name, "Default") == 0)
        return add_type(p, &p->defaults, sk_xml_attr(atts, "Extension"), sk_xml_attr(atts, "ContentType"));
    if (strcmp(name, "Override") == 0) {
        const char *part = sk_xml_attr(atts, "PartName");
        return add_type(p, &p->overrides, part && *part == '/' ? part + 1 : part, sk_xml_attr(atts, "ContentType"));
    }
    return true;
}

static int by_name(const void *a, const void *b)
{
    return strcasecmp(((const struct opc_type *)a)->name, ((const struct opc_type *)b)->name);
}

static void read_types(struct sk_opc *p)
{
    static const struct sk_xml_calls CALLS = { types_start, NULL, NULL };
    size_t i = sk_zip_find(p->zip, "[Content_Types].xml");
    if (i == SIZE_MAX)
        return;
    sk_opc_parse(p, i, &CALLS, p);
    if (p->overrides.n)
        qsort(p->overrides.items, p->overrides.n, sizeof(*p->overrides.items), by_name);
}

const char *sk_opc_type(const struct sk_opc *p, size_t i)
{
    struct opc_type key = { sk_opc_name(p, i), NULL };
    const struct opc_type *t =
        p->overrides.n ? bsearch(&key, p->overrides.items, p->overrides.n, sizeof(key), by_name) : NULL;
    if (t)
        return t->type;
    const char *dot = strrchr(key.name, '.');
    for (size_t k = 0; dot && k < p->defaults.n && k < 256; k++)
        if (strcasecmp(p->defaults.items[k].name, dot + 1) == 0)
            return p->defaults.items[k].type;
    return "";
}

static bool ends_with(const char *s, const char *suffix)
{
    size_t n = strlen(s), k = strlen(suffix);
    return n >= k && strcasecmp(s + n - k, suffix) == 0;
}

bool sk_opc_is(const struct sk_opc *p, size_t i, const char *suffix, const char *prefix)
{
    const char *type = sk_opc_type(p, i);
    if (*type && strcasecmp(type, "application/xml") != 0 && strcasecmp(type, "text/xml") != 0)
        return ends_with(type, suffix);
    const char *name = sk_opc_name(p, i);
    return strncasecmp(name, prefix, strlen(prefix)) == 0 && ends_with(name, ".xml");
}

/* ---------------------------------------------------------------- relationships */

static int hex(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
}

/* Target against the folder of the part base ("" for the package): RFC 3986 dot segments, percent escapes, no fragment.
 */
static char *resolve(struct sk_arena *a, const char *base, const char *target)
{
    const char *slash = strrchr(base, '/');
    size_t folder = *target == '/' || !slash ? 0 : (size_t)(slash - base) + 1, n = folder;
    char *out = sk_arena_alloc(a, folder + strlen(target) + 2);
    if (!out)
        return NULL;
    memcpy(out, base, folder);
    const char *s = target + (*target == '/');
    while (*s && *s != '#') {
        if (s[0] == '.' && (s[1] == '/' || s[1] == '\\' || !s[1])) {
            s += s[1] ? 2 : 1;
            continue;
        }
        if (s[0] == '.' && s[1] == '.' && (s[2] == '/' || s[2] == '\\' || !s[2])) {
            n -= n > 0;
            while (n > 0 && out[n - 1] != '/')
                n--;
            s += s[2] ? 3 : 2;
            continue;
        }
        while (*s && *s != '#') {
            char c = *s++;
            if (c == '%' && hex(s[0]) >= 0 && hex(s[1]) >= 0) {
                c = (char)(hex(s[0]) << 4 | hex(s[1]));
                s += 2;
            }
            out[n++] = c == '\\' || !c ? '/' : c;
            if (out[n - 1] == '/')
                break;
        }
    }
    out[n] = '\0';
    return out;
}

struct rels_reader {
    struct sk_opc *opc;
    const char *base;
    struct sk_rels *rels;
    size_t cap;
};

static bool rels_start(void *ctx, const char *name, const char **atts)
{
    struct rels_reader *r = ctx;
    const char *id = sk_xml_attr(atts, "Id"), *type = sk_xml_attr(atts, "Type"), *target = sk_xml_attr(atts, "Target");
    if (strcmp(name, "Relationship") != 0 || !id || !type || !target)
        return true;
    const char *mode = sk_xml_attr(atts, "TargetMode"), *slash = strrchr(type, '/');
    struct sk_arena *a = &r->opc->arena;
    if (!sk_grow(&r->rels->items, &r->cap, r->rels->n + 1, sizeof(struct sk_rel)))
        return no_memory(r->opc);
    struct sk_rel *rel = &r->rels->items[r->rels->n];
    rel->id = sk_arena_string(a, id, strlen(id));
    type = slash ? slash + 1 : type;
    rel->type = sk_arena_string(a, type, strlen(type));
    rel->external = mode && strcasecmp(mode, "External") == 0;
    rel->target = rel->external ? sk_arena_string(a, target, strlen(target)) : resolve(a, r->base, target);
    if (!rel->id || !rel->type || !rel->target)
        return no_memory(r->opc);
    rel->member = rel->external ? SIZE_MAX : sk_zip_find(r->opc->zip, rel->target);
    r->rels->n++;
    return true;
}

static int by_rel_id(const void *a, const void *b, void *items)
{
    const struct sk_rel *r = items;
    return strcmp(r[*(const uint32_t *)a].id, r[*(const uint32_t *)b].id);
}

/* Looked up by id as often as there are references: must not be a linear search. */
static bool sort_ids(struct sk_opc *p, struct sk_rels *r)
{
    r->by_id = sk_arena_new(&p->arena, r->n + 1, sizeof(uint32_t));
    if (!r->by_id) {
        r->n = 0;
        return no_memory(p);
    }
    for (size_t i = 0; i < r->n; i++)
        r->by_id[i] = (uint32_t)i;
    qsort_r(r->by_id, r->n, sizeof(uint32_t), by_rel_id, r->items);
    return true;
}

bool sk_opc_rels(struct sk_opc *p, size_t i, struct sk_rels *out)
{
    static const struct sk_xml_calls CALLS = { rels_start, NULL, NULL };
    memset(out, 0, sizeof(*out));
    const char *base = i == SIZE_MAX ? "" : sk_opc_name(p, i), *slash = strrchr(base, '/');
    size_t folder = slash ? (size_t)(slash - base) + 1 : 0, n = strlen(base) + 16;
    char *name = sk_arena_alloc(&p->arena, n);
    if (!name)
        return no_memory(p);
    memcpy(name, base, folder);
    memcpy(name + folder, "_rels/", 6);
    memcpy(name + folder + 6, base + folder, strlen(base) - folder);
    memcpy(name + strlen(base) + 6, ".rels", 6);
    size_t member = sk_zip_find(p->zip, name);
    if (member == SIZE_MAX)
        return true;
    struct rels_reader r = { p, base, out, 0 };
    sk_opc_parse(p, member, &CALLS, &r);
    /* The list moves into the arena, so that nobody has to free it. */
    struct sk_rel *items = sk_arena_new(&p->arena, out->n, sizeof(*items));
    if (items && out->n)
        memcpy(items, out->items, out->n * sizeof(*items));
    free(out->items);
    out->items = items;
    if (!items && out->n) {
        out->n = 0;
        return no_memory(p);
    }
    return sort_ids(p, out);
}

const struct sk_rel *sk_rel_find(const struct sk_rels *r, const char *id)
{
    size_t low = 0, high = r->n;
    while (id && low < high) {
        size_t mid = low + (high - low) / 2;
        const struct sk_rel *m = &r->items[r->by_id[mid]];
        int c = strcmp(id, m->id);
        if (c == 0)
            return m;
        if (c < 0)
            high = mid;
        else
            low = mid + 1;
    }
    return NULL;
}

size_t sk_opc_main(struct sk_opc *p, const char *suffix, const char *prefix)
{
    struct sk_rels r;
    sk_opc_rels(p, SIZE_MAX, &r);
    for (size_t k = 0; k < r.n; k++)
        if (strcmp(r.items[k].type, "officeDocument") == 0 && r.items[k].member != SIZE_MAX)
            return r.items[k].member;
    for (size_t i = 0; i < sk_opc_count(p); i++)
        if (sk_opc_is(p, i, suffix, prefix))
            return i;
    return SIZE_MAX;
}

/* ---------------------------------------------------------------- opening */

struct sk_opc *sk_opc_open(struct sk_job *job)
{
    bool damaged;
    struct sk_zip *zip = sk_zip_open(job->source, job->budget, &damaged);
    struct sk_opc *p = zip ? sk_new(1, sizeof(*p)) : NULL;
    uint8_t *seen = p ? sk_new(sk_zip_count(zip), 1) : NULL;
    if (!seen) {
        enum sk_reason why = job->budget->spent;
        job->sink->reason(job->sink->ctx, job->part, why == SK_WHY_NONE ? SK_WHY_DAMAGED : why, "");
        free(p);
        sk_zip_close(zip);
        return NULL;
    }
    p->job = job;
    p->text_before = job->budget->text;
    p->zip = zip;
    p->seen = seen;
    sk_arena_init(&p->arena, ARENA_MAX);
    sk_buf_init(&p->bytes, SIZE_MAX / 2);
    if (damaged)
        sk_opc_reason(p, SK_WHY_DAMAGED, "");
    read_types(p);
    return p;
}

void sk_opc_close(struct sk_opc *p)
{
    if (!p)
        return;
    sk_zip_close(p->zip);
    sk_buf_free(&p->bytes);
    free(p->defaults.items);
    free(p->overrides.items);
    free(p->seen);
    sk_arena_free(&p->arena);
    free(p);
}
