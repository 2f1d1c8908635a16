/*
 * Compiled with the first header, run with today's library: options of an older size are whole, unknown bytes behind a size are refused.
 * Usage: old PATTERNS
 */
#define _GNU_SOURCE
#include <sekisho/sekisho.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool drop(void *ctx, const void *bytes, size_t n)
{
    (void)bytes;
    *(size_t *)ctx += n;
    return true;
}

/* A struct as a host of the future would give it: larger than anything known, with `last` as its last byte. */
static seki_status larger(char last, const seki_rules *rules, const seki_policy *policy)
{
    struct {
        seki_scanner_options known;
        char more[256];
    } o;
    seki_scanner *scanner = NULL;
    seki_error err;
    memset(&o, 0, sizeof(o));
    o.known.size = sizeof(o);
    o.more[sizeof(o.more) - 1] = last;
    seki_status status = seki_scanner_new(&scanner, rules, policy, &o.known, &err);
    seki_scanner_free(scanner);
    return status;
}

#define WANT(condition)                                   \
    do {                                                  \
        if (!(condition)) {                               \
            printf("line %d: %s\n", __LINE__, #condition); \
            return 1;                                     \
        }                                                 \
    } while (0)

int main(int argc, char **argv)
{
    static const char text[] = "氏名,生年月日,電話番号\n山田太郎,1980/01/02,090-1234-5678\n";
    const char *paths[] = { argv[0] };
    seki_rules_options rules_options = { .size = sizeof(rules_options), .directory = argc > 1 ? argv[1] : NULL, .cache = "" };
    seki_scanner_options scanner_options = { .size = sizeof(scanner_options), .max_places = 5 };
    seki_rules *rules = NULL;
    seki_policy *policy = NULL;
    seki_scanner *scanner = NULL;
    seki_result *result = NULL;
    seki_error err;
    size_t written = 0;
    int status = -1;
    WANT(argc == 2);
    setenv("SEKISHO_PATTERNS", argv[1], 1);
    WANT(seki_rules_load(&rules, &rules_options, &err) == SEKI_OK);
    WANT(seki_policy_load(&policy, NULL, NULL, &err) == SEKI_OK);
    WANT(seki_scanner_new(&scanner, rules, policy, &scanner_options, &err) == SEKI_OK);
    WANT(seki_scan_memory(scanner, text, sizeof(text) - 1, "a.csv", &result, &err) == SEKI_OK);
    WANT(strcmp(seki_result_state(result), "inspected") == 0);
    WANT(seki_result_findings(result) == 3);
    for (size_t i = 0; i < seki_result_findings(result); i++) {
        struct {
            seki_finding known;
            char guard[64];
        } f;
        memset(&f, 0x5A, sizeof(f));
        f.known.size = sizeof(f.known);
        WANT(seki_result_finding(result, i, &f.known) == SEKI_OK && f.known.count == 1);
        for (size_t k = 0; k < sizeof(f.guard); k++) /* a library that knows more fields must not write them */
            WANT(f.guard[k] == 0x5A);
    }
    seki_tree_options tree = { .size = sizeof(tree), .paths = paths, .n_paths = 1, .format = "jsonl", .write = drop, .write_ctx = &written, .jobs = 1 };
    WANT(seki_scan_tree(rules, policy, &tree, &status, &err) == SEKI_OK && written > 0);
    written = 0;
    seki_check_options check = { .size = sizeof(check), .files = paths, .n_files = 1, .dest = "D-OTHER", .write = drop, .write_ctx = &written };
    WANT(seki_check(rules, policy, &check, &status, &err) == SEKI_OK && written > 0);
    WANT(larger(0, rules, policy) == SEKI_OK);
    WANT(larger(1, rules, policy) == SEKI_E_USAGE);
    seki_result_free(result);
    seki_scanner_free(scanner);
    seki_policy_free(policy);
    seki_rules_free(rules);
    return 0;
}
