#include "cli.h"

#include <stdio.h>
#include <string.h>

static int build(const char *list, const char *output, const char *key)
{
    seki_rules *rules = NULL;
    seki_index_info info = { .size = sizeof(info) };
    seki_error err;
    int status = load(&rules, NULL, NULL);
    if (status)
        return status;
    if (seki_index_build(rules, list, output, key, &info, &err)) {
        status = fail(&err);
    } else {
        printf(english() ? "%s: %llu records, %llu keys, %llu records that name nobody\n"
                         : "%s: %llu 件、鍵 %llu 個、本人を特定できない行 %llu 件\n",
               output, (unsigned long long)info.records, (unsigned long long)info.keys,
               (unsigned long long)info.without);
        status = flush_stdout() ? EXIT_FINE : EXIT_BROKEN;
    }
    seki_rules_free(rules);
    return status;
}

static int show(const char *index, const char *key)
{
    seki_index_info info = { .size = sizeof(info) };
    seki_error err;
    if (seki_index_show(index, key, &info, &err))
        return fail(&err);
    printf(english() ? "made %s, %llu records, %llu keys, SHA-256 %s\n" : "作成 %s、%llu 件、鍵 %llu 個、SHA-256 %s\n",
           info.made, (unsigned long long)info.records, (unsigned long long)info.keys, info.digest);
    return flush_stdout() ? EXIT_FINE : EXIT_BROKEN;
}

static int make_key(const char *path)
{
    seki_error err;
    if (seki_secret_create(path, &err))
        return fail(&err);
    printf(english() ? "Secret made: %s. Keep it apart from the index.\n"
                     : "鍵を作りました: %s。索引とは別の場所に保管してください。\n",
           path);
    return flush_stdout() ? EXIT_FINE : EXIT_BROKEN;
}

int cmd_index(int argc, char **argv)
{
    const char *lang = NULL, *output = NULL, *key = NULL;
    struct option_list words = { 0 };
    const struct option options[] = { { "--lang", 0, OPT_TEXT, &lang },
                                      { "--output", 'o', OPT_TEXT, &output },
                                      { "--key", 0, OPT_TEXT, &key } };
    int status = EXIT_USAGE;
    if (!options_read(argc, argv, options, sizeof(options) / sizeof(options[0]), &words))
        goto out;
    set_language(lang);
    const char *verb = words.n ? words.items[0] : "";
    if (strcmp(verb, "build") == 0 && words.n == 2 && output && key)
        status = build(words.items[1], output, key);
    else if (strcmp(verb, "show") == 0 && words.n == 2 && key)
        status = show(words.items[1], key);
    else if (strcmp(verb, "key") == 0 && words.n == 2)
        status = make_key(words.items[1]);
    else
        complain(
            "sekisho index key FILE / index build 名簿.csv -o 索引 --key FILE / index show 索引 --key FILE "
            "と書いてください。",
            "Use sekisho index key FILE, index build LIST.csv -o INDEX --key FILE, or index show INDEX --key FILE.");
out:
    option_list_free(&words);
    return status;
}
