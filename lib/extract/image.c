/*
 * image.c - pictures: QR and bar codes, and text when the limits ask for it, are read by the programs sekisho-image and
 * sekisho-ocr; what they cannot read stays an image. Without recognition the text on a picture was not inspected, which
 * is told.
 */
#include "extract/pdf.h"

#define SMALLEST 100u /* bytes: no picture with a code in it is smaller */
#define LARGEST ((uint64_t)256 << 20)

/* What leptonica decodes. */
static bool decodable(struct sk_bytes b)
{
    return SK_STARTS(b, "\x89PNG\r\n\x1A\n") || SK_STARTS(b, "\xFF\xD8\xFF") || SK_STARTS(b, "GIF8") ||
           SK_STARTS(b, "BM") || SK_STARTS(b, "II*\0") || SK_STARTS(b, "MM\0*") ||
           (SK_STARTS(b, "RIFF") && b.n >= 12 && memcmp(b.p + 8, "WEBP", 4) == 0);
}

bool sk_image_read(struct sk_job *job)
{
    const struct sk_sink *sink = job->sink;
    struct sk_buf hold;
    struct sk_bytes all;
    bool more = true, whole = false, ocr = job->budget->limits.ocr;
    uint64_t most = job->budget->limits.max_member_bytes < LARGEST ? job->budget->limits.max_member_bytes : LARGEST;
    struct sk_bytes head = sk_source_head(job->source, 4096);
    sk_buf_init(&hold, 0);
    if (job->helper && head.n >= SMALLEST && decodable(head) && sk_source_all(job->source, most, NULL, &hold, &all))
        more = sk_read_by_helper(job, ocr ? "ocr" : "image", all, &whole);
    if (!(ocr && whole))
        sink->reason(sink->ctx, job->part, SK_WHY_IMAGE_ONLY, "");
    sk_buf_free(&hold);
    return more;
}
