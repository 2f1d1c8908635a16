/* envelope.h - control, data and end records that wrap care and disability transmissions (claims.md 2.1). */
#ifndef SK_DETECT_ENVELOPE_H
#define SK_DETECT_ENVELOPE_H

#include "detect/layout.h"

/* Says whether this row, whose 交換情報識別番号 stands in column base, is typed as that record is. */
typedef bool (*sk_inner_ok)(const struct sk_row *r, uint32_t base, long today);
/* Is this the id of one of my records? */
typedef bool (*sk_inner_mine)(struct sk_text id);

int sk_envelope_probe(const struct sk_row *rows, size_t n, long today, sk_inner_mine mine, sk_inner_ok ok);
/* Column of the id of a data row: 2 inside an envelope, 0 without one; UINT32_MAX for control, end and other rows. */
uint32_t sk_envelope_base(const struct sk_row *r, sk_inner_mine mine);
/* Ten digits, H and nine digits (みなし2号), or fewer digits where a spreadsheet dropped zeros. */
bool sk_text_care_number(struct sk_text t);

#endif
