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

/* A cut at (p, o), and a checkpoint if the last one is far enough behind, before it is due. Without a branch on that:
 * it cannot be predicted. The map has room for the one entry that may be written and not kept. */
static inline void cut_early(struct sk_run *r, const uint8_t *p, uint8_t *o)
{
    bool far = p - last_cut(r) >= SK_FOLD_STRIDE_LEAST;
    r->safe.p = p;
    r->safe.o = o;
    r->safe.shift = r->shift;
    r->safe.invalid = r->invalid;
    r->due = far ? p + SK_FOLD_STRIDE : r->due;
    struct sk_fold_map *m = r->map;
    if (m) {
        m->source[m->n] = (uint32_t)(p - r->in);
        m->folded[m->n] = (uint32_t)(o - r->out);
        m->state[m->n] = r->shift;
        m->n += far;
    }
}

/* Two cuts in 64 bytes that are copied, so that none is more than 34 bytes before their end. begins: where characters
 * begin; there is one in every three bytes. */
static inline void cut_copied(struct sk_run *r, const uint8_t *p, uint8_t *o, uint64_t begins)
{
    unsigned first = (unsigned)__builtin_ctzll(begins), second = 32 + (unsigned)__builtin_ctzll(begins >> 32);
    cut_early(r, p + first, o + first);
    cut_early(r, p + second, o + second);
}

/* ---- UTF-8 ---- */
/* Of the 64 bytes at p, one bit each. */
struct utf8_masks {
    uint64_t high, nul, lead;  /* >= 80, 00, >= C0 */
    uint64_t same;             /* first bytes of characters of three bytes that are their own folds */
    uint64_t long_mark, digit; /* first bytes of U+30FC (also in same), ASCII digits */
};

/* From one block to the next: continuation bytes still to come, and whether the last byte was a digit. */
struct utf8_carry {
    uint64_t follow, digit;
};

/* Are all 64 bytes parts of characters that are their own folds, and valid? A block need not begin or end with a
 * character: so the next one does not wait for this one's length. */
static inline bool utf8_is_plain(const struct utf8_masks *m, struct utf8_carry *c)
{
    uint64_t follow = m->same << 1 | m->same << 2 | c->follow, tail = m->high & ~m->lead;
    uint64_t other = (m->lead & ~m->same) | (follow ^ tail) | m->nul | (m->long_mark & (m->digit << 1 | c->digit));
    if (other)
        return false;
    c->follow = (m->same >> 63) * 3 | (m->same >> 62 & 1);
    c->digit = m->digit >> 63;
    return true;
}

/* Bytes of the character that the last block ended in. */
static inline unsigned utf8_begun(const struct utf8_carry *c)
{
    return c->follow == 3 ? 1 : c->follow == 1 ? 2 : 0;
}

/* Behind a plain run, the portable loop takes over for a while: longer when there was no run. */
static bool utf8_other(struct sk_run *r, const uint8_t *limit, bool was_plain)
{
    const uint8_t *start = r->p;
    ptrdiff_t n = was_plain ? 16 : 256;
    sk_fold_utf8_c(r, limit - start < n ? limit : start + n);
    return r->p != start;
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

AVX2 static void utf8_avx2(struct sk_run *r, const uint8_t *limit)
{
    while (r->p < limit) {
        const uint8_t *p = r->p;
        uint8_t *o = r->o;
        struct utf8_carry carry = { .digit = sk_fold_behind_digit(r, o) };
        while (p < limit) { /* no calls in here, so that constants stay in registers */
            struct utf8_masks m = utf8_masks2(p);
            if (!utf8_is_plain(&m, &carry))
                break;
            memcpy(o, p, 64);
            cut_copied(r, p, o, ~(m.high & ~m.lead));
            p += 64;
            o += 64;
        }
        bool was_plain = p != r->p;
        r->p = p - utf8_begun(&carry);
        r->o = o - utf8_begun(&carry);
        if (r->p < limit && !utf8_other(r, limit, was_plain))
            return;
    }
}

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

AVX512 static void utf8_avx512(struct sk_run *r, const uint8_t *limit)
{
    while (r->p < limit) {
        const uint8_t *p = r->p;
        uint8_t *o = r->o;
        struct utf8_carry carry = { .digit = sk_fold_behind_digit(r, o) };
        while (p < limit) { /* no calls in here, so that constants stay in registers */
            struct utf8_masks m = utf8_masks5(p);
            if (!utf8_is_plain(&m, &carry))
                break;
            memcpy(o, p, 64);
            cut_copied(r, p, o, ~(m.high & ~m.lead));
            p += 64;
            o += 64;
        }
        bool was_plain = p != r->p;
        r->p = p - utf8_begun(&carry);
        r->o = o - utf8_begun(&carry);
        if (r->p < limit && !utf8_other(r, limit, was_plain))
            return;
    }
}

/* ---- CP932 ---- */
/* The characters that begin in one block of 64 bytes: their first and second bytes, side by side. */
struct cells {
    uint8_t first[64 + 16], second[64 + 16];
    uint64_t begins; /* where they stand in the block */
    unsigned n;
};

/* Second bytes are those behind an odd run of lead bytes: the algebra of escaped characters (Langdale, Lemire: Parsing
 * Gigabytes of JSON per Second, 2019). carry: the block's first byte is one, and afterwards the next block's. */
AVX512 static inline uint64_t second_bytes(uint64_t leads, uint64_t *carry)
{
    const uint64_t even = 0x5555555555555555u;
    leads &= ~*carry;
    uint64_t follows = leads << 1 | *carry;
    uint64_t odd_starts = leads & ~even & ~follows;
    unsigned long long inverted;
    __builtin_add_overflow((unsigned long long)odd_starts, (unsigned long long)leads, &inverted);
    uint64_t second = (even ^ (uint64_t)inverted << 1) & follows;
    *carry = (leads & ~second) >> 63;
    return second;
}

AVX512 static inline void split_cells(const uint8_t *p, __m512i v, struct cells *c, uint64_t *carry)
{
    __m512i d = _mm512_sub_epi8(_mm512_xor_si512(v, _mm512_set1_epi8(0x20)), _mm512_set1_epi8((char)0xA1));
    c->begins = ~second_bytes(_mm512_cmplt_epu8_mask(d, _mm512_set1_epi8(0x3C)), carry);
    c->n = (unsigned)__builtin_popcountll(c->begins);
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

/* Long vowel marks behind something that is no digit become plain entries; returns their lanes. Katakana is full of
 * them, so this must not branch. The first lane is left to emit_context. */
AVX512 static inline unsigned plain_long_marks(__m512i *entries, unsigned special)
{
    unsigned marks = _mm512_mask_cmpeq_epi32_mask((__mmask16)special, *entries, _mm512_set1_epi32((int)0xF8000000));
    __m512i value = _mm512_sub_epi32(*entries, _mm512_set1_epi32(1 << 24 | '0'));
    unsigned digits = _mm512_cmplt_epu32_mask(value, _mm512_set1_epi32(10));
    marks &= ~(digits << 1 | 1u);
    *entries = _mm512_mask_mov_epi32(*entries, (__mmask16)marks, _mm512_set1_epi32(0x03BC83E3));
    return marks;
}

/* A character that depends on what stands before it; false leaves it to sk_fold_step. */
static inline bool emit_context(const struct sk_run *r, uint8_t **o, uint32_t e)
{
    if (e >> 24 == SK_FOLD_VOICE)
        return !(e & 2) && sk_fold_join_voice(r, *o, e & 1);
    if (e >> 24 != SK_FOLD_LONG || sk_fold_behind_digit(r, *o))
        return false;
    sk_fold_store4(*o, 0xBC83E3);
    *o += 3;
    return true;
}

/* Folds the cells of the block at p; returns how many were done. */
AVX512 static inline unsigned run_cells(struct sk_run *r, const uint8_t *p, const struct cells *c)
{
    uint8_t *o = r->o;
    unsigned k = 0;
    while (k < c->n) {
        unsigned left = c->n - k < 16 ? c->n - k : 16;
        __mmask16 some = (__mmask16)((1u << left) - 1);
        __m512i entries = entries_of(r, c, k, some);
        unsigned special = _mm512_mask_cmpge_epu32_mask(some, entries, _mm512_set1_epi32(4 << 24));
        special &= ~plain_long_marks(&entries, special);
        unsigned plain = special ? (unsigned)__builtin_ctz(special) : left;
        if (plain) {
            cut_early(r, p + place_of(c, k), o);
            o = emit(o, entries, (__mmask16)((1u << plain) - 1));
            k += plain;
        }
        if (plain < left) {
            if (!emit_context(r, &o, r->f->cp932[(c->first[k] & 0x7Fu) << 8 | c->second[k]]))
                break;
            k++;
        }
    }
    r->o = o;
    return k;
}

#define DENSE 30 /* of 64 bytes outside ASCII: below this the portable loop is faster */

/* Blocks that are ASCII or mostly Japanese; stops before any other. */
AVX512 static void cp932_blocks(struct sk_run *r, const uint8_t *limit)
{
    const uint8_t *p = r->p;
    uint64_t carry = 0;
    while (p < limit) {
        __m512i v = _mm512_loadu_si512(p);
        uint64_t high = _mm512_movepi8_mask(v);
        if (_mm512_testn_epi8_mask(v, v) || (high && __builtin_popcountll(high) < DENSE))
            break;
        if (!(high | carry)) {
            cut_copied(r, p, r->o, ~(uint64_t)0);
            _mm512_storeu_si512(r->o, v);
            r->o += 64;
        } else {
            struct cells c;
            split_cells(p, v, &c, &carry);
            r->uneven = 1;
            unsigned done = run_cells(r, p, &c);
            if (done < c.n) {
                r->p = p + place_of(&c, done);
                return;
            }
        }
        p += 64;
    }
    r->p = p + carry;
}

AVX512 static void cp932_avx512(struct sk_run *r, const uint8_t *limit)
{
    while (r->p < limit) {
        cp932_blocks(r, limit);
        const uint8_t *start = r->p;
        sk_fold_cp932_c(r, limit - start < 256 ? limit : start + 256);
        if (r->p == start)
            return;
    }
}

sk_fold_loop *sk_fold_simd(const struct sk_fold *f, enum sk_charset cs)
{
    if (f->isa == SK_FOLD_AVX512)
        return cs == SK_CS_UTF8 ? utf8_avx512 : cs == SK_CS_CP932 ? cp932_avx512 : NULL;
    if (f->isa == SK_FOLD_AVX2)
        return cs == SK_CS_UTF8 ? utf8_avx2 : NULL; /* for CP932 eight-lane gathers lost to the portable loop */
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
