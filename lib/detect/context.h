/* context.h - the state of the file in hand. Each member belongs to one source file, which makes, resets and frees it.
 */
#ifndef SK_DETECT_CONTEXT_H
#define SK_DETECT_CONTEXT_H

#include "detect/engine.h"

struct sk_findings; /* findings.c */
struct sk_people;   /* persons.c: also records' masks */
struct sk_numbers;  /* numbers.c */
struct sk_forms;    /* forms.c */
struct sk_tables;   /* tables.c, with the layouts' states */
struct sk_marks;    /* markings.c */
struct sk_small;    /* small.c */

struct sk_context {
    const struct sk_rules *rules;
    struct sk_detect_config config;
    struct sk_arena arena; /* of the file in hand; reset by sk_detect_begin */
    struct sk_findings *findings;
    struct sk_people *people;
    struct sk_numbers *numbers;
    struct sk_forms *forms;
    struct sk_tables *tables;
    struct sk_marks *marks;
    struct sk_small *small;
};

#define SK_MEMBER(name)                                                                                                \
    struct sk_##name *sk_##name##_new(const struct sk_context *c); /* NULL without memory */                           \
    void sk_##name##_reset(struct sk_##name *m);                   /* a new file */                                    \
    void sk_##name##_free(struct sk_##name *m);
SK_MEMBER(findings)
SK_MEMBER(people)
SK_MEMBER(numbers)
SK_MEMBER(forms)
SK_MEMBER(tables)
SK_MEMBER(marks)
SK_MEMBER(small)
#undef SK_MEMBER

/* At the end of the file each fills its part of the result (in r->arena). False without memory. */
bool sk_findings_result(struct sk_context *c, struct seki_result *r);
bool sk_people_result(struct sk_context *c, struct seki_result *r);
bool sk_marks_result(struct sk_context *c, struct seki_result *r);
bool sk_small_result(struct sk_context *c, struct seki_result *r);

/* forms.c: prose segments -> records; markings.c: every segment; small.c: called by tables.c for each row of a table
 * whose header is known. */
bool sk_forms_segment(struct sk_context *c, const struct sk_segment *s, const struct sk_hits *hits);
bool sk_forms_part_end(struct sk_context *c, uint32_t part);
bool sk_marks_segment(struct sk_context *c, const struct sk_segment *s);
/* headers: normalised header text of each column (NULL none); row: the data row. */
bool sk_small_row(struct sk_context *c, const char *const *headers, uint32_t n_headers, const struct sk_row *row);
/* tables.c: the better format name of a part, NULL = none. */
const char *sk_tables_format(struct sk_context *c, uint32_t part);
/* detect/fields.c: SK_FIELDS segments -> records. */
bool sk_fields_segment(struct sk_context *c, const struct sk_segment *s);

#endif
