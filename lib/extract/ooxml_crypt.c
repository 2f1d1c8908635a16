/* ooxml_crypt.c - see ooxml_crypt.h. Section numbers are of MS-OFFCRYPTO. */
#include "extract/ooxml_crypt.h"
#include "extract/xml.h"

#include <openssl/evp.h>
#include <stdlib.h>

#define SPIN_MAX 1000000u /* 2.3.4.10 allows ten million; Office writes 100,000 */
#define SEGMENT ((size_t)4096)
#define BLOCK ((size_t)16)

static const char PASSWORD[] =
    "V\0e\0l\0v\0e\0t\0S\0w\0e\0a\0t\0s\0h\0o\0p"; /* UTF-16LE; the final NUL is its last byte */

static const EVP_MD *digest(int bits)
{
    return bits == 512 ? EVP_sha512() : bits == 384 ? EVP_sha384() : bits == 256 ? EVP_sha256() : EVP_sha1();
}

static void put32(uint8_t *p, uint32_t v)
{
    for (unsigned i = 0; i < 4; i++)
        p[i] = (uint8_t)(v >> (8 * i));
}

/* H(a + b) */
static bool hash2(EVP_MD_CTX *c, const EVP_MD *md, const void *a, size_t na, const void *b, size_t nb, uint8_t out[64])
{
    return EVP_DigestInit_ex(c, md, NULL) && EVP_DigestUpdate(c, a, na) && EVP_DigestUpdate(c, b, nb) &&
           EVP_DigestFinal_ex(c, out, NULL);
}

/* H(salt + password), then spin times H(counter + before). */
static bool stretch(EVP_MD_CTX *c, const EVP_MD *md, struct sk_bytes salt, uint32_t spin, struct sk_budget *budget,
                    uint8_t out[64])
{
    size_t n = (size_t)EVP_MD_get_size(md);
    bool ok = hash2(c, md, salt.p, salt.n, PASSWORD, sizeof(PASSWORD), out);
    for (uint32_t i = 0; ok && i < spin; i++) {
        uint8_t counter[4];
        put32(counter, i);
        ok = hash2(c, md, counter, 4, out, n, out) && (i % 8192 != 0 || sk_budget_time(budget));
    }
    return ok;
}

static const EVP_CIPHER *cipher(size_t key_n, bool cbc)
{
    if (key_n == 16)
        return cbc ? EVP_aes_128_cbc() : EVP_aes_128_ecb();
    if (key_n == 24)
        return cbc ? EVP_aes_192_cbc() : EVP_aes_192_ecb();
    return cbc ? EVP_aes_256_cbc() : EVP_aes_256_ecb();
}

/* n: a multiple of the block size; in place is allowed. */
static bool decrypt(const uint8_t *key, size_t key_n, const uint8_t *iv, const uint8_t *in, size_t n, uint8_t *out)
{
    EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
    int got = 0, rest = 0;
    bool ok = c && n <= INT32_MAX && EVP_DecryptInit_ex(c, cipher(key_n, iv != NULL), NULL, key, iv) &&
              EVP_CIPHER_CTX_set_padding(c, 0) && EVP_DecryptUpdate(c, out, &got, in, (int)n) &&
              EVP_DecryptFinal_ex(c, out + got, &rest);
    EVP_CIPHER_CTX_free(c);
    return ok;
}

/* ---------------------------------------------------------------- agile encryption (2.3.4.10 to 2.3.4.15) */

struct agile {
    bool seen_data, seen_key, aes;
    int data_hash, key_hash;
    uint32_t spin, key_bits, data_bits;
    uint8_t data_salt[64], key_salt[64], input[64], value[80], key[48];
    size_t data_salt_n, key_salt_n, input_n, value_n, key_n;
};

static size_t base64(const char *s, uint8_t *out, size_t cap)
{
    size_t n = s ? strlen(s) : 0;
    uint8_t buf[256];
    if (n == 0 || n % 4 || n > 256)
        return 0;
    int got = EVP_DecodeBlock(buf, (const unsigned char *)s, (int)n);
    size_t m = got > 0 ? (size_t)got - (s[n - 1] == '=') - (s[n - 2] == '=') : 0;
    if (m > cap)
        return 0;
    memcpy(out, buf, m);
    return m;
}

static int hash_bits(const char *s)
{
    return !s                                                  ? 0
           : strcmp(s, "SHA512") == 0                          ? 512
           : strcmp(s, "SHA384") == 0                          ? 384
           : strcmp(s, "SHA256") == 0                          ? 256
           : strcmp(s, "SHA1") == 0 || strcmp(s, "SHA-1") == 0 ? 160
                                                               : 0;
}

static uint32_t number(const char *s)
{
    return s ? (uint32_t)strtoul(s, NULL, 10) : 0;
}

static bool on_start(void *ctx, const char *name, const char **atts)
{
    struct agile *a = ctx;
    bool data = strcmp(name, "keyData") == 0, key = strcmp(name, "encryptedKey") == 0;
    if ((!data && !key) || (data && a->seen_data) || (key && a->seen_key))
        return true;
    const char *algorithm = sk_xml_attr(atts, "cipherAlgorithm"), *chaining = sk_xml_attr(atts, "cipherChaining");
    bool aes = algorithm && strcmp(algorithm, "AES") == 0 && chaining && strcmp(chaining, "ChainingModeCBC") == 0;
    int bits = hash_bits(sk_xml_attr(atts, "hashAlgorithm"));
    if (data) {
        a->seen_data = aes && bits;
        a->data_hash = bits;
        a->data_bits = number(sk_xml_attr(atts, "keyBits"));
        a->data_salt_n = base64(sk_xml_attr(atts, "saltValue"), a->data_salt, sizeof(a->data_salt));
        return true;
    }
    a->seen_key = aes && bits;
    a->key_hash = bits;
    a->spin = number(sk_xml_attr(atts, "spinCount"));
    a->key_bits = number(sk_xml_attr(atts, "keyBits"));
    a->key_salt_n = base64(sk_xml_attr(atts, "saltValue"), a->key_salt, sizeof(a->key_salt));
    a->input_n = base64(sk_xml_attr(atts, "encryptedVerifierHashInput"), a->input, sizeof(a->input));
    a->value_n = base64(sk_xml_attr(atts, "encryptedVerifierHashValue"), a->value, sizeof(a->value));
    a->key_n = base64(sk_xml_attr(atts, "encryptedKeyValue"), a->key, sizeof(a->key));
    return true;
}

static bool sound(const struct agile *a)
{
    bool bits = (a->key_bits == 128 || a->key_bits == 192 || a->key_bits == 256) && a->data_bits == a->key_bits;
    return a->seen_data && a->seen_key && bits && a->spin <= SPIN_MAX && a->key_salt_n >= BLOCK &&
           a->data_salt_n >= BLOCK && a->input_n >= BLOCK && a->input_n % BLOCK == 0 &&
           a->value_n >= (size_t)a->key_hash / 8 && a->value_n % BLOCK == 0 && a->key_n >= a->key_bits / 8 &&
           a->key_n % BLOCK == 0;
}

/* One of the three values that the password protects, each under its own key (2.3.4.11). */
static bool open_value(EVP_MD_CTX *c, const struct agile *a, const uint8_t *stretched, const uint8_t block_key[8],
                       const uint8_t *in, size_t n, uint8_t *out)
{
    uint8_t key[64];
    const EVP_MD *md = digest(a->key_hash);
    memset(key, 0x36, sizeof(key));
    return hash2(c, md, stretched, (size_t)EVP_MD_get_size(md), block_key, 8, key) &&
           decrypt(key, a->key_bits / 8, a->key_salt, in, n, out);
}

static bool agile_key(EVP_MD_CTX *c, struct sk_bytes xml, struct sk_budget *budget, struct sk_package_key *k)
{
    static const struct sk_xml_calls CALLS = { on_start, NULL, NULL };
    static const uint8_t INPUT[8] = { 0xFE, 0xA7, 0xD2, 0x76, 0x3B, 0x4B, 0x9E, 0x79 },
                         VALUE[8] = { 0xD7, 0xAA, 0x0F, 0x6D, 0x30, 0x61, 0x34, 0x4E },
                         KEY[8] = { 0x14, 0x6E, 0x0B, 0xE7, 0xAB, 0xAC, 0xD0, 0xD6 };
    struct agile a = { 0 };
    uint8_t stretched[64], input[64], value[80], check[64], key[48];
    sk_xml_parse(xml, &CALLS, &a, budget);
    if (!sound(&a) || !stretch(c, digest(a.key_hash), sk_bytes(a.key_salt, a.key_salt_n), a.spin, budget, stretched))
        return false;
    if (!open_value(c, &a, stretched, INPUT, a.input, a.input_n, input) ||
        !open_value(c, &a, stretched, VALUE, a.value, a.value_n, value) ||
        !hash2(c, digest(a.key_hash), input, a.input_n, "", 0, check) ||
        memcmp(check, value, (size_t)a.key_hash / 8) != 0 || !open_value(c, &a, stretched, KEY, a.key, a.key_n, key))
        return false;
    k->n = a.key_bits / 8;
    memcpy(k->key, key, k->n);
    k->hash = a.data_hash;
    k->salt_n = a.data_salt_n;
    memcpy(k->salt, a.data_salt, a.data_salt_n);
    return true;
}

/* ---------------------------------------------------------------- standard encryption (2.3.4.5 to 2.3.4.9) */

static bool standard_key(EVP_MD_CTX *c, struct sk_bytes b, struct sk_budget *budget, struct sk_package_key *k)
{
    uint32_t header_n, algorithm, bits, salt_n, hash_n;
    struct sk_bytes header, salt, verifier, hash;
    if (!sk_u32le(&b, &header_n) || !sk_take(&b, header_n, &header) || !sk_skip(&header, 8) ||
        !sk_u32le(&header, &algorithm) || !sk_skip(&header, 4) || !sk_u32le(&header, &bits) || !sk_u32le(&b, &salt_n) ||
        salt_n != 16 || !sk_take(&b, 16, &salt) || !sk_take(&b, 16, &verifier) || !sk_u32le(&b, &hash_n) ||
        hash_n != 20 || !sk_take(&b, 32, &hash))
        return false;
    if (algorithm < 0x660E || algorithm > 0x6610 || (bits != 128 && bits != 192 && bits != 256))
        return false;
    uint8_t h[64], pad[64], both[128], plain[16], value[32], zero[4] = { 0 };
    const EVP_MD *md = EVP_sha1();
    if (!stretch(c, md, salt, 50000, budget, h) || !hash2(c, md, h, 20, zero, 4, h))
        return false;
    for (unsigned half = 0; half < 2; half++) {
        memset(pad, half ? 0x5C : 0x36, sizeof(pad));
        for (size_t i = 0; i < 20; i++)
            pad[i] ^= h[i];
        if (!hash2(c, md, pad, sizeof(pad), "", 0, both + half * 20))
            return false;
    }
    if (!decrypt(both, bits / 8, NULL, verifier.p, 16, plain) || !decrypt(both, bits / 8, NULL, hash.p, 32, value) ||
        !hash2(c, md, plain, 16, "", 0, h) || memcmp(h, value, 20) != 0)
        return false;
    k->n = bits / 8;
    k->hash = 0;
    memcpy(k->key, both, k->n);
    return true;
}

/* ---------------------------------------------------------------- the package */

bool sk_package_key_find(struct sk_bytes info, struct sk_budget *budget, struct sk_package_key *k)
{
    uint16_t major, minor;
    memset(k, 0, sizeof(*k));
    if (!sk_u16le(&info, &major) || !sk_u16le(&info, &minor) || !sk_skip(&info, 4))
        return false;
    EVP_MD_CTX *c = EVP_MD_CTX_new();
    bool ok = c && (major == 4 && minor == 4 ? agile_key(c, info, budget, k)
                                             : minor == 2 && standard_key(c, info, budget, k));
    EVP_MD_CTX_free(c);
    return ok;
}

static bool decrypt_segments(const struct sk_package_key *k, uint8_t *p, size_t n, struct sk_budget *budget)
{
    EVP_MD_CTX *c = EVP_MD_CTX_new();
    bool ok = c != NULL;
    for (size_t at = 0, i = 0; ok && at < n; at += SEGMENT, i++) {
        uint8_t number_of[4], iv[64];
        size_t step = n - at < SEGMENT ? n - at : SEGMENT;
        put32(number_of, (uint32_t)i);
        ok = hash2(c, digest(k->hash), k->salt, k->salt_n, number_of, 4, iv) &&
             decrypt(k->key, k->n, iv, p + at, step, p + at) && (i % 64 != 0 || sk_budget_time(budget));
    }
    EVP_MD_CTX_free(c);
    return ok;
}

bool sk_package_decrypt(const struct sk_package_key *k, struct sk_buf *package, struct sk_budget *budget,
                        struct sk_bytes *out)
{
    struct sk_bytes b = sk_bytes(package->p, package->n);
    uint64_t size;
    if (!sk_u64le(&b, &size))
        return false;
    uint8_t *p = (uint8_t *)package->p + 8;
    size_t n = b.n / BLOCK * BLOCK;
    if (n == 0)
        return false;
    bool ok = true;
    if (k->hash)
        ok = decrypt_segments(k, p, n, budget);
    else
        for (size_t at = 0; ok && at < n; at += (size_t)1 << 20)
            ok = decrypt(k->key, k->n, NULL, p + at, n - at < ((size_t)1 << 20) ? n - at : (size_t)1 << 20, p + at) &&
                 sk_budget_time(budget);
    *out = sk_bytes(p, size < n ? (size_t)size : n);
    return ok;
}
