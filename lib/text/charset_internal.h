/* charset_internal.h - between the detector's decision (charset.c) and its scores (charset_score.c). */
#ifndef SK_TEXT_CHARSET_INTERNAL_H
#define SK_TEXT_CHARSET_INTERNAL_H

#include "text/charset.h"

/* How well bytes read in one encoding. Points are counted, not probabilities: about 4 for a common character. */
struct sk_score {
    long points;
    size_t chars;    /* characters outside ASCII */
    size_t invalid;  /* bytes that are no character */
    size_t euc_kana; /* of CP932: characters that are half-width kana in EUC-JP */
    size_t at;       /* how far the sample was read */
};
/* Each goes on from s->at up to limit (whole characters; a character cut by n counts as nothing). */
void sk_score_cp932(struct sk_score *s, const uint8_t *p, size_t n, size_t limit);
void sk_score_eucjp(struct sk_score *s, const uint8_t *p, size_t n, size_t limit);
/* Two-byte sequences only need a score: three-byte ones are proof. */
struct sk_utf8_score {
    struct sk_score s;
    size_t longer; /* sequences of three and four bytes */
};
void sk_score_utf8(struct sk_utf8_score *u, const uint8_t *p, size_t n, size_t limit);

struct sk_units {
    size_t n, ascii, kana, kanji, fair, bad;
    size_t zero, thirty; /* high bytes that are 00, 30 */
    size_t low_thirty;
    size_t lines;     /* line feeds, counted in ascii too */
    size_t printable; /* kanji that two bytes of ASCII text would make */
};
/* What the sample holds when read as UTF-16; high: which byte of a unit is the high one (0 or 1). Stops behind more
 * than most_bad units that no text holds. */
struct sk_units sk_count_units(const uint8_t *p, size_t n, unsigned high, size_t most_bad);

#endif
