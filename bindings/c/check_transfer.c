/*
 * check_transfer.c - may these files leave? Prints the slip; the exit status is the verdict.
 *
 *   cc check_transfer.c $(pkg-config --cflags --libs sekisho) && ./a.out POLICY DESTINATION FILE...
 *
 * Hostile files are parsed by locked worker processes, not in this one.
 */
#include <sekisho/sekisho.h>

#include <stdio.h>
#include <stdlib.h>

static bool print(void *ctx, const void *bytes, size_t n)
{
    return fwrite(bytes, 1, n, ctx) == n;
}

static void problem(void *ctx, const seki_problem *p)
{
    fprintf(ctx, "%s:%u:%u: %s\n", p->file, p->line, p->column, p->en);
}

int main(int argc, char **argv)
{
    if (argc < 4) {
        fprintf(stderr, "usage: %s POLICY DESTINATION FILE...\n", argv[0]);
        return 64;
    }
    seki_policy_options policy_options = { .size = sizeof(policy_options), .problem = problem, .problem_ctx = stderr };
    seki_check_options check = { .size = sizeof(check),
                                 .files = (const char *const *)argv + 3,
                                 .n_files = (size_t)argc - 3,
                                 .dest = argv[2],
                                 .language = "en",
                                 .write = print,
                                 .write_ctx = stdout,
                                 .problem = problem,
                                 .problem_ctx = stderr };
    seki_rules *rules = NULL;
    seki_policy *policy = NULL;
    seki_error err;
    int verdict = 70; /* 0 allow, 1 deny, 2 undetermined, 3 conditions */
    if (seki_rules_load(&rules, NULL, &err) != SEKI_OK || seki_policy_load(&policy, argv[1], &policy_options, &err) != SEKI_OK ||
        seki_check(rules, policy, &check, &verdict, &err) != SEKI_OK) {
        /* The mistakes themselves came through problem(); a check that failed is never an allowed transfer. */
        fprintf(stderr, "%s\n", err.en);
        verdict = err.status == SEKI_E_USAGE || err.status == SEKI_E_RULES ? 64 : 70;
    }
    seki_policy_free(policy);
    seki_rules_free(rules);
    return verdict;
}
