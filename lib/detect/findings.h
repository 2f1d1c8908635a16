/* findings.h - inside detect: what detect.c and records.c ask of findings.c beyond engine.h. */
#ifndef SK_DETECT_FINDINGS_H
#define SK_DETECT_FINDINGS_H

#include "detect/context.h"

/* A new segment begins: ranges of the one before no longer overlap anything. */
void sk_findings_segment(struct sk_context *c, const struct sk_segment *s);
/* Counts without keeping, for judging a second reading: between these two, sk_finding_add only adds to the number that
 * mute_end returns. */
void sk_findings_mute(struct sk_context *c);
uint64_t sk_findings_mute_end(struct sk_context *c);
bool sk_findings_muted(const struct sk_context *c);
/* Findings at medium or high confidence since the segment began. */
uint64_t sk_findings_here(const struct sk_context *c);

/* A record of the own register holds these at medium confidence: where most such places are confirmed, the element is
 * high. */
void sk_findings_confirm(struct sk_context *c, sk_elements elements);

/* sk_place_of for places that are asked in about ascending order: goes on where the last one was told. */
void sk_findings_place(struct sk_context *c, const struct sk_segment *s, uint32_t begin, uint32_t end,
                       struct sk_place *out);

/* Hidden sums of a part and kind. Index, or UINT32_MAX when there is no room; at: where it begins (used once). */
uint32_t sk_hidden_sum(struct sk_context *c, uint32_t part, enum sk_hidden hidden, const struct sk_place *at);
struct sk_hidden_sum *sk_hidden_sum_at(struct sk_context *c, uint32_t index);
void sk_hidden_text(struct sk_context *c, uint32_t index, uint64_t pieces, uint64_t characters);

#endif
