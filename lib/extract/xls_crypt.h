/*
 * xls_crypt.h - binary workbooks under the password that all programs know ("VelvetSweatshop"): Excel encrypts with it
 * when only the structure of a workbook is protected, and opens them without asking (MS-OFFCRYPTO 2.3.5 to 2.3.7,
 * MS-XLS 2.2.10).
 */
#ifndef SK_EXTRACT_XLS_CRYPT_H
#define SK_EXTRACT_XLS_CRYPT_H

#include "base/bytes.h"

struct sk_xls_key {
    enum { SK_XLS_XOR, SK_XLS_RC4, SK_XLS_CRYPTOAPI } scheme;
    uint8_t base[20]; /* what the key of each block is made of */
    size_t base_n, key_n;
};
/* The body of FILEPASS (MS-XLS 2.4.117), which stands among the first records; false: there is none, nothing is
 * encrypted. */
bool sk_xls_filepass(struct sk_bytes head, struct sk_bytes *body);
/* head: the first records of the workbook. False: it is not encrypted, or not with that password. */
bool sk_xls_key_find(struct sk_bytes head, struct sk_xls_key *k);
/* A whole stream of records, in place. False: without memory. */
bool sk_xls_decrypt(const struct sk_xls_key *k, uint8_t *p, size_t n);

#endif
