/* layer: extract */
/* fuzz_archive.c - libarchive's formats and the RAR headers, with everything found inside. */
#include "base/utf8.h"
#include "extract/extract.h"

#include <stdlib.h>

struct run {
    const struct sk_sink *sink;
    struct sk_budget *budget;
    const struct sk_fold *fold;
    struct sk_scratch *scratch;
    uint32_t parts;
    unsigned depth;
};

static bool scan(struct run *r, uint32_t part, struct sk_source *source)
{
    struct sk_job job = { .source = source,
                          .part = part,
                          .name = "a.gz",
                          .budget = r->budget,
                          .fold = r->fold,
                          .scratch = r->scratch,
                          .sink = r->sink };
    const struct sk_format *f = sk_identify(source, &job.guess);
    if (f && f->extract && r->depth < 4)
        f->extract(&job);
    return r->budget->spent == SK_WHY_NONE;
}

static uint32_t on_part(void *ctx, uint32_t parent, const char *name, size_t n, enum sk_hidden hidden)
{
    struct run *r = ctx;
    (void)hidden;
    if (parent > r->parts || !sk_utf8_valid(name, n))
        abort();
    return r->parts < 200 ? ++r->parts : 0;
}

static bool on_segment(void *ctx, const struct sk_segment *s)
{
    struct run *r = ctx;
    if (s->part > r->parts)
        abort();
    return true;
}

static bool on_child(void *ctx, uint32_t part, struct sk_source *source)
{
    struct run *r = ctx;
    r->depth++;
    bool more = scan(r, part, source);
    r->depth--;
    return more;
}

static void on_format(void *ctx, uint32_t part, const char *name)
{
    (void)ctx, (void)part, (void)name;
}

static void on_reason(void *ctx, uint32_t part, enum sk_reason why, const char *detail)
{
    (void)ctx, (void)part, (void)why, (void)detail;
}

static void on_encrypted(void *ctx, uint32_t part, const char *method)
{
    (void)ctx, (void)part, (void)method;
}

static void on_member(void *ctx, uint32_t part, const char *name, size_t n, uint64_t size, uint32_t crc)
{
    (void)ctx, (void)part, (void)size, (void)crc;
    if (!sk_utf8_valid(name, n))
        abort();
}

static void on_msip(void *ctx, uint32_t part, const struct sk_msip *label)
{
    (void)ctx, (void)part, (void)label;
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
    struct run r = { .fold = fold, .scratch = scratch };
    const struct sk_sink sink = { &r,        on_part,      on_segment, on_child, on_format,
                                  on_reason, on_encrypted, on_member,  on_msip };
    struct sk_limits limits = SK_LIMITS_DEFAULT;
    limits.max_expanded_bytes = 8 << 20;
    limits.max_member_bytes = 4 << 20;
    limits.seconds = 20;
    struct sk_budget budget = { 0 };
    sk_budget_start(&budget, &limits, n);
    r.sink = &sink;
    r.budget = &budget;
    struct sk_source *source = sk_source_memory(sk_bytes(data, n));
    if (fold && scratch && source)
        scan(&r, 0, source);
    sk_source_free(source);
    return 0;
}
