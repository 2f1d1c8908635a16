#include "rules/places.h"

#include "rules/modelfile.h"

/* Own numbers of the head: slots, log2 of pair bits, 0. Body: pair bits, slots (upper 32 bits of the hash, 0 = empty; a
 * name stands at hash * slots >> 32 or behind it). */
#define MAGIC "SKPLACE"
#define FILE_NAME "places.bin"
#define PLACES_VERSION 1u
#define PAIR_LOG 16u
#define MOST_SLOTS (1u << 21)
#define MOST_PROBES 256u

struct sk_places {
    const uint8_t *pairs;
    const uint32_t *slots;
    uint32_t n;
};

void sk_load_places(struct sk_loader *l, const char *dir)
{
    struct sk_model m;
    if (!sk_model_open(l, dir, FILE_NAME, MAGIC, PLACES_VERSION, &m))
        return;
    size_t pairs = (size_t)1 << (PAIR_LOG - 3);
    const uint32_t *slots = NULL;
    bool ok = m.own[0] > 0 && m.own[0] <= MOST_SLOTS && m.own[1] == PAIR_LOG &&
              m.body.n == pairs + (size_t)m.own[0] * 4 && (slots = sk_model_u32(l, &m, pairs, m.own[0])) != NULL;
    struct sk_places *p = ok ? sk_arena_new(&l->rules->arena, 1, sizeof(*p)) : NULL;
    if (!ok) {
        sk_model_refuse(l, dir, FILE_NAME);
    } else if (!p) {
        l->problems->no_memory = true;
    } else {
        *p = (struct sk_places){ m.body.p, slots, m.own[0] };
        l->rules->places = p;
    }
}

const struct sk_places *sk_rules_places(const struct sk_rules *r)
{
    return r->places;
}

bool sk_places_has(const struct sk_places *p, uint64_t h)
{
    uint32_t tag = (uint32_t)(h >> 32), i = (uint32_t)((h & 0xFFFFFFFFu) * p->n >> 32);
    for (unsigned k = 0; k < MOST_PROBES && p->slots[i] != 0; k++) {
        if (p->slots[i] == tag)
            return true;
        i = i + 1 < p->n ? i + 1 : 0;
    }
    return false;
}

uint32_t sk_place_char(const struct sk_names *m, uint32_t cp)
{
    if (cp < 0x80)
        return cp >= '0' && cp <= '9' ? '0' : cp;
    switch (cp) {
    case 0x30F6: /* ヶ */
    case 0x30F5: /* ヵ */
    case 0x30AC: /* ガ */
    case 0x304C: /* が */
    case 0x30B1:
        return 0x30B1;
    case 0x30CE: /* ノ */
    case 0x4E4B: /* 之 */
        return 0x306E;
    case 0x30C4: /* 三ツ, 三つ, 三ッ */
    case 0x30C3:
    case 0x3063:
        return 0x3064;
    default:
        return m ? sk_names_fold(m, cp) : cp;
    }
}

bool sk_places_begin(const struct sk_places *p, uint32_t a, uint32_t b)
{
    uint32_t i = (a * 0x9E3779B1u + b * 0x85EBCA6Bu) >> (32 - PAIR_LOG);
    return p->pairs[i >> 3] >> (i & 7) & 1;
}
