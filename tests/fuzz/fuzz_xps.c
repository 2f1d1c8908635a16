/* layer: extract */
#include "../unit/extract/record_sink.h"

/* Any bytes as a file: whatever they are identified as. Limits are low, so that a bomb costs little. */
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
    int sk_sniff_xps(struct sk_bytes head, struct sk_source * source);
    bool sk_extract_xps(struct sk_job * job);
    struct sk_source *s = sk_source_memory(sk_bytes(data, n));
    if (!s)
        return 0;
    sk_buf_clear(&r->log);
    r->parts = 0;
    sk_budget_start(&r->budget, &r->limits, n);
    sk_sniff_xps(sk_source_head(s, SK_HEAD_BYTES), s);
    struct sk_job job = {
        .source = s, .name = "fuzz", .budget = &r->budget, .fold = r->fold, .scratch = r->scratch, .sink = &r->sink
    };
    sk_extract_xps(&job);
    sk_source_free(s);
    return 0;
}
