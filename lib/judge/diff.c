/*
 * diff.c - what changed between two policies, key by key. Both were checked when loaded, so their trees can be compared
 * as they are: maps by key, lists of items with an id by that id, lists of plain values as sets where order means
 * nothing.
 */
#include "judge/policy.h"

#include <stdlib.h>
#include <string.h>

#define MOST_SHOWN 400u /* bytes of a value */

struct diff {
    struct sk_buf *out;
    bool english;
    size_t changes;
    const struct sk_node *trail[64]; /* keys and items from the root; the YAML reader nests no deeper */
    size_t depth;
};

/* Singular names of sections for people; the keys below them stand as they are written. */
static const char *section(const char *key)
{
    static const char *const NAMES[][2] = { { "locations", "location" },
                                            { "label_rules", "label_rule" },
                                            { "grades", "grade" },
                                            { "destinations", "destination" },
                                            { "exceptions", "exception" } };
    for (size_t i = 0; i < sizeof(NAMES) / sizeof(NAMES[0]); i++)
        if (strcmp(NAMES[i][0], key) == 0)
            return NAMES[i][1];
    return key;
}

static const char *id_of(const struct sk_node *node)
{
    const struct sk_node *id = node->kind == SK_NODE_MAP ? sk_get(node, "id") : NULL;
    return id && id->kind == SK_NODE_SCALAR ? id->text : NULL;
}

static bool has_ids(const struct sk_node *list)
{
    for (const struct sk_node *c = list->child; c; c = c->next)
        if (!id_of(c))
            return false;
    return list->child != NULL;
}

/* Bytes that would break a line are not shown as they are; values come from the policy, never from files. */
static void put_text(struct sk_buf *b, const char *s)
{
    size_t n = strlen(s);
    for (size_t i = 0; i < n; i++)
        sk_buf_add(b, (unsigned char)s[i] < 0x20 || s[i] == 0x7F ? " " : s + i, 1);
}

static void put_value(struct sk_buf *b, const struct sk_node *node, size_t start)
{
    if (b->n - start > MOST_SHOWN) {
        sk_buf_str(b, "…");
        return;
    }
    if (node->kind == SK_NODE_SCALAR) {
        put_text(b, node->text_n ? node->text : "\"\"");
        return;
    }
    sk_buf_str(b, node->kind == SK_NODE_LIST ? "[" : "{");
    for (const struct sk_node *c = node->child; c && b->n - start <= MOST_SHOWN; c = c->next) {
        if (node->kind == SK_NODE_MAP) {
            put_text(b, c->key);
            sk_buf_str(b, ": ");
        }
        put_value(b, c, start);
        if (c->next)
            sk_buf_str(b, ", ");
    }
    sk_buf_str(b, node->kind == SK_NODE_LIST ? "]" : "}");
}

static void put_trail(struct diff *d)
{
    for (size_t i = 0; i < d->depth; i++) {
        const struct sk_node *n = d->trail[i];
        bool plain_list = n->key && (strcmp(n->key, "list") == 0) && i == 1; /* locations.list, exceptions.list */
        const char *id = n->key ? NULL : id_of(n);
        if (plain_list)
            continue;
        sk_buf_str(d->out, i ? " " : "");
        put_text(d->out, n->key ? (i == 0 ? section(n->key) : n->key) : id ? id : "-");
    }
}

static void changed(struct diff *d, const struct sk_node *from, const struct sk_node *to)
{
    d->changes++;
    put_trail(d);
    if (from && to) {
        sk_buf_str(d->out, " ");
        put_value(d->out, from, d->out->n);
        sk_buf_str(d->out, " → ");
        put_value(d->out, to, d->out->n);
    } else {
        sk_buf_str(d->out, from ? (d->english ? " removed: " : " 削除: ") : (d->english ? " added: " : " 追加: "));
        put_value(d->out, from ? from : to, d->out->n);
    }
    sk_buf_str(d->out, "\n");
}

static bool same(const struct sk_node *a, const struct sk_node *b);

static const struct sk_node *twin(const struct sk_node *in, const struct sk_node *of, bool by_id)
{
    for (const struct sk_node *c = in->child; c; c = c->next)
        if (by_id ? strcmp(id_of(c), id_of(of)) == 0 : same(c, of))
            return c;
    return NULL;
}

static bool is_plain(const struct sk_node *list)
{
    for (const struct sk_node *c = list->child; c; c = c->next)
        if (c->kind != SK_NODE_SCALAR)
            return false;
    return true;
}

static bool same_children(const struct sk_node *a, const struct sk_node *b)
{
    if (a->n != b->n)
        return false;
    if (a->kind == SK_NODE_MAP) {
        for (const struct sk_node *c = a->child; c; c = c->next) {
            const struct sk_node *o = sk_get(b, c->key);
            if (!o || !same(c, o))
                return false;
        }
        return true;
    }
    if (is_plain(a) && is_plain(b)) {
        for (const struct sk_node *c = a->child; c; c = c->next)
            if (!twin(b, c, false))
                return false;
        return true;
    }
    const struct sk_node *o = b->child;
    for (const struct sk_node *c = a->child; c; c = c->next, o = o->next)
        if (!same(c, o))
            return false;
    return true;
}

static bool same(const struct sk_node *a, const struct sk_node *b)
{
    if (a->kind != b->kind)
        return false;
    return a->kind == SK_NODE_SCALAR ? strcmp(a->text, b->text) == 0 : same_children(a, b);
}

static void compare(struct diff *d, const struct sk_node *a, const struct sk_node *b);

static void step(struct diff *d, const struct sk_node *a, const struct sk_node *b)
{
    if (d->depth == sizeof(d->trail) / sizeof(d->trail[0]))
        return;
    d->trail[d->depth++] = a ? a : b;
    if (a && b)
        compare(d, a, b);
    else
        changed(d, a, b);
    d->depth--;
}

/* The order of grades, severities and locations' neighbours means something: the first item whose place changed is
 * told. */
static void compare_order(struct diff *d, const struct sk_node *a, const struct sk_node *b)
{
    const struct sk_node *x = a->child, *y = b->child;
    while (x && y) {
        if (!twin(b, x, true))
            x = x->next;
        else if (!twin(a, y, true))
            y = y->next;
        else if (strcmp(id_of(x), id_of(y)) != 0)
            break;
        else {
            x = x->next;
            y = y->next;
        }
    }
    if (!x || !y)
        return;
    d->changes++;
    put_trail(d);
    sk_buf_printf(d->out, d->english ? " order changed at %s → %s\n" : " 並び順 %s → %s\n", id_of(x), id_of(y));
}

static void compare_items(struct diff *d, const struct sk_node *a, const struct sk_node *b)
{
    for (const struct sk_node *c = a->child; c; c = c->next)
        step(d, c, twin(b, c, true));
    for (const struct sk_node *c = b->child; c; c = c->next)
        if (!twin(a, c, true))
            step(d, NULL, c);
    compare_order(d, a, b);
}

static void compare_maps(struct diff *d, const struct sk_node *a, const struct sk_node *b)
{
    for (const struct sk_node *c = a->child; c; c = c->next)
        step(d, c, sk_get(b, c->key));
    for (const struct sk_node *c = b->child; c; c = c->next)
        if (!sk_get(a, c->key))
            step(d, NULL, c);
}

static void compare(struct diff *d, const struct sk_node *a, const struct sk_node *b)
{
    if (a->kind == SK_NODE_MAP && b->kind == SK_NODE_MAP)
        compare_maps(d, a, b);
    else if (a->kind == SK_NODE_LIST && b->kind == SK_NODE_LIST && (has_ids(a) || !a->child) &&
             (has_ids(b) || !b->child))
        compare_items(d, a, b);
    else if (!same(a, b))
        changed(d, a, b);
}

bool sk_policy_diff(const struct sk_policy *old_policy, const struct sk_policy *new_policy, bool english,
                    struct sk_buf *buf, size_t *changes)
{
    struct diff d = { .out = buf, .english = english };
    compare(&d, old_policy->root, new_policy->root);
    if (changes)
        *changes = d.changes;
    return !buf->failed;
}
