#include "base/hash.h"

#include <errno.h>
#include <libdeflate.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

struct sk_sha256 {
    EVP_MD_CTX *ctx;
    EVP_MD *md;
};

struct sk_sha256 *sk_sha256_new(void)
{
    struct sk_sha256 *h = calloc(1, sizeof(*h));
    if (!h)
        return NULL;
    h->md = EVP_MD_fetch(NULL, "SHA256", NULL);
    h->ctx = EVP_MD_CTX_new();
    if (!h->md || !h->ctx) {
        sk_sha256_free(h);
        return NULL;
    }
    return h;
}

bool sk_sha256_start(struct sk_sha256 *h)
{
    return EVP_DigestInit_ex2(h->ctx, h->md, NULL) == 1;
}

bool sk_sha256_add(struct sk_sha256 *h, const void *p, size_t n)
{
    return EVP_DigestUpdate(h->ctx, p, n) == 1;
}

bool sk_sha256_end(struct sk_sha256 *h, uint8_t out[SK_SHA256_BYTES])
{
    return EVP_DigestFinal_ex(h->ctx, out, NULL) == 1;
}

void sk_sha256_free(struct sk_sha256 *h)
{
    if (h) {
        EVP_MD_CTX_free(h->ctx);
        EVP_MD_free(h->md);
        free(h);
    }
}

bool sk_sha256(const void *p, size_t n, uint8_t out[SK_SHA256_BYTES])
{
    struct sk_sha256 *h = sk_sha256_new();
    bool ok = h && sk_sha256_start(h) && sk_sha256_add(h, p, n) && sk_sha256_end(h, out);
    sk_sha256_free(h);
    return ok;
}

bool sk_sha256_file(int fd, uint8_t out[SK_SHA256_BYTES], uint64_t *bytes)
{
    char step[65536];
    struct sk_sha256 *h = sk_sha256_new();
    bool ok = h && sk_sha256_start(h);
    ssize_t n = 0;
    for (*bytes = 0; ok; *bytes += n > 0 ? (uint64_t)n : 0) {
        n = pread(fd, step, sizeof(step), (off_t)*bytes);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            break;
        ok = sk_sha256_add(h, step, (size_t)n);
    }
    ok = ok && n == 0 && sk_sha256_end(h, out);
    sk_sha256_free(h);
    return ok;
}

uint32_t sk_crc32(uint32_t crc, const void *p, size_t n)
{
    return libdeflate_crc32(crc, p, n);
}

void sk_hex(const uint8_t *p, size_t n, char *out)
{
    static const char DIGITS[] = "0123456789abcdef";
    for (size_t i = 0; i < n; i++) {
        out[2 * i] = DIGITS[p[i] >> 4];
        out[2 * i + 1] = DIGITS[p[i] & 15];
    }
    out[2 * n] = '\0';
}

bool sk_key_random(struct sk_key *key)
{
    return getrandom(key, sizeof(*key), 0) == (ssize_t)sizeof(*key);
}

static inline uint64_t rotl(uint64_t x, int b)
{
    return x << b | x >> (64 - b);
}

#define ROUND                                                                                                          \
    do {                                                                                                               \
        v0 += v1;                                                                                                      \
        v1 = rotl(v1, 13) ^ v0;                                                                                        \
        v0 = rotl(v0, 32);                                                                                             \
        v2 += v3;                                                                                                      \
        v3 = rotl(v3, 16) ^ v2;                                                                                        \
        v0 += v3;                                                                                                      \
        v3 = rotl(v3, 21) ^ v0;                                                                                        \
        v2 += v1;                                                                                                      \
        v1 = rotl(v1, 17) ^ v2;                                                                                        \
        v2 = rotl(v2, 32);                                                                                             \
    } while (0)

/* SipHash-2-4 of Aumasson and Bernstein; inline because it runs once a record, tested against their vectors. */
uint64_t sk_siphash(const struct sk_key *key, const void *p, size_t n)
{
    const unsigned char *at = p;
    uint64_t v0 = key->k0 ^ 0x736f6d6570736575ULL, v1 = key->k1 ^ 0x646f72616e646f6dULL;
    uint64_t v2 = key->k0 ^ 0x6c7967656e657261ULL, v3 = key->k1 ^ 0x7465646279746573ULL;
    uint64_t last = (uint64_t)n << 56, m;
    for (; n >= 8; n -= 8, at += 8) {
        memcpy(&m, at, 8);
        v3 ^= m;
        ROUND;
        ROUND;
        v0 ^= m;
    }
    for (size_t i = 0; i < n; i++)
        last |= (uint64_t)at[i] << (8 * i);
    v3 ^= last;
    ROUND;
    ROUND;
    v0 ^= last;
    v2 ^= 0xff;
    ROUND;
    ROUND;
    ROUND;
    ROUND;
    return v0 ^ v1 ^ v2 ^ v3;
}
