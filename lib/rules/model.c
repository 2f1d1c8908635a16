#include "rules/model.h"

#include <string.h>

#include "rules/modelfile.h"

/* Frame: modelfile.h, whose own numbers are log2 of buckets, folds, words. Body: folds {from, to}, pair bits, bits of
 * what words begin with (two characters, three), where each bucket begins and ends, words (17 bits of the hash over 15
 * of flags). */
#define MAGIC "SKNAMES"
#define FILE_NAME "names.bin"
#define MODEL_VERSION 2u
#define PAIR_BITS SK_NAMES_PAIR_BITS
#define MOST_LOG 22u
#define MOST_FOLDS 20000u
#define KANA_FIRST 0x3000u
#define KANA_LAST 0x33FFu
#define KANJI_FIRST 0x4E00u
#define KANJI_LAST 0x9FFFu
#define MOST_WORDS (1u << 21)
#define BITMAP (1u << (PAIR_BITS - 3))
#define FLAG_BITS 15u

struct fold_pair {
    uint32_t from, to;
};

struct sk_names {
    uint16_t kanji[KANJI_LAST - KANJI_FIRST + 2]; /* folds of the usual block, read in pairs */
    uint16_t signs[KANA_LAST - KANA_FIRST + 1];   /* of kana and signs */
    struct fold_pair *others;                     /* sorted */
    size_t n_others;
    uint16_t single[KANJI_LAST - KANJI_FIRST + 1]; /* flags of the words of one character */
    const uint8_t *pairs, *begins;
    const uint32_t *buckets, *slots;
    uint32_t mask;
};

static bool read_folds(struct sk_names *m, const uint32_t *folds, uint32_t n)
{
    uint32_t before = 0;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t from = folds[i * 2], to = folds[i * 2 + 1];
        if (from <= before || to == 0 || to > 0x10FFFF)
            return false;
        before = from;
        if (from >= KANJI_FIRST && from <= KANJI_LAST && to <= 0xFFFF)
            m->kanji[from - KANJI_FIRST] = (uint16_t)to;
        else if (from >= KANA_FIRST && from <= KANA_LAST && to <= 0xFFFF)
            m->signs[from - KANA_FIRST] = (uint16_t)to;
        else
            m->others[m->n_others++] = (struct fold_pair){ from, to };
    }
    return true;
}

/* Everything that later look-ups rely on is checked here. */
static bool read_body(struct sk_loader *l, const struct sk_model *f, struct sk_names *m)
{
    size_t folds = (size_t)f->own[1] * 8, buckets = ((size_t)1 << f->own[0]) + 1, at = folds + BITMAP * 3;
    const uint32_t *fold = sk_model_u32(l, f, 0, folds / 4);
    m->buckets = sk_model_u32(l, f, at, buckets);
    m->slots = sk_model_u32(l, f, at + buckets * 4, f->own[2]);
    if (!fold || !m->buckets || !m->slots || f->body.n != at + (buckets + f->own[2]) * 4 ||
        !read_folds(m, fold, f->own[1]))
        return false;
    m->pairs = f->body.p + folds;
    m->begins = m->pairs + BITMAP;
    m->mask = (uint32_t)buckets - 2;
    for (size_t i = 1; i < buckets; i++)
        if (m->buckets[i] < m->buckets[i - 1])
            return false;
    if (m->buckets[0] != 0 || m->buckets[buckets - 1] != f->own[2])
        return false;
    for (uint32_t cp = KANJI_FIRST; cp <= KANJI_LAST; cp++)
        m->single[cp - KANJI_FIRST] = (uint16_t)sk_names_word(m, sk_names_step(SK_NAMES_START, cp));
    return true;
}

void sk_load_names(struct sk_loader *l, const char *dir)
{
    struct sk_model f;
    struct sk_arena *arena = &l->rules->arena;
    if (!sk_model_open(l, dir, FILE_NAME, MAGIC, MODEL_VERSION, &f))
        return;
    if (f.own[0] < 4 || f.own[0] > MOST_LOG || f.own[1] > MOST_FOLDS || f.own[2] > MOST_WORDS) {
        sk_model_refuse(l, dir, FILE_NAME);
        return;
    }
    struct sk_names *m = sk_arena_new(arena, 1, sizeof(*m));
    struct fold_pair *others = sk_arena_new(arena, f.own[1] + 1, sizeof(*others));
    if (!m || !others) {
        l->problems->no_memory = true;
        return;
    }
    memset(m, 0, sizeof(*m));
    for (uint32_t cp = KANJI_FIRST; cp <= KANJI_LAST; cp++)
        m->kanji[cp - KANJI_FIRST] = (uint16_t)cp;
    for (uint32_t cp = KANA_FIRST; cp <= KANA_LAST; cp++)
        m->signs[cp - KANA_FIRST] = (uint16_t)cp;
    m->others = others;
    if (read_body(l, &f, m))
        l->rules->names = m;
    else
        sk_model_refuse(l, dir, FILE_NAME);
}

const struct sk_names *sk_rules_names(const struct sk_rules *r)
{
    return r->names;
}

uint32_t sk_names_fold(const struct sk_names *m, uint32_t cp)
{
    if (cp >= KANJI_FIRST && cp <= KANJI_LAST)
        return m->kanji[cp - KANJI_FIRST];
    if (cp <= KANA_LAST)
        return cp < KANA_FIRST ? cp : m->signs[cp - KANA_FIRST];
    size_t lo = 0, hi = m->n_others;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (m->others[mid].from == cp)
            return m->others[mid].to;
        if (m->others[mid].from < cp)
            lo = mid + 1;
        else
            hi = mid;
    }
    return cp;
}

const uint16_t *sk_names_kanji(const struct sk_names *m)
{
    return m->kanji;
}

uint32_t sk_names_kana(uint32_t cp)
{
    if (cp >= 0x3041 && cp <= 0x3096)
        cp += 0x60;
    switch (cp) {
    case 0x30A1: /* ァィゥェォ ッ ャュョ ヮ stand right before the large ones */
    case 0x30A3:
    case 0x30A5:
    case 0x30A7:
    case 0x30A9:
    case 0x30C3:
    case 0x30E3:
    case 0x30E5:
    case 0x30E7:
    case 0x30EE:
        return cp + 1;
    case 0x30F5:
        return 0x30AB;
    case 0x30F6:
        return 0x30B1;
    case 0x30C2:
        return 0x30B8;
    case 0x30C5:
        return 0x30BA;
    default:
        return cp;
    }
}

unsigned sk_names_word(const struct sk_names *m, uint64_t h)
{
    uint32_t bucket = (uint32_t)h & m->mask, tag = (uint32_t)(h >> (32 + FLAG_BITS));
    for (uint32_t i = m->buckets[bucket]; i < m->buckets[bucket + 1]; i++)
        if (m->slots[i] >> FLAG_BITS == tag)
            return m->slots[i] & ((1u << FLAG_BITS) - 1);
    return 0;
}

unsigned sk_names_single(const struct sk_names *m, uint32_t cp)
{
    return cp >= KANJI_FIRST && cp <= KANJI_LAST ? m->single[cp - KANJI_FIRST]
                                                 : sk_names_word(m, sk_names_step(SK_NAMES_START, cp));
}

bool sk_names_begin(const struct sk_names *m, unsigned n, uint64_t h)
{
    uint32_t i = (uint32_t)(h >> (64 - PAIR_BITS));
    return m->begins[(n == 2 ? 0 : BITMAP) + (i >> 3)] >> (i & 7) & 1;
}

const uint8_t *sk_names_pairs(const struct sk_names *m)
{
    return m->pairs;
}
