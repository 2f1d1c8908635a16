/* identify.h - how text competes with signatures. */
#ifndef SK_EXTRACT_IDENTIFY_H
#define SK_EXTRACT_IDENTIFY_H

#include "extract/extract.h"

/* Evidence that bytes are text when the charset detector says so: three printable bytes of a signature lose, four win.
 */
#define SK_TEXT_BITS 28

/* How much of a part is judged at first. */
#define SK_GUESS_BYTES ((size_t)4 << 10)

int sk_sniff_text(struct sk_bytes head, struct sk_source *source);

#endif
