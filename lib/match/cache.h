/* cache.h - compiled databases in a folder. A compiled database is code in all but name, so what others could have
 * written is not read. */
#ifndef SK_MATCH_CACHE_H
#define SK_MATCH_CACHE_H

#include "base/hash.h"
#include "base/mem.h"

/* The payload kept under this key; false (payload empty) when there is none that can be trusted. Free with sk_buf_free.
 */
bool sk_cache_read(const char *dir, const uint8_t key[SK_SHA256_BYTES], struct sk_buf *payload);
/* Keeps a payload; failure is no error to anybody. */
void sk_cache_write(const char *dir, const uint8_t key[SK_SHA256_BYTES], const void *payload, size_t n);

#endif
