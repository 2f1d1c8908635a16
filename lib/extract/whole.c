/* whole.c - sources that can only be read forward, for formats that jump about. */
#include "extract/extract.h"

ssize_t sk_read_fully(struct sk_source *source, uint64_t off, void *buf, size_t n)
{
    size_t have = 0;
    for (ssize_t got = 1; have < n && got > 0; have += got > 0 ? (size_t)got : 0)
        if ((got = sk_source_read(source, off + have, (char *)buf + have, n - have)) < 0)
            return -1;
    return (ssize_t)have;
}

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
