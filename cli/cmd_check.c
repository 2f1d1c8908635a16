#include "cli.h"

#include <stdint.h>

static seki_status check(const seki_rules *rules, const seki_policy *policy, void *options, int *exit_status,
                         seki_error *err)
{
    return seki_check(rules, policy, options, exit_status, err);
}

int cmd_check(int argc, char **argv)
{
    const char *policy_path = NULL, *lang = NULL;
    struct option_list words = { 0 }, recipients = { 0 }, approvals = { 0 };
    seki_check_options o = { .size = sizeof(o) };
    const struct option options[] = {
        { "--policy", 0, OPT_TEXT, &policy_path },      { "--dest", 0, OPT_TEXT, &o.dest },
        { "--recipient", 0, OPT_LIST, &recipients },    { "--contract", 0, OPT_TEXT, &o.contract },
        { "--approval", 0, OPT_LIST, &approvals },      { "--requested-by", 0, OPT_TEXT, &o.requested_by },
        { "--receipts", 0, OPT_TEXT, &o.receipts },     { "--format", 0, OPT_TEXT, &o.format },
        { "--output", 'o', OPT_TEXT, &o.output },       { "--as-of", 0, OPT_TEXT, &o.as_of },
        { "--state", 0, OPT_TEXT, &o.state },           { "--lang", 0, OPT_TEXT, &lang },
        { "--in-process", 0, OPT_FLAG, &o.in_process }, { "--key", 0, OPT_TEXT, &o.key },
        { "--purpose", 0, OPT_TEXT, &o.purpose },       { "--channel", 0, OPT_TEXT, &o.channel },
    };
    int status = EXIT_USAGE;
    if (!options_read(argc, argv, options, sizeof(options) / sizeof(options[0]), &words))
        goto out;
    set_language(lang);
    if (!o.dest || words.n == 0) {
        complain("宛先とファイルを書いてください。例: sekisho check --dest D-INSURER --recipient 100016 RECEIPTC.UKE",
                 "Name a destination and files, e.g. sekisho check --dest D-INSURER --recipient 100016 RECEIPTC.UKE");
        goto out;
    }
    o.files = words.items;
    o.n_files = words.n;
    o.recipients = recipients.items;
    o.n_recipients = recipients.n;
    o.approvals = approvals.items;
    o.n_approvals = approvals.n;
    o.language = english() ? "en" : "ja";
    o.write = write_stdout;
    o.problem = print_problem;
    status = run_verb(policy_path, check, &o);
out:
    option_list_free(&words);
    option_list_free(&recipients);
    option_list_free(&approvals);
    return status;
}
