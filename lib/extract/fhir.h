/* fhir.h - HL7 FHIR resources (R4, JP Core, JP-CLINS) as fields of persons' records. */
#ifndef SK_EXTRACT_FHIR_H
#define SK_EXTRACT_FHIR_H

#include "base/hash.h"
#include "extract/fieldset.h"
#include "extract/json.h"

struct fhir {
    struct sk_fieldset *fields;
    struct fhir_ref {
        uint64_t hash; /* of "Patient/1", of a full URL */
        uint32_t record;
    } * refs; /* open addressing */
    size_t n, cap;
    struct sk_key key;
    uint32_t records; /* given so far */
};
void fhir_init(struct fhir *f, struct sk_fieldset *fields);
bool fhir_is(const struct json *root);
/* A resource or a Bundle of them. */
void fhir_read(struct fhir *f, const struct json *root);
void fhir_free(struct fhir *f);
/* Was all of this resource or this member of one told as fields? Then its strings are not text once more. */
bool fhir_is_told(const struct json *v);

#endif
