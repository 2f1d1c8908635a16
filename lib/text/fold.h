/*
 * fold.h - source bytes -> folded UTF-8 in one pass, with the way back.
 *
 * Folded text is what everything above this layer sees: NFKC by ICU's data, with these differences, which are
 * written in fold_rules.c and tested against ICU for every code point:
 *   - characters that only look like digits stay as they are: circled, parenthesised, superscript, subscript
 *     digits, vulgar fractions, squared units (they never become digits); so does the stamp U+3299, which is more
 *     than the character in it;
 *   - characters that would become a delimiter of tables or lines stay: fullwidth comma, semicolon, quotation
 *     mark, vertical line; U+2028/2029/0085; so , ; " | TAB CR LF in folded text are the source's own;
 *   - hyphens U+2010-2015 U+2212 U+FE63 U+FF0D U+2043 U+207B U+208B U+2500 become '-'; the long vowel mark U+30FC
 *     (also from U+FF70) becomes '-' only between two digits, looking through at most one such mark;
 *   - wave dashes U+301C U+FF5E become '~'; U+3000 and other spaces become ' ';
 *   - half-width kana become full-width, with their (semi-)voiced marks joined; U+309B/309C after kana join too;
 *   - variation selectors (SVS, IVS) and zero-width characters (200B-200D, 2060, FEFF, 00AD) are dropped;
 *   - era ligatures (U+337B-337E, U+32FF) become their two kanji; U+3007 stays.
 * Case is kept. Names' variant kanji are not joined here (that is a matter of looking up names).
 *
 * The tables are built from ICU once (or are generated data checked against ICU) and are immutable: one
 * struct sk_fold may be shared by all threads.
 */
#ifndef SK_TEXT_FOLD_H
#define SK_TEXT_FOLD_H

#include "text/charset.h"

struct sk_fold;

/* NULL without memory or without ICU's converters. Free with sk_fold_free. */
struct sk_fold *sk_fold_new(void);
void sk_fold_free(struct sk_fold *f);

/*
 * The way back from a folded offset to a source offset: checkpoints of (source, folded) offsets, at most 64 source
 * bytes apart. Owned by the caller; init once, reuse for block after block, free at the end.
 */
struct sk_fold_map {
    uint32_t *source, *folded; /* parallel, ascending, [0] = 0, 0 */
    uint32_t *state;           /* shift state at the checkpoint (ISO-2022-JP), 0 elsewhere */
    size_t n, cap;
    bool identity; /* every folded offset equals its source offset; no checkpoints are kept */
};
void sk_fold_map_init(struct sk_fold_map *m);
void sk_fold_map_free(struct sk_fold_map *m);

/* Between blocks of one stream: ISO-2022-JP shift state. Zero at the start of a stream. */
struct sk_fold_state {
    uint32_t shift;
};

struct sk_fold_result {
    size_t consumed; /* source bytes used */
    size_t produced; /* folded bytes written */
    size_t invalid;  /* source bytes that were no character of the charset (written as U+FFFD) */
    bool ok;         /* false only without memory for the map */
};

/*
 * Folds n bytes. Stops early, at a character boundary, when fewer than 128 bytes of room are left in out; also leaves
 * an incomplete character, or a character to which a following mark might join, at the end unconsumed unless `last`.
 * Callers cut blocks behind a line end where they can. map may be NULL; else it is filled for this call (offsets
 * relative to in and out). out must have cap bytes; 64 bytes behind produced are overwritten (vector stores), so
 * cap >= 256. Writes no NUL.
 */
struct sk_fold_result sk_fold_run(const struct sk_fold *f, enum sk_charset cs, const uint8_t *in, size_t n, bool last,
                                  struct sk_fold_state *state, char *out, size_t cap, struct sk_fold_map *map);

/*
 * Source range [*begin, *end) of the whole source characters that made the folded range [from, to).
 * in, n, cs, f: as given to sk_fold_run with this map. O(64) per call.
 */
void sk_fold_source(const struct sk_fold *f, enum sk_charset cs, const uint8_t *in, size_t n,
                    const struct sk_fold_map *map, uint32_t from, uint32_t to, uint32_t *begin, uint32_t *end);

/* Number of source characters in n bytes, for columns. */
size_t sk_charset_count(enum sk_charset cs, const uint8_t *p, size_t n, struct sk_fold_state state);

/* Folds a short UTF-8 string (labels, headers, words of rules); returns bytes written, at most cap. */
size_t sk_fold_utf8(const struct sk_fold *f, const char *in, size_t n, char *out, size_t cap);

/* Decodes to plain UTF-8 without folding (member names, titles for display). Returns bytes written, at most cap. */
size_t sk_to_utf8(enum sk_charset cs, const uint8_t *in, size_t n, char *out, size_t cap);

#endif
