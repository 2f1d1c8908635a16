/* prose.h - patterns/models/prose.bin: weights for names in running text, made by bench/train/names_train.c. */
#ifndef SK_RULES_PROSE_H
#define SK_RULES_PROSE_H

#include "rules/rules.h"

/* No name; a name's first, inner, last, only character; other proper name. */
enum sk_crf_label { SK_CRF_O, SK_CRF_B, SK_CRF_I, SK_CRF_E, SK_CRF_S, SK_CRF_X, SK_CRF_LABELS };

#define SK_CRF_ROW_BITS 17u  /* of the table of weights */
#define SK_GATE_ROW_BITS 16u /* of the gate's */

struct sk_prose {
    int32_t scale;                               /* a weight of 1.0 */
    int32_t gate_bias, gate_least;               /* of the sum of four; windows where it is more than gate_least */
    int32_t step[SK_CRF_LABELS][SK_CRF_LABELS];  /* from, to; SK_CRF_NEVER where it may not follow */
    double factor[SK_CRF_LABELS][SK_CRF_LABELS]; /* the same as weights */
    const int8_t *rows;                          /* 2^17 rows of SK_CRF_LABELS; 8 bytes are readable at each */
    const uint32_t *gate;                        /* by two characters: their weight for the four characters around */
};
#define SK_CRF_NEVER (-1000000)

/* NULL when patterns/ has no such file, or none of names. */
const struct sk_prose *sk_rules_prose(const struct sk_rules *r);

#define SK_GATE_A 0x9E3779B1u
#define SK_GATE_B 0x85EBCA6Bu
#define SK_GATE_C 0x2C1B3C6Du
static inline uint32_t sk_gate_row(uint32_t a, uint32_t b)
{
    uint32_t z = a * SK_GATE_A ^ b * SK_GATE_B;
    z ^= z >> 15;
    return z * SK_GATE_C >> (32 - SK_GATE_ROW_BITS);
}

#endif
