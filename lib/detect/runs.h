/* runs.h - inside detect: where runs of kanji begin in folded text, 64 bytes at a time. */
#ifndef SK_DETECT_RUNS_H
#define SK_DETECT_RUNS_H

#include <stdint.h>
#include <string.h>

#ifdef __SSE2__ /* every x86-64 */
#include <emmintrin.h>
#endif

typedef unsigned char sk_bytes16 __attribute__((vector_size(16)));

static inline sk_bytes16 sk_load16(const char *p)
{
    sk_bytes16 v;
    memcpy(&v, p, sizeof(v));
    return v;
}

/* Bit i: byte i is of the truth values that a comparison gives. */
static inline uint64_t sk_mask16(sk_bytes16 v)
{
#ifdef __SSE2__
    __m128i x;
    memcpy(&x, &v, sizeof(x));
    return (uint32_t)_mm_movemask_epi8(x);
#else
    uint64_t mask = 0;
    for (unsigned i = 0; i < 16; i++)
        mask |= (uint64_t)(v[i] & 1u) << i;
    return mask;
#endif
}

/* Bytes at which a kanji of three bytes begins: sk_is_kanji of 3005..3007, 3400..4DBF, 4E00..9FFF, F900..FAFF. */
static inline sk_bytes16 sk_kanji16(const char *p)
{
    sk_bytes16 a = sk_load16(p), b = sk_load16(p + 1), c = sk_load16(p + 2);
    sk_bytes16 usual = (sk_bytes16)(a - 0xE5 <= 4);
    sk_bytes16 e3 =
        (sk_bytes16)(a == 0xE3) & ((sk_bytes16)(b >= 0x90) | ((sk_bytes16)(b == 0x80) & (sk_bytes16)(c - 0x85 <= 2)));
    sk_bytes16 e4 = (sk_bytes16)(a == 0xE4) & (sk_bytes16)(b != 0xB7);
    sk_bytes16 ef = (sk_bytes16)(a == 0xEF) & (sk_bytes16)(b - 0xA4 <= 7);
    return usual | e3 | e4 | ef;
}

/* Bit i: a run of kanji begins at p[i], of 64 bytes; two more are readable. Characters of four bytes may be kanji, and
 * may end a run or not: those that begin there and behind them are told as well. *carry: 0 at first, then that of the
 * 64 bytes in front. */
static inline uint64_t sk_runs_64(const char *p, uint64_t *carry)
{
    uint64_t kanji = 0, four = 0;
    for (unsigned i = 0; i < 4; i++) {
        kanji |= sk_mask16(sk_kanji16(p + 16 * i)) << 16 * i;
        four |= sk_mask16((sk_bytes16)(sk_load16(p + 16 * i) >= 0xF0)) << 16 * i;
    }
    uint64_t begins = (kanji & ~(kanji << 3 | *carry)) | four;
    *carry = kanji >> 61;
    return begins;
}

#endif
