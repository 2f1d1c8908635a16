/* biff.c - see biff.h. */
#include "extract/biff.h"
#include "base/utf8.h"
#include "extract/ole.h"

#define WIDE 0x01u
#define PHONETIC 0x04u
#define RICH 0x08u

bool biff_next(struct biff *b)
{
    uint16_t n;
    if (!sk_u16le(&b->rest, &b->type) || !sk_u16le(&b->rest, &n))
        return false;
    return sk_take(&b->rest, n < b->rest.n ? n : b->rest.n, &b->body);
}

bool biff_more(struct biff *b)
{
    struct sk_bytes at = b->rest;
    uint16_t type;
    while (b->body.n == 0) {
        at = b->rest;
        if (!sk_u16le(&at, &type) || type != BIFF_CONTINUE)
            return false;
        type = b->type; /* it stays the same record */
        if (!biff_next(b))
            return false;
        b->type = type;
    }
    return true;
}

bool biff_characters(struct biff *b, uint32_t count, uint8_t flags, struct sk_buf *out)
{
    while (count) {
        if (b->body.n == 0 && (!biff_more(b) || !sk_u8(&b->body, &flags)))
            return false;
        size_t unit = flags & WIDE ? 2 : 1, n = b->body.n / unit;
        struct sk_bytes part;
        if (n == 0) { /* half a character at the end of a record */
            b->body.n = 0;
            continue;
        }
        n = n < count ? n : count;
        if (!sk_take(&b->body, n * unit, &part))
            return false;
        count -= (uint32_t)n;
        if (!sk_buf_reserve(out, n * 4 + 16))
            return false;
        if (unit == 2) {
            out->n += sk_to_utf8(SK_CS_UTF16LE, part.p, part.n, out->p + out->n, n * 4 + 16);
        } else {
            for (size_t i = 0; i < n; i++)
                out->n += sk_utf8_put(out->p + out->n, part.p[i]);
        }
        out->p[out->n] = '\0';
    }
    return true;
}

static bool length(struct biff *b, bool short_length, uint32_t *n)
{
    uint8_t n8;
    uint16_t n16;
    if (short_length) {
        if (!sk_u8(&b->body, &n8))
            return false;
        *n = n8;
        return true;
    }
    if (!sk_u16le(&b->body, &n16))
        return false;
    *n = n16;
    return true;
}

bool biff_string(struct biff *b, bool short_length, struct sk_buf *out)
{
    uint32_t n;
    uint8_t flags = 0;
    struct sk_bytes text;
    if (!length(b, short_length, &n))
        return false;
    if (!b->wide) {
        if (sk_take(&b->body, n < b->body.n ? n : b->body.n, &text))
            sk_ole_text(b->codepage, text, out);
        return true;
    }
    return n == 0 || (sk_u8(&b->body, &flags) && biff_characters(b, n, flags, out));
}

static bool pass(struct biff *b, uint32_t n)
{
    while (n) {
        if (!biff_more(b))
            return false;
        size_t step = n < b->body.n ? n : b->body.n;
        sk_skip(&b->body, step);
        n -= (uint32_t)step;
    }
    return true;
}

/* ExtRst (2.5.86): the furigana stand behind fourteen bytes of numbers. */
static bool phonetic(struct biff *b, uint32_t n, struct sk_buf *ruby)
{
    uint16_t one, runs, count, characters;
    struct sk_bytes at = b->body, text;
    if (ruby && n <= b->body.n && sk_u16le(&at, &one) && one == 1 && sk_skip(&at, 6) && sk_u16le(&at, &runs) &&
        sk_u16le(&at, &count) && sk_u16le(&at, &characters) && sk_take(&at, (size_t)characters * 2, &text) &&
        14 + (size_t)characters * 2 <= n)
        sk_ole_utf16(text, ruby);
    return pass(b, n);
}

bool biff_rich_string(struct biff *b, struct sk_buf *out, struct sk_buf *ruby)
{
    uint16_t n, runs = 0;
    uint32_t extra = 0;
    uint8_t flags;
    if (!biff_more(b) || !sk_u16le(&b->body, &n) || !sk_u8(&b->body, &flags))
        return false;
    if (((flags & RICH) && !sk_u16le(&b->body, &runs)) || ((flags & PHONETIC) && !sk_u32le(&b->body, &extra)))
        return false;
    return biff_characters(b, n, flags, out) && pass(b, (uint32_t)runs * 4) && (extra == 0 || phonetic(b, extra, ruby));
}
