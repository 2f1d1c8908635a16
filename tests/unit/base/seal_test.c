#include "base/seal.h"
#include "base/secret.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int fresh(char name[32])
{
    snprintf(name, 32, "/tmp/sekisho-seal-XXXXXX");
    return mkstemp(name);
}

/* Sizes around the chunk of 64 KiB come back; every changed byte and every cut is refused. */
Test(seal, opens_only_whole)
{
    static const size_t SIZES[] = { 0, 1, 65535, 65536, 65537, 131072 };
    char names[4][32];
    struct sk_signer key;
    close(fresh(names[0]));
    unlink(names[0]);
    cr_assert(sk_signer_create(names[0], &key));
    for (size_t i = 0; i < sizeof(SIZES) / sizeof(SIZES[0]); i++) {
        int in = fresh(names[1]), out = fresh(names[2]), back = fresh(names[3]);
        char *a = calloc(1, SIZES[i] + 1), *b = calloc(1, SIZES[i] + 2);
        for (size_t k = 0; k < SIZES[i]; k++)
            a[k] = (char)(k * 7);
        cr_assert(write(in, a, SIZES[i]) == (ssize_t)SIZES[i] && sk_seal(in, out, &key, NULL, NULL));
        cr_assert(sk_unseal(out, back, &key) && pread(back, b, SIZES[i] + 1, 0) == (ssize_t)SIZES[i]);
        cr_assert(memcmp(a, b, SIZES[i]) == 0);
        off_t n = lseek(out, 0, SEEK_END);
        for (off_t at = 0; at < n; at += n / 61 + 1) {
            unsigned char was, now;
            cr_assert(pread(out, &was, 1, at) == 1);
            now = was ^ 1;
            cr_assert(pwrite(out, &now, 1, at) == 1 && lseek(back, 0, SEEK_SET) == 0);
            cr_assert_not(sk_unseal(out, back, &key), "%zu bytes, changed at %ld", SIZES[i], (long)at);
            cr_assert(pwrite(out, &was, 1, at) == 1);
        }
        for (off_t cut = n - 1; cut >= 0; cut -= n / 17 + 1) {
            cr_assert(ftruncate(out, cut) == 0 && lseek(back, 0, SEEK_SET) == 0);
            cr_assert_not(sk_unseal(out, back, &key), "%zu bytes, cut at %ld", SIZES[i], (long)cut);
        }
        free(a);
        free(b);
        close(in);
        close(out);
        close(back);
        for (int k = 1; k < 4; k++)
            unlink(names[k]);
    }
    unlink(names[0]);
}

/* One secret gives another key for each purpose; others must not be able to read it; it is never replaced. */
Test(secret, purposes_and_mode)
{
    char name[32];
    struct sk_key a, b, c;
    close(fresh(name));
    unlink(name);
    cr_assert(sk_secret_create(name) && !sk_secret_create(name));
    cr_assert(sk_secret_read(name, "register", &a) == SK_SECRET_GOOD &&
              sk_secret_read(name, "persons", &b) == SK_SECRET_GOOD &&
              sk_secret_read(name, "register", &c) == SK_SECRET_GOOD);
    cr_assert(memcmp(&a, &b, sizeof(a)) != 0 && memcmp(&a, &c, sizeof(a)) == 0);
    cr_assert(chmod(name, 0640) == 0);
    cr_assert_eq(sk_secret_read(name, "register", &c), SK_SECRET_OPEN);
    unlink(name);
    cr_assert_eq(sk_secret_read(name, "register", &c), SK_SECRET_MISSING);
}
