#include "sample.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct dice {
    uint64_t state;
    struct sk_arena *arena;
};

static uint64_t roll(struct dice *d) /* splitmix64 */
{
    uint64_t z = (d->state += 0x9E3779B97F4A7C15u);
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

/* Small numbers, large numbers and limits alike. */
static uint64_t any(struct dice *d)
{
    uint64_t v = roll(d);
    switch (roll(d) % 4) {
    case 0:
        return v % 4;
    case 1:
        return UINT64_MAX;
    default:
        return v >> roll(d) % 64;
    }
}

static uint32_t below(struct dice *d, uint32_t n)
{
    return n ? (uint32_t)(roll(d) % n) : 0;
}

static const char *word(struct dice *d, bool may_be_null)
{
    static const char *const WORDS[] = { "", "a", "本.xlsx", "Sheet1", "\xF0\xA0\xAE\x9F野家", "x\ty", "…" };
    uint32_t i = below(d, 8);
    if (i == 7 && may_be_null)
        return NULL;
    const char *w = WORDS[i % 7];
    return sk_arena_string(d->arena, w, strlen(w));
}

static struct sk_place place(struct dice *d, uint32_t parts)
{
    return (struct sk_place){ .part = below(d, parts),
                              .kind = (uint8_t)below(d, SK_AT_PART + 1),
                              .hidden = (uint8_t)below(d, SK_HIDDEN_COUNT),
                              .run = (uint8_t)below(d, SK_RUN_RUBY + 1),
                              .length = (uint32_t)any(d),
                              .column = (uint32_t)any(d),
                              .offset = any(d),
                              .line = any(d),
                              .row = (uint32_t)any(d),
                              .col = (uint32_t)any(d),
                              .number = (uint32_t)any(d) };
}

static const struct sk_place *places(struct dice *d, uint32_t parts, uint32_t *n)
{
    *n = below(d, 6);
    struct sk_place *p = sk_arena_new(d->arena, *n, sizeof(*p));
    for (uint32_t i = 0; i < *n; i++)
        p[i] = place(d, parts);
    return p;
}

#define MAKE(type, array, count) type *array = sk_arena_new(&r->arena, (count) = below(&d, 6), sizeof(*array))

struct seki_result *sample_random(uint64_t seed)
{
    struct seki_result *r = calloc(1, sizeof(*r));
    sk_arena_init(&r->arena, 1 << 24);
    struct dice d = { seed, &r->arena };
    const sk_elements all = SK_BIT(SK_EL_COUNT) - 1;
    r->state = (uint8_t)below(&d, 3);
    r->format = word(&d, true);
    r->size = any(&d);
    r->has_sha256 = below(&d, 2);
    for (int i = 0; i < 32; i++)
        r->sha256[i] = (uint8_t)roll(&d);
    r->has_crc = below(&d, 2);
    r->crc = (uint32_t)roll(&d);
    uint32_t parts = r->n_parts = 1 + below(&d, 6);
    struct sk_part *part = sk_arena_new(&r->arena, parts, sizeof(*part));
    for (uint32_t i = 0; i < parts; i++)
        part[i] = (struct sk_part){ below(&d, i),   word(&d, false), word(&d, true),
                                    word(&d, true), word(&d, true),  (uint8_t)below(&d, SK_HIDDEN_COUNT),
                                    below(&d, 2) };
    r->parts = part;
    MAKE(struct sk_why, why, r->n_whys);
    for (uint32_t i = 0; i < r->n_whys; i++)
        why[i] = (struct sk_why){ below(&d, parts), (uint8_t)below(&d, SK_WHY_COUNT), word(&d, true) };
    r->whys = why;
    MAKE(struct sk_found, found, r->n_found);
    for (uint32_t i = 0; i < r->n_found; i++) {
        found[i] =
            (struct sk_found){ (uint8_t)below(&d, SK_EL_COUNT), (uint8_t)below(&d, SK_CONF_COUNT), any(&d), NULL, 0 };
        found[i].at = places(&d, parts, &found[i].n_at);
    }
    r->found = found;
    MAKE(struct sk_mask, mask, r->n_masks);
    for (uint32_t i = 0; i < r->n_masks; i++)
        mask[i] = (struct sk_mask){ roll(&d) & all, roll(&d) & all, any(&d) };
    r->masks = mask;
    r->persons_min = any(&d);
    r->persons_max = any(&d);
    MAKE(struct sk_insurer, insurer, r->n_insurers);
    for (uint32_t i = 0; i < r->n_insurers; i++) {
        insurer[i] = (struct sk_insurer){ below(&d, 2) ? "100016" : "39100016", any(&d), any(&d), NULL, 0 };
        insurer[i].at = places(&d, parts, &insurer[i].n_at);
    }
    r->insurers = insurer;
    uint64_t *keys = sk_arena_new(&r->arena, r->n_person_keys = below(&d, 50), sizeof(*keys));
    for (uint64_t i = 0; i < r->n_person_keys; i++)
        keys[i] = roll(&d);
    r->person_keys = keys;
    r->persons_unkeyed = any(&d);
    r->small_cells = any(&d);
    r->small_at = places(&d, parts, &r->n_small_at);
    MAKE(struct sk_marking, marking, r->n_markings);
    for (uint32_t i = 0; i < r->n_markings; i++)
        marking[i] = (struct sk_marking){ (uint32_t)any(&d),      (uint8_t)below(&d, SK_MARK_POSITIONS),
                                          (uint8_t)below(&d, 10), (uint8_t)below(&d, 10),
                                          (uint8_t)below(&d, 10), place(&d, parts) };
    r->markings = marking;
    MAKE(struct sk_msip, msip, r->n_msips);
    for (uint32_t i = 0; i < r->n_msips; i++) {
        msip[i] = (struct sk_msip){ .removed = below(&d, 2), .enabled = below(&d, 2), .label_info = below(&d, 2) };
        snprintf(msip[i].guid, sizeof(msip[i].guid), "11111111-1111-1111-1111-%012u", below(&d, 9));
    }
    r->msips = msip;
    MAKE(struct sk_hidden_sum, hidden, r->n_hiddens);
    for (uint32_t i = 0; i < r->n_hiddens; i++)
        hidden[i] = (struct sk_hidden_sum){ below(&d, parts), (uint8_t)below(&d, SK_HIDDEN_COUNT),
                                            any(&d),          any(&d),
                                            roll(&d) & all,   any(&d),
                                            place(&d, parts) };
    r->hiddens = hidden;
    MAKE(struct sk_member, member, r->n_members);
    for (uint32_t i = 0; i < r->n_members; i++)
        member[i] = (struct sk_member){ below(&d, parts), word(&d, false), any(&d), (uint32_t)roll(&d), below(&d, 2) };
    r->members = member;
    r->text_bytes = any(&d);
    r->expanded_bytes = any(&d);
    return r;
}

/* ---- comparison, field by field: written apart from the wire ---- */

static bool same(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static bool same_place(const struct sk_place *a, const struct sk_place *b)
{
    return a->part == b->part && a->kind == b->kind && a->hidden == b->hidden && a->run == b->run &&
           a->length == b->length && a->column == b->column && a->offset == b->offset && a->line == b->line &&
           a->row == b->row && a->col == b->col && a->number == b->number;
}

static bool same_places(const struct sk_place *a, uint32_t n, const struct sk_place *b, uint32_t m)
{
    for (uint32_t i = 0; i < n && i < m; i++)
        if (!same_place(&a[i], &b[i]))
            return false;
    return n == m;
}

#define ALL(array, count, condition)                                                                                   \
    do {                                                                                                               \
        if (a->count != b->count)                                                                                      \
            return false;                                                                                              \
        for (uint64_t i = 0; i < a->count; i++) {                                                                      \
            __typeof__(a->array) x = a->array + i, y = b->array + i;                                                   \
            if (!(condition))                                                                                          \
                return false;                                                                                          \
        }                                                                                                              \
    } while (0)

bool sample_equal(const struct seki_result *a, const struct seki_result *b)
{
    if (a->state != b->state || !same(a->format, b->format) || a->size != b->size ||
        memcmp(a->sha256, b->sha256, 32) != 0 || a->has_sha256 != b->has_sha256 || a->crc != b->crc ||
        a->has_crc != b->has_crc || a->persons_min != b->persons_min || a->persons_max != b->persons_max ||
        a->persons_unkeyed != b->persons_unkeyed || a->small_cells != b->small_cells ||
        a->text_bytes != b->text_bytes || a->expanded_bytes != b->expanded_bytes)
        return false;
    ALL(parts, n_parts,
        x->parent == y->parent && same(x->name, y->name) && same(x->format, y->format) &&
            same(x->charset, y->charset) && same(x->encryption, y->encryption) && x->hidden == y->hidden &&
            x->has_text == y->has_text);
    ALL(whys, n_whys, x->part == y->part && x->reason == y->reason && same(x->detail, y->detail));
    ALL(found, n_found,
        x->element == y->element && x->confidence == y->confidence && x->count == y->count &&
            same_places(x->at, x->n_at, y->at, y->n_at));
    ALL(masks, n_masks, x->elements == y->elements && x->high == y->high && x->records == y->records);
    ALL(insurers, n_insurers,
        same(x->number, y->number) && x->min == y->min && x->max == y->max &&
            same_places(x->at, x->n_at, y->at, y->n_at));
    ALL(person_keys, n_person_keys, *x == *y);
    ALL(markings, n_markings,
        x->word == y->word && x->position == y->position && x->c == y->c && x->i == y->i && x->a == y->a &&
            same_place(&x->at, &y->at));
    ALL(msips, n_msips,
        same(x->guid, y->guid) && same(x->site, y->site) && x->removed == y->removed && x->enabled == y->enabled &&
            x->label_info == y->label_info);
    ALL(hiddens, n_hiddens,
        x->part == y->part && x->hidden == y->hidden && x->records == y->records && x->persons == y->persons &&
            x->elements == y->elements && x->characters == y->characters && same_place(&x->at, &y->at));
    ALL(members, n_members,
        x->part == y->part && same(x->name, y->name) && x->size == y->size && x->crc == y->crc &&
            x->has_crc == y->has_crc);
    return same_places(a->small_at, a->n_small_at, b->small_at, b->n_small_at);
}
