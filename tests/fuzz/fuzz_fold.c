/* layer: text */
/* Any bytes in any encoding: the fold in one piece, in pieces, with little room and by every kind of loop is the same
 * valid text, and every way back lies inside the source and is whole. First byte: encoding and size of pieces. */
#include "base/utf8.h"
#include "text/fold_internal.h"
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

#define MUST(x)                                                                                                        \
    do {                                                                                                               \
        if (!(x))                                                                                                      \
            abort();                                                                                                   \
    } while (0)

static size_t in_pieces(const struct sk_fold *f, enum sk_charset cs, const uint8_t *p, size_t n, size_t step,
                        size_t cap, char *out, size_t *invalid)
{
    size_t at = 0, fed = 0, done = 0;
    struct sk_fold_state state = { 0 };
    char *buf = malloc(cap);
    MUST(buf);
    while (at < n) {
        if (fed < n)
            fed = n - fed < step ? n : fed + step;
        struct sk_fold_result r = sk_fold_run(f, cs, p + at, fed - at, fed == n, &state, buf, cap, NULL);
        MUST(r.ok && r.produced <= cap - 128 && (fed < n || r.consumed > 0));
        memcpy(out + done, buf, r.produced);
        done += r.produced;
        at += r.consumed;
        *invalid += r.invalid;
    }
    free(buf);
    return done;
}

static void check_way_back(const struct sk_fold *f, enum sk_charset cs, const uint8_t *p, size_t n,
                           const struct sk_fold_map *map, size_t produced)
{
    uint32_t last = 0;
    for (uint32_t i = 0; i < produced; i++) {
        uint32_t begin, end;
        sk_fold_source(f, cs, p, n, map, i, i + 1, &begin, &end);
        MUST(begin < end && end <= n && begin >= last);
        last = begin;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static struct sk_fold *f;
    if (!f)
        MUST(f = sk_fold_new());
    if (n < 2 || n > 4096)
        return 0;
    enum sk_charset cs = (enum sk_charset)(data[0] % SK_CS_COUNT);
    size_t step = 1 + data[0] / SK_CS_COUNT, cap = 17 * n + 512;
    const uint8_t *p = data + 1;
    n--;
    char *whole = malloc(cap), *other = malloc(cap);
    MUST(whole && other);
    for (int isa = SK_FOLD_PORTABLE; isa <= SK_FOLD_AVX512; isa++) {
        if (!sk_fold_force(f, (enum sk_fold_isa)isa))
            continue;
        struct sk_fold_map map;
        sk_fold_map_init(&map);
        struct sk_fold_state state = { 0 };
        struct sk_fold_result r = sk_fold_run(f, cs, p, n, true, &state, other, cap, &map);
        MUST(r.ok && r.consumed == n && sk_utf8_valid(other, r.produced) && !memchr(other, 0, r.produced));
        check_way_back(f, cs, p, n, &map, r.produced);
        sk_fold_map_free(&map);
        size_t total = r.produced, invalid = 0;
        if (isa == SK_FOLD_PORTABLE)
            memcpy(whole, other, total);
        MUST(memcmp(whole, other, total) == 0);
        MUST(in_pieces(f, cs, p, n, step, cap, other, &invalid) == total && memcmp(whole, other, total) == 0 &&
             invalid == r.invalid);
        invalid = 0;
        MUST(in_pieces(f, cs, p, n, n, 256 + step, other, &invalid) == total && memcmp(whole, other, total) == 0 &&
             invalid == r.invalid);
    }
    free(whole);
    free(other);
    return 0;
}
