/* transfer.h - inside judge: the state of one question "may these files be sent there?" */
#ifndef SK_JUDGE_TRANSFER_H
#define SK_JUDGE_TRANSFER_H

#include "judge/inner.h"

#define SK_MOST_TOLD 50u /* reasons of one code and file; the last says how many more there are */

enum sk_cover {
    SK_READ,    /* everything was inspected */
    SK_COVERED, /* encrypted; every member has a valid receipt */
    SK_UNREAD
};

struct sk_sent {                      /* one file of the transfer */
    const struct seki_result *result; /* NULL: never opened */
    enum sk_cover cover;
    const struct sk_receipt **receipts; /* of a covered container, one a member */
    size_t n_receipts;
    const char *why_ja, *why_en; /* why receipts do not cover it; "" */
    struct sk_label label;       /* of this file alone */
    enum sk_strength strength;
};

struct sk_transfer {
    const struct sk_policy *p;
    const struct sk_transfer_request *q;
    const struct sk_destination *dest;
    const char **recipients; /* without padding */
    struct sk_sent *sent;
    size_t n;
    struct sk_verdict_result *out;
    size_t cap_reasons;
    struct sk_phrases phrases;
};

/* Adds a reason; texts live in out->arena. */
void sk_reason_add(struct sk_transfer *t, const char *code, size_t file, const char *part, const char *detail_ja,
                   const char *detail_en, const char *fix_ja, const char *fix_en);
static inline bool sk_requires(const struct sk_transfer *t, enum sk_require what)
{
    return t->dest->require >> what & 1;
}

/* receipts.c: sets sent->cover, receipts, why. False without memory. */
bool sk_cover_find(struct sk_transfer *t, struct sk_sent *sent);
/* Effect of a receipt's label; false when the policy does not know its grade, compartments or handling words. */
bool sk_receipt_effect(const struct sk_policy *p, const struct sk_receipt *r, struct sk_effect *effect);

/* people.c: persons and insurers of all files together, into out. False without memory. */
bool sk_people_join(struct sk_transfer *t);

/* reasons_content.c, reasons_terms.c */
void sk_reasons_unread(struct sk_transfer *t);
void sk_reasons_label(struct sk_transfer *t);
void sk_reasons_scope(struct sk_transfer *t);
void sk_reasons_hidden(struct sk_transfer *t);
void sk_reasons_small(struct sk_transfer *t);
void sk_reasons_terms(struct sk_transfer *t); /* handling, contract, recipient, encryption, approvals */

/* approvals.c: the person in "役割:氏名" or in plain text, without spaces. */
void sk_person_name(const char *text, char *out, size_t cap);
bool sk_approval_is_valid(const char *text);
/* Different persons whose role counts; the one who asks does not. */
uint32_t sk_approvals_count(const struct sk_approval *a, const struct sk_transfer_request *q);

#endif
