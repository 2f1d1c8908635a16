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

int cmd_rules(int argc, char **argv)
{
    const char *lang = NULL;
    struct option_list words = { 0 };
    const struct option options[] = { { "--lang", 0, OPT_TEXT, &lang } };
    int status = EXIT_USAGE;
    seki_rules *rules = NULL;
    if (!options_read(argc, argv, options, 1, &words))
        goto out;
    set_language(lang);
    if (words.n != 1 || (strcmp(words.items[0], "list") != 0 && strcmp(words.items[0], "test") != 0)) {
        complain("sekisho rules list か sekisho rules test と書いてください。",
                 "Use sekisho rules list or sekisho rules test.");
        goto out;
    }
    if ((status = load(&rules, NULL, NULL)) == 0)
        status = strcmp(words.items[0], "list") == 0 ? list(rules) : test(rules);
out:
    seki_rules_free(rules);
    option_list_free(&words);
    return status;
}
