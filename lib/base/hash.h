/* hash.h - SHA-256 (libcrypto) for files and digests; a keyed 64-bit hash for sets that live in memory. */
#ifndef SK_BASE_HASH_H
#define SK_BASE_HASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SK_SHA256_BYTES 32
#define SK_SHA256_HEX 65

struct sk_sha256;                          /* heap; one per stream */
struct sk_sha256 *sk_sha256_new(void);     /* NULL without memory */
bool sk_sha256_start(struct sk_sha256 *h); /* (re)start */
bool sk_sha256_add(struct sk_sha256 *h, const void *p, size_t n);
bool sk_sha256_end(struct sk_sha256 *h, uint8_t out[SK_SHA256_BYTES]);
void sk_sha256_free(struct sk_sha256 *h);
/* One shot; false without memory. */
bool sk_sha256(const void *p, size_t n, uint8_t out[SK_SHA256_BYTES]);
/* Of a file from its beginning to its end, read with pread; *bytes: how many there were. False without memory or when
 * it cannot be read. */
bool sk_sha256_file(int fd, uint8_t out[SK_SHA256_BYTES], uint64_t *bytes);
/* CRC-32 as ZIP shows it for encrypted members; start with 0. */
uint32_t sk_crc32(uint32_t crc, const void *p, size_t n);
void sk_hex(const uint8_t *p, size_t n, char *out); /* writes 2n digits and NUL */

/* FNV-1a: only tells strings apart where nobody gains by making two collide. */
static inline uint64_t sk_fnv1a(const char *p, size_t n)
{
    uint64_t h = 0xCBF29CE484222325u;
    for (size_t i = 0; i < n; i++)
        h = (h ^ (unsigned char)p[i]) * 0x100000001B3u;
    return h;
}

/* SipHash-2-4 under a secret key: not reversible without the key, and strings cannot be made to collide. */
struct sk_key {
    uint64_t k0, k1;
};
bool sk_key_random(struct sk_key *key); /* from the kernel; false when it gives none */
uint64_t sk_siphash(const struct sk_key *key, const void *p, size_t n);

#endif
