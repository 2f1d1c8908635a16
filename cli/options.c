#include "cli.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool list_add(struct option_list *list, const char *item)
{
    if (list->n == list->cap) {
        size_t cap = list->cap ? list->cap * 2 : 16;
        const char **items = realloc(list->items, cap * sizeof(*items));
        if (!items)
            return false;
        list->items = items;
        list->cap = cap;
    }
    list->items[list->n++] = item;
    return true;
}

void option_list_free(struct option_list *list)
{
    free(list->items);
    list->items = NULL;
    list->n = list->cap = 0;
}

/* Edit distance, for "did you mean"; words are short. */
static size_t distance(const char *a, size_t n, const char *b)
{
    size_t m = strlen(b), row[64];
    if (m >= 63 || n >= 63)
        return 99;
    for (size_t j = 0; j <= m; j++)
        row[j] = j;
    for (size_t i = 1; i <= n; i++) {
        size_t before = row[0];
        row[0] = i;
        for (size_t j = 1; j <= m; j++) {
            size_t here = row[j], best = before + (a[i - 1] != b[j - 1]);
            if (row[j] + 1 < best)
                best = row[j] + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            row[j] = best;
            before = here;
        }
    }
    return row[m];
}

static bool unknown(const char *word, size_t n, const struct option *options, size_t count)
{
    const char *near = NULL;
    size_t best = 3;
    for (size_t i = 0; i < count; i++) {
        size_t d = options[i].name ? distance(word, n, options[i].name) : 99;
        if (d < best) {
            best = d;
            near = options[i].name;
        }
    }
    if (near)
        complain("%.*s という指定はありません。%s のことですか。", "Unknown option %.*s. Did you mean %s?", (int)n,
                 word, near);
    else
        complain("%.*s という指定はありません。sekisho help で使い方を見てください。",
                 "Unknown option %.*s. See sekisho help.", (int)n, word);
    return false;
}

static bool set(const struct option *o, const char *value)
{
    if (o->kind == OPT_FLAG) {
        *(bool *)o->target = true;
        return true;
    }
    if (o->kind == OPT_TEXT) {
        *(const char **)o->target = value;
        return true;
    }
    if (o->kind == OPT_LIST)
        return list_add(o->target, value);
    char *end;
    errno = 0;
    unsigned long n = strtoul(value, &end, 10);
    if (errno || *end || end == value || *value == '-') {
        complain("%s の値 %s は数ではありません。0以上の整数を書いてください。",
                 "The value of %s, %s, is not a number. Give an integer from 0.", o->name, value);
        return false;
    }
    *(unsigned long *)o->target = n;
    return true;
}

/* One argument that begins with '-'; *i moves over its value. */
static bool read_option(int argc, char **argv, int *i, const struct option *options, size_t n)
{
    const char *arg = argv[*i];
    const struct option *found = NULL;
    const char *value = NULL;
    size_t len = strcspn(arg, "=");
    if (arg[1] == '-') {
        for (size_t k = 0; k < n && !found; k++)
            if (options[k].name && strlen(options[k].name) == len && strncmp(options[k].name, arg, len) == 0)
                found = &options[k];
        value = arg[len] == '=' ? arg + len + 1 : NULL;
    } else {
        len = 2;
        for (size_t k = 0; k < n && !found; k++)
            if (options[k].letter && options[k].letter == arg[1])
                found = &options[k];
        value = arg[2] ? arg + 2 : NULL;
        if (found && found->kind == OPT_FLAG && value)
            found = NULL;
    }
    if (!found)
        return unknown(arg, arg[1] == '-' ? len : strlen(arg), options, n);
    if (found->kind == OPT_FLAG) {
        if (value) {
            complain("%s に値は書けません。", "%s takes no value.", found->name);
            return false;
        }
        return set(found, NULL);
    }
    if (!value) {
        if (*i + 1 >= argc) {
            complain("%s の後に値が必要です。", "%s needs a value.", found->name);
            return false;
        }
        value = argv[++*i];
    }
    return set(found, value);
}

bool options_read(int argc, char **argv, const struct option *options, size_t n, struct option_list *words)
{
    for (int i = 0; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            help_verb(argc, argv, options, n);
        if (strcmp(argv[i], "--") == 0) {
            while (++i < argc)
                if (!list_add(words, argv[i]))
                    return false;
            break;
        }
        bool ok = argv[i][0] == '-' && argv[i][1] ? read_option(argc, argv, &i, options, n) : list_add(words, argv[i]);
        if (!ok)
            return false;
    }
    return true;
}
