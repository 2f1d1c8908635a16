/* literals.c - everything the matcher looks for as a fixed text, each text once, with all that it is used for. */
#include <stdlib.h>
#include <string.h>

#include "rules/load.h"

struct wanted {
    const char *text;
    struct sk_use use;
};

struct collection {
    struct sk_loader *l;
    struct wanted *items;
    size_t n, cap;
};

static void want(struct collection *c, const char *text, enum sk_use_kind kind, size_t index)
{
    size_t n = strlen(text);
    char *lower = sk_arena_string(&c->l->rules->arena, text, n);
    if (!lower || !sk_grow(&c->items, &c->cap, c->n + 1, sizeof(*c->items))) {
        c->l->problems->no_memory = true;
        return;
    }
    /* TEL, Tel and tel are one literal; the matcher looks for it in any case. */
    for (size_t i = 0; i < n; i++)
        if (lower[i] >= 'A' && lower[i] <= 'Z')
            lower[i] = (char)(lower[i] + ('a' - 'A'));
    c->items[c->n++] = (struct wanted){ lower, { (uint8_t)kind, (uint16_t)index } };
}

/* Short ASCII words (alt, ast, hiv) stand in every log line; one kanji or kana in every sentence. */
static bool worth_scanning(const char *text)
{
    size_t n = strlen(text), ascii = 0;
    for (size_t i = 0; i < n; i++)
        ascii += (unsigned char)text[i] < 0x80;
    return ascii == n ? n >= 4 : n >= 6;
}

static void collect(struct collection *c)
{
    const struct sk_rules *r = c->l->rules;
    for (size_t i = 0; i < r->n_detectors; i++) {
        const struct sk_detector *d = &r->detectors[i];
        for (size_t k = 0; k < d->n_labels; k++)
            want(c, d->labels[k], SK_USE_LABEL, i);
        for (size_t k = 0; k < d->n_against; k++)
            want(c, d->against[k], SK_USE_AGAINST, i);
    }
    for (size_t i = 0; i < r->n_spellings; i++)
        if (!r->spellings[i].weak && worth_scanning(r->spellings[i].text))
            want(c, r->spellings[i].text, SK_USE_HEADER, r->spellings[i].role);
    for (size_t i = 0; i < r->n_lists; i++)
        for (size_t k = 0; r->list_scanned[i] && k < r->lists[i].n; k++)
            if (worth_scanning(r->lists[i].words[k]))
                want(c, r->lists[i].words[k], SK_USE_LIST, i);
}

static int by_text(const void *a, const void *b)
{
    const struct wanted *x = a, *y = b;
    int order = strcmp(x->text, y->text);
    if (order)
        return order;
    return x->use.kind != y->use.kind ? x->use.kind - y->use.kind : x->use.index - y->use.index;
}

static bool build(struct sk_rules *r, const struct wanted *items, size_t n)
{
    r->words = sk_arena_new(&r->arena, n, sizeof(*r->words));
    r->uses = sk_arena_new(&r->arena, n, sizeof(*r->uses));
    if (!r->words || !r->uses)
        return false;
    for (size_t i = 0; i < n; i++) {
        bool same = i > 0 && strcmp(items[i].text, items[i - 1].text) == 0;
        if (same && items[i].use.kind == items[i - 1].use.kind && items[i].use.index == items[i - 1].use.index)
            continue;
        if (!same)
            r->words[r->n_words++] =
                (struct sk_word){ items[i].text, (uint16_t)strlen(items[i].text), (uint16_t)r->n_uses, 0 };
        r->words[r->n_words - 1].n_uses++;
        r->uses[r->n_uses++] = items[i].use;
    }
    return true;
}

bool sk_load_literals(struct sk_loader *l)
{
    struct collection c = { .l = l };
    collect(&c);
    if (c.n > UINT16_MAX) {
        sk_problem_add(l->problems, "patterns", 0, 0, "語が多すぎます(上限 65535)", "too many words (at most 65535)");
        free(c.items);
        return false;
    }
    if (c.n)
        qsort(c.items, c.n, sizeof(*c.items), by_text);
    bool ok = !l->problems->no_memory && build(l->rules, c.items, c.n);
    free(c.items);
    return ok;
}

size_t sk_rules_literals(const struct sk_rules *r, const struct sk_word **words, const struct sk_use **uses)
{
    *words = r->words;
    *uses = r->uses;
    return r->n_words;
}
