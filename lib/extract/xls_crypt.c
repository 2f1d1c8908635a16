/* xls_crypt.c - see xls_crypt.h. Section numbers are of MS-OFFCRYPTO. */
#include "extract/xls_crypt.h"
#include "extract/rc4.h"

#include <openssl/evp.h>
#include <string.h>

#define FILEPASS 0x2Fu
#define FIRST_RECORDS 32
#define BLOCK 1024u /* bytes under one key */

static const char PASSWORD[] =
    "V\0e\0l\0v\0e\0t\0S\0w\0e\0a\0t\0s\0h\0o\0p"; /* UTF-16LE; the final NUL is its last byte */

/* What 2.3.7.1 and 2.3.7.2 make of that password: verifier, key, and the bytes that are combined with the text. */
#define XOR_VERIFIER 0x9A0Au
#define XOR_KEY 0xB359u
static const uint8_t XOR_ARRAY[16] = { 0x87, 0x6B, 0x9A, 0xE2, 0x1E, 0xE3, 0x05, 0x62,
                                       0x1E, 0x69, 0x96, 0x60, 0x98, 0x6E, 0x94, 0x04 };

static bool digest(const EVP_MD *md, const void *a, size_t na, const void *b, size_t nb, uint8_t out[EVP_MAX_MD_SIZE])
{
    uint8_t both[512];
    if (na + nb > sizeof(both))
        return false;
    memcpy(both, a, na);
    if (nb)
        memcpy(both + na, b, nb);
    return EVP_Digest(both, na + nb, out, NULL, md, NULL) == 1;
}

/* ---------------------------------------------------------------- keys */

static bool block_key(const struct sk_xls_key *k, uint32_t block, struct sk_rc4 *c)
{
    uint8_t number[4], key[EVP_MAX_MD_SIZE];
    for (unsigned i = 0; i < 4; i++)
        number[i] = (uint8_t)(block >> (8 * i));
    if (!digest(k->scheme == SK_XLS_RC4 ? EVP_md5() : EVP_sha1(), k->base, k->base_n, number, 4, key))
        return false;
    size_t n = k->key_n;
    if (n == 5) { /* 2.3.5.2: forty bits, the rest of sixteen bytes zero */
        memset(key + 5, 0, 11);
        n = 16;
    }
    sk_rc4_key(c, key, n);
    return true;
}

/* The verifier and its hash stand under the key of the first block. */
static bool verify(const struct sk_xls_key *k, const EVP_MD *md, struct sk_bytes verifier, struct sk_bytes hash)
{
    struct sk_rc4 c;
    uint8_t plain[36], want[EVP_MAX_MD_SIZE];
    if (verifier.n != 16 || hash.n > 20 || !block_key(k, 0, &c))
        return false;
    memcpy(plain, verifier.p, 16);
    memcpy(plain + 16, hash.p, hash.n);
    sk_rc4_run(&c, plain, 16 + hash.n);
    return digest(md, plain, 16, NULL, 0, want) && memcmp(want, plain + 16, hash.n) == 0;
}

/* 2.3.6.2: forty bits of the password's hash, sixteen times with the salt. */
static bool rc4_key(struct sk_bytes b, struct sk_xls_key *k)
{
    struct sk_bytes salt, verifier, hash;
    uint8_t h[EVP_MAX_MD_SIZE], times[16 * 21];
    if (!sk_take(&b, 16, &salt) || !sk_take(&b, 16, &verifier) || !sk_take(&b, 16, &hash) ||
        !digest(EVP_md5(), PASSWORD, sizeof(PASSWORD), NULL, 0, h))
        return false;
    for (size_t i = 0; i < 16; i++) {
        memcpy(times + i * 21, h, 5);
        memcpy(times + i * 21 + 5, salt.p, 16);
    }
    if (!digest(EVP_md5(), times, sizeof(times), NULL, 0, h))
        return false;
    *k = (struct sk_xls_key){ .scheme = SK_XLS_RC4, .base_n = 5, .key_n = 16 };
    memcpy(k->base, h, 5);
    return verify(k, EVP_md5(), verifier, hash);
}

/* 2.3.5.1, 2.3.5.2 */
static bool cryptoapi_key(struct sk_bytes b, struct sk_xls_key *k)
{
    uint32_t header_n, algorithm, bits, salt_n, hash_n;
    struct sk_bytes header, salt, verifier, hash;
    uint8_t h[EVP_MAX_MD_SIZE];
    if (!sk_skip(&b, 4) || !sk_u32le(&b, &header_n) || !sk_take(&b, header_n, &header) || !sk_skip(&header, 8) ||
        !sk_u32le(&header, &algorithm) || !sk_skip(&header, 4) || !sk_u32le(&header, &bits) || !sk_u32le(&b, &salt_n) ||
        salt_n != 16 || !sk_take(&b, 16, &salt) || !sk_take(&b, 16, &verifier) || !sk_u32le(&b, &hash_n) ||
        hash_n != 20 || !sk_take(&b, 20, &hash))
        return false;
    bits = bits ? bits : 40;
    if (algorithm != 0x6801 || bits < 40 || bits > 128 || bits % 8 ||
        !digest(EVP_sha1(), salt.p, salt.n, PASSWORD, sizeof(PASSWORD), h))
        return false;
    *k = (struct sk_xls_key){ .scheme = SK_XLS_CRYPTOAPI, .base_n = 20, .key_n = bits / 8 };
    memcpy(k->base, h, 20);
    return verify(k, EVP_sha1(), verifier, hash);
}

/* FilePass (MS-XLS 2.4.117); that of BIFF 5 is key and verifier only. */
static bool filepass_key(struct sk_bytes b, struct sk_xls_key *k)
{
    uint16_t scheme = 0, first, second;
    if (b.n != 4 && !sk_u16le(&b, &scheme))
        return false;
    if (!sk_u16le(&b, &first) || !sk_u16le(&b, &second))
        return false;
    if (scheme == 0) {
        k->scheme = SK_XLS_XOR;
        return first == XOR_KEY && second == XOR_VERIFIER;
    }
    if (scheme != 1)
        return false;
    return first == 1 ? rc4_key(b, k) : first <= 4 && second == 2 && cryptoapi_key(b, k);
}

bool sk_xls_filepass(struct sk_bytes b, struct sk_bytes *body)
{
    uint16_t type, n;
    for (int i = 0; i < FIRST_RECORDS && sk_u16le(&b, &type) && sk_u16le(&b, &n) && sk_take(&b, n, body); i++)
        if (type == FILEPASS)
            return true;
    return false;
}

bool sk_xls_key_find(struct sk_bytes head, struct sk_xls_key *k)
{
    struct sk_bytes body;
    memset(k, 0, sizeof(*k));
    return sk_xls_filepass(head, &body) && filepass_key(body, k);
}

/* ---------------------------------------------------------------- the stream */

/* The cipher runs over all bytes of the stream, also over those that are not encrypted. */
struct cipher {
    const struct sk_xls_key *key;
    struct sk_rc4 rc4;
    uint32_t block;
    size_t used;
    bool failed;
};

/* p NULL: passes over n bytes. */
static void run(struct cipher *c, uint8_t *p, size_t n)
{
    while (n && !c->failed) {
        size_t step = BLOCK - c->used < n ? BLOCK - c->used : n;
        sk_rc4_run(&c->rc4, p, step);
        p = p ? p + step : NULL;
        n -= step;
        c->used += step;
        if (c->used == BLOCK) {
            c->failed = !block_key(c->key, ++c->block, &c->rc4);
            c->used = 0;
        }
    }
}

/* 2.3.7.3 backwards; where it begins in the array follows from the end of the record (MS-XLS 2.2.10). */
static void unmask(uint8_t *p, size_t from, size_t n, size_t end)
{
    for (size_t i = from; i < n; i++) {
        uint8_t v = p[i] ^ XOR_ARRAY[(end + i) % 16];
        p[i] = (uint8_t)(v >> 5 | v << 3);
    }
}

/* How many bytes of a record's body stand in the clear (MS-XLS 2.2.10). */
static size_t clear(uint16_t type, size_t n)
{
    switch (type) {
    case 0x809: /* BOF */
    case FILEPASS:
    case 0x194: /* UsrExcl */
    case 0x195: /* FileLock */
    case 0xE1:  /* InterfaceHdr */
    case 0x196: /* RRDInfo */
    case 0x138: /* RRDHead */
        return n;
    case 0x85: /* BoundSheet8: where the sheet begins */
        return n < 4 ? n : 4;
    default:
        return 0;
    }
}

bool sk_xls_decrypt(const struct sk_xls_key *k, uint8_t *p, size_t n)
{
    struct cipher c = { .key = k };
    if (k->scheme != SK_XLS_XOR && !block_key(k, 0, &c.rc4))
        return false;
    for (size_t at = 0; n - at >= 4 && !c.failed;) {
        uint16_t type = (uint16_t)(p[at] | p[at + 1] << 8);
        size_t body = (size_t)(p[at + 2] | p[at + 3] << 8);
        at += 4;
        size_t open = clear(type, body), left = n - at;
        if (k->scheme == SK_XLS_XOR) {
            unmask(p + at, open, body < left ? body : left, at + body);
        } else {
            open = open < left ? open : left;
            run(&c, NULL, 4 + open);
            run(&c, p + at + open, (body < left ? body : left) - open);
        }
        at += body < left ? body : left;
    }
    return !c.failed;
}
