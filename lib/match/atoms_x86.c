/* atoms_x86.c - the digit scanner's masks for AVX2 and AVX-512BW, chosen at run time. */
#include "match/atoms.h"

#include <string.h>

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>

#define AVX2 __attribute__((target("avx2")))
#define AVX512 __attribute__((target("avx512f,avx512bw")))

AVX2 static inline uint64_t half_mask(const char *p)
{
    __m256i x = _mm256_sub_epi8(_mm256_loadu_si256((const __m256i *)(const void *)p), _mm256_set1_epi8('0'));
    /* unsigned x <= 9 */
    __m256i digit = _mm256_cmpeq_epi8(_mm256_min_epu8(x, _mm256_set1_epi8(9)), x);
    return (uint32_t)_mm256_movemask_epi8(digit);
}

AVX2 static inline uint64_t avx2_mask(const char *p)
{
    return half_mask(p) | half_mask(p + 32) << 32;
}

AVX512 static inline uint64_t avx512_mask(const char *p)
{
    __m512i x = _mm512_sub_epi8(_mm512_loadu_si512((const void *)p), _mm512_set1_epi8('0'));
    return _mm512_cmple_epu8_mask(x, _mm512_set1_epi8(9));
}

#define ATOMS_NAME avx2
#define ATOMS_TARGET AVX2
#define ATOMS_MASK avx2_mask
#include "match/atoms_loop.h"

#define ATOMS_NAME avx512
#define ATOMS_TARGET AVX512
#define ATOMS_MASK avx512_mask
#include "match/atoms_loop.h"

sk_atoms_scan sk_atoms_avx2(void)
{
    return __builtin_cpu_supports("avx2") ? avx2 : NULL;
}

sk_atoms_scan sk_atoms_avx512(void)
{
    return __builtin_cpu_supports("avx512bw") ? avx512 : NULL;
}

#else

sk_atoms_scan sk_atoms_avx2(void)
{
    return NULL;
}

sk_atoms_scan sk_atoms_avx512(void)
{
    return NULL;
}

#endif
