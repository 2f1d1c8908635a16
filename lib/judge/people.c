/* people.c - persons and insurers of all files that are sent together. */
#include "judge/transfer.h"

#include <stdlib.h>
#include <string.h>

static uint64_t plus(uint64_t a, uint64_t b)
{
    return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

static int by_value(const void *a, const void *b)
{
    uint64_t x, y;
    memcpy(&x, a, sizeof(x));
    memcpy(&y, b, sizeof(y));
    return (x > y) - (x < y);
}

/* Distinct keys of all files; UINT64_MAX without memory. */
static uint64_t distinct_keys(const struct sk_transfer *t, uint64_t total)
{
    if (total > SIZE_MAX / sizeof(uint64_t))
        return UINT64_MAX;
    uint64_t *keys = sk_new((size_t)total, sizeof(*keys)), n = 0;
    if (!keys)
        return UINT64_MAX;
    for (size_t i = 0; i < t->n; i++) {
        const struct seki_result *r = t->sent[i].result;
        if (r && r->n_person_keys)
            memcpy(keys + n, r->person_keys, (size_t)r->n_person_keys * sizeof(*keys));
        n += r ? r->n_person_keys : 0;
    }
    qsort(keys, (size_t)n, sizeof(*keys), by_value);
    uint64_t distinct = n > 0;
    for (uint64_t i = 1; i < n; i++)
        distinct += keys[i] != keys[i - 1];
    free(keys);
    return distinct;
}

/* The union is known exactly only when every person of every file has a key (or is known to have none). */
static bool join_persons(struct sk_transfer *t)
{
    struct sk_verdict_result *out = t->out;
    uint64_t keys = 0, unkeyed = 0, sum = 0, of_results = 0;
    for (size_t i = 0; i < t->n; i++) {
        const struct sk_sent *s = &t->sent[i];
        uint64_t low = s->result ? s->result->persons_min : 0;
        if (s->result) {
            keys = plus(keys, s->result->n_person_keys);
            unkeyed = plus(unkeyed, s->result->persons_unkeyed);
            of_results = plus(of_results, s->result->persons_max);
        }
        for (size_t k = 0; k < s->n_receipts; k++) {
            sum = plus(sum, s->receipts[k]->persons_max);
            low = s->receipts[k]->persons_min > low ? s->receipts[k]->persons_min : low;
        }
        out->persons_min = low > out->persons_min ? low : out->persons_min;
    }
    if (t->n > 1 && keys && plus(keys, unkeyed) == of_results) {
        uint64_t distinct = distinct_keys(t, keys);
        if (distinct == UINT64_MAX)
            return false;
        of_results = plus(distinct, unkeyed);
    }
    out->persons_max = plus(sum, of_results);
    return true;
}

static int by_number(const void *a, const void *b)
{
    const struct sk_insurer *x = a, *y = b;
    return strcmp(x->number, y->number);
}

static void append(struct sk_insurer *all, uint32_t *n, const struct sk_insurer *from, uint32_t n_from)
{
    for (uint32_t i = 0; i < n_from; i++)
        all[(*n)++] = from[i];
}

static bool join_insurers(struct sk_transfer *t)
{
    uint64_t total = 0;
    for (size_t i = 0; i < t->n; i++) {
        total += t->sent[i].result ? t->sent[i].result->n_insurers : 0;
        for (size_t k = 0; k < t->sent[i].n_receipts; k++)
            total += t->sent[i].receipts[k]->n_insurers;
    }
    struct sk_insurer *all = total < UINT32_MAX ? sk_arena_new(&t->out->arena, (size_t)total, sizeof(*all)) : NULL;
    if (!all)
        return false;
    uint32_t n = 0, used = 0;
    for (size_t i = 0; i < t->n; i++) {
        const struct sk_sent *s = &t->sent[i];
        if (s->result)
            append(all, &n, s->result->insurers, s->result->n_insurers);
        for (size_t k = 0; k < s->n_receipts; k++)
            append(all, &n, s->receipts[k]->insurers, s->receipts[k]->n_insurers);
    }
    qsort(all, n, sizeof(*all), by_number);
    for (uint32_t i = 0; i < n; i++) {
        if (used && strcmp(all[used - 1].number, all[i].number) == 0) {
            all[used - 1].max = plus(all[used - 1].max, all[i].max);
            all[used - 1].min = all[i].min > all[used - 1].min ? all[i].min : all[used - 1].min;
        } else {
            all[used++] = all[i];
        }
    }
    t->out->insurers = all;
    t->out->n_insurers = used;
    return true;
}

bool sk_people_join(struct sk_transfer *t)
{
    return join_persons(t) && join_insurers(t);
}
