/* people.h - inside detect: records.c gives persons.c what identifies somebody, as text that lives for the call only.
 */
#ifndef SK_DETECT_PEOPLE_H
#define SK_DETECT_PEOPLE_H

#include "detect/context.h"

#define SK_KEY(e) SK_BIT(SK_EL_##e)
/* Elements that point to one person (policy: person_key). */
#define SK_PERSON_KEYS                                                                                                 \
    (SK_KEY(PERSON_NAME) | SK_KEY(PERSON_KANA) | SK_KEY(PERSONAL_NUMBER) | SK_KEY(INSURED_ID) |                        \
     SK_KEY(LATECARE_INSURED_NUMBER) | SK_KEY(CARE_INSURED_NUMBER) | SK_KEY(PUBLIC_EXPENSE_RECIPIENT) |                \
     SK_KEY(PENSION_NUMBER) | SK_KEY(LICENCE_NUMBER) | SK_KEY(PASSPORT_NUMBER) | SK_KEY(RESIDENCE_CARD) |              \
     SK_KEY(JUKI_CODE) | SK_KEY(EMPLOYMENT_INSURANCE_NUMBER))

/* Pieces without padding, spaces and other spellings; n = 0 when absent. */
struct sk_identity {
    struct {
        char p[96];
        uint8_t n;
    } piece[SK_PIECES];
    long birth; /* day; has_birth */
    bool has_birth;
    uint8_t sex; /* 1 male, 2 female, 0 unknown */
};

/* Registers the person; *person is a number that names them until the end of the file, UINT32_MAX when the pieces
 * identify nobody. at: where they begin, or NULL. False without memory. */
bool sk_people_add(struct sk_context *c, const struct sk_identity *id, const struct sk_place *at, uint32_t *person);
/* The person that was added last stands in the own register. */
bool sk_people_last_is_own(const struct sk_context *c);
/* Are further places of this insurer's people wanted? number: without padding. */
bool sk_people_wants_place(struct sk_context *c, const char *number, size_t n);
/* True the first time that this person is seen in this hidden sum. */
bool sk_people_first_in(struct sk_context *c, uint32_t hidden_sum, uint32_t person);
/* Counts a record with exactly these elements. */
bool sk_people_mask(struct sk_context *c, sk_elements elements, sk_elements high);
/* The most keys that fit were reached: further people are told apart less well, only the upper bound still holds. */
bool sk_people_full(const struct sk_context *c);

/* 8 digits with 00 in front, or a lost zero: the number as it is written on a card. Returns its length. */
size_t sk_insurer_key(const char *s, size_t n, char out[9]);

#endif
