/*
 * fold_loops.c - the portable fast loops, one per encoding. Each handles what is common and returns at anything else;
 * sk_fold_step, which knows every case, then takes one character and the loop goes on behind it.
 */
#include "text/fold_internal.h"
#include <string.h>

#define LIKELY(x) __builtin_expect(!!(x), 1)

struct cursor {
    const uint8_t *p, *due;
    uint8_t *o;
    uint32_t uneven;
};

static inline struct cursor begin(const struct sk_run *r)
{
    return (struct cursor){ r->p, r->due, r->o, r->uneven };
}

static inline void finish(struct sk_run *r, const struct cursor *k)
{
    r->p = k->p;
    r->o = k->o;
    r->uneven = k->uneven;
}

/* Once in 40 bytes, so kept out of the loops. */
static __attribute__((noinline, cold)) const uint8_t *cut_due(struct sk_run *r, const uint8_t *p, uint8_t *o)
{
    return sk_fold_safe(r, p, o);
}

static inline void cut_point(struct sk_run *r, struct cursor *k)
{
    if (!LIKELY(k->p < k->due))
        k->due = cut_due(r, k->p, k->o);
}

/* Writes entry e for a character of len bytes at the cursor; false leaves it to sk_fold_step. */
static inline bool take(struct sk_run *r, struct cursor *k, uint32_t e, uint32_t len)
{
    uint32_t kind = e >> 24;
    if (LIKELY(kind <= SK_FOLD_PLAIN)) {
        cut_point(r, k);
        sk_fold_store4(k->o, e);
        k->o += kind;
        k->uneven |= kind ^ len;
    } else if (kind == SK_FOLD_LONG) {
        if (sk_fold_behind_digit(r, k->o))
            return false;
        cut_point(r, k);
        sk_fold_store4(k->o, 0xBC83E3);
        k->o += 3;
        k->uneven |= 3 ^ len;
    } else if (kind == SK_FOLD_VOICE) {
        if (!sk_fold_join_voice(r, k->o, e & 1))
            return false;
        k->uneven = 1;
    } else {
        return false;
    }
    k->p += len;
    return true;
}

static inline uint64_t load8(const uint8_t *p)
{
    return (uint64_t)sk_fold_load4(p) | (uint64_t)sk_fold_load4(p + 4) << 32;
}

/* Copies ASCII from the cursor on; stops at limit (or up to 7 bytes behind it) or at a byte that is not 01 to 7F. */
static inline void copy_ascii(struct sk_run *r, struct cursor *k, const uint8_t *limit)
{
    while (k->p < limit) {
        uint64_t v = load8(k->p);
        uint64_t other = (v | (v - 0x0101010101010101u)) & 0x8080808080808080u;
        cut_point(r, k);
        memcpy(k->o, k->p, 8);
        if (other) {
            unsigned n = (unsigned)__builtin_ctzll(other) >> 3;
            k->p += n;
            k->o += n;
            return;
        }
        k->p += 8;
        k->o += 8;
    }
}

void sk_fold_ascii_c(struct sk_run *r, const uint8_t *limit)
{
    struct cursor k = begin(r);
    copy_ascii(r, &k, limit);
    finish(r, &k);
}

void sk_fold_utf8_c(struct sk_run *r, const uint8_t *limit)
{
    struct cursor k = begin(r);
    const uint32_t *bmp = r->f->bmp;
    while (k.p < limit) {
        if (*k.p < 0x80) {
            copy_ascii(r, &k, limit);
            if (k.p >= limit || *k.p < 0x80) /* the end, or NUL */
                break;
        }
        uint32_t w = sk_fold_load4(k.p);
        if (LIKELY((w & 0xC0C0F0) == 0x8080E0)) { /* kanji too: a branch of their own costs more than the table */
            uint32_t c = (w & 0x0F) << 12 | (w >> 2 & 0xFC0) | (w >> 16 & 0x3F);
            if (c < 0x800 || !take(r, &k, bmp[c], 3))
                break;
        } else if ((w & 0xC0E0) == 0x80C0 && (w & 0x1E)) {
            if (!take(r, &k, bmp[(w & 0x1F) << 6 | (w >> 8 & 0x3F)], 2))
                break;
        } else {
            break;
        }
    }
    finish(r, &k);
}

void sk_fold_cp932_c(struct sk_run *r, const uint8_t *limit)
{
    struct cursor k = begin(r);
    const uint32_t *cells = r->f->cp932;
    while (k.p < limit) {
        if (*k.p < 0x80) {
            copy_ascii(r, &k, limit);
            if (k.p >= limit || *k.p < 0x80)
                break;
        }
        uint32_t e = cells[(k.p[0] & 0x7Fu) << 8 | k.p[1]];
        k.uneven = 1;
        /* Two branches, not one length: predicted, they free the next load from this one. */
        if (sk_cp932_lead(k.p[0])) {
            if (!take(r, &k, e, 2))
                break;
        } else if (!take(r, &k, e, 1)) {
            break;
        }
    }
    finish(r, &k);
}

void sk_fold_eucjp_c(struct sk_run *r, const uint8_t *limit)
{
    struct cursor k = begin(r);
    const struct sk_fold *f = r->f;
    while (k.p < limit) {
        if (*k.p < 0x80) {
            copy_ascii(r, &k, limit);
            if (k.p >= limit || *k.p < 0x80)
                break;
        }
        k.uneven = 1;
        if (k.p[0] == 0x8F) {
            if (!sk_euc_byte(k.p[1]) || !sk_euc_byte(k.p[2]) ||
                !take(r, &k, f->jis0212[(k.p[1] & 0x7Fu) << 7 | (k.p[2] & 0x7Fu)], 3))
                break;
        } else if (!take(r, &k, f->jis[(k.p[0] & 0x7Fu) << 8 | k.p[1]], 2)) {
            break;
        }
    }
    finish(r, &k);
}

/* Runs inside one shift state; escape sequences, controls and the rarer sets are left to sk_fold_step. */
void sk_fold_iso2022jp_c(struct sk_run *r, const uint8_t *limit)
{
    enum { ASCII = 0, KANA = 2, JIS = 3 }; /* as in fold_decode.c; a test of every cell holds them together */
    struct cursor k = begin(r);
    if (r->shift == ASCII) {
        for (; k.p < limit && *k.p < 0x80 && (*k.p >= 0x20 || *k.p == '\n' || *k.p == '\r' || *k.p == '\t'); k.p++) {
            cut_point(r, &k);
            *k.o++ = *k.p;
        }
    } else if (r->shift == JIS) {
        k.uneven = 1;
        while (k.p < limit && k.p[0] > 0x20 && k.p[0] < 0x7F && k.p[1] > 0x20 && k.p[1] < 0x7F)
            if (!take(r, &k, r->f->jis[k.p[0] << 8 | k.p[1] | 0x80], 2))
                break;
    } else if (r->shift == KANA) {
        k.uneven = 1;
        while (k.p < limit && k.p[0] > 0x20 && k.p[0] < 0x60)
            if (!take(r, &k, r->f->bmp[0xFF40u + k.p[0]], 1))
                break;
    }
    finish(r, &k);
}

static inline void utf16_loop(struct sk_run *r, const uint8_t *limit, unsigned high)
{
    struct cursor k = begin(r);
    const uint32_t *bmp = r->f->bmp;
    k.uneven = 1;
    while (k.p < limit)
        if (!take(r, &k, bmp[(uint32_t)k.p[high] << 8 | k.p[1 - high]], 2))
            break;
    finish(r, &k);
}

void sk_fold_utf16le_c(struct sk_run *r, const uint8_t *limit)
{
    utf16_loop(r, limit, 1);
}

void sk_fold_utf16be_c(struct sk_run *r, const uint8_t *limit)
{
    utf16_loop(r, limit, 0);
}
