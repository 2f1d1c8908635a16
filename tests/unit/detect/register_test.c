#include "detect/register.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__)
#define MANY 300000u
#else
#define MANY 10000000u /* people of a large federation, a key each */
#endif

/* splitmix64: every number once, in no order. */
static uint64_t mixed(uint64_t x)
{
    x += 0x9E3779B97F4A7C15u;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
    return x ^ (x >> 31);
}

static void make(char path[64], size_t n, uint64_t (*key)(uint64_t))
{
    struct sk_register_list l = { .key = { 7, 8 }, .records = n };
    snprintf(path, 64, "/tmp/sekisho-register-XXXXXX");
    int fd = mkstemp(path);
    cr_assert(fd >= 0);
    close(fd);
    for (size_t i = 0; i < n; i++)
        cr_assert(sk_register_list_add(&l, key(i)));
    cr_assert(sk_register_write(&l, path, 20780));
    sk_register_list_free(&l);
}

Test(register, ten_million_keys, .timeout = 300)
{
    char path[64];
    struct stat st;
    struct sk_register *r;
    const struct sk_key key = { 7, 8 }, wrong = { 7, 9 };
    make(path, MANY, mixed);
    cr_assert(stat(path, &st) == 0 && (uint64_t)st.st_size <= (uint64_t)16 * MANY && (st.st_mode & 0777) == 0600);
    cr_assert_eq(sk_register_open(path, &wrong, &r), SK_REGISTER_WRONG_KEY);
    cr_assert_eq(sk_register_open(path, &key, &r), SK_REGISTER_GOOD);
    cr_assert(sk_register_size(r) == MANY && sk_register_records(r) == MANY && sk_register_day(r) == 20780);
    size_t missing = 0, strangers = 0;
    for (size_t i = 0; i < MANY; i++) {
        missing += !sk_register_has(r, mixed(i));
        strangers += sk_register_has(r, mixed(MANY + i)); /* mixed() never gives a number twice */
    }
    cr_assert(missing == 0 && strangers == 0, "%zu missing, %zu strangers", missing, strangers);
    sk_register_free(r);
    unlink(path);
}

static uint64_t edge(uint64_t i)
{
    static const uint64_t EDGES[] = { 0, UINT64_MAX, 1, UINT64_MAX - 1, (uint64_t)1 << 63, ((uint64_t)1 << 63) - 1 };
    return EDGES[i % 6];
}

/* First and last key, repeats, sizes around the steps of the table of first keys. */
Test(register, edges)
{
    static const size_t SIZES[] = { 1, 2, 6, 12, 15, 16, 17, 31, 32, 33, 64, 1000 };
    const struct sk_key key = { 7, 8 };
    for (size_t k = 0; k < 2 * sizeof(SIZES) / sizeof(SIZES[0]); k++) {
        char path[64];
        struct sk_register *r;
        size_t n = SIZES[k / 2];
        uint64_t (*of)(uint64_t) = k % 2 ? edge : mixed;
        make(path, n, of);
        cr_assert_eq(sk_register_open(path, &key, &r), SK_REGISTER_GOOD, "%zu", n);
        cr_assert_eq(sk_register_size(r), k % 2 && n > 6 ? 6 : n);
        for (size_t i = 0; i < n; i++)
            cr_assert(sk_register_has(r, of(i)), "%zu of %zu", i, n);
        cr_assert_not(sk_register_has(r, 0x1234567890abcdefu));
        sk_register_free(r);
        unlink(path);
    }
}

/* Whatever is cut or changed: damaged or another key, never a wrong answer and never a crash. */
Test(register, damaged)
{
    char path[64];
    const struct sk_key key = { 7, 8 };
    struct sk_register *r;
    make(path, 40, mixed);
    FILE *f = fopen(path, "rb");
    unsigned char data[4096];
    size_t n = fread(data, 1, sizeof(data), f);
    fclose(f);
    for (size_t at = 0; at < 2 * n; at++) {
        size_t keep = at < n ? at : n;
        f = fopen(path, "wb");
        if (at >= n)
            data[at - n] ^= 0x41;
        fwrite(data, 1, keep, f);
        fclose(f);
        if (at >= n)
            data[at - n] ^= 0x41;
        enum sk_register_state state = sk_register_open(path, &key, &r);
        /* day and records are told only; zeros at the end of the header are room for later versions */
        bool told = at >= n && ((at - n >= 24 && at - n < 32) || (at - n >= 40 && at - n < 48) ||
                                (at - n >= 20 && at - n < 24) || (at - n >= 80 && at - n < 128));
        cr_assert(told || state == SK_REGISTER_DAMAGED || state == SK_REGISTER_WRONG_KEY, "%zu of %zu: %d", at, n,
                  state);
        if (state == SK_REGISTER_GOOD)
            sk_register_free(r);
    }
    unlink(path);
}
