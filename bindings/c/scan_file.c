/*
 * scan_file.c - what is in one file, and where.
 *
 *   cc scan_file.c $(pkg-config --cflags --libs sekisho) && ./a.out FILE
 */
#include <sekisho/sekisho.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static void print_places(const seki_result *result, size_t finding, const seki_finding *f)
{
    for (size_t i = 0; i < f->places; i++) {
        seki_place place = { .size = sizeof(place) };
        char part[4096]; /* longer paths are cut; seki_result_part says how long they are */
        if (seki_result_place(result, finding, i, &place) != SEKI_OK)
            continue;
        seki_result_part(result, place.part, part, sizeof(part));
        if (place.hidden)
            printf("    hidden (%s) ", place.hidden);
        printf("    %s line %" PRIu64 " column %u row %u\n", part, place.line, place.column, place.row + 1);
    }
}

static void print_result(const seki_result *result)
{
    char sha256[65];
    uint64_t min, max;
    seki_result_persons(result, &min, &max);
    printf("%s %s %s persons %" PRIu64 "-%" PRIu64 "\n", seki_result_state(result), seki_result_format(result),
           seki_result_sha256(result, sha256), min, max);
    for (size_t i = 0; i < seki_result_findings(result); i++) {
        seki_finding f = { .size = sizeof(f) };
        if (seki_result_finding(result, i, &f) != SEKI_OK)
            continue;
        printf("  %s (%s) %" PRIu64 "\n", f.element, f.confidence, f.count);
        print_places(result, i, &f);
    }
    /* "inspected" is the only state that may be called clean; the reasons say what was not looked into. */
    for (size_t i = 0; i < seki_result_reasons(result); i++) {
        seki_reason r = { .size = sizeof(r) };
        if (seki_result_reason(result, i, &r) == SEKI_OK)
            printf("  not inspected: %s %s\n", r.code, r.detail);
    }
}

int main(int argc, char **argv)
{
    seki_rules *rules = NULL;
    seki_policy *policy = NULL;
    seki_scanner *scanner = NULL;
    seki_result *result = NULL;
    seki_error err;
    int status = EXIT_FAILURE;
    if (argc != 2) {
        fprintf(stderr, "usage: %s FILE\n", argv[0]);
        return status;
    }
    if (seki_rules_load(&rules, NULL, &err) == SEKI_OK && seki_policy_load(&policy, NULL, NULL, &err) == SEKI_OK &&
        seki_scanner_new(&scanner, rules, policy, NULL, &err) == SEKI_OK && seki_scan_path(scanner, argv[1], &result, &err) == SEKI_OK) {
        print_result(result);
        status = EXIT_SUCCESS;
    } else {
        fprintf(stderr, "%s\n", err.en);
    }
    seki_result_free(result); /* all of these take NULL */
    seki_scanner_free(scanner);
    seki_policy_free(policy);
    seki_rules_free(rules);
    return status;
}
