/* base64.h - RFC 4648, in place; what is not of the alphabet (line ends, blanks) is passed over, "-" and "_" count too.
 */
#ifndef SK_EXTRACT_BASE64_H
#define SK_EXTRACT_BASE64_H

#include <stddef.h>

/* Decodes p[0, n) into itself; ends at the padding. Returns the number of bytes. */
size_t sk_base64_decode(char *p, size_t n);

#endif
