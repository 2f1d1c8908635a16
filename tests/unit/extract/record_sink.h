/*
 * record_sink.h - a sink that writes a transcript, one line for each thing it receives, and scans children as the
 * library does: part 1 in 0 [very] 元データ          a part, its parent, its hidden state, its name format 0 xlsx 0
 * header - 取扱注意                   text of part 0: kind, hidden state, one line of text 1 body very C3 氏名 a cell
 * of a sheet (of other tables: r2c1); "C3~" repeated, "C3(row)" hidden 0 reason damaged / 0 encrypted zipcrypto / 0
 * member a.csv 120 0x1234 / 0 msip <guid> <site> enabled|removed info|custom Tests look for whole lines.
 */
#ifndef RECORD_SINK_H
#define RECORD_SINK_H

#include "extract/extract.h"

#include <stdio.h>
#include <stdlib.h>

struct record {
    struct sk_buf log;
    struct sk_sink sink;
    struct sk_budget budget;
    struct sk_limits limits;
    struct sk_fold *fold;
    struct sk_scratch *scratch;
    uint32_t parts;
    unsigned depth;
    bool stop_at_text; /* the sink says stop at the first segment */
    bool quiet;        /* counts only (fuzzing) */
};

static const char *const RECORD_KINDS[] = { "body",    "title", "header",   "footer",   "watermark",   "stamp",
                                            "comment", "note",  "property", "filename", "mail-header", "ruby" };
static const char *const RECORD_HIDDEN[] = { "-",     "sheet",    "very",  "row",     "column",
                                             "pivot", "embedded", "cache", "change",  "comment",
                                             "notes", "slide",    "text",  "covered", "name" };

static uint32_t record_part(void *ctx, uint32_t parent, const char *name, size_t n, enum sk_hidden hidden)
{
    struct record *r = ctx;
    uint32_t number = ++r->parts;
    if (!r->quiet)
        sk_buf_printf(&r->log, "part %u in %u [%s] %.*s\n", number, parent, RECORD_HIDDEN[hidden], (int)n, name);
    return number;
}

static void record_cell(struct record *r, const struct sk_segment *s, const struct sk_cell *c)
{
    char at[32], letters[4] = "";
    if (s->sheet) {
        unsigned col = c->col + 1u, k = 0;
        char rev[4];
        for (; col && k < 3; col = (col - 1) / 26)
            rev[k++] = (char)('A' + (col - 1) % 26);
        for (unsigned i = 0; i < k; i++)
            letters[i] = rev[k - 1 - i];
        letters[k] = '\0';
        snprintf(at, sizeof(at), "%s%u", letters, c->row + 1u);
    } else {
        snprintf(at, sizeof(at), "r%uc%u", c->row, (unsigned)c->col);
    }
    sk_buf_printf(&r->log, "%u %s %s %s%s%s%s%s %.*s\n", s->part, RECORD_KINDS[s->kind], RECORD_HIDDEN[s->hidden], at,
                  c->repeat ? "~" : "", c->hidden ? "(" : "", c->hidden ? RECORD_HIDDEN[c->hidden] : "",
                  c->hidden ? ")" : "", (int)(c->end - c->begin), s->text + c->begin);
}

static void record_field(struct record *r, const struct sk_segment *s, const struct sk_field *f)
{
    static const char *const ASPECTS[] = { "", ".symbol", ".number", ".branch", ".family", ".given" };
    sk_buf_printf(&r->log, "%u field %u %s%s %.*s\n", s->part, f->record, sk_element_name((enum sk_element)f->element),
                  ASPECTS[f->aspect], (int)(f->end - f->begin), s->text + f->begin);
}

static bool record_segment(void *ctx, const struct sk_segment *s)
{
    struct record *r = ctx;
    if (r->quiet || s->second_reading)
        return !r->stop_at_text;
    for (uint32_t i = 0; i < s->n_cells; i++)
        record_cell(r, s, &s->cells[i]);
    for (uint32_t i = 0; i < s->n_fields; i++)
        record_field(r, s, &s->fields[i]);
    for (uint32_t at = 0, unit = 0; at < s->len && s->n_cells + s->n_fields == 0;) {
        const char *end = memchr(s->text + at, '\n', s->len - at);
        uint32_t n = end ? (uint32_t)(end - s->text) - at : s->len - at;
        while (unit + 1 < s->n_units && s->units[unit + 1].begin <= at)
            unit++;
        const struct sk_unit *u = s->n_units && s->units[unit].begin <= at ? &s->units[unit] : NULL;
        char place[40] = "";
        if (u && u->slide)
            snprintf(place, sizeof(place), " s%u", u->slide);
        else if (u && u->paragraph)
            snprintf(place, sizeof(place), " p%u", u->paragraph);
        uint32_t shown = n && s->text[at + n - 1] == '\r' ? n - 1 : n;
        if (shown)
            sk_buf_printf(&r->log, "%u %s %s%s %.*s\n", s->part, RECORD_KINDS[s->kind], RECORD_HIDDEN[s->hidden], place,
                          (int)shown, s->text + at);
        at += n + 1;
    }
    return !r->stop_at_text;
}

static bool record_scan(struct record *r, uint32_t part, const char *name, struct sk_source *source);

static bool record_child(void *ctx, uint32_t part, struct sk_source *source)
{
    struct record *r = ctx;
    r->depth++;
    bool go = record_scan(r, part, "", source);
    r->depth--;
    return go && r->budget.spent == SK_WHY_NONE;
}

static void record_format(void *ctx, uint32_t part, const char *name)
{
    struct record *r = ctx;
    sk_buf_printf(&r->log, "format %u %s\n", part, name);
}

static void record_reason(void *ctx, uint32_t part, enum sk_reason why, const char *detail)
{
    struct record *r = ctx;
    sk_buf_printf(&r->log, "%u reason %s%s%s\n", part, sk_reason_code(why), *detail ? " " : "", detail);
}

static void record_encrypted(void *ctx, uint32_t part, const char *method)
{
    struct record *r = ctx;
    sk_buf_printf(&r->log, "%u encrypted %s\n", part, method);
}

static void record_member(void *ctx, uint32_t part, const char *name, size_t n, uint64_t size, uint32_t crc)
{
    struct record *r = ctx;
    sk_buf_printf(&r->log, "%u member %.*s %llu 0x%08x\n", part, (int)n, name, (unsigned long long)size, crc);
}

static void record_msip(void *ctx, uint32_t part, const struct sk_msip *m)
{
    struct record *r = ctx;
    sk_buf_printf(&r->log, "%u msip %s %s %s %s\n", part, m->guid, m->site,
                  m->removed   ? "removed"
                  : m->enabled ? "enabled"
                               : "disabled",
                  m->label_info ? "info" : "custom");
}

static bool record_scan(struct record *r, uint32_t part, const char *name, struct sk_source *source)
{
    struct sk_job job = { .source = source,
                          .part = part,
                          .name = name,
                          .budget = &r->budget,
                          .fold = r->fold,
                          .scratch = r->scratch,
                          .sink = &r->sink };
    const struct sk_format *f = r->depth <= r->limits.max_depth ? sk_identify(source, &job.guess) : NULL;
    if (!f || !f->extract) {
        record_reason(r, part, r->depth <= r->limits.max_depth ? SK_WHY_UNSUPPORTED : SK_WHY_TOO_DEEP,
                      f ? f->name : "");
        return true;
    }
    if (!r->quiet)
        record_format(r, part, f->name);
    return f->extract(&job);
}

static inline struct record *record_new(void)
{
    struct record *r = calloc(1, sizeof(*r));
    r->sink = (struct sk_sink){ r,
                                record_part,
                                record_segment,
                                record_child,
                                record_format,
                                record_reason,
                                record_encrypted,
                                record_member,
                                record_msip };
    r->limits = SK_LIMITS_DEFAULT;
    r->fold = sk_fold_new();
    r->scratch = sk_scratch_new();
    sk_buf_init(&r->log, (size_t)256 << 20);
    return r;
}

static inline void record_free(struct record *r)
{
    sk_fold_free(r->fold);
    sk_scratch_free(r->scratch);
    sk_buf_free(&r->log);
    free(r);
}

/* Scans bytes as a file; the transcript is in r->log.p. */
static inline bool record_bytes(struct record *r, const char *name, const void *p, size_t n)
{
    sk_buf_clear(&r->log);
    sk_buf_str(&r->log, "\n");
    r->parts = 0;
    sk_budget_start(&r->budget, &r->limits, n);
    struct sk_source *s = sk_source_memory(sk_bytes(p, n));
    bool go = record_scan(r, 0, name, s);
    sk_source_free(s);
    return go;
}

/* A whole file; NULL when it cannot be read. */
static inline uint8_t *record_load(const char *path, size_t *n)
{
    *n = 0;
    FILE *f = fopen(path, "rb");
    if (!f)
        return NULL;
    fseek(f, 0, SEEK_END);
    long size = ftell(f);
    rewind(f);
    uint8_t *p = size >= 0 ? malloc((size_t)size + 1) : NULL;
    *n = p ? fread(p, 1, (size_t)size, f) : 0;
    fclose(f);
    return p;
}

/* Is this whole line in the transcript? */
static inline bool record_has(const struct record *r, const char *line)
{
    char want[2048];
    snprintf(want, sizeof(want), "\n%s\n", line);
    return r->log.p && strstr(r->log.p, want) != NULL;
}

#endif
