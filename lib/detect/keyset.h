/* keyset.h - 64-bit keys -> numbers, open addressing. Keys are secret-keyed hashes, so nobody can make them collide. */
#ifndef SK_DETECT_KEYSET_H
#define SK_DETECT_KEYSET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sk_keyset_slot { /* together: one look into far memory for each question */
    uint32_t key[2];    /* low, high; both 0 = free */
    uint32_t id;
};
struct sk_keyset {
    struct sk_keyset_slot *at;
    size_t slots, used;
    bool full; /* the ceiling was reached: what is in stays, nothing new comes in */
};
uint32_t sk_keyset_find(const struct sk_keyset *k, uint64_t key); /* UINT32_MAX = not there; key 0 never is */
/* The key will be asked for: large tables lie outside the caches. */
void sk_keyset_soon(const struct sk_keyset *k, uint64_t key);
/* Lets key point to id unless it points somewhere already. False without memory; true, doing nothing, when full. */
bool sk_keyset_put(struct sk_keyset *k, uint64_t key, uint32_t id);
void sk_keyset_clear(struct sk_keyset *k); /* gives large memory back */
void sk_keyset_free(struct sk_keyset *k);

#endif
