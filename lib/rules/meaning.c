/*
 * meaning.c - a digest of what rules find, not of how their files are written: titles, examples, notes, comments, the
 * version and the order of a word list leave it as it is. All else counts, also what is taken away: a label rules out
 * other numbers beside it and a candidate covers those below it, so that a detector less may find more.
 */
#include <string.h>

#include "rules/load.h"

struct digest {
    struct sk_sha256 *sha;
    bool ok;
};

static void put_bytes(struct digest *d, const void *p, size_t n)
{
    uint8_t length[8]; /* pieces must not run into each other */
    for (int i = 0; i < 8; i++)
        length[i] = (uint8_t)((uint64_t)n >> (8 * i));
    d->ok = d->ok && sk_sha256_add(d->sha, length, sizeof(length)) && (n == 0 || sk_sha256_add(d->sha, p, n));
}

static void put_text(struct digest *d, const char *text)
{
    if (text)
        put_bytes(d, text, strlen(text) + 1); /* with its NUL: an empty one is not none */
    else
        put_bytes(d, NULL, 0);
}

static void put_number(struct digest *d, int64_t n)
{
    uint8_t bytes[8];
    for (int i = 0; i < 8; i++)
        bytes[i] = (uint8_t)((uint64_t)n >> (8 * i));
    put_bytes(d, bytes, sizeof(bytes));
}

static void put_texts(struct digest *d, const char *const *texts, size_t n)
{
    put_number(d, (int64_t)n);
    for (size_t i = 0; i < n; i++)
        put_text(d, texts[i]);
}

static void put_shape(struct digest *d, const struct sk_shape *s)
{
    put_number(d, s->min);
    put_number(d, s->max);
    put_bytes(d, s->groups, s->n_groups);
}

static void put_detector(struct digest *d, const struct sk_detector *x)
{
    const int64_t numbers[] = { x->element,       x->line_break, x->letters, x->check_soft, x->needs_label,
                                x->found,         x->grouped,    x->checked, x->labelled,   x->column,
                                x->against_score, x->failed,     x->within };
    put_text(d, x->id);
    put_number(d, (int64_t)x->n_shapes);
    for (size_t i = 0; i < x->n_shapes; i++)
        put_shape(d, &x->shapes[i]);
    put_text(d, x->regex);
    put_text(d, x->finder);
    put_text(d, x->check);
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
        put_number(d, numbers[i]);
    put_texts(d, x->labels, x->n_labels);
    put_texts(d, x->against, x->n_against);
    put_texts(d, x->placeholders, x->n_placeholders);
}

static void put_headers(struct digest *d, const struct sk_rules *r)
{
    put_number(d, (int64_t)r->n_spellings);
    for (size_t i = 0; i < r->n_spellings; i++) {
        put_text(d, r->spellings[i].text);
        put_text(d, r->spellings[i].normal);
        put_number(d, r->spellings[i].role);
        put_number(d, r->spellings[i].weak);
    }
    for (size_t k = 0; k < SK_NEAR_KINDS; k++)
        put_texts(d, r->near[k].words, r->near[k].n);
}

static void put_lists(struct digest *d, const struct sk_rules *r)
{
    put_number(d, (int64_t)r->n_lists);
    for (size_t i = 0; i < r->n_lists; i++) {
        put_text(d, r->lists[i].name);
        put_number(d, r->list_scanned[i]);
        put_texts(d, r->lists[i].words, r->lists[i].n);
    }
}

bool sk_load_meaning(struct sk_loader *l)
{
    struct sk_rules *r = l->rules;
    struct digest d = { l->sha, sk_sha256_start(l->sha) };
    put_number(&d, (int64_t)r->n_detectors);
    for (size_t i = 0; i < r->n_detectors; i++)
        put_detector(&d, &r->detectors[i]);
    put_headers(&d, r);
    put_lists(&d, r);
    put_number(&d, (int64_t)r->n_maps);
    for (size_t i = 0; i < r->n_maps; i++)
        put_bytes(&d, r->maps[i].at, r->maps[i].n);
    d.ok = d.ok && sk_sha256_end(l->sha, r->meaning);
    if (!d.ok)
        l->problems->no_memory = true;
    return d.ok;
}

const uint8_t *sk_rules_meaning(const struct sk_rules *r)
{
    return r->meaning;
}
