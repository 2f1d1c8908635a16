/* crf.h - inside detect: which characters are a person's name, by a chain of labels over windows of folded text. The
 * same code makes the features for training (bench/train/names_train.c). */
#ifndef SK_DETECT_CRF_H
#define SK_DETECT_CRF_H

#include "rules/model.h"
#include "rules/prose.h"

#define SK_CRF_WINDOW 384u /* characters of one window, with what is looked at around it */
#define SK_CRF_EDGE 8u     /* characters around a window whose words matter */
#define SK_CRF_BREAK 10u   /* the character outside of text: a line end */

/* What dictionaries say about one character: lengths of the longest word that begins and ends at it, by kind. */
struct sk_crf_words {
    uint8_t surname, surname_end, given, given_end; /* length | rank << 4 */
    uint8_t place, place_end, noun, noun_end, org, org_end, honorific, role_end, facility, person, cover;
    uint8_t kind;                /* class of the character */
    uint16_t first, inner, last; /* surname and given name side by side: begins, goes on, ends here */
    uint8_t surnames, givens;    /* bit n: one of n characters begins here */
    uint8_t ranks_s[5], ranks_g[5];
};

struct sk_crf_work {
    uint32_t cp[SK_CRF_WINDOW + 2 * SK_CRF_EDGE];
    struct sk_crf_words words[SK_CRF_WINDOW + 2 * SK_CRF_EDGE];
    int16_t score[SK_CRF_WINDOW][8];
    uint8_t back[SK_CRF_WINDOW][SK_CRF_LABELS];
};

/* The character as the model sees it: folded, any digit 0. */
uint32_t sk_crf_char(const struct sk_names *m, uint32_t cp);

/* Loads characters [from, to) of cp[0, n), at most SK_CRF_WINDOW of them, with their surroundings and words. */
void sk_crf_load(const struct sk_names *m, const uint32_t *cp, uint32_t n, uint32_t from, uint32_t to,
                 struct sk_crf_work *w);
/* The features of the i-th character loaded: rows of the table of weights. */
#define SK_CRF_FEATURES 46u
void sk_crf_features(const struct sk_crf_work *w, uint32_t i, uint32_t rows[SK_CRF_FEATURES]);

struct sk_crf_span {
    uint32_t begin, end; /* of the characters loaded */
    float sure;          /* 0 to 1: how sure the model is of exactly this span */
};
/* The names among the n characters loaded, at most cap, ascending. bias: added to the score of being no name. */
uint32_t sk_crf_find(const struct sk_prose *p, struct sk_crf_work *w, uint32_t n, int bias, struct sk_crf_span *out,
                     uint32_t cap);

#endif
