/* fmt_zip.c - a ZIP archive: every member is a child; members that cannot be read are told one by one. */
#include "extract/zip.h"

#define IN_MEMORY ((uint64_t)64 << 20)

int sk_sniff_zip(struct sk_bytes head, struct sk_source *source);
bool sk_extract_zip(struct sk_job *job);

/* A program that unpacks itself: the archive stands behind the code and is found from the end. */
static bool self_extracting(struct sk_bytes head, struct sk_source *source)
{
    if (!(SK_STARTS(head, "MZ") || SK_STARTS(head, "\177ELF") || SK_STARTS(head, "#!")) || !sk_source_random(source))
        return false;
    struct sk_budget budget = { 0 };
    sk_budget_start(&budget, &SK_LIMITS_DEFAULT, sk_source_size(source));
    struct sk_zip *z = sk_zip_open_listed(source, &budget);
    sk_zip_close(z);
    return z != NULL;
}

int sk_sniff_zip(struct sk_bytes head, struct sk_source *source)
{
    if (SK_STARTS(head, "PK\003\004"))
        return 32;
    if (SK_STARTS(head, "PK\005\006\0\0\0\0")) /* an empty archive */
        return 64;
    if (SK_STARTS(head, "PK\007\010PK\003\004") || SK_STARTS(head, "PK00PK\003\004")) /* split, then joined */
        return 64;
    if (self_extracting(head, source))
        return 64;
    return 0;
}

/* The method of the member that is protected least; *all: no member stands open. NULL: nothing is encrypted. */
static const char *weakest(const struct sk_zip *z, bool *all)
{
    static const char *const ORDER[] = { "zipcrypto", "zip-unknown", "zip-aes128", "zip-aes192", "zip-aes256" };
    size_t low = sizeof(ORDER) / sizeof(ORDER[0]);
    *all = true;
    for (size_t i = 0; i < sk_zip_count(z); i++) {
        const struct sk_zip_member *m = sk_zip_at(z, i);
        if (!m->encrypted && !m->folder)
            *all = false;
        for (size_t k = 0; m->encrypted && k < low; k++)
            if (strcmp(ORDER[k], m->encryption) == 0)
                low = k;
    }
    return low < sizeof(ORDER) / sizeof(ORDER[0]) ? ORDER[low] : NULL;
}

/* Names of encrypted members stand in the clear. */
static bool give_name(struct sk_job *job, uint32_t part, const char *name)
{
    struct sk_out *o = sk_out_open(job, part);
    if (!o)
        return true;
    sk_out_kind(o, SK_RUN_FILENAME, SK_SHOWN);
    sk_out_text(o, name, strlen(name));
    return sk_out_close(o);
}

static bool give_stream(struct sk_job *job, struct sk_zip *z, size_t i, uint32_t part, enum sk_reason *why)
{
    struct sk_source *s = sk_zip_stream(z, i);
    if (!s) {
        *why = SK_WHY_UNSUPPORTED;
        return true;
    }
    bool go = job->sink->child(job->sink->ctx, part, s);
    sk_source_free(s);
    *why = sk_zip_stream_why(z);
    return go;
}

static bool give_bytes(struct sk_job *job, struct sk_zip *z, size_t i, uint32_t part, struct sk_buf *buf,
                       enum sk_reason *why)
{
    *why = sk_zip_read(z, i, buf);
    if (buf->n == 0 && *why != SK_WHY_NONE)
        return true;
    struct sk_source *s = sk_source_memory(sk_bytes(buf->p, buf->n));
    if (!s) {
        *why = SK_WHY_TOO_LARGE;
        return true;
    }
    bool go = job->sink->child(job->sink->ctx, part, s);
    sk_source_free(s);
    return go;
}

static bool one_member(struct sk_job *job, struct sk_zip *z, size_t i, struct sk_buf *buf)
{
    const struct sk_sink *sink = job->sink;
    const struct sk_zip_member *m = sk_zip_at(z, i);
    uint32_t part = sink->part(sink->ctx, job->part, m->name, strlen(m->name), SK_SHOWN);
    if (part == 0) {
        sink->reason(sink->ctx, job->part, SK_WHY_TOO_LARGE, "");
        return true;
    }
    if (m->encrypted) {
        sink->encrypted(sink->ctx, part, m->encryption);
        sink->reason(sink->ctx, part, SK_WHY_ENCRYPTED, m->encryption);
        return give_name(job, part, m->name);
    }
    enum sk_reason why;
    bool go = !m->unsized && m->size > IN_MEMORY ? give_stream(job, z, i, part, &why)
                                                 : give_bytes(job, z, i, part, buf, &why);
    char method[32];
    if (why != SK_WHY_NONE)
        sink->reason(sink->ctx, part, why,
                     why == SK_WHY_UNSUPPORTED ? sk_zip_method_name(m->method, method, sizeof(method)) : "");
    return go;
}

bool sk_extract_zip(struct sk_job *job)
{
    const struct sk_sink *sink = job->sink;
    uint8_t head[4];
    bool damaged, go = true;
    struct sk_zip *z = sk_zip_open(job->source, job->budget, &damaged);
    if (!z) {
        if (job->budget->spent != SK_WHY_NONE) {
            sink->reason(sink->ctx, job->part, job->budget->spent, "");
            return true;
        }
        /* "PK 5 6" first and nothing else is the empty archive, which is complete. */
        if (sk_source_read(job->source, 0, head, 4) != 4 || memcmp(head, "PK\005\006", 4) != 0)
            sink->reason(sink->ctx, job->part, SK_WHY_DAMAGED, "");
        return true;
    }
    if (damaged)
        sink->reason(sink->ctx, job->part, SK_WHY_DAMAGED, "");
    bool all;
    const char *method = weakest(z, &all);
    if (method && all)
        sink->encrypted(sink->ctx, job->part, method);
    struct sk_buf buf;
    sk_buf_init(&buf, 0);
    for (size_t i = 0; go && i < sk_zip_count(z); i++) {
        const struct sk_zip_member *m = sk_zip_at(z, i);
        if (m->folder)
            continue;
        if (!sk_budget_member(job->budget)) {
            if (job->budget->spent != SK_WHY_NONE)
                sink->reason(sink->ctx, job->part, job->budget->spent, "");
            break;
        }
        if (method)
            sink->member(sink->ctx, job->part, m->name, strlen(m->name), m->unsized ? 0 : m->size, m->crc);
        go = one_member(job, z, i, &buf);
    }
    sk_buf_free(&buf);
    sk_zip_close(z);
    return go;
}
