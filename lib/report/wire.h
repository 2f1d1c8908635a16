/*
 * wire.h - a result as one length-checked message: between worker and parent, and in the store. Integers are
 * little-endian base 128. Decoding trusts nothing: every length, index, enum and string (UTF-8) is checked.
 */
#ifndef SK_REPORT_WIRE_H
#define SK_REPORT_WIRE_H

#include "detect/result.h"

#define SK_WIRE_MAX ((size_t)256 << 20) /* longer messages are refused on both sides */

/* Appends. False without memory or when the message would be longer than SK_WIRE_MAX. */
bool sk_wire_encode(const struct seki_result *r, struct sk_buf *out);
/* NULL when it does not hold, or without memory. sk_result_free. Indexes of marking words are the policy's and left for
 * judge to check. */
struct seki_result *sk_wire_decode(struct sk_bytes message);

#endif
