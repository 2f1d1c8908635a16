/* words.c - patterns/words/<name>.txt: one word a line; '#' begins a comment; the line "#! scan" makes the words
 * literals of the matcher. */
#include <stdlib.h>
#include <string.h>

#include "rules/load.h"

struct list_reader {
    const char **words;
    size_t n, cap;
    bool scan;
};

static void on_line(struct sk_loader *l, const char *path, struct sk_line line, void *ctx)
{
    struct list_reader *x = ctx;
    if (line.text[0] == '#') {
        x->scan = x->scan || strcmp(line.text, "#! scan") == 0;
        return;
    }
    const char *folded = sk_load_fold(l, line.text);
    if (!folded) {
        sk_problem_add(l->problems, path, line.number, 1, "語が長すぎます(上限 %u バイト)",
                       "the word is too long (at most %u bytes)", SK_WORD_BYTES);
        return;
    }
    if (!sk_grow(&x->words, &x->cap, x->n + 1, sizeof(const char *))) {
        l->problems->no_memory = true;
        return;
    }
    x->words[x->n++] = folded;
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void sk_load_words(struct sk_loader *l, const char *path, const char *name)
{
    struct sk_rules *r = l->rules;
    struct list_reader x = { 0 };
    bool ok = sk_load_lines(l, path, name, on_line, &x);
    if (x.n)
        qsort(x.words, x.n, sizeof(const char *), by_bytes);
    size_t kept = 0;
    for (size_t i = 0; i < x.n; i++)
        if (kept == 0 || strcmp(x.words[kept - 1], x.words[i]) != 0)
            x.words[kept++] = x.words[i];

    const char *base = strrchr(name, '/');
    base = base ? base + 1 : name;
    const char **words = sk_arena_new(&r->arena, kept, sizeof(const char *));
    const char *title = sk_arena_string(&r->arena, base, strlen(base) - strlen(".txt"));
    size_t cap = r->lists_cap;
    if (!ok || !words || !title || !sk_grow(&r->lists, &r->lists_cap, r->n_lists + 1, sizeof(*r->lists)) ||
        !sk_grow(&r->list_scanned, &cap, r->n_lists + 1, sizeof(bool))) {
        free(x.words);
        l->problems->no_memory = l->problems->no_memory || ok;
        return;
    }
    if (kept)
        memcpy(words, x.words, kept * sizeof(const char *));
    free(x.words);
    r->lists[r->n_lists] = (struct sk_word_list){ title, words, kept };
    r->list_scanned[r->n_lists++] = x.scan;
}

const struct sk_word_list *sk_rules_words(const struct sk_rules *r, const char *name)
{
    for (size_t i = 0; i < r->n_lists; i++)
        if (strcmp(r->lists[i].name, name) == 0)
            return &r->lists[i];
    return NULL;
}
