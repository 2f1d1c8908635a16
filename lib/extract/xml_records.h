/* xml_records.h - XML whose elements say what they are: which element of which document is which item of a person. */
#ifndef SK_EXTRACT_XML_RECORDS_H
#define SK_EXTRACT_XML_RECORDS_H

#include "extract/extract.h"

struct xml_rule {
    const char *within;    /* an element that must be open around it; NULL: anywhere */
    const char *name;      /* local name */
    const char *attribute; /* the value is this attribute's; NULL: the element's text */
    const char *when, *is; /* and this attribute has this value; NULL: always */
    uint8_t element, aspect;
};
struct xml_family {
    const char *root;   /* local name of the document's element; NULL: any */
    const char *sign;   /* stands in the first bytes; NULL: the root is enough */
    const char *format; /* NULL: "xml" */
    const char *record; /* each such element is a person's record; NULL: the document is one */
    bool no_attributes; /* attributes hold no text of anybody (schemas) */
    const struct xml_rule *rules;
    size_t n;
};
/* NULL: no known kind. */
const struct xml_family *xml_family_of(const char *root, const char *head, size_t n);

#endif
