#include "detect/lists.h"

#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    uint8_t element;
    bool no_name;
} KNOWN[] = {
    { "disease", SK_EL_DISEASE, false },
    { "drug", SK_EL_DRUG, false },
    { "procedure", SK_EL_PROCEDURE, false },
    { "organisation", SK_EL_NONE, true },
};
#define N_KNOWN (sizeof(KNOWN) / sizeof(KNOWN[0]))

static bool holds(const struct sk_word_list *list, const char *text)
{
    size_t lo = 0, hi = list ? list->n : 0;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        int order = strcmp(list->words[mid], text);
        if (order == 0)
            return true;
        if (order < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return false;
}

/* Literals tell the index of their list, lists tell their name; words in common join the two. */
static void vote(uint32_t *votes, const struct sk_rules *rules)
{
    const struct sk_word *words;
    const struct sk_use *uses;
    size_t n = sk_rules_literals(rules, &words, &uses);
    for (size_t k = 0; k < N_KNOWN; k++) {
        const struct sk_word_list *list = sk_rules_words(rules, KNOWN[k].name);
        for (size_t i = 0; list && i < n; i++)
            for (size_t u = 0; u < words[i].n_uses; u++) {
                const struct sk_use *use = &uses[words[i].first_use + u];
                if (use->kind == SK_USE_LIST && holds(list, words[i].text))
                    votes[use->index * N_KNOWN + k]++;
            }
    }
}

bool sk_lists_init(struct sk_lists *l, const struct sk_rules *rules)
{
    const struct sk_word *words;
    const struct sk_use *uses;
    size_t n = sk_rules_literals(rules, &words, &uses);
    memset(l, 0, sizeof(*l));
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < words[i].n_uses; k++)
            if (uses[words[i].first_use + k].kind == SK_USE_LIST && uses[words[i].first_use + k].index >= l->n)
                l->n = uses[words[i].first_use + k].index + 1u;
    uint32_t *votes = sk_new(l->n * N_KNOWN, sizeof(*votes));
    l->element = sk_new(l->n, 1);
    l->no_name = sk_new(l->n, 1);
    if (!votes || !l->element || !l->no_name) {
        free(votes);
        sk_lists_free(l);
        return false;
    }
    vote(votes, rules);
    for (size_t i = 0; i < l->n; i++) {
        size_t best = 0;
        for (size_t k = 1; k < N_KNOWN; k++)
            if (votes[i * N_KNOWN + k] > votes[i * N_KNOWN + best])
                best = k;
        bool any = votes[i * N_KNOWN + best] > 0;
        l->element[i] = any ? KNOWN[best].element : (uint8_t)SK_EL_NONE;
        l->no_name[i] = any && KNOWN[best].no_name;
    }
    free(votes);
    return true;
}

void sk_lists_free(struct sk_lists *l)
{
    free(l->element);
    free(l->no_name);
    memset(l, 0, sizeof(*l));
}

enum sk_element sk_lists_element(const struct sk_lists *l, const struct sk_word *w, const struct sk_use *uses)
{
    for (size_t k = 0; k < w->n_uses; k++) {
        const struct sk_use *u = &uses[w->first_use + k];
        if (u->kind == SK_USE_LIST && u->index < l->n && l->element[u->index] != SK_EL_NONE)
            return (enum sk_element)l->element[u->index];
    }
    return SK_EL_NONE;
}

bool sk_lists_no_name(const struct sk_lists *l, const struct sk_word *w, const struct sk_use *uses)
{
    for (size_t k = 0; k < w->n_uses; k++) {
        const struct sk_use *u = &uses[w->first_use + k];
        if (u->kind == SK_USE_HEADER || (u->kind == SK_USE_LIST && u->index < l->n && l->no_name[u->index]))
            return true;
    }
    return false;
}
