/* gate_read.h - inside detect: the characters of running text as the gate and the chain of labels see them, a block at
 * a time. */
#ifndef SK_DETECT_GATE_READ_H
#define SK_DETECT_GATE_READ_H

#include "base/utf8.h"
#include "detect/crf.h"

#define SK_GATE_BLOCK 1024u     /* characters gated at once */
#define SK_GATE_BROKEN_LINE 20u /* characters of a line that may have been broken for its length */
#define SK_GATE_ASCII_RUN 32u   /* bytes: what stands in the middle of so many matters to no name */

struct sk_gate_text {
    const struct sk_names *names;
    const char *text;
    uint32_t n, next, line; /* bytes; next to read; characters read of the line */
};
struct sk_gate_block {
    uint32_t chars;
    uint32_t cp[SK_GATE_BLOCK + SK_UTF8_ROOM + 8]; /* two in front and behind are ends */
    uint32_t at[SK_GATE_BLOCK + SK_UTF8_ROOM + 8]; /* where they begin; one more: where the next block begins */
};
/* Fills the block from t->next on. Line ends are SK_CRF_BREAK, those of lines that were broken for their length are
 * left out, and of long runs of ASCII only the ends stand here. */
void sk_gate_read(struct sk_gate_text *t, struct sk_gate_block *b);

/* Folds characters of text without line ends: sk_crf_char of each, but for kana and signs, which stay. */
void sk_gate_fold(const struct sk_names *m, uint32_t *cp, uint32_t n);
void sk_gate_fold_portable(const struct sk_names *m, uint32_t *cp, uint32_t n);
/* Marks the characters that may belong to a name; false when there is none. cp: n and, readable, two in front and
 * SK_UTF8_ROOM behind, of which two matter; open has room for SK_UTF8_ROOM more. */
bool sk_gate_open(const struct sk_prose *p, const uint32_t *cp, uint32_t n, uint8_t *open);
bool sk_gate_open_portable(const struct sk_prose *p, const uint32_t *cp, uint32_t n, uint8_t *open);

#endif
