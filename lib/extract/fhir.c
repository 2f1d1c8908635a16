/*
 * fhir.c - see fhir.h. Systems and extensions: JP Core, JP-CLINS (被保険者識別子), OIDs of 1.2.392.100495.20.3
 * (保険者番号 61, 記号 62, 番号 63, 公費負担者番号 71, 受給者番号 72).
 */
#include "extract/fhir.h"

#include <stdlib.h>

#define REFS_MAX ((size_t)1 << 22)

bool fhir_is(const struct json *root)
{
    return *json_string(root, "resourceType") != '\0';
}

void fhir_init(struct fhir *f, struct sk_fieldset *fields)
{
    memset(f, 0, sizeof(*f));
    f->fields = fields;
    sk_key_random(&f->key); /* without: zero, which is no worse than any other that is known */
}

void fhir_free(struct fhir *f)
{
    free(f->refs);
}

/* ---------------------------------------------------------------- who is meant */

static uint64_t hash_of(const struct fhir *f, const char *s)
{
    return sk_siphash(&f->key, s, strlen(s)) | 1;
}

static struct fhir_ref *slot(struct fhir *f, uint64_t hash)
{
    size_t i = (size_t)(hash >> 8) & (f->cap - 1);
    while (f->refs[i].hash && f->refs[i].hash != hash)
        i = (i + 1) & (f->cap - 1);
    return &f->refs[i];
}

static bool grow(struct fhir *f)
{
    if (f->cap && f->n * 2 < f->cap)
        return true;
    struct fhir more = { .cap = f->cap ? f->cap * 2 : 256 };
    if (more.cap > REFS_MAX || !(more.refs = sk_new(more.cap, sizeof(*more.refs))))
        return false;
    for (size_t i = 0; i < f->cap; i++)
        if (f->refs[i].hash)
            *slot(&more, f->refs[i].hash) = f->refs[i];
    free(f->refs);
    f->refs = more.refs;
    f->cap = more.cap;
    return true;
}

/* The record of a reference; a new one when nobody was called so yet and record is 0. */
static uint32_t record_of(struct fhir *f, const char *reference, uint32_t record)
{
    if (!*reference || !grow(f))
        return record ? record : ++f->records;
    struct fhir_ref *r = slot(f, hash_of(f, reference));
    if (!r->hash) {
        *r = (struct fhir_ref){ hash_of(f, reference), record ? record : ++f->records };
        f->n++;
    }
    return r->record;
}

static uint32_t patient_record(struct fhir *f, const struct json *patient, const char *url)
{
    char name[160] = "Patient/";
    const char *id = json_string(patient, "id");
    size_t n = strnlen(id, sizeof(name) - 9);
    memcpy(name + 8, id, n);
    name[8 + n] = '\0';
    uint32_t record = record_of(f, n ? name : "", 0);
    return *url ? record_of(f, url, record) : record;
}

static uint32_t subject_record(struct fhir *f, const struct json *resource, uint32_t only)
{
    static const char *const NAMES[] = { "subject", "patient", "beneficiary", "for", "subscriber" };
    for (size_t i = 0; i < sizeof(NAMES) / sizeof(NAMES[0]); i++) {
        const char *reference = json_string(json_get(resource, NAMES[i]), "reference");
        if (*reference && !only)
            return record_of(f, reference, 0);
    }
    return only ? only : ++f->records;
}

/* ---------------------------------------------------------------- fields */

static void add(struct fhir *f, uint32_t record, enum sk_element e, enum sk_aspect a, const struct json *v)
{
    if (v && (v->kind == JSON_STRING || v->kind == JSON_WORD))
        sk_fieldset_add(f->fields, record, e, a, v->p, v->n);
}

/* "00012345:記号:番号:枝番"; parts may be empty. */
static void member_id(struct fhir *f, uint32_t record, const char *s)
{
    static const struct {
        uint8_t element, aspect;
    } PARTS[] = { { SK_EL_INSURER_NUMBER, SK_WHOLE },
                  { SK_EL_INSURED_ID, SK_SYMBOL },
                  { SK_EL_INSURED_ID, SK_NUMBER },
                  { SK_EL_INSURED_ID, SK_BRANCH } };
    for (size_t i = 0; i < 4; i++) {
        size_t n = strcspn(s, ":");
        sk_fieldset_add(f->fields, record, (enum sk_element)PARTS[i].element, (enum sk_aspect)PARTS[i].aspect, s, n);
        s += n + (s[n] == ':');
    }
}

static bool ends_with(const char *s, const char *tail)
{
    size_t n = strlen(s), k = strlen(tail);
    return n >= k && strcmp(s + n - k, tail) == 0;
}

static const struct {
    const char *tail;
    uint8_t element, aspect;
} SYSTEMS[] = {
    { "100495.20.3.61", SK_EL_INSURER_NUMBER, SK_WHOLE },
    { "100495.20.3.62", SK_EL_INSURED_ID, SK_SYMBOL },
    { "100495.20.3.63", SK_EL_INSURED_ID, SK_NUMBER },
    { "100495.20.3.71", SK_EL_PUBLIC_EXPENSE_PAYER, SK_WHOLE },
    { "100495.20.3.72", SK_EL_PUBLIC_EXPENSE_RECIPIENT, SK_WHOLE },
    /* extensions of Coverage */
    { "JP_Coverage_InsuredPersonSymbol", SK_EL_INSURED_ID, SK_SYMBOL },
    { "JP_Coverage_InsuredPersonNumber", SK_EL_INSURED_ID, SK_NUMBER },
    { "JP_Coverage_InsuredPersonSubNumber", SK_EL_INSURED_ID, SK_BRANCH },
};

static void by_system(struct fhir *f, uint32_t record, const char *system, const struct json *value)
{
    if (!value || value->kind != JSON_STRING)
        return;
    if (ends_with(system, "JP_Insurance_memberID")) {
        member_id(f, record, value->p);
        return;
    }
    for (size_t i = 0; i < sizeof(SYSTEMS) / sizeof(SYSTEMS[0]); i++)
        if (ends_with(system, SYSTEMS[i].tail)) {
            add(f, record, (enum sk_element)SYSTEMS[i].element, (enum sk_aspect)SYSTEMS[i].aspect, value);
            return;
        }
}

static const struct json *first_of(const struct json *v)
{
    return v && v->kind == JSON_ARRAY ? v->first : v;
}

static void identifiers(struct fhir *f, uint32_t record, const struct json *resource)
{
    for (const struct json *i = first_of(json_get(resource, "identifier")); i; i = i->next)
        by_system(f, record, json_string(i, "system"), json_get(i, "value"));
    for (const struct json *x = first_of(json_get(resource, "extension")); x; x = x->next)
        by_system(f, record, json_string(x, "url"), json_get(x, "valueString"));
}

static void names(struct fhir *f, uint32_t record, const struct json *patient)
{
    for (const struct json *n = first_of(json_get(patient, "name")); n; n = n->next) {
        const struct json *family = json_get(n, "family"), *text = json_get(n, "text");
        if (text) {
            add(f, record, SK_EL_PERSON_NAME, SK_WHOLE, text);
            continue;
        }
        add(f, record, SK_EL_PERSON_NAME, SK_FAMILY, family);
        for (const struct json *g = first_of(json_get(n, "given")); g; g = g->next)
            add(f, record, SK_EL_PERSON_NAME, SK_GIVEN, g);
    }
}

static void addresses(struct fhir *f, uint32_t record, const struct json *patient)
{
    static const char *const PARTS[] = { "state", "city", "line" };
    for (const struct json *a = first_of(json_get(patient, "address")); a; a = a->next) {
        const struct json *text = json_get(a, "text");
        add(f, record, SK_EL_ADDRESS, SK_WHOLE, text);
        struct sk_buf whole;
        sk_buf_init(&whole, 4096);
        for (size_t i = 0; !text && i < 3; i++)
            for (const struct json *l = first_of(json_get(a, PARTS[i])); l; l = i == 2 ? l->next : NULL)
                sk_buf_str(&whole, l->p ? l->p : "");
        sk_fieldset_add(f->fields, record, SK_EL_ADDRESS, SK_WHOLE, whole.p ? whole.p : "", whole.n);
        sk_buf_free(&whole);
        add(f, record, SK_EL_POSTAL_CODE, SK_WHOLE, json_get(a, "postalCode"));
    }
}

static void patient(struct fhir *f, uint32_t record, const struct json *p)
{
    identifiers(f, record, p);
    names(f, record, p);
    add(f, record, SK_EL_SEX, SK_WHOLE, json_get(p, "gender"));
    add(f, record, SK_EL_BIRTH_DATE, SK_WHOLE, json_get(p, "birthDate"));
    for (const struct json *t = first_of(json_get(p, "telecom")); t; t = t->next)
        add(f, record, strcmp(json_string(t, "system"), "email") == 0 ? SK_EL_EMAIL : SK_EL_PHONE, SK_WHOLE,
            json_get(t, "value"));
    addresses(f, record, p);
}

/* CodeableConcept: its text, else the first display. */
static void concept(struct fhir *f, uint32_t record, enum sk_element e, const struct json *c)
{
    const struct json *text = json_get(c, "text");
    for (const struct json *k = first_of(json_get(c, "coding")); !text && k; k = k->next)
        text = json_get(k, "display");
    add(f, record, e, SK_WHOLE, text);
}

static void measured(struct fhir *f, uint32_t record, const struct json *o)
{
    add(f, record, SK_EL_LAB_VALUE, SK_WHOLE, json_get(json_get(o, "valueQuantity"), "value"));
    add(f, record, SK_EL_LAB_VALUE, SK_WHOLE, json_get(o, "valueString"));
    add(f, record, SK_EL_LAB_VALUE, SK_WHOLE, json_get(o, "valueInteger"));
    concept(f, record, SK_EL_LAB_VALUE, json_get(o, "valueCodeableConcept"));
    for (const struct json *c = first_of(json_get(o, "component")); c; c = c->next)
        add(f, record, SK_EL_LAB_VALUE, SK_WHOLE, json_get(json_get(c, "valueQuantity"), "value"));
}

static const struct {
    const char *type, *member;
    enum sk_element element;
} CONCEPTS[] = {
    { "Condition", "code", SK_EL_DISEASE },
    { "FamilyMemberHistory", "code", SK_EL_DISEASE },
    { "Procedure", "code", SK_EL_PROCEDURE },
    { "MedicationRequest", "medicationCodeableConcept", SK_EL_DRUG },
    { "MedicationStatement", "medicationCodeableConcept", SK_EL_DRUG },
    { "MedicationDispense", "medicationCodeableConcept", SK_EL_DRUG },
    { "MedicationAdministration", "medicationCodeableConcept", SK_EL_DRUG },
    { "Medication", "code", SK_EL_DRUG },
};

/* What a document is, by the profile that it declares. */
static void document(struct fhir *f, uint32_t record, const struct json *composition)
{
    for (const struct json *p = first_of(json_get(json_get(composition, "meta"), "profile")); p; p = p->next) {
        if (!p->p)
            continue;
        if (strstr(p->p, "Checkup"))
            add(f, record, SK_EL_HEALTH_CHECK_RECORD, SK_WHOLE, p);
        else if (strstr(p->p, "rescription") || strstr(p->p, "ePCS"))
            add(f, record, SK_EL_PRESCRIPTION_RECORD, SK_WHOLE, p);
    }
}

static void resource(struct fhir *f, const struct json *r, uint32_t only)
{
    const char *type = json_string(r, "resourceType");
    if (strcmp(type, "Patient") == 0 || !*type)
        return;
    bool coverage = strcmp(type, "Coverage") == 0, organization = strcmp(type, "Organization") == 0;
    if (coverage || (organization && only)) {
        identifiers(f, subject_record(f, r, only), r);
        return;
    }
    if (strcmp(type, "Observation") == 0)
        measured(f, subject_record(f, r, only), r);
    else if (strcmp(type, "Composition") == 0)
        document(f, subject_record(f, r, only), r);
    for (size_t i = 0; i < sizeof(CONCEPTS) / sizeof(CONCEPTS[0]); i++)
        if (strcmp(type, CONCEPTS[i].type) == 0)
    concept(f, subject_record(f, r, only), CONCEPTS[i].element, json_get(r, CONCEPTS[i].member));
}

bool fhir_is_told(const struct json *r)
{
    static const char *const TYPES[] = { "Patient", "Coverage" };
    for (size_t i = 0; i < sizeof(TYPES) / sizeof(TYPES[0]); i++)
        if (strcmp(json_string(r, "resourceType"), TYPES[i]) == 0)
            return true;
    for (size_t i = 0; i < sizeof(CONCEPTS) / sizeof(CONCEPTS[0]); i++)
        if (strcmp(r->key, CONCEPTS[i].member) == 0 &&
            strcmp(json_string(r->up, "resourceType"), CONCEPTS[i].type) == 0)
            return true;
    return false;
}

/* Patients first: the others refer to them. */
void fhir_read(struct fhir *f, const struct json *root)
{
    bool bundle = strcmp(json_string(root, "resourceType"), "Bundle") == 0;
    uint32_t patients = 0, last = 0;
    const struct json *entries = bundle ? first_of(json_get(root, "entry")) : root;
    for (const struct json *e = entries; e; e = bundle ? e->next : NULL) {
        const struct json *r = bundle ? json_get(e, "resource") : e;
        for (const struct json *c = r; c; c = c == r ? first_of(json_get(r, "contained")) : c->next)
            if (strcmp(json_string(c, "resourceType"), "Patient") == 0) {
                patients++;
                last = patient_record(f, c, bundle && c == r ? json_string(e, "fullUrl") : "");
                patient(f, last, c);
            }
    }
    uint32_t only = patients == 1 ? last : 0;
    for (const struct json *e = entries; e; e = bundle ? e->next : NULL) {
        const struct json *r = bundle ? json_get(e, "resource") : e;
        for (const struct json *c = r; c; c = c == r ? first_of(json_get(r, "contained")) : c->next)
            resource(f, c, only);
    }
}
