/* layer: extract */
#include "../unit/extract/record_sink.h"
#include "extract/pdf.h"

struct rest {
    const uint8_t *p;
    size_t n;
};

static ssize_t pull(void *ctx, void *buf, size_t n)
{
    struct rest *r = ctx;
    size_t take = r->n < n ? r->n : n;
    take = take > 1000 ? 1000 : take; /* records come in pieces */
    if (take)
        memcpy(buf, r->p, take);
    r->p += take;
    r->n -= take;
    return (ssize_t)take;
}

/* Any bytes as what the helper program says: it has read hostile bytes and may be in their hands. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static struct record *r;
    if (!r) {
        r = record_new();
        r->quiet = true;
        r->limits.max_expanded_bytes = 8u << 20;
        r->limits.max_member_bytes = 4u << 20;
        r->limits.max_text_bytes = 8u << 20;
        r->limits.max_members = 200;
        r->limits.seconds = 5;
    }
    struct rest rest = { data, n };
    sk_buf_clear(&r->log);
    r->parts = 0;
    sk_budget_start(&r->budget, &r->limits, n);
    struct sk_job job = {
        .name = "fuzz", .budget = &r->budget, .fold = r->fold, .scratch = r->scratch, .sink = &r->sink
    };
    sk_pdf_records(&job, pull, &rest);
    return 0;
}
