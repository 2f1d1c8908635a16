/* whole.c - sources that can only be read forward, for formats that jump about. */
#include "extract/extract.h"

bool sk_with_random(struct sk_job *job, bool (*read)(struct sk_job *job, struct sk_source *source))
{
    if (sk_source_random(job->source))
        return read(job, job->source);
    struct sk_buf hold;
    struct sk_bytes all;
    struct sk_source *memory = NULL;
    uint64_t most = job->budget->limits.max_member_bytes;
    bool ok = true;
    sk_buf_init(&hold, (size_t)most + 1);
    if (sk_source_all(job->source, most, job->budget, &hold, &all) && (memory = sk_source_memory(all)))
        ok = read(job, memory);
    else
        job->sink->reason(job->sink->ctx, job->part,
                          job->budget->spent != SK_WHY_NONE ? job->budget->spent : SK_WHY_DAMAGED, "");
    sk_source_free(memory);
    sk_buf_free(&hold);
    return ok;
}
