/* places.h - patterns/models/places.bin: prefectures, municipalities and towns, made by bench/train/build_places.py. */
#ifndef SK_RULES_PLACES_H
#define SK_RULES_PLACES_H

#include "rules/model.h"

struct sk_places;
/* NULL when patterns/ has no such file. */
const struct sk_places *sk_rules_places(const struct sk_rules *r);

/*
 * Look-up by steps as in model.h: begin with the kind, one step a character (sk_place_char), then ask. Towns begin with
 * the hash of their municipality, so that 本町 is known of each municipality that has one.
 */
#define SK_PLACE_PREFECTURE 0x9E3779B97F4A7C15u
#define SK_PLACE_DISTRICT 0xC2B2AE3D27D4EB4Fu     /* 郡, 支庁 */
#define SK_PLACE_MUNICIPALITY 0x165667B19E3779F9u /* without its 郡; 札幌市, 札幌市中央区 */
static inline uint64_t sk_place_town(uint64_t municipality)
{
    return sk_names_step(municipality, 0x544F574Eu);
}
#define SK_PLACE_LONGEST 20u /* characters of one name */
bool sk_places_has(const struct sk_places *p, uint64_t h);

/* The form in which a character of a place's name is compared: 髙 is 高, ヶ ガ ヵ are ケ, ノ 之 are の, any run of
 * digits is one 0. m may be NULL. */
uint32_t sk_place_char(const struct sk_names *m, uint32_t cp);

/* May a prefecture or municipality begin with these two characters, as they are written? False is certain. */
bool sk_places_begin(const struct sk_places *p, uint32_t a, uint32_t b);

#endif
