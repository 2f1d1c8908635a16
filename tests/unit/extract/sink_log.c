#include "sink_log.h"

static uint32_t on_part(void *ctx, uint32_t parent, const char *name, size_t n, enum sk_hidden hidden)
{
    struct sink_log *l = ctx;
    (void)hidden;
    cr_assert(sk_utf8_valid(name, n), "a name is UTF-8");
    if (l->n >= LOG_PARTS || !sk_budget_member(&l->budget))
        return 0;
    struct log_part *p = &l->parts[l->n];
    memset(p, 0, sizeof(*p));
    snprintf(p->name, sizeof(p->name), "%.*s", (int)n, name);
    p->parent = parent;
    struct sk_buf *bufs[] = { &p->text, &p->second, &p->cells, &p->reasons, &p->members };
    for (size_t i = 0; i < 5; i++)
        sk_buf_init(bufs[i], (size_t)1 << 30);
    return l->n++;
}

static void check_segment(const struct sk_segment *s)
{
    cr_assert(sk_utf8_valid(s->text, s->len), "folded text is UTF-8");
    for (uint32_t i = 0; i < SK_PAD; i++)
        cr_assert_eq(s->text[s->len + i], 0, "zeros behind the text");
    uint32_t row = 0, end = 0;
    for (uint32_t i = 0; i < s->n_cells; i++) {
        const struct sk_cell *c = &s->cells[i];
        cr_assert(c->begin <= c->end && c->end <= s->len && c->begin >= end, "cells ascend");
        cr_assert(c->row >= row, "rows ascend");
        row = c->row;
        end = c->end;
    }
    uint32_t at = 0;
    for (uint32_t i = 0; i < s->n_units; i++) {
        cr_assert(s->units[i].begin >= at && s->units[i].begin <= s->len);
        at = s->units[i].begin;
    }
    for (uint32_t i = 0; i < s->n_fields; i++)
        cr_assert(s->fields[i].begin <= s->fields[i].end && s->fields[i].end <= s->len);
}

static bool on_segment(void *ctx, const struct sk_segment *s)
{
    struct sink_log *l = ctx;
    struct log_part *p = &l->parts[s->part];
    check_segment(s);
    if (!s->second_reading) {
        p->segments++;
        p->firsts += s->first;
        p->lasts += s->last;
        p->table = s->layout == SK_TABLE;
        p->sheet = s->sheet;
        p->largest = s->len > p->largest ? s->len : p->largest;
        if (s->raw)
            p->charset = s->raw->charset;
    }
    if (!l->keep_nothing) {
        sk_buf_add(s->second_reading ? &p->second : &p->text, s->text, s->len);
        for (uint32_t i = 0; i < s->n_cells && !s->second_reading; i++)
            sk_buf_printf(&p->cells, "%u,%u=%.*s\n", s->cells[i].row, s->cells[i].col,
                          (int)(s->cells[i].end - s->cells[i].begin), s->text + s->cells[i].begin);
    }
    return l->on_segment ? l->on_segment(l, s) : true;
}

static bool scan_part(struct sink_log *l, uint32_t part, struct sk_source *source);

static bool on_child(void *ctx, uint32_t part, struct sk_source *source)
{
    struct sink_log *l = ctx;
    l->depth++;
    bool more = scan_part(l, part, source);
    l->depth--;
    return more;
}

static void on_format(void *ctx, uint32_t part, const char *name)
{
    struct sink_log *l = ctx;
    snprintf(l->parts[part].format, sizeof(l->parts[part].format), "%s", name);
}

static void on_reason(void *ctx, uint32_t part, enum sk_reason why, const char *detail)
{
    struct sink_log *l = ctx;
    char text[256];
    snprintf(text, sizeof(text), "%s:%s;", sk_reason_code(why), detail);
    if (!strstr(log_text(&l->parts[part].reasons), text))
        sk_buf_str(&l->parts[part].reasons, text);
}

static void on_encrypted(void *ctx, uint32_t part, const char *method)
{
    struct sink_log *l = ctx;
    snprintf(l->parts[part].encrypted, sizeof(l->parts[part].encrypted), "%s", method);
}

static void on_member(void *ctx, uint32_t part, const char *name, size_t n, uint64_t size, uint32_t crc)
{
    struct sink_log *l = ctx;
    sk_buf_printf(&l->parts[part].members, "%.*s:%llu:%08x;", (int)n, name, (unsigned long long)size, crc);
}

static void on_msip(void *ctx, uint32_t part, const struct sk_msip *label)
{
    (void)ctx;
    (void)part;
    (void)label;
}

static struct sk_sink sink_of(struct sink_log *l)
{
    struct sk_sink s = { l, on_part, on_segment, on_child, on_format, on_reason, on_encrypted, on_member, on_msip };
    return s;
}

struct sk_job log_job(struct sink_log *l, struct sk_sink *sink)
{
    *sink = sink_of(l);
    struct sk_job job = { .budget = &l->budget, .fold = l->fold, .scratch = l->scratch, .sink = sink };
    return job;
}

static bool scan_part(struct sink_log *l, uint32_t part, struct sk_source *source)
{
    struct sk_sink sink;
    struct sk_job job = log_job(l, &sink);
    job.source = source;
    job.part = part;
    job.name = l->parts[part].name;
    const struct sk_format *f = sk_identify(source, &job.guess);
    if (f)
        on_format(l, part, f->name);
    if (!f || !f->extract)
        on_reason(l, part, SK_WHY_UNSUPPORTED, f ? f->name : "");
    else if (l->depth + 1 > l->limits.max_depth && strcmp(f->name, "text") != 0)
        on_reason(l, part, SK_WHY_TOO_DEEP, "");
    else
        return f->extract(&job) && l->budget.spent == SK_WHY_NONE;
    return true;
}

struct sink_log *log_new(void)
{
    struct sink_log *l = calloc(1, sizeof(*l));
    l->fold = sk_fold_new();
    l->scratch = sk_scratch_new();
    l->limits = SK_LIMITS_DEFAULT;
    cr_assert(l->fold && l->scratch);
    log_clear(l);
    return l;
}

void log_clear(struct sink_log *l)
{
    for (uint32_t i = 0; i < l->n; i++) {
        struct sk_buf *bufs[] = { &l->parts[i].text, &l->parts[i].second, &l->parts[i].cells, &l->parts[i].reasons,
                                  &l->parts[i].members };
        for (size_t k = 0; k < 5; k++)
            sk_buf_free(bufs[k]);
    }
    l->n = 0;
    l->depth = 0;
    sk_budget_start(&l->budget, &l->limits, 1 << 20);
    on_part(l, 0, "", 0, SK_SHOWN);
    l->budget.members = 0;
}

void log_free(struct sink_log *l)
{
    log_clear(l);
    sk_fold_free(l->fold);
    sk_scratch_free(l->scratch);
    free(l);
}

bool log_scan(struct sink_log *l, struct sk_source *source, const char *name)
{
    log_clear(l);
    uint64_t size = sk_source_size(source);
    if (size != SK_SIZE_UNKNOWN)
        l->budget.file_bytes = size;
    snprintf(l->parts[0].name, sizeof(l->parts[0].name), "%s", name);
    return scan_part(l, 0, source);
}

bool log_memory(struct sink_log *l, const void *bytes, size_t n, const char *name)
{
    struct sk_source *s = sk_source_memory(sk_bytes(bytes, n));
    cr_assert(s);
    bool more = log_scan(l, s, name);
    sk_source_free(s);
    return more;
}

struct log_part *log_find(struct sink_log *l, const char *name)
{
    for (uint32_t i = l->n; i-- > 0;)
        if (strcmp(l->parts[i].name, name) == 0)
            return &l->parts[i];
    return NULL;
}

struct sk_bytes log_file(const char *path)
{
    char full[4096];
    snprintf(full, sizeof(full), "%s/%s", TESTS_DIR, path);
    FILE *f = fopen(full, "rb");
    cr_assert(f, "%s", full);
    fseek(f, 0, SEEK_END);
    long n = ftell(f);
    rewind(f);
    uint8_t *p = malloc((size_t)n + 1);
    cr_assert(fread(p, 1, (size_t)n, f) == (size_t)n);
    fclose(f);
    return sk_bytes(p, (size_t)n);
}

const char *log_text(const struct sk_buf *b)
{
    return b->p ? b->p : "";
}
