/* policy_scheme.c - grades, compartments, handling, default label, element groups, small cells. */
#include "judge/policy.h"

#include <string.h>

static void load_grades(struct sk_loader *l, const struct sk_node *node)
{
    struct sk_policy *p = l->p;
    size_t n;
    const struct sk_node *c = sk_load_items(l, node, SK_NODE_LIST, SK_MOST_GRADES, &n);
    if (node && node->kind == SK_NODE_LIST && node->n == 0)
        sk_wrong(&l->r, node, "格付が一つもありません。低い順に書いてください",
                 "there are no grades; list them from low to high");
    p->grades = sk_load_new(l, n, sizeof(*p->grades));
    p->grade_ids.names = sk_load_new(l, n, sizeof(char *));
    if (!p->grades || !p->grade_ids.names)
        return;
    for (; c; c = c->next) {
        struct sk_grade g = { "", "", "", "", 0 };
        if (SK_KEYS_ARE(l, c, "id", "name", "c", "gov", "muni")) {
            g.id = sk_load_id(l, c, p->grade_ids.names, p->grade_ids.n);
            g.name = sk_load_text(l, c, "name");
            g.gov = sk_load_optional(l, c, "gov");
            g.muni = sk_load_optional(l, c, "muni");
            g.c = (int)sk_integer(&l->r, sk_get(c, "c"), 1, 9, 0);
        }
        p->grades[p->grade_ids.n] = g;
        p->grade_ids.names[p->grade_ids.n++] = g.id;
    }
}

static void load_compartments(struct sk_loader *l, const struct sk_node *node)
{
    struct sk_policy *p = l->p;
    size_t n;
    const struct sk_node *c = sk_load_items(l, node, SK_NODE_MAP, SK_MOST_BITS, &n);
    p->compartments.names = sk_load_new(l, n, sizeof(char *));
    p->compartment_names.names = sk_load_new(l, n, sizeof(char *));
    if (!p->compartments.names || !p->compartment_names.names)
        return;
    for (; c; c = c->next) {
        p->compartments.names[p->compartments.n++] = c->key;
        p->compartment_names.names[p->compartment_names.n++] = sk_string(&l->r, c, "");
    }
}

static void load_handling(struct sk_loader *l, const struct sk_node *node)
{
    struct sk_names *names = &l->p->handling;
    size_t n;
    const struct sk_node *c = sk_load_items(l, node, SK_NODE_LIST, SK_MOST_BITS, &n);
    names->names = sk_load_new(l, n, sizeof(char *));
    for (; c && names->names; c = c->next) {
        const char *word = sk_string(&l->r, c, NULL);
        if (!word)
            continue;
        if (sk_names_find(names, word, NULL))
            sk_wrong(&l->r, c, "「%s」が二度書かれています。一つにしてください", "'%s' is written twice; keep one",
                     word);
        else
            names->names[names->n++] = word;
    }
}

static void load_default(struct sk_loader *l, const struct sk_node *node)
{
    static const char *const WHERE[] = { "inventory", "transfer" };
    struct sk_policy *p = l->p;
    p->default_label = (struct sk_effect){ .grade = 0, .integrity = 1, .availability = 1 };
    if (!node || !SK_KEYS_ARE(l, node, "grade", "integrity", "availability", "applies_to"))
        return;
    p->default_label = sk_load_effect(l, node);
    sk_need(&l->r, node, "grade");
    if (p->default_label.grade < 0)
        p->default_label.grade = 0;
    size_t n;
    for (const struct sk_node *c =
             sk_load_items(l, sk_need(&l->r, node, "applies_to"), SK_NODE_LIST, SK_MOST_ITEMS, &n);
         c; c = c->next) {
        int i = sk_choice(&l->r, c, WHERE, 2);
        p->default_in_inventory |= i == 0;
        p->default_in_transfer |= i == 1;
    }
}

static void load_groups(struct sk_loader *l, const struct sk_node *node)
{
    struct sk_policy *p = l->p;
    size_t n;
    const struct sk_node *c = sk_load_items(l, node, SK_NODE_MAP, SK_MOST_ITEMS, &n);
    struct sk_element_group *groups = sk_load_new(l, n, sizeof(*groups));
    if (!groups)
        return;
    size_t used = 0;
    for (; c; c = c->next) {
        if (sk_element_find(c->key) != SK_EL_NONE)
            sk_wrong(&l->r, c, "「%s」は要素の名前です。まとまりには別の名前を付けてください",
                     "'%s' is the name of an element; give the group another", c->key);
        /* p->n_groups is still 0: groups do not nest, so only elements are known here. */
        sk_elements set = sk_load_elements(l, c);
        if (c->kind == SK_NODE_LIST && c->n == 0)
            sk_wrong(&l->r, c, "まとまり「%s」が空です", "the group '%s' is empty", c->key);
        groups[used++] = (struct sk_element_group){ c->key, set };
    }
    p->groups = groups;
    p->n_groups = used;
}

static void load_small_cells(struct sk_loader *l, const struct sk_node *node)
{
    struct sk_policy *p = l->p;
    p->small_from = 1;
    if (!node || !SK_KEYS_ARE(l, node, "from", "to", "headers"))
        return;
    p->has_small_cells = true;
    p->small_from = sk_integer(&l->r, sk_need(&l->r, node, "from"), 1, 1000000, 1);
    p->small_to = sk_integer(&l->r, sk_need(&l->r, node, "to"), 1, 1000000, p->small_from);
    if (p->small_to < p->small_from)
        sk_wrong(&l->r, sk_get(node, "to"), "to(%lld)が from(%lld)より小さくなっています",
                 "'to' (%lld) is less than 'from' (%lld)", p->small_to, p->small_from);
    const struct sk_node *list = sk_need(&l->r, node, "headers");
    size_t n;
    const struct sk_node *c = sk_load_items(l, list, SK_NODE_LIST, SK_MOST_ITEMS, &n);
    if (list && list->kind == SK_NODE_LIST && n == 0)
        sk_wrong(&l->r, list, "headers が空です。見出しの語を書いてください",
                 "headers is empty; list the words of headings");
    p->small_headers.names = sk_load_new(l, n, sizeof(char *));
    for (; c && p->small_headers.names; c = c->next) {
        const char *text = sk_string(&l->r, c, NULL);
        const char *folded = text ? sk_load_folded(l, text) : "";
        if (*folded)
            p->small_headers.names[p->small_headers.n++] = folded;
        else if (text)
            sk_wrong(&l->r, c, "見出しの語が空です", "the word of a heading is empty");
    }
}

void sk_load_scheme(struct sk_loader *l, const struct sk_node *root)
{
    load_grades(l, sk_need(&l->r, root, "grades"));
    load_compartments(l, sk_need(&l->r, root, "compartments"));
    load_handling(l, sk_need(&l->r, root, "handling"));
    load_default(l, sk_need(&l->r, root, "default_label"));
    load_groups(l, sk_get(root, "element_groups"));
    load_small_cells(l, sk_get(root, "small_cells"));
}
