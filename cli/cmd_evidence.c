#include "cli.h"

#include <stdio.h>
#include <string.h>

static int verify(const char *folder)
{
    seki_error err;
    seki_status s = seki_evidence_verify(folder, print_problem, NULL, &err);
    if (s == SEKI_E_RULES)
        return EXIT_VIOLATION;
    if (s)
        return fail(&err);
    printf(english() ? "The bundle is as it was written.\n" : "証拠の束は作成時のままです。\n");
    return flush_stdout() ? EXIT_FINE : EXIT_BROKEN;
}

int cmd_evidence(int argc, char **argv)
{
    const char *lang = NULL, *state = NULL, *finding = NULL, *output = NULL, *known = NULL, *recipient = NULL,
               *key = NULL;
    bool drill = false, content = false;
    struct option_list words = { 0 };
    const struct option options[] = {
        { "--lang", 0, OPT_TEXT, &lang },       { "--state", 0, OPT_TEXT, &state },
        { "--finding", 0, OPT_TEXT, &finding }, { "--output", 'o', OPT_TEXT, &output },
        { "--known", 0, OPT_TEXT, &known },     { "--drill", 0, OPT_FLAG, &drill },
        { "--content", 0, OPT_FLAG, &content }, { "--recipient-key", 0, OPT_TEXT, &recipient },
        { "--key", 0, OPT_TEXT, &key }
    };
    int status = EXIT_USAGE;
    if (!options_read(argc, argv, options, sizeof(options) / sizeof(options[0]), &words))
        goto out;
    set_language(lang);
    if (words.n == 2 && strcmp(words.items[0], "verify") == 0) {
        status = verify(words.items[1]);
    } else if (words.n == 2 && strcmp(words.items[0], "open") == 0 && key && output) {
        seki_error err;
        status = seki_evidence_content(words.items[1], key, output, &err) ? fail(&err) : EXIT_FINE;
    } else if (content != (recipient != NULL)) {
        complain("内容の写しには --content と --recipient-key の両方が必要です。",
                 "A copy of the content needs both --content and --recipient-key.");
    } else if (words.n == 0 && state && finding && output) {
        seki_error err;
        seki_evidence_options o = { .size = sizeof(o),
                                    .state = state,
                                    .finding = finding,
                                    .known = known,
                                    .folder = output,
                                    .language = english() ? "en" : "ja",
                                    .drill = drill,
                                    .recipient = recipient,
                                    .problem = print_problem };
        if (seki_evidence_make(&o, &err)) {
            status = fail(&err);
        } else {
            printf(english() ? "Evidence written to %s\n" : "証拠の束を %s に作りました。\n", output);
            status = flush_stdout() ? EXIT_FINE : EXIT_BROKEN;
        }
    } else {
        complain("sekisho evidence --state FILE --finding F-1 -o フォルダ、または sekisho evidence verify フォルダ "
                 "と書いてください。",
                 "Use sekisho evidence --state FILE --finding F-1 -o FOLDER, or sekisho evidence verify FOLDER.");
    }
out:
    option_list_free(&words);
    return status;
}
