#include "cli.h"

int cmd_report(int argc, char **argv)
{
    const char *lang = NULL;
    unsigned long sample = 0, seed = 0;
    const char *policy_path = NULL;
    seki_rules *rules = NULL;
    seki_policy *policy = NULL;
    struct option_list words = { 0 }, states = { 0 };
    seki_report_options o = { .size = sizeof(o) };
    const struct option options[] = {
        { "--lang", 0, OPT_TEXT, &lang },           { "--state", 0, OPT_LIST, &states },
        { "--policy", 0, OPT_TEXT, &policy_path },  { "--format", 0, OPT_TEXT, &o.format },
        { "--audience", 0, OPT_TEXT, &o.audience }, { "--output", 'o', OPT_TEXT, &o.output },
        { "--sample", 0, OPT_NUMBER, &sample },     { "--seed", 0, OPT_NUMBER, &seed },
    };
    int status = EXIT_USAGE;
    if (!options_read(argc, argv, options, sizeof(options) / sizeof(options[0]), &words))
        goto out;
    set_language(lang);
    if (words.n != 1 || states.n == 0) {
        complain("sekisho report nightly|audit|trend|inventory --state FILE と書いてください。",
                 "Use sekisho report nightly|audit|trend|inventory --state FILE.");
        goto out;
    }
    if (states.n > 1 && (status = load(&rules, &policy, policy_path)))
        goto out;
    o.policy = policy;
    o.states = states.items;
    o.n_states = states.n;
    o.kind = words.items[0];
    o.sample = (uint32_t)sample;
    o.seed = seed;
    o.language = english() ? "en" : "ja";
    o.write = write_stdout;
    o.problem = print_problem;
    seki_error err;
    status = seki_report(&o, &err) ? fail(&err) : EXIT_FINE;
    if (!flush_stdout())
        status = EXIT_BROKEN;
out:
    seki_policy_free(policy);
    seki_rules_free(rules);
    option_list_free(&states);
    option_list_free(&words);
    return status;
}
