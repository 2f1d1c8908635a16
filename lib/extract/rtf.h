/* rtf.h - the tokens of Rich Text Format (RTF 1.9.1): groups, control words, characters. */
#ifndef SK_EXTRACT_RTF_H
#define SK_EXTRACT_RTF_H

#include "base/bytes.h"

enum rtf_kind { RTF_END, RTF_OPEN, RTF_CLOSE, RTF_WORD, RTF_SYMBOL, RTF_BYTE, RTF_BINARY };
struct rtf_token {
    enum rtf_kind kind;
    char word[33]; /* WORD; SYMBOL: word[0] */
    bool has_number;
    long number;
    uint8_t byte;         /* BYTE: a character of the text, plain or \'hh */
    bool quoted;          /* it was \'hh */
    struct sk_bytes data; /* BINARY */
};
/* The next token of what is left in *b. Line ends between tokens are passed over. */
void rtf_next(struct sk_bytes *b, struct rtf_token *t);

#endif
