/* layer: extract */
/* fuzz_text.c - plain text and delimited tables: identification, blocks, rows, places. */
#include "extract/extract.h"

#include <stdlib.h>

static uint32_t on_part(void *ctx, uint32_t parent, const char *name, size_t n, enum sk_hidden hidden)
{
    (void)ctx, (void)parent, (void)name, (void)n, (void)hidden;
    return 1;
}

/* What every consumer relies on; a violation is a crash for the fuzzer. */
static bool on_segment(void *ctx, const struct sk_segment *s)
{
    const struct sk_bytes *all = ctx;
    uint32_t end = 0, row = 0;
    for (uint32_t i = 0; i < SK_PAD; i++)
        if (s->text[s->len + i])
            abort();
    for (uint32_t i = 0; i < s->n_cells; i++) {
        const struct sk_cell *c = &s->cells[i];
        if (c->begin < end || c->end < c->begin || c->end > s->len || c->row < row)
            abort();
        end = c->end;
        row = c->row;
    }
    if (s->raw && s->raw->offset + s->raw->n > all->n)
        abort();
    if (s->raw && s->len) {
        uint32_t begin, stop;
        sk_fold_source(s->fold, s->raw->charset, s->raw->bytes, s->raw->n, s->raw->map, s->len / 2, s->len, &begin,
                       &stop);
        if (begin > stop || stop > s->raw->n)
            abort();
    }
    return true;
}

static bool on_child(void *ctx, uint32_t part, struct sk_source *source)
{
    (void)ctx, (void)part, (void)source;
    return true;
}

static void on_format(void *ctx, uint32_t part, const char *name)
{
    (void)ctx, (void)part, (void)name;
}

static void on_reason(void *ctx, uint32_t part, enum sk_reason why, const char *detail)
{
    (void)ctx, (void)part, (void)why, (void)detail;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static struct sk_fold *fold;
    static struct sk_scratch *scratch;
    if (!fold)
        fold = sk_fold_new();
    if (!scratch)
        scratch = sk_scratch_new();
    struct sk_bytes all = sk_bytes(data, n);
    struct sk_sink sink = {
        .ctx = &all, .part = on_part, .segment = on_segment, .child = on_child, .format = on_format, .reason = on_reason
    };
    struct sk_budget budget = { 0 };
    sk_budget_start(&budget, &SK_LIMITS_DEFAULT, n);
    struct sk_source *source = sk_source_memory(all);
    if (!fold || !scratch || !source)
        return 0;
    struct sk_job job = {
        .source = source, .name = "", .budget = &budget, .fold = fold, .scratch = scratch, .sink = &sink
    };
    const struct sk_format *f = sk_identify(source, &job.guess);
    if (job.guess.best == SK_CS_BINARY)
        job.guess = (struct sk_guess){ SK_CS_CP932, SK_CS_EUCJP, 0 };
    if (!f || f->sniff != SK_FORMATS[0].sniff)
        f = &SK_FORMATS[0]; /* text, whatever the bytes look like */
    f->extract(&job);
    sk_source_free(source);
    return 0;
}
