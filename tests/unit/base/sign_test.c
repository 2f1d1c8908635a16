#include "base/files.h"
#include "base/sign.h"

#include "base/hash.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void in_folder(char path[64], const char *name)
{
    static char folder[32];
    strcpy(folder, "/tmp/sk-sign-XXXXXX");
    cr_assert(mkdtemp(folder));
    snprintf(path, 64, "%s/%s", folder, name);
}

/* RFC 8032, 7.1, TEST 2 and TEST 3: secret seed, public key, message, signature. */
Test(sign, rfc_8032)
{
    static const struct {
        const char *seed, *public_key, *message, *signature;
    } VECTORS[] = {
        { "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
          "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
          "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
          "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00" },
        { "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
          "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
          "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
          "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a" },
    };
    for (size_t i = 0; i < sizeof(VECTORS) / sizeof(*VECTORS); i++) {
        uint8_t file[SK_SIGN_SECRET], message[2], want[SK_SIGNATURE], got[SK_SIGNATURE];
        size_t n = strlen(VECTORS[i].message) / 2;
        struct sk_signer s;
        char path[64];
        cr_assert(sk_unhex(VECTORS[i].seed, file, 32) && sk_unhex(VECTORS[i].public_key, file + 32, 32));
        cr_assert(sk_unhex(VECTORS[i].message, message, n) && sk_unhex(VECTORS[i].signature, want, SK_SIGNATURE));
        in_folder(path, "key");
        cr_assert(sk_write_whole(path, file, sizeof(file), false));
        cr_assert_eq(sk_signer_read(path, &s), SK_SIGNER_GOOD);
        cr_assert(sk_sign(&s, message, n, got));
        cr_assert_arr_eq(got, want, SK_SIGNATURE);
        cr_assert(sk_signature_holds(s.public_key, message, n, want));
        message[0] ^= 1;
        cr_assert_not(sk_signature_holds(s.public_key, message, n, want));
    }
}

Test(sign, a_key_is_private_and_never_replaced)
{
    char path[64], line[SK_SIGN_LINE];
    struct sk_signer made, again, reader;
    struct stat st;
    uint8_t signature[SK_SIGNATURE];
    in_folder(path, "site.key");
    cr_assert_eq(sk_signer_read(path, &again), SK_SIGNER_MISSING);
    cr_assert(sk_signer_create(path, &made));
    cr_assert(stat(path, &st) == 0 && (st.st_mode & 07777) == 0600 && st.st_size == SK_SIGN_SECRET);
    cr_assert_not(sk_signer_create(path, &again));
    cr_assert_eq(errno, EEXIST);
    cr_assert_eq(sk_signer_read(path, &again), SK_SIGNER_GOOD);
    cr_assert_arr_eq(again.public_key, made.public_key, SK_SIGN_PUBLIC);
    cr_assert_eq(chmod(path, 0640), 0);
    cr_assert_eq(sk_signer_read(path, &again), SK_SIGNER_OPEN);
    /* with the public line others can verify, not sign */
    strcat(path, ".pub");
    sk_signer_line(&made, line);
    cr_assert(sk_write_whole(path, line, strlen(line), true));
    cr_assert_eq(sk_signer_read(path, &reader), SK_SIGNER_GOOD);
    cr_assert(sk_sign(&made, "x", 1, signature));
    cr_assert(sk_signature_holds(reader.public_key, "x", 1, signature));
    cr_assert_not(sk_sign(&reader, "x", 1, signature));
}

Test(sign, what_is_no_key)
{
    static const char HEX[] = "sekisho-public-key 1 3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660";
    struct sk_signer s;
    char path[64], other[96];
    uint8_t file[SK_SIGN_SECRET];
    in_folder(path, "key");
    memset(file, 7, sizeof(file));
    cr_assert(sk_write_whole(path, file, sizeof(file), true));
    cr_assert_eq(sk_signer_read(path, &s), SK_SIGNER_WRONG, "64 bytes that are no pair");
    cr_assert(sk_write_whole(path, file, 63, true));
    cr_assert_eq(sk_signer_read(path, &s), SK_SIGNER_WRONG);
    cr_assert(sk_write_whole(path, HEX, sizeof(HEX) - 1, true));
    cr_assert_eq(sk_signer_read(path, &s), SK_SIGNER_WRONG, "a digit is missing");
    cr_assert(sk_write_whole(path, "", 0, true));
    cr_assert_eq(sk_signer_read(path, &s), SK_SIGNER_WRONG);
    snprintf(other, sizeof(other), "%s.link", path);
    cr_assert_eq(symlink(path, other), 0);
    cr_assert_eq(sk_signer_read(other, &s), SK_SIGNER_DENIED, "links are not followed");
    cr_assert_eq(sk_signer_read("/tmp", &s), SK_SIGNER_WRONG);
}
