/* evidence.h - inside nightly: what evidence.c asks of evidence_live.c. */
#ifndef SK_NIGHTLY_EVIDENCE_H
#define SK_NIGHTLY_EVIDENCE_H

#include "nightly/inner.h"

#define SK_EVIDENCE_CONTENT "content.sealed"

int sk_evidence_open(struct sk_store *s, const char *shown); /* -1: it is not there any more, or on another machine */
void sk_evidence_live(int fd, const void *sha, bool en, struct sk_buf *b);
void sk_evidence_clock(bool en, struct sk_buf *b);
void sk_evidence_operator(bool en, struct sk_buf *b);
void sk_evidence_history(struct sk_store *s, int64_t finding, bool en, struct sk_buf *b);
/* Only the content that was found (expected) is copied. False: *why tells what it was about. hex: digest of the sealed
 * file. */
bool sk_evidence_copy(int fd, const char *folder, const char *recipient, const void *expected, char hex[SK_SHA256_HEX],
                      const char **why);

#endif
