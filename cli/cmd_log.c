#include "cli.h"

#include <stdio.h>
#include <string.h>

int cmd_log(int argc, char **argv)
{
    const char *lang = NULL, *state = NULL;
    struct option_list words = { 0 };
    const struct option options[] = { { "--lang", 0, OPT_TEXT, &lang }, { "--state", 0, OPT_TEXT, &state } };
    int status = EXIT_USAGE;
    if (!options_read(argc, argv, options, 2, &words))
        goto out;
    set_language(lang);
    if (words.n != 1 || strcmp(words.items[0], "verify") != 0 || !state) {
        complain("sekisho log verify --state FILE と書いてください。", "Use sekisho log verify --state FILE.");
        goto out;
    }
    seki_error err;
    seki_status s = seki_log_verify(state, print_problem, NULL, &err);
    if (s == SEKI_OK)
        printf(english() ? "The audit chain holds.\n" : "監査記録の連鎖に欠けや改変はありません。\n");
    status = s == SEKI_OK ? EXIT_FINE : s == SEKI_E_RULES ? EXIT_VIOLATION : fail(&err);
    if (!flush_stdout())
        status = EXIT_BROKEN;
out:
    option_list_free(&words);
    return status;
}
