#include "detect/lists.h"

#include <string.h>

#define SINGLE 3u /* bytes of one kanji */

void sk_lists_init_organisations(struct sk_lists *l, const struct sk_rules *rules)
{
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

bool sk_lists_organisation(const struct sk_lists *l, const char *text, size_t n)
{
    for (size_t at = 0; l->organisations && at < n; at++) {
        if (((unsigned char)text[at] & 0xC0) == 0x80)
            continue;
        size_t k = sk_list_longest(l->organisations, text + at, n - at);
        /* 総務部, but not 阿部 and 服部 正: a single character counts at the end of three and more */
        if (k > SINGLE || (k != 0 && at + k == n && n > 2 * SINGLE))
            return true;
    }
    return false;
}
