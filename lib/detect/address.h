/* address.h - inside detect: the grammar of Japanese addresses over folded text. */
#ifndef SK_DETECT_ADDRESS_H
#define SK_DETECT_ADDRESS_H

#include "rules/places.h"

#define SK_ADDRESS_CHARS 224u

/* A stretch of one line around a street number, character by character. */
struct sk_address_text {
    const struct sk_names *names;
    const struct sk_places *places;
    const struct sk_word_list *buildings;
    const char *text;
    uint32_t n;                                            /* characters */
    uint32_t cp[SK_ADDRESS_CHARS], same[SK_ADDRESS_CHARS]; /* as written; as places are compared */
    uint32_t at[SK_ADDRESS_CHARS + 1];                     /* where each begins in text */
    bool cut;                                              /* the line goes on behind the last character */
};

/* Reads text[begin, end), which holds no line end; what does not fit is left out. */
void sk_address_read(struct sk_address_text *x, const char *text, uint32_t begin, uint32_t end);

struct sk_address {
    uint32_t end;                        /* character behind it */
    bool prefecture, municipality, town; /* those that the dictionary knows; municipality also by its form */
};
/* An address that begins at character `from` and goes to its number. loose: nothing in front of its town is asked for,
 * because a label said that an address comes. */
bool sk_address_parse(const struct sk_address_text *x, uint32_t from, bool loose, struct sk_address *out);
/* Building, floor and room behind the number that ends at `end`. whole: the address began its line or cell. */
uint32_t sk_address_building(const struct sk_address_text *x, uint32_t end, bool whole);

/* A post office box in brackets at i: (枝幸郵便局私書箱第3号); the character behind it, i = none. */
uint32_t sk_address_box(const struct sk_address_text *x, uint32_t i);

/* Number at i: digits (at most 6) or kanji numerals; the character behind it, i = none. */
uint32_t sk_address_number(const struct sk_address_text *x, uint32_t i);
static inline bool sk_address_is(const struct sk_address_text *x, uint32_t i, uint32_t cp)
{
    return i < x->n && x->cp[i] == cp;
}

#endif
