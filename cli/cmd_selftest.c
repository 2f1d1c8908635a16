#include "cli.h"

#include <stdio.h>

int cmd_selftest(int argc, char **argv)
{
    const char *lang = NULL, *policy_path = NULL;
    struct option_list words = { 0 };
    const struct option options[] = { { "--lang", 0, OPT_TEXT, &lang }, { "--policy", 0, OPT_TEXT, &policy_path } };
    int status = EXIT_USAGE;
    seki_rules *rules = NULL;
    seki_policy *policy = NULL;
    if (!options_read(argc, argv, options, 2, &words))
        goto out;
    set_language(lang);
    if ((status = load(&rules, &policy, policy_path)) == 0) {
        size_t run = 0, failed = 0;
        seki_error err;
        seki_status s = seki_selftest(rules, policy, print_problem, NULL, &run, &failed, &err);
        if (s && s != SEKI_E_RULES) {
            status = fail(&err);
        } else {
            printf(english() ? "Self test: %s (%zu tests, %zu failed)\n" : "検査器試験: %s(%zu 項目、失敗 %zu)\n",
                   failed ? (english() ? "FAILED" : "不合格") : (english() ? "passed" : "合格"), run, failed);
            status = !flush_stdout() ? EXIT_BROKEN : failed ? EXIT_BROKEN : EXIT_FINE;
        }
    }
out:
    seki_policy_free(policy);
    seki_rules_free(rules);
    option_list_free(&words);
    return status;
}
