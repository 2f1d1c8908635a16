#include "rules/model.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "rules/load.h"
#include "rules/textfile.h"

/* The file, all little-endian: magic, version, total length, log2 of slots, folds, log2 of pair bits, CRC-32 of all but
 * itself; then folds {from, to}, pair bits, slots (20 bits of the word's hash over 12 of flags; 0 = empty). */
#define MAGIC "SKNAMES"
#define MODEL_VERSION 1u
#define HEAD 32u
#define PAIR_BITS SK_NAMES_PAIR_BITS
#define MOST_LOG 22u
#define MOST_FOLDS 20000u
#define KANJI_FIRST 0x4E00u
#define KANJI_LAST 0x9FFFu
#define MOST_PROBES 512u

struct fold_pair {
    uint32_t from, to;
};

struct sk_names {
    uint16_t kanji[KANJI_LAST - KANJI_FIRST + 1]; /* folds of the usual block, 0 = itself */
    struct fold_pair *others;                     /* sorted */
    size_t n_others;
    const uint8_t *pairs;
    const uint32_t *slots;
    uint32_t mask;
};

static void refuse(struct sk_loader *l, const char *path)
{
    sk_problem_add(l->problems, path, 0, 0, "名前辞書が壊れているか、この版のものではありません",
                   "the dictionary of names is damaged or of another version");
}

struct head {
    uint32_t version, total, log, folds, pair_bits, crc;
};

/* Everything that later look-ups rely on is checked here. */
static bool read_head(struct sk_bytes file, struct head *h)
{
    struct sk_bytes b = file;
    if (!SK_STARTS(b, MAGIC "\0") || !sk_skip(&b, 8) || !sk_u32le(&b, &h->version) || !sk_u32le(&b, &h->total) ||
        !sk_u32le(&b, &h->log) || !sk_u32le(&b, &h->folds) || !sk_u32le(&b, &h->pair_bits) || !sk_u32le(&b, &h->crc))
        return false;
    if (h->version != MODEL_VERSION || h->total != file.n || h->log < 4 || h->log > MOST_LOG || h->folds > MOST_FOLDS ||
        h->pair_bits != PAIR_BITS)
        return false;
    uint64_t want = HEAD + (uint64_t)h->folds * 8 + (1u << (PAIR_BITS - 3)) + ((uint64_t)4 << h->log);
    if (want != file.n)
        return false;
    uint32_t crc = sk_crc32(0, file.p, HEAD - 4);
    return sk_crc32(crc, file.p + HEAD, file.n - HEAD) == h->crc;
}

static bool read_folds(struct sk_names *m, struct sk_bytes *b, const struct head *h)
{
    uint32_t before = 0;
    for (uint32_t i = 0; i < h->folds; i++) {
        uint32_t from, to;
        if (!sk_u32le(b, &from) || !sk_u32le(b, &to) || from <= before || to == 0 || to > 0x10FFFF)
            return false;
        before = from;
        if (from >= KANJI_FIRST && from <= KANJI_LAST && to <= 0xFFFF)
            m->kanji[from - KANJI_FIRST] = (uint16_t)to;
        else
            m->others[m->n_others++] = (struct fold_pair){ from, to };
    }
    return true;
}

static void load(struct sk_loader *l, const char *path, struct sk_bytes file)
{
    struct head h;
    if (!read_head(file, &h)) {
        refuse(l, path);
        return;
    }
    struct sk_arena *arena = &l->rules->arena;
    struct sk_names *m = sk_arena_new(arena, 1, sizeof(*m));
    uint8_t *pairs = sk_arena_new(arena, 1u << (PAIR_BITS - 3), 1);
    uint32_t *slots = sk_arena_new(arena, (size_t)1 << h.log, sizeof(*slots));
    struct fold_pair *others = sk_arena_new(arena, h.folds + 1, sizeof(*others));
    if (!m || !pairs || !slots || !others) {
        l->problems->no_memory = true;
        return;
    }
    memset(m, 0, sizeof(*m));
    m->others = others;
    struct sk_bytes b = file, bits;
    if (!sk_skip(&b, HEAD) || !read_folds(m, &b, &h) || !sk_take(&b, 1u << (PAIR_BITS - 3), &bits)) {
        refuse(l, path);
        return;
    }
    memcpy(pairs, bits.p, bits.n);
    bool empty = false; /* one at least: look-ups end there */
    for (size_t i = 0; i < (size_t)1 << h.log; i++) {
        (void)sk_u32le(&b, &slots[i]);
        empty = empty || slots[i] == 0;
    }
    if (!empty) {
        refuse(l, path);
        return;
    }
    m->pairs = pairs;
    m->slots = slots;
    m->mask = (1u << h.log) - 1;
    l->rules->names = m;
}

void sk_load_names(struct sk_loader *l, const char *dir)
{
    char path[4096];
    struct sk_buf file;
    if (snprintf(path, sizeof(path), "%s/models/names.bin", dir) >= (int)sizeof(path) || access(path, F_OK) != 0)
        return;
    if (sk_textfile_read(path, &file, l->problems) && sk_load_digest(l, "models/names.bin", file.p, file.n))
        load(l, path, sk_bytes(file.p, file.n));
    sk_buf_free(&file);
}

const struct sk_names *sk_rules_names(const struct sk_rules *r)
{
    return r->names;
}

uint32_t sk_names_fold(const struct sk_names *m, uint32_t cp)
{
    if (cp >= KANJI_FIRST && cp <= KANJI_LAST)
        return m->kanji[cp - KANJI_FIRST] ? m->kanji[cp - KANJI_FIRST] : cp;
    size_t lo = 0, hi = cp < 0x3000 ? 0 : m->n_others;
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
    uint32_t i = (uint32_t)h & m->mask, tag = (uint32_t)(h >> 44);
    for (unsigned probes = 0; probes < MOST_PROBES && m->slots[i] != 0; probes++) {
        if (m->slots[i] >> 12 == tag)
            return m->slots[i] & 0xFFFu;
        i = (i + 1) & m->mask;
    }
    return 0;
}

const uint8_t *sk_names_pairs(const struct sk_names *m)
{
    return m->pairs;
}
