/*
 * utf8_many.c - many code points at once. With AVX-512 VBMI2 the first, second and third bytes of the characters among
 * 62 bytes are pressed together and joined 16 at a time; whatever is no plain character of up to three bytes is left
 * to the portable step, so both ways give the same result.
 */
#include "base/utf8.h"

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>
#define X86 1
#endif

/* The step of nearly all Japanese text inline. */
static inline size_t step(const char *p, size_t n, uint32_t *cp)
{
    const unsigned char *u = (const unsigned char *)p;
    if (u[0] < 0x80) {
        *cp = u[0];
        return 1;
    }
    if (n >= 3 && u[0] >= 0xE1 && u[0] <= 0xEC && (u[1] & 0xC0) == 0x80 && (u[2] & 0xC0) == 0x80) {
        *cp = (uint32_t)(u[0] & 15) << 12 | (uint32_t)(u[1] & 63) << 6 | (uint32_t)(u[2] & 63);
        return 3;
    }
    return sk_utf8_next(p, n, cp);
}

uint32_t sk_utf8_many_portable(const char *p, uint32_t n, uint32_t base, uint32_t *cp, uint32_t *at, uint32_t cap)
{
    uint32_t k = 0, i = 0;
    for (; i < n && k < cap; k++) {
        at[k] = base + i;
        i += (uint32_t)step(p + i, n - i, &cp[k]);
    }
    at[k] = base + i;
    return k;
}

#ifdef X86
#define AVX512 __attribute__((target("avx512f,avx512bw,avx512vl,avx512vbmi,avx512vbmi2,bmi,popcnt")))
#define SOME 8u /* characters read by the portable step where the fast one gives up */

struct planes {
    __m512i first, second, third, where;
};

AVX512 static inline void sixteen(__m128i first, __m128i second, __m128i third, __m128i where, uint32_t base,
                                  uint32_t *cp, uint32_t *at)
{
    const __m512i low = _mm512_set1_epi32(63);
    __m512i a = _mm512_cvtepu8_epi32(first), b = _mm512_and_si512(_mm512_cvtepu8_epi32(second), low),
            c = _mm512_and_si512(_mm512_cvtepu8_epi32(third), low);
    __mmask16 two = _mm512_cmpge_epu32_mask(a, _mm512_set1_epi32(0xC0)),
              three = _mm512_cmpge_epu32_mask(a, _mm512_set1_epi32(0xE0));
    __m512i of_two = _mm512_or_si512(_mm512_slli_epi32(_mm512_and_si512(a, _mm512_set1_epi32(31)), 6), b);
    __m512i of_three = _mm512_or_si512(_mm512_slli_epi32(_mm512_and_si512(a, _mm512_set1_epi32(15)), 12),
                                       _mm512_or_si512(_mm512_slli_epi32(b, 6), c));
    a = _mm512_mask_mov_epi32(a, two, of_two);
    a = _mm512_mask_mov_epi32(a, three, of_three);
    _mm512_storeu_si512(cp, a);
    _mm512_storeu_si512(at, _mm512_add_epi32(_mm512_cvtepu8_epi32(where), _mm512_set1_epi32((int)base)));
}

#define PART(x, i) _mm512_extracti32x4_epi32(x, i)
#define SIXTEEN(i)                                                                                                     \
    if (k > 16 * (i))                                                                                                  \
    sixteen(PART(s.first, i), PART(s.second, i), PART(s.third, i), PART(s.where, i), base, cp + 16 * (i), at + 16 * (i))

AVX512 static inline void join(struct planes s, uint32_t k, uint32_t base, uint32_t *cp, uint32_t *at)
{
    SIXTEEN(0);
    SIXTEEN(1);
    SIXTEEN(2);
    SIXTEEN(3);
}

/* The characters that begin in the first 62 of 64 bytes at p; two more are readable. 0: not all of these are plain. */
AVX512 static inline uint32_t plain(const char *p, uint32_t base, uint32_t *cp, uint32_t *at, uint32_t *used)
{
    __m512i b = _mm512_loadu_si512(p),
            iota = _mm512_set_epi64(0x3F3E3D3C3B3A3938, 0x3736353433323130, 0x2F2E2D2C2B2A2928, 0x2726252423222120,
                                    0x1F1E1D1C1B1A1918, 0x1716151413121110, 0x0F0E0D0C0B0A0908, 0x0706050403020100);
    __mmask64 behind = _mm512_cmplt_epi8_mask(b, _mm512_set1_epi8(-64)); /* 80..BF */
    __mmask64 two = _mm512_cmpge_epu8_mask(b, _mm512_set1_epi8((char)0xC0)),
              three = _mm512_cmpge_epu8_mask(b, _mm512_set1_epi8((char)0xE0));
    __mmask64 odd = _mm512_cmpge_epu8_mask(b, _mm512_set1_epi8((char)0xF0)) |
                    _mm512_cmpeq_epi8_mask(b, _mm512_set1_epi8((char)0xE0)) |
                    _mm512_cmpeq_epi8_mask(b, _mm512_set1_epi8((char)0xED)) |
                    (two & _mm512_cmplt_epu8_mask(b, _mm512_set1_epi8((char)0xC2)));
    if (odd || (two << 1 | three << 2) != behind)
        return 0;
    const __mmask64 begins = ~behind & (((__mmask64)1 << 62) - 1);
    struct planes s = { _mm512_maskz_compress_epi8(begins, b),
                        _mm512_maskz_compress_epi8(begins, _mm512_loadu_si512(p + 1)),
                        _mm512_maskz_compress_epi8(begins, _mm512_loadu_si512(p + 2)),
                        _mm512_maskz_compress_epi8(begins, iota) };
    uint32_t k = (uint32_t)_mm_popcnt_u64(begins);
    join(s, k, base, cp, at);
    *used = 62 + (uint32_t)__builtin_ctzll((uint64_t)~behind >> 62 | 4);
    return k;
}

AVX512 static uint32_t many_avx512(const char *p, uint32_t n, uint32_t base, uint32_t *cp, uint32_t *at, uint32_t cap)
{
    uint32_t k = 0, i = 0;
    while (k < cap && n - i >= 66) {
        uint32_t used = 0, got = plain(p + i, base + i, cp + k, at + k, &used);
        if (!got) {
            got = sk_utf8_many_portable(p + i, n - i, base + i, cp + k, at + k, SOME);
            used = at[k + got] - (base + i);
        }
        i += used;
        k += got;
        at[k] = base + i;
    }
    if (k < cap)
        return k + sk_utf8_many_portable(p + i, n - i, base + i, cp + k, at + k, cap - k);
    return cap;
}

static bool has_avx512(void)
{
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vbmi") &&
           __builtin_cpu_supports("avx512vbmi2");
}
#endif

uint32_t sk_utf8_many(const char *p, uint32_t n, uint32_t base, uint32_t *cp, uint32_t *at, uint32_t cap)
{
#ifdef X86
    if (has_avx512())
        return many_avx512(p, n, base, cp, at, cap);
#endif
    return sk_utf8_many_portable(p, n, base, cp, at, cap);
}
