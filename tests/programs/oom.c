/*
 * The n-th allocation fails, for every n, while documents are scanned and judged: never a crash, a hang or a leak of state, and a scan after it works.
 * Usage: oom PATTERNS FILE...      Allocations of the libraries that we call fail too.
 */
#define _GNU_SOURCE
#include <sekisho/sekisho.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern void *__libc_malloc(size_t n);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *p, size_t n);

static long countdown = -1; /* < 0: never fail */
static long count;

static int fails(void)
{
    count++;
    if (countdown < 0 || countdown-- > 0)
        return 0;
    countdown = -1; /* one failure; what follows must cope and clean up */
    errno = ENOMEM;
    return 1;
}

#define EVERYWHERE __attribute__((visibility("default"))) /* the libraries must call these too */
EVERYWHERE void *malloc(size_t n);
EVERYWHERE void *calloc(size_t n, size_t size);
EVERYWHERE void *realloc(void *p, size_t n);

void *malloc(size_t n)
{
    return fails() ? NULL : __libc_malloc(n);
}

void *calloc(size_t n, size_t size)
{
    return fails() ? NULL : __libc_calloc(n, size);
}

void *realloc(void *p, size_t n)
{
    return fails() ? NULL : __libc_realloc(p, n);
}

struct document {
    char *bytes;
    size_t n;
    const char *name;
};

static struct document load(const char *path)
{
    struct document d = { NULL, 0, path };
    FILE *f = fopen(path, "rb");
    if (f && fseek(f, 0, SEEK_END) == 0) {
        long size = ftell(f);
        rewind(f);
        d.bytes = malloc(size > 0 ? (size_t)size : 1);
        d.n = d.bytes ? fread(d.bytes, 1, (size_t)size, f) : 0;
    }
    if (f)
        fclose(f);
    if (!d.bytes)
        exit(2);
    return d;
}

/* What was found, as one number; 0 when the result itself says that something was not inspected. */
static uint64_t summary(const seki_result *r)
{
    uint64_t min, max, sum = seki_result_findings(r) + 1;
    if (strcmp(seki_result_state(r), "inspected") != 0)
        return 0;
    seki_result_persons(r, &min, &max);
    for (size_t i = 0; i < seki_result_findings(r); i++) {
        seki_finding f;
        memset(&f, 0, sizeof(f));
        f.size = sizeof(f);
        if (seki_result_finding(r, i, &f) == SEKI_OK)
            sum = sum * 1000003u + f.count * 31u + (unsigned char)f.confidence[0];
    }
    return sum * 1000003u + min * 7u + max;
}

/* A new scanner, one document, its judgement. */
static seki_status run(const seki_rules *rules, const seki_policy *policy, const struct document *d, uint64_t *found)
{
    seki_scanner *scanner = NULL;
    seki_result *result = NULL;
    seki_judgement *judgement = NULL;
    seki_error err;
    seki_status s = seki_scanner_new(&scanner, rules, policy, NULL, &err);
    if (!s)
        s = seki_scan_memory(scanner, d->bytes, d->n, d->name, &result, &err);
    if (!s) {
        seki_judge_options o;
        memset(&o, 0, sizeof(o));
        o.size = sizeof(o);
        o.path = "/share/x";
        s = seki_judge_place(&judgement, policy, result, &o, &err);
    }
    if (!s)
        *found = summary(result);
    seki_judgement_free(judgement);
    seki_result_free(result);
    seki_scanner_free(scanner);
    return s;
}

int main(int argc, char **argv)
{
    seki_rules *rules = NULL;
    seki_policy *policy = NULL;
    seki_error err;
    seki_rules_options ro;
    char path[4096];
    if (argc < 3)
        return 2;
    memset(&ro, 0, sizeof(ro));
    ro.size = sizeof(ro);
    ro.directory = argv[1];
    ro.cache = "";
    snprintf(path, sizeof(path), "%s/policies/kokuhoren-default.yaml", argv[1]);
    if (seki_rules_load(&rules, &ro, &err) || seki_policy_load(&policy, path, NULL, &err)) {
        fprintf(stderr, "%s\n", err.en);
        return 2;
    }
    long failures = 0, told = 0, silent = 0;
    for (int i = 2; i < argc; i++) {
        struct document d = load(argv[i]);
        uint64_t all = 0, found = 0;
        if (run(rules, policy, &d, &all) != SEKI_OK) /* whatever is made once is made now */
            return 1;
        count = 0;
        if (run(rules, policy, &d, &all) != SEKI_OK)
            return 1;
        long n = count;
        for (long k = 0; k < n; k++) {
            countdown = k;
            seki_status s = run(rules, policy, &d, &found);
            countdown = -1;
            failures++;
            told += s == SEKI_E_MEMORY;
            if (s != SEKI_OK && s != SEKI_E_MEMORY) {
                fprintf(stderr, "%s: allocation %ld: status %d\n", argv[i], k, (int)s);
                return 1;
            }
            if (s == SEKI_OK && found != 0 && found != all) {
                fprintf(stderr, "%s: allocation %ld: less was found and nothing said\n", argv[i], k);
                silent++;
            }
        }
        if (run(rules, policy, &d, &found) != SEKI_OK)
            return 1;
        free(d.bytes);
    }
    seki_policy_free(policy);
    seki_rules_free(rules);
    if (failures < 100) {
        fprintf(stderr, "only %ld allocations were seen: the library does not call ours\n", failures);
        return 1;
    }
    printf("%ld allocations failed, %ld times told as out of memory\n", failures, told);
    return silent != 0;
}
