#include "cli.h"

int cmd_report(int argc, char **argv)
{
    const char *lang = NULL;
    unsigned long sample = 0, seed = 0;
    struct option_list words = { 0 };
    seki_report_options o = { .size = sizeof(o) };
    const struct option options[] = {
        { "--lang", 0, OPT_TEXT, &lang },         { "--state", 0, OPT_TEXT, &o.state },
        { "--format", 0, OPT_TEXT, &o.format },   { "--audience", 0, OPT_TEXT, &o.audience },
        { "--output", 'o', OPT_TEXT, &o.output }, { "--sample", 0, OPT_NUMBER, &sample },
        { "--seed", 0, OPT_NUMBER, &seed },
    };
    int status = EXIT_USAGE;
    if (!options_read(argc, argv, options, sizeof(options) / sizeof(options[0]), &words))
        goto out;
    set_language(lang);
    if (words.n != 1 || !o.state) {
        complain("sekisho report nightly|audit|trend|inventory --state FILE と書いてください。",
                 "Use sekisho report nightly|audit|trend|inventory --state FILE.");
        goto out;
    }
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
    option_list_free(&words);
    return status;
}
