/* layer: detect */
#define _GNU_SOURCE /* memfd_create */
#include "detect/register.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define HEADER 128u /* register.h tells the places */
#define CHECK_AT 32u
#define BODY_AT 48u

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

/* Sums that only a forger with the key could set: without them no input would come behind them. */
static void mend(uint8_t *file, size_t n, const struct sk_key *key)
{
    static const char TEXT[] = "sekisho register";
    uint64_t check = sk_siphash(key, TEXT, sizeof(TEXT) - 1);
    if (n < HEADER)
        return;
    memcpy(file + CHECK_AT, &check, sizeof(check));
    if (!sk_sha256(file + HEADER, n - HEADER, file + BODY_AT))
        abort();
}

static void ask(const struct sk_register *r, const uint8_t *file, size_t n)
{
    if (sk_register_size(r) > n / sizeof(uint64_t))
        abort(); /* more keys than the file can hold */
    sk_register_has(r, 0);
    sk_register_has(r, UINT64_MAX);
    for (size_t i = HEADER; i + sizeof(uint64_t) <= n; i += sizeof(uint64_t)) {
        uint64_t key;
        memcpy(&key, file + i, sizeof(key));
        sk_register_has(r, key);
        sk_register_has(r, key + 1);
    }
    sk_register_records(r);
    sk_register_day(r);
    if (!sk_register_digest(r))
        abort();
}

/* First byte: bit 0 mends the sums. The rest is the file. */
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    const struct sk_key key = { 1, 2 };
    if (n == 0 || n > 1 << 20)
        return 0;
    size_t bytes = n - 1;
    uint8_t *file = malloc(n);
    int fd = memfd_create("register", MFD_CLOEXEC);
    if (!file || fd < 0)
        abort();
    memcpy(file, p + 1, bytes);
    if (p[0] & 1)
        mend(file, bytes, &key);
    char path[64];
    snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    struct sk_register *r = NULL;
    if (write(fd, file, bytes) != (ssize_t)bytes)
        abort();
    if (sk_register_open(path, &key, &r) == SK_REGISTER_GOOD)
        ask(r, file, bytes);
    else if (r)
        abort(); /* only a good one is given */
    sk_register_free(r);
    close(fd);
    free(file);
    return 0;
}
