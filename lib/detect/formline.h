/* formline.h - inside detect: labels and values of one line of a form. */
#ifndef SK_DETECT_FORMLINE_H
#define SK_DETECT_FORMLINE_H

#include "rules/rules.h"

struct sk_label {
    enum sk_role role;
    bool weak, colon;
    uint32_t begin, end;       /* of the label's text */
    uint32_t value, value_end; /* what stands behind it up to the next label or the end of the line */
    uint64_t spelling;         /* tells equal labels from different ones of the same role */
};

/* The labels of the line text[begin, end), at most cap; *rest: text in front of the first label or no label at all. */
size_t sk_form_labels(const struct sk_rules *rules, const char *text, uint32_t begin, uint32_t end,
                      struct sk_label *out, size_t cap);

#endif
