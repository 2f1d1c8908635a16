/*
 * fmt_cms.c - signed and encrypted envelopes (CMS, RFC 5652; PKCS #7): .p7m files and the bodies of S/MIME mail. What
 * is signed stands inside in the clear and is read; what is enveloped is encrypted.
 */
#include "extract/base64.h"
#include "extract/mime.h"

#include <strings.h>

int sk_sniff_cms(struct sk_bytes head, struct sk_source *source);
bool sk_extract_cms(struct sk_job *job);

#define DEPTH 16u /* elements of unknown length inside each other */

enum tag {
    INTEGER = 0x02,
    OCTETS = 0x04,
    OID = 0x06,
    SEQUENCE = 0x30,
    SET = 0x31,
    OCTETS_PARTS = 0x24,
    EXPLICIT = 0xA0
};

/* ---------------------------------------------------------------- BER */

struct element {
    uint8_t tag;
    bool open; /* of unknown length: content reaches to an end mark, or as far as there is anything */
    bool cut;  /* the content ends before its length says so */
    struct sk_bytes content;
};

/* Takes the header of the next element; its content stays in *b. False at the end, at an end mark, or in nonsense. */
static bool enter(struct sk_bytes *b, struct element *e)
{
    uint8_t first;
    uint64_t n = 0;
    if (!sk_u8(b, &e->tag) || !sk_u8(b, &first) || (e->tag & 0x1F) == 0x1F || e->tag == 0)
        return false;
    e->open = first == 0x80;
    e->cut = false;
    if (e->open) {
        e->content = *b;
        return (e->tag & 0x20) != 0;
    }
    if (first < 0x80) {
        n = first;
    } else {
        unsigned bytes = first & 0x7Fu;
        uint8_t c;
        for (; bytes && n < ((uint64_t)1 << 48) && sk_u8(b, &c); bytes--)
            n = n << 8 | c;
        if (bytes)
            return false;
    }
    e->cut = n > b->n;
    e->content = sk_bytes(b->p, n < b->n ? (size_t)n : b->n); /* a cut file still shows its beginning */
    return true;
}

/* Moves *b behind an element that enter has met. */
static bool leave(struct sk_bytes *b, const struct element *e, unsigned depth)
{
    struct element inner;
    if (!e->open)
        return sk_skip(b, e->content.n);
    while (b->n >= 2 && !(b->p[0] == 0 && b->p[1] == 0))
        if (depth == 0 || !enter(b, &inner) || !leave(b, &inner, depth - 1))
            return false;
    return sk_skip(b, 2);
}

static bool skip(struct sk_bytes *b, uint8_t tag)
{
    struct element e;
    return enter(b, &e) && e.tag == tag && leave(b, &e, DEPTH);
}

/* Goes into the next element, if it is one of this tag. */
static bool into(struct sk_bytes *b, uint8_t tag)
{
    struct element e;
    if (!enter(b, &e) || e.tag != tag)
        return false;
    *b = e.content;
    return true;
}

/* ---------------------------------------------------------------- which envelope */

enum envelope { NONE, SIGNED, ENCRYPTED, COMPRESSED };

/* ContentInfo: the object identifier of what is inside; *b moves to the inside. */
static enum envelope envelope_of(struct sk_bytes *b)
{
    static const struct {
        const char *oid;
        uint8_t n;
        enum envelope is;
    } TYPES[] = {
        { "\x2A\x86\x48\x86\xF7\x0D\x01\x07\x02", 9, SIGNED },
        { "\x2A\x86\x48\x86\xF7\x0D\x01\x07\x03", 9, ENCRYPTED },          /* enveloped */
        { "\x2A\x86\x48\x86\xF7\x0D\x01\x07\x04", 9, ENCRYPTED },          /* signed and enveloped */
        { "\x2A\x86\x48\x86\xF7\x0D\x01\x07\x06", 9, ENCRYPTED },          /* encrypted data */
        { "\x2A\x86\x48\x86\xF7\x0D\x01\x09\x10\x01\x17", 11, ENCRYPTED }, /* authenticated and enveloped */
        { "\x2A\x86\x48\x86\xF7\x0D\x01\x09\x10\x01\x09", 11, COMPRESSED },
    };
    struct element oid;
    if (!into(b, SEQUENCE) || !enter(b, &oid) || oid.tag != OID || !sk_skip(b, oid.content.n) || !into(b, EXPLICIT))
        return NONE;
    for (size_t i = 0; i < sizeof(TYPES) / sizeof(TYPES[0]); i++)
        if (oid.content.n == TYPES[i].n && memcmp(oid.content.p, TYPES[i].oid, TYPES[i].n) == 0)
            return TYPES[i].is;
    return NONE;
}

static bool is_text_form(struct sk_bytes b)
{
    return SK_STARTS(b, "-----BEGIN PKCS7-----") || SK_STARTS(b, "-----BEGIN CMS-----") ||
           SK_STARTS(b, "-----BEGIN PKCS #7 SIGNED DATA-----");
}

bool sk_is_cms(struct sk_bytes b)
{
    return envelope_of(&b) != NONE;
}

int sk_sniff_cms(struct sk_bytes head, struct sk_source *source)
{
    (void)source;
    return is_text_form(head) ? 64 : sk_is_cms(head) ? 88 : 0;
}

/* ---------------------------------------------------------------- what is signed */

/* Octets, possibly in parts, possibly parts of parts. False when they end early. */
static bool octets(struct sk_bytes *b, struct sk_buf *out, unsigned depth)
{
    struct element e;
    struct sk_bytes inner;
    if (!enter(b, &e))
        return false;
    if (e.tag == OCTETS)
        return sk_buf_add(out, e.content.p, e.content.n) && sk_skip(b, e.content.n) && !e.cut;
    if (e.tag != OCTETS_PARTS || depth == 0)
        return false;
    inner = e.content;
    while (inner.n && !(e.open && inner.p[0] == 0))
        if (!octets(&inner, out, depth - 1))
            return false;
    *b = e.open ? inner : sk_bytes(b->p + e.content.n, b->n - e.content.n);
    return !e.open || sk_skip(b, 2);
}

/* SignedData: version, algorithms, then the content's type and the content, which is absent in a detached signature. */
static bool signed_content(struct sk_bytes b, struct sk_buf *out, bool *detached)
{
    *detached = false;
    if (!into(&b, SEQUENCE) || !skip(&b, INTEGER) || !skip(&b, SET) || !into(&b, SEQUENCE) || !skip(&b, OID))
        return false;
    *detached = b.n == 0 || b.p[0] != EXPLICIT;
    return *detached || (into(&b, EXPLICIT) && octets(&b, out, DEPTH));
}

/* "a.xml.p7m" -> "a.xml". */
static size_t inner_name(const struct sk_job *job)
{
    size_t n = job->name ? strlen(job->name) : 0;
    return n > 4 && strcasecmp(job->name + n - 4, ".p7m") == 0 ? n - 4 : 0;
}

static bool read_signed(struct sk_job *job, struct sk_bytes b)
{
    const struct sk_sink *sink = job->sink;
    struct sk_buf out;
    bool detached, ok = true;
    sk_buf_init(&out, b.n);
    if (!signed_content(b, &out, &detached))
        sink->reason(sink->ctx, job->part, SK_WHY_DAMAGED, "");
    if (out.n && sk_budget_member(job->budget) && sk_budget_expand(job->budget, out.n)) {
        size_t n = inner_name(job);
        ok = sk_out_child_bytes(job, n ? job->name : "content", n ? n : 7, SK_SHOWN, sk_bytes(out.p, out.n));
    }
    sk_buf_free(&out);
    return ok;
}

static bool read_envelope(struct sk_job *job, struct sk_bytes b)
{
    const struct sk_sink *sink = job->sink;
    sink->format(sink->ctx, job->part, "p7m");
    switch (envelope_of(&b)) {
    case SIGNED:
        return read_signed(job, b);
    case ENCRYPTED:
        sink->encrypted(sink->ctx, job->part, "smime");
        sink->reason(sink->ctx, job->part, SK_WHY_ENCRYPTED, "smime");
        return true;
    case COMPRESSED:
        sink->reason(sink->ctx, job->part, SK_WHY_UNSUPPORTED, "smime-compressed");
        return true;
    default:
        sink->reason(sink->ctx, job->part, SK_WHY_DAMAGED, "");
        return true;
    }
}

bool sk_extract_cms(struct sk_job *job)
{
    const struct sk_sink *sink = job->sink;
    struct sk_buf hold, text;
    struct sk_bytes all;
    bool ok = true;
    sk_buf_init(&hold, 0);
    sk_buf_init(&text, SIZE_MAX / 2);
    if (!sk_source_all(job->source, job->budget->limits.max_member_bytes, job->budget, &hold, &all)) {
        if (job->budget->spent == SK_WHY_NONE)
            sink->reason(sink->ctx, job->part, SK_WHY_DAMAGED, "");
    } else if (is_text_form(all)) {
        size_t line = sk_find(all, 0, "\n", 1), end = sk_find(all, 11, "-----END", 8);
        if (line != SIZE_MAX && end != SIZE_MAX && line < end && sk_buf_add(&text, all.p + line, end - line))
            text.n = sk_base64_decode(text.p, text.n);
        ok = read_envelope(job, sk_bytes(text.p, text.n));
    } else {
        ok = read_envelope(job, all);
    }
    sk_buf_free(&text);
    sk_buf_free(&hold);
    return ok;
}
