/* ole.c - see ole.h: what the readers of compound files share. */
#include "extract/ole.h"
#include "extract/mime.h"
#include "extract/ooxml.h"
#include "text/codepage.h"

void sk_ole_tell(struct sk_ole *f, enum sk_reason why, const char *detail)
{
    f->job->sink->reason(f->job->sink->ctx, f->job->part, why, detail);
}

bool sk_ole_stream(struct sk_ole *f, uint32_t storage, const char *name, struct sk_buf *out)
{
    uint32_t i = sk_cfb_find(f->c, storage, name);
    uint64_t most = f->job->budget->limits.max_member_bytes;
    if (i == SK_CFB_NONE || sk_cfb_at(f->c, i)->type != 2)
        return false;
    uint64_t size = sk_cfb_at(f->c, i)->size;
    if (!sk_cfb_read(f->c, i, most, out) || size > most)
        sk_ole_tell(f,
                    f->job->budget->spent != SK_WHY_NONE ? f->job->budget->spent
                    : size > most                        ? SK_WHY_TOO_LARGE
                                                         : SK_WHY_DAMAGED,
                    "");
    return out->n > 0;
}

enum sk_charset sk_ole_codepage(uint32_t cp)
{
    switch (cp) {
    case 932:
    case 10001: /* Macintosh Japanese */
        return SK_CS_CP932;
    case 20932:
    case 51932:
        return SK_CS_EUCJP;
    case 50220:
    case 50221:
    case 50222:
        return SK_CS_ISO2022JP;
    case 65001:
        return SK_CS_UTF8;
    case 1200:
        return SK_CS_UTF16LE;
    default:
        return SK_CS_BINARY;
    }
}

/* Old Japanese files often say 1252 because their program never heard of code pages. */
static bool japanese(struct sk_bytes b)
{
    struct sk_guess g = sk_charset_guess(b.p, b.n < 4096 ? b.n : 4096, false);
    return g.best != SK_CS_BINARY && g.best != SK_CS_ASCII;
}

void sk_ole_text(uint32_t cp, struct sk_bytes b, struct sk_buf *out)
{
    enum sk_charset cs = sk_ole_codepage(cp);
    if (cs == SK_CS_UTF16LE) {
        sk_ole_utf16(b, out);
        return;
    }
    const uint8_t *end = b.n ? memchr(b.p, 0, b.n) : NULL;
    if (end)
        b.n = (size_t)(end - b.p);
    size_t length, room = sk_codepage_room(b.n);
    if (cs == SK_CS_BINARY && b.n && sk_buf_reserve(out, room) &&
        sk_codepage_to_utf8(cp, b.p, b.n, out->p + out->n, room, &length) && (cp != 1252 || !japanese(b))) {
        out->n += length;
        out->p[out->n] = '\0';
        return;
    }
    const char *name = cs == SK_CS_BINARY ? "" : sk_charset_name(cs);
    cs = sk_mime_charset(name, strlen(name), b);
    if (b.n && sk_buf_reserve(out, b.n * 4 + 16)) {
        out->n += sk_to_utf8(cs, b.p, b.n, out->p + out->n, b.n * 4 + 16);
        out->p[out->n] = '\0';
    }
}

void sk_ole_utf16(struct sk_bytes b, struct sk_buf *out)
{
    size_t n = 0;
    while (n + 1 < b.n && (b.p[n] || b.p[n + 1]))
        n += 2;
    if (n && sk_buf_reserve(out, n * 2 + 16)) {
        out->n += sk_to_utf8(SK_CS_UTF16LE, b.p, n, out->p + out->n, n * 2 + 16);
        out->p[out->n] = '\0';
    }
}

bool sk_ole_line(struct sk_out *o, enum sk_run_kind kind, enum sk_hidden hidden, const struct sk_buf *text)
{
    return text->n == 0 || sk_ooxml_line(o, kind, hidden, text->p, text->n);
}
