/* model.h - patterns/models/names.bin: dictionaries of names and places, made by bench/train/build_names.py. */
#ifndef SK_RULES_MODEL_H
#define SK_RULES_MODEL_H

#include "rules/rules.h"

/* What a word is; flags of sk_names_word. */
#define SK_NAME_SURNAME(flags) ((flags)&3u) /* 0 none, 1 rare, 2 known, 3 common */
#define SK_NAME_GIVEN(flags) ((flags) >> 2 & 3u)
#define SK_NAME_SURNAME_READING 0x10u
#define SK_NAME_GIVEN_READING 0x20u
#define SK_NAME_PLACE 0x40u
#define SK_NAME_MUNICIPALITY 0x80u
#define SK_NAME_TOWN 0x100u
#define SK_NAME_NOUN 0x200u
#define SK_NAME_ORGANISATION 0x400u
#define SK_NAME_HONORIFIC 0x800u /* words around names: honorifics and titles behind them, */
#define SK_NAME_ROLE 0x1000u     /* roles in front of them, */
#define SK_NAME_FACILITY 0x2000u /* what makes the word in front no person */
#define SK_NAME_PERSON 0x4000u   /* foreign and historical persons */
#define SK_NAME_OTHERS                                                                                                 \
    (SK_NAME_PLACE | SK_NAME_MUNICIPALITY | SK_NAME_TOWN | SK_NAME_NOUN |                                              \
     SK_NAME_ORGANISATION) /* words of other kinds */

struct sk_names;
/* NULL when patterns/ has no such file. */
const struct sk_names *sk_rules_names(const struct sk_rules *r);
/* The usual form of a character in names (髙 -> 高); for look-up only. */
uint32_t sk_names_fold(const struct sk_names *m, uint32_t cp);
const uint16_t *
sk_names_kanji(const struct sk_names *m); /* the same of U+4E00 to U+9FFF, as an array; one more is readable */
/* Katakana as readings are compared: hiragana and small kana are large katakana, ヂ is ジ. */
uint32_t sk_names_kana(uint32_t cp);

/* Look-up by steps: start, one step a (folded) character, then ask. */
#define SK_NAMES_START 0x9E3779B97F4A7C15u
static inline uint64_t sk_names_step(uint64_t h, uint32_t cp)
{
    h = (h ^ cp) * 0xFF51AFD7ED558CCDu;
    return h ^ h >> 32;
}
unsigned sk_names_word(const struct sk_names *m, uint64_t h);    /* flags, 0 = unknown */
unsigned sk_names_single(const struct sk_names *m, uint32_t cp); /* the same of the word that is this kanji */
/* May a word of n (2 or 3) or more characters begin with the n whose hash this is? False is certain. */
bool sk_names_begin(const struct sk_names *m, unsigned n, uint64_t h);

/* May a name begin with these two characters, as they are written? False is certain but for characters outside the BMP.
 * Asked at every run of kanji. */
#define SK_NAMES_PAIR_BITS 20u
const uint8_t *sk_names_pairs(const struct sk_names *m);
static inline bool sk_names_pair(const uint8_t *pairs, uint32_t a, uint32_t b)
{
    uint32_t i = (a * 0x9E3779B1u + b * 0x85EBCA6Bu) >> (32 - SK_NAMES_PAIR_BITS);
    return pairs[i >> 3] >> (i & 7) & 1;
}

#endif
