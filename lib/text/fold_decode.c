/* fold_decode.c - where characters begin and end in each encoding. No tables: only structure. */
#include "base/utf8.h"
#include "text/fold_internal.h"

/* ISO-2022-JP shift state: the set in G0, and whether SO is in force. */
enum { G0_ASCII, G0_ROMAN, G0_KANA, G0_JIS, G0_JIS0212, G0_MASK = 7, SHIFT_OUT = 8 };
/* So many escape sequences may stand before a character; more are a character of their own, so that no lookahead is
 * unbounded. */
#define ESCAPES 3

static struct sk_raw raw(enum sk_raw_kind kind, size_t len, uint32_t shift)
{
    return (struct sk_raw){ .kind = (uint8_t)kind, .len = (uint8_t)len, .shift = shift };
}

static struct sk_raw point(uint32_t cp, size_t len)
{
    return (struct sk_raw){ .kind = SK_RAW_CP, .len = (uint8_t)len, .cp = cp };
}

static struct sk_raw cell(enum sk_raw_kind kind, uint8_t a, uint8_t b, size_t len, uint32_t shift)
{
    return (struct sk_raw){ .kind = (uint8_t)kind, .len = (uint8_t)len, .a = a, .b = b, .shift = shift };
}

/* Could these 1 to 3 bytes, which are no character, be the beginning of one? */
static bool utf8_is_prefix(const uint8_t *p, size_t n)
{
    uint8_t c = p[0];
    size_t len = c >= 0xF0 && c < 0xF5 ? 4 : c >= 0xE0 && c < 0xF0 ? 3 : c >= 0xC2 && c < 0xE0 ? 2 : 0;
    if (n >= len)
        return false;
    for (size_t i = 1; i < n; i++)
        if ((p[i] & 0xC0) != 0x80)
            return false;
    if (n == 1)
        return true;
    return !(c == 0xE0 && p[1] < 0xA0) && !(c == 0xED && p[1] >= 0xA0) && !(c == 0xF0 && p[1] < 0x90) &&
           !(c == 0xF4 && p[1] >= 0x90);
}

static struct sk_raw decode_utf8(const uint8_t *p, size_t n, bool last)
{
    uint32_t cp;
    size_t len = sk_utf8_next((const char *)p, n < 4 ? n : 4, &cp);
    if (len > 1 || cp != SK_REPLACEMENT)
        return point(cp, len);
    if (!last && utf8_is_prefix(p, n))
        return raw(SK_RAW_CUT, 0, 0);
    return raw(SK_RAW_BAD, 1, 0);
}

static struct sk_raw decode_cp932(const uint8_t *p, size_t n, bool last)
{
    uint8_t c = p[0];
    if (c < 0x80)
        return point(c, 1);
    if (c >= 0xA1 && c <= 0xDF)
        return point(0xFF61u + c - 0xA1, 1);
    if (!sk_cp932_lead(c))
        return raw(SK_RAW_BAD, 1, 0);
    if (n < 2)
        return raw(last ? SK_RAW_BAD : SK_RAW_CUT, last, 0);
    if (!sk_cp932_trail(p[1]))
        return raw(SK_RAW_BAD, 1, 0);
    return cell(SK_RAW_CP932, c, p[1], 2, 0);
}

static struct sk_raw decode_eucjp(const uint8_t *p, size_t n, bool last)
{
    uint8_t c = p[0];
    if (c < 0x80)
        return point(c, 1);
    if (!sk_euc_byte(c) && c != 0x8E && c != 0x8F)
        return raw(SK_RAW_BAD, 1, 0);
    size_t len = c == 0x8F ? 3 : 2;
    for (size_t i = 1; i < len && i < n; i++)
        if (!sk_euc_byte(p[i]))
            return raw(SK_RAW_BAD, 1, 0);
    if (n < len)
        return raw(last ? SK_RAW_BAD : SK_RAW_CUT, last, 0);
    if (c == 0x8F)
        return cell(SK_RAW_JIS0212, p[1], p[2], 3, 0);
    if (c != 0x8E)
        return cell(SK_RAW_JIS, c, p[1], 2, 0);
    return p[1] <= 0xDF ? point(0xFF61u + p[1] - 0xA1, 2) : raw(SK_RAW_BAD, 2, 0);
}

/* Length of the escape sequence or shift at p, with its effect on *shift; 0: none; SIZE_MAX: cut. */
static size_t escape(const uint8_t *p, size_t n, uint32_t *shift)
{
    static const struct {
        char bytes[4];
        uint8_t len, set;
    } known[] = {
        { "(B", 2, G0_ASCII }, { "(J", 2, G0_ROMAN }, { "(H", 2, G0_ROMAN },    { "(I", 2, G0_KANA },
        { "$@", 2, G0_JIS },   { "$B", 2, G0_JIS },   { "$(@", 3, G0_JIS },     { "$(B", 3, G0_JIS },
        { "$(O", 3, G0_JIS },  { "$(Q", 3, G0_JIS },  { "$(D", 3, G0_JIS0212 }, { "&@", 2, G0_MASK },
    };
    if (*p == 0x0E || *p == 0x0F) {
        *shift = *p == 0x0E ? *shift | SHIFT_OUT : *shift & ~(uint32_t)SHIFT_OUT;
        return 1;
    }
    if (*p != 0x1B)
        return 0;
    for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++) {
        size_t same = 0;
        while (same < known[i].len && same + 1 < n && p[same + 1] == (uint8_t)known[i].bytes[same])
            same++;
        if (same == known[i].len) {
            if (known[i].set != G0_MASK) /* ESC & @ only announces the 1990 edition */
                *shift = known[i].set;
            return same + 1;
        }
        if (same + 1 == n)
            return SIZE_MAX;
    }
    return 0;
}

static struct sk_raw decode_shifted(const uint8_t *p, size_t n, bool last, uint32_t shift)
{
    uint32_t set = shift & SHIFT_OUT ? G0_KANA : shift & G0_MASK;
    uint8_t c = p[0];
    if (c >= 0x80)
        return raw(SK_RAW_BAD, 1, shift);
    struct sk_raw r = point(c, 1);
    r.shift = shift;
    if (c <= 0x20 || c == 0x7F) {
        /* Lines begin in a single-byte set (RFC 1468); ICU resets here too, so a lost escape spoils one line only. */
        if ((c == '\n' || c == '\r') && set >= G0_KANA)
            r.shift = G0_ASCII;
        return r;
    }
    if (set == G0_ASCII)
        return r;
    if (set == G0_ROMAN) {
        r.cp = c == 0x5C ? 0xA5 : c == 0x7E ? 0x203E : c;
        return r;
    }
    if (set == G0_KANA) {
        r.cp = 0xFF61u + c - 0x21;
        return c <= 0x5F ? r : raw(SK_RAW_BAD, 1, shift);
    }
    if (n < 2)
        return raw(last ? SK_RAW_BAD : SK_RAW_CUT, last, shift);
    if (p[1] <= 0x20 || p[1] >= 0x7F)
        return raw(SK_RAW_BAD, 1, shift);
    return cell(set == G0_JIS ? SK_RAW_JIS : SK_RAW_JIS0212, c | 0x80, p[1] | 0x80, 2, shift);
}

static struct sk_raw decode_iso2022jp(const uint8_t *p, size_t n, bool last, uint32_t shift)
{
    size_t skip = 0;
    for (unsigned count = 0; skip < n; count++) {
        uint32_t next = shift;
        size_t len = escape(p + skip, n - skip, &next);
        if (len == 0)
            break;
        if (count == ESCAPES)
            return raw(SK_RAW_NONE, skip, shift);
        if (len == SIZE_MAX) {
            if (!last)
                return raw(SK_RAW_CUT, 0, shift);
            break; /* the rest is what it looks like */
        }
        shift = next;
        skip += len;
    }
    if (skip == n)
        return raw(last ? SK_RAW_NONE : SK_RAW_CUT, skip, shift);
    struct sk_raw r = decode_shifted(p + skip, n - skip, last, shift);
    r.skip = (uint8_t)skip;
    return r;
}

static struct sk_raw decode_utf16(const uint8_t *p, size_t n, bool last, unsigned high)
{
    if (n < 2)
        return raw(last ? SK_RAW_BAD : SK_RAW_CUT, last, 0);
    uint32_t u = (uint32_t)p[high] << 8 | p[1 - high];
    if (u < 0xD800 || u > 0xDFFF)
        return point(u, 2);
    if (u > 0xDBFF)
        return raw(SK_RAW_BAD, 2, 0);
    if (n < 4)
        return raw(last ? SK_RAW_BAD : SK_RAW_CUT, last ? 2 : 0, 0);
    uint32_t v = (uint32_t)p[2 + high] << 8 | p[3 - high];
    if (v < 0xDC00 || v > 0xDFFF)
        return raw(SK_RAW_BAD, 2, 0);
    return point(0x10000 + ((u - 0xD800) << 10) + (v - 0xDC00), 4);
}

struct sk_raw sk_decode(enum sk_charset cs, const uint8_t *p, size_t n, bool last, uint32_t shift)
{
    switch (cs) {
    case SK_CS_UTF8:
        return decode_utf8(p, n, last);
    case SK_CS_CP932:
        return decode_cp932(p, n, last);
    case SK_CS_EUCJP:
        return decode_eucjp(p, n, last);
    case SK_CS_ISO2022JP:
        return decode_iso2022jp(p, n, last, shift);
    case SK_CS_UTF16LE:
        return decode_utf16(p, n, last, 1);
    case SK_CS_UTF16BE:
        return decode_utf16(p, n, last, 0);
    default:
        return p[0] < 0x80 ? point(p[0], 1) : raw(SK_RAW_BAD, 1, 0);
    }
}
