#include "detect/lists.h"

#include <string.h>

#define SHORTEST 6u /* bytes: one kanji is in too many other words */

static unsigned first_hash(const char *s)
{
    uint64_t v = 0;
    memcpy(&v, s, SHORTEST);
    return (unsigned)(v * 0x9E3779B97F4A7C15u >> 48);
}

void sk_lists_init(struct sk_lists *l, const struct sk_rules *rules)
{
    static const struct {
        const char *name;
        uint8_t element;
    } CARE[] = { { "disease", SK_EL_DISEASE }, { "drug", SK_EL_DRUG }, { "procedure", SK_EL_PROCEDURE } };
    memset(l, 0, sizeof(*l));
    for (size_t i = 0; i < sizeof(CARE) / sizeof(CARE[0]); i++) {
        const struct sk_word_list *list = sk_rules_words(rules, CARE[i].name);
        if (!list)
            continue;
        l->care[l->n_care++] = (struct sk_care_list){ list, CARE[i].element };
        for (size_t w = 0; w < list->n; w++)
            if (strlen(list->words[w]) >= SHORTEST) {
                unsigned h = first_hash(list->words[w]);
                l->first[h / 8] |= (uint8_t)(1u << h % 8);
            }
    }
    l->organisations = sk_rules_words(rules, "organisation");
}

void sk_lists_init_organisations(struct sk_lists *l, const struct sk_rules *rules)
{
    l->n_care = 0;
    l->organisations = sk_rules_words(rules, "organisation");
}

/* Length of the longest word of the sorted list that text begins with. Words that are beginnings of text stand in order
 * of length among those below it, so the last one not above the text is tried, then shortened to what both have in
 * common. */
size_t sk_list_longest(const struct sk_word_list *list, const char *text, size_t n)
{
    for (size_t limit = n; limit > 0;) {
        size_t lo = 0, hi = list->n;
        while (lo < hi) { /* first word above text[0, limit) */
            size_t mid = lo + (hi - lo) / 2, k = strlen(list->words[mid]);
            int order = memcmp(list->words[mid], text, k < limit ? k : limit);
            if (order < 0 || (order == 0 && k <= limit))
                lo = mid + 1;
            else
                hi = mid;
        }
        if (lo == 0)
            return 0;
        const char *word = list->words[lo - 1];
        size_t k = strlen(word), same = 0;
        while (same < k && same < limit && word[same] == text[same])
            same++;
        if (same == k)
            return k;
        limit = same;
    }
    return 0;
}

size_t sk_lists_care(const struct sk_lists *l, const char *text, size_t n, enum sk_element *e)
{
    size_t best = 0;
    if (n < SHORTEST)
        return 0;
    unsigned h = first_hash(text);
    if (!(l->first[h / 8] >> h % 8 & 1))
        return 0;
    for (size_t i = 0; i < l->n_care; i++) {
        size_t k = sk_list_longest(l->care[i].list, text, n < 90 ? n : 90);
        if (k > best && k >= SHORTEST) {
            best = k;
            *e = (enum sk_element)l->care[i].element;
        }
    }
    return best;
}

bool sk_lists_organisation(const struct sk_lists *l, const char *text, size_t n)
{
    for (size_t at = 0; l->organisations && at < n; at++)
        if (((unsigned char)text[at] & 0xC0) != 0x80 && sk_list_longest(l->organisations, text + at, n - at) > 0)
            return true;
    return false;
}
