/* ppt.h - inside the reader of binary presentations: which objects of the stream are live, and tables drawn as groups
 * of boxes. */
#ifndef SK_EXTRACT_PPT_H
#define SK_EXTRACT_PPT_H

#include "extract/extract.h"

struct ppt_object {
    uint32_t id, at; /* offset of its container in the stream */
    uint32_t slide;  /* 1-based place in the show; 0: no slide */
};
struct ppt_objects {
    struct ppt_object *items; /* ascending by at, once they are read */
    size_t n, cap;
    uint32_t *slides; /* identifiers in the order of the show */
    size_t n_slides, cap_slides;
};
/* From the last edit back to the first (MS-PPT 2.1.2); empty when the table is damaged. */
void ppt_objects_read(struct sk_bytes stream, struct sk_bytes current_user, struct ppt_objects *o);
void ppt_objects_free(struct ppt_objects *o);
bool ppt_object_at(const struct ppt_objects *o, uint32_t at, struct ppt_object *found);
uint32_t ppt_slide_of(const struct ppt_objects *o, uint32_t id);

/* A group of shapes that is a table, written as one. 0: it is none, nothing was written. *ok: false = stop. */
uint32_t ppt_table(struct sk_bytes group, struct sk_out *o, enum sk_run_kind kind, enum sk_hidden hidden,
                   uint32_t slide, bool *ok);

#endif
