/* forms.h - inside detect: what forms.c, blocks.c and fields.c share. */
#ifndef SK_DETECT_FORMS_H
#define SK_DETECT_FORMS_H

#include "detect/conditions.h"
#include "detect/context.h"
#include "detect/formline.h"
#include "detect/lists.h"

/* ---------------------------------------------------------------- blocks.c: one open record and what waits in it */

#define SK_BLOCK_LABELS 64u
struct sk_waiting;
struct sk_block {
    const struct sk_conditions *conditions;
    struct sk_record record;
    bool open;
    uint64_t first_line, last_line;
    uint32_t from, to; /* the text of the segment in hand that belongs to it */
    struct {
        uint64_t spelling;
        uint8_t role;
    } labels[SK_BLOCK_LABELS]; /* seen in this form */
    size_t n_labels;
    struct sk_waiting *waiting; /* care content: counts only when somebody is identified */
    size_t n_waiting, cap_waiting;
    struct { /* a 記号 whose 番号 has not come yet */
        uint32_t begin, end;
        bool set;
    } symbol;
};
bool sk_block_start(struct sk_context *c, struct sk_block *b, const struct sk_segment *s, uint32_t begin,
                    uint64_t line);
/* A label with its value at `begin`: opens the form, or ends it and opens the next when this label was seen in it. */
bool sk_block_label(struct sk_context *c, struct sk_block *b, const struct sk_segment *s, const struct sk_label *l,
                    uint32_t begin, uint64_t line);
/* What counts at conf when the record points to a person; a name when something else of a person stands beside it.
 * alone: at which confidence it counts otherwise, -1 = not. */
bool sk_block_wait(struct sk_context *c, struct sk_block *b, uint32_t begin, uint32_t end, enum sk_element e,
                   enum sk_confidence conf, int alone);
bool sk_block_end(struct sk_context *c, struct sk_block *b);
/* The segment goes away: what waits is decided now; the record may go on. */
bool sk_block_pause(struct sk_context *c, struct sk_block *b);
void sk_block_segment(struct sk_block *b, const struct sk_segment *s);
/* A record of its own with one value. */
bool sk_block_alone(struct sk_context *c, const struct sk_segment *s, uint32_t begin, uint32_t end, enum sk_element e,
                    enum sk_confidence conf, enum sk_piece piece);
void sk_block_drop(struct sk_block *b);
void sk_block_free(struct sk_block *b);

/* ---------------------------------------------------------------- fields.c */

struct sk_fields_state {
    struct sk_record record;
    bool open;
    uint32_t part, number;
};
struct sk_fields_state *sk_forms_fields(struct sk_context *c);
bool sk_fields_end(struct sk_context *c, uint32_t part);

#endif
