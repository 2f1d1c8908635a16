#include "match/hits.h"

#include <stdlib.h>

static bool word_before(const struct sk_word_hit *a, const struct sk_word_hit *b)
{
    return a->begin != b->begin ? a->begin < b->begin : a->end > b->end;
}

/* Hits come by their ends, so each is at most a word's length away from its place by begin. */
void sk_hits_sort_words(struct sk_word_hit *hits, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        struct sk_word_hit hit = hits[i];
        size_t k = i;
        for (; k > 0 && word_before(&hit, &hits[k - 1]); k--)
            hits[k] = hits[k - 1];
        hits[k] = hit;
    }
    uint32_t reach = 0; /* the furthest end so far: whoever ends by then began later or is shorter */
    for (size_t i = 0; i < n; i++) {
        hits[i].inner = hits[i].end <= reach;
        reach = hits[i].end > reach ? hits[i].end : reach;
    }
}

static int by_begin(const void *a, const void *b)
{
    const struct sk_regex_hit *x = a, *y = b;
    if (x->begin != y->begin)
        return x->begin < y->begin ? -1 : 1;
    if (x->detector != y->detector)
        return x->detector < y->detector ? -1 : 1;
    return x->end > y->end ? -1 : x->end < y->end;
}

size_t sk_hits_sort_regexes(struct sk_regex_hit *hits, size_t n)
{
    size_t kept = 0;
    if (n)
        qsort(hits, n, sizeof(*hits), by_begin);
    for (size_t i = 0; i < n; i++)
        if (kept == 0 || hits[kept - 1].begin != hits[i].begin || hits[kept - 1].detector != hits[i].detector)
            hits[kept++] = hits[i];
    return kept;
}
