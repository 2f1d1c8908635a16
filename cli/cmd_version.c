#include "cli.h"

#include <stdio.h>

int cmd_version(int argc, char **argv)
{
    bool formats = false;
    const char *lang = NULL;
    struct option_list words = { 0 };
    const struct option options[] = { { "--formats", 0, OPT_FLAG, &formats }, { "--lang", 0, OPT_TEXT, &lang } };
    if (!options_read(argc, argv, options, 2, &words))
        return EXIT_USAGE;
    set_language(lang);
    option_list_free(&words);
    printf("sekisho %s (%s)\n", seki_version(), seki_version_engines());
    for (size_t i = 0; formats && i < seki_formats(); i++) {
        const char *name, *ja, *en;
        bool readable;
        if (seki_format(i, &name, &ja, &en, &readable) == SEKI_OK)
            printf("%-12s %-4s %s\n", name, readable ? (english() ? "yes" : "○") : (english() ? "no" : "－"),
                   english() ? en : ja);
    }
    return flush_stdout() ? EXIT_FINE : EXIT_BROKEN;
}
