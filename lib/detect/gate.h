/* gate.h - inside detect: names in running text at the speed of reading it. The weights of neighbouring characters sort
 * out nearly all text; the chain of labels (crf.h) is asked about what is left. */
#ifndef SK_DETECT_GATE_H
#define SK_DETECT_GATE_H

#include "detect/crf.h"

struct sk_gate_name {
    uint32_t begin, end; /* bytes of the text */
    float sure;          /* 0 to 1 */
    bool kanji;          /* false: katakana or hiragana only */
};
typedef void (*sk_gate_found)(void *ctx, const struct sk_gate_name *name);

/* Tells every name in folded text, ascending. A name may run over the line end of a line that was broken for its
 * length. False without memory. bias: of sk_crf_find. */
bool sk_gate_names(const struct sk_names *m, const struct sk_prose *p, const char *text, uint32_t n, int bias,
                   sk_gate_found found, void *ctx);

#endif
