/*
 * fold_simd.c - vector loops for UTF-8 and CP932, chosen at run time; their output is that of fold_loops.c.
 *
 * UTF-8: most of Japanese is its own fold, so a block is classified and copied up to the first byte that is not; the
 * portable loop takes over for a few characters there. CP932: AVX-512 compresses the first and second bytes of a
 * block's characters, gathers 16 table entries at a time and compresses their bytes into the output.
 */
#include "text/fold_internal.h"
#include <string.h>

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>

#define AVX2 __attribute__((target("avx2,bmi,bmi2,popcnt")))
#define AVX512 __attribute__((target("avx2,avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,bmi,bmi2,popcnt")))

enum sk_fold_isa sk_fold_best_isa(void)
{
    __builtin_cpu_init();
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("bmi2"))
        return SK_FOLD_PORTABLE;
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vbmi") &&
        __builtin_cpu_supports("avx512vbmi2"))
        return SK_FOLD_AVX512;
    return SK_FOLD_AVX2;
}

/* ---- places to cut: at least 24 bytes apart (the room in the map), at most 64 ---- */
static inline const uint8_t *last_cut(const struct sk_run *r)
{
    return r->due - SK_FOLD_STRIDE;
}

/* A cut at (p, o) if the last one is far enough behind, before it is due. */
static inline void cut_early(struct sk_run *r, const uint8_t *p, uint8_t *o)
{
    if (p - last_cut(r) < SK_FOLD_STRIDE_LEAST)
        return;
    r->due = p;
    sk_fold_safe(r, p, o);
}

/* For n bytes that are copied: cuts at their start and inside, so that none is more than 32 bytes before their end.
 * begins: where characters begin. */
static inline void cut_copied(struct sk_run *r, const uint8_t *p, uint8_t *o, unsigned n, uint64_t begins)
{
    cut_early(r, p, o);
    ptrdiff_t behind = p - last_cut(r);
    if (behind + n <= 32)
        return;
    ptrdiff_t from = n > 32 ? n - 32 : 0;
    if (from < SK_FOLD_STRIDE_LEAST - behind)
        from = SK_FOLD_STRIDE_LEAST - behind;
    if (from < 0 || from >= n || !(begins >> from))
        return;
    from += __builtin_ctzll(begins >> from);
    if (from < n)
        cut_early(r, p + from, o + from);
}

/* ---- UTF-8 ---- */
/* Of the 64 bytes at p, one bit each. */
struct utf8_masks {
    uint64_t high, nul, lead;  /* >= 80, 00, >= C0 */
    uint64_t same;             /* first bytes of characters of three bytes that are their own folds */
    uint64_t long_mark, digit; /* first bytes of U+30FC (also in same), ASCII digits */
};

/* How many of the 64 bytes can be copied, in whole characters. Validates them. */
static inline unsigned utf8_same_bytes(const struct sk_run *r, const struct utf8_masks *m, const uint8_t *o)
{
    uint64_t behind_digit = m->digit << 1 | sk_fold_behind_digit(r, o);
    uint64_t same = m->same & ~(m->long_mark & behind_digit);
    uint64_t follow = same << 1 | same << 2, tail = m->high & ~m->lead;
    uint64_t missing = follow & ~tail;
    uint64_t broken = same & (missing >> 1 | missing >> 2);
    uint64_t stop = (m->lead & ~same) | broken | (tail & ~follow) | m->nul;
    stop |= same & (uint64_t)3 << 62; /* reaches into the next block */
    return stop ? (unsigned)__builtin_ctzll(stop) : 64;
}

#define UTF8_LOOP(MASKS, COPY)                                                                                         \
    while (r->p < limit) {                                                                                             \
        struct utf8_masks m = MASKS(r->p);                                                                             \
        unsigned n = utf8_same_bytes(r, &m, r->o);                                                                     \
        if (n) {                                                                                                       \
            COPY(r->o, r->p);                                                                                          \
            cut_copied(r, r->p, r->o, n, ~(m.high & ~m.lead));                                                         \
            r->p += n;                                                                                                 \
            r->o += n;                                                                                                 \
        }                                                                                                              \
        if (n < 61) {                                                                                                  \
            const uint8_t *p = r->p, *stop = p + (n < 16 ? 64 : 16);                                                   \
            sk_fold_utf8_c(r, stop < limit ? stop : limit);                                                            \
            if (r->p == p)                                                                                             \
                return;                                                                                                \
        }                                                                                                              \
    }

AVX2 static inline __m256i in_range2(__m256i v, uint8_t first, uint8_t last)
{
    __m256i d = _mm256_sub_epi8(v, _mm256_set1_epi8((char)first));
    return _mm256_cmpeq_epi8(_mm256_min_epu8(d, _mm256_set1_epi8((char)(last - first))), d);
}

AVX2 static inline __m256i equal2(__m256i v, uint8_t c)
{
    return _mm256_cmpeq_epi8(v, _mm256_set1_epi8((char)c));
}

AVX2 static inline void utf8_half2(const uint8_t *p, unsigned shift, struct utf8_masks *m)
{
    __m256i v = _mm256_loadu_si256((const __m256i *)p), w = _mm256_loadu_si256((const __m256i *)(p + 1)),
            x = _mm256_loadu_si256((const __m256i *)(p + 2));
    __m256i e3 = equal2(v, 0xE3);
    /* U+3001-3031 without the wave dash U+301C; U+3040-30FF without the sound marks U+3099-309C, digraphs U+309F and
     * U+30FF. */
    __m256i signs = _mm256_and_si256(equal2(w, 0x80), _mm256_andnot_si256(equal2(x, 0x9C), in_range2(x, 0x81, 0xB1)));
    __m256i kana = _mm256_or_si256(
        equal2(w, 0x81), _mm256_or_si256(_mm256_andnot_si256(_mm256_or_si256(in_range2(x, 0x99, 0x9C), equal2(x, 0x9F)),
                                                             equal2(w, 0x82)),
                                         _mm256_andnot_si256(equal2(x, 0xBF), equal2(w, 0x83))));
    __m256i same = _mm256_or_si256(in_range2(v, 0xE4, 0xE9), _mm256_and_si256(e3, _mm256_or_si256(signs, kana)));
    __m256i mark = _mm256_and_si256(e3, _mm256_and_si256(equal2(w, 0x83), equal2(x, 0xBC)));
    m->high |= (uint64_t)(uint32_t)_mm256_movemask_epi8(v) << shift;
    m->nul |= (uint64_t)(uint32_t)_mm256_movemask_epi8(equal2(v, 0)) << shift;
    m->lead |= (uint64_t)(uint32_t)_mm256_movemask_epi8(in_range2(v, 0xC0, 0xFF)) << shift;
    m->same |= (uint64_t)(uint32_t)_mm256_movemask_epi8(same) << shift;
    m->long_mark |= (uint64_t)(uint32_t)_mm256_movemask_epi8(mark) << shift;
    m->digit |= (uint64_t)(uint32_t)_mm256_movemask_epi8(in_range2(v, '0', '9')) << shift;
}

AVX2 static inline struct utf8_masks utf8_masks2(const uint8_t *p)
{
    struct utf8_masks m = { 0 };
    utf8_half2(p, 0, &m);
    utf8_half2(p + 32, 32, &m);
    return m;
}

AVX2 static inline void copy2(uint8_t *o, const uint8_t *p)
{
    __m256i a = _mm256_loadu_si256((const __m256i *)p), b = _mm256_loadu_si256((const __m256i *)(p + 32));
    _mm256_storeu_si256((__m256i *)o, a);
    _mm256_storeu_si256((__m256i *)(o + 32), b);
}

AVX2 static void utf8_avx2(struct sk_run *r, const uint8_t *limit){ UTF8_LOOP(utf8_masks2, copy2) }

AVX512 static inline uint64_t in_range5(__m512i v, uint8_t first, uint8_t last)
{
    return _mm512_cmple_epu8_mask(_mm512_sub_epi8(v, _mm512_set1_epi8((char)first)),
                                  _mm512_set1_epi8((char)(last - first)));
}

AVX512 static inline uint64_t equal5(__m512i v, uint8_t c)
{
    return _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8((char)c));
}

AVX512 static inline struct utf8_masks utf8_masks5(const uint8_t *p)
{
    __m512i v = _mm512_loadu_si512(p);
    struct utf8_masks m = { .high = _mm512_movepi8_mask(v), .nul = _mm512_testn_epi8_mask(v, v) };
    if (!m.high)
        return m;
    __m512i w = _mm512_loadu_si512(p + 1), x = _mm512_loadu_si512(p + 2);
    uint64_t e3 = equal5(v, 0xE3), row83 = equal5(w, 0x83);
    uint64_t signs = equal5(w, 0x80) & in_range5(x, 0x81, 0xB1) & ~equal5(x, 0x9C);
    uint64_t kana = equal5(w, 0x81) | (equal5(w, 0x82) & ~(in_range5(x, 0x99, 0x9C) | equal5(x, 0x9F))) |
                    (row83 & ~equal5(x, 0xBF));
    m.lead = in_range5(v, 0xC0, 0xFF);
    m.same = in_range5(v, 0xE4, 0xE9) | (e3 & (signs | kana));
    m.long_mark = e3 & row83 & equal5(x, 0xBC);
    m.digit = in_range5(v, '0', '9');
    return m;
}

AVX512 static inline void copy5(uint8_t *o, const uint8_t *p)
{
    _mm512_storeu_si512(o, _mm512_loadu_si512(p));
}

AVX512 static void utf8_avx512(struct sk_run *r, const uint8_t *limit){ UTF8_LOOP(utf8_masks5, copy5) }

/* ---- CP932 ---- */
/* Copies ASCII without NUL from r->p; false when the next 32 bytes are not all such. */
AVX2 static inline bool ascii_avx2(struct sk_run *r)
{
    __m256i v = _mm256_loadu_si256((const __m256i *)r->p);
    __m256i other = _mm256_or_si256(v, equal2(v, 0));
    if (_mm256_movemask_epi8(other))
        return false;
    cut_early(r, r->p, r->o);
    _mm256_storeu_si256((__m256i *)r->o, v);
    r->p += 32;
    r->o += 32;
    return true;
}

/* Eight double-byte characters of three folded bytes each; false when the next 16 bytes are something else. */
AVX2 static inline bool pairs_avx2(struct sk_run *r)
{
    __m128i v = _mm_loadu_si128((const __m128i *)r->p);
    __m128i d = _mm_sub_epi8(_mm_xor_si128(v, _mm_set1_epi8(0x20)), _mm_set1_epi8((char)0xA1));
    __m128i leads = _mm_cmpeq_epi8(_mm_min_epu8(d, _mm_set1_epi8(0x3B)), d);
    if ((_mm_movemask_epi8(leads) & 0x5555) != 0x5555)
        return false;
    __m256i w = _mm256_cvtepu16_epi32(v);
    __m256i index =
        _mm256_or_si256(_mm256_slli_epi32(_mm256_and_si256(w, _mm256_set1_epi32(0x7F)), 8), _mm256_srli_epi32(w, 8));
    __m256i e = _mm256_i32gather_epi32((const int *)r->f->cp932, index, 4);
    __m256i three = _mm256_cmpeq_epi32(_mm256_srli_epi32(e, 24), _mm256_set1_epi32(3));
    if (_mm256_movemask_epi8(three) != -1)
        return false;
    cut_early(r, r->p, r->o);
    const __m256i pack = _mm256_setr_epi8(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, -1, -1, -1, -1, 0, 1, 2, 4, 5, 6, 8,
                                          9, 10, 12, 13, 14, -1, -1, -1, -1);
    __m256i packed = _mm256_shuffle_epi8(e, pack);
    _mm_storeu_si128((__m128i *)r->o, _mm256_castsi256_si128(packed));
    _mm_storeu_si128((__m128i *)(r->o + 12), _mm256_extracti128_si256(packed, 1));
    r->p += 16;
    r->o += 24;
    return true;
}

AVX2 static void cp932_avx2(struct sk_run *r, const uint8_t *limit)
{
    while (r->p < limit) {
        if (*r->p < 0x80) {
            if (ascii_avx2(r))
                continue;
        } else {
            r->uneven = 1;
            if (pairs_avx2(r))
                continue;
        }
        const uint8_t *p = r->p, *stop = p + 16;
        sk_fold_cp932_c(r, stop < limit ? stop : limit);
        if (r->p == p)
            return;
    }
}

/* The characters of one block of 64 bytes: first and second bytes, side by side. */
struct cells {
    uint8_t first[64 + 16], second[64 + 16];
    uint64_t begins; /* where they stand in the block */
    unsigned n;
    unsigned bytes; /* 64, or 65 when the last one reaches over the end */
};

/* Second bytes are those behind an odd run of lead bytes: the algebra of escaped characters (Langdale, Lemire:
 * Parsing Gigabytes of JSON per Second, 2019). */
AVX512 static inline uint64_t second_bytes(uint64_t leads)
{
    const uint64_t even = 0x5555555555555555u;
    uint64_t follows = leads << 1;
    uint64_t odd_starts = leads & ~even & ~follows;
    unsigned long long inverted;
    __builtin_add_overflow((unsigned long long)odd_starts, (unsigned long long)leads, &inverted);
    return (even ^ (uint64_t)inverted << 1) & follows;
}

AVX512 static inline void split_cells(const uint8_t *p, __m512i v, struct cells *c)
{
    __m512i d = _mm512_sub_epi8(_mm512_xor_si512(v, _mm512_set1_epi8(0x20)), _mm512_set1_epi8((char)0xA1));
    uint64_t leads = _mm512_cmplt_epu8_mask(d, _mm512_set1_epi8(0x3C));
    uint64_t second = second_bytes(leads);
    c->begins = ~second;
    c->n = (unsigned)__builtin_popcountll(c->begins);
    c->bytes = 64 + (unsigned)((leads & c->begins) >> 63);
    _mm512_storeu_si512(c->first, _mm512_maskz_compress_epi8(c->begins, v));
    _mm512_storeu_si512(c->second, _mm512_maskz_compress_epi8(c->begins, _mm512_loadu_si512(p + 1)));
}

/* Writes the plain entries of these lanes; returns the new end. Up to 64 bytes are overwritten. */
AVX512 static inline uint8_t *emit(uint8_t *o, __m512i entries, __mmask16 some)
{
    const __m512i length_of = _mm512_set4_epi32(0x0F0F0F0F, 0x0B0B0B0B, 0x07070707, 0x03030303);
    __m512i length = _mm512_shuffle_epi8(entries, length_of);
    uint64_t keep = _mm512_cmpgt_epu8_mask(length, _mm512_set1_epi32((int)0xFF020100));
    keep &= _mm512_movepi8_mask(_mm512_movm_epi32(some));
    _mm512_storeu_si512(o, _mm512_maskz_compress_epi8(keep, entries));
    return o + __builtin_popcountll(keep);
}

AVX512 static inline __m512i entries_of(const struct sk_run *r, const struct cells *c, unsigned k, __mmask16 some)
{
    __m512i a = _mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i *)(c->first + k)));
    __m512i b = _mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i *)(c->second + k)));
    __mmask16 high = _mm512_mask_cmpge_epu32_mask(some, a, _mm512_set1_epi32(0x80));
    __m512i index = _mm512_or_si512(_mm512_slli_epi32(_mm512_and_si512(a, _mm512_set1_epi32(0x7F)), 8), b);
    __m512i ascii = _mm512_or_si512(a, _mm512_set1_epi32(1 << 24));
    return _mm512_mask_i32gather_epi32(ascii, high, index, r->f->cp932, 4);
}

AVX512 static inline unsigned place_of(const struct cells *c, unsigned k)
{
    return (unsigned)__builtin_ctzll(_pdep_u64((uint64_t)1 << k, c->begins));
}

/* A character that depends on what stands before it; false leaves it to sk_fold_step. */
static inline bool emit_context(struct sk_run *r, uint32_t e)
{
    if (e >> 24 == SK_FOLD_VOICE)
        return !(e & 2) && sk_fold_join_voice(r, r->o, e & 1);
    if (e >> 24 != SK_FOLD_LONG || sk_fold_behind_digit(r, r->o))
        return false;
    sk_fold_store4(r->o, 0xBC83E3);
    r->o += 3;
    return true;
}

/* Folds the cells of the block at p; returns how many were done. */
AVX512 static unsigned run_cells(struct sk_run *r, const uint8_t *p, const struct cells *c)
{
    unsigned k = 0;
    while (k < c->n) {
        unsigned left = c->n - k < 16 ? c->n - k : 16;
        __mmask16 some = (__mmask16)((1u << left) - 1);
        __m512i entries = entries_of(r, c, k, some);
        unsigned special = _mm512_mask_cmpge_epu32_mask(some, entries, _mm512_set1_epi32(4 << 24));
        unsigned plain = special ? (unsigned)__builtin_ctz(special) : left;
        if (plain) {
            const uint8_t *at = p + place_of(c, k);
            cut_early(r, at, r->o);
            r->o = emit(r->o, entries, (__mmask16)((1u << plain) - 1));
            k += plain;
        }
        if (plain < left) {
            uint32_t e = r->f->cp932[(c->first[k] & 0x7Fu) << 8 | c->second[k]];
            if (!emit_context(r, e))
                return k;
            k++;
        }
    }
    return k;
}

AVX512 static void cp932_avx512(struct sk_run *r, const uint8_t *limit)
{
    while (r->p < limit) {
        __m512i v = _mm512_loadu_si512(r->p);
        if (_mm512_testn_epi8_mask(v, v))
            return; /* NUL: the portable loop and the step */
        if (!_mm512_movepi8_mask(v)) {
            cut_copied(r, r->p, r->o, 64, ~(uint64_t)0);
            _mm512_storeu_si512(r->o, v);
            r->p += 64;
            r->o += 64;
            continue;
        }
        struct cells c;
        split_cells(r->p, v, &c);
        r->uneven = 1;
        unsigned done = run_cells(r, r->p, &c);
        if (done < c.n) {
            r->p += place_of(&c, done);
            return;
        }
        r->p += c.bytes;
    }
}

sk_fold_loop *sk_fold_simd(const struct sk_fold *f, enum sk_charset cs)
{
    if (f->isa == SK_FOLD_AVX512)
        return cs == SK_CS_UTF8 ? utf8_avx512 : cs == SK_CS_CP932 ? cp932_avx512 : NULL;
    if (f->isa == SK_FOLD_AVX2)
        return cs == SK_CS_UTF8 ? utf8_avx2 : cs == SK_CS_CP932 ? cp932_avx2 : NULL;
    return NULL;
}

#else

enum sk_fold_isa sk_fold_best_isa(void)
{
    return SK_FOLD_PORTABLE;
}

sk_fold_loop *sk_fold_simd(const struct sk_fold *f, enum sk_charset cs)
{
    (void)f;
    (void)cs;
    return NULL;
}

#endif

bool sk_fold_force(struct sk_fold *f, enum sk_fold_isa isa)
{
    if (isa > sk_fold_best_isa())
        return false;
    f->isa = isa;
    return true;
}
