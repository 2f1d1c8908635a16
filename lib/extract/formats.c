/* formats.c - the list of formats, and the evidence for those that are only known by name. */
#include "extract/extract.h"
#include "extract/pdf.h"

#define X(symbol, name, ja, en)                                                                                        \
    int sk_sniff_##symbol(struct sk_bytes head, struct sk_source *source);                                             \
    bool sk_extract_##symbol(struct sk_job *job);
#include "extract/formats.def"
#undef X

/* ---------------------------------------------------------------- evidence */

static int at(struct sk_bytes b, size_t off, const char *lit, size_t n)
{
    return off <= b.n && n <= b.n - off && memcmp(b.p + off, lit, n) == 0 ? (int)(8 * n) : 0;
}
#define AT(off, lit) at(b, (off), (lit), sizeof(lit) - 1)

static int jpeg(struct sk_bytes b)
{
    return b.n >= 4 && b.p[0] == 0xFF && b.p[1] == 0xD8 && b.p[2] == 0xFF && b.p[3] >= 0xC0 ? 32 : 0;
}

/* "BM", reserved words zero, a known size of the information header. */
static int bmp(struct sk_bytes b)
{
    struct sk_bytes v = b;
    uint32_t reserved, header;
    if (!SK_STARTS(b, "BM") || !sk_skip(&v, 6) || !sk_u32le(&v, &reserved) || !sk_skip(&v, 4) || !sk_u32le(&v, &header))
        return 0;
    return reserved == 0 && (header == 12 || header == 40 || header == 52 || header == 56 || header == 64 ||
                             header == 108 || header == 124)
               ? 64
               : 0;
}

static int ico(struct sk_bytes b)
{
    if (b.n < 22 || b.p[0] || b.p[1] || (b.p[2] != 1 && b.p[2] != 2) || b.p[3] || b.p[4] == 0 || b.p[5])
        return 0;
    return b.p[9] == 0 && b.p[19] == 0 && b.p[20] == 0 ? 48 : 0;
}

/* Two MPEG audio frame headers need their lengths; sync, a valid version, layer, bit rate and sampling rate are what
 * one header shows. */
static int mpeg_audio(struct sk_bytes b)
{
    if (b.n < 512 || b.p[0] != 0xFF || (b.p[1] & 0xE0) != 0xE0)
        return 0;
    return (b.p[1] & 0x18) != 0x08 && (b.p[1] & 0x06) == 0x02 && (b.p[2] & 0xF0) != 0xF0 && (b.p[2] & 0xF0) &&
                   (b.p[2] & 0x0C) != 0x0C
               ? 20
               : 0;
}

static int flash(struct sk_bytes b)
{
    bool sign = b.n >= 8 && (b.p[0] == 'F' || b.p[0] == 'C' || b.p[0] == 'Z') && b.p[1] == 'W' && b.p[2] == 'S';
    return sign && b.p[3] >= 1 && b.p[3] < 32 ? 32 : 0;
}

/* "MZ" and either a PE/NE/LE header where offset 60 points, or a plausible DOS header. */
static int truetype(struct sk_bytes b)
{
    return b.n >= 12 && AT(0, "\0\x01\0\0") && b.p[4] == 0 && b.p[5] >= 4 && b.p[5] < 64 && (b.p[7] & 0x0F) == 0 ? 48
                                                                                                                 : 0;
}

static int arj(struct sk_bytes b)
{
    if (b.n < 40 || b.p[0] != 0x60 || b.p[1] != 0xEA)
        return 0;
    unsigned size = b.p[2] | (unsigned)b.p[3] << 8;
    return size >= 30 && size <= 2600 && b.p[4] >= 30 && b.p[4] <= 60 && b.p[10] == 2 ? 48 : 0;
}

/* A binary OpenPGP message begins with an encrypted session key packet (RFC 9580, tags 1 and 3) of a known version. */
static int pgp_message(struct sk_bytes b)
{
    if (b.n < 16)
        return 0;
    uint8_t t = b.p[0];
    if (t == 0x85 && b.p[1] <= 0x04 && b.p[3] == 0x03) /* old format, two-byte length, v3 public-key session key */
        return 24;
    if (t == 0x84 && b.p[2] == 0x03)
        return 20;
    if (t == 0xC1 && (b.p[2] == 0x03 || (b.p[1] >= 0xC0 && b.p[3] == 0x03)))
        return 24;
    if ((t == 0x8C && b.p[2] == 0x04) ||
        (t == 0xC3 && b.p[2] == 0x04)) /* v4 symmetric session key; cipher 1..13, S2K 0..3 */
        return b.p[3] >= 1 && b.p[3] <= 13 && b.p[4] <= 3 ? 24 : 0;
    return 0;
}

/* ---------------------------------------------------------------- what is told of them */

static bool tell_secret(struct sk_job *job, const char *method)
{
    job->sink->encrypted(job->sink->ctx, job->part, method);
    job->sink->reason(job->sink->ctx, job->part, SK_WHY_ENCRYPTED, method);
    return true;
}

#define WITH_UNSUPPORTED(symbol, name)
#define WITH_IMAGE(symbol, name)
#define WITH_SECRET(symbol, name)                                                                                      \
    static bool secret_##symbol(struct sk_job *job)                                                                    \
    {                                                                                                                  \
        return tell_secret(job, name);                                                                                 \
    }
#define U(symbol, name, ja, en, why, evidence)                                                                         \
    static int sniff_##symbol(struct sk_bytes b, struct sk_source *source)                                             \
    {                                                                                                                  \
        (void)source;                                                                                                  \
        return (evidence);                                                                                             \
    }                                                                                                                  \
    WITH_##why(symbol, name)
#include "extract/unreadable.def"
#undef U

/* ---------------------------------------------------------------- the list */

#define EXTRACT_UNSUPPORTED(symbol) NULL
#define EXTRACT_IMAGE(symbol) sk_image_read
#define EXTRACT_SECRET(symbol) secret_##symbol

const struct sk_format SK_FORMATS[] = {
#define X(symbol, name, ja, en) { name, ja, en, sk_sniff_##symbol, sk_extract_##symbol },
#include "extract/formats.def"
#undef X
#define U(symbol, name, ja, en, why, evidence) { name, ja, en, sniff_##symbol, EXTRACT_##why(symbol) },
#include "extract/unreadable.def"
#undef U
};
const size_t SK_FORMATS_N = sizeof(SK_FORMATS) / sizeof(SK_FORMATS[0]);
