/* slip.h - the slip of one check, asked the same way by its formats. */
#ifndef SK_REPORT_SLIP_H
#define SK_REPORT_SLIP_H

#include "report/inner.h"
#include "report/receipt.h"

struct sk_slip {
    const struct sk_run_info *run;
    const struct sk_transfer_request *q;
    const struct sk_transfer_file *files;
    size_t n;
    const struct sk_verdict_result *v;
    const struct sk_receipt *receipts; /* issued by this check */
    size_t n_receipts;
    struct sk_buf out, said, part; /* the slip; one phrase; scratch of part paths */
};

#define SK_SLIP_REASONS 3 /* shown to people: one minute; JSON has all */

enum sk_slip_row {
    SK_ROW_DEST,
    SK_ROW_FILES,
    SK_ROW_LABEL,
    SK_ROW_PERSONS,
    SK_ROW_CONTENT,
    SK_ROW_HIDDEN,
    SK_ROW_ENCRYPTION,
    SK_ROW_COMPLETE,
    SK_ROW_TERMS,
    SK_ROW_APPROVALS,
    SK_ROW_RECEIPT,
    SK_SLIP_ROWS
};
const char *sk_slip_title(const struct sk_slip *s, enum sk_slip_row row);
/* Appends the row's phrase to s->said; nothing = the row is left out. */
void sk_slip_say(struct sk_slip *s, enum sk_slip_row row);
const char *sk_slip_verdict(const struct sk_slip *s); /* 送付可, with a shape */
void sk_slip_say_reason(struct sk_slip *s, const struct sk_transfer_reason *y);
/* How to put it right, each step once; NULL behind the last. */
const char *sk_slip_step(const struct sk_slip *s, size_t wanted);

void sk_slip_text(struct sk_slip *s);
void sk_slip_json(struct sk_slip *s);
void sk_slip_html(struct sk_slip *s);

#endif
