/* msip.h - sensitivity labels kept as document properties, in OOXML and in the Info of a PDF alike:
 * MSIP_Label_<GUID>_<field>. */
#ifndef SK_EXTRACT_MSIP_H
#define SK_EXTRACT_MSIP_H

#include "extract/extract.h"

#define SK_LABELS_MAX 64u

struct sk_labels {
    struct sk_msip items[SK_LABELS_MAX];
    size_t n;
};
/* True when the property is a field of a label; both are NUL-terminated. */
bool sk_labels_property(struct sk_labels *l, const char *name, const char *value);
void sk_labels_tell(const struct sk_labels *l, struct sk_job *job);
/* "{ABC...}" -> "abc..."; false when it is no GUID. */
bool sk_guid(const char *s, size_t n, char out[40]);
/* "1" or "true" */
bool sk_msip_yes(const char *s);

#endif
