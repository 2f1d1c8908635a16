/* hits.h - raw hits in the order that match.h promises. */
#ifndef SK_MATCH_HITS_H
#define SK_MATCH_HITS_H

#include "match/match.h"

/* By begin, longer first; marks those inside longer ones. The hits come by their ends. */
void sk_hits_sort_words(struct sk_word_hit *hits, size_t n);
/* By begin; of several ends for one begin (a repetition stops after each round) the longest stays. Returns how many
 * stay. */
size_t sk_hits_sort_regexes(struct sk_regex_hit *hits, size_t n);

#endif
