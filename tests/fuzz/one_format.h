/* one_format.h - a fuzz target of one format: any bytes are read by it, and what it finds inside by whatever that is.
 * Limits are low, so that a bomb costs little. */
#ifndef ONE_FORMAT_H
#define ONE_FORMAT_H

#include "../unit/extract/record_sink.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static inline int fuzz_format(const uint8_t *data, size_t n, int (*sniff)(struct sk_bytes, struct sk_source *),
                              bool (*extract)(struct sk_job *))
{
    static struct record *r;
    if (!r) {
        r = record_new();
        r->quiet = true;
        r->limits.max_expanded_bytes = 8u << 20;
        r->limits.max_member_bytes = 4u << 20;
        r->limits.max_text_bytes = 8u << 20;
        r->limits.max_members = 200;
        r->limits.max_depth = 4;
        r->limits.seconds = 5;
    }
    struct sk_source *s = sk_source_memory(sk_bytes(data, n));
    if (!s)
        return 0;
    sk_buf_clear(&r->log);
    r->parts = 0;
    sk_budget_start(&r->budget, &r->limits, n);
    sniff(sk_source_head(s, SK_HEAD_BYTES), s);
    struct sk_job job = {
        .source = s, .name = "fuzz", .budget = &r->budget, .fold = r->fold, .scratch = r->scratch, .sink = &r->sink
    };
    extract(&job);
    sk_source_free(s);
    return 0;
}

#define FUZZ_FORMAT(symbol)                                                                                            \
    int sk_sniff_##symbol(struct sk_bytes head, struct sk_source *source);                                            \
    bool sk_extract_##symbol(struct sk_job *job);                                                                      \
    int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)                                                          \
    {                                                                                                                  \
        return fuzz_format(data, n, sk_sniff_##symbol, sk_extract_##symbol);                                           \
    }

#endif
