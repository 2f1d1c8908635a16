/*
 * ooxml_crypt.h - opens the one kind of encrypted package that every reader opens without asking: Excel encrypts a
 * workbook whose structure is protected with the password "VelvetSweatshop" (MS-XLS 2.2.9, MS-OFFCRYPTO). It hides
 * nothing, so it is read.
 */
#ifndef SK_EXTRACT_OOXML_CRYPT_H
#define SK_EXTRACT_OOXML_CRYPT_H

#include "base/budget.h"
#include "base/bytes.h"
#include "base/mem.h"

/* info: the EncryptionInfo stream. The key of the package; n = 0: another password. */
struct sk_package_key {
    uint8_t key[32], salt[64];
    size_t n, salt_n, hash_n;
    int hash; /* 0: standard encryption (ECB); else the number of bits of the hash of agile encryption */
};
bool sk_package_key_find(struct sk_bytes info, struct sk_budget *budget, struct sk_package_key *k);
/* Decrypts the EncryptedPackage stream in place; *out is the package. */
bool sk_package_decrypt(const struct sk_package_key *k, struct sk_buf *package, struct sk_budget *budget,
                        struct sk_bytes *out);

#endif
