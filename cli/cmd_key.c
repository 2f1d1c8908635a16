#include "cli.h"

#include <stdio.h>
#include <string.h>

int cmd_key(int argc, char **argv)
{
    const char *lang = NULL, *key = NULL;
    struct option_list words = { 0 };
    const struct option options[] = { { "--lang", 0, OPT_TEXT, &lang }, { "--key", 0, OPT_TEXT, &key } };
    int status = EXIT_USAGE;
    char hex[65];
    seki_error err;
    if (!options_read(argc, argv, options, sizeof(options) / sizeof(options[0]), &words))
        goto out;
    set_language(lang);
    bool create = words.n == 1 && strcmp(words.items[0], "create") == 0;
    if (!create && (words.n != 1 || strcmp(words.items[0], "show") != 0)) {
        complain("sekisho key create [--key FILE] か sekisho key show [--key FILE] と書いてください。",
                 "Use sekisho key create [--key FILE] or sekisho key show [--key FILE].");
        goto out;
    }
    if ((create && seki_key_create(key, &err)) || seki_key_show(key, hex, &err)) {
        status = fail(&err);
        goto out;
    }
    printf(english() ? "public key %s\n" : "公開鍵 %s\n", hex);
    status = flush_stdout() ? EXIT_FINE : EXIT_BROKEN;
out:
    option_list_free(&words);
    return status;
}
