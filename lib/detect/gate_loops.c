/*
 * gate_loops.c - what the gate does with every character of running text: fold it, and weigh it with its neighbours.
 * Both are look-ups in tables beyond the first cache; with AVX-512 sixteen at a time.
 */
#include "detect/gate_read.h"

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>
#define X86 1
#endif

#define KANJI 0x4E00u
#define N_KANJI 0x5200u
#define RARE_FROM 0x3400u /* characters from here on that are no usual kanji are looked up one by one */

/* ---------------------------------------------------------------- folding */

static void fold_rare(const struct sk_names *m, uint32_t *cp, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        if (cp[i] >= RARE_FROM && cp[i] - KANJI >= N_KANJI)
            cp[i] = sk_crf_char(m, cp[i]);
}

void sk_gate_fold_portable(const struct sk_names *m, uint32_t *cp, uint32_t n)
{
    const uint16_t *kanji = sk_names_kanji(m);
    uint32_t rare = 0;
    for (uint32_t i = 0; i < n; i++) { /* without branches: kana and kanji cannot be foreseen */
        uint32_t c = cp[i], of = c - KANJI;
        bool is = of < N_KANJI;
        uint32_t other = c - '0' < 10 ? '0' : c;
        cp[i] = is ? kanji[is ? of : 0] : other;
        rare |= (uint32_t)(!is && c >= RARE_FROM);
    }
    if (rare)
        fold_rare(m, cp, n);
}

/* ---------------------------------------------------------------- weighing */

static inline int32_t sum_of(const uint32_t *pair)
{
    return (int8_t)pair[0] + (int8_t)(pair[1] >> 8) + (int8_t)(pair[2] >> 16) + ((int32_t)pair[3] >> 24);
}

bool sk_gate_open_portable(const struct sk_prose *p, const uint32_t *cp, uint32_t n, uint8_t *open)
{
    const int32_t least = p->gate_least - p->gate_bias;
    uint32_t pair[4] = { 0 }; /* weights of two neighbours, the last of them at the character in hand and one behind */
    bool any = false;
    for (uint32_t k = 0; k < 3; k++)
        pair[k] = p->gate[sk_gate_row(cp[(int)k - 2], cp[(int)k - 1])];
    for (uint32_t i = 0; i < n; i++) {
        pair[3] = p->gate[sk_gate_row(cp[i + 1], cp[i + 2])];
        open[i] = sum_of(pair) > least;
        any |= open[i];
        for (unsigned k = 0; k < 3; k++)
            pair[k] = pair[k + 1];
    }
    return any;
}

#ifdef X86
#define AVX512 __attribute__((target("avx512f,avx512bw,avx512vl")))

/* sk_names_kanji is readable for one entry behind its end. */
AVX512 static void fold_avx512(const struct sk_names *m, uint32_t *cp, uint32_t n)
{
    const uint16_t *kanji = sk_names_kanji(m);
    const __m512i zero = _mm512_set1_epi32('0');
    __mmask16 rare = 0;
    for (uint32_t i = 0; i < n; i += 16) {
        __mmask16 here = (__mmask16)(n - i >= 16 ? 0xFFFF : (1u << (n - i)) - 1);
        __m512i c = _mm512_maskz_loadu_epi32(here, cp + i), of = _mm512_sub_epi32(c, _mm512_set1_epi32(KANJI));
        __mmask16 is = _mm512_cmplt_epu32_mask(of, _mm512_set1_epi32(N_KANJI));
        __mmask16 digit = _mm512_cmplt_epu32_mask(_mm512_sub_epi32(c, zero), _mm512_set1_epi32(10));
        __m512i folded = _mm512_mask_i32gather_epi32(c, is, of, kanji, 2);
        folded = _mm512_and_si512(folded, _mm512_set1_epi32(0xFFFF));
        rare |= (__mmask16)(_mm512_cmpge_epu32_mask(c, _mm512_set1_epi32(RARE_FROM)) & ~is);
        c = _mm512_mask_mov_epi32(_mm512_mask_mov_epi32(c, digit, zero), is, folded);
        _mm512_mask_storeu_epi32(cp + i, here, c);
    }
    if (rare)
        fold_rare(m, cp, n);
}

AVX512 static inline __m512i rows(const uint32_t *gate, const uint32_t *cp)
{
    __m512i a = _mm512_mullo_epi32(_mm512_loadu_si512(cp), _mm512_set1_epi32((int)SK_GATE_A)),
            b = _mm512_mullo_epi32(_mm512_loadu_si512(cp + 1), _mm512_set1_epi32((int)SK_GATE_B));
    __m512i z = _mm512_xor_si512(a, b);
    z = _mm512_xor_si512(z, _mm512_srli_epi32(z, 15));
    z = _mm512_srli_epi32(_mm512_mullo_epi32(z, _mm512_set1_epi32((int)SK_GATE_C)), 32 - SK_GATE_ROW_BITS);
    return _mm512_i32gather_epi32(z, gate, 4);
}

/* Three lanes of the last sixteen pairs in front of the first thirteen of these, and so on. */
#define SHIFTED(by) _mm512_alignr_epi32(now, last, 16 - (by))

AVX512 static bool open_avx512(const struct sk_prose *p, const uint32_t *cp, uint32_t n, uint8_t *open)
{
    const __m512i least = _mm512_set1_epi32(p->gate_least - p->gate_bias);
    uint32_t before[16] = { 0 };
    __mmask16 any = 0;
    for (uint32_t k = 0; k < 3; k++)
        before[13 + k] = p->gate[sk_gate_row(cp[(int)k - 2], cp[(int)k - 1])];
    __m512i last = _mm512_loadu_si512(before);
    for (uint32_t i = 0; i < n; i += 16) {
        __mmask16 here = (__mmask16)(n - i >= 16 ? 0xFFFF : (1u << (n - i)) - 1);
        __m512i now = rows(p->gate, cp + i + 1);
        __m512i sum = _mm512_add_epi32(_mm512_srai_epi32(_mm512_slli_epi32(SHIFTED(3), 24), 24),
                                       _mm512_srai_epi32(_mm512_slli_epi32(SHIFTED(2), 16), 24));
        sum = _mm512_add_epi32(sum, _mm512_srai_epi32(_mm512_slli_epi32(SHIFTED(1), 8), 24));
        sum = _mm512_add_epi32(sum, _mm512_srai_epi32(now, 24));
        __mmask16 yes = _mm512_mask_cmpgt_epi32_mask(here, sum, least);
        _mm_storeu_si128((__m128i *)(void *)(open + i), _mm_maskz_set1_epi8(yes, 1));
        any |= yes;
        last = now;
    }
    return any != 0;
}

static bool has_avx512(void)
{
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512vl");
}
#endif

void sk_gate_fold(const struct sk_names *m, uint32_t *cp, uint32_t n)
{
#ifdef X86
    if (has_avx512()) {
        fold_avx512(m, cp, n);
        return;
    }
#endif
    sk_gate_fold_portable(m, cp, n);
}

bool sk_gate_open(const struct sk_prose *p, const uint32_t *cp, uint32_t n, uint8_t *open)
{
#ifdef X86
    if (has_avx512())
        return open_avx512(p, cp, n, open);
#endif
    return sk_gate_open_portable(p, cp, n, open);
}
