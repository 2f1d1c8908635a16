#include "input/source.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define N 300000u

struct feed {
    const uint8_t *p;
    size_t n, at, step; /* at most step bytes a call */
    size_t fail_at;     /* error instead of this byte; SIZE_MAX never */
};

static ssize_t pull(void *ctx, void *buf, size_t n)
{
    struct feed *f = ctx;
    if (f->at == f->fail_at)
        return -1;
    size_t left = f->n - f->at;
    n = n < f->step ? n : f->step;
    n = n < left ? n : left;
    if (f->fail_at != SIZE_MAX && n > f->fail_at - f->at)
        n = f->fail_at - f->at;
    memcpy(buf, f->p + f->at, n);
    f->at += n;
    return (ssize_t)n;
}

static uint8_t *pattern(void)
{
    uint8_t *p = malloc(N);
    for (size_t i = 0; i < N; i++)
        p[i] = (uint8_t)(i * 2654435761u >> 13);
    return p;
}

static void check_all(struct sk_source *s, const uint8_t *p, size_t n)
{
    struct sk_bytes h = sk_source_head(s, 100);
    cr_assert_eq(h.n, n < 100 ? n : 100);
    cr_assert(h.n == 0 || memcmp(h.p, p, h.n) == 0);
    uint8_t *got = malloc(n + 1);
    size_t at = 0;
    for (ssize_t r; (r = sk_source_read(s, at, got + at, at % 7000 + 1 < n - at ? at % 7000 + 1 : n - at + 1)) > 0;
         at += (size_t)r)
        cr_assert_leq(at + (size_t)r, n);
    cr_assert_eq(at, n);
    cr_assert(n == 0 || memcmp(got, p, n) == 0);
    cr_assert_eq(sk_source_read(s, n, got, 1), 0);
    cr_assert_eq(sk_source_read(s, n + 1000, got, 1), 0);
    h = sk_source_head(s, SK_HEAD_BYTES * 2); /* still there */
    cr_assert_eq(h.n, n < SK_HEAD_BYTES ? n : SK_HEAD_BYTES);
    cr_assert(h.n == 0 || memcmp(h.p, p, h.n) == 0);
    free(got);
}

static const size_t SIZES[] = { 0, 1, 100, SK_HEAD_BYTES - 1, SK_HEAD_BYTES, SK_HEAD_BYTES + 1, N };

Test(source, memory)
{
    uint8_t *p = pattern();
    for (size_t i = 0; i < 7; i++) {
        struct sk_source *s = sk_source_memory(sk_bytes(p, SIZES[i]));
        cr_assert(sk_source_random(s) && sk_source_size(s) == SIZES[i]);
        check_all(s, p, SIZES[i]);
        sk_source_free(s);
    }
    free(p);
}

Test(source, descriptor)
{
    uint8_t *p = pattern();
    for (size_t i = 0; i < 7; i++) {
        FILE *f = tmpfile();
        cr_assert(fwrite(p, 1, SIZES[i], f) == SIZES[i] && fflush(f) == 0);
        struct sk_source *s = sk_source_fd(fileno(f), SIZES[i]);
        uint8_t b;
        if (SIZES[i] > 70000) {
            cr_assert_eq(sk_source_read(s, 69999, &b, 1), 1); /* any order, also before the head */
            cr_assert_eq(b, p[69999]);
        }
        check_all(s, p, SIZES[i]);
        struct sk_buf hold = { 0 };
        struct sk_bytes all;
        cr_assert(sk_source_all(s, N, NULL, &hold, &all));
        cr_assert(all.n == SIZES[i] && (all.n == 0 || memcmp(all.p, p, all.n) == 0));
        sk_buf_free(&hold);
        sk_source_free(s);
        fclose(f);
    }
    free(p);
}

Test(source, stream)
{
    uint8_t *p = pattern();
    static const size_t STEPS[] = { 1, 777, 1 << 20 };
    for (size_t i = 0; i < 21; i++) {
        struct feed f = { p, SIZES[i / 3], 0, STEPS[i % 3], SIZE_MAX };
        struct sk_source *s = sk_source_stream(pull, &f, SK_SIZE_UNKNOWN);
        cr_assert_not(sk_source_random(s));
        check_all(s, p, f.n);
        sk_source_free(s);
    }
    free(p);
}

Test(source, stream_goes_forward_only_but_for_its_head)
{
    uint8_t *p = pattern(), b;
    struct feed f = { p, N, 0, 5000, SIZE_MAX };
    struct sk_source *s = sk_source_stream(pull, &f, N);
    cr_assert_eq(sk_source_read(s, 200000, &b, 1), 1);
    cr_assert_eq(b, p[200000]);
    cr_assert_eq(sk_source_read(s, 10, &b, 1), 1);
    cr_assert_eq(b, p[10]);
    cr_assert_eq(sk_source_read(s, 100000, &b, 1), -1);
    cr_assert_eq(sk_source_read(s, 200001, &b, 1), 1);
    cr_assert_eq(b, p[200001]);
    sk_source_free(s);
    free(p);
}

Test(source, errors_keep_what_was_before)
{
    uint8_t *p = pattern(), *buf = malloc(N);
    static const size_t AT[] = { 0, 5, SK_HEAD_BYTES, 100000 };
    for (size_t i = 0; i < 4; i++) {
        struct feed f = { p, N, 0, 3000, AT[i] };
        struct sk_source *s = sk_source_stream(pull, &f, N);
        size_t at = 0;
        ssize_t r;
        while ((r = sk_source_read(s, at, buf + at, N - at)) > 0)
            at += (size_t)r;
        cr_expect_eq(r, -1);
        cr_expect_eq(at, AT[i]);
        struct sk_buf hold = { 0 };
        struct sk_bytes all;
        cr_expect_not(sk_source_all(s, N, NULL, &hold, &all));
        sk_buf_free(&hold);
        sk_source_free(s);
    }
    struct sk_source *s = sk_source_fd(-1, 10); /* EBADF */
    cr_expect_eq(sk_source_read(s, 0, buf, 1), -1);
    cr_expect_eq(sk_source_head(s, 10).n, 0);
    sk_source_free(s);
    free(buf);
    free(p);
}

Test(source, all_has_a_ceiling)
{
    uint8_t *p = pattern();
    struct sk_budget b = { 0 };
    sk_budget_start(&b, &SK_LIMITS_DEFAULT, N);
    struct feed f = { p, N, 0, 5000, SIZE_MAX };
    struct sk_source *s = sk_source_stream(pull, &f, SK_SIZE_UNKNOWN);
    struct sk_buf hold = { 0 };
    struct sk_bytes all;
    cr_assert_not(sk_source_all(s, N - 1, &b, &hold, &all));
    cr_assert_eq(b.spent, SK_WHY_TOO_LARGE);
    sk_buf_free(&hold);
    sk_source_free(s);
    free(p);
}

/* Expected bytes by hand: stretches of two sources of 10 bytes. */
Test(source, joined)
{
    struct sk_source *a = sk_source_memory(sk_bytes("0123456789", 10)),
                     *b = sk_source_memory(sk_bytes("abcdefghij", 10));
    const struct sk_stretch pieces[] = { { a, 2, 3 }, { b, 0, 0 }, { b, 5, 5 }, { a, 8, 9 } }; /* the last is too long */
    struct sk_source *s = sk_source_joined(pieces, 4);
    char buf[32] = "";
    cr_assert(s && sk_source_random(s));
    cr_expect_eq(sk_source_size(s), 17);
    cr_expect_eq(sk_source_read(s, 1, buf, 4), 4);
    cr_expect_eq(memcmp(buf, "34fg", 4), 0);
    cr_expect_eq(sk_source_read(s, 7, buf, 10), 3, "what is not there is the end");
    cr_expect_eq(memcmp(buf, "j89", 3), 0);
    cr_expect_eq(sk_source_read(s, 17, buf, 10), 0);
    cr_expect_eq(sk_source_head(s, 5).n, 5);
    cr_expect_eq(memcmp(sk_source_head(s, 5).p, "234fg", 5), 0);
    sk_source_free(s);
    struct sk_source *stream = sk_source_stream(pull, NULL, 3);
    cr_expect_null(sk_source_joined(&(struct sk_stretch){ stream, 0, 3 }, 1));
    sk_source_free(stream);
    sk_source_free(a);
    sk_source_free(b);
}
