/* biff.h - records of Excel's binary workbooks (MS-XLS; BIFF5 the same with bytes of a code page): reading, and their
 * strings, which may go on in CONTINUE records. */
#ifndef SK_EXTRACT_BIFF_H
#define SK_EXTRACT_BIFF_H

#include "extract/extract.h"

#define BIFF_CONTINUE 0x3Cu

struct biff {
    struct sk_bytes rest; /* behind the record at hand */
    uint16_t type;
    struct sk_bytes body;
    bool wide;         /* BIFF8 */
    uint32_t codepage; /* of BIFF5 */
};
/* False at the end. */
bool biff_next(struct biff *b);
/* What is left of the record's body, else the body of the CONTINUE record behind it. */
bool biff_more(struct biff *b);
/* `count` characters from the record's body on, one or two bytes each as `flags` says; a CONTINUE record begins with
 * flags of its own. */
bool biff_characters(struct biff *b, uint32_t count, uint8_t flags, struct sk_buf *out);
/* A string with a length of one or two bytes before it, as UTF-8 behind what is in out. */
bool biff_string(struct biff *b, bool short_length, struct sk_buf *out);
/* The same with what may follow in a shared string: formatting runs are passed over, furigana go to *ruby (may be
 * NULL). */
bool biff_rich_string(struct biff *b, struct sk_buf *out, struct sk_buf *ruby);

#endif
