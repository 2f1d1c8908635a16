/*
 * fmt_ichitaro.c - 一太郎 5 and 6 (.jaw .jtw .jbw .juw): "DOC\0", and from 0x800 on text in CP932 between control bytes
 * that are not published. What reads as text is given; a file in which almost nothing does (version 4 packs it) is
 * told.
 */
#include "extract/extract.h"

int sk_sniff_ichitaro(struct sk_bytes head, struct sk_source *source);
bool sk_extract_ichitaro(struct sk_job *job);

#define TEXT_AT ((size_t)0x800)
#define FILE_MAX ((uint64_t)64 << 20)
#define RUN_MIN 4u /* bytes: shorter runs between control bytes are numbers that happen to be characters */

int sk_sniff_ichitaro(struct sk_bytes head, struct sk_source *source)
{
    (void)source;
    return SK_STARTS(head, "DOC\0") && head.n > TEXT_AT ? 32 : 0;
}

/* Bytes of the CP932 character at p, 0 when there is none. */
static size_t character(struct sk_bytes b, size_t i)
{
    uint8_t c = b.p[i];
    if ((c >= 0x20 && c < 0x7F) || c == '\t' || (c >= 0xA1 && c <= 0xDF))
        return 1;
    bool lead = (c >= 0x81 && c <= 0x9F) || (c >= 0xE0 && c <= 0xFC);
    uint8_t t = lead && i + 1 < b.n ? b.p[i + 1] : 0;
    return t >= 0x40 && t != 0x7F && t <= 0xFC ? 2 : 0;
}

static size_t run_length(struct sk_bytes b, size_t i)
{
    size_t n = 0;
    for (size_t k; i + n < b.n && (k = character(b, i + n)) != 0;)
        n += k;
    return n;
}

static size_t text_bytes(struct sk_bytes b)
{
    size_t sum = 0;
    for (size_t i = 0, n; i < b.n; i += n ? n : 1)
        if ((n = run_length(b, i)) >= RUN_MIN)
            sum += n;
    return sum;
}

static bool give_text(struct sk_job *job, struct sk_bytes b)
{
    struct sk_out *o = sk_out_open(job, job->part);
    if (!o) {
        job->sink->reason(job->sink->ctx, job->part, SK_WHY_TOO_LARGE, "memory");
        return true;
    }
    bool ok = true;
    for (size_t i = 0, n; ok && i < b.n; i += n ? n : 1)
        if ((n = run_length(b, i)) >= RUN_MIN)
            ok = sk_out_bytes(o, SK_CS_CP932, b.p + i, n) && sk_out_line(o);
    return sk_out_close(o) && ok;
}

bool sk_extract_ichitaro(struct sk_job *job)
{
    const struct sk_sink *sink = job->sink;
    struct sk_buf hold;
    struct sk_bytes all, b;
    bool ok = true;
    sk_buf_init(&hold, 0);
    if (!sk_source_all(job->source, FILE_MAX, job->budget, &hold, &all)) {
        if (job->budget->spent == SK_WHY_NONE)
            sink->reason(sink->ctx, job->part, SK_WHY_DAMAGED, "");
    } else if (!sk_slice(all, TEXT_AT, all.n - TEXT_AT, &b) || text_bytes(b) < b.n / 4) {
        sink->reason(sink->ctx, job->part, SK_WHY_UNSUPPORTED, "ichitaro");
    } else {
        ok = give_text(job, b);
    }
    sk_buf_free(&hold);
    return ok;
}
