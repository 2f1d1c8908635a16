#include "detect/keyset.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

#define MOST_SLOTS ((size_t)1 << 23) /* 96 MiB: seven million keys, two million people with three keys each */
#define FIRST_SLOTS 1024u
#define KEPT_SLOTS ((size_t)1 << 16) /* a large file must not make every later small one clear its table */

static size_t slot_of(const struct sk_keyset *k, uint64_t key)
{
    size_t i = (size_t)(key >> 20) & (k->slots - 1);
    while (k->keys[i] && k->keys[i] != key)
        i = (i + 1) & (k->slots - 1);
    return i;
}

static bool grow(struct sk_keyset *k)
{
    struct sk_keyset next = { .slots = k->slots ? k->slots * 2 : FIRST_SLOTS, .used = k->used };
    next.keys = sk_new(next.slots, sizeof(*next.keys));
    next.ids = sk_new(next.slots, sizeof(*next.ids));
    if (!next.keys || !next.ids) {
        sk_keyset_free(&next);
        return false;
    }
    for (size_t i = 0; i < k->slots; i++)
        if (k->keys[i]) {
            size_t at = slot_of(&next, k->keys[i]);
            next.keys[at] = k->keys[i];
            next.ids[at] = k->ids[i];
        }
    free(k->keys);
    free(k->ids);
    *k = next;
    return true;
}

uint32_t sk_keyset_find(const struct sk_keyset *k, uint64_t key)
{
    if (!key || !k->slots)
        return UINT32_MAX;
    size_t i = slot_of(k, key);
    return k->keys[i] ? k->ids[i] : UINT32_MAX;
}

void sk_keyset_soon(const struct sk_keyset *k, uint64_t key)
{
#if defined(__GNUC__)
    if (key && k->slots)
        __builtin_prefetch(&k->keys[(size_t)(key >> 20) & (k->slots - 1)]);
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
    if (!k->keys[i]) {
        k->keys[i] = key;
        /* NOLINTNEXTLINE(clang-analyzer-*) */
        k->ids[i] = id;
        k->used++;
    }
    return true;
}

void sk_keyset_clear(struct sk_keyset *k)
{
    if (k->slots > KEPT_SLOTS)
        sk_keyset_free(k);
    else if (k->slots)
        memset(k->keys, 0, k->slots * sizeof(*k->keys));
    k->used = 0;
    k->full = false;
}

void sk_keyset_free(struct sk_keyset *k)
{
    free(k->keys);
    free(k->ids);
    memset(k, 0, sizeof(*k));
}
