#include "detect/keyset.h"
#include "detect/people.h"

#include <stdlib.h>
#include <string.h>

/*
 * Counts distinct people of a file. What identifies somebody is hashed at once under a secret key; only 64-bit hashes
 * stay.
 *
 * Keys, strongest first. "Exact" keys name one person: 記号・番号 with 枝番 or birth date, 後期, 介護, 公費, other
 * codes, 個人番号. "Medium": kana or name with birth date. "Soft": 記号・番号 with a name. "Weak": a name alone.
 * "House": 記号・番号 alone, a household. A record gives all the keys it has; each points to the same person from then
 * on, so that records with one of them meet.
 *
 * The lower bound counts a household without members told apart once, and one person for two insured ids with the same
 * name and birth date; the upper bound counts every name and every bare record of a household.
 */

#define MOST_INSURERS 8192u
#define PLACES 20u

enum kind { /* of an exact key */
            BY_INSURED = 1,
            BY_LATECARE = 2,
            BY_CARE = 4,
            BY_RECIPIENT = 8,
            BY_OTHER = 16,
            BY_PERSONAL = 32
};

enum {
    SURE = 0,
    EXTRA = 1,
    WEAK = 2,
    BARE = 4,
    CONFLICT = 8,
    BRANCHED = 16,
    OWN = 32 /* in the own register */
};           /* flags; EXTRA: in the upper bound only */

struct person {
    uint64_t key;                    /* strongest that may be sent; 0 = none */
    uint32_t parent;                 /* itself: the person; else merged into that one */
    uint16_t insurer;                /* index + 1 */
    uint8_t kinds, flags, sex, rank; /* rank of key, 0 strongest */
};

struct insurer {
    char number[9];
    uint64_t min, max, extra;
    struct sk_place at[PLACES];
    uint32_t n_at;
};

struct mask {
    sk_elements elements, high;
    uint64_t records;
};

struct sk_people {
    struct sk_keyset keys;
    struct person *persons;
    size_t n_persons, cap_persons;
    struct insurer *insurers;
    size_t n_insurers, cap_insurers;
    struct mask *masks;
    size_t n_masks, cap_masks, last_mask;
    uint64_t bare_extra;         /* further records of households without members told apart */
    struct sk_key key, file_key; /* file_key: of 個人番号, made anew for every file, never leaves */
    bool failed, last_is_own;
};

struct sk_people *sk_people_new(const struct sk_context *c)
{
    struct sk_people *p = sk_new(1, sizeof(*p));
    if (!p)
        return NULL;
    p->key = c->config.key;
    p->failed = !sk_key_random(&p->file_key);
    return p;
}

void sk_people_reset(struct sk_people *p)
{
    sk_keyset_clear(&p->keys);
    if (p->cap_persons > (size_t)1 << 16) {
        free(p->persons);
        p->persons = NULL;
        p->cap_persons = 0;
    }
    p->n_persons = p->n_insurers = p->n_masks = p->last_mask = 0;
    p->bare_extra = 0;
    p->failed = !sk_key_random(&p->file_key);
}

void sk_people_free(struct sk_people *p)
{
    if (!p)
        return;
    sk_keyset_free(&p->keys);
    free(p->persons);
    free(p->insurers);
    free(p->masks);
    explicit_bzero(p, sizeof(*p));
    free(p);
}

bool sk_people_full(const struct sk_context *c)
{
    return c->people->keys.full;
}

/* ---------------------------------------------------------------- hashing */

struct hasher {
    char buf[512];
    size_t n;
};

static void feed(struct hasher *h, const void *s, size_t n)
{
    if (n > sizeof(h->buf) - h->n - 1)
        n = sizeof(h->buf) - h->n - 1;
    memcpy(h->buf + h->n, s, n);
    h->n += n;
    h->buf[h->n++] = '\x1f'; /* parts do not run together */
}

static uint64_t finish(struct hasher *h, const struct sk_key *key)
{
    uint64_t v = sk_siphash(key, h->buf, h->n);
    explicit_bzero(h->buf, h->n);
    h->n = 0;
    return v ? v : 1;
}

static void feed_piece(struct hasher *h, const struct sk_identity *id, enum sk_piece piece)
{
    feed(h, id->piece[piece].p, id->piece[piece].n);
}

/* The keys of one record, 0 = it has none of that kind. */
struct keys {
    uint64_t personal, branch, born, latecare, care, recipient, other; /* exact */
    uint64_t kana_birth, name_birth, soft, weak, house;
    uint8_t kinds;
};

static uint64_t one(const struct sk_key *key, const char *tag, const struct sk_identity *id, enum sk_piece a,
                    enum sk_piece b, bool birth)
{
    struct hasher h = { .n = 0 };
    feed(&h, tag, 1);
    feed_piece(&h, id, a);
    if (b != SK_PIECES)
        feed_piece(&h, id, b);
    if (birth)
        feed(&h, &id->birth, sizeof(id->birth));
    return finish(&h, key);
}

static uint64_t house_key(const struct sk_key *key, const struct sk_identity *id, const char *tag, enum sk_piece more,
                          bool birth)
{
    struct hasher h = { .n = 0 };
    feed(&h, tag, 1);
    feed_piece(&h, id, SK_PIECE_INSURER);
    feed_piece(&h, id, SK_PIECE_SYMBOL);
    feed_piece(&h, id, SK_PIECE_NUMBER);
    if (more != SK_PIECES)
        feed_piece(&h, id, more);
    if (birth)
        feed(&h, &id->birth, sizeof(id->birth));
    return finish(&h, key);
}

static void make_keys(const struct sk_people *p, const struct sk_identity *id, struct keys *k)
{
    memset(k, 0, sizeof(*k));
    bool has_name = id->piece[SK_PIECE_NAME].n, has_kana = id->piece[SK_PIECE_KANA].n;
    enum sk_piece name = has_name ? SK_PIECE_NAME : SK_PIECE_KANA;
    if (id->piece[SK_PIECE_PERSONAL_NUMBER].n) {
        struct hasher h = { .n = 0 };
        feed(&h, "P", 1);
        feed_piece(&h, id, SK_PIECE_PERSONAL_NUMBER);
        k->personal = finish(&h, &p->file_key);
        k->kinds |= BY_PERSONAL;
    }
    if (id->piece[SK_PIECE_NUMBER].n || id->piece[SK_PIECE_SYMBOL].n) {
        k->house = house_key(&p->key, id, "H", SK_PIECES, false);
        if (id->piece[SK_PIECE_BRANCH].n)
            k->branch = house_key(&p->key, id, "I", SK_PIECE_BRANCH, false);
        if (id->has_birth)
            k->born = house_key(&p->key, id, "J", SK_PIECES, true);
        if (k->branch || k->born)
            k->kinds |= BY_INSURED;
        if (has_name || has_kana)
            k->soft = house_key(&p->key, id, "K", name, false);
    }
    if (id->piece[SK_PIECE_LATECARE].n) {
        k->latecare = one(&p->key, "L", id, SK_PIECE_LATECARE, SK_PIECES, false);
        k->kinds |= BY_LATECARE;
    }
    if (id->piece[SK_PIECE_CARE].n) { /* numbered by each insurer on its own */
        k->care = one(&p->key, "C", id, SK_PIECE_CARE, SK_PIECE_INSURER, false);
        k->kinds |= BY_CARE;
    }
    if (id->piece[SK_PIECE_RECIPIENT].n) {
        k->recipient = one(&p->key, "R", id, SK_PIECE_RECIPIENT, SK_PIECE_PAYER, false);
        k->kinds |= BY_RECIPIENT;
    }
    if (id->piece[SK_PIECE_OTHER].n) {
        k->other = one(&p->key, "O", id, SK_PIECE_OTHER, SK_PIECES, false);
        k->kinds |= BY_OTHER;
    }
    if (has_kana && id->has_birth)
        k->kana_birth = one(&p->key, "A", id, SK_PIECE_KANA, SK_PIECES, true);
    if (has_name && id->has_birth)
        k->name_birth = one(&p->key, "N", id, SK_PIECE_NAME, SK_PIECES, true);
    if (has_name || has_kana)
        k->weak = one(&p->key, has_name ? "W" : "V", id, name, SK_PIECES, false);
}

/* ---------------------------------------------------------------- the own register */

#define OWN_KEYS 8
/* What the index knows a person by. 記号・番号 only with their insurer or a birth date: numbers alone recur. */
static size_t own_keys(const struct sk_key *key, const struct sk_identity *id, uint64_t out[OWN_KEYS])
{
    size_t n = 0;
    bool number = id->piece[SK_PIECE_NUMBER].n, insurer = id->piece[SK_PIECE_INSURER].n;
    if (number && insurer) {
        out[n++] = house_key(key, id, "H", SK_PIECES, false);
        if (id->piece[SK_PIECE_BRANCH].n)
            out[n++] = house_key(key, id, "I", SK_PIECE_BRANCH, false);
    }
    if (number && id->has_birth) {
        struct hasher h = { .n = 0 };
        feed(&h, "B", 1);
        feed_piece(&h, id, SK_PIECE_SYMBOL);
        feed_piece(&h, id, SK_PIECE_NUMBER);
        feed(&h, &id->birth, sizeof(id->birth));
        out[n++] = finish(&h, key);
    }
    if (id->piece[SK_PIECE_LATECARE].n)
        out[n++] = one(key, "L", id, SK_PIECE_LATECARE, SK_PIECES, false);
    if (id->piece[SK_PIECE_CARE].n && insurer)
        out[n++] = one(key, "C", id, SK_PIECE_CARE, SK_PIECE_INSURER, false);
    if (id->piece[SK_PIECE_KANA].n && id->has_birth)
        out[n++] = one(key, "A", id, SK_PIECE_KANA, SK_PIECES, true);
    if (id->piece[SK_PIECE_NAME].n && id->has_birth)
        out[n++] = one(key, "N", id, SK_PIECE_NAME, SK_PIECES, true);
    return n;
}

static bool is_own(const struct sk_register *own, const struct sk_identity *id)
{
    uint64_t keys[OWN_KEYS];
    size_t n = own_keys(sk_register_key(own), id, keys);
    for (size_t i = 0; i < n; i++)
        if (sk_register_has(own, keys[i]))
            return true;
    return false;
}

static bool list_own(struct sk_register_list *list, const struct sk_identity *id)
{
    uint64_t keys[OWN_KEYS];
    size_t n = own_keys(&list->key, id, keys);
    bool ok = true;
    for (size_t i = 0; ok && i < n; i++)
        ok = sk_register_list_add(list, keys[i]);
    list->records += n > 0;
    list->without += n == 0;
    return ok;
}

bool sk_people_last_is_own(const struct sk_context *c)
{
    return c->people->last_is_own;
}

/* ---------------------------------------------------------------- people */

static uint32_t root(struct sk_people *p, uint32_t id)
{
    while (p->persons[id].parent != id) {
        p->persons[id].parent = p->persons[p->persons[id].parent].parent;
        id = p->persons[id].parent;
    }
    return id;
}

static uint32_t look(struct sk_people *p, uint64_t key)
{
    uint32_t id = sk_keyset_find(&p->keys, key);
    return id == UINT32_MAX ? id : root(p, id);
}

static void merge(struct sk_people *p, uint32_t into, uint32_t from)
{
    struct person *a = &p->persons[into], *b = &p->persons[from];
    if (into == from)
        return;
    b->parent = into;
    a->kinds |= b->kinds;
    a->flags = (uint8_t)((a->flags & b->flags & (EXTRA | WEAK | BARE)) |
                         ((a->flags | b->flags) & (BRANCHED | CONFLICT | OWN)));
    if (!a->insurer)
        a->insurer = b->insurer;
    if (!a->sex)
        a->sex = b->sex;
    if (b->key && (!a->key || b->rank < a->rank)) {
        a->key = b->key;
        a->rank = b->rank;
    }
}

static bool new_person(struct sk_people *p, uint8_t flags, uint32_t *id)
{
    if (p->n_persons >= UINT32_MAX - 1 || !sk_grow(&p->persons, &p->cap_persons, p->n_persons + 1, sizeof(*p->persons)))
        return false;
    *id = (uint32_t)p->n_persons++;
    p->persons[*id] = (struct person){ .parent = *id, .flags = flags, .rank = 255 };
    return true;
}

/* An exact key points to somebody of the same insured id and birth date; is it the same person? Twins differ in branch
 * or sex. */
static bool same_born(const struct sk_people *p, uint32_t q, const struct keys *k, const struct sk_identity *id)
{
    const struct person *x = &p->persons[q];
    if (k->branch && (x->flags & BRANCHED))
        return false;
    return !(x->sex && id->sex && x->sex != id->sex);
}

static uint32_t by_exact(struct sk_people *p, const struct keys *k, const struct sk_identity *id)
{
    const uint64_t exact[] = { k->branch, k->latecare, k->care, k->recipient, k->other, k->personal };
    uint32_t found = UINT32_MAX;
    for (size_t i = 0; i < sizeof(exact) / sizeof(exact[0]); i++) {
        uint32_t q = look(p, exact[i]);
        if (q == UINT32_MAX)
            continue;
        if (found != UINT32_MAX)
            merge(p, found, q);
        else
            found = q;
    }
    uint32_t q = look(p, k->born);
    if (q != UINT32_MAX && q != found && same_born(p, q, k, id)) {
        if (found != UINT32_MAX)
            merge(p, found, q);
        else
            found = q;
    }
    return found;
}

/* Medium keys: the same name and birth date. Two different codes of one kind stay two people, of which the lower bound
 * counts one. */
static bool by_medium(struct sk_people *p, const struct keys *k, uint32_t *found, bool *conflict)
{
    const uint64_t medium[] = { k->kana_birth, k->name_birth };
    for (size_t i = 0; i < 2; i++) {
        uint32_t q = look(p, medium[i]);
        if (q == UINT32_MAX || q == *found)
            continue;
        uint8_t kinds = *found == UINT32_MAX ? k->kinds : (uint8_t)(k->kinds | p->persons[*found].kinds);
        if (kinds & p->persons[q].kinds)
            *conflict = true;
        else if (*found == UINT32_MAX)
            *found = q;
        else
            merge(p, *found, q);
    }
    return true;
}

/* 記号・番号 with a name, or without anything. *bare: one more record of a household of which nobody is known. */
static uint32_t by_house(struct sk_people *p, const struct keys *k, uint8_t *flags, bool *bare)
{
    uint32_t house = look(p, k->house), q = look(p, k->soft);
    if (q != UINT32_MAX)
        return q;
    if (house == UINT32_MAX) {
        if (!k->soft)
            *flags |= BARE;
        return UINT32_MAX;
    }
    if (!k->soft) {
        *bare = p->persons[house].flags & BARE;
        return house;
    }
    if (p->persons[house].flags & BARE)
        return house;
    q = look(p, k->weak);
    if (q != UINT32_MAX)
        return q;
    *flags |= EXTRA;
    return UINT32_MAX;
}

static uint16_t insurer_index(struct sk_people *p, const char *number, size_t n, bool add, bool *ok)
{
    struct hasher h = { .n = 0 };
    feed(&h, "#", 1);
    feed(&h, number, n);
    uint64_t key = finish(&h, &p->key);
    uint32_t i = sk_keyset_find(&p->keys, key);
    *ok = true;
    if (i != UINT32_MAX)
        return (uint16_t)(i + 1);
    if (!add || p->n_insurers >= MOST_INSURERS || n >= sizeof(p->insurers[0].number))
        return 0;
    if (!sk_grow(&p->insurers, &p->cap_insurers, p->n_insurers + 1, sizeof(*p->insurers)) ||
        !sk_keyset_put(&p->keys, key, (uint32_t)p->n_insurers)) {
        *ok = false;
        return 0;
    }
    if (sk_keyset_find(&p->keys, key) == UINT32_MAX) /* the table is full */
        return 0;
    struct insurer *x = &p->insurers[p->n_insurers++];
    memset(x, 0, sizeof(*x));
    memcpy(x->number, number, n);
    return (uint16_t)p->n_insurers;
}

bool sk_people_wants_place(struct sk_context *c, const char *number, size_t n)
{
    bool ok;
    uint16_t i = insurer_index(c->people, number, n, false, &ok);
    return i == 0 || c->people->insurers[i - 1].n_at < PLACES;
}

/* True when the pair was not seen before. */
static bool first_pair(struct sk_people *p, const char *tag, uint32_t a, uint32_t b, bool *ok)
{
    struct hasher h = { .n = 0 };
    feed(&h, tag, 1);
    feed(&h, &a, sizeof(a));
    feed(&h, &b, sizeof(b));
    uint64_t key = finish(&h, &p->file_key);
    if (sk_keyset_find(&p->keys, key) != UINT32_MAX)
        return false;
    *ok = sk_keyset_put(&p->keys, key, 0);
    return true;
}

bool sk_people_first_in(struct sk_context *c, uint32_t hidden_sum, uint32_t person)
{
    bool ok = true;
    return first_pair(c->people, "h", hidden_sum, root(c->people, person), &ok);
}

static bool note_insurer(struct sk_people *p, uint32_t person, const struct sk_identity *id, const struct sk_place *at)
{
    bool ok = true;
    if (!id->piece[SK_PIECE_INSURER].n)
        return true;
    uint16_t i = insurer_index(p, id->piece[SK_PIECE_INSURER].p, id->piece[SK_PIECE_INSURER].n, true, &ok);
    if (i == 0)
        return ok;
    struct person *x = &p->persons[person];
    struct insurer *ins = &p->insurers[i - 1];
    if (x->insurer == i)
        return true;
    if (!x->insurer)
        x->insurer = i;
    else if (first_pair(p, "i", i, person, &ok)) /* the same person with a second insurer */
        ins->extra++;
    else
        return ok;
    if (at && ins->n_at < PLACES)
        ins->at[ins->n_at++] = *at;
    return ok;
}

static void note_key(struct person *x, uint64_t key, uint8_t rank)
{
    if (key && rank < x->rank) {
        x->key = key;
        x->rank = rank;
    }
}

bool sk_people_add(struct sk_context *c, const struct sk_identity *id, const struct sk_place *at, uint32_t *person)
{
    struct sk_people *p = c->people;
    struct keys k;
    bool conflict = false, bare = false;
    uint8_t flags = SURE;
    *person = UINT32_MAX;
    if (p->failed)
        return false;
    p->last_is_own = c->config.own && is_own(c->config.own, id);
    if (c->config.own_list)
        return list_own(c->config.own_list, id);
    make_keys(p, id, &k);
    const uint64_t soon[] = { k.personal, k.branch,     k.born,       k.latecare, k.care, k.recipient,
                              k.other,    k.kana_birth, k.name_birth, k.soft,     k.weak, k.house };
    for (size_t i = 0; i < sizeof(soon) / sizeof(soon[0]); i++)
        sk_keyset_soon(&p->keys, soon[i]);
    if (!k.kinds && !k.soft && !k.weak && !k.house)
        return true;
    uint32_t found = by_exact(p, &k, id);
    by_medium(p, &k, &found, &conflict);
    if (found == UINT32_MAX && !k.kinds && k.house)
        found = by_house(p, &k, &flags, &bare);
    uint32_t soft = k.kinds ? look(p, k.soft) : UINT32_MAX;
    if (found == UINT32_MAX && soft != UINT32_MAX && !(p->persons[soft].kinds & BY_INSURED))
        found = soft;
    uint32_t namesake = look(p, k.weak);
    bool only_name = !k.kinds && !k.house && !k.kana_birth && !k.name_birth;
    if (found == UINT32_MAX && namesake != UINT32_MAX && (only_name || (p->persons[namesake].flags & WEAK)))
        found = namesake;
    if (found == UINT32_MAX &&
        !new_person(p, (uint8_t)(flags | (only_name ? WEAK : 0) | (conflict ? CONFLICT : 0)), &found))
        return false;
    if (namesake != UINT32_MAX && namesake != found && (p->persons[namesake].flags & WEAK))
        merge(p, found, namesake);
    uint32_t house = k.kinds || k.soft ? look(p, k.house) : UINT32_MAX;
    if (house != UINT32_MAX && house != found && (p->persons[house].flags & BARE))
        merge(p, found, house);
    struct person *x = &p->persons[found];
    if (!only_name)
        x->flags &= (uint8_t)~WEAK;
    if (k.kinds || k.soft)
        x->flags &= (uint8_t)~BARE;
    if (k.kinds)
        x->flags &= (uint8_t)~EXTRA;
    if (k.branch)
        x->flags |= BRANCHED;
    if (p->last_is_own)
        x->flags |= OWN;
    x->kinds |= k.kinds;
    if (!x->sex)
        x->sex = id->sex;
    if (bare) {
        p->bare_extra++;
        if (x->insurer)
            p->insurers[x->insurer - 1].max++;
    }
    const uint64_t sendable[] = { k.branch,     k.born,       k.latecare, k.care,  k.recipient, k.other,
                                  k.kana_birth, k.name_birth, k.soft,     k.house, k.weak };
    for (size_t i = 0; i < sizeof(sendable) / sizeof(sendable[0]); i++)
        note_key(x, sendable[i], (uint8_t)i);
    const uint64_t all[] = { k.branch, k.born,     k.latecare,   k.care,       k.recipient,
                             k.other,  k.personal, k.kana_birth, k.name_birth, k.kinds ? 0 : k.soft,
                             k.house,  k.weak };
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
        if (!sk_keyset_put(&p->keys, all[i], found))
            return false;
    *person = found;
    return note_insurer(p, found, id, at);
}

/* ---------------------------------------------------------------- masks, result */

bool sk_people_mask(struct sk_context *c, sk_elements elements, sk_elements high)
{
    struct sk_people *p = c->people;
    if (p->last_mask < p->n_masks && p->masks[p->last_mask].elements == elements &&
        p->masks[p->last_mask].high == high) {
        p->masks[p->last_mask].records++;
        return true;
    }
    for (size_t i = 0; i < p->n_masks; i++)
        if (p->masks[i].elements == elements && p->masks[i].high == high) {
            p->masks[i].records++;
            p->last_mask = i;
            return true;
        }
    if (p->n_masks >= 4096) /* more combinations than any file has; keep the sets of elements at least */
        return true;
    if (!sk_grow(&p->masks, &p->cap_masks, p->n_masks + 1, sizeof(*p->masks)))
        return false;
    p->last_mask = p->n_masks;
    p->masks[p->n_masks++] = (struct mask){ elements, high, 1 };
    return true;
}

static bool insurers_result(struct sk_people *p, struct seki_result *r)
{
    struct sk_insurer *out = sk_arena_new(&r->arena, p->n_insurers ? p->n_insurers : 1, sizeof(*out));
    if (!out)
        return false;
    for (size_t i = 0; i < p->n_insurers; i++) {
        struct insurer *x = &p->insurers[i];
        struct sk_place *at = sk_arena_new(&r->arena, x->n_at ? x->n_at : 1, sizeof(*at));
        out[i].number = sk_arena_string(&r->arena, x->number, strlen(x->number));
        if (!at || !out[i].number)
            return false;
        if (x->n_at)
            memcpy(at, x->at, x->n_at * sizeof(*at));
        out[i].min = x->min + x->extra;
        out[i].max = x->max + x->extra;
        out[i].at = at;
        out[i].n_at = x->n_at;
    }
    r->insurers = out;
    r->n_insurers = (uint32_t)p->n_insurers;
    return true;
}

static int by_value(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static bool persons_result(struct sk_context *c, struct seki_result *r)
{
    struct sk_people *p = c->people;
    uint64_t *keys = NULL, n_keys = 0;
    if (c->config.person_keys && !(keys = sk_arena_new(&r->arena, p->n_persons ? p->n_persons : 1, sizeof(*keys))))
        return false;
    r->persons_max = p->bare_extra;
    r->has_own = c->config.own != NULL;
    for (size_t i = 0; i < p->n_persons; i++) {
        const struct person *x = &p->persons[i];
        if (x->parent != i)
            continue;
        bool sure = !(x->flags & (EXTRA | CONFLICT));
        r->persons_max++;
        r->persons_min += sure;
        r->own_persons += (x->flags & OWN) != 0;
        if (x->insurer) {
            p->insurers[x->insurer - 1].max++;
            p->insurers[x->insurer - 1].min += !(x->flags & EXTRA);
        }
        if (keys && x->key)
            keys[n_keys++] = x->key;
    }
    if (keys && n_keys)
        qsort(keys, n_keys, sizeof(*keys), by_value);
    r->person_keys = keys;
    r->n_person_keys = n_keys;
    r->persons_unkeyed = keys ? r->persons_max - n_keys : 0;
    return true;
}

bool sk_people_result(struct sk_context *c, struct seki_result *r)
{
    struct sk_people *p = c->people;
    struct sk_mask *masks = sk_arena_new(&r->arena, p->n_masks ? p->n_masks : 1, sizeof(*masks));
    if (!masks || p->failed)
        return false;
    for (size_t i = 0; i < p->n_masks; i++)
        masks[i] = (struct sk_mask){ p->masks[i].elements, p->masks[i].high, p->masks[i].records };
    r->masks = masks;
    r->n_masks = (uint32_t)p->n_masks;
    r->persons_min = 0;
    return persons_result(c, r) && insurers_result(p, r);
}
