/* diff.c - what changed between two sets of rules: detectors by id, headers by spelling, word lists by word. */
#include "rules/diff.h"

#include <inttypes.h>
#include <string.h>

#include "rules/load.h"

#define MOST_NAMED 20u /* of one kind in one list; the rest is counted */

struct diff {
    struct sk_buf *out;
    bool english;
    size_t changes;
};

/* One kind of change ("+", "-") in one place: the first names, then how many more. */
struct kind {
    const char *sign, *what;
    size_t n;
};

static void note(struct diff *d, struct kind *k, const char *name, const char *detail)
{
    d->changes++;
    if (k->n++ < MOST_NAMED)
        sk_buf_printf(d->out, "%s %s %s%s%s\n", k->sign, k->what, name, *detail ? "  " : "", detail);
}

static void finish(struct diff *d, const struct kind *k)
{
    if (k->n > MOST_NAMED)
        sk_buf_printf(d->out, d->english ? "%s %s and %zu more\n" : "%s %s ほか%zu件\n", k->sign, k->what,
                      k->n - MOST_NAMED);
}

/* ---------------------------------------------------------------- detectors */

static const char *same(const char *a, const char *b)
{
    return a && b ? (strcmp(a, b) == 0 ? "" : NULL) : a == b ? "" : NULL;
}

static bool same_texts(const char *const *a, size_t n, const char *const *b, size_t m)
{
    if (n != m)
        return false;
    for (size_t i = 0; i < n; i++)
        if (strcmp(a[i], b[i]) != 0)
            return false;
    return true;
}

static bool same_shapes(const struct sk_detector *a, const struct sk_detector *b)
{
    if (a->n_shapes != b->n_shapes)
        return false;
    for (size_t i = 0; i < a->n_shapes; i++)
        if (a->shapes[i].min != b->shapes[i].min || a->shapes[i].max != b->shapes[i].max ||
            a->shapes[i].n_groups != b->shapes[i].n_groups ||
            memcmp(a->shapes[i].groups, b->shapes[i].groups, sizeof(a->shapes[i].groups)) != 0)
            return false;
    return true;
}

/* The keys of patterns/detectors that differ, as they are written there. */
static void put_keys(struct sk_buf *b, const struct sk_detector *x, const struct sk_detector *y)
{
    const struct {
        const char *key;
        bool same;
    } KEYS[] = {
        { "element", x->element == y->element },
        { "title", same(x->title_ja, y->title_ja) && same(x->title_en, y->title_en) },
        { "digits", same_shapes(x, y) },
        { "regex", same(x->regex, y->regex) != NULL },
        { "finder", same(x->finder, y->finder) != NULL },
        { "line_break", x->line_break == y->line_break },
        { "letters", x->letters == y->letters },
        { "check", same(x->check, y->check) && x->check_soft == y->check_soft },
        { "needs_label", x->needs_label == y->needs_label },
        { "score", x->found == y->found && x->grouped == y->grouped && x->checked == y->checked &&
                       x->labelled == y->labelled && x->column == y->column && x->against_score == y->against_score &&
                       x->failed == y->failed },
        { "within", x->within == y->within },
        { "labels", same_texts(x->labels, x->n_labels, y->labels, y->n_labels) },
        { "against", same_texts(x->against, x->n_against, y->against, y->n_against) },
        { "placeholders", same_texts(x->placeholders, x->n_placeholders, y->placeholders, y->n_placeholders) },
    };
    for (size_t i = 0; i < sizeof(KEYS) / sizeof(KEYS[0]); i++)
        if (!KEYS[i].same)
            sk_buf_printf(b, "%s%s", b->n ? ", " : "", KEYS[i].key);
}

static const struct sk_detector *find(const struct sk_rules *r, const char *id)
{
    for (size_t i = 0; i < r->n_detectors; i++)
        if (strcmp(r->detectors[i].id, id) == 0)
            return &r->detectors[i];
    return NULL;
}

static void detectors(struct diff *d, const struct sk_rules *before, const struct sk_rules *after)
{
    struct kind gone = { "-", "detector", 0 }, come = { "+", "detector", 0 }, changed = { "~", "detector", 0 };
    for (size_t i = 0; i < before->n_detectors; i++) {
        const struct sk_detector *x = &before->detectors[i], *y = find(after, x->id);
        struct sk_buf keys;
        sk_buf_init(&keys, 4096);
        if (y)
            put_keys(&keys, x, y);
        if (!y)
            note(d, &gone, x->id, sk_element_name(x->element));
        else if (keys.n)
            note(d, &changed, x->id, keys.p);
        sk_buf_free(&keys);
    }
    for (size_t i = 0; i < after->n_detectors; i++)
        if (!find(before, after->detectors[i].id))
            note(d, &come, after->detectors[i].id, sk_element_name(after->detectors[i].element));
    finish(d, &gone);
    finish(d, &come);
    finish(d, &changed);
}

/* ---------------------------------------------------------------- headers and words, both sorted */

static void headers(struct diff *d, const struct sk_rules *before, const struct sk_rules *after)
{
    struct kind gone = { "-", "header", 0 }, come = { "+", "header", 0 }, changed = { "~", "header", 0 };
    size_t i = 0, k = 0;
    while (i < before->n_headers || k < after->n_headers) {
        const struct sk_header *x = i < before->n_headers ? &before->headers[i] : NULL;
        const struct sk_header *y = k < after->n_headers ? &after->headers[k] : NULL;
        int order = !x ? 1 : !y ? -1 : strcmp(x->text, y->text);
        if (x && order < 0)
            note(d, &gone, x->text, sk_role_info((enum sk_role)x->role)->name);
        else if (y && order > 0)
            note(d, &come, y->text, sk_role_info((enum sk_role)y->role)->name);
        else if (x && y && (x->role != y->role || x->weak != y->weak))
            note(d, &changed, x->text, sk_role_info((enum sk_role)y->role)->name);
        i += order <= 0;
        k += order >= 0;
    }
    finish(d, &gone);
    finish(d, &come);
    finish(d, &changed);
}

static void words(struct diff *d, const struct sk_word_list *x, const struct sk_word_list *y)
{
    const char *name = x ? x->name : y->name;
    size_t i = 0, k = 0, n = x ? x->n : 0, m = y ? y->n : 0;
    struct kind gone = { "-", name, 0 }, come = { "+", name, 0 };
    while (i < n || k < m) {
        int order = i == n ? 1 : k == m ? -1 : strcmp(x->words[i], y->words[k]);
        if (order < 0)
            note(d, &gone, x->words[i], "");
        else if (order > 0)
            note(d, &come, y->words[k], "");
        i += order <= 0;
        k += order >= 0;
    }
    finish(d, &gone);
    finish(d, &come);
}

bool sk_rules_diff(const struct sk_rules *before, const struct sk_rules *after, bool english, struct sk_buf *out,
                   size_t *changes)
{
    struct diff d = { .out = out, .english = english };
    bool same_files = memcmp(before->digest, after->digest, sizeof(before->digest)) == 0;
    sk_buf_printf(out, english ? "rules %s -> %s\n" : "規則 %s → %s\n", before->version, after->version);
    detectors(&d, before, after);
    headers(&d, before, after);
    for (size_t i = 0; i < before->n_lists; i++)
        words(&d, &before->lists[i], sk_rules_words(after, before->lists[i].name));
    for (size_t i = 0; i < after->n_lists; i++)
        if (!sk_rules_words(before, after->lists[i].name))
            words(&d, NULL, &after->lists[i]);
    if (d.changes == 0)
        sk_buf_str(out, same_files
                            ? (english ? "no changes\n" : "変更はありません\n")
                            : (english ? "~ models, examples or notes only\n" : "~ モデル・例・注記だけの変更です\n"));
    if (changes)
        *changes = d.changes + (d.changes == 0 && !same_files);
    return !out->failed;
}
