/* fieldset.h - fields of records gathered from anywhere in a document and given record by record. */
#ifndef SK_EXTRACT_FIELDSET_H
#define SK_EXTRACT_FIELDSET_H

#include "extract/extract.h"

struct sk_fieldset {
    struct sk_arena arena;
    struct sk_fieldset_item {
        uint32_t record, order;
        uint8_t element, aspect;
        const char *p;
        size_t n;
    } * items;
    size_t n, cap;
    bool lost; /* there was no room */
};
void sk_fieldset_init(struct sk_fieldset *f);
/* Blank ones are dropped. A name in kana alone becomes PERSON_KANA; the number of a 後期 insurer's record its own
 * element. */
void sk_fieldset_add(struct sk_fieldset *f, uint32_t record, enum sk_element element, enum sk_aspect aspect,
                     const char *p, size_t n);
/* Writes them and is empty again. False: stop. */
bool sk_fieldset_give(struct sk_fieldset *f, struct sk_out *o);
void sk_fieldset_free(struct sk_fieldset *f);

#endif
