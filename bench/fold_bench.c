/*
 * fold_bench.c - the fold against ICU's pipeline (converter, NFKC, to UTF-8) and the detector, on files.
 * fold_bench FILE...: MB/s of source bytes per kind of loop, thread CPU time, best of several runs.
 */
#include "text/fold_internal.h"
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unicode/ucnv.h>
#include <unicode/ustring.h>

enum { BLOCK = 65536, RUNS = 9, FOLDED = BLOCK * 4 };

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* One pass; returns its seconds. */
static double fold_once(const struct sk_fold *f, enum sk_charset cs, const uint8_t *p, size_t n,
                        struct sk_fold_map *map, char *out)
{
    double start = seconds();
    struct sk_fold_state state = { 0 };
    for (size_t at = 0; at < n;) {
        size_t k = n - at < BLOCK ? n - at : BLOCK;
        struct sk_fold_result r = sk_fold_run(f, cs, p + at, k, at + k == n, &state, out, FOLDED, map);
        if (!r.ok || r.consumed == 0)
            break;
        at += r.consumed;
    }
    return seconds() - start;
}

static double icu_once(enum sk_charset cs, const uint8_t *p, size_t n, char *out)
{
    static const char *const names[SK_CS_COUNT] = { "US-ASCII", "US-ASCII",    "UTF-8",    "ibm-943_P15A-2003",
                                                    "EUC-JP",   "ISO-2022-JP", "UTF-16LE", "UTF-16BE" };
    UErrorCode e = U_ZERO_ERROR;
    UConverter *c = ucnv_open(names[cs], &e);
    const UNormalizer2 *nfkc = unorm2_getNFKCInstance(&e);
    UChar *u = malloc(BLOCK * 2 * sizeof(UChar)), *v = malloc(BLOCK * 4 * sizeof(UChar));
    double start = seconds();
    for (size_t at = 0; u && v && at < n; at += BLOCK) {
        const char *s = (const char *)p + at, *end = s + (n - at < BLOCK ? n - at : BLOCK);
        UChar *t = u;
        ucnv_toUnicode(c, &t, u + BLOCK * 2, &s, end, NULL, false, &e);
        int32_t len = unorm2_normalize(nfkc, u, (int32_t)(t - u), v, BLOCK * 4, &e);
        u_strToUTF8(out, FOLDED, NULL, v, len, &e);
    }
    double took = seconds() - start;
    ucnv_close(c);
    free(u);
    free(v);
    return U_FAILURE(e) ? 1e9 : took;
}

static double detect_once(const uint8_t *p, size_t n)
{
    size_t blocks = 0;
    double start = seconds();
    for (size_t at = 0; at + 4096 <= n && blocks < 256; at += 4096, blocks++)
        (void)sk_charset_guess(p + at, 4096, at == 0);
    return blocks ? (seconds() - start) / (double)blocks : 0;
}

static void measure(struct sk_fold *f, const char *path)
{
    static const char *const isas[] = { "portable", "avx2", "avx512" };
    FILE *file = fopen(path, "rb");
    size_t cap = (size_t)32 << 20;
    uint8_t *p = malloc(cap);
    char *out = malloc(FOLDED);
    if (!file || !p || !out)
        exit(1);
    size_t n = fread(p, 1, cap, file);
    fclose(file);
    enum sk_charset cs = sk_charset_guess(p, n < BLOCK ? n : BLOCK, true).best;
    struct sk_fold_map map;
    sk_fold_map_init(&map);
    double icu = 1e9, detect = 1e9, best[3] = { 1e9, 1e9, 1e9 };
    for (int run = 0; run < RUNS; run++) {
        double t = icu_once(cs, p, n, out), d = detect_once(p, n);
        icu = t < icu ? t : icu;
        detect = d < detect ? d : detect;
        for (int isa = 0; isa < 3; isa++) {
            t = sk_fold_force(f, (enum sk_fold_isa)isa) ? fold_once(f, cs, p, n, &map, out) : 1e9;
            best[isa] = t < best[isa] ? t : best[isa];
        }
    }
    printf("%s: %s, detect %.2f us, icu %.0f", path, sk_charset_name(cs), detect * 1e6, (double)n / icu / 1e6);
    for (int isa = 0; isa < 3; isa++)
        if (best[isa] < 1e8)
            printf(", %s %.0f (x%.1f)", isas[isa], (double)n / best[isa] / 1e6, icu / best[isa]);
    printf(" MB/s\n");
    sk_fold_map_free(&map);
    free(p);
    free(out);
}

int main(int argc, char **argv)
{
    double start = seconds();
    struct sk_fold *f = sk_fold_new();
    printf("tables: %.2f ms\n", (seconds() - start) * 1e3);
    if (!f)
        return 1;
    for (int i = 1; i < argc; i++)
        measure(f, argv[i]);
    sk_fold_free(f);
    return 0;
}
