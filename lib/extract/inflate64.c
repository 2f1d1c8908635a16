/* inflate64.c - see inflate64.h. Canonical Huffman codes; codes up to FAST bits by table, longer ones bit by bit. */
#include "extract/inflate64.h"

#include <stdlib.h>
#include <string.h>

#define WINDOW 65536u
#define FAST 10u
#define LENGTHS 288u
#define DISTANCES 32u

struct code {
    uint16_t count[16], symbol[LENGTHS];
    uint16_t fast[1u << FAST]; /* symbol << 4 | bits; 0 = longer or none */
};

enum mode { HEADER, STORED, CODES, COPY, DONE, BAD };

struct sk_inflate64 {
    sk_inflate64_more more;
    void *ctx;
    const uint8_t *in;
    size_t n_in;
    uint64_t bits;
    unsigned n_bits;
    enum mode mode;
    bool last;
    uint32_t left, distance; /* of a stored block or a copy */
    uint32_t at;             /* in the window */
    uint64_t produced;
    struct code literals, distances;
    uint8_t window[WINDOW];
};

/* ---------------------------------------------------------------- bits */

static void refill(struct sk_inflate64 *s)
{
    while (s->n_bits <= 56) {
        if (s->n_in == 0 && (s->n_in = s->more(s->ctx, &s->in)) == 0)
            return;
        s->bits |= (uint64_t)*s->in++ << s->n_bits;
        s->n_in--;
        s->n_bits += 8;
    }
}

/* n <= 16 bits; false when the input ends before. */
static bool take(struct sk_inflate64 *s, unsigned n, uint32_t *out)
{
    if (s->n_bits < n)
        refill(s);
    if (s->n_bits < n)
        return false;
    *out = (uint32_t)(s->bits & ((1u << n) - 1));
    s->bits >>= n;
    s->n_bits -= n;
    return true;
}

/* ---------------------------------------------------------------- codes */

/* False when the lengths ask for more codes than there are; fewer are allowed, as everywhere. */
static bool build(struct code *c, const uint8_t *lengths, unsigned n)
{
    uint16_t offset[16] = { 0 }, next = 0;
    memset(c, 0, sizeof(*c));
    for (unsigned i = 0; i < n; i++)
        c->count[lengths[i]]++;
    c->count[0] = 0;
    int left = 1;
    for (unsigned len = 1; len < 16; len++) {
        left = left * 2 - c->count[len];
        if (left < 0)
            return false;
    }
    for (unsigned len = 1; len < 15; len++)
        offset[len + 1] = (uint16_t)(offset[len] + c->count[len]);
    for (unsigned i = 0; i < n; i++)
        if (lengths[i])
            c->symbol[offset[lengths[i]]++] = (uint16_t)i;
    uint32_t code = 0;
    for (unsigned len = 1; len <= FAST; len++, code <<= 1)
        for (unsigned k = 0; k < c->count[len]; k++, code++, next++) {
            uint32_t reversed = 0;
            for (unsigned b = 0; b < len; b++)
                reversed |= (code >> b & 1) << (len - 1 - b);
            for (; reversed < 1u << FAST; reversed += 1u << len)
                c->fast[reversed] = (uint16_t)(c->symbol[next] << 4 | len);
        }
    return true;
}

static int decode(struct sk_inflate64 *s, const struct code *c)
{
    if (s->n_bits < 15)
        refill(s);
    unsigned entry = c->fast[s->bits & ((1u << FAST) - 1)], len = entry & 15;
    if (len && len <= s->n_bits) {
        s->bits >>= len;
        s->n_bits -= len;
        return (int)(entry >> 4);
    }
    int code = 0, first = 0, index = 0;
    for (len = 1; len < 16 && len <= s->n_bits; len++) {
        code |= (int)(s->bits >> (len - 1) & 1);
        if (code - c->count[len] < first) {
            s->bits >>= len;
            s->n_bits -= len;
            return c->symbol[index + (code - first)];
        }
        index += c->count[len];
        first = (first + c->count[len]) * 2;
        code *= 2;
    }
    return -1;
}

/* ---------------------------------------------------------------- blocks */

static bool fixed_codes(struct sk_inflate64 *s)
{
    uint8_t lengths[LENGTHS];
    memset(lengths, 8, 144);
    memset(lengths + 144, 9, 112);
    memset(lengths + 256, 7, 24);
    memset(lengths + 280, 8, 8);
    if (!build(&s->literals, lengths, LENGTHS))
        return false;
    memset(lengths, 5, DISTANCES);
    return build(&s->distances, lengths, DISTANCES);
}

static bool dynamic_codes(struct sk_inflate64 *s)
{
    static const uint8_t ORDER[19] = { 16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15 };
    uint8_t lengths[LENGTHS + DISTANCES + 1] = { 0 };
    uint32_t n_literals, n_distances, n_codes, v;
    if (!take(s, 5, &n_literals) || !take(s, 5, &n_distances) || !take(s, 4, &n_codes))
        return false;
    n_literals += 257;
    n_distances += 1;
    if (n_literals > LENGTHS)
        return false;
    for (uint32_t i = 0; i < n_codes + 4; i++) {
        if (!take(s, 3, &v))
            return false;
        lengths[ORDER[i]] = (uint8_t)v;
    }
    if (!build(&s->literals, lengths, 19))
        return false;
    memset(lengths, 0, sizeof(lengths));
    for (uint32_t i = 0; i < n_literals + n_distances;) {
        int symbol = decode(s, &s->literals);
        if (symbol < 0 || (symbol == 16 && i == 0))
            return false;
        if (symbol < 16) {
            lengths[i++] = (uint8_t)symbol;
            continue;
        }
        uint8_t value = symbol == 16 ? lengths[i - 1] : 0;
        if (!take(s, symbol == 16 ? 2 : symbol == 17 ? 3 : 7, &v))
            return false;
        v += symbol == 18 ? 11 : 3;
        if (i + v > n_literals + n_distances)
            return false;
        while (v--)
            lengths[i++] = value;
    }
    return lengths[256] != 0 && build(&s->literals, lengths, n_literals) &&
           build(&s->distances, lengths + n_literals, n_distances);
}

static bool start_block(struct sk_inflate64 *s)
{
    uint32_t last, type, n, not_n;
    if (!take(s, 1, &last) || !take(s, 2, &type))
        return false;
    s->last = last;
    s->mode = CODES;
    if (type == 1)
        return fixed_codes(s);
    if (type == 2)
        return dynamic_codes(s);
    s->bits >>= s->n_bits & 7;
    s->n_bits -= s->n_bits & 7;
    s->mode = STORED;
    if (type != 0 || !take(s, 16, &n) || !take(s, 16, &not_n) || n != (not_n ^ 0xFFFF))
        return false;
    s->left = n;
    return true;
}

static bool start_copy(struct sk_inflate64 *s, int symbol)
{
    static const uint16_t LENGTH[29] = { 3,  4,  5,  6,  7,  8,  9,  10, 11,  13,  15,  17,  19,  23, 27,
                                         31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 3 };
    static const uint8_t LENGTH_BITS[29] = { 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2,
                                             2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 16 };
    uint32_t extra;
    if (symbol < 257 || symbol > 285 || !take(s, LENGTH_BITS[symbol - 257], &extra))
        return false;
    s->left = LENGTH[symbol - 257] + extra;
    int d = decode(s, &s->distances);
    if (d < 0 || d > 31)
        return false;
    unsigned bits = d < 4 ? 0 : (unsigned)d / 2 - 1;
    uint32_t base = d < 4 ? (uint32_t)d + 1 : (2u + ((uint32_t)d & 1)) * (1u << bits) + 1;
    if (!take(s, bits, &extra))
        return false;
    s->distance = base + extra;
    s->mode = COPY;
    return s->distance <= s->produced;
}

static void put(struct sk_inflate64 *s, uint8_t byte, uint8_t **out)
{
    s->window[s->at++ & (WINDOW - 1)] = byte;
    *(*out)++ = byte;
    s->produced++;
}

static bool run_codes(struct sk_inflate64 *s, uint8_t **out, const uint8_t *end)
{
    while (*out < end && s->mode == CODES) {
        int symbol = decode(s, &s->literals);
        if (symbol < 0)
            return false;
        if (symbol < 256)
            put(s, (uint8_t)symbol, out);
        else if (symbol == 256)
            s->mode = s->last ? DONE : HEADER;
        else if (!start_copy(s, symbol))
            return false;
    }
    return true;
}

static bool advance(struct sk_inflate64 *s, uint8_t **out, const uint8_t *end)
{
    uint32_t v;
    switch (s->mode) {
    case HEADER:
        return start_block(s);
    case STORED:
        for (; s->left && *out < end; s->left--) {
            if (!take(s, 8, &v))
                return false;
            put(s, (uint8_t)v, out);
        }
        if (s->left == 0)
            s->mode = s->last ? DONE : HEADER;
        return true;
    case CODES:
        return run_codes(s, out, end);
    case COPY:
        for (; s->left && *out < end; s->left--)
            put(s, s->window[(s->at - s->distance) & (WINDOW - 1)], out);
        if (s->left == 0)
            s->mode = CODES;
        return true;
    default:
        return false;
    }
}

ssize_t sk_inflate64_step(struct sk_inflate64 *s, uint8_t *out, size_t n)
{
    uint8_t *at = out, *end = out + n;
    while (at < end && s->mode != DONE && s->mode != BAD)
        if (!advance(s, &at, end))
            s->mode = BAD;
    return at > out ? at - out : s->mode == BAD ? -1 : 0;
}

struct sk_inflate64 *sk_inflate64_new(sk_inflate64_more more, void *ctx)
{
    struct sk_inflate64 *s = sk_new(1, sizeof(*s));
    if (s) {
        s->more = more;
        s->ctx = ctx;
    }
    return s;
}

void sk_inflate64_free(struct sk_inflate64 *s)
{
    free(s);
}
