#include "cli.h"

#include <stdio.h>
#include <string.h>

static seki_policy *open_policy(const char *path, int *status)
{
    seki_policy *p = NULL;
    seki_error err;
    seki_policy_options o = { .size = sizeof(o), .problem = print_problem };
    if (seki_policy_load(&p, path, &o, &err))
        *status = fail(&err);
    return p;
}

static int lint(const struct option_list *words)
{
    int status = EXIT_FINE;
    for (size_t i = 1; i < words->n; i++) {
        int one = EXIT_FINE;
        seki_policy *p = open_policy(words->items[i], &one);
        if (p)
            printf(english() ? "%s: no mistakes (%s %s%s)\n" : "%s: 誤りはありません(%s %s%s)\n", words->items[i],
                   seki_policy_id(p), seki_policy_version(p),
                   seki_policy_is_draft(p) ? (english() ? ", draft" : "、未承認") : "");
        seki_policy_free(p);
        status = one > status ? one : status;
    }
    return status;
}

static int done(seki_status s, const seki_error *err)
{
    int status = s ? fail(err) : EXIT_FINE;
    return flush_stdout() ? status : EXIT_BROKEN;
}

int cmd_policy(int argc, char **argv)
{
    const char *lang = NULL, *state = NULL, *policy_path = NULL, *format = NULL;
    bool what_if = false, japanese = false;
    struct option_list words = { 0 };
    const struct option options[] = { { "--lang", 0, OPT_TEXT, &lang },       { "--state", 0, OPT_TEXT, &state },
                                      { "--what-if", 0, OPT_FLAG, &what_if }, { "--policy", 0, OPT_TEXT, &policy_path },
                                      { "--format", 0, OPT_TEXT, &format },   { "--ja", 0, OPT_FLAG, &japanese } };
    int status = EXIT_USAGE;
    seki_policy *a = NULL, *b = NULL;
    seki_error err;
    if (!options_read(argc, argv, options, sizeof(options) / sizeof(options[0]), &words))
        goto out;
    set_language(japanese ? "ja" : lang);
    const char *verb = words.n ? words.items[0] : "", *language = english() ? "en" : "ja";
    if (strcmp(verb, "lint") == 0 && words.n >= 2) {
        status = lint(&words);
        if (!flush_stdout())
            status = EXIT_BROKEN;
    } else if (strcmp(verb, "render") == 0 && words.n == 2) {
        if (format && strcmp(format, "html") != 0 && strcmp(format, "markdown") != 0) {
            complain("--format は markdown か html です。", "--format is markdown or html.");
        } else if ((a = open_policy(words.items[1], &status))) {
            status = done(
                seki_policy_render(a, format && strcmp(format, "html") == 0, language, write_stdout, NULL, &err), &err);
        }
    } else if (strcmp(verb, "coverage") == 0 && words.n >= 2) {
        if ((a = open_policy(policy_path, &status)))
            status =
                done(seki_policy_coverage(a, words.items + 1, words.n - 1, language, write_stdout, NULL, &err), &err);
    } else if (strcmp(verb, "diff") == 0 && words.n == 3) {
        if (what_if && !state)
            complain("--what-if には --state FILE が必要です。", "--what-if needs --state FILE.");
        else if ((a = open_policy(words.items[1], &status)) && (b = open_policy(words.items[2], &status)))
            status = done(seki_policy_diff(a, b, what_if ? state : NULL, language, write_stdout, NULL, &err), &err);
    } else {
        complain("sekisho policy lint FILE | render FILE | coverage --policy FILE フォルダ... | diff 旧 新 [--what-if "
                 "--state FILE]",
                 "Use sekisho policy lint FILE | render FILE | coverage --policy FILE FOLDER... | diff OLD NEW "
                 "[--what-if --state FILE]");
    }
out:
    seki_policy_free(a);
    seki_policy_free(b);
    option_list_free(&words);
    return status;
}
