/* tally.c - what a run keeps in memory about its files: a bit for each that was met, and the totals. */
#include "nightly/inner.h"

#include <stdlib.h>
#include <string.h>

bool sk_met_mark(struct sk_met *m, int64_t id, bool *before)
{
    size_t at = (size_t)id / 8;
    *before = false;
    if (id < 0)
        return false;
    if (at >= m->bytes) {
        size_t bytes = at + at / 2 + 4096;
        uint8_t *bits = realloc(m->bits, bytes);
        if (!bits)
            return false;
        memset(bits + m->bytes, 0, bytes - m->bytes);
        m->bits = bits;
        m->bytes = bytes;
    }
    *before = sk_met_has(m, id);
    m->bits[at] |= (uint8_t)(1u << (id % 8));
    return true;
}

bool sk_met_has(const struct sk_met *m, int64_t id)
{
    size_t at = (size_t)id / 8;
    return id >= 0 && at < m->bytes && (m->bits[at] >> (id % 8) & 1);
}

bool sk_run_tally_add(struct sk_run_tally *t, enum sk_run_tally_kind kind, const char *name, int64_t n)
{
    for (size_t i = 0; i < t->n; i++)
        if (t->items[i].kind == (char)kind && strcmp(t->items[i].name, name) == 0) {
            t->items[i].n += n;
            return true;
        }
    if (!sk_grow(&t->items, &t->cap, t->n + 1, sizeof(*t->items)))
        return false;
    char *copy = sk_copy_string(name, strlen(name));
    if (!copy)
        return false;
    t->items[t->n++] = (struct sk_run_tally_item){ (char)kind, copy, n };
    return true;
}

void sk_run_tally_clear(struct sk_run_tally *t)
{
    for (size_t i = 0; i < t->n; i++)
        free(t->items[i].name);
    free(t->items);
    memset(t, 0, sizeof(*t));
}
