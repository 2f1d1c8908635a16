/* union.c - distinct people over the files of a place: exact sets of keyed hashes. */
#include "api/union.h"

#include <stdlib.h>
#include <string.h>

void sk_set_init(struct sk_set *s)
{
    memset(s, 0, sizeof(*s));
}

void sk_set_free(struct sk_set *s)
{
    free(s->slots);
    sk_set_init(s);
}

static void insert(uint64_t *slots, size_t mask, uint64_t key)
{
    size_t i = (size_t)key & mask;
    while (slots[i] && slots[i] != key)
        i = (i + 1) & mask;
    slots[i] = key;
}

bool sk_set_add(struct sk_set *s, uint64_t key)
{
    key += !key; /* 0 marks a free slot */
    if ((s->n + 1) * 4 > s->cap * 3) {
        size_t cap = s->cap ? s->cap * 2 : 1024;
        uint64_t *slots = sk_new(cap, sizeof(*slots));
        if (!slots)
            return false;
        for (size_t i = 0; i < s->cap; i++)
            if (s->slots[i])
                insert(slots, cap - 1, s->slots[i]);
        free(s->slots);
        s->slots = slots;
        s->cap = cap;
    }
    size_t i = (size_t)key & (s->cap - 1);
    while (s->slots[i] && s->slots[i] != key)
        i = (i + 1) & (s->cap - 1);
    if (!s->slots[i]) {
        s->slots[i] = key;
        s->n++;
    }
    return true;
}

void sk_unions_init(struct sk_unions *u)
{
    memset(u, 0, sizeof(*u));
}

void sk_unions_free(struct sk_unions *u)
{
    for (size_t i = 0; i < u->n; i++) {
        sk_set_free(&u->items[i].people);
        free(u->items[i].location);
    }
    free(u->items);
    sk_unions_init(u);
}

bool sk_unions_add(struct sk_unions *u, const struct sk_policy *policy, const char *location,
                   const struct seki_result *r)
{
    struct sk_aggregate ignored;
    if ((r->n_person_keys == 0 && r->persons_unkeyed == 0) ||
        !sk_judge_aggregate(policy, location, UINT64_MAX, &ignored))
        return true;
    struct sk_union *one = NULL;
    for (size_t i = 0; i < u->n && !one; i++)
        if (strcmp(u->items[i].location, location) == 0)
            one = &u->items[i];
    if (!one) {
        if (!sk_grow(&u->items, &u->cap, u->n + 1, sizeof(*u->items)))
            return false;
        one = &u->items[u->n];
        memset(one, 0, sizeof(*one));
        if (!(one->location = sk_copy_string(location, strlen(location))))
            return false;
        u->n++;
    }
    one->unkeyed += r->persons_unkeyed;
    for (uint64_t i = 0; i < r->n_person_keys; i++)
        if (!sk_set_add(&one->people, r->person_keys[i]))
            return false;
    return true;
}

static int by_location(const void *a, const void *b)
{
    const struct sk_union *x = a, *y = b;
    return strcmp(x->location, y->location);
}

void sk_unions_sort(struct sk_unions *u)
{
    if (u->n)
        qsort(u->items, u->n, sizeof(*u->items), by_location);
}
