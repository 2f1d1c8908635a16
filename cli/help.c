/* help.c - `sekisho VERB --help`: from the verb's own table of options and the words of options.def. */
#include "cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_FORMS = 6 };

static const struct {
    const char *verb;
    const char *forms[MOST_FORMS];
} VERBS[] = {
#define VERB(name, ...) { name, { __VA_ARGS__ } },
#define OPTION(name, value, ja, en)
#include "options.def"
#undef VERB
#undef OPTION
};

static const struct words {
    const char *name, *value, *ja, *en;
} WORDS[] = {
#define VERB(name, ...)
#define OPTION(name, value, ja, en) { name, value, ja, en },
#include "options.def"
#undef VERB
#undef OPTION
};

static const struct words *words_of(const char *name)
{
    for (size_t i = 0; i < sizeof(WORDS) / sizeof(WORDS[0]); i++)
        if (strcmp(WORDS[i].name, name) == 0)
            return &WORDS[i];
    return NULL;
}

/* The language may be asked for on either side of --help. */
static void choose_language(int argc, char **argv)
{
    for (int i = 0; i < argc; i++)
        if (strncmp(argv[i], "--lang=", 7) == 0)
            set_language(argv[i] + 7);
        else if (strcmp(argv[i], "--lang") == 0 && i + 1 < argc)
            set_language(argv[i + 1]);
}

void help_verb(int argc, char **argv, const struct option *options, size_t n)
{
    const char *verb = argv[-1], *lead = "";
    choose_language(argc, argv);
    lead = english() ? "usage:" : "使い方:";
    for (size_t i = 0; i < sizeof(VERBS) / sizeof(VERBS[0]); i++)
        if (strcmp(VERBS[i].verb, verb) == 0)
            for (const char *const *form = VERBS[i].forms; *form; form++)
                printf("%s sekisho %s %s\n", lead, verb, *form);
    printf("\n");
    for (size_t i = 0; i < n; i++) {
        const struct words *w = words_of(options[i].name);
        char left[64];
        snprintf(left, sizeof(left), "%s%s%s", options[i].name, w && w->value ? " " : "",
                 w && w->value ? w->value : "");
        if (options[i].letter)
            printf("  -%c, %-24s", options[i].letter, left);
        else
            printf("      %-24s", left);
        printf("  %s\n", !w ? "" : english() ? w->en : w->ja);
    }
    printf("  -h, %-24s  %s\n", "--help", english() ? "this text" : "この説明");
    exit(flush_stdout() ? EXIT_FINE : EXIT_BROKEN);
}
