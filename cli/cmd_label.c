#include "cli.h"

#include <string.h>

static seki_status label(const seki_rules *rules, const seki_policy *policy, void *options, int *exit_status,
                         seki_error *err)
{
    return seki_label(rules, policy, options, exit_status, err);
}

int cmd_label(int argc, char **argv)
{
    const char *policy_path = NULL, *lang = NULL;
    unsigned long jobs = 0;
    struct option_list words = { 0 };
    seki_label_options o = { .size = sizeof(o) };
    const struct option options[] = {
        { "--policy", 0, OPT_TEXT, &policy_path },  { "--as", 0, OPT_TEXT, &o.as_prefix },
        { "--format", 0, OPT_TEXT, &o.format },     { "--output", 'o', OPT_TEXT, &o.output },
        { "--as-of", 0, OPT_TEXT, &o.as_of },       { "--state", 0, OPT_TEXT, &o.state },
        { "--lang", 0, OPT_TEXT, &lang },           { "--jobs", 'j', OPT_NUMBER, &jobs },
        { "--xattr", 0, OPT_FLAG, &o.apply_xattr }, { "--in-process", 0, OPT_FLAG, &o.in_process },
    };
    int status = EXIT_USAGE;
    if (!options_read(argc, argv, options, sizeof(options) / sizeof(options[0]), &words))
        goto out;
    set_language(lang);
    const char *verb = words.n ? words.items[0] : "";
    bool apply = strcmp(verb, "apply") == 0, export = strcmp(verb, "export") == 0;
    if (words.n < 2 || (!apply && !export && strcmp(verb, "show") != 0) || apply != o.apply_xattr || jobs > 64) {
        complain(
            "sekisho label show ファイル... | label export --format csv|json [-o FILE] ファイル... | label apply "
            "--xattr --state FILE ファイル...",
            "Use sekisho label show FILE... | label export --format csv|json [-o FILE] FILE... | label apply --xattr "
            "--state FILE FILE...");
        goto out;
    }
    if (!o.format)
        o.format = export ? "csv" : "text";
    o.paths = words.items + 1;
    o.n_paths = words.n - 1;
    o.jobs = (unsigned)jobs;
    o.language = english() ? "en" : "ja";
    o.write = write_stdout;
    o.problem = print_problem;
    status = run_verb(policy_path, label, &o);
out:
    option_list_free(&words);
    return status;
}
