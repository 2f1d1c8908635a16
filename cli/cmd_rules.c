#include "cli.h"

#include <stdio.h>
#include <string.h>

static int list(const seki_rules *rules)
{
    for (size_t i = 0; i < seki_rules_count(rules); i++) {
        const char *id, *element, *ja, *en;
        if (seki_rules_item(rules, i, &id, &element, &ja, &en) == SEKI_OK)
            printf("%-28s %-28s %s\n", id, element, english() ? en : ja);
    }
    return flush_stdout() ? EXIT_FINE : EXIT_BROKEN;
}

static int test(const seki_rules *rules)
{
    size_t run = 0, failed = 0;
    seki_error err;
    seki_status status = seki_rules_test(rules, print_problem, NULL, &run, &failed, &err);
    if (status && status != SEKI_E_RULES)
        return fail(&err);
    printf(english() ? "%zu examples, %zu failed\n" : "%zu 例のうち %zu 例が失敗\n", run, failed);
    return !flush_stdout() ? EXIT_BROKEN : failed ? EXIT_USAGE : EXIT_FINE;
}

static int open_rules(const char *folder, seki_rules **rules)
{
    seki_error err;
    seki_rules_options o = { .size = sizeof(o), .directory = folder, .problem = print_problem };
    return seki_rules_load(rules, &o, &err) ? fail(&err) : EXIT_FINE;
}

static int diff(const struct option_list *words, const char *policy_path)
{
    seki_rules *before = NULL, *after = NULL;
    seki_policy *policy = NULL;
    seki_error err;
    seki_policy_options po = { .size = sizeof(po), .problem = print_problem };
    int status = open_rules(words->items[1], &before);
    if (status == EXIT_FINE)
        status = open_rules(words->items[2], &after);
    if (status == EXIT_FINE && words->n > 3 && seki_policy_load(&policy, policy_path, &po, &err))
        status = fail(&err);
    if (status == EXIT_FINE && seki_rules_diff(before, after, policy, words->items + 3, words->n - 3,
                                               english() ? "en" : "ja", write_stdout, NULL, NULL, &err))
        status = fail(&err);
    seki_policy_free(policy);
    seki_rules_free(before);
    seki_rules_free(after);
    return flush_stdout() ? status : EXIT_BROKEN;
}

int cmd_rules(int argc, char **argv)
{
    const char *lang = NULL, *policy_path = NULL;
    struct option_list words = { 0 };
    const struct option options[] = { { "--lang", 0, OPT_TEXT, &lang }, { "--policy", 0, OPT_TEXT, &policy_path } };
    int status = EXIT_USAGE;
    seki_rules *rules = NULL;
    if (!options_read(argc, argv, options, sizeof(options) / sizeof(options[0]), &words))
        goto out;
    set_language(lang);
    const char *verb = words.n ? words.items[0] : "";
    if (strcmp(verb, "diff") == 0 && words.n >= 3)
        status = diff(&words, policy_path);
    else if (words.n != 1 || (strcmp(verb, "list") != 0 && strcmp(verb, "test") != 0))
        complain("sekisho rules list | rules test | rules diff 旧フォルダ 新フォルダ [ファイル...]",
                 "Use sekisho rules list | rules test | rules diff OLD-FOLDER NEW-FOLDER [FILE...]");
    else if ((status = load(&rules, NULL, NULL)) == 0)
        status = strcmp(verb, "list") == 0 ? list(rules) : test(rules);
out:
    seki_rules_free(rules);
    option_list_free(&words);
    return status;
}
