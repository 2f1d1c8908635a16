#include "detect/keyset.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

#define MOST_SLOTS ((size_t)1 << 23) /* 96 MiB: seven million keys, two million people with three keys each */
#define FIRST_SLOTS 1024u
#define KEPT_SLOTS ((size_t)1 << 16) /* a large file must not make every later small one clear its table */

static uint64_t key_at(const struct sk_keyset *k, size_t i)
{
    return (uint64_t)k->at[i].key[1] << 32 | k->at[i].key[0];
}

static size_t slot_of(const struct sk_keyset *k, uint64_t key)
{
    size_t i = (size_t)(key >> 20) & (k->slots - 1);
    for (uint64_t there; (there = key_at(k, i)) != 0 && there != key;)
        i = (i + 1) & (k->slots - 1);
    return i;
}

static void fill(struct sk_keyset *k, size_t i, uint64_t key, uint32_t id)
{
    k->at[i] = (struct sk_keyset_slot){ { (uint32_t)key, (uint32_t)(key >> 32) }, id };
}

static bool grow(struct sk_keyset *k)
{
    struct sk_keyset next = { .slots = k->slots ? k->slots * 2 : FIRST_SLOTS, .used = k->used };
    next.at = sk_new(next.slots, sizeof(*next.at));
    if (!next.at)
        return false;
    for (size_t i = 0; i < k->slots; i++)
        if (key_at(k, i))
            next.at[slot_of(&next, key_at(k, i))] = k->at[i];
    free(k->at);
    *k = next;
    return true;
}

uint32_t sk_keyset_find(const struct sk_keyset *k, uint64_t key)
{
    if (!key || !k->slots)
        return UINT32_MAX;
    size_t i = slot_of(k, key);
    return key_at(k, i) ? k->at[i].id : UINT32_MAX;
}

void sk_keyset_soon(const struct sk_keyset *k, uint64_t key)
{
#if defined(__GNUC__)
    if (key && k->slots)
        __builtin_prefetch(&k->at[(size_t)(key >> 20) & (k->slots - 1)]);
#else
    (void)k, (void)key;
#endif
}

bool sk_keyset_put(struct sk_keyset *k, uint64_t key, uint32_t id)
{
    if (!key || k->full)
        return true;
    /* Absent keys are the usual question, and probing for one gets long beyond three quarters. */
    size_t spare = k->slots < MOST_SLOTS ? k->slots / 4 : k->slots / 8;
    if (k->used >= k->slots - spare) {
        if (k->slots >= MOST_SLOTS) {
            k->full = true;
            return true;
        }
        if (!grow(k))
            return false;
    }
    size_t i = slot_of(k, key);
    if (!key_at(k, i)) {
        fill(k, i, key, id);
        k->used++;
    }
    return true;
}

void sk_keyset_clear(struct sk_keyset *k)
{
    if (k->slots > KEPT_SLOTS)
        sk_keyset_free(k);
    else if (k->slots)
        memset(k->at, 0, k->slots * sizeof(*k->at));
    k->used = 0;
    k->full = false;
}

void sk_keyset_free(struct sk_keyset *k)
{
    free(k->at);
    memset(k, 0, sizeof(*k));
}
