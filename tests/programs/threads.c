/*
 * Eight threads share one ruleset and one policy, each with its own scanner; all get the result that one thread gets alone.
 * Usage: threads PATTERNS FILE...      Run under ThreadSanitizer too.
 */
#define _GNU_SOURCE
#include <sekisho/sekisho.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { THREADS = 8, ROUNDS = 20 };

static const seki_rules *rules;
static const seki_policy *policy;
static char **files;
static int n_files;

/* What matters of a result as one number. */
static uint64_t summary(const seki_result *r)
{
    uint64_t min, max, sum = seki_result_findings(r);
    seki_result_persons(r, &min, &max);
    for (size_t i = 0; i < seki_result_findings(r); i++) {
        seki_finding f;
        memset(&f, 0, sizeof(f));
        f.size = sizeof(f);
        if (seki_result_finding(r, i, &f) == SEKI_OK)
            sum = sum * 1000003u + f.count * 31u + (unsigned char)f.confidence[0] + f.places;
    }
    return sum * 1000003u + min * 7u + max;
}

static void *work(void *arg)
{
    uint64_t *sums = arg;
    seki_scanner *scanner = NULL;
    seki_error err;
    if (seki_scanner_new(&scanner, rules, policy, NULL, &err))
        return "no scanner";
    for (int round = 0; round < ROUNDS; round++)
        for (int i = 0; i < n_files; i++) {
            seki_result *r = NULL;
            if (seki_scan_path(scanner, files[i], &r, &err)) {
                seki_scanner_free(scanner);
                return "scan failed";
            }
            uint64_t sum = summary(r);
            seki_result_free(r);
            if (round == 0 && sums[i] == 0)
                sums[i] = sum;
            else if (sums[i] != sum) {
                seki_scanner_free(scanner);
                return "another result";
            }
        }
    seki_scanner_free(scanner);
    return NULL;
}

int main(int argc, char **argv)
{
    seki_rules *r = NULL;
    seki_policy *p = NULL;
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
    if (seki_rules_load(&r, &ro, &err) || seki_policy_load(&p, path, NULL, &err)) {
        fprintf(stderr, "%s\n", err.en);
        return 2;
    }
    rules = r;
    policy = p;
    files = argv + 2;
    n_files = argc - 2;
    uint64_t *alone = calloc((size_t)n_files, sizeof(*alone));
    const char *wrong = alone ? work(alone) : "memory";
    pthread_t threads[THREADS];
    uint64_t *copies = calloc((size_t)n_files * THREADS, sizeof(*copies));
    if (!copies)
        return 2;
    for (int i = 0; i < THREADS && !wrong; i++) {
        uint64_t *copy = copies + (size_t)i * (size_t)n_files;
        memcpy(copy, alone, (size_t)n_files * sizeof(*copy));
        if (pthread_create(&threads[i], NULL, work, copy))
            return 2;
    }
    for (int i = 0; i < THREADS && !wrong; i++) {
        void *answer = NULL;
        pthread_join(threads[i], &answer);
        wrong = wrong ? wrong : answer;
    }
    free(alone);
    free(copies);
    seki_policy_free(p);
    seki_rules_free(r);
    printf("%s\n", wrong ? wrong : "all threads agree");
    return wrong != NULL;
}
